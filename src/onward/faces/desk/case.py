"""The case: who, what is owed, what stops a ticket, and what happened, in plain sentences."""

from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from onward.apps.accounts.queries import list_names
from onward.apps.cases.moving import AFTER_MOVING
from onward.apps.cases.queries import CaseView, get_case
from onward.apps.people.actions.arriving import correct_arrival
from onward.apps.people.models import Party
from onward.apps.people.queries import get_party
from onward.apps.people.rules import BEFORE_TICKETS
from onward.apps.places.models import Place
from onward.apps.record.actions import case_chain
from onward.apps.record.queries import list_entries
from onward.apps.travel.models import TicketSet
from onward.apps.travel.queries import find_newest_set
from onward.apps.travel.rules import LIVE
from onward.core.actor import ActorKind
from onward.core.errors import OnwardError
from onward.core.keys import KeyGone
from onward.faces.desk import languages, task_words, timeline
from onward.faces.desk.arrival import ArrivalForm
from onward.faces.desk.duty_rows import address
from onward.faces.desk.pages import now
from onward.faces.desk.scope import StaffRequest
from onward.faces.desk.walking import draw_identity, identify, place_name, walk_page
from onward.faces.desk.words import ANSWERS, TICKETS, park_word, word
from onward.faces.formats import moment
from onward.faces.forms_look import show_error

State = Party.State
WITH_TICKETS = frozenset({State.ACCEPTED, State.TICKETED, State.LEFT, State.OFFERED})
STEPS = {TicketSet.State.HELD: "purchase", TicketSet.State.BOUGHT: "issue"}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of parts/summary_list.html."""

    label: str
    value: str
    url: str = ""


@walk_page
def party(request: HttpRequest, party_id: int) -> HttpResponse:
    """The case page."""
    staff, at = cast(StaffRequest, request), now()
    try:
        case = get_case(party_id, actor=staff.actor, now=at, what="case_page")
    except KeyGone:
        return _erased(request, get_party(party_id))
    ticket_set = find_newest_set(party_id) if case.party.state in WITH_TICKETS else None
    entries = list_entries(case_chain(party_id))
    names = list_names({entry.actor_id for entry in entries if entry.actor_kind == ActorKind.STAFF})
    zone = case.party.centre.zone
    context = {
        "party": case.party,
        "identity": _identity(case, ticket_set),
        "rows": _rows(case, ticket_set),
        "tasks": task_words.case_tasks(case),
        "stops": [_stop(one) for one in case.stops] if case.explanation else [],
        "moving": [
            gettext("Person %(n)s: %(text)s") % {"n": one.position, "text": gettext(AFTER_MOVING[one.code])}
            for one in case.moving_tasks
        ],
        "gap": _gap(case),
        "acts": timeline.tell(entries, zone, names=names, places=_places(case, ticket_set)),
        "next_act": _next_act(case, ticket_set),
        "is_parked": case.party.state == State.PARKED,
        "parked": _parked(case.party),
        "may_answer": case.party.state in BEFORE_TICKETS and (ticket_set is None or ticket_set.state not in LIVE),
    }
    return render(request, "desk/case.html", context)


def _erased(request: HttpRequest, party: Party) -> HttpResponse:
    """What is left of a case that was erased: its number and what happened, without a word of theirs."""
    entries = list_entries(case_chain(party.pk))
    names = list_names({entry.actor_id for entry in entries if entry.actor_kind == ActorKind.STAFF})
    acts = timeline.tell(entries, party.centre.zone, names=names, places={})
    return render(request, "desk/erased.html", {"party": party, "acts": acts})


def _identity(case: CaseView, ticket_set: TicketSet | None) -> object:
    is_going = ticket_set is not None and ticket_set.state in LIVE
    wished = next((wish.place for wish in case.wishes if wish.place), None)
    place = ticket_set.place if ticket_set and is_going else wished
    leaves = (
        moment(ticket_set.depart_at, case.party.centre.zone, case.party.centre.name) if ticket_set and is_going else ""
    )
    return draw_identity(case.party, going=place_name(place) if place else "", following=leaves)


def _rows(case: CaseView, ticket_set: TicketSet | None) -> list[Row]:
    """What stands: the door's notes, the people, the contact, the tickets."""
    correct = reverse("desk:correct-arrival", args=[case.party.pk])
    people = reverse("desk:interview-step", args=[case.party.pk, "people"])
    urgent = gettext("Urgent") if case.party.is_urgent else gettext("No")
    rows = [
        Row(gettext("Language"), languages.label_of(case.party.language), correct),
        Row(gettext("A bed tonight"), word(ANSWERS, case.party.bed_tonight), correct),
        Row(gettext("Urgent"), urgent, correct),
    ]
    if case.explanation:
        named = "\n".join(one.name or gettext("Person %(n)s") % {"n": one.position} for one in case.persons)
        rows.append(Row(gettext("People"), named, people))
    if ticket_set:
        rows.append(Row(gettext("Tickets"), word(TICKETS, ticket_set.state), address("tickets", ticket_set.pk)))
    return rows


