"""Which lanes a round of a range search rides along, compiled."""

from typing import NamedTuple

import numpy as np

from onward.engines.jit import inlined, kernel, loop
from onward.engines.journeys.fast.kernel_arrays import Ends, Int32, Int64, Lanes, Shape
from onward.engines.journeys.fast.kernel_riding import (
    BEFORE,
    BOARDED,
    FIRST,
    LANE,
    LAST,
    MARKED,
    RUN,
    STAMP,
    Aim,
    Known,
    Round,
)


class Met(NamedTuple):
    """Patterns that call where one is newly ready, counts[0] of them, in no order.

    first[P]: the first place of a pattern to board at, -1 where it is not met; last: the last one.
    """

    patterns: Int32
    first: Int32
    last: Int32
    counts: Int64


@kernel
def nothing_met(patterns: int) -> Met:
    """No pattern at all."""
    empty = np.empty(patterns, np.int32), np.empty(patterns, np.int32)
    return Met(empty[0], np.full(patterns, -1, np.int32), empty[1], np.zeros(1, np.int64))


@inlined
def meet(lanes: Lanes, met: Met, stop: int) -> None:
    """Note the patterns that call at a stop."""
    for call in range(lanes.call_first[stop], lanes.call_first[stop + 1]):
        pattern = lanes.call_pattern[call]
        place = lanes.call_place[call]
        if met.first[pattern] < 0:
            met.patterns[met.counts[0]] = pattern
            met.counts[0] += 1
            met.first[pattern] = place
            met.last[pattern] = place
        else:
            met.first[pattern] = min(met.first[pattern], place)
            met.last[pattern] = max(met.last[pattern], place)


@inlined
def ways_along(lanes: Lanes, met: Met, ways: Int32) -> int:
    """Fill ways with the lanes of the patterns met, aboard of none, and forget these; gives how many there are."""
    waiting = 0
    for at in range(met.counts[0]):
        pattern = met.patterns[at]
        for lane in range(lanes.lane_first[pattern], lanes.lane_first[pattern + 1]):
            ways[waiting, LANE] = lane
            ways[waiting, RUN] = lanes.run_first[lane + 1] - lanes.run_first[lane]
            ways[waiting, BOARDED] = -1
            ways[waiting, BEFORE] = -1
            ways[waiting, FIRST] = met.first[pattern]
            ways[waiting, LAST] = met.last[pattern]
            waiting += 1
        met.first[pattern] = -1
    met.counts[0] = 0
    return waiting


@loop
def all_ways(lanes: Lanes, access: Ends, known: Known, met: Met, ways: Int32) -> int:
    """The ways from all stops of the access on, whenever a vehicle leaves; gives how many there are."""
    for at in range(len(access[0])):
        stop = access[0][at]
        known.fresh[stop, 0] = known.counts[STAMP]
        meet(lanes, met, stop)
    return ways_along(lanes, met, ways)


@loop
def ways_on(lanes: Lanes, aim: Aim, known: Known, now: Round, met: Met, ways: Int32) -> int:
    """The ways from the stops marked in this round on; gives how many there are."""
    for at in range(known.counts[MARKED]):
        stop = known.marks[at]
        # What was found since may have left it behind.
        if known.ready[stop, now.k] + aim.least[stop] < known.best[now.k + max(aim.needed[stop], 1)]:
            meet(lanes, met, stop)
    return ways_along(lanes, met, ways)


@loop
def ways_at(shape: Shape, lanes: Lanes, known: Known, rows: Int32, row: int, ways: Int32) -> int:
    """The ways of a minute at which one may set out: aboard of what leaves just then. Gives how many.

    rows: those of departures_of. row: the first of the minute's.
    """
    waiting = 0
    while row >= 0:
        lane, place = rows[row, 1], rows[row, 3]
        ways[waiting, LANE] = lane
        ways[waiting, RUN] = rows[row, 2]
        ways[waiting, BOARDED] = place
        ways[waiting, BEFORE] = known.rode[shape.place_stop[shape.place_first[lanes.lane_pattern[lane]] + place], 0]
        ways[waiting, FIRST] = place + 1
        ways[waiting, LAST] = place
        waiting += 1
        row = rows[row, 0]
    return waiting


@loop
def places_along(shape: Shape, lanes: Lanes, ways: Int32, waiting: int) -> int:
    """How many places some ways have: of no more rides the next round can speak."""
    places = 0
    for way in range(waiting):
        pattern = lanes.lane_pattern[ways[way, LANE]]
        places += shape.place_first[pattern + 1] - shape.place_first[pattern]
    return places
