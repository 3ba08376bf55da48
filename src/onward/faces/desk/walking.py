"""What pages of the walk share: who may open them, whom they are about, and a form sent twice acting once."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language

from onward.apps.cases.models import Wish
from onward.apps.people.models import Party
from onward.apps.people.rules import WALKERS
from onward.apps.places.models import Place
from onward.apps.travel.queries import find_live_set
from onward.faces.desk.languages import name_of
from onward.faces.desk.pages import View, staff_page
from onward.faces.desk.scope import StaffRequest
from onward.faces.desk.words import state_word
from onward.faces.formats import moment, people

SENT = "sent_once"
SENT_MOST = 40


def walk_page(view: View) -> View:
    """A page for those who do the walk with a party: case workers, coordinators, the protection lead."""

    @staff_page
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        cast(StaffRequest, request).actor.require(*WALKERS)
        return view(request, *args, **kwargs)

    return wrapped


@dataclass(frozen=True, slots=True)
class Identity:
    """What the identity bar shows (parts/identity_bar.html)."""

    number: str
    url: str
    heads: str
    language: str
    going: str
    next: str


def identify(party: Party) -> Identity:
    """The identity bar of a party whose centre is at hand: two queries, nothing sealed."""
    ticket_set = find_live_set(party.pk)
    wish = None
    if ticket_set is None:
        wishes = Wish.objects.filter(party=party, withdrawn_at=None, place__isnull=False)
        wish = wishes.select_related("place").order_by("rank").first()
    place = ticket_set.place if ticket_set else wish and wish.place
    leaves = moment(ticket_set.depart_at, party.centre.zone, party.centre.name) if ticket_set else ""
    return draw_identity(party, going=place_name(place) if place else "", following=leaves)


def draw_identity(party: Party, *, going: str, following: str) -> Identity:
    """The identity bar from what a page has read already. following: the next moment, or "" for the state."""
    return Identity(
        party.label,
        reverse("desk:party", args=[party.pk]),
        people(party.heads),
        name_of(party.language),
        going,
        following or next_of(party),
    )


def next_of(party: Party) -> str:
    """Where a party stands in words; a parked one with its time on the centre's clock."""
    word = state_word(party.state)
    if party.state == Party.State.PARKED and party.parked_until:
        return f"{word}, {moment(party.parked_until, party.centre.zone)}"
    return word


def place_name(place: Place) -> str:
    """A place's name in the language in force, else its own."""
    language = (get_language() or "en").split("-")[0]
    return str(place.names.get(language) or place.name)


def once_token(request: HttpRequest) -> str:
    """The token of the form on this page: the one it was sent with, or a new one."""
    return request.POST.get("once", "") or secrets.token_urlsafe(12)


@transaction.atomic
def act_once(request: HttpRequest, act: Callable[[], Sequence[int]]) -> list[int]:
    """Do what a form asks and give the ids it made; sent again, the same ids and nothing more.

    The token (hidden field "once") and its ids are kept in the session, in the transaction of the act.
    """
    token, key = request.POST.get("once", "")[:40], request.session.session_key
    if not token or not key:
        return list(act())
    list(Session.objects.select_for_update().filter(session_key=key).values_list("pk"))
    kept = SessionStore(key)
    sent: dict[str, list[int]] = kept.get(SENT, {})
    if token not in sent:
        ids = list(act())
        sent = dict([*sent.items(), (token, ids)][-SENT_MOST:])
        kept[SENT] = sent
        kept.save()
    request.session[SENT] = sent
    return list(sent[token])
