"""What a range search knows of stops while it runs, and riding along a lane; compiled."""

from typing import NamedTuple

import numpy as np

from onward.engines.jit import inlined, kernel, loop
from onward.engines.journeys.fast.kernel_arrays import (
    CLOSED,
    NEVER,
    NO_CHANGE,
    Bits,
    Ends,
    Int16,
    Int32,
    Int64,
    Lanes,
    Shape,
    first_from,
)
from onward.engines.journeys.fast.kernel_lower import MOST_NEEDED
from onward.engines.journeys.gtfs.stop_times import NO_DROP_OFF, NO_PICKUP

ROUNDS = 8
"""The most vehicles of a journey."""

MARKED, LOGGED, STAMP = range(3)
"""Places in Known.counts."""

LANE, RUN, BOARDED, BEFORE, FIRST, LAST = range(6)
"""Columns of rides to make: a lane; the run one is aboard of, the number of its runs for none; where it was boarded,
and the ride changed from; the place to look at first, and the last one to board at."""


class Aim(NamedTuple):
    """What leads to the end. least[S]: minutes to it that no journey takes less than.

    needed[S]: vehicles still to be boarded, at least, by who has come to the stop; 0 where the end is a walk away.
    exits[S]: the stop's place among the ends, -1 for none. walks: the minutes from each of the ends on.
    """

    least: Int16
    needed: Bits
    exits: Int32
    walks: Int16


class Known(NamedTuple):
    """What is known of stops after k vehicles.

    arrive[S, k - 1]: when one comes there, riding. ready[S, k], rode[S, k]: from when on one may board, and by which
    ride of the log one came, -1 - n from place n of the access. best[k]: the arrival at the end, -1 past the most
    vehicles; last_ride[k], last_exit[k]: how. fresh[S, k % 2]: the last round in which `ready` fell; marks: those
    stops of this round, counts[MARKED] of them. counts[LOGGED]: rides in the log. counts[STAMP]: the rounds so far.
    """

    arrive: Int16
    ready: Int16
    rode: Int32
    best: Int64
    last_ride: Int32
    last_exit: Int32
    fresh: Int32
    marks: Int32
    counts: Int64


class Round(NamedTuple):
    """k: vehicles taken. latest: the last minute to arrive at. stamp: rises with each round. min_change: minutes."""

    k: int
    latest: int
    stamp: int
    min_change: int


@kernel
def nothing_known(stops: int, rounds: int) -> Known:
    """Before the search. rounds: the most vehicles."""
    best = np.full(rounds + MOST_NEEDED + 2, -1, np.int64)
    for k in range(rounds + 1):
        best[k] = NEVER
    return Known(
        np.full((stops, ROUNDS), NEVER, np.int16),
        np.full((stops, ROUNDS), NEVER, np.int16),
        np.empty((stops, ROUNDS), np.int32),
        best,
        np.full(ROUNDS + 1, -1, np.int32),
        np.empty(ROUNDS + 1, np.int32),
        np.full((stops, 2), -1, np.int32),
        np.empty(stops, np.int32),
        np.zeros(3, np.int64),
    )


@loop
def next_round(known: Known, k: int, latest: int, min_change: int) -> Round:
    """A round with nothing marked yet."""
    known.counts[STAMP] += 1
    known.counts[MARKED] = 0
    return Round(k, latest, known.counts[STAMP], min_change)


@loop
def set_out(access: Ends, known: Known, minute: int) -> None:
    """Who sets out at a minute may board at each stop of the access after the walk there, having taken no vehicle."""
    for at in range(len(access[0])):
        stop = access[0][at]
        there = minute + access[1][at]
        for k in range(ROUNDS):
            if there > known.ready[stop, k]:
                break
            known.ready[stop, k] = there
            known.rode[stop, k] = -1 - at


@inlined
def end_at(aim: Aim, known: Known, now: Round, way: int, here: int, ride: int) -> None:
    """Note the arrival at the end from one of its stops, where it is sooner than with as many vehicles or fewer."""
    total = here + aim.walks[way]
    if total < known.best[now.k] and total <= now.latest:
        later = now.k
        while known.best[later] > total:
            known.best[later] = total
            later += 1
        known.last_ride[now.k] = ride
        known.last_exit[now.k] = way


