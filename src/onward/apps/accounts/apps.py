"""The accounts app; registers the guards that keep every row inside its centre."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Application `accounts`."""

    name = "onward.apps.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Centre guards for every scoped model, made when they are put up."""
        from onward.apps.accounts.fences import list_centre_guards
        from onward.apps.record import guards

        guards.register(list_centre_guards)
