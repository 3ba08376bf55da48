"""A ticket set's money: which movement of the books each act on tickets causes, and what a set costs."""

from datetime import date, datetime

from onward.apps.cases.models import Offer
from onward.apps.funds.actions import ask_back, hold, receive_back, release, require_may_pay, spend, write_off
from onward.apps.funds.books import lock_fund
from onward.apps.funds.models import Fund
from onward.apps.funds.queries import balances
from onward.apps.funds.rules import Parts, Purchase, split_lost
from onward.apps.travel.models import RefundTask, TicketSet
from onward.core.actor import Actor
from onward.core.errors import BadInput, message
from onward.core.money import Money

ON_FOOT = frozenset({"walk"})
"""Modes nobody is paid for."""
PRICE_MOST = 2**31 - 1
"""Minor units of a whole price: what PostgreSQL's integer holds."""


def parts_of(ticket_set: TicketSet) -> Parts:
    """A set's fare, tax and fee."""
    currency = ticket_set.currency
    return Parts(
        Money(ticket_set.fare_minor, currency),
        Money(ticket_set.tax_minor, currency),
        Money(ticket_set.fee_minor, currency),
    )


def write_parts(ticket_set: TicketSet, parts: Parts) -> None:
    """Put a price on the row. BadInput for more than a row holds."""
    if parts.total.minor > PRICE_MOST:
        raise BadInput(
            "price.too_high",
            message("No journey costs %(amount)s."),
            remedy=message("Write what was charged, such as 148.00, or 0."),
            field="fare",
            values={"amount": parts.total},
        )
    ticket_set.fare_minor, ticket_set.tax_minor, ticket_set.fee_minor = (
        parts.fare.minor,
        parts.tax.minor,
        parts.fee.minor,
    )
    ticket_set.currency = parts.currency


def price_of(offer: Offer, quoted: Parts | None) -> Parts:
    """What the whole party pays: as quoted by the carrier now, else as the offer says. BadInput where neither is."""
    if quoted is not None:
        return quoted
    if offer.fare_minor is None or not offer.currency:
        raise BadInput(
            "price.unknown",
            message("The price of this journey is not known here."),
            remedy=message("Ask the carrier, and write the fare, the tax and the fee they quote for the whole party."),
            field="fare",
        )
    known = (offer.fare_minor, offer.tax_minor or 0, offer.fee_minor or 0)
    return Parts(*(Money(minor, offer.currency) for minor in known))


def quoted_parts(fare: Money | None, tax: Money | None, fee: Money | None) -> Parts | None:
    """The carrier's quote as given: no fare, no quote; a tax or fee left out is nothing."""
    if fare is None:
        return None
    nothing = Money(0, fare.currency)
    return Parts(fare, tax or nothing, fee or nothing)


def departure_day(offer: Offer) -> date:
    """The day of departure on the clock of the first stop."""
    return datetime.fromisoformat(offer.journey["depart_at"]).date()


def purchase_of(offer: Offer, price: Parts, heads: int) -> Purchase:
    """What a fund is asked to pay for: the offer's journey at this price."""
    return Purchase(
        total=price.total,
        heads=heads,
        countries=tuple(offer.countries or [offer.place.country]),
        modes=frozenset(offer.modes) - ON_FOOT,
        on=departure_day(offer),
    )


def require_fund_may_pay(fund: Fund, ticket_set: TicketSet, price: Parts, available: Money) -> None:
    """Raise the fund's reason when it may not pay this price for these tickets."""
    require_may_pay(fund, purchase_of(ticket_set.offer, price, ticket_set.heads), available)


def hold_money(ticket_set: TicketSet, *, actor: Actor, now: datetime) -> None:
    """Set the set's price aside in its fund, if a fund pays and may."""
    if ticket_set.fund_id is None:
        return
    fund, price = lock_fund(ticket_set.fund_id), parts_of(ticket_set)
    require_fund_may_pay(fund, ticket_set, price, balances(fund)["available"])
    hold(fund.pk, price.total, cause=cause(ticket_set, "hold"), actor=actor, now=now)


def spend_money(ticket_set: TicketSet, paid: Parts, *, actor: Actor, now: datetime) -> None:
    """Spend what was held at the price truly paid; a higher price must still be one the fund may pay."""
    if ticket_set.fund_id is None:
        return
    fund, held = lock_fund(ticket_set.fund_id), parts_of(ticket_set).total
    _require_currency_of(fund, paid)
    if held < paid.total:
        require_fund_may_pay(fund, ticket_set, paid, balances(fund)["available"] + held)
    spend(
        fund.pk,
        held=held,
        fare=paid.fare,
        tax=paid.tax,
        fee=paid.fee,
        cause=cause(ticket_set, "spend"),
        actor=actor,
        now=now,
    )


def _require_currency_of(fund: Fund, paid: Parts) -> None:
    if paid.currency != fund.currency:
        raise BadInput(
            "purchase.currency",
            message("The fund that pays is kept in %(fund)s, and this price is in %(price)s."),
            remedy=message("Write what was charged to the fund, in %(fund)s."),
            field="fare",
            values={"fund": fund.currency, "price": paid.currency},
        )


def release_money(ticket_set: TicketSet, *, actor: Actor, now: datetime) -> None:
    """Let go what was set aside for a set that was never bought."""
    if ticket_set.fund_id is not None:
        total = parts_of(ticket_set).total
        release(ticket_set.fund_id, total, cause=cause(ticket_set, "release"), actor=actor, now=now)


def ask_money_back(ticket_set: TicketSet, *, actor: Actor, now: datetime) -> RefundTask | None:
    """Open the task to ask the carrier for a bought set's value, whoever paid; None when it cost nothing."""
    parts = parts_of(ticket_set)
    if parts.total.minor == 0:
        return None
    if ticket_set.fund_id is not None:
        ask_back(
            ticket_set.fund_id,
            fare=parts.fare,
            tax=parts.tax,
            fee=parts.fee,
            cause=cause(ticket_set, "ask_back"),
            actor=actor,
            now=now,
        )
    refund = RefundTask(
        centre_id=ticket_set.centre_id,
        ticket_set=ticket_set,
        amount_minor=parts.total.minor,
        currency=parts.currency,
        opened_at=now,
    )
    refund.save(force_insert=True)
    return refund


def take_money_back(refund: RefundTask, received: Money, *, actor: Actor, now: datetime) -> None:
    """Book what the carrier gave back, and what it did not as lost, in the fund that paid."""
    ticket_set = refund.ticket_set
    if ticket_set.fund_id is None:
        return
    lost = split_lost(parts_of(ticket_set), received)
    receive_back(ticket_set.fund_id, received, cause=cause(ticket_set, "receive_back"), actor=actor, now=now)
    write_off(
        ticket_set.fund_id,
        fare=lost.fare,
        tax=lost.tax,
        fee=lost.fee,
        cause=cause(ticket_set, "write_off"),
        actor=actor,
        now=now,
    )


def cause(ticket_set: TicketSet, act: str) -> str:
    """What a movement of the books is for: once a set and act."""
    return f"ticket_set:{ticket_set.pk}:{act}"
