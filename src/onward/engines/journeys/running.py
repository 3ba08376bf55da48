"""Trips on their days: a stretch of time with every trip under way in it, at absolute minutes.

Made lazily, pattern by pattern: a search touches few of them. Within a lane no trip overtakes another, so that the
first to leave a stop after some minute is found by halving.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import le
from typing import TYPE_CHECKING

from onward.engines.journeys.clock import MINUTES_A_DAY, day_of, day_start
from onward.engines.journeys.feed import Feed

if TYPE_CHECKING:
    from onward.engines.journeys.timetable import Pattern


@dataclass(frozen=True, slots=True)
class Lane:
    """Runs of one pattern that never overtake each other, in order.

    runs: (trip number, minute its service day counts from). departures[p][r], arrivals[p][r]: the minute run r leaves
    and reaches place p of the pattern.
    """

    runs: tuple[tuple[int, int], ...]
    departures: tuple[tuple[int, ...], ...]
    arrivals: tuple[tuple[int, ...], ...]


class Running:
    """The trips of a timetable between two minutes. span: the first minute, and the one after the last."""

    def __init__(self, feeds: Sequence[Feed], patterns: "Sequence[Pattern]", span: tuple[int, int]) -> None:
        self._feeds, self._patterns, self._span = feeds, patterns, span
        self._lanes: dict[int, tuple[Lane, ...]] = {}
        self._starts: dict[tuple[int, int, str], list[int]] = {}

    def lanes(self, pattern: int) -> tuple[Lane, ...]:
        """The lanes of a pattern."""
        lanes = self._lanes.get(pattern)
        if lanes is None:
            lanes = self._lanes[pattern] = tuple(_lanes(self._runs(self._patterns[pattern])))
        return lanes

    def _runs(self, pattern: "Pattern") -> list["_Run"]:
        feed = self._feeds[pattern.feed]
        trips = feed.trips
        first_minute, end_minute = self._span
        runs: list[_Run] = []
        for trip in pattern.trips:
            begin, end = trips.time_first[trip], trips.time_first[trip + 1]
            arrive = [seconds // 60 for seconds in trips.arrive_s[begin:end]]
            depart = [seconds // 60 for seconds in trips.depart_s[begin:end]]
            for start in self._service_starts(pattern.feed, trips.service[trip], feed.routes[trips.route[trip]].zone):
                if start + arrive[-1] >= first_minute and start + depart[0] < end_minute:
                    arrivals = [start + minutes for minutes in arrive]
                    departures = [start + minutes for minutes in depart]
                    runs.append((departures, arrivals, (trip, start)))
        return runs

    def _service_starts(self, feed: int, service: int, zone: str) -> list[int]:
        """The minutes that each day of a service counts from, for the days whose trips may touch the span."""
        key = feed, service, zone
        starts = self._starts.get(key)
        if starts is None:
            days = self._feeds[feed].services[service]
            first, last = day_of(self._span[0]) - self._days_before[feed], day_of(self._span[1]) + 1
            starts = [day_start(zone, day) for day in range(max(first, 0), last + 1) if days >> day & 1]
            self._starts[key] = starts
        return starts

    @cached_property
    def _days_before(self) -> list[int]:
        """How many days before the span a trip of each feed may have begun and still be under way.

        One more than its hours tell: west of Greenwich a service day begins up to half a day into its UTC day.
        """
        return [1 + max(feed.trips.arrive_s, default=0) // 60 // MINUTES_A_DAY for feed in self._feeds]


_Run = tuple[list[int], list[int], tuple[int, int]]
"""departures, arrivals, (trip, service day's start)"""


def _lanes(runs: list[_Run]) -> list[Lane]:
    lanes: list[list[_Run]] = []
    for run in sorted(runs, key=lambda run: (run[0][0], run[1][-1])):
        for lane in lanes:
            last = lane[-1]
            if all(map(le, last[0], run[0])) and all(map(le, last[1], run[1])):
                lane.append(run)
                break
        else:
            lanes.append([run])
    return [_lane(lane) for lane in lanes]


def _lane(runs: list[_Run]) -> Lane:
    departures = tuple(zip(*(run[0] for run in runs), strict=True))
    arrivals = tuple(zip(*(run[1] for run in runs), strict=True))
    return Lane(tuple(run[2] for run in runs), departures, arrivals)
