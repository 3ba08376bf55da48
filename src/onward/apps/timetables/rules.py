"""What a journey costs a party: the engine's price in this room's words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from onward.apps.people.models import AgeBand
from onward.core.errors import message
from onward.core.money import Money
from onward.engines.journeys.fares.party import Party
from onward.engines.journeys.fares.priced import CURRENCIES_DIFFER, FARE_UNKNOWN
from onward.engines.journeys.fares.pricing import price
from onward.engines.journeys.fares.quotes import Quote
from onward.engines.journeys.fares.steps import Ridden
from onward.engines.journeys.fares.tariff import Tariff
from onward.engines.journeys.legs import ABOUT_TIMES, ARRANGE
from onward.engines.journeys.reasons import NOT_ALL_WEIGHED, REASONS, WARNINGS

SEATED = frozenset({AgeBand.ADULT, AgeBand.YOUTH, AgeBand.CHILD})
"""Who takes a seat; an infant travels on a lap."""

__all__ = [
    "REASON_TEXTS",
    "SEATED",
    "WARNING_TEXTS",
    "WAY_TEXTS",
    "JourneyWarning",
    "Price",
    "Quote",
    "party_of",
    "price_rides",
]

REASON_TEXTS = REASONS
"""The English of each reason a journey may be shown for."""

WAY_TEXTS = WARNINGS
"""The English of each warning about the way itself: nights, closed desks, changes, seats, steps."""

WARNING_TEXTS = {
    **WAY_TEXTS,
    "fare_unknown": FARE_UNKNOWN,
    "fare_currencies_differ": CURRENCIES_DIFFER,
    NOT_ALL_WEIGHED.code: NOT_ALL_WEIGHED.text,
    "feed_expires_soon": message("The timetable %(feed)s ends on %(on)s: check the times with the carrier."),
    ARRANGE.code: ARRANGE.text,
    ABOUT_TIMES.code: ABOUT_TIMES.text,
}
"""The English of each warning a journey may carry, with named placeholders."""


@dataclass(frozen=True, slots=True)
class JourneyWarning:
    """Something to say before a journey is chosen: a code of WARNING_TEXTS and what fills its sentence."""

    code: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Price:
    """For the whole party. All amounts are None where a warning says why.

    quoted_on: of the oldest quote used, None where the carriers' own data say it all.
    """

    fare: Money | None
    tax: Money | None
    fee: Money | None
    quoted_on: date | None
    warnings: tuple[JourneyWarning, ...] = ()


def price_rides(tariff: Tariff, rides: Sequence[Ridden], names: Sequence[Mapping[str, str]]) -> Price:
    """The price of a journey for a party: the engine's (fares/tariff.py), in the words of this room.

    names: "from", "to" and "agency" of each ride, for people. Fares go by age, tax by seat, each carrier's fee is taken
    once. A ride whose fare nobody gives, or fares in several currencies, leave the price unknown with a warning: never
    a part of it.
    """
    made = price(tariff, rides)
    warnings = [JourneyWarning("fare_unknown", names[at]) for at in made.unknown]
    if len(made.currencies) > 1 and not warnings:
        warnings.append(JourneyWarning("fare_currencies_differ", {"currencies": ", ".join(made.currencies)}))
    return Price(made.fare, made.tax, made.fee, made.quoted_on, tuple(warnings))


def party_of(bands: Mapping[AgeBand, int]) -> Party:
    """A party as carriers price it: from twelve on everybody is an adult to them."""
    count = {band: bands.get(band, 0) for band in AgeBand}
    return Party(count[AgeBand.ADULT] + count[AgeBand.YOUTH], count[AgeBand.CHILD], count[AgeBand.INFANT])
