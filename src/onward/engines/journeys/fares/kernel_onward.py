"""How soon one is at the end, from every ride of a span: what a search with many criteria need not look at."""

import numpy as np

from onward.engines.jit import inlined, kernel, loop
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

type Boardings = tuple[Int32, Int32, Int16, Int16]
"""Boardings worth their while, a stop's side by side, the soonest first: head[stop], the first of a stop; end[S + 1],
where those of the stop before end; and of each its minute, and the minutes at the end by vehicles more."""

type Near = tuple[Int32, Int16]
"""Of each stop its place in egress, -1 for none; the minutes of those walks."""


MAY_STAY, MAY_BOARD = 1, 2
"""Of a connection: whoever is aboard came further back; one may also board it."""


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


@inlined
def stand_from(shape: Shape, ready: Int16, stop: Whole, here: Whole, min_change: Whole) -> Whole:
    """Note from when on one may board who leaves a vehicle: the first minute that is sooner now, NEVER for none."""
    soonest = np.int64(NEVER)
    if shape.change_minutes[stop] != NO_CHANGE:
        there = here + max(min_change, np.int64(shape.change_minutes[stop]))
        if there < ready[stop]:
            ready[stop] = there
            soonest = there
    for walk in range(shape.walk_first[stop], shape.walk_first[stop + 1]):
        there = here + max(min_change, np.int64(shape.walk_minutes[walk]))
        if there < ready[shape.walk_to[walk]]:
            ready[shape.walk_to[walk]] = there
            soonest = min(soonest, there)
    return soonest


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
            is_again |= stand_from(shape, ready, stop, here, min_change) <= minute
        if not is_again:
            block = following
    return best if best <= latest else NEVER


@kernel
def reached(
    shape: Shape,
    rules: Bits,
    connections: Connections,
    runs: Whole,
    ends: tuple[Ends, Int16],
    limits: tuple[Int32, Whole, Whole],
) -> Bits:
    """For each connection from the window's first minute on whether one may board it, or be aboard of it.

    ends: access as (stops, minutes), and least[stop], minutes that nobody is sooner at the end. limits: for each minute
    of the window the latest to be there of who leaves then, the window's first minute, least minutes of a change.
    """
    access, least = ends
    latest, leave, min_change = limits
    last_minute = len(latest) - 1
    ready = np.full(len(least), NEVER, np.int16)
    aboard = np.zeros(runs, np.bool_)
    for at in range(len(access[0])):
        ready[access[0][at]] = min(np.int64(ready[access[0][at]]), leave + np.int64(access[1][at]))
    low = first_from(connections.departures, 0, len(connections.departures), leave)
    last = first_from(connections.departures, low, len(connections.departures), latest[last_minute] + 1)
    marks = np.zeros(last - low, np.uint8)
    block = low
    while block < last:
        # The connections of one minute, once more where one of them may be caught after another.
        minute = np.int64(connections.departures[block])
        bound = latest[min(minute - leave, last_minute)]
        is_again = False
        following = block
        while following < last and connections.departures[following] == minute:
            at = following
            following += 1
            run = connections.runs[at]
            may_board = ready[connections.starts[at]] <= minute and not rules[connections.calls[at]] & NO_PICKUP
            if not may_board and not aboard[run]:
                continue
            rule = rules[np.int64(connections.calls[at]) + 1]
            stop, here = connections.ends[at], np.int64(connections.arrivals[at])
            if here + least[stop] > bound or rule & CLOSED:
                aboard[run] = False
                continue
            aboard[run] = True
            marks[at - low] = MAY_BOARD if may_board else MAY_STAY
            if rule & NO_DROP_OFF:
                continue
            is_again |= stand_from(shape, ready, stop, here, min_change) <= minute
        if not is_again:
            block = following
    return marks


