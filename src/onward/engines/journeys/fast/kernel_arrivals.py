"""Earliest arrivals from one place everywhere, compiled."""

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
from onward.engines.journeys.fast.kernel_meeting import Met, meet, nothing_met
from onward.engines.journeys.gtfs.stop_times import NO_DROP_OFF, NO_PICKUP


class Reached(NamedTuple):
    """What is known of stops. arrive[S], ready[S]: when one comes there, riding, and from when on one may board.

    fresh[S]: the last round in which `ready` fell. marks: the stops where it did in this round, counts[0] of them.
    """

    arrive: Int16
    ready: Int16
    fresh: Int32
    marks: Int32
    counts: Int64


class Round(NamedTuple):
    """number: from 1 on. latest: the last minute to arrive at. min_change: minutes."""

    number: int
    latest: int
    min_change: int


@kernel
def earliest_arrivals(
    shape: Shape, rules: Bits, lanes: Lanes, access: Ends, limits: tuple[int, int, int], arrive: Int16
) -> None:
    """Fill arrive[stop]: the earliest minute of the span at which a vehicle brings one there; NEVER where none does.

    access: (stops, minutes of the walk there from the start). limits: the minute of setting out, the latest minute to
    arrive, the least minutes of a change. RAPTOR (Delling, Pajor, Werneck 2015) without an end and without counting
    vehicles: rounds go on until nothing is reached sooner.
    """
    leave, latest, min_change = limits
    stops = len(arrive)
    arrive[:] = NEVER
    ready, fresh = np.full(stops, NEVER, np.int16), np.full(stops, -1, np.int32)
    known = Reached(arrive, ready, fresh, np.empty(stops, np.int32), np.zeros(1, np.int64))
    for at in range(len(access[0])):
        ready[access[0][at]] = leave + access[1][at]
        fresh[access[0][at]] = 0
    spread(shape, rules, lanes, known, nothing_met(len(lanes.lane_first) - 1), access[0], (latest, min_change))


@loop
def spread(
    shape: Shape, rules: Bits, lanes: Lanes, known: Reached, met: Met, starts: Int32, limits: tuple[int, int]
) -> None:
    """Ride on from the starts, round after round, until no stop is reached sooner."""
    for at in range(len(starts)):
        meet(lanes, met, starts[at])
    number = 0
    while met.counts[0] > 0:
        number += 1
        now = Round(number, limits[0], limits[1])
        known.counts[0] = 0
        for at in range(met.counts[0]):
            pattern = met.patterns[at]
            for lane in range(lanes.lane_first[pattern], lanes.lane_first[pattern + 1]):
                ride_on(shape, rules, lanes, known, now, lane, (met.first[pattern], met.last[pattern]))
            met.first[pattern] = -1
        met.counts[0] = 0
        for at in range(known.counts[0]):
            meet(lanes, met, known.marks[at])


@inlined
def ride_on(
    shape: Shape, rules: Bits, lanes: Lanes, known: Reached, now: Round, lane: int, places: tuple[int, int]
) -> None:
    """Ride along a lane, boarding wherever one is newly ready. places: the first to look at, the last to board at."""
    pattern = lanes.lane_pattern[lane]
    runs = lanes.run_first[lane + 1] - lanes.run_first[lane]
    call = shape.place_first[pattern] + places[0]
    times = lanes.time_first[lane] + places[0] * runs
    run, is_aboard = runs, False
    for place in range(places[0], places[0] + shape.place_first[pattern + 1] - call):
        stop = shape.place_stop[call]
        if is_aboard:
            here = int(lanes.arrivals[times + run])
            if here > now.latest:
                is_aboard = False
            elif here < known.arrive[stop] and not rules[call] & NO_DROP_OFF:
                known.arrive[stop] = here
                change_from(shape, known, now, stop, here)
        if rules[call] & CLOSED:
            is_aboard = False
            run = runs
        if place > places[1]:
            if not is_aboard:
                break
        elif known.fresh[stop] >= now.number - 1 and not rules[call] & NO_PICKUP:
            ready = int(known.ready[stop])
            if run > 0 and ready <= lanes.departures[times + run - 1]:
                run = first_from(lanes.departures, times, times + run, ready) - times
                is_aboard = True
        call += 1
        times += runs


@inlined
def change_from(shape: Shape, known: Reached, now: Round, stop: int, here: int) -> None:
    """Note from when on one may board after leaving a vehicle: at the stop, then a walk away."""
    for walk in range(shape.walk_first[stop] - 1, shape.walk_first[stop + 1]):
        other = stop
        least_change = shape.change_minutes[stop]
        if walk >= shape.walk_first[stop]:
            other = shape.walk_to[walk]
            least_change = shape.walk_minutes[walk]
        there = here + max(now.min_change, least_change)
        if least_change != NO_CHANGE and there < known.ready[other]:
            known.ready[other] = there
            if known.fresh[other] != now.number:
                known.fresh[other] = now.number
                known.marks[known.counts[0]] = other
                known.counts[0] += 1


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
