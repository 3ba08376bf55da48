"""Earliest arrivals from one place everywhere: compiled loops over elementary connections."""

import numpy as np

from onward.engines.jit import kernel
from onward.engines.journeys.fast.kernel_arrays import (
    CLOSED,
    NEVER,
    NO_CHANGE,
    Bits,
    Connections,
    Int16,
    Int32,
    Lanes,
    Shape,
)
from onward.engines.journeys.gtfs.stop_times import NO_DROP_OFF, NO_PICKUP


@kernel
def list_connections(lanes: Lanes, shape: Shape) -> tuple[Int16, Int16, Int32, Int32]:
    """Each run from each of its places to the next: departures, arrivals, runs, calls (the place it leaves)."""
    count = 0
    for lane in range(len(lanes.lane_pattern)):
        pattern = lanes.lane_pattern[lane]
        hops = shape.place_first[pattern + 1] - shape.place_first[pattern] - 1
        count += hops * (lanes.run_first[lane + 1] - lanes.run_first[lane])
    departures = np.empty(count, np.int16)
    arrivals = np.empty(count, np.int16)
    runs = np.empty(count, np.int32)
    calls = np.empty(count, np.int32)
    at = 0
    for lane in range(len(lanes.lane_pattern)):
        pattern = lanes.lane_pattern[lane]
        step = lanes.run_first[lane + 1] - lanes.run_first[lane]
        for run in range(step):
            for place in range(shape.place_first[pattern + 1] - shape.place_first[pattern] - 1):
                departures[at] = lanes.departures[lanes.time_first[lane] + place * step + run]
                arrivals[at] = lanes.arrivals[lanes.time_first[lane] + (place + 1) * step + run]
                runs[at] = lanes.run_first[lane] + run
                calls[at] = shape.place_first[pattern] + place
                at += 1
    return departures, arrivals, runs, calls


@kernel
def earliest_arrivals(
    shape: Shape,
    rules: Bits,
    connections: Connections,
    runs: int,
    access: tuple[Int32, Int16],
    limits: tuple[int, int, int],
    arrive: Int16,
) -> None:
    """Fill arrive[stop]: the earliest minute of the span at which a vehicle brings one there; NEVER where none does.

    connections: by departure. access: (stops, minutes of the walk there from the start). limits: the minute of setting
    out, the latest minute to arrive, the least minutes of a change. Connection scan, Dibbelt, Pajor, Strasser, Wagner
    2018. Connections of one minute are looked at again where one of them was reached within that minute.
    """
    leave, latest, min_change = limits
    ready = np.full(len(arrive), NEVER, np.int16)
    aboard = np.zeros(runs, np.bool_)
    arrive[:] = NEVER
    for at in range(len(access[0])):
        ready[access[0][at]] = min(ready[access[0][at]], leave + access[1][at])
    low, high = 0, len(connections.departures)
    while low < high:
        middle = (low + high) >> 1
        if connections.departures[middle] < leave:
            low = middle + 1
        else:
            high = middle
    last = len(connections.departures)
    block = low
    while block < last and connections.departures[block] <= latest:
        # The connections of one minute, once more where one of them may be caught after another.
        minute = connections.departures[block]
        is_again = False
        for at in range(block, last):
            if connections.departures[at] != minute:
                break
            run = connections.runs[at]
            if not aboard[run] and (ready[connections.starts[at]] > minute or rules[connections.calls[at]] & NO_PICKUP):
                continue
            rule = rules[np.uint64(connections.calls[at]) + np.uint64(1)]
            aboard[run] = not rule & CLOSED
            stop = connections.ends[at]
            here = np.int64(connections.arrivals[at])
            if here < arrive[stop] and here <= latest and not rule & NO_DROP_OFF:
                arrive[stop] = here
                if shape.change_minutes[stop] != NO_CHANGE:
                    there = here + max(min_change, shape.change_minutes[stop])
                    if there < ready[stop]:
                        ready[stop] = there
                        is_again |= there <= minute
                for walk in range(shape.walk_first[stop], shape.walk_first[stop + 1]):
                    there = here + max(min_change, shape.walk_minutes[walk])
                    other = shape.walk_to[walk]
                    if there < ready[other]:
                        ready[other] = there
                        is_again |= there <= minute
        if not is_again:
            while block < last and connections.departures[block] == minute:
                block += 1


@kernel
def with_walks(shape: Shape, latest: int, ridden: Int16, arrive: Int16) -> None:
    """Fill arrive[stop]: ridden[stop], or ridden elsewhere and a walk, where that is sooner and not after `latest`."""
    for stop in range(len(ridden)):
        best = np.int64(ridden[stop])
        for walk in range(shape.enter_first[stop], shape.enter_first[stop + 1]):
            there = np.int64(ridden[shape.enter_from[walk]])
            if there < NEVER and there + shape.enter_minutes[walk] <= latest:
                best = min(best, there + shape.enter_minutes[walk])
        arrive[stop] = best
