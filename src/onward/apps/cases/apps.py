"""The cases app."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Application `cases`."""

    name = "onward.apps.cases"
    label = "cases"