@inlined
def stand_at(aim: Aim, known: Known, now: Round, stop: int, there: int, ride: int) -> None:
    """Note that one may board at a stop from a minute on, where that may lead to something better."""
    soonest = there + aim.least[stop]
    if (
        there < known.ready[stop, now.k]
        and soonest <= now.latest
        and soonest < known.best[now.k + max(aim.needed[stop], 1)]
    ):
        for later in range(now.k, ROUNDS):
            if there >= known.ready[stop, later]:
                break
            known.ready[stop, later] = there
            known.rode[stop, later] = ride
        if known.fresh[stop, now.k & 1] != now.stamp:
            known.fresh[stop, now.k & 1] = now.stamp
            known.marks[known.counts[MARKED]] = stop
            known.counts[MARKED] += 1


@inlined
def alight(shape: Shape, aim: Aim, known: Known, now: Round, stop: int, here: int, ride: int) -> None:
    """Note what comes of leaving a vehicle: the arrival, the end, and the stops where one may board next."""
    for later in range(now.k - 1, ROUNDS):
        if here >= known.arrive[stop, later]:
            break
        known.arrive[stop, later] = here
    way = aim.exits[stop]
    if way >= 0:
        end_at(aim, known, now, way, here, ride)
    # Changing here, then after each walk; the first of these "walks" stays.
    for walk in range(shape.walk_first[stop] - 1, shape.walk_first[stop + 1]):
        other = stop
        least_change = shape.change_minutes[stop]
        if walk >= shape.walk_first[stop]:
            other = shape.walk_to[walk]
            least_change = shape.walk_minutes[walk]
        if least_change != NO_CHANGE:
            stand_at(aim, known, now, other, here + max(now.min_change, least_change), ride)


@inlined
def logged(known: Known, log: Int32, ride: tuple[int, int, int, int, int]) -> int:
    """Note a ride (lane, run of the lane, place boarded, place left, the ride before); gives its row."""
    row = int(known.counts[LOGGED])
    known.counts[LOGGED] += 1
    lane, run, boarded, place, before = ride
    log[row, 0] = lane
    log[row, 1] = run
    log[row, 2] = boarded
    log[row, 3] = place
    log[row, 4] = before
    return row


@inlined
def ride_along(
    shape: Shape, rules: Bits, lanes: Lanes, aim: Aim, known: Known, now: Round, log: Int32, ways: Int32, way: int
) -> None:
    """Ride along a lane: board the first run there is where one is newly ready, alight wherever that helps.

    ways[way]: LANE, RUN and the others. A run found hopeless stays so: `least` never falls faster than a vehicle rides.
    """
    k = now.k
    lane, run, boarded, before = ways[way, LANE], ways[way, RUN], ways[way, BOARDED], ways[way, BEFORE]
    first, last = ways[way, FIRST], ways[way, LAST]
    pattern = lanes.lane_pattern[lane]
    runs = lanes.run_first[lane + 1] - lanes.run_first[lane]
    call = shape.place_first[pattern] + first
    times = lanes.time_first[lane] + first * runs
    is_aboard = run < runs
    for place in range(first, first + shape.place_first[pattern + 1] - call):
        stop = shape.place_stop[call]
        if is_aboard:
            here = int(lanes.arrivals[times + run])
            soonest = here + aim.least[stop]
            if soonest >= known.best[k] or soonest > now.latest:
                is_aboard = False
            elif (
                here < known.arrive[stop, k - 1]
                and soonest < known.best[k + aim.needed[stop]]
                and not rules[call] & NO_DROP_OFF
            ):
                ride = logged(known, log, (lane, run, boarded, place, before))
                alight(shape, aim, known, now, stop, here, ride)
        if rules[call] & CLOSED:
            is_aboard = False
            run = runs
        if place > last:
            if not is_aboard:
                break
        elif known.fresh[stop, (k - 1) & 1] == now.stamp - 1 and not rules[call] & NO_PICKUP:
            ready = int(known.ready[stop, k - 1])
            if run > 0 and ready <= lanes.departures[times + run - 1]:
                run = first_from(lanes.departures, times, times + run, ready) - times
                is_aboard = True
                boarded = place
                before = known.rode[stop, k - 1]
        call += 1
        times += runs


@loop
def ride_all(
    shape: Shape, rules: Bits, lanes: Lanes, aim: Aim, known: Known, now: Round, log: Int32, ways: Int32, waiting: int
) -> None:
    """One round: ride along each of some ways. log: with room for all their places."""
    for way in range(waiting):
        ride_along(shape, rules, lanes, aim, known, now, log, ways, way)
