"""The travel app; tells the people room whether seats stand for a party."""

from django.apps import AppConfig


class TravelConfig(AppConfig):
    """Application `travel`."""

    name = "onward.apps.travel"
    label = "travel"

    def ready(self) -> None:
        """From here on, nobody is taken out of a party with seats without it being seen."""
        from onward.apps.people import keepers
        from onward.apps.travel.keeper import TravelKeeper

        keepers.hand_in("travel", TravelKeeper())
