"""The faces as one Django app: templates, static files, template tags."""

from django.apps import AppConfig


class FacesConfig(AppConfig):
    """Application `faces`."""

    name = "onward.faces"
    label = "faces"
