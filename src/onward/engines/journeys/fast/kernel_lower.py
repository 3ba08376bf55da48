"""Least travel times between stops, no waiting, and fewest vehicles: compiled loops of lower.py."""

from typing import NamedTuple

import numpy as np

from onward.engines.jit import inlined, kernel, loop
from onward.engines.journeys.fast.kernel_arrays import NEVER, Bits, Int16, Int32, Int64
from onward.engines.journeys.gtfs.stop_times import NO_DROP_OFF, NO_PICKUP

type Links = tuple[Int32, Int32, Int16]

MOST_NEEDED = 15
"""So many vehicles or more: no journey that may be asked for has as many."""


class Ring(NamedTuple):
    """Stops to look at, in a bucket a minute. head[bucket]: its first entry, -1 for none. counts[0]: entries so far."""

    head: Int32
    stop: Int32
    after: Int32
    counts: Int64


class Lines(NamedTuple):
    """Patterns as Shape has them, and the calls at stops: those at stop s are calls[at_first[s]] and following."""

    place_first: Int32
    place_stop: Int32
    rules: Bits
    at_first: Int32
    calls: Int32
    call_pattern: Int32
    enter_first: Int32
    enter_from: Int32


@inlined
def lower(ring: Ring, least: Int16, stop: int, minutes: int) -> None:
    """Note fewer minutes for a stop, and that what leads there is to be looked at."""
    if minutes < least[stop]:
        least[stop] = minutes
        bucket = minutes % len(ring.head)
        entry = ring.counts[0]
        ring.stop[entry] = stop
        ring.after[entry] = ring.head[bucket]
        ring.head[bucket] = entry
        ring.counts[0] += 1


@kernel
def least_to(hops: Links, walks: Links, ends: Int32, least: Int16) -> None:
    """Fill least[stop]: minutes that no journey from there to one of some ends takes less than, NEVER where none leads.

    hops, walks: (first, from, minutes) of links by the stop they lead to. Dijkstra with a ring of buckets, one a minute
    (Dial 1969).
    """
    longest = 1
    for lengths in (hops[2], walks[2]):
        for minutes in lengths:
            longest = max(longest, minutes)
    room = len(least) + len(ends) + len(hops[1]) + len(walks[1]) + 1
    ring = Ring(
        np.full(longest + 1, -1, np.int32), np.empty(room, np.int32), np.empty(room, np.int32), np.zeros(1, np.int64)
    )
    least[:] = NEVER
    descend(hops, walks, ends, ring, least)


@loop
def descend(hops: Links, walks: Links, ends: Int32, ring: Ring, least: Int16) -> None:
    """Take the stops from the ends back, by minutes; `least_to` says more."""
    for at in range(len(ends)):
        lower(ring, least, ends[at], 0)
    minute, empty = 0, 0
    while empty < len(ring.head) and minute < NEVER:
        bucket = minute % len(ring.head)
        entry = ring.head[bucket]
        if entry < 0:
            minute += 1
            empty += 1
            continue
        empty = 0
        ring.head[bucket] = ring.after[entry]
        stop = ring.stop[entry]
        if least[stop] != minute:
            continue
        for links in (hops, walks):
            for link in range(links[0][stop], links[0][stop + 1]):
                lower(ring, least, links[1][link], minute + links[2][link])


@inlined
def come_to(needed: Bits, ahead: Int32, high: int, stop: int, vehicles: int) -> int:
    """Note how few vehicles a stop needs, the first time it is met; gives how many stops are ahead then."""
    if needed[stop] < MOST_NEEDED:
        return high
    needed[stop] = vehicles
    ahead[high] = stop
    return high + 1


@inlined
def board_before(lines: Lines, call: int, seen: Int32, needed: Bits, ahead: Int32, high: int, vehicles: int) -> int:
    """Note the stops from where a pattern leads to one of its calls, and those a walk before them; as `come_to`.

    seen[pattern]: its first call not looked at yet.
    """
    pattern = lines.call_pattern[call]
    for before in range(seen[pattern], call):
        stop = lines.place_stop[before]
        if not lines.rules[before] & NO_PICKUP:
            high = come_to(needed, ahead, high, stop, vehicles)
            for walk in range(lines.enter_first[stop], lines.enter_first[stop + 1]):
                high = come_to(needed, ahead, high, lines.enter_from[walk], vehicles)
    seen[pattern] = max(seen[pattern], call)
    return high


@kernel
def fewest_to(lines: Lines, ends: Int32, needed: Bits) -> None:
    """Fill needed[stop]: vehicles that who has come there must board at least to leave one at an end or a walk from it.

    0 at these themselves, MOST_NEEDED where they are more than any journey has. Breadth first, from the ends back.
    """
    needed[:] = MOST_NEEDED
    count_back(lines, ends, np.empty(len(needed), np.int32), lines.place_first[:-1].copy(), needed)


@loop
def count_back(lines: Lines, ends: Int32, ahead: Int32, seen: Int32, needed: Bits) -> None:
    """Take the stops from the ends back, by vehicles; `fewest_to` says more. ahead: room for all stops."""
    low, high = 0, 0
    for at in range(len(ends)):
        high = come_to(needed, ahead, high, ends[at], 0)
        for walk in range(lines.enter_first[ends[at]], lines.enter_first[ends[at] + 1]):
            high = come_to(needed, ahead, high, lines.enter_from[walk], 0)
    while low < high:
        stop = ahead[low]
        low += 1
        vehicles = min(needed[stop] + 1, MOST_NEEDED - 1)
        for at in range(lines.at_first[stop], lines.at_first[stop + 1]):
            call = lines.calls[at]
            if not lines.rules[call] & NO_DROP_OFF:
                high = board_before(lines, call, seen, needed, ahead, high, vehicles)
