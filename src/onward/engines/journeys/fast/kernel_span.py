"""Trips on their days, unrolled and laid out in lanes: compiled loops of span.py."""

import numpy as np

from onward.engines.jit import kernel
from onward.engines.journeys.fast.kernel_arrays import NEVER, Int16, Int32, Int64, Trips


@kernel
def list_runs(trips: Trips, zone_starts: Int32, first_bit: int, span_minutes: int) -> tuple[Int32, Int32, Int32, Int64]:
    """Every trip on every day on which it is under way in a span, by pattern.

    trips: arrays.Trips. zone_starts[zone, n]: the minute of the span at which the service day of bit first_bit + n
    begins. Gives run_first[P + 1], run_trip, run_begin (the service day's start, in minutes of the span), and order:
    one number a run that rises with (pattern, first departure, last arrival).
    """
    patterns = len(trips.trips_first) - 1
    days = zone_starts.shape[1]
    width = trips.calendar_days.shape[1] * 8
    run_first = np.zeros(patterns + 1, np.int32)
    run_trip = np.empty(0, np.int32)
    run_begin = np.empty(0, np.int32)
    order = np.empty(0, np.int64)
    for is_filling in range(2):
        if is_filling:
            run_trip = np.empty(run_first[patterns], np.int32)
            run_begin = np.empty(run_first[patterns], np.int32)
            order = np.empty(run_first[patterns], np.int64)
        at = 0
        for pattern in range(patterns):
            for which in range(trips.trips_first[pattern], trips.trips_first[pattern + 1]):
                trip = trips.pattern_trips[which]
                calendar = trips.trip_calendar[trip]
                leaves = trips.depart[trips.trip_first[trip]]
                arrives = trips.arrive[trips.trip_first[trip + 1] - 1]
                for day in range(days):
                    bit = first_bit + day
                    if bit < 0 or bit >= width or not (trips.calendar_days[calendar, bit >> 3] >> (bit & 7)) & 1:
                        continue
                    begin = zone_starts[trips.calendar_zone[calendar], day]
                    if begin + arrives < 0 or begin + leaves >= span_minutes:
                        continue
                    if is_filling:
                        run_trip[at] = trip
                        run_begin[at] = begin
                        order[at] = (pattern << 34) | ((begin + leaves + 65536) << 17) | (begin + arrives + 65536)
                    at += 1
            run_first[pattern + 1] = at
    return run_first, run_trip, run_begin, order


@kernel
def lay_out(
    trips: Trips, place_first: Int32, run_first: Int32, run_trip: Int32, run_begin: Int32, span_minutes: int
) -> tuple[Int32, Int32, Int32, Int32, Int64, Int16, Int16]:
    """Runs, in order within their pattern, into lanes in which none overtakes another, each at the first that takes it.

    Gives, as arrays.Lanes has them: lane_first, lane_pattern, lane_runs (its run_first), the runs in the order of
    lanes, time_first, departures, arrivals.
    """
    patterns = len(place_first) - 1
    runs = len(run_trip)
    lane_of = np.empty(runs, np.int32)
    lane_first = np.zeros(patterns + 1, np.int32)
    last_run = np.empty(runs + 1, np.int32)
    size = np.zeros(runs + 1, np.int32)
    lanes = 0
    for pattern in range(patterns):
        places = place_first[pattern + 1] - place_first[pattern]
        for run in range(run_first[pattern], run_first[pattern + 1]):
            mine = trips.trip_first[run_trip[run]]
            begin = run_begin[run]
            chosen = lanes
            for lane in range(lane_first[pattern], lanes):
                before = last_run[lane]
                theirs = trips.trip_first[run_trip[before]]
                later = begin - run_begin[before]
                fits = True
                for place in range(places):
                    if (
                        trips.depart[mine + place] + later < trips.depart[theirs + place]
                        or trips.arrive[mine + place] + later < trips.arrive[theirs + place]
                    ):
                        fits = False
                        break
                if fits:
                    chosen = lane
                    break
            if chosen == lanes:
                lanes += 1
            last_run[chosen] = run
            size[chosen] += 1
            lane_of[run] = chosen
        lane_first[pattern + 1] = lanes
    lane_runs = np.zeros(lanes + 1, np.int32)
    time_first = np.zeros(lanes + 1, np.int64)
    lane_pattern = np.empty(lanes, np.int32)
    for pattern in range(patterns):
        places = place_first[pattern + 1] - place_first[pattern]
        for lane in range(lane_first[pattern], lane_first[pattern + 1]):
            lane_pattern[lane] = pattern
            lane_runs[lane + 1] = lane_runs[lane] + size[lane]
            time_first[lane + 1] = time_first[lane] + np.int64(size[lane]) * places
    order = np.empty(runs, np.int32)
    departures = np.empty(time_first[lanes], np.int16)
    arrivals = np.empty(time_first[lanes], np.int16)
    size[:] = 0
    for run in range(runs):
        lane = lane_of[run]
        pattern = lane_pattern[lane]
        order[lane_runs[lane] + size[lane]] = run
        at = time_first[lane] + size[lane]
        step = lane_runs[lane + 1] - lane_runs[lane]
        size[lane] += 1
        first = trips.trip_first[run_trip[run]]
        for place in range(place_first[pattern + 1] - place_first[pattern]):
            leaves = run_begin[run] + trips.depart[first + place]
            arrives = run_begin[run] + trips.arrive[first + place]
            departures[at] = NEVER if leaves >= span_minutes else max(leaves, -1)
            arrivals[at] = NEVER if arrives >= span_minutes else max(arrives, -1)
            at += step
    return lane_first, lane_pattern, lane_runs, order, time_first, departures, arrivals
