"""Several compiled feeds as one timetable in memory: stops by number, patterns by the stops they call at."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from onward.core.errors import NotFound, message
from onward.engines.journeys.clock import MINUTES_A_DAY, day_of
from onward.engines.journeys.feed import Feed
from onward.engines.journeys.journey import Stop, StopKey
from onward.engines.journeys.links import Linking, StopTable, find_changes
from onward.engines.journeys.running import Running

KEPT_SPANS = 4
"""Stretches of days kept unrolled, the last ones asked for."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """Trips of one feed that call at the same stops under the same rules. stops: numbers in the timetable."""

    feed: int
    stops: tuple[int, ...]
    rules: bytes
    trips: range


class Timetable:
    """Feeds merged. It never changes once made, and may be shared by threads."""

    def __init__(self, feeds: Sequence[Feed], linking: Linking = Linking.NEARBY) -> None:
        self.feeds = tuple(feeds)
        self.linking = linking
        table = _stop_table(self.feeds)
        self.stops: tuple[Stop, ...] = tuple(table.stops)
        self.station_of = table.station_of
        self.number_of: dict[StopKey, int] = {stop.key: number for number, stop in enumerate(self.stops)}
        self.patterns = tuple(_patterns(self.feeds, table.first))
        self.changes = find_changes(self.feeds, table, linking)
        self.calls_at: list[list[tuple[int, int]]] = [[] for _ in self.stops]
        for number, pattern in enumerate(self.patterns):
            for place, stop in enumerate(pattern.stops):
                self.calls_at[stop].append((number, place))
        self._first = table.first
        self._spans: dict[tuple[int, int], Running] = {}

    def number(self, key: StopKey) -> int:
        """The number of a stop; raises NotFound where no feed has it."""
        try:
            return self.number_of[key]
        except KeyError:
            raise NotFound(
                "stop.unknown",
                message("There is no stop %(key)s."),
                remedy=message("Write it as FEED:ID, with the feed's name from “onward feed list”."),
                field="stop",
                values={"key": key[:80]},
            ) from None

    def get_stop(self, key: StopKey) -> Stop:
        """A stop by its key; raises NotFound where no feed has it."""
        return self.stops[self.number(key)]

    def expand(self, keys: Sequence[StopKey]) -> list[int]:
        """The numbers of stops, a station's standing for itself and all stops in it."""
        asked = {self.number(key) for key in keys}
        inside = {number for number, station in enumerate(self.station_of) if station in asked}
        return sorted(asked | inside)

    def running(self, first_minute: int, last_minute: int) -> Running:
        """Every trip under way at some time between two minutes, to whole UTC days; made once for the same days."""
        days = day_of(first_minute), day_of(last_minute)
        running = self._spans.get(days)
        if running is None:
            while len(self._spans) >= KEPT_SPANS:
                self._spans.pop(next(iter(self._spans)), None)
            epoch = first_minute - first_minute % MINUTES_A_DAY
            running = Running(self.feeds, self.patterns, (epoch, epoch + (days[1] - days[0] + 1) * MINUTES_A_DAY))
            self._spans[days] = running
        return running

    @cached_property
    def hops_into(self) -> list[dict[int, int]]:
        """For each stop, the stops some trip comes straight from and the fewest minutes it takes."""
        hops: list[dict[int, int]] = [{} for _ in self.stops]
        for feed, first in zip(self.feeds, self._first, strict=True):
            patterns = feed.patterns
            for start, end, minutes in zip(patterns.hop_from, patterns.hop_to, patterns.hop_minutes, strict=True):
                hops[first + end][first + start] = minutes
        return hops

    @cached_property
    def walks_into(self) -> list[dict[int, int]]:
        """For each stop, the stops one may walk from and the minutes it takes."""
        walks: list[dict[int, int]] = [{} for _ in self.stops]
        for start, ends in enumerate(self.changes.walks):
            for end, minutes in ends.items():
                walks[end][start] = minutes
        return walks


def _stop_table(feeds: Sequence[Feed]) -> StopTable:
    stops: list[Stop] = []
    station_of: list[int] = []
    first: list[int] = []
    access = {0: None, 1: True, 2: False}
    for feed in feeds:
        first.append(len(stops))
        numbers = {row.stop_id: len(stops) + at for at, row in enumerate(feed.stops)}
        for row in feed.stops:
            station_of.append(numbers[row.parent_id or row.stop_id])
            wheelchair = access[row.wheelchair]
            stops.append(Stop(feed.name, row.stop_id, row.name, row.lat, row.lon, row.zone, wheelchair))
    return StopTable(stops, station_of, first)


def _patterns(feeds: Sequence[Feed], first_stops: Sequence[int]) -> list[Pattern]:
    made: list[Pattern] = []
    for number, (feed, first) in enumerate(zip(feeds, first_stops, strict=True)):
        patterns = feed.patterns
        rules = patterns.rules.tobytes()
        for at in range(len(patterns.first) - 1):
            start, end = patterns.first[at], patterns.first[at + 1]
            stops = tuple(first + stop for stop in patterns.stops[start:end])
            trips = range(patterns.trip_first[at], patterns.trip_first[at + 1])
            made.append(Pattern(number, stops, rules[start:end], trips))
    return made