@kernel
def room_to_board(connections: Connections, stops: Whole, marks: Bits, leave: Whole, most: Whole) -> Boardings:
    """Room for all boardings of marked connections. leave: the first minute to leave; most: vehicles."""
    low = first_from(connections.departures, 0, len(connections.departures), leave)
    end = np.zeros(stops + 1, np.int32)
    for at in range(len(marks)):
        end[connections.starts[low + at] + 1] += marks[at] == MAY_BOARD
    for stop in range(stops):
        end[stop + 1] += end[stop]
    return end[1:].copy(), end, np.empty(end[stops], np.int16), np.empty((end[stops], most), np.int16)


@loop
def boarding_at(boardings: Boardings, stop: Whole, ready: Whole) -> Whole:
    """The row of who may board at a stop from a minute on; -1 for nobody who is ever at the end."""
    head, end, minutes, _ = boardings
    last = int(end[stop + 1])
    at = first_from(minutes, int(head[stop]), last, ready)
    return at if at < last else -1


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
def enter(boardings: Boardings, at: tuple[Whole, Whole], row: Int16) -> bool:
    """Note when whoever boards at a stop at a minute is at the end; gives whether that is news."""
    head, end, minutes, soonest = boardings
    stop, minute = at
    before = np.int64(head[stop])
    is_first = before == end[stop + 1]
    is_better = False
    for more in range(len(row)):
        is_better |= row[more] < (NEVER if is_first else soonest[before, more])
    if not is_better:
        return False
    here = before
    if is_first or minutes[before] != minute:
        here = before - 1
        minutes[here], head[stop] = minute, here
    for more in range(len(row)):
        soonest[here, more] = min(row[more], NEVER if is_first else soonest[before, more])
    return True


@loop
def onward(
    shape: Shape,
    rules: Bits,
    connections: Connections,
    times: tuple[Int32, Int32],
    ends: tuple[Near, Bits],
    limits: tuple[Whole, Whole],
    made: tuple[Int16, Int16, Boardings],
) -> None:
    """Fill in the earliest minute at the end from every ride: (alighting, staying)[time, vehicles more].

    time: as lanes.departures lies. alighting: for who leaves the vehicle there; staying: for who leaves with it; by how
    many vehicles more they board at the most; NEVER for never. times: as list_times gives them. ends: the exits, and
    what `reached` gives: nothing else is looked at. limits: the first minute to leave, least minutes of a change. made:
    alighting and staying, NEVER all over, and room. Profile connection scan, Dibbelt, Pajor, Strasser, Wagner 2018.
    """
    left, reached_at = times
    near, marks = ends
    first_minute, min_change = limits
    alighting, staying, boardings = made
    low = first_from(connections.departures, 0, len(left), first_minute)
    block = low + len(marks) - 1
    while block >= low:
        # The connections of one minute, once more where one of them may be caught after another.
        minute = connections.departures[block]
        is_again = False
        following = block
        while following >= low and connections.departures[following] == minute:
            at = following
            following -= 1
            if not marks[at - low]:
                continue
            here = staying[left[at]]
            arrive = np.int64(connections.arrivals[at])
            row, further = alighting[reached_at[at]], staying[reached_at[at]]
            if not rules[np.int64(connections.calls[at]) + 1] & NO_DROP_OFF:
                stop = np.int64(connections.ends[at])
                alight(shape, near, boardings, (stop, arrive, min_change), row)
            for more in range(len(here)):
                here[more] = min(row[more], further[more])
            if marks[at - low] == MAY_BOARD:
                is_news = enter(boardings, (np.int64(connections.starts[at]), minute), here)
                is_again |= is_news and min_change == 0
        if not is_again:
            block = following


@loop
def forget(
    connections: Connections, times: tuple[Int32, Int32], marks: Bits, leave: Whole, made: tuple[Int16, Int16]
) -> None:
    """Make what `onward` filled in NEVER again. leave: the first minute to leave."""
    left, reached_at = times
    alighting, staying = made
    low = first_from(connections.departures, 0, len(left), leave)
    for at in range(len(marks)):
        if marks[at]:
            alighting[reached_at[low + at]] = NEVER
            staying[left[low + at]] = NEVER
