"""Dated quotes: what a carrier asked for a seat between two stops, and which of several counts."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from onward.engines.journeys.fares.party import Band, Party


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

    def fare_of(self, party: Party) -> int:
        """The fares of a party, without tax and fee, in minor units."""
        each = {Band.ADULT: self.adult_minor, Band.CHILD: self.child_minor, Band.INFANT: self.infant_minor}
        return sum(each[band] * count for band, count in party.counts.items())

    def tax_of(self, party: Party) -> int:
        """The tax of a party: once a seat taken."""
        return self.tax_minor * party.seats


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
    from_name: str = ""
    to_name: str = ""
    agency: str = ""


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


class QuoteBook:
    """Quotes by what they name, so that those for a leg are found among many."""

    def __init__(self, quotes: Iterable[Quote]) -> None:
        self.quotes = tuple(quotes)
        self._by_ends: dict[tuple[str, str, str, str], list[Quote]] = defaultdict(list)
        self._by_start: dict[tuple[str, str, str], list[Quote]] = defaultdict(list)
        for quote in self.quotes:
            self._by_ends[quote.feed, quote.agency_id, quote.from_stop, quote.to_stop].append(quote)
            self._by_start[quote.feed, quote.agency_id, quote.from_stop].append(quote)

        ends = {quote.valid_to + timedelta(days=1) for quote in self.quotes if quote.valid_to < date.max}
        self._stops_named = frozenset((one.feed, stop) for one in self.quotes for stop in (one.from_stop, one.to_stop))
        self._changes = sorted({quote.valid_from for quote in self.quotes} | ends)

    @property
    def stops_named(self) -> frozenset[tuple[str, str]]:
        """(feed, stop) of every stop that a quote names."""
        return self._stops_named

    def day_like(self, on: date) -> date:
        """The first of the days around a day on all of which the same quotes are valid."""
        at = bisect_right(self._changes, on)
        return self._changes[at - 1] if at else date.min

    def find(self, leg: SoldLeg) -> Quote | None:
        """The quote that counts for a leg, None where there is none (`find_quote`)."""
        ends = [(start, end) for start in leg.from_stops for end in leg.to_stops]
        named = [quote for pair in ends for quote in self._by_ends.get((leg.feed, leg.agency_id, *pair), ())]
        return find_quote(leg, named)

    def from_start(self, leg: SoldLeg) -> list[Quote]:
        """Every quote of a leg's carrier from where it starts, valid on its day."""
        return [
            quote
            for start in leg.from_stops
            for quote in self._by_start.get((leg.feed, leg.agency_id, start), ())
            if quote.valid_from <= leg.on <= quote.valid_to
        ]
