"""Trips into patterns: those that call at the same stops under the same rules, side by side."""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass

from onward.engines.journeys.feed import Patterns, Trips
from onward.engines.journeys.gtfs.stop_times import Calls
from onward.engines.journeys.gtfs.trips import Trip


@dataclass(frozen=True, slots=True)
class Timed:
    """A trip with its calls. numbers: those of its route and its service."""

    trip: Trip
    numbers: tuple[int, int]
    bits: int
    calls: Calls


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
    columns = [array("i") for _ in range(7)]
    route, service, trip_id, headsign, number, arrive_s, depart_s = columns
    bits, time_first = array("B"), array("i", [0])
    for run in ordered:
        route.append(run.numbers[0])
        service.append(run.numbers[1])
        bits.append(run.bits)
        trip_id.append(texts.setdefault(run.trip.trip_id, len(texts)))
        headsign.append(texts.setdefault(run.trip.headsign, len(texts)))
        number.append(texts.setdefault(run.trip.number, len(texts)))
        arrive_s.extend(run.calls.arrive_s)
        depart_s.extend(run.calls.depart_s)
        time_first.append(len(arrive_s))
    return Trips(route, service, bits, trip_id, headsign, number, time_first, arrive_s, depart_s, tuple(texts))


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
