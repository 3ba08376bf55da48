"""The timetables app."""

from django.apps import AppConfig


class TimetablesConfig(AppConfig):
    """Application `timetables`."""

    name = "onward.apps.timetables"
    label = "timetables"
