"""Least travel times between stops, no waiting: compiled loops of lower.py."""

import numpy as np

from onward.engines.jit import kernel
from onward.engines.journeys.fast.kernel_arrays import NEVER, Int16, Int32

type Links = tuple[Int32, Int32, Int16]


@kernel
def least_to(hops: Links, walks: Links, ends: Int32, end_minutes: Int16, least: Int16) -> None:
    """Fill least[stop]: minutes that no journey from there to one of some ends takes less than, NEVER where none leads.

    hops, walks: (first, from, minutes) of links by the stop they lead to. ends, end_minutes: where it may end, and the
    walk from there. Dijkstra with a ring of buckets, one a minute (Dial 1969).
    """
    stops = len(least)
    longest = 1
    for minutes in end_minutes:
        longest = max(longest, minutes)
    for minutes in hops[2]:
        longest = max(longest, minutes)
    for minutes in walks[2]:
        longest = max(longest, minutes)
    ring = longest + 1
    head = np.full(ring, -1, np.int32)
    room = stops + len(ends) + len(hops[1]) + len(walks[1]) + 1
    entry_stop = np.empty(room, np.int32)
    entry_next = np.empty(room, np.int32)
    entries = 0
    least[:] = NEVER
    for at in range(len(ends)):
        stop = ends[at]
        if end_minutes[at] < least[stop]:
            least[stop] = end_minutes[at]
            entry_stop[entries] = stop
            entry_next[entries] = head[end_minutes[at]]
            head[end_minutes[at]] = entries
            entries += 1
    minute, empty = 0, 0
    while empty < ring and minute < NEVER:
        bucket = minute % ring
        entry = head[bucket]
        if entry < 0:
            minute += 1
            empty += 1
            continue
        empty = 0
        head[bucket] = entry_next[entry]
        stop = entry_stop[entry]
        if least[stop] != minute:
            continue
        for links in (hops, walks):
            for link in range(links[0][stop], links[0][stop + 1]):
                before = links[1][link]
                through = minute + links[2][link]
                if through < least[before]:
                    least[before] = through
                    entry_stop[entries] = before
                    entry_next[entries] = head[through % ring]
                    head[through % ring] = entries
                    entries += 1
