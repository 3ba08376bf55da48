"""Finding a case by number, name or place. The words are sent in a post: names do not belong in addresses."""

from dataclasses import dataclass
from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from onward.apps.people.models import Party
from onward.apps.people.queries import find_parties
from onward.apps.places.queries import find_one_place
from onward.faces.desk.languages import name_of
from onward.faces.desk.pages import now
from onward.faces.desk.scope import StaffRequest
from onward.faces.desk.walking import place_name, walk_page
from onward.faces.desk.words import state_word
from onward.faces.formats import people

SHOWN = 20
WORDS_MOST = 120


@dataclass(frozen=True, slots=True)
class Found:
    """A row of the results. name: the one that was met, "" where the number or the place was."""

    label: str
    url: str
    name: str
    heads: str
    language: str
    state: str


@walk_page
def search(request: HttpRequest) -> HttpResponse:
    """The box, and what it found; one case met by its whole number opens at once."""
    words = request.POST.get("q", "").strip()[:WORDS_MOST]
    context: dict[str, object] = {"search_words": words, "most": SHOWN}
    if words:
        actor = cast(StaffRequest, request).actor
        found = [_row(one.party, one.name) for one in find_parties(words, actor=actor, now=now(), limit=SHOWN)]
        if len(found) == 1 and not found[0].name:
            return HttpResponseRedirect(found[0].url)
        place, wished = _wishing_for(words)
        context |= {"found": found, "place": place, "wished": wished}
    return render(request, "desk/search.html", context)


def _row(party: Party, name: str) -> Found:
    url = reverse("desk:party", args=[party.pk])
    return Found(party.label, url, name, people(party.heads), name_of(party.language), state_word(party.state))


def _wishing_for(words: str) -> tuple[str, list[Found]]:
    """Cases not closed that wish for the one place the words mean, the newest first."""
    place = None if any(letter.isdigit() for letter in words) else find_one_place(words)
    if place is None:
        return "", []
    rows = Party.objects.filter(wishes__place=place, wishes__withdrawn_at=None).exclude(state=Party.State.CLOSED)
    return place_name(place), [_row(one, "") for one in rows.distinct().order_by("-pk")[:SHOWN]]
