"""A compiled feed: one timetable in the shape the search reads, without its GTFS tables.

Trips that call at the same stops in the same order under the same rules share a pattern. Times are seconds after noon
less twelve hours of the service day, as GTFS counts them; days are bits (gtfs/calendar.py).
"""

import json
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from itertools import accumulate, chain
from typing import NamedTuple

from onward.engines.journeys.fares.tables import FareTables
from onward.engines.journeys.gtfs.routes import Route
from onward.engines.journeys.gtfs.stops import StopRow
from onward.engines.journeys.gtfs.transfers import Transfer
from onward.engines.journeys.live import Live

ABOUT = 4
"""Trip bit: it runs about so often, not by the minute. The two bits below it are GTFS wheelchair_accessible."""
LIVE = 8
"""Trip bit: its times are those its carrier reported on the day (realtime.py)."""
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


class TripNames(NamedTuple):
    """What a trip is called, as its feed does. route: its number among the feed's."""

    route: int
    trip_id: str
    headsign: str
    number: str


@dataclass(frozen=True, slots=True)
class Trips:
    """Trips by number, in the order of their patterns. time_first[n]: where trip n's times begin.

    id, headsign, number: places in texts. bits: ABOUT and WHEELCHAIR. A run whose vehicle goes on as other trips has
    the calls of all (gtfs/joints.py): second_route, second_id, second_headsign, second_number are those of the last,
    rest says all after the first (a place in texts: route, trip_id, headsign, number and calls of each, as JSON); -1
    for a trip by itself. sequence: its stop_sequence values, a place in texts (gtfs/stop_times.Calls).
    """

    route: array[int]
    service: array[int]
    bits: array[int]
    id: array[int]
    headsign: array[int]
    number: array[int]
    second_route: array[int]
    second_id: array[int]
    second_headsign: array[int]
    second_number: array[int]
    rest: array[int]
    sequence: array[int]
    time_first: array[int]
    arrive_s: array[int]
    depart_s: array[int]
    texts: tuple[str, ...]

    def named(self, trip: int, *, second: bool) -> "TripNames":
        """What a run is called; with `second` the last trip that its vehicle goes on as."""
        if second:
            columns = self.second_route, self.second_id, self.second_headsign, self.second_number
        else:
            columns = self.route, self.id, self.headsign, self.number
        route, trip_id, headsign, number = columns
        texts = self.texts
        return TripNames(route[trip], texts[trip_id[trip]], texts[headsign[trip]], texts[number[trip]])

    def parts(self, trip: int) -> list[tuple[TripNames, int]]:
        """The trips that the vehicle of a run runs in a row, and how often each calls: of most runs it is one."""
        calls, rest = self.time_first[trip + 1] - self.time_first[trip], self.rest[trip]
        rows = json.loads(self.texts[rest]) if rest >= 0 else []
        parts = [(TripNames(*names), count) for *names, count in rows]
        return [(self.named(trip, second=False), calls - sum(count for _, count in parts)), *parts]

    def in_order(self, order: Sequence[int]) -> "Trips":
        """The same trips in another order. order: the number each had."""
        spans = [(self.time_first[trip], self.time_first[trip + 1]) for trip in order]
        columns = {
            column.name: array(values.typecode, [values[trip] for trip in order])
            for column in fields(self)
            if column.name not in ("time_first", "arrive_s", "depart_s", "texts")
            for values in (getattr(self, column.name),)
        }
        time_first = array("i", accumulate((end - start for start, end in spans), initial=0))
        arrive_s, depart_s = (
            array("i", chain.from_iterable(values[start:end] for start, end in spans))
            for values in (self.arrive_s, self.depart_s)
        )
        return Trips(**columns, time_first=time_first, arrive_s=arrive_s, depart_s=depart_s, texts=self.texts)


@dataclass(frozen=True, slots=True)
class Feed:
    """A compiled feed. services: the days of each service as bits.

    live: what its carrier said on the day (realtime.py), None where nothing was laid over it; never in a file.
    """

    summary: FeedSummary
    stops: tuple[StopRow, ...]
    routes: tuple[Route, ...]
    services: tuple[int, ...]
    transfers: tuple[Transfer, ...]
    patterns: Patterns
    trips: Trips
    fares: FareTables = FareTables()
    live: Live | None = None

    @property
    def name(self) -> str:
        """The feed's name in this installation, such as "ne_amtrak"."""
        return self.summary.name
