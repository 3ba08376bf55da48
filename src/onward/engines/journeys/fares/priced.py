"""From the steps a search took to a journey with its price: the tickets bought, fare, tax and fee apart, and why."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from onward.core.errors import message
from onward.core.money import Money
from onward.engines.journeys.fares.party import Party
from onward.engines.journeys.fares.steps import Amounts, Step
from onward.engines.journeys.fares.ticket import Ticket
from onward.engines.journeys.journey import Journey, JourneyReason, JourneyWarning, Leg

FARE_UNKNOWN = message("No fare is on file for %(from)s to %(to)s (%(agency)s): ask the carrier.")
CURRENCIES_DIFFER = message("The carriers quote in different currencies (%(currencies)s): ask each for its price.")
GENERAL_UNKNOWN = "fare_unknown"


class Bought(NamedTuple):
    """How a ride was paid: by a ticket bought anew, or on the one before."""

    step: Step
    is_new: bool


@dataclass(frozen=True, slots=True)
class Price:
    """What a row of rides costs a party, in all. fare, tax, fee: None where any part is not known, or not in one money.

    unknown: the rides whose fare nobody knows; currencies: all that the known parts are in.
    """

    fare: Money | None
    tax: Money | None
    fee: Money | None
    quoted_on: date | None
    tickets: tuple[Ticket, ...]
    unknown: tuple[int, ...]
    currencies: tuple[str, ...]


def add_up(bought: Sequence[Bought], fees: Amounts, currencies: Sequence[str]) -> Price:
    """The price of rides paid step by step: known whole or not at all. fees: in all, an amount a currency."""
    tickets = tickets_of(bought)
    unknown = tuple(at for ticket in tickets if not ticket.is_known for at in ticket.rides)
    charged = {name for name, minor in zip(currencies, fees, strict=True) if minor}
    used = tuple(sorted(charged | {ticket.fare.currency for ticket in tickets if ticket.fare}))
    if unknown or len(used) != 1:
        return Price(None, None, None, None, tickets, unknown, used)
    return Price(
        _sum(used[0], [ticket.fare for ticket in tickets]),
        _sum(used[0], [ticket.tax for ticket in tickets]),
        Money(fees[list(currencies).index(used[0])], used[0]),
        min((ticket.quoted_on for ticket in tickets if ticket.quoted_on), default=None),
        tickets,
        (),
        used,
    )


def priced(journey: Journey, price: Price) -> Journey:
    """The journey with its tickets and price, and what to say where there is none: whom to ask."""
    rides = [leg for leg in journey.legs if not leg.is_walk and not leg.stays_seated]
    kept = tuple(warning for warning in journey.warnings if warning.code != GENERAL_UNKNOWN)
    warnings = [_unknown(rides, at) for at in price.unknown]
    if len(price.currencies) > 1:
        named = (("currencies", ", ".join(price.currencies)),)
        warnings.append(JourneyWarning("fare_currencies_differ", CURRENCIES_DIFFER, named))
    return replace(
        journey,
        fare=price.fare,
        tax=price.tax,
        fee=price.fee,
        quoted_on=price.quoted_on,
        tickets=price.tickets,
        warnings=(*warnings, *kept),
    )


def tickets_of(bought: Sequence[Bought]) -> tuple[Ticket, ...]:
    """The tickets of a row of rides, each with the rides it covers."""
    tickets: list[Ticket] = []
    for at, (step, is_new) in enumerate(bought):
        line = step.line or Ticket((), None)
        if is_new or not step.replaces:
            tickets.append(replace(line, rides=(at,)))
        else:
            tickets[-1] = replace(line, rides=(*tickets[-1].rides, at))
    return tuple(tickets)


def explain(journey: Journey, party: Party) -> tuple[JourneyReason, ...]:
    """What the price is made of, a sentence a ticket: "2 adults and 1 child: 148.00 USD, quoted 2026-03-03"."""
    return tuple(_sentence(ticket, party) for ticket in journey.tickets if ticket.is_known)


_QUOTED = message("%(who)s: %(price)s, quoted %(on)s")
_BY_FEED = message("%(who)s: %(price)s, as the timetable says (%(name)s)")


def _sentence(ticket: Ticket, party: Party) -> JourneyReason:
    price = ticket.fare + ticket.tax if ticket.fare and ticket.tax else ticket.fare
    values = (("who", who(party)), ("price", str(price)))
    if ticket.quoted_on:
        return JourneyReason("fare_quoted", _QUOTED, (*values, ("on", ticket.quoted_on.isoformat())))
    return JourneyReason("fare_of_feed", _BY_FEED, (*values, ("name", ticket.name)))


def who(party: Party) -> str:
    """The party in English: "2 adults and 1 child"."""
    words = {
        "adults": ("adult", "adults"),
        "children": ("child", "children"),
        "infants": ("infant on a lap", "infants on a lap"),
    }
    parts = [
        f"{count} {one if count == 1 else many}"
        for field, (one, many) in words.items()
        if (count := getattr(party, field))
    ]
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _unknown(rides: Sequence[Leg], at: int) -> JourneyWarning:
    leg = rides[at]
    values = (("from", leg.from_stop.name), ("to", leg.to_stop.name), ("agency", leg.agency))
    return JourneyWarning(GENERAL_UNKNOWN, FARE_UNKNOWN, values)


def _sum(currency: str, amounts: Sequence[Money | None]) -> Money:
    return Money(sum(amount.minor for amount in amounts if amount), currency)
