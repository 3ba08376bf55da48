"""What a journey costs a party: pure, from dated quotes kept beside the timetable."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from onward.apps.people.models import AgeBand
from onward.core.errors import message
from onward.core.money import Money
from onward.engines.journeys.legs import ABOUT_TIMES, ARRANGE
from onward.engines.journeys.reasons import REASONS, WARNINGS

SEATED = frozenset({AgeBand.ADULT, AgeBand.YOUTH, AgeBand.CHILD})
"""Who takes a seat and pays its tax; an infant travels on a lap."""

REASON_TEXTS = REASONS
"""The English of each reason a journey may be shown for."""

WAY_TEXTS = WARNINGS
"""The English of each warning about the way itself: nights, closed desks, changes, seats, steps."""

WARNING_TEXTS = {
    **WAY_TEXTS,
    "fare_unknown": message("No fare is on file for %(from)s to %(to)s (%(agency)s): ask the carrier."),
    "fare_currencies_differ": message(
        "The carriers quote in different currencies (%(currencies)s): ask each for its price."
    ),
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
class SoldLeg:
    """A leg a carrier sells. from_stops, to_stops: GTFS ids a quote may name, the nearest first (stop, then station).

    on: local day of departure. from_name, to_name, agency: for people.
    """

    feed: str
    agency_id: str
    from_stops: tuple[str, ...]
    to_stops: tuple[str, ...]
    on: date
    from_name: str
    to_name: str
    agency: str


@dataclass(frozen=True, slots=True)
class Quote:
    """What a carrier asked on `quoted_on` for travel from `valid_from` to `valid_to`, in minor units of `currency`."""

    feed: str
    agency_id: str
    from_stop: str
    to_stop: str
    adult_minor: int
    child_minor: int
    infant_minor: int
    tax_minor: int
    fee_minor: int
    currency: str
    quoted_on: date
    valid_from: date
    valid_to: date


@dataclass(frozen=True, slots=True)
class Price:
    """For the whole party. All amounts are None where a warning says why. quoted_on: of the oldest quote used."""

    fare: Money | None
    tax: Money | None
    fee: Money | None
    quoted_on: date | None
    warnings: tuple[JourneyWarning, ...] = ()


def price_party(legs: Sequence[SoldLeg], bands: Mapping[AgeBand, int], quotes: Iterable[Quote]) -> Price:
    """The price of a journey for a party: fares by age, tax a seat, and each carrier's fee once.

    bands: how many people of each age band. Of several quotes for a leg the newest one valid on its day counts. A leg
    without a quote, or quotes in several currencies, leave the price unknown with a warning: never a part of it.
    """
    held = list(quotes)
    found = [find_quote(leg, held) for leg in legs]
    used = [quote for quote in found if quote is not None]
    if len(used) < len(legs) or not used:
        gaps = [_fare_unknown(leg) for leg, quote in zip(legs, found, strict=True) if quote is None]
        return Price(None, None, None, None, tuple(gaps))
    currencies = sorted({quote.currency for quote in used})
    if len(currencies) > 1:
        differ = JourneyWarning("fare_currencies_differ", {"currencies": ", ".join(currencies)})
        return Price(None, None, None, None, (differ,))
    fees = {(quote.feed, quote.agency_id): 0 for quote in used}
    for quote in used:
        fees[quote.feed, quote.agency_id] = max(fees[quote.feed, quote.agency_id], quote.fee_minor)
    seats = sum(count for band, count in bands.items() if band in SEATED)
    return Price(
        Money(sum(_fare_minor(quote, bands) for quote in used), currencies[0]),
        Money(sum(quote.tax_minor for quote in used) * seats, currencies[0]),
        Money(sum(fees.values()), currencies[0]),
        min(quote.quoted_on for quote in used),
    )


def find_quote(leg: SoldLeg, quotes: Iterable[Quote]) -> Quote | None:
    """The newest quote for a leg that is valid on its day; one for the stop itself before one for its station."""

    def closeness(quote: Quote) -> tuple[int, int]:
        return -leg.from_stops.index(quote.from_stop), -leg.to_stops.index(quote.to_stop)

    fitting = [
        quote
        for quote in quotes
        if (quote.feed, quote.agency_id) == (leg.feed, leg.agency_id)
        and quote.from_stop in leg.from_stops
        and quote.to_stop in leg.to_stops
        and quote.valid_from <= leg.on <= quote.valid_to
    ]
    return max(fitting, key=lambda quote: (*closeness(quote), quote.quoted_on), default=None)


def _fare_minor(quote: Quote, bands: Mapping[AgeBand, int]) -> int:
    by_band = {
        AgeBand.ADULT: quote.adult_minor,
        AgeBand.YOUTH: quote.adult_minor,
        AgeBand.CHILD: quote.child_minor,
        AgeBand.INFANT: quote.infant_minor,
    }
    return sum(by_band[band] * count for band, count in bands.items())


def _fare_unknown(leg: SoldLeg) -> JourneyWarning:
    return JourneyWarning("fare_unknown", {"from": leg.from_name, "to": leg.to_name, "agency": leg.agency})
