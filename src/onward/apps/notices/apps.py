"""The notices app; hands itself in as the one who tells the receiving place."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Application `notices`."""

    name = "onward.apps.notices"
    label = "notices"

    def ready(self) -> None:
        """From here on, issuing, changing and voiding tickets tell their place."""
        from onward.apps.notices.announcer import Notices
        from onward.apps.travel import announce

        announce.hand_in(Notices())
