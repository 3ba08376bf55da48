"""The arrays that kernels read: what lies in a network's file, and what is made of it for a stretch of days.

All are read-only, C-ordered and of the types named here, so that each kernel is compiled once. S stops, P patterns,
C calls (a stop of a pattern: pattern p's are place_first[p] to place_first[p + 1]), T trips, L lanes, R runs.
A "first" array has one entry more than there are rows: row n is first[n] to first[n + 1] of the arrays it divides.
Stops, patterns and trips are numbered as in the Timetable the network was compiled from, trips through all feeds.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

type Int32 = NDArray[np.int32]
type Int64 = NDArray[np.int64]
type Int16 = NDArray[np.int16]
type Unsigned = NDArray[np.uint32]
type Bits = NDArray[np.uint8]

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
