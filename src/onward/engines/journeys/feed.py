"""A compiled feed: one timetable in the shape the search reads, without its GTFS tables.

Trips that call at the same stops in the same order under the same rules share a pattern. Times are seconds after noon
less twelve hours of the service day, as GTFS counts them; days are bits (gtfs/calendar.py).
"""

from array import array
from dataclasses import dataclass
from datetime import date

from onward.engines.journeys.gtfs.routes import Route
from onward.engines.journeys.gtfs.stops import StopRow
from onward.engines.journeys.gtfs.transfers import Transfer

ABOUT = 4
"""Trip bit: it runs about so often, not by the minute. The two bits below it are GTFS wheelchair_accessible."""
WHEELCHAIR = 3


@dataclass(frozen=True, slots=True)
class FeedSummary:
    """What a list of feeds shows. first_on, last_on: the first and last service day on which any trip runs."""

    name: str
    title: str
    zone: str
    first_on: date
    last_on: date
    stops: int
    trips_kept: int
    trips_total: int
    findings: int
    publisher: str
    publisher_version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Patterns:
    """Patterns by number. first[n] to first[n+1] are the places of pattern n in stops and rules, trip_first in trips.

    hops: (from stop, to stop, fewest minutes) for each two stops that follow one another in some trip.
    """

    first: array[int]
    stops: array[int]
    rules: array[int]
    trip_first: array[int]
    hop_from: array[int]
    hop_to: array[int]
    hop_minutes: array[int]


@dataclass(frozen=True, slots=True)
class Trips:
    """Trips by number, in the order of their patterns. time_first[n]: where trip n's times begin.

    id, headsign, number: places in texts. bits: ABOUT and WHEELCHAIR.
    """

    route: array[int]
    service: array[int]
    bits: array[int]
    id: array[int]
    headsign: array[int]
    number: array[int]
    time_first: array[int]
    arrive_s: array[int]
    depart_s: array[int]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Feed:
    """A compiled feed. services: the days of each service as bits."""

    summary: FeedSummary
    stops: tuple[StopRow, ...]
    routes: tuple[Route, ...]
    services: tuple[int, ...]
    transfers: tuple[Transfer, ...]
    patterns: Patterns
    trips: Trips

    @property
    def name(self) -> str:
        """The feed's name in this installation, such as "ne_amtrak"."""
        return self.summary.name
