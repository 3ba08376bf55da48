"""Check once more and issue: the tickets are theirs, and the place is told in the same act (P5, P10)."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext

from onward.apps.cases.queries import CaseView, get_case
from onward.apps.travel.actions import issue as issue_tickets
from onward.apps.travel.models import TicketSet
from onward.apps.travel.queries import get_ticket_set, open_confirmation
from onward.core.errors import OnwardError
from onward.faces.desk.offers import identify_here
from onward.faces.desk.pages import now
from onward.faces.desk.payers import say_payer
from onward.faces.desk.purchase import at_hand
from onward.faces.desk.scope import StaffRequest
from onward.faces.desk.ticket_words import (
    SummaryRow,
    bidi,
    journey_rows,
    next_url,
    people_row,
    price_rows,
    say_stops,
)
from onward.faces.desk.walking import place_name, walk_page
from onward.faces.problems import sentence

State = TicketSet.State


@walk_page
def issue(request: StaffRequest, ticket_set_id: int) -> HttpResponse:
    """The last check of a bought set; a post issues it, once."""
    ticket_set, at = get_ticket_set(ticket_set_id), now()
    if ticket_set.state != State.BOUGHT:
        if request.method == "POST":
            messages.info(request, _say_done(ticket_set))
        return HttpResponseRedirect(next_url(ticket_set))
    problem = ""
    if request.method == "POST":
        try:
            return HttpResponseRedirect(next_url(issue_tickets(ticket_set.pk, actor=request.actor, now=at)))
        except OnwardError as error:
            problem = sentence(error)
    return _page(request, at_hand(ticket_set), problem, at)


def _say_done(ticket_set: TicketSet) -> str:
    if ticket_set.state == State.ISSUED:
        return gettext("These tickets were issued already. Nothing more was done.")
    return gettext("These tickets cannot be issued as they stand. Nothing was done.")


def _page(request: StaffRequest, ticket_set: TicketSet, problem: str, at: datetime) -> HttpResponse:
    case = get_case(ticket_set.party_id, actor=request.actor, now=at, what="issue_page")
    number = open_confirmation(ticket_set, actor=request.actor, now=at)
    stops = say_stops(case.stops)
    context = {
        "party": ticket_set.party,
        "identity": identify_here(ticket_set.party, ticket_set),
        "ticket_set": ticket_set,
        "rows": [
            people_row(case.persons, ticket_set.heads),
            *journey_rows(ticket_set.offer, ticket_set.centre),
            *price_rows(ticket_set),
            SummaryRow(gettext("Who pays"), say_payer(ticket_set, ticket_set.fund)),
            SummaryRow(gettext("Confirmation number"), bidi(number)),
            SummaryRow(gettext("Receipt"), gettext("kept") if ticket_set.receipt_sha256 else gettext("none given")),
        ],
        "stops": stops,
        "problem": problem,
        "telling": _telling(case, ticket_set),
    }
    return render(request, "desk/tickets_issue.html", context, status=409 if problem else 200)


def _telling(case: CaseView, ticket_set: TicketSet) -> str:
    """What issuing tells the place (P10, P11)."""
    place = {"place": place_name(ticket_set.place)}
    if case.consents["notice"] is False:
        return gettext("They do not want %(place)s to be told, so it is not.") % place
    text = gettext(
        "Issuing tells %(place)s within five minutes: the day, a six-hour window, how many people and what they need."
    )
    return text % place
