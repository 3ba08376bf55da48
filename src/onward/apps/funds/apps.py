"""The funds app."""

from django.apps import AppConfig


class FundsConfig(AppConfig):
    """Application `funds`."""

    name = "onward.apps.funds"
    label = "funds"
