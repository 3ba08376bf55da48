"""Whom a request is for: the signed-in member of staff, acting for one centre, inside that centre's scope."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

from onward.apps.accounts.models import Centre
from onward.apps.accounts.queries import find_post, list_centres_of
from onward.apps.accounts.scopes import centre_scope
from onward.core.actor import Actor

SESSION_CENTRE = "centre_id"


class StaffRequest(HttpRequest):
    """A request of a signed-in member of staff at a centre (what `staff_page` lets through)."""

    actor: Actor
    centre: Centre


def _resolve(request: HttpRequest) -> tuple[Actor, Centre] | None:
    if not request.user.is_authenticated:
        return None
    account = request.user
    chosen = request.session.get(SESSION_CENTRE)
    found = find_post(account, chosen) if chosen else None
    if found is None:
        centres = list_centres_of(account)
        if not centres:
            return None
        request.session[SESSION_CENTRE] = centres[0].pk
        found = find_post(account, centres[0].pk)
    return found


class ScopeMiddleware:
    """Sets request.actor and request.centre, and keeps the whole request inside that centre's scope.

    No browser keeps what is answered: after signing out the back button must not show a case.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer inside the scope."""
        response = self._answer(request)
        add_never_cache_headers(response)
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        found = _resolve(request) if request.path_info[:8] not in ("/static/", "/receive") else None
        if found is None:
            return self.get_response(request)
        actor, centre = found
        request.actor, request.centre = actor, centre  # type: ignore[attr-defined]
        with centre_scope(centre.pk):
            return self.get_response(request)
