"""The address and password of who signs in."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class SignInForm(AuthenticationForm):
    """Address and password, in our words."""

    error_messages = {
        "invalid_login": _("This address and password do not go together. Nothing was lost; please try again."),
        "inactive": _("This account is closed. Ask your coordinator."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Work address (e-mail)")
        self.fields["password"].label = _("Password")
