"""A receiver's door: the link is checked first, then only what is addressed to its place exists."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt

from onward.apps.accounts.scopes import place_scope
from onward.apps.notices.links import make_token, read_token
from onward.apps.notices.models import Notice
from onward.apps.notices.showing import find_newest, get_notice
from onward.core.actor import Actor, ActorKind
from onward.core.errors import NotFound, OnwardError
from onward.faces.problems import sentence
from onward.faces.receiver.letter import language_of
from onward.faces.receiver.wording import place_name


@dataclass(frozen=True, slots=True)
class Visit:
    """Someone who holds a whole link: to which notice, as whom, when."""

    notice: Notice
    token: str
    actor: Actor
    now: datetime

    @property
    def here(self) -> dict[str, object]:
        """What every page of the door may use."""
        return {"place": {"name": place_name(self.notice.place)}, "token": self.token, "now": self.now}


type Page = Callable[[HttpRequest, Visit], HttpResponse]


def by_link(page: Page) -> Callable[[HttpRequest, str], HttpResponse]:
    """Let the holder of a link in, inside its place's scope; say plainly what is wrong with a link that is not whole.

    No account and no cookie stands behind these pages: the link itself is the authority, so that a forged post from
    another site could only be made by someone who holds it. They therefore ask for no CSRF token and work without
    cookies.
    """

    @csrf_exempt
    @wraps(page)
    def wrapped(request: HttpRequest, token: str) -> HttpResponse:
        response = _enter(request, token, page)
        add_never_cache_headers(response)
        return response

    return wrapped


def _enter(request: HttpRequest, token: str, page: Page) -> HttpResponse:
    now = timezone.now()
    try:
        link = read_token(token, now=now)
        with place_scope(link.place_key):
            notice = get_notice(link.reference)
            _speak(request, language_of(notice))
            return page(request, Visit(notice, token, Actor(ActorKind.RECEIVER, notice.reference), now))
    except OnwardError as problem:
        if not problem.code.startswith(("link.", "notice.unknown")):
            raise
        status = 404 if isinstance(problem, NotFound) else 410
        return render(request, "receiver/closed.html", {"sentence": sentence(problem)}, status=status)


def _speak(request: HttpRequest, language: str) -> None:
    """The place's own language, unless the reader chose another."""
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()


def replaced_page(request: HttpRequest, visit: Visit, words: str = "") -> HttpResponse:
    """A notice that another took the place of: what became of it, the way to the newest, and any words just typed."""
    newest = find_newest(visit.notice)
    what = {
        Notice.Kind.CHANGED: gettext("This notice was replaced: the journey has changed."),
        Notice.Kind.CANCELLED: gettext("This notice was replaced: nobody is coming on this journey after all."),
        Notice.Kind.WITHDRAWN: gettext(
            "This notice was taken back by the travellers. What it said is not shown any more."
        ),
    }
    context = {
        **visit.here,
        "sentence": what[Notice.Kind(newest.kind)],
        "newest_url": reverse("receiver:notice", args=[make_token(newest)]),
        "newest": newest.reference,
        "words": words,
    }
    return render(request, "receiver/closed.html", context, status=410)
