"""How a problem is told: every OnwardError becomes a plain page in the page's language, never a trace."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from onward.core.errors import (
    BadInput,
    BrokenPromise,
    Conflict,
    NotAllowed,
    NotFound,
    OnwardError,
    Stopped,
    Unavailable,
)
from onward.faces.desk.pages import HELD_PREFIX, list_held

log = logging.getLogger("onward.faces")
STATUS: dict[type[OnwardError], int] = {
    BadInput: 422,
    NotAllowed: 403,
    NotFound: 404,
    Conflict: 409,
    Stopped: 409,
    Unavailable: 503,
    BrokenPromise: 500,
}


def sentence(error: OnwardError, **named: str) -> str:
    """The error's sentence and remedy in the language in force, filled in. named: values by their name in it."""
    values = {key: gettext(value) if isinstance(value, str) else value for key, value in error.values.items()} | named
    return " ".join(gettext(part) % values for part in (error.text, error.remedy) if part)


def problem_page(request: HttpRequest, error: OnwardError) -> HttpResponse:
    """The page for an error that belongs to no field of a form."""
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)
    if status == 500:
        log.error("broken promise %s", error.code, exc_info=error)
    return render(request, "base/problem.html", {"sentence": sentence(error)}, status=status)


class ProblemMiddleware:
    """Turns an OnwardError that no view caught into its page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Django's hook for exceptions of views."""
        return problem_page(request, exception) if isinstance(exception, OnwardError) else None


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: no such page, or not for this reader."""
    return render(request, "base/problem.html", {"sentence": gettext("This page does not exist.")}, status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return render(request, "base/problem.html", {"sentence": gettext("This is not yours to do.")}, status=403)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from before a sign-out or an old page: what was typed is shown to be sent again; nothing was saved.

    Only to staff signed in, and only for a token of ours that is too old: never for a form another site sent.
    """
    held = list_held(request) if getattr(request, "actor", None) and reason == "CSRF token from POST incorrect." else []
    if held and not list_held(request, HELD_PREFIX):
        return render(request, "desk/held.html", {"held_path": request.get_full_path(), "held": held}, status=403)
    text = gettext("This page was too old to be sent. Nothing was saved. Go back, reload the page and send it again.")
    return render(request, "base/problem.html", {"sentence": text}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault."""
    text = gettext("Something failed on our side. What was saved before is kept. Please try again.")
    return render(request, "base/problem.html", {"sentence": text}, status=500)
