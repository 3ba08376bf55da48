"""A set of tickets as it stands: packet, what the place was told and answered, receipt, void and change."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onward.apps.notices.actions import mark_read_out, record_will
from onward.apps.notices.queries import NoticeStatus, notice_status
from onward.apps.travel.models import RefundTask, TicketSet
from onward.apps.travel.queries import get_ticket_set, open_confirmation, open_receipt
from onward.core.errors import NotFound, message
from onward.core.money import Money
from onward.faces.desk.offer_cards import say_answer
from onward.faces.desk.offers import identify_here
from onward.faces.desk.pages import now, read_id
from onward.faces.desk.payers import say_payer
from onward.faces.desk.purchase import at_hand, open_persons
from onward.faces.desk.scope import StaffRequest
from onward.faces.desk.ticket_words import SummaryRow, bidi, journey_rows, people_row, price_rows
from onward.faces.desk.walking import place_name, walk_page
from onward.faces.desk.words import TICKETS, word
from onward.faces.formats import cash, moment

State = TicketSet.State
CAN_VOID = (State.HELD, State.BOUGHT, State.ISSUED)


@walk_page
def tickets(request: StaffRequest, ticket_set_id: int) -> HttpResponse:
    """Where a set stands and what may be done with it."""
    ticket_set, at = at_hand(get_ticket_set(ticket_set_id)), now()
    persons = open_persons(request, ticket_set, what="tickets_page", at=at)
    number = open_confirmation(ticket_set, actor=request.actor, now=at)
    status = notice_status(ticket_set)
    rows = [
        people_row(persons, ticket_set.heads),
        *journey_rows(ticket_set.offer, ticket_set.centre),
        *price_rows(ticket_set),
        SummaryRow(gettext("Who pays"), say_payer(ticket_set, ticket_set.fund)),
    ]
    if number:
        rows.append(SummaryRow(gettext("Confirmation number"), bidi(number)))
    refund = RefundTask.objects.filter(ticket_set=ticket_set).first()
    context = {
        "party": ticket_set.party,
        "identity": identify_here(ticket_set.party, ticket_set),
        "ticket_set": ticket_set,
        "state_word": word(TICKETS, ticket_set.state),
        "is_issued": ticket_set.state == State.ISSUED,
        "can_void": ticket_set.state in CAN_VOID,
        "rows": rows,
        "status": status,
        "told": say_telling(status, ticket_set),
        "answer": say_answer(status.answer, place_name(ticket_set.place), at) if status.answer else "",
        "refund": refund,
        "refund_words": _say_refund(refund),
    }
    return render(request, "desk/tickets.html", context)


def say_telling(status: NoticeStatus, ticket_set: TicketSet) -> list[tuple[str, str]]:
    """How far the place was told, as (shape, sentence) rows."""
    values = {"place": place_name(ticket_set.place)}
    zone = ticket_set.centre.zone
    if status.is_refused:
        return [("none", gettext("They do not want %(place)s to be told.") % values)]
    if status.notice is None:
        return [("later", gettext("%(place)s is told when the tickets are issued.") % values)]
    if status.delivery is None:
        return [("warn", gettext("No desk in %(place)s can be told: nobody there has an address here.") % values)]
    rows = []
    if status.delivered_at:
        at = moment(status.delivered_at, zone)
        rows.append(("told", gettext("%(place)s was told on %(at)s.") % {**values, "at": at}))
    elif status.delivery.problem:
        rows.append(("late", gettext("%(place)s could not be reached yet; it is tried again by itself.") % values))
    else:
        rows.append(("waiting", gettext("The notice to %(place)s is on its way.") % values))
    if status.seen_at:
        seen = gettext("It was opened there on %(at)s.") % {"at": moment(status.seen_at, zone)}
        rows.append(("done", seen))
    return rows


def _say_refund(refund: RefundTask | None) -> str:
    if refund is None:
        return ""
    amount = {"amount": cash(Money(refund.amount_minor, refund.currency))}
    texts = {
        RefundTask.State.OWED: gettext("%(amount)s is to be asked back from the carrier."),
        RefundTask.State.RECEIVED: gettext("Asked back from the carrier: %(amount)s; %(received)s came back."),
        RefundTask.State.REFUSED: gettext("The carrier refused to give back %(amount)s."),
    }
    received = {"received": cash(Money(refund.received_minor, refund.currency))}
    return texts[RefundTask.State(refund.state)] % {**amount, **received}


@require_POST
@walk_page
def read_out(request: StaffRequest, ticket_set_id: int) -> HttpResponse:
    """The place's answer was read to the family (P12)."""
    answer = read_id(request.POST.get("answer", ""))
    if answer is None:
        raise NotFound("answer.unknown", message("There is no such answer."))
    mark_read_out(answer, actor=request.actor, now=now())
    messages.success(request, gettext("Written down: the answer was read to them."))
    return HttpResponseRedirect(reverse("desk:tickets", args=[ticket_set_id]))


@require_POST
@walk_page
def telling(request: StaffRequest, ticket_set_id: int) -> HttpResponse:
    """The traveller's newest word on telling the place, followed at once: told, or the notice recalled (P11)."""
    may_tell = request.POST.get("notice") == "yes"
    record_will(ticket_set_id, may_tell=may_tell, actor=request.actor, now=now())
    kept = gettext("Written down: the place may be told.")
    recalled = gettext("Written down: the place is not to be told; what it was told is taken back.")
    messages.success(request, kept if may_tell else recalled)
    return HttpResponseRedirect(reverse("desk:tickets", args=[ticket_set_id]))


@walk_page
def receipt(request: StaffRequest, ticket_set_id: int) -> HttpResponse:
    """The carrier's receipt as it was given, to be saved."""
    ticket_set = get_ticket_set(ticket_set_id)
    found = open_receipt(ticket_set, actor=request.actor, now=now())
    if found is None:
        raise NotFound("receipt.none", message("No receipt was kept for these tickets."))
    media_type, content = found
    ending = {"image/png": "png", "image/jpeg": "jpg", "application/pdf": "pdf"}[media_type]
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{ticket_set.party.label}-{ticket_set.pk}.{ending}"'
    answer["Cache-Control"] = "no-store"
    return answer
