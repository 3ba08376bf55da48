"""What a journey costs a party by dated quotes kept beside the timetable: the engine's price in this room's words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from onward.apps.people.models import AgeBand
from onward.core.errors import message
from onward.core.money import Money
from onward.engines.journeys.fares.book import FareBook
from onward.engines.journeys.fares.party import Party
from onward.engines.journeys.fares.priced import CURRENCIES_DIFFER, FARE_UNKNOWN
from onward.engines.journeys.fares.pricing import price
from onward.engines.journeys.fares.quotes import Quote, QuoteBook, SoldLeg, find_quote
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
    "SoldLeg",
    "find_quote",
    "party_of",
    "price_party",
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
    """For the whole party. All amounts are None where a warning says why. quoted_on: of the oldest quote used."""

    fare: Money | None
    tax: Money | None
    fee: Money | None
    quoted_on: date | None
    warnings: tuple[JourneyWarning, ...] = ()


def price_party(legs: Sequence[SoldLeg], bands: Mapping[AgeBand, int], quotes: Iterable[Quote]) -> Price:
    """The price of a journey for a party by dated quotes: the engine's (fares/tariff.py), in the words of this room.

    bands: how many people of each age band. Fares go by age, tax by seat, each carrier's fee is taken once. A leg
    without a quote, or quotes in several currencies, leave the price unknown with a warning: never a part of it.
    """
    tariff = Tariff(FareBook(quotes=QuoteBook(quotes)), party_of(bands))
    made = price(tariff, [_ridden(leg) for leg in legs])
    warnings = [_fare_unknown(legs[at]) for at in made.unknown]
    if len(made.currencies) > 1 and not warnings:
        warnings.append(JourneyWarning("fare_currencies_differ", {"currencies": ", ".join(made.currencies)}))
    return Price(made.fare, made.tax, made.fee, made.quoted_on, tuple(warnings))


def party_of(bands: Mapping[AgeBand, int]) -> Party:
    """A party as carriers price it: from twelve on everybody is an adult to them."""
    count = {band: bands.get(band, 0) for band in AgeBand}
    return Party(count[AgeBand.ADULT] + count[AgeBand.YOUTH], count[AgeBand.CHILD], count[AgeBand.INFANT])


def _ridden(leg: SoldLeg) -> Ridden:
    """A leg as the engine's tariffs see a ride; quotes ask for the day alone, so its noon will do."""
    noon = int(datetime.combine(leg.on, time(12), UTC).timestamp()) // 60
    ends = leg.from_stops, leg.to_stops
    return Ridden(leg.feed, leg.agency_id, "", *ends, (), noon, noon, "UTC", "UTC")


def _fare_unknown(leg: SoldLeg) -> JourneyWarning:
    return JourneyWarning("fare_unknown", {"from": leg.from_name, "to": leg.to_name, "agency": leg.agency})
