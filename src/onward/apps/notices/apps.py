"""The notices app."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Application `notices`."""

    name = "onward.apps.notices"
    label = "notices"
