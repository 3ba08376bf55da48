"""The plain range search: every best journey in a window, best by leaving late, arriving early and few vehicles.

Round-based (RAPTOR, Delling, Pajor, Werneck 2015): round k reaches what k vehicles reach. The departures of the window
are taken from the last to the first, and what a later one reached is kept, so that only journeys are found that no
later one beats (the paper's rRAPTOR). It starts just past the window's end: a journey that a later departure outside
the window beats is not offered either. It is written to be read; a faster one is held equal to it by tests.
"""

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from onward.engines.journeys.clock import minute_from, minute_of
from onward.engines.journeys.gtfs.stop_times import NO_DROP_OFF, NO_PICKUP
from onward.engines.journeys.journey import Journey, Query, StopKey
from onward.engines.journeys.least import NEVER, least_minutes
from onward.engines.journeys.legs import Ride, journey_of
from onward.engines.journeys.live import with_live_warnings
from onward.engines.journeys.party import paced
from onward.engines.journeys.running import Lane
from onward.engines.journeys.timetable import Timetable


def search(timetable: Timetable, query: Query) -> list[Journey]:
    """The Pareto set of journeys that answer the query, by departure, then arrival. Empty where there is none.

    Raises NotFound where a stop is unknown. Journeys alike in departure, arrival and vehicles are found once.
    """
    found = _RangeSearch(timetable, query).run()
    journeys = with_live_warnings(timetable.feeds, [journey_of(timetable, end, pace=query.pace) for end in found])
    return sorted(journeys, key=lambda journey: (journey.depart_at, journey.arrive_at, journey.vehicles))


class End(NamedTuple):
    """A journey found: its last ride, and the walks before the first and after the last ride as (stop, minutes)."""

    ride: Ride
    before: tuple[int, int]
    after: tuple[int, int]


