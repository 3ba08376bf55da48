"""The packet: paper that works without a phone, in the traveller's language, as a page or as PDF."""

from datetime import datetime

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, get_language_bidi, gettext, override

from onward.apps.cases.models import Obligation
from onward.apps.cases.queries import open_obligation
from onward.apps.people.queries import open_words
from onward.apps.people.sealing import unseal
from onward.apps.places.models import ReceivingPlace
from onward.apps.travel.given import CONFIRMATION
from onward.apps.travel.models import TicketSet
from onward.apps.travel.queries import get_ticket_set
from onward.core.errors import Conflict, message
from onward.faces.desk.journey_words import list_legs, say_last_mile
from onward.faces.desk.languages import name_of, speaking
from onward.faces.desk.packet_pdf import can_print, make_pdf
from onward.faces.desk.packet_words import (
    list_numbers,
    list_paper_legs,
    list_rights,
    make_driver_card,
    make_qr,
    make_tear_off,
    say_last_walk,
    say_made,
    say_next,
    say_tickets,
)
from onward.faces.desk.pages import now
from onward.faces.desk.purchase import at_hand
from onward.faces.desk.scope import StaffRequest
from onward.faces.desk.ticket_words import say_bands
from onward.faces.desk.walking import place_name, walk_page

State = TicketSet.State
PRINTED = frozenset({State.ISSUED, State.LEFT, State.NOT_CONFIRMED})
PAPERS = ("letter", "a4")


@walk_page
def packet(request: StaffRequest, ticket_set_id: int) -> HttpResponse:
    """The whole packet; ?format=pdf for PDF, ?paper=a4 for A4. Leaves one look."""
    ticket_set, at = _get_printed(ticket_set_id), now()
    with speaking(ticket_set.party.language) as spoken:
        context = _packet(request, ticket_set, at)
    is_other = spoken.split("-")[0] != ticket_set.party.language.split("-")[0]
    note = gettext("This packet is in English: the product's sentences are not written in %(language)s yet.")
    language = {"language": name_of(ticket_set.party.language)}
    context["notes"] = [note % language] if is_other else []
    return _answer(request, ticket_set, "paper/packet.html", context, spoken=spoken)


@walk_page
def driver_card(request: StaffRequest, ticket_set_id: int) -> HttpResponse:
    """The English card for the driver alone; it names nobody."""
    ticket_set = _get_printed(ticket_set_id)
    context = {"party": ticket_set.party, "card": _driver_card(ticket_set), "notes": []}
    return _answer(request, ticket_set, "paper/driver_card_page.html", context, spoken="en")


def _get_printed(ticket_set_id: int) -> TicketSet:
    ticket_set = at_hand(get_ticket_set(ticket_set_id))
    if ticket_set.state not in PRINTED:
        raise Conflict(
            "packet.not_issued",
            message("There is no packet for these tickets: they are not issued, or void."),
            remedy=message("Issue them first, then print the packet."),
        )
    return ticket_set


def _packet(request: StaffRequest, ticket_set: TicketSet, at: datetime) -> dict[str, object]:
    """Everything on the paper, in the language in force."""
    party, centre = ticket_set.party, ticket_set.centre
    words = open_words(party, what="packet", actor=request.actor, now=at)
    dates = Obligation.objects.filter(party=party).select_related("place").order_by("on", "pk")
    legs = list_legs(ticket_set.offer.journey)
    desk = ReceivingPlace.objects.filter(pk=ticket_set.place_id).first()
    return {
        "party": party,
        "ticket_set": ticket_set,
        "qr": make_qr(f"{party.label} {centre.phone}"),
        "going": place_name(ticket_set.place),
        "heads": say_bands(ticket_set.offer.bands),
        "made": say_made(at, ticket_set),
        "next": say_next(legs),
        "legs": list_paper_legs(legs),
        "last_walk": say_last_walk(legs),
        "last_mile": say_last_mile(ticket_set.offer.journey, desk),
        "tickets": say_tickets(words),
        "confirmation": unseal(party, CONFIRMATION, ticket_set.confirmation),
        "numbers": list_numbers(ticket_set, desk),
        "rights": list_rights(ticket_set),
        "card": _driver_card(ticket_set),
        "tear_off": make_tear_off(words.contacts, [open_obligation(party, one) for one in dates]),
    }


def _driver_card(ticket_set: TicketSet) -> object:
    with override("en"):
        return make_driver_card(ticket_set, name_of(ticket_set.party.language))


def _answer(
    request: StaffRequest, ticket_set: TicketSet, template: str, context: dict[str, object], *, spoken: str
) -> HttpResponse:
    paper = request.GET.get("paper", "")
    paper = paper if paper in PAPERS else _home_paper(ticket_set)
    wants_pdf = request.GET.get("format") == "pdf"
    without = gettext("PDF cannot be made on this machine (Pango is missing). Print this page instead.")
    notes = [*context["notes"], *([without] if wants_pdf and not can_print() else [])]  # type: ignore[misc]
    around = {"paper": paper, "notes": notes, "tools": _tools(ticket_set, request.path, paper), **_of_the_desk()}
    with override(spoken):
        html = render_to_string(template, {**context, **around}, request)
    if not wants_pdf or not can_print():
        answer = HttpResponse(html)
    else:
        answer = HttpResponse(make_pdf(html), content_type="application/pdf")
        name = f"{ticket_set.party.label}-{paper}.pdf"
        answer["Content-Disposition"] = f'inline; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer


def _of_the_desk() -> dict[str, str]:
    """The worker's language and its words above the sheet, which is in the travellers'."""
    return {
        "print_word": gettext("Print"),
        "desk_language": get_language() or "en",
        "desk_dir": "rtl" if get_language_bidi() else "ltr",
    }


def _home_paper(ticket_set: TicketSet) -> str:
    """Letter where the centre keeps dollars or Mexican pesos, A4 elsewhere (Unicode CLDR, paperSize)."""
    return "letter" if ticket_set.centre.currency in ("USD", "CAD", "MXN") else "a4"


def _tools(ticket_set: TicketSet, path: str, paper: str) -> list[tuple[str, str]]:
    """(address, word) of what stands above the sheet on a screen, in the worker's language."""
    other = "a4" if paper == "letter" else "letter"
    names = {"a4": gettext("On A4"), "letter": gettext("On Letter")}
    tools = [(f"{path}?format=pdf&paper={paper}", gettext("As PDF"))] if can_print() else []
    tools.append((f"{path}?paper={other}", names[other]))
    for name, said in (("packet", gettext("Whole packet")), ("driver-card", gettext("Driver's card alone"))):
        url = reverse(f"desk:{name}", args=[ticket_set.pk])
        if url != path:
            tools.append((url, said))
    return [*tools, (reverse("desk:tickets", args=[ticket_set.pk]), gettext("Back to the tickets"))]
