"""How soon one is at the end, from every ride of a span: what a search with many criteria need not look at."""

import numpy as np

from onward.engines.jit import kernel, loop
from onward.engines.journeys.fares.kernel_words import Whole
from onward.engines.journeys.fast.kernel_arrays import (
    CLOSED,
    NEVER,
    NO_CHANGE,
    Bits,
    Connections,
    Ends,
    Int16,
    Int32,
    Lanes,
    Shape,
    first_from,
)
from onward.engines.journeys.gtfs.stop_times import NO_DROP_OFF, NO_PICKUP

type Boardings = tuple[Int32, Int16, Int32, Int16]
"""head[stop], and of each row its minute, the row of a later one, the minutes at the end by vehicles more."""

type Near = tuple[Int32, Int16]
"""Of each stop its place in egress, -1 for none; the minutes of those walks."""


@kernel
def list_times(lanes: Lanes, shape: Shape, connections: Connections) -> tuple[Int32, Int32]:
    """Where in lanes.departures each connection's two ends stand."""
    lane_of = np.empty(len(lanes.run_trip), np.int32)
    for lane in range(len(lanes.lane_pattern)):
        for run in range(lanes.run_first[lane], lanes.run_first[lane + 1]):
            lane_of[run] = lane
    left = np.empty(len(connections.runs), np.int32)
    reached = np.empty(len(connections.runs), np.int32)
    for at in range(len(left)):
        run = connections.runs[at]
        lane = lane_of[run]
        runs = lanes.run_first[lane + 1] - lanes.run_first[lane]
        place = np.int64(connections.calls[at]) - shape.place_first[lanes.lane_pattern[lane]]
        left[at] = lanes.time_first[lane] + place * runs + (np.int64(run) - lanes.run_first[lane])
        reached[at] = left[at] + runs
    return left, reached


@kernel
def exits_of(stops: Whole, egress: Ends) -> Int32:
    """For each stop its place in egress, -1 where the way does not end there."""
    exits = np.full(stops, -1, np.int32)
    for at in range(len(egress[0])):
        exits[egress[0][at]] = at
    return exits


@kernel
def soonest_end(
    shape: Shape,
    rules: Bits,
    connections: Connections,
    runs: Whole,
    ends: tuple[Ends, Near],
    limits: tuple[Whole, Whole, Whole],
) -> Whole:
    """The earliest minute at the end of all who set out from a minute on; NEVER for none. Connection scan.

    ends: access as (stops, minutes), and the exits. limits: the minute, the latest arrival, least minutes of a change.
    """
    access, (exits, egress) = ends
    leave, latest, min_change = limits
    ready = np.full(len(exits), NEVER, np.int16)
    aboard = np.zeros(runs, np.bool_)
    for at in range(len(access[0])):
        ready[access[0][at]] = min(np.int64(ready[access[0][at]]), leave + np.int64(access[1][at]))
    best = latest + 1
    last = len(connections.departures)
    block = first_from(connections.departures, 0, last, leave)
    while block < last and connections.departures[block] < best:
        # The connections of one minute, once more where one of them may be caught after another.
        minute = connections.departures[block]
        is_again = False
        following = block
        while following < last and connections.departures[following] == minute:
            at = following
            following += 1
            run = connections.runs[at]
            if not aboard[run] and (ready[connections.starts[at]] > minute or rules[connections.calls[at]] & NO_PICKUP):
                continue
            rule = rules[np.int64(connections.calls[at]) + 1]
            aboard[run] = not rule & CLOSED
            if rule & NO_DROP_OFF:
                continue
            stop, here = connections.ends[at], np.int64(connections.arrivals[at])
            if exits[stop] >= 0:
                best = min(best, here + egress[exits[stop]])
            if shape.change_minutes[stop] != NO_CHANGE:
                there = here + max(min_change, np.int64(shape.change_minutes[stop]))
                if there < ready[stop]:
                    ready[stop] = there
                    is_again |= there <= minute
            for walk in range(shape.walk_first[stop], shape.walk_first[stop + 1]):
                there = here + max(min_change, np.int64(shape.walk_minutes[walk]))
                if there < ready[shape.walk_to[walk]]:
                    ready[shape.walk_to[walk]] = there
                    is_again |= there <= minute
        if not is_again:
            block = following
    return best if best <= latest else NEVER


