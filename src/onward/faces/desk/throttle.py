"""What the sign-in throttle counts by, and what it keeps of a wrong password: nothing that was typed."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from django.http import HttpRequest, QueryDict

ADDRESS_MOST = 254


def account_tried(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """The address whose password was tried, folded as signing in reads it, so that each way to write it counts."""
    given = (credentials or {}).get("username") or request.POST.get("username", "")
    return unicodedata.normalize("NFKC", str(given)).replace("\0", "").strip().lower()[:ADDRESS_MOST]


class KeepsNothingTyped(AxesDatabaseHandler):  # type: ignore[misc]  # axes ships no types
    """Counts wrong passwords without the form they came in: a page signed out of carries a family's words in it."""

    def user_login_failed(
        self, sender: object, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
    ) -> None:
        """Count one, the form out of sight meanwhile."""
        if request is None:
            return
        typed, request.POST = request.POST, QueryDict()
        try:
            super().user_login_failed(sender, credentials, request=request, **kwargs)
        finally:
            request.POST = typed
