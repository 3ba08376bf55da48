"""What a form gave for an act on tickets, read and refused by field; and what a second press finds."""

from datetime import datetime
from zoneinfo import ZoneInfo

from onward.apps.accounts.models import Centre
from onward.apps.cases.models import Consent, Offer
from onward.apps.people.sealing import unseal
from onward.apps.travel import checks
from onward.apps.travel.models import RefundTask, TicketSet
from onward.apps.travel.rules import LEAVE_EARLIEST, OUTCOMES, State, Why
from onward.core.errors import BadInput, Conflict, NotFound, message
from onward.core.money import Money

Payer = TicketSet.Payer
CONFIRMATION = "travel.TicketSet.confirmation"


def require_payer(payer: str, fund_id: int | None) -> None:
    """BadInput unless someone pays, and a fund is named exactly when a fund does."""
    if payer not in Payer.values:
        raise BadInput("payer.unknown", message("Choose who pays."), field="payer")
    if (payer == Payer.FUND) != (fund_id is not None):
        raise BadInput(
            "payer.fund_missing",
            message("A fund is named exactly when a fund pays."),
            remedy=message("Choose a fund, or another way to pay."),
            field="fund_id",
        )


def same_or_conflict(standing: TicketSet, offer_id: int, payer: str, fund_id: int | None) -> TicketSet:
    """The party's live set, when it is what this press asks for; Conflict when it is another."""
    if (standing.offer_id, standing.payer, standing.fund_id) == (offer_id, payer, fund_id):
        return standing
    raise Conflict(
        "ticket_set.already",
        message("This party has tickets already."),
        remedy=message("Change or void them first; both are free of penalty."),
        values={"ticket_set": standing.pk},
    )


def read_confirmation(words: str) -> str:
    """The number in capitals with single spaces; BadInput unless it has 1 to 40 characters."""
    number = " ".join(words.split()).upper()
    if not 0 < len(number) <= 40:
        raise BadInput(
            "confirmation.missing",
            message("The carrier's confirmation number has 1 to 40 characters."),
            remedy=message("Copy it from the carrier's receipt."),
            field="confirmation",
        )
    return number


def same_purchase_or_conflict(ticket_set: TicketSet, number: str) -> TicketSet:
    """The set, when it was bought under this very number; Conflict that says when it was under another."""
    if unseal(ticket_set.party, CONFIRMATION, ticket_set.confirmation) == number:
        return ticket_set
    assert ticket_set.bought_at is not None
    zone = ZoneInfo(Centre.objects.get(pk=ticket_set.centre_id).zone)
    raise Conflict(
        "purchase.recorded",
        message("A purchase with another number was recorded for these tickets on %(at)s."),
        remedy=message("Look at the case before buying again. If two were bought, void one at the carrier."),
        field="confirmation",
        values={"at": f"{ticket_set.bought_at.astimezone(zone):%Y-%m-%d %H:%M}"},
    )


def read_why(why: Why | str) -> Why:
    """A code of Why; BadInput for anything else."""
    if why not in list(Why):
        raise BadInput("void.why", message("Choose why the tickets are voided."), field="why")
    return Why(why)


def read_outcome(outcome: State | str) -> State:
    """What can become of a departure; BadInput for anything else."""
    if outcome not in OUTCOMES:
        raise BadInput("departure.outcome", message("Choose what became of the departure."), field="outcome")
    return State(outcome)


def read_refund_state(state: RefundTask.State | str) -> RefundTask.State:
    """The carrier's answer, received or refused; BadInput for anything else."""
    if state not in (RefundTask.State.RECEIVED, RefundTask.State.REFUSED):
        raise BadInput("refund.state", message("Choose whether the money came back."), field="state")
    return RefundTask.State(state)


def received_money(refund: RefundTask, to: RefundTask.State, received: Money | None) -> Money:
    """What came back: nothing when refused, all of it unless an amount is given; BadInput for more than was asked."""
    whole = Money(refund.amount_minor, refund.currency)
    if to == RefundTask.State.REFUSED:
        return Money(0, refund.currency)
    if received is None:
        return whole
    if received.currency != refund.currency or not 0 < received.minor <= whole.minor:
        raise BadInput(
            "refund.amount",
            message("What came back is more than nothing and at most %(whole)s."),
            remedy=message("Write the amount on the carrier's answer."),
            field="received",
            values={"whole": whole},
        )
    return received


def require_other_offer(old: TicketSet, offer: Offer) -> None:
    """NotFound for another party's offer, BadInput for the one these tickets are for."""
    if offer.party_id != old.party_id:
        raise NotFound("offer.unknown", message("There is no such journey."), field="offer")
    if offer.pk == old.offer_id:
        raise BadInput(
            "change.same_offer",
            message("The tickets are for this journey already."),
            remedy=message("Choose another journey."),
            field="offer",
        )


def require_not_departed(ticket_set: TicketSet, now: datetime) -> None:
    """Withdrawal is free until departure; a no said before it may also be written down after it (P4)."""
    leave = checks.find_consent(ticket_set.party_id, Consent.Step.LEAVE)
    said_no_in_time = leave is not None and not leave.is_yes and leave.given_at < ticket_set.depart_at
    if now >= ticket_set.depart_at and not said_no_in_time and ticket_set.state == State.ISSUED:
        raise Conflict(
            "ticket_set.departed",
            message("This journey has left already."),
            remedy=message("Write down what became of it: left, not confirmed, missed or cancelled."),
        )


def require_time_for(to: State, ticket_set: TicketSet, now: datetime) -> None:
    """Conflict for what cannot be so yet: left more than twelve hours before departure, missed before it."""
    is_early_leaving = to == State.LEFT and now < ticket_set.depart_at - LEAVE_EARLIEST
    is_early_missing = to in (State.MISSED, State.NOT_CONFIRMED) and now < ticket_set.depart_at
    if is_early_leaving or is_early_missing:
        raise Conflict(
            "departure.too_early",
            message("It is too early to say so: this journey leaves later."),
            remedy=message("If they do not want to travel any more, void the tickets."),
            field="outcome",
        )