@loop
def boarding_at(boardings: Boardings, stop: Whole, ready: Whole) -> Whole:
    """The row of who may board at a stop from a minute on; -1 for nobody who is ever at the end."""
    head, minutes, after, _ = boardings
    at = np.int64(head[stop])
    while at >= 0 and minutes[at] < ready:
        at = np.int64(after[at])
    return int(at)


@loop
def lower(row: Int16, by: Int16) -> None:
    """Make each of row[1:] no more than its neighbour before in `by`: boarding takes one vehicle of those allowed."""
    for more in range(1, len(row)):
        if by[more - 1] < row[more]:
            row[more] = by[more - 1]


@loop
def alight(shape: Shape, near: Near, boardings: Boardings, at: tuple[Whole, Whole, Whole], row: Int16) -> None:
    """Fill row[vehicles more]: when one is at the end who leaves a vehicle. at: stop, minute, least of a change."""
    stop, minute, min_change = at
    row[:] = minute + near[1][near[0][stop]] if near[0][stop] >= 0 else NEVER
    if shape.change_minutes[stop] != NO_CHANGE:
        ready = minute + max(min_change, np.int64(shape.change_minutes[stop]))
        found = boarding_at(boardings, stop, ready)
        if found >= 0:
            lower(row, boardings[3][found])
    for walk in range(shape.walk_first[stop], shape.walk_first[stop + 1]):
        ready = minute + max(min_change, np.int64(shape.walk_minutes[walk]))
        found = boarding_at(boardings, np.int64(shape.walk_to[walk]), ready)
        if found >= 0:
            lower(row, boardings[3][found])


@loop
def enter(boardings: Boardings, entered: Whole, at: tuple[Whole, Whole], row: Int16) -> Whole:
    """Note when whoever boards at a stop at a minute is at the end: 0 where that is no news, 2 where it takes a row."""
    head, minutes, after, soonest = boardings
    stop, minute = at
    before = np.int64(head[stop])
    is_better = False
    for more in range(len(row)):
        is_better |= row[more] < (soonest[before, more] if before >= 0 else NEVER)
    if not is_better:
        return 0
    is_new = before < 0 or minutes[before] != minute
    here = np.int64(entered) if is_new else before
    if is_new:
        minutes[here], after[here], head[stop] = minute, before, here
    for more in range(len(row)):
        soonest[here, more] = min(row[more], soonest[before, more] if before >= 0 else NEVER)
    return 2 if is_new else 1


@loop
def onward(
    shape: Shape,
    rules: Bits,
    connections: Connections,
    times: tuple[Int32, Int32],
    ends: tuple[Near, Int16],
    limits: tuple[Whole, Whole, Whole, Whole],
    made: tuple[Int16, Int16, Boardings],
) -> None:
    """Fill in the earliest minute at the end from every ride: (alighting, staying)[time, vehicles more].

    time: as lanes.departures lies. alighting: for who leaves the vehicle there; staying: for who leaves with it; by how
    many vehicles more they board at the most; NEVER for never. times: as list_times gives them. ends: the exits, and
    least[stop], minutes that nobody is sooner. limits: the first minute to leave, the latest to arrive, least minutes
    of a change, most vehicles in all. made: alighting and staying, NEVER all over, and room. Profile connection scan,
    Dibbelt, Pajor, Strasser, Wagner 2018.
    """
    left, reached = times
    near, least = ends
    first_minute, latest, min_change, most = limits
    alighting, staying, boardings = made
    low = first_from(connections.departures, 0, len(left), first_minute)
    block = first_from(connections.departures, low, len(left), latest + 1) - 1
    entered = 0
    while block >= low:
        # The connections of one minute, once more where one of them may be caught after another.
        minute = connections.departures[block]
        is_again = False
        following = block
        while following >= low and connections.departures[following] == minute:
            at = following
            following -= 1
            arrive, stop = np.int64(connections.arrivals[at]), np.int64(connections.ends[at])
            rule = rules[np.int64(connections.calls[at]) + 1]
            if arrive + least[stop] > latest or rule & CLOSED:
                continue
            here = staying[left[at]]
            row, further = alighting[reached[at]], staying[reached[at]]
            if not rule & NO_DROP_OFF:
                alight(shape, near, boardings, (stop, arrive, min_change), row)
            for more in range(most):
                here[more] = min(row[more], further[more])
            if not rules[connections.calls[at]] & NO_PICKUP:
                news = enter(boardings, entered, (np.int64(connections.starts[at]), minute), here)
                entered += news >> 1
                is_again |= news > 0 and min_change == 0
        if not is_again:
            block = following
