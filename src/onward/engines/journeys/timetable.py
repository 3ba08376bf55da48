"""Several compiled feeds as one timetable in memory: stops by number, patterns by the stops they call at."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from onward.engines.journeys.carriage import close_pairs
from onward.engines.journeys.clock import MINUTES_A_DAY, day_of
from onward.engines.journeys.corrections import NO_CORRECTIONS, Corrections
from onward.engines.journeys.feed import Feed
from onward.engines.journeys.journey import Stop, StopKey, get_number
from onward.engines.journeys.law import NO_LAW, Law
from onward.engines.journeys.links import Changes, Linking, StopTable, correct_links, find_changes
from onward.engines.journeys.running import Running
from onward.engines.journeys.stands import add_stands

KEPT_SPANS = 4
"""Stretches of days kept unrolled, the last ones asked for."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """Trips of one feed that call at the same stops under the same rules. stops: numbers in the timetable.

    trips: their numbers in the feed, by when they leave the first stop. stops may be stands (stands.py).
    """

    feed: int
    stops: tuple[int, ...]
    rules: bytes
    trips: range


class Timetable:
    """Feeds merged. It never changes once made, and may be shared by threads.

    stops: by number; after those of the feeds the stands some of them are split into (stands.py), each the same Stop as
    its own. stop_of[n]: the stop n is a stand of, n for a stop. station_of[n]: the station n is in, n where in none.
    corrected: by the numbers of two stops, the smaller first, the correction about their link.
    """

    def __init__(
        self,
        feeds: Sequence[Feed],
        linking: Linking = Linking.NEARBY,
        *,
        law: Law = NO_LAW,
        corrections: Corrections = NO_CORRECTIONS,
    ) -> None:
        """law: where countries are and what carriers may not carry; the feeds are those it leaves (carriage.py).

        corrections: of links, by people (corrections.py). They hold where stops are linked by distance and name.
        """
        countries = [law.countries.of_stops(feed.name, feed.stops) for feed in feeds]
        self.feeds = tuple(close_pairs(feed, law.carriage, of) for feed, of in zip(feeds, countries, strict=True))
        self.linking = linking
        self.law = law
        self.corrections = corrections if linking is Linking.NEARBY else NO_CORRECTIONS
        table = _stop_table(self.feeds, countries)
        self.number_of: dict[StopKey, int] = {stop.key: number for number, stop in enumerate(table.stops)}
        self.changes = find_changes(self.feeds, table, linking)
        self.corrected = correct_links(self.corrections.rows, table, self.changes)
        _keep_walks_within_countries(self.changes, table.stops)
        patterns, stop_of = _patterns(self.feeds, table.first, linking), list(range(len(table.stops)))
        if linking is not Linking.OFF:
            stood = add_stands(self.feeds, table, self.changes, patterns)
            self.feeds, patterns, stop_of = tuple(stood.feeds), stood.patterns, stood.stop_of
        self.patterns = tuple(patterns)
        self.stops: tuple[Stop, ...] = tuple(table.stops)
        self.station_of = table.station_of
        self.stop_of = stop_of
        self.calls_at: list[list[tuple[int, int]]] = [[] for _ in self.stops]
        for number, pattern in enumerate(self.patterns):
            for place, stop in enumerate(pattern.stops):
                self.calls_at[stop].append((number, place))
        self._first = table.first
        self._spans: dict[tuple[int, int], Running] = {}

    def number(self, key: StopKey) -> int:
        """The number of a stop; raises NotFound where no feed has it."""
        return get_number(self.number_of, key)

    def get_stop(self, key: StopKey) -> Stop:
        """A stop by its key; raises NotFound where no feed has it."""
        return self.stops[self.number(key)]

    def expand(self, keys: Sequence[StopKey]) -> list[int]:
        """The numbers of stops, a station's standing for itself and all stops in it."""
        asked = {self.number(key) for key in keys}
        inside = {number for number, station in enumerate(self.station_of) if station in asked}
        stands = {number for number in range(self.first_stand, len(self.stops)) if self.stop_of[number] in asked}
        return sorted(asked | inside | stands)

    @property
    def first_stand(self) -> int:
        """How many stops the feeds have: from there on there are stands."""
        return len(self.number_of)

    def outside(self, countries: frozenset[str] | None) -> frozenset[int]:
        """The stops that lie in none of some countries, by number; none where any country is allowed."""
        if countries is None:
            return frozenset()
        return frozenset(number for number, stop in enumerate(self.stops) if stop.country not in countries)

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
        for pattern in self.patterns:
            for start, end in zip(pattern.stops, pattern.stops[1:], strict=False):
                if start >= self.first_stand or end >= self.first_stand:
                    hops[end][start] = hops[self.stop_of[end]][self.stop_of[start]]
        return hops

    @cached_property
    def walks_into(self) -> list[dict[int, int]]:
        """For each stop, the stops one may walk from and the minutes it takes."""
        walks: list[dict[int, int]] = [{} for _ in self.stops]
        for start, ends in enumerate(self.changes.walks):
            for end, minutes in ends.items():
                walks[end][start] = minutes
        return walks


def _keep_walks_within_countries(changes: Changes, stops: Sequence[Stop]) -> None:
    """Nobody is walked from one country into another, however near two stops lie on both sides of a line."""
    for number, walks in enumerate(changes.walks):
        here = stops[number].country
        for other in [other for other in walks if here and stops[other].country not in ("", here)]:
            del walks[other]


def _stop_table(feeds: Sequence[Feed], countries: Sequence[Sequence[str]]) -> StopTable:
    stops: list[Stop] = []
    station_of: list[int] = []
    first: list[int] = []
    access = {0: None, 1: True, 2: False}
    for feed, of in zip(feeds, countries, strict=True):
        first.append(len(stops))
        numbers = {row.stop_id: len(stops) + at for at, row in enumerate(feed.stops)}
        for row, country in zip(feed.stops, of, strict=True):
            station_of.append(numbers[row.parent_id or row.stop_id])
            wheelchair = access[row.wheelchair]
            stops.append(Stop(feed.name, row.stop_id, row.name, row.lat, row.lon, row.zone, wheelchair, country))
    return StopTable(stops, station_of, first)


def _patterns(feeds: Sequence[Feed], first_stops: Sequence[int], linking: Linking) -> list[Pattern]:
    made: list[Pattern] = []
    for number, (feed, first) in enumerate(zip(feeds, first_stops, strict=True)):
        patterns = feed.patterns
        rules = patterns.rules.tobytes()
        for at in range(len(patterns.first) - 1):
            start, end = patterns.first[at], patterns.first[at + 1]
            stops = tuple(first + stop for stop in patterns.stops[start:end])
            trips = range(patterns.trip_first[at], patterns.trip_first[at + 1])
            # Staying seated is a change without a change: it is not looked for where changes are not.
            if linking is not Linking.OFF or feed.trips.second_route[trips[0]] < 0:
                made.append(Pattern(number, stops, rules[start:end], trips))
    return made