def _stop(stop: Any) -> dict[str, str]:
    """A stop in words."""
    return {"title": gettext(stop.text) % stop.values, "text": gettext(stop.remedy) % stop.values}


def _gap(case: CaseView) -> str:
    """Where the journey goes elsewhere than the first wish: the wish stays (P3)."""
    if case.gap is None:
        return ""
    return gettext("The journey chosen does not go where they first wished to go. The wish stays as they said it.")


def _places(case: CaseView, ticket_set: TicketSet | None) -> dict[str, Place]:
    offer = case.decision.offer if case.decision else None
    known = [wish.place for wish in case.wishes] + [ticket_set and ticket_set.place, offer and offer.place]
    return {place.key: place for place in known if place}


def _parked(party: Party) -> str:
    if party.state != State.PARKED or party.parked_until is None:
        return ""
    owner = party.parked_for.name if party.parked_for else ""
    values = {
        "until": moment(party.parked_until, party.centre.zone),
        "owner": owner,
        "why": park_word(party.parked_why),
    }
    return gettext("Until %(until)s, for %(owner)s. %(why)s.") % values


def _next_act(case: CaseView, ticket_set: TicketSet | None) -> tuple[str, str]:
    """The one next act: its address and words; parked cases are taken up by a post instead."""
    party = case.party
    if case.explanation is None:
        return reverse("desk:explain", args=[party.pk]), gettext("Read out what this desk is")
    if ticket_set is not None and ticket_set.state in STEPS:
        words = {"purchase": gettext("Record the purchase"), "issue": gettext("Check and issue")}
        step = STEPS[TicketSet.State(ticket_set.state)]
        return address(step, ticket_set.pk), words[step]
    if party.state == State.ACCEPTED:
        return address("pay", party.pk), gettext("Check and pay")
    if party.state == State.OFFERED:
        return address("offers", party.pk), gettext("Choose a journey")
    if party.state == State.TICKETED and ticket_set is not None:
        return address("tickets", ticket_set.pk), gettext("The tickets and the packet")
    if not any(task.is_open for task in task_words.interview_tasks(case)):
        return address("offers", party.pk), gettext("Look for journeys")
    return reverse("desk:interview", args=[party.pk]), gettext("Go on with the interview")


class CorrectionForm(ArrivalForm):
    """What was noted at the door, without the heads, which are corrected with the people."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["heads"], self.fields["heads_more"]


@walk_page
def correct(request: HttpRequest, party_id: int) -> HttpResponse:
    """Correct the language, the bed, the urgency noted at the door."""
    party = get_party(party_id)
    is_key = party.language in languages.COUNTER
    initial = {
        "language": party.language if is_key else "",
        "other_language": "" if is_key else party.language,
        "bed_tonight": party.bed_tonight,
        "is_urgent": party.is_urgent,
    }
    form: forms.Form = CorrectionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            correct_arrival(
                party_id,
                language=given["language"],
                bed_tonight=given["bed_tonight"],
                is_urgent=given["is_urgent"],
                actor=cast(StaffRequest, request).actor,
                now=now(),
            )
        except OnwardError as error:
            show_error(form, error)
        else:
            return HttpResponseRedirect(reverse("desk:party", args=[party_id]))
    context = {"party": party, "identity": identify(party), "form": form}
    return render(request, "desk/correct.html", context, status=422 if form.errors else 200)
