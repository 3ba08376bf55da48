"""Minutes that no journey to the end takes less than, from every stop: what a search need not look at."""

from collections.abc import Mapping
from heapq import heappop, heappush

from onward.engines.journeys.gtfs.stop_times import NO_PICKUP
from onward.engines.journeys.timetable import Pattern, Timetable

NEVER = 1 << 40
"""A minute that does not come."""

Near = Mapping[int, tuple[int, int]]
"""Stops near the start or the end: the stop asked for, and the minutes of the walk to or from it."""


def least_minutes(timetable: Timetable, access: Near, egress: Near) -> list[int]:
    """For each stop, minutes that no useful journey from there to the end takes less than (Dijkstra, no waiting).

    No useful journey comes back through a stop asked for as its start: leaving from there later, with a vehicle or on
    foot, is better in all things. (One a walk of no minutes away is another matter: who has walked there to set out may
    not walk on.) NEVER where the end cannot be reached otherwise.
    """
    least = [NEVER] * len(timetable.stops)
    stop_of = timetable.stop_of
    starts = {stop for stop, (asked, _) in access.items() if stop == asked == stop_of[stop] and stop not in egress}
    passing = _hops_past(timetable, starts)
    heap = [(walk, stop) for stop, (_, walk) in egress.items()]
    heap.sort()
    while heap:
        minutes, stop = heappop(heap)
        if minutes >= least[stop]:
            continue
        least[stop] = minutes
        if stop in starts:
            continue
        for links in (timetable.hops_into[stop], timetable.walks_into[stop], passing.get(stop, {})):
            for before, more in links.items():
                if minutes + more < least[before]:
                    heappush(heap, (minutes + more, before))
    return least


def _hops_past(timetable: Timetable, starts: set[int]) -> dict[int, dict[int, int]]:
    """Hops past starts at which a trip stops but nobody may board: there one cannot leave later instead."""
    hops: dict[int, dict[int, int]] = {}
    patterns = {number for stop in starts for number, place in timetable.calls_at[stop] if place}
    for number in patterns:
        pattern = timetable.patterns[number]
        if any(pattern.rules[place] & NO_PICKUP for place, stop in enumerate(pattern.stops) if stop in starts):
            _add_hops_past(timetable, pattern, starts, hops)
    return hops


def _add_hops_past(timetable: Timetable, pattern: Pattern, starts: set[int], hops: dict[int, dict[int, int]]) -> None:
    came_from, minutes = pattern.stops[0], 0
    for place, (before, stop) in enumerate(zip(pattern.stops, pattern.stops[1:], strict=False), 1):
        minutes += timetable.hops_into[stop][before]
        if stop in starts and pattern.rules[place] & NO_PICKUP:
            continue
        into = hops.setdefault(stop, {})
        into[came_from] = min(minutes, into.get(came_from, NEVER))
        came_from, minutes = stop, 0
