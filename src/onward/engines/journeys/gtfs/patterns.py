"""Trips into patterns: those that call at the same stops under the same rules, side by side."""

import json
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from onward.engines.journeys.feed import Patterns, Trips
from onward.engines.journeys.gtfs.stop_times import Calls
from onward.engines.journeys.gtfs.trips import Trip


class Going(NamedTuple):
    """A trip that a vehicle goes on as, the number of its route, and how often it calls."""

    trip: Trip
    route: int
    calls: int


@dataclass(frozen=True, slots=True)
class Timed:
    """A trip with its calls. numbers: those of its route and its service.

    rest: the trips its vehicle goes on as, where the calls are those of all of them (gtfs/joints.py).
    """

    trip: Trip
    numbers: tuple[int, int]
    bits: int
    calls: Calls
    rest: tuple[Going, ...] = ()


def compile_patterns(runs: Iterable[Timed]) -> tuple[Patterns, Trips]:
    """Patterns and trips as arrays, trips in the order of their patterns and of their departure within one."""
    groups: dict[tuple[tuple[int, ...], bytes], list[Timed]] = {}
    for run in runs:
        groups.setdefault((run.calls.stops, run.calls.rules), []).append(run)
    patterns = Patterns(array("i", [0]), array("i"), array("B"), array("i", [0]), array("i"), array("i"), array("i"))
    ordered: list[Timed] = []
    for (stops, rules), members in groups.items():
        patterns.stops.extend(stops)
        patterns.rules.frombytes(rules)
        patterns.first.append(len(patterns.stops))
        ordered += sorted(members, key=lambda run: run.calls.depart_s[0])
        patterns.trip_first.append(len(ordered))
    _add_hops(patterns, ordered)
    return patterns, _trips(ordered)


def _trips(ordered: list[Timed]) -> Trips:
    texts: dict[str, int] = {}

    def place(text: str) -> int:
        return texts.setdefault(text, len(texts))

    columns: list[tuple[int, ...]] = []
    times = array("i", [0]), array("i"), array("i")
    for run in ordered:
        columns.append(
            (*run.numbers, run.bits, *map(place, _texts(run.trip)), *_rest(run, place), place(run.calls.sequence))
        )
        times[1].extend(run.calls.arrive_s)
        times[2].extend(run.calls.depart_s)
        times[0].append(len(times[1]))
    route, service, bits, *rest = (array("i", column) for column in zip(*columns, strict=True))
    seconds = "second_route", "second_id", "second_headsign", "second_number", "rest"
    names = "id", "headsign", "number", *seconds, "sequence"
    named = dict(zip(names, rest, strict=True))
    time_first, arrive_s, depart_s = times
    return Trips(
        route=route,
        service=service,
        bits=array("B", bits),
        **named,
        time_first=time_first,
        arrive_s=arrive_s,
        depart_s=depart_s,
        texts=tuple(texts),
    )


def _texts(trip: Trip) -> tuple[str, str, str]:
    return trip.trip_id, trip.headsign, trip.number


def _rest(run: Timed, place: Callable[[str], int]) -> tuple[int, ...]:
    if not run.rest:
        return -1, -1, -1, -1, -1
    rows = [(one.route, *_texts(one.trip), one.calls) for one in run.rest]
    last = run.rest[-1]
    return last.route, *map(place, _texts(last.trip)), place(json.dumps(rows))


def _add_hops(patterns: Patterns, ordered: list[Timed]) -> None:
    fewest: dict[tuple[int, int], int] = {}
    for run in ordered:
        calls = run.calls
        for at in range(len(calls.stops) - 1):
            hop = calls.stops[at], calls.stops[at + 1]
            minutes = calls.arrive_s[at + 1] // 60 - calls.depart_s[at] // 60
            if minutes < fewest.get(hop, 1 << 30):
                fewest[hop] = minutes
    for (start, end), minutes in fewest.items():
        patterns.hop_from.append(start)
        patterns.hop_to.append(end)
        patterns.hop_minutes.append(minutes)
