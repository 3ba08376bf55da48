"""A feed with some of its runs changed on one day: the day is taken from the run's service, and a run of its own added.

Runs added stand behind all others, in patterns of their own; what was there keeps its number.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import NamedTuple

from onward.engines.journeys.feed import LIVE, Feed, Patterns, Trips
from onward.engines.journeys.gtfs.stop_times import NO_DROP_OFF, NO_PICKUP


class Moved(NamedTuple):
    """What is said of a call: seconds later than planned, None where nothing is; whether the stop is skipped."""

    arrive: int | None
    depart: int | None
    is_skipped: bool


CANCELLED: tuple[Moved, ...] = ()
"""In place of what is said of the calls of a run that does not run."""


class Changed(NamedTuple):
    """A run on a service day, and what is said of each of its calls."""

    number: int
    day: int
    moved: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class _New:
    """A run to be added. of: the number of the run it stands in for."""

    of: int
    day: int
    pattern: int
    rules: bytes
    arrive_s: array[int]
    depart_s: array[int]


def lay_over(feed: Feed, changes: Iterable[Changed]) -> Feed:
    """A copy of the feed with those runs as they are said to be. The last of two about the same run holds."""
    said = {(one.number, one.day): one.moved for one in changes}
    if not said:
        return feed
    whole = _with_joined(feed, said)
    services, service_of = list(feed.services), list(feed.trips.service)
    gone: dict[int, int] = {}
    for number, day in whole:
        gone[number] = gone.get(number, 0) | 1 << day
    for number, days in gone.items():
        services.append(services[feed.trips.service[number]] & ~days)
        service_of[number] = len(services) - 1
    new = [run for (number, day), moved in whole.items() if (run := _run(feed, (number, day), moved)) is not None]
    new.sort(key=lambda run: (run.pattern, run.rules, run.depart_s[0]))
    running = sorted({run.day for run in new})
    service_on = {day: len(services) + at for at, day in enumerate(running)}
    services += [1 << day for day in running]
    trips = _trips(replace(feed.trips, service=array("i", service_of)), new, service_on)
    return replace(feed, services=tuple(services), patterns=_patterns(feed, new), trips=trips)


Said = dict[tuple[int, int], tuple[Moved, ...]]


def _with_joined(feed: Feed, said: Said) -> Said:
    """What is said of runs, and by it of those whose vehicle runs one of them as one of its trips in a row."""
    trips = feed.trips
    moved_of = {(trips.texts[trips.id[number]], day): moved for (number, day), moved in said.items()}
    names = {name for name, _ in moved_of}
    whole = dict(said)
    for number, second in enumerate(trips.second_id):
        parts = [(part.trip_id, calls) for part, calls in trips.parts(number)] if second >= 0 else []
        if not names.intersection(name for name, _ in parts):
            continue
        for day in {day for name, day in moved_of if name in dict(parts)}:
            if feed.services[trips.service[number]] >> day & 1:
                whole[number, day] = _all_of((moved_of.get((name, day)), calls) for name, calls in parts)
    return whole


def _all_of(parts: Iterable[tuple[tuple[Moved, ...] | None, int]]) -> tuple[Moved, ...]:
    whole: list[Moved] = []
    for moved, calls in parts:
        if moved == CANCELLED:
            return CANCELLED
        whole += moved or [Moved(None, None, is_skipped=False)] * calls
    return tuple(whole)


def _places(feed: Feed, number: int) -> tuple[int, slice]:
    """The pattern of a run and where its calls lie in the patterns' columns."""
    pattern = bisect_right(feed.patterns.trip_first, number) - 1
    return pattern, slice(feed.patterns.first[pattern], feed.patterns.first[pattern + 1])


def _run(feed: Feed, run: tuple[int, int], moved: tuple[Moved, ...]) -> _New | None:
    """The run as it is said to be; None where it is cancelled. No vehicle goes back in time."""
    if moved == CANCELLED:
        return None
    number, day = run
    pattern, places = _places(feed, number)
    first = feed.trips.time_first[number]
    clock = -(1 << 30)
    rules = bytearray(feed.patterns.rules[places])
    arrive_s, depart_s = array("i"), array("i")
    for place, said in enumerate(moved):
        at = first + place
        clock = max(clock, feed.trips.arrive_s[at] + (said.arrive or 0))
        arrive_s.append(clock)
        clock = max(clock, feed.trips.depart_s[at] + (said.depart or 0))
        depart_s.append(clock)
        if said.is_skipped:
            rules[place] |= NO_PICKUP | NO_DROP_OFF
    return _New(number, day, pattern, bytes(rules), arrive_s, depart_s)


def _trips(old: Trips, new: Sequence[_New], service_on: dict[int, int]) -> Trips:
    columns: dict[str, array[int]] = {}
    for field in fields(old):
        if field.name not in ("texts", "time_first", "arrive_s", "depart_s"):
            values: array[int] = getattr(old, field.name)
            columns[field.name] = values + array(values.typecode, [values[run.of] for run in new])
    count = len(old.id)
    columns["service"][count:] = array("i", [service_on[run.day] for run in new])
    columns["bits"][count:] = array("B", [old.bits[run.of] | LIVE for run in new])
    time_first, arrive_s, depart_s = old.time_first[:], old.arrive_s[:], old.depart_s[:]
    for run in new:
        arrive_s.extend(run.arrive_s)
        depart_s.extend(run.depart_s)
        time_first.append(len(arrive_s))
    return Trips(**columns, time_first=time_first, arrive_s=arrive_s, depart_s=depart_s, texts=old.texts)


def _patterns(feed: Feed, new: Sequence[_New]) -> Patterns:
    """The patterns with those of the new runs, which come sorted by pattern and rules."""
    old = feed.patterns
    first, stops, rules, trip_first = old.first[:], old.stops[:], old.rules[:], old.trip_first[:]
    fewest = dict(zip(zip(old.hop_from, old.hop_to, strict=True), old.hop_minutes, strict=True))
    last: tuple[int, bytes] | None = None
    for run in new:
        mine = old.stops[old.first[run.pattern] : old.first[run.pattern + 1]]
        if (run.pattern, run.rules) == last:
            trip_first[-1] += 1
        else:
            stops.extend(mine)
            rules.frombytes(run.rules)
            first.append(len(stops))
            trip_first.append(trip_first[-1] + 1)
            last = run.pattern, run.rules
        for place, hop in enumerate(zip(mine, mine[1:], strict=False)):
            fewest[hop] = min(fewest[hop], run.arrive_s[place + 1] // 60 - run.depart_s[place] // 60)
    hops = [array("i", column) for column in zip(*((*hop, minutes) for hop, minutes in fewest.items()), strict=True)]
    return Patterns(first, stops, rules, trip_first, *(hops or (array("i"), array("i"), array("i"))))
