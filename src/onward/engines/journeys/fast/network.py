"""A timetable compiled into arrays: what a fast search reads, in memory or mapped from a file."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from onward.engines.journeys.clock import MINUTES_A_DAY, day_of
from onward.engines.journeys.fast.kernel_arrays import CLOSED, NEVER, NO_CHANGE, Bits, Int16, Int32, Shape, Trips
from onward.engines.journeys.fast.kernel_lower import fewest_to, least_to
from onward.engines.journeys.fast.lower import lines_of, links_of
from onward.engines.journeys.fast.span import Span, boardings, make_span
from onward.engines.journeys.fast.tables import Column, Made, columns_named, rows_of
from onward.engines.journeys.fast.texts import Texts
from onward.engines.journeys.fast.views import WalksOf, feed_views
from onward.engines.journeys.feed import FeedSummary
from onward.engines.journeys.gtfs.stop_times import NO_DROP_OFF, NO_PICKUP
from onward.engines.journeys.journey import Stop, StopKey, get_number
from onward.engines.journeys.links import Linking
from onward.engines.journeys.timetable import Pattern

BOUNDS = "least", "fewest"
"""Tables of stops by stops (lower.py): of each a search wants a row or a few."""

KEPT_SPANS = 4
"""Stretches of days kept unrolled, the last ones asked for."""


class Rows(Protocol):
    """The rows of a table."""

    def __len__(self) -> int: ...

    def __getitem__(self, number: int, /) -> Any: ...


@dataclass(frozen=True, slots=True)
class Head:
    """What a network's file says of itself.

    key: of all it was compiled from. first_day: the day of bit 0 of calendar_days, as days since calendar.FIRST_DAY.
    longest_minutes: the latest any trip runs into its service day. stamps: what each feed held, by name (store.py).
    """

    key: str
    linking: Linking
    feeds: tuple[FeedSummary, ...]
    zones: tuple[str, ...]
    first_day: int
    longest_minutes: int
    stamps: Mapping[str, str]


class Network:
    """A compiled timetable. It never changes once made, and may be shared by threads.

    columns: every array by name, as compiling.py makes them. path: its file, None where it lies in memory only.
    bounds: those of BOUNDS that stay in the file, for columns lacks them.
    """

    def __init__(
        self,
        head: Head,
        columns: Mapping[str, Column],
        path: Path | None = None,
        bounds: Mapping[str, Rows] = MappingProxyType({}),
    ) -> None:
        for column in columns.values():
            # One that could be written to, as after a journey between processes, is compiled for anew.
            column.flags.writeable = False
        self.head, self.columns, self.path = head, columns, path
        self._least, self._fewest = (bounds.get(name, columns.get(name, ())) for name in BOUNDS)
        self.linking = head.linking
        self.texts = Texts(columns["text_first"], columns["text_letters"])
        self.shape = Shape(*[columns[name] for name in Shape._fields])
        self.trips = Trips(*[columns[name] for name in Trips._fields])
        self.rules: Bits = columns["place_rules"]
        self.stops: Sequence[Stop] = rows_of(Stop, columns_named("stop.", columns), self.texts)
        self.patterns = Made(self._pattern)
        self.feeds = feed_views(head.feeds, columns, self.texts)
        self.changes = WalksOf(self.shape)
        self.stop_of: list[int] = columns["stop_of"].tolist()
        self._feed_trips, self._pattern_feed = memoryview(columns["feed_trips"]), memoryview(columns["pattern_feed"])
        self.legs: dict[Hashable, Any] = {}
        self._spans: dict[tuple[int, int], Span] = {}
        self._rules: dict[frozenset[str], Bits] = {}
        self._shapes: dict[int, Shape] = {100: self.shape}

    def __reduce__(self) -> tuple[object, ...]:
        from onward.engines.journeys.fast.networkfile import mapped

        if self.path is not None:
            return mapped, (self.path,)
        return Network, (self.head, dict(self.columns))

    @cached_property
    def number_of(self) -> dict[StopKey, int]:
        """The numbers of stops by their keys; of a stop with stands, its own."""
        numbers: dict[StopKey, int] = {}
        for number, stop in enumerate(self.stops):
            numbers.setdefault(stop.key, number)
        return numbers

    def number(self, key: StopKey) -> int:
        """The number of a stop; raises NotFound where no feed has it."""
        return get_number(self.number_of, key)

    def get_stop(self, key: StopKey) -> Stop:
        """A stop by its key; raises NotFound where no feed has it."""
        return self.stops[self.number(key)]

    def expand(self, keys: Sequence[StopKey]) -> list[int]:
        """The numbers of stops, a station's standing for itself and all stops in it."""
        asked = {self.number(key) for key in keys}
        for stop in list(asked):
            asked.update(self._inside.get(stop, ()))
        return sorted(asked)

    @cached_property
    def _inside(self) -> dict[int, list[int]]:
        """The stops in each station, and the stands of each stop that has some."""
        inside: dict[int, list[int]] = {}
        for above in (self.columns["station_of"], self.columns["stop_of"]):
            for stop in np.flatnonzero(above != np.arange(len(above))).tolist():
                inside.setdefault(int(above[stop]), []).append(stop)
        return inside

    def span(self, first_minute: int, last_minute: int) -> Span:
        """Every trip under way at some time between two minutes, to whole UTC days; made once for the same days.

        Minutes since 1970-01-01 00:00 UTC. Raises ValueError for more than span.MOST_DAYS days.
        """
        days = day_of(first_minute), day_of(last_minute)
        span = self._spans.get(days)
        if span is None:
            while len(self._spans) >= KEPT_SPANS:
                self._spans.pop(list(self._spans)[0], None)  # noqa: RUF015  (threads: a list is made in one go)
            first = first_minute - first_minute % MINUTES_A_DAY
            span = self._spans[days] = make_span(self, first, days[1] - days[0] + 1)
        return span

    @cached_property
    def boardings(self) -> tuple[Int32, Int32, Int32]:
        """(stop, pattern, place) of each call at which somebody may board, by stop."""
        return boardings(self)

    def shape_at(self, pace: int) -> Shape:
        """The shape with walks and the feeds' own change times as long as they take a party of that pace (Query)."""
        shape = self._shapes.get(pace)
        if shape is None:
            shape = self._shapes[pace] = self.shape._replace(
                change_minutes=_paced(self.shape.change_minutes, pace),
                walk_minutes=_paced(self.shape.walk_minutes, pace),
                enter_minutes=_paced(self.shape.enter_minutes, pace),
            )
        return shape

    def least_to(self, stops: Sequence[int]) -> Int16:
        """For every stop, minutes that no journey from there to one of some stops takes less than, walks and all; NEVER
        where none leads there."""
        if len(self._least) and stops:
            return _least_of(self._least, stops)
        least: Int16 = np.empty(len(self.stops), np.int16)
        least_to(*links_of(self.columns), np.array(stops, np.int32), least)
        return _read_only(least)

    def fewest_to(self, stops: Sequence[int]) -> Bits:
        """For every stop, vehicles that who has come there must board at least to leave one at any of some stops, or a
        walk from it."""
        if len(self._fewest) and stops:
            return _least_of(self._fewest, stops)
        fewest: Bits = np.empty(len(self.stops), np.uint8)
        fewest_to(lines_of(self.columns), np.array(stops, np.int32), fewest)
        return _read_only(fewest)

    def first_trip(self, pattern: int) -> int:
        """The number of the first trip of a pattern's feed among those of all feeds."""
        return self._feed_trips[self._pattern_feed[pattern]]

    def _pattern(self, number: int) -> Pattern:
        feed = int(self.columns["pattern_feed"][number])
        first, end = self.shape.place_first[number : number + 2].tolist()
        trips = self.trips.pattern_trips[slice(*self.trips.trips_first[number : number + 2].tolist())]
        own = (trips - self.columns["feed_trips"][feed]).tolist()
        return Pattern(feed, tuple(self.shape.place_stop[first:end].tolist()), self.rules[first:end].tobytes(), own)

    def rules_in(self, countries: frozenset[str] | None) -> Bits:
        """The rule bits of all calls for who may be in those countries only (None: in all)."""
        if countries is None:
            return self.rules
        rules = self._rules.get(countries)
        if rules is None:
            rules = self._rules[countries] = self._closed_outside(countries)
        return rules

    def _closed_outside(self, countries: frozenset[str]) -> Bits:
        open_at = np.array([stop.country in countries for stop in self.stops], np.bool_)
        shut = ~open_at[self.shape.place_stop]
        return _read_only(np.where(shut, self.rules | (CLOSED | NO_PICKUP | NO_DROP_OFF), self.rules).astype(np.uint8))


def _paced(minutes: Int16, pace: int) -> Int16:
    """As party.paced, of many; NO_CHANGE stays."""
    slow = np.minimum(-(-minutes.astype(np.int64) * pace // 100), NEVER)
    return _read_only(np.where(minutes == NO_CHANGE, NO_CHANGE, slow).astype(np.int16))


def _least_of(rows: Rows, numbers: Sequence[int]) -> NDArray[Any]:
    """The least of some rows at each place."""
    first, *others = numbers
    least: NDArray[Any] = rows[first]
    for other in others:
        least = _read_only(np.minimum(least, rows[other]))
    return least


def _read_only[Number: np.integer[Any]](array: NDArray[Number]) -> NDArray[Number]:
    """The array, as those of the file: code is compiled once for all of a kernel's arguments."""
    array.flags.writeable = False
    return array
