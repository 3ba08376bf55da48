"""The people app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Application `people`."""

    name = "onward.apps.people"
    label = "people"
