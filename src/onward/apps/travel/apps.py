"""The travel app."""

from django.apps import AppConfig


class TravelConfig(AppConfig):
    """Application `travel`."""

    name = "onward.apps.travel"
    label = "travel"