class _RangeSearch:
    """One search. Lists that begin with a k are by round, then by stop number; minutes are absolute."""

    def __init__(self, timetable: Timetable, query: Query) -> None:
        count, rounds = len(timetable.stops), query.max_vehicles + 1
        self.timetable = timetable
        self.rounds = range(1, rounds)
        self.start, self.end = minute_of(query.window.start_at), minute_from(query.window.end_at)
        self.max_travel = int(query.max_travel.total_seconds() // 60)
        self.min_change = -int(-query.min_change.total_seconds() // 60)
        self.outside = timetable.outside(query.countries)
        self.pace = query.pace
        self.access = self._walked(timetable.changes.walks, self._inside(query.origins))
        self.egress = self._walked(timetable.walks_into, self._inside(query.destinations))
        self.least = least_minutes(timetable, self.access, self.egress)
        self.last_useful: dict[int, int] = {}
        self.running = timetable.running(self.start, self.end + self.max_travel)
        self.k_arrive = [[NEVER] * count for _ in range(rounds)]
        self.k_ready = [[NEVER] * count for _ in range(rounds)]
        self.k_ride: list[list[Ride | None]] = [[None] * count for _ in range(rounds)]
        self.k_best = [NEVER] * rounds
        self.k_end: list[End | None] = [None] * rounds
        self.reached: set[int] = set()
        self.latest = NEVER

    def _inside(self, keys: Sequence[StopKey]) -> list[int]:
        """The stops asked for that lie in a country the journey may touch."""
        return [stop for stop in self.timetable.expand(keys) if stop not in self.outside]

    def _walked(self, walks: list[dict[int, int]], stops: list[int]) -> dict[int, tuple[int, int]]:
        """For the stops asked for and those a walk away: the stop asked for that is nearest, and the minutes to it.

        A stand's own walks are those of passengers who change there; who starts or ends walks as from its stop.
        """
        near = {stop: (stop, 0) for stop in stops}
        for stop in stops:
            for other, minutes in walks[stop].items() if self.timetable.stop_of[stop] == stop else ():
                walk = paced(minutes, self.pace)
                if walk < near.get(other, (0, NEVER))[1]:
                    near[other] = stop, walk
        return near

    def run(self) -> list[End]:
        """Take the departures from the last to the first; give the journeys that each added."""
        if all(self.least[stop] >= NEVER for stop in self.access):
            return []
        self._leave(self.end, self._all_calls())
        found: list[End] = []
        events = self._departures()
        for minute in sorted(events, reverse=True):
            self.k_end = [None] * len(self.k_end)
            self._leave(minute, events[minute])
            found += [end for end in self.k_end if end is not None]
        return found

    def _all_calls(self) -> dict[int, int]:
        calls: dict[int, int] = {}
        for stop in self.access:
            for pattern, place in self.timetable.calls_at[stop]:
                calls[pattern] = min(place, calls.get(pattern, place))
        return calls

    def _departures(self) -> dict[int, dict[int, int]]:
        """For each minute in the window one may set out at: the patterns met, and from which place on."""
        events: dict[int, dict[int, int]] = {}
        for stop, (_, walk) in self.access.items():
            for pattern, place in self.timetable.calls_at[stop]:
                if stop in self.outside or self.timetable.patterns[pattern].rules[place] & NO_PICKUP:
                    continue
                for lane in self.running.lanes(pattern):
                    times = lane.departures[place]
                    for at in range(bisect_left(times, self.start + walk), bisect_left(times, self.end + walk)):
                        met = events.setdefault(times[at] - walk, {})
                        met[pattern] = min(place, met.get(pattern, place))
        return events

    def _leave(self, minute: int, calls: dict[int, int]) -> None:
        """Set out at a minute to meet some patterns, and ride on from there, a vehicle more each round."""
        self.latest = minute + self.max_travel
        for stop, (_, walk) in self.access.items():
            for ready, ride in zip(self.k_ready, self.k_ride, strict=True):
                if minute + walk <= ready[stop]:
                    ready[stop], ride[stop] = minute + walk, None
        for k in self.rounds:
            self.reached.clear()
            for pattern, place in calls.items():
                for lane in self.running.lanes(pattern):
                    self._ride(lane, (pattern, place), k)
            calls = {}
            for stop in self.reached:
                for pattern, place in self.timetable.calls_at[stop]:
                    if place < calls.get(pattern, self._last_useful(pattern)):
                        calls[pattern] = place
            if not calls:
                return

    def _last_useful(self, pattern: int) -> int:
        """The last place of a pattern from which the end can be reached; -1 where there is none."""
        last = self.last_useful.get(pattern)
        if last is None:
            stops = self.timetable.patterns[pattern].stops
            last = max((place for place, stop in enumerate(stops) if self.least[stop] < NEVER), default=-1)
            self.last_useful[pattern] = last
        return last

    def _ride(self, lane: Lane, call: tuple[int, int], k: int) -> None:
        """Ride along one lane from a place on: board the first run there is, alight wherever that is sooner."""
        number, first = call
        pattern = self.timetable.patterns[number]
        ready, arrive, least = self.k_ready[k - 1], self.k_arrive[k], self.least
        runs = len(lane.runs)
        at = runs
        boarded = first
        for place in range(first, len(pattern.stops)):
            stop, rules = pattern.stops[place], pattern.rules[place]
            if stop in self.outside:
                at = runs  # Whoever stayed aboard would be in a country that is not allowed.
                continue
            if at < runs and not rules & NO_DROP_OFF:
                minute = lane.arrivals[place][at]
                soonest = minute + least[stop]
                if minute < arrive[stop] and soonest < self.k_best[k] and soonest <= self.latest:
                    before = self.k_ride[k - 1][pattern.stops[boarded]]
                    self._alight(Ride(number, lane.runs[at], boarded, place, before), minute, k)
            if not rules & NO_PICKUP and ready[stop] < NEVER:
                times = lane.departures[place]
                if at == runs or ready[stop] <= times[at]:
                    sooner = bisect_left(times, ready[stop], 0, at)
                    if sooner < at:
                        at, boarded = sooner, place

    def _alight(self, ride: Ride, minute: int, k: int) -> None:
        """Note that a stop is reached sooner, where one may change from there, and whether the journey ends."""
        stop = self.timetable.patterns[ride.pattern].stops[ride.alighted]
        _lower(self.k_arrive, stop, minute, k)
        changes = self.timetable.changes
        if stop not in changes.forbidden:
            self._stand(stop, minute + max(self.min_change, paced(changes.own_minutes[stop], self.pace)), ride, k)
        for other, walk in changes.walks[stop].items():
            self._stand(other, minute + max(self.min_change, paced(walk, self.pace)), ride, k)
        if stop in self.egress:
            self._arrive(ride, stop, minute, k)

    def _stand(self, stop: int, minute: int, ride: Ride, k: int) -> None:
        """Note from when on one can board at a stop after a ride."""
        if k == self.rounds[-1] or minute + self.least[stop] >= self.k_best[k + 1]:
            return
        if minute < self.k_ready[k][stop]:
            for later in range(k, len(self.k_ready)):
                if minute >= self.k_ready[later][stop]:
                    break
                self.k_ready[later][stop] = minute
                self.k_ride[later][stop] = ride
            self.reached.add(stop)

    def _arrive(self, ride: Ride, stop: int, minute: int, k: int) -> None:
        """Note a journey that ends, where it is sooner than any so far with as many vehicles or fewer."""
        to_stop, walk = self.egress[stop]
        total = minute + walk
        if total < self.k_best[k] and total <= self.latest:
            for later in range(k, len(self.k_best)):
                self.k_best[later] = min(total, self.k_best[later])
            first = ride.first
            from_stop = self.timetable.patterns[first.pattern].stops[first.boarded]
            self.k_end[k] = End(ride, self.access[from_stop], (to_stop, walk))


def _lower(k_minutes: list[list[int]], stop: int, minute: int, k: int) -> None:
    """Note a sooner minute for k vehicles and for more."""
    for later in range(k, len(k_minutes)):
        if minute >= k_minutes[later][stop]:
            break
        k_minutes[later][stop] = minute
