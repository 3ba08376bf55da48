"""Who leaves today and tomorrow, and what became of each: left, not confirmed, missed, cancelled by the carrier."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onward.apps.cases.actions import record_consent
from onward.apps.cases.models import Consent
from onward.apps.cases.queries import list_stops
from onward.apps.notices.queries import NoticeStatus, list_statuses, notice_status
from onward.apps.travel.actions import record_departure
from onward.apps.travel.models import TicketSet
from onward.apps.travel.queries import get_ticket_set, list_departures
from onward.core.errors import OnwardError
from onward.faces.desk.journey_words import list_legs
from onward.faces.desk.languages import name_of
from onward.faces.desk.offer_cards import say_answer
from onward.faces.desk.offers import identify_here
from onward.faces.desk.pages import now
from onward.faces.desk.pay import NOT_ANSWERED, YES_NO
from onward.faces.desk.purchase import at_hand
from onward.faces.desk.scope import StaffRequest
from onward.faces.desk.ticket_words import journey_rows, say_stops, total_of_set
from onward.faces.desk.walking import place_name, walk_page
from onward.faces.desk.words import TICKETS, word
from onward.faces.formats import cash, clock, day, people
from onward.faces.forms_look import Answers, show_error

State = TicketSet.State
SETTLED = {State.LEFT: "done", State.MISSED: "warn", State.CANCELLED: "stop"}
DAYS = ("today", "tomorrow", "yesterday")


@dataclass(frozen=True, slots=True)
class DepartureRow:
    """One set in the list. status: the shape of its word. unread: an answer the family has not heard yet."""

    ticket_set: TicketSet
    time: str
    place: str
    heads: str
    language: str
    carrier: str
    stop: str
    status: str
    state_word: str
    unread: str
    is_open: bool


class DepartureForm(forms.Form):
    """What became of a departure, and their word on leaving."""

    outcome = forms.ChoiceField(
        label=_("What became of it"),
        choices=[
            (State.LEFT, _("They left")),
            (State.NOT_CONFIRMED, _("Nobody saw whether they left")),
            (State.MISSED, _("They missed it")),
            (State.CANCELLED, _("The carrier cancelled it")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what became of the departure.")},
    )
    leave = forms.ChoiceField(
        label=_("Asked as they leave: do they want to go?"),
        help_text=_("Ask each time, also when they said yes before. A no costs them nothing."),
        choices=YES_NO,
        widget=Answers,
        error_messages=NOT_ANSWERED,
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if self.is_bound and self.data.get("outcome") != State.LEFT:
            self.fields["leave"].required = False


@walk_page
def departures(request: StaffRequest) -> HttpResponse:
    """The departures of a day: today, tomorrow, or yesterday for what was left open."""
    at, zone = now(), request.centre.zone
    which = request.GET.get("on", "today")
    which = which if which in DAYS else "today"
    today = at.astimezone(ZoneInfo(zone)).date()
    on = today + timedelta(days={"today": 0, "tomorrow": 1, "yesterday": -1}[which])
    sets = list_departures(on, zone)
    statuses = list_statuses(sets) if sets else {}
    names = {"today": gettext("Today"), "tomorrow": gettext("Tomorrow"), "yesterday": gettext("Yesterday")}
    context = {
        "rows": [_row(one, statuses[one.pk], zone, at) for one in sets],
        "day": day(on),
        "which": which,
        "days": [(key, names[key]) for key in ("yesterday", "today", "tomorrow")],
        "heads": people(sum(one.heads for one in sets)) if sets else "",
    }
    return render(request, "desk/departures.html", context)


def _row(one: TicketSet, status: NoticeStatus, zone: str, at: datetime) -> DepartureRow:
    first = next((leg for leg in list_legs(one.offer.journey) if not leg.is_walk), None)
    is_late = one.state == State.ISSUED and one.depart_at <= at
    shape = SETTLED.get(State(one.state)) or ("late" if is_late or one.state == State.NOT_CONFIRMED else "waiting")
    said = gettext("gone by, not confirmed yet") if is_late else word(TICKETS, one.state)
    unread = status.answer if status.answer and not status.read_out_at else None
    return DepartureRow(
        one,
        clock(one.depart_at.astimezone(ZoneInfo(zone))),
        place_name(one.place),
        people(one.heads),
        name_of(one.party.language),
        first.carrier if first else "",
        first.from_stop if first else "",
        shape,
        said,
        say_answer(unread, place_name(one.place), at) if unread and one.state == State.ISSUED else "",
        one.state in (State.ISSUED, State.NOT_CONFIRMED),
    )


@walk_page
def departure(request: StaffRequest, ticket_set_id: int) -> HttpResponse:
    """One departure: their word on leaving, then what became of it."""
    ticket_set, at = at_hand(get_ticket_set(ticket_set_id)), now()
    form = DepartureForm(request.POST or None)
    if form.is_bound and form.is_valid():
        answer = _submit(request, form, ticket_set, at)
        if answer is not None:
            return answer
    status = notice_status(ticket_set)
    unread = status.answer if status.answer and not status.read_out_at else None
    context = {
        "party": ticket_set.party,
        "identity": identify_here(ticket_set.party, ticket_set),
        "ticket_set": ticket_set,
        "form": form,
        "rows": journey_rows(ticket_set.offer, ticket_set.centre),
        "state_word": word(TICKETS, ticket_set.state),
        "is_open": ticket_set.state in (State.ISSUED, State.NOT_CONFIRMED),
        "answer": unread,
        "answer_words": say_answer(unread, place_name(ticket_set.place), at) if unread else "",
        "money": cash(total_of_set(ticket_set)),
        "stops": say_stops(list_stops(ticket_set.party_id)),
    }
    return render(request, "desk/departure.html", context, status=422 if form.errors else 200)


def _submit(request: StaffRequest, form: DepartureForm, ticket_set: TicketSet, at: datetime) -> HttpResponse | None:
    outcome, leave = form.cleaned_data["outcome"], form.cleaned_data["leave"]
    try:
        if leave and ticket_set.state in (State.ISSUED, State.NOT_CONFIRMED):
            step = Consent.Step.LEAVE
            record_consent(ticket_set.party_id, step, is_yes=leave == "yes", actor=request.actor, now=at)
        if leave == "no" and outcome == State.LEFT:
            messages.info(request, gettext("Written down: they do not want to go. Void the tickets; it is free."))
            return HttpResponseRedirect(reverse("desk:void", args=[ticket_set.pk]))
        record_departure(ticket_set.pk, outcome, actor=request.actor, now=at)
    except OnwardError as error:
        show_error(form, error, fields={"consent": "leave"})
        return None
    text = gettext("%(number)s: %(outcome)s.") % {"number": ticket_set.party.label, "outcome": word(TICKETS, outcome)}
    messages.success(request, text)
    return HttpResponseRedirect(_list_of(request, ticket_set, at))


def _list_of(request: StaffRequest, ticket_set: TicketSet, at: datetime) -> str:
    """The day's list the set stands in."""
    zone = ZoneInfo(request.centre.zone)
    days = (ticket_set.depart_at.astimezone(zone).date() - at.astimezone(zone).date()).days
    which = {1: "?on=tomorrow", -1: "?on=yesterday"}.get(days, "")
    return reverse("desk:departures") + which
