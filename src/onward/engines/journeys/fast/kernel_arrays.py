"""The arrays that kernels read, of a network and of a stretch of days; and what more than one search does with them.

All are read-only, C-ordered and of the types named here, so that each kernel is compiled once. S stops, P patterns,
C calls (a stop of a pattern: pattern p's are place_first[p] to place_first[p + 1]), T trips, L lanes, R runs.
A "first" array has one entry more than there are rows: row n is first[n] to first[n + 1] of the arrays it divides.
Stops, patterns and trips are numbered as in the Timetable the network was compiled from, trips through all feeds.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from onward.engines.jit import kernel
from onward.engines.journeys.gtfs.stop_times import NO_PICKUP

type Int32 = NDArray[np.int32]
type Int64 = NDArray[np.int64]
type Int16 = NDArray[np.int16]
type Unsigned = NDArray[np.uint32]
type Bits = NDArray[np.uint8]
type Ends = tuple[Int32, Int16]
"""Stops near the start or the end, and the minutes of the walk to or from each."""

NEVER = 32767
"""A minute of a span, or a number of minutes, that does not come."""

NO_CHANGE = -1
"""In change_minutes: here nobody may change from a vehicle to another at the same stop."""

CLOSED = 128
"""Rule bit of a call, set for one query: nobody may be aboard here (Query.countries). Beside GTFS's own rule bits."""


class Shape(NamedTuple):
    """What does not depend on the day.

    place_first[P + 1], place_stop[C]: the stops of patterns. change_minutes[S]: the feed's least time from one vehicle
    to another at the stop, NO_CHANGE where there is none. walk_first[S + 1], walk_to, walk_minutes: stops one may walk
    to; enter_first[S + 1], enter_from, enter_minutes: the same walks by where they end. The query's own least change
    time is laid over both change and walk (the greater holds); Network.shape_at gives both at a party's pace.
    """

    place_first: Int32
    place_stop: Int32
    change_minutes: Int16
    walk_first: Int32
    walk_to: Int32
    walk_minutes: Int16
    enter_first: Int32
    enter_from: Int32
    enter_minutes: Int16


class Trips(NamedTuple):
    """What a span is made of.

    trips_first[P + 1], pattern_trips: the trips of patterns. trip_calendar[T]: row of calendar_days.
    trip_first[T + 1], arrive, depart: minutes after the service day's start,
    rounded down, a trip's calls in order. calendar_zone: row in zones. calendar_days[calendar, day // 8]: bit day % 8
    is set where it runs `day` days after the network's first day.
    """

    trips_first: Int32
    pattern_trips: Int32
    trip_calendar: Int32
    trip_first: Int32
    arrive: Int16
    depart: Int16
    calendar_zone: Int32
    calendar_days: Bits


class Lanes(NamedTuple):
    """Trips on their days, in minutes after the span's first minute: pattern p's lanes are lane_first[p] and following.

    Within a lane no run overtakes another. With n = run_first[l + 1] - run_first[l] runs, run r leaves place p of lane
    l at departures[time_first[l] + p * n + r]: a place's times lie side by side, rising. Arrivals alike. Minutes before
    the span are -1, those after it NEVER. run_trip[R], run_start[R]: a run's trip, and the minute since 1970 that its
    service day counts from. lane_pattern[L]: whose lane it is.
    call_first[S + 1], call_pattern, call_place: where one may board at a stop, patterns without any run left out.
    """

    lane_first: Int32
    lane_pattern: Int32
    run_first: Int32
    run_trip: Int32
    run_start: Int32
    time_first: Int64
    departures: Int16
    arrivals: Int16
    call_first: Int32
    call_pattern: Int32
    call_place: Int32


class Connections(NamedTuple):
    """A span's runs from each of their places to the next, by departure, those of one run and minute in its order.

    departures, arrivals: minutes of the span. starts, ends: stops. runs: R of Lanes. calls: C of Shape, the place left.
    Unsigned, for they are looked up in every turn of the loop and need no look at their sign.
    """

    departures: Int16
    arrivals: Int16
    starts: Unsigned
    ends: Unsigned
    runs: Unsigned
    calls: Unsigned


@kernel
def grown(rows: Int32) -> Int32:
    """The rows with as much room again."""
    more = np.empty((2 * rows.shape[0], rows.shape[1]), np.int32)
    for row in range(rows.shape[0]):
        for column in range(rows.shape[1]):
            more[row, column] = rows[row, column]
    return more


@kernel
def first_from(times: Int16, low: int, high: int, minute: int) -> int:
    """Where in times[low:high], which rise, the first stands that is not before a minute; high for none."""
    while low < high:
        middle = (low + high) >> 1
        if times[middle] < minute:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def departures_of(lanes: Lanes, shape: Shape, rules: Bits, access: Ends, start: int, end: int) -> tuple[Int32, Int32]:
    """When one may set out in [start, end) and what one meets: (head, rows).

    head[minute - start]: the first row of a minute, -1 for none. rows: (next row of the minute, lane, run of the lane,
    place boarded).
    """
    head = np.full(max(end - start, 0), -1, np.int32)
    rows = np.empty((256, 4), np.int32)
    count = 0
    for at in range(len(access[0])):
        stop, walk = access[0][at], access[1][at]
        for call in range(lanes.call_first[stop], lanes.call_first[stop + 1]):
            pattern, place = lanes.call_pattern[call], lanes.call_place[call]
            if rules[shape.place_first[pattern] + place] & NO_PICKUP:
                continue
            for lane in range(lanes.lane_first[pattern], lanes.lane_first[pattern + 1]):
                runs = lanes.run_first[lane + 1] - lanes.run_first[lane]
                first = lanes.time_first[lane] + place * runs
                run = first_from(lanes.departures, first, first + runs, start + walk) - first
                while run < runs and lanes.departures[first + run] < end + walk:
                    if count == len(rows):
                        rows = grown(rows)
                    minute = lanes.departures[first + run] - walk - start
                    rows[count, 0] = head[minute]
                    rows[count, 1] = lane
                    rows[count, 2] = run
                    rows[count, 3] = place
                    head[minute] = count
                    count += 1
                    run += 1
    return head, rows
