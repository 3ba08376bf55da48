"""The range search, compiled: every best journey of a window, with the rides it is made of."""

import numpy as np

from onward.engines.jit import kernel, loop
from onward.engines.journeys.fast.kernel_arrays import (
    Bits,
    Ends,
    Int16,
    Int32,
    Int64,
    Lanes,
    Shape,
    departures_of,
    grown,
)
from onward.engines.journeys.fast.kernel_meeting import all_ways, nothing_met, places_along, ways_at, ways_on
from onward.engines.journeys.fast.kernel_riding import (
    LOGGED,
    Aim,
    Known,
    next_round,
    nothing_known,
    ride_all,
    set_out,
)


@kernel
def best_journeys(
    shape: Shape,
    rules: Bits,
    lanes: Lanes,
    bounds: tuple[Int16, Bits],
    access: Ends,
    egress: Ends,
    limits: tuple[int, int, int, int, int, int],
) -> tuple[Int32, Int32]:
    """The Pareto set of journeys by departure (late), arrival (early) and vehicles (few): rRAPTOR.

    shape, lanes: kernel_arrays.Shape and Lanes; rules: rule bits of all calls. bounds: least and needed of Aim. access,
    egress: (stops, minutes of the walk from the start, or to the end). limits: the window's first minute and the one
    after its last (minutes of the span), most minutes of travel, the latest minute to arrive, least minutes of a
    change, most vehicles (up to 8).

    Gives journeys: (departure, arrival, place in access, place in egress, its first row in rides), and rides: (pattern,
    trip, minute since 1970 its service day counts from, place boarded, place left), those of a journey from its first
    row to the next one's. Delling, Pajor, Werneck 2015, with goal direction by `bounds`; the plain search says more.
    """
    start, end, max_travel, deadline, min_change, rounds = limits
    aim = Aim(bounds[0], bounds[1], exits_of(len(bounds[0]), egress[0]), egress[1])
    known = nothing_known(len(bounds[0]), rounds)
    met = nothing_met(len(lanes.lane_first) - 1)
    head, rows = departures_of(lanes, shape, rules, access, start, end)
    ways = np.empty((max(len(lanes.lane_pattern), len(rows)), 6), np.int32)
    log = np.empty((1024, 5), np.int32)
    journeys, rides = np.zeros((16, 5), np.int32), np.empty((64, 5), np.int32)
    found = np.zeros(2, np.int64)
    for minute in range(end, start - 1, -1):
        if minute < end and head[minute - start] < 0:
            continue
        set_out(access, known, minute)
        if minute == end:
            waiting = all_ways(lanes, access, known, met, ways)
        else:
            waiting = ways_at(shape, lanes, known, rows, head[minute - start], ways)
        for k in range(1, rounds + 1):
            now = next_round(known, k, min(minute + max_travel, deadline), min_change)
            room = known.counts[LOGGED] + places_along(shape, lanes, ways, waiting)
            while len(log) < room:
                log = grown(log)
            ride_all(shape, rules, lanes, aim, known, now, log, ways, waiting)
            waiting = ways_on(lanes, aim, known, now, met, ways)
            if waiting == 0:
                break
        if minute < end:
            journeys, rides = collected(lanes, known, log, minute, journeys, rides, found)
        known.last_ride[:] = -1
    journeys[found[0], 4] = found[1]
    return journeys[: found[0] + 1], rides[: found[1]]


@kernel
def exits_of(stops: int, ends: Int32) -> Int32:
    """For each stop its place among the ends, -1 for none."""
    exits = np.full(stops, -1, np.int32)
    for at in range(len(ends)):
        exits[ends[at]] = at
    return exits


@kernel
def collected(
    lanes: Lanes, known: Known, log: Int32, minute: int, journeys: Int32, rides: Int32, found: Int64
) -> tuple[Int32, Int32]:
    """The journeys and rides, and those that a minute's rounds found after them; with more room where they need it.

    minute: that of setting out. found: how many journeys and how many rides there are.
    """
    for k in range(1, len(known.last_ride)):
        if known.last_ride[k] < 0:
            continue
        legs, way = chain_of(log, known.last_ride[k])
        if found[0] + 1 >= len(journeys):
            journeys = grown(journeys)
        if found[1] + legs > len(rides):
            rides = grown(rides)
        row = journeys[found[0]]
        row[0], row[1], row[2], row[3], row[4] = minute, known.best[k], way, known.last_exit[k], found[1]
        found[0] += 1
        found[1] += legs
        at = known.last_ride[k]
        for back in range(1, legs + 1):
            lane = log[at, 0]
            run = lanes.run_first[lane] + log[at, 1]
            row = rides[found[1] - back]
            row[0], row[1], row[2] = lanes.lane_pattern[lane], lanes.run_trip[run], lanes.run_start[run]
            row[3], row[4] = log[at, 2], log[at, 3]
            at = log[at, 4]
    return journeys, rides


@loop
def chain_of(log: Int32, ride: int) -> tuple[int, int]:
    """How many rides lead up to one and with it, and the place in the access where they begin."""
    legs = 0
    while ride >= 0:
        legs += 1
        ride = log[ride, 4]
    return legs, -1 - ride
