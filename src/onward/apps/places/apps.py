"""The places app."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """Application `places`."""

    name = "onward.apps.places"
    label = "places"
