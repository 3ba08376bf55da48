"""Trips on their days, unrolled and laid out in lanes: compiled loops of span.py."""

import numpy as np

from onward.engines.jit import kernel, loop
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
    lane_of, lane_first = choose_lanes(trips, place_first, run_first, run_trip, run_begin)
    lane_pattern, lane_runs, time_first = measure_lanes(place_first, lane_of, lane_first)
    order, ahead = np.empty(len(run_trip), np.int32), lane_runs.copy()
    for run in range(len(run_trip)):
        order[ahead[lane_of[run]]] = run
        ahead[lane_of[run]] += 1
    departures = np.empty(time_first[-1], np.int16)
    arrivals = np.empty(time_first[-1], np.int16)
    for lane in range(len(lane_pattern)):
        step = lane_runs[lane + 1] - lane_runs[lane]
        for rank in range(step):
            run = order[lane_runs[lane] + rank]
            at = time_first[lane] + rank
            for call in range(trips.trip_first[run_trip[run]], trips.trip_first[run_trip[run] + 1]):
                leaves = run_begin[run] + trips.depart[call]
                arrives = run_begin[run] + trips.arrive[call]
                departures[at] = NEVER if leaves >= span_minutes else max(leaves, -1)
                arrivals[at] = NEVER if arrives >= span_minutes else max(arrives, -1)
                at += step
    return lane_first, lane_pattern, lane_runs, order, time_first, departures, arrivals


@kernel
def choose_lanes(
    trips: Trips, place_first: Int32, run_first: Int32, run_trip: Int32, run_begin: Int32
) -> tuple[Int32, Int32]:
    """lane_of[run]: the first lane of its pattern whose last run it does not overtake, a new one where there is none;
    lane_first[P + 1]."""
    lane_of = np.empty(len(run_trip), np.int32)
    lane_first = np.zeros(len(place_first), np.int32)
    last_run = np.empty(len(run_trip) + 1, np.int32)
    lanes = 0
    for pattern in range(len(place_first) - 1):
        places = place_first[pattern + 1] - place_first[pattern]
        for run in range(run_first[pattern], run_first[pattern + 1]):
            chosen = lane_first[pattern]
            while chosen < lanes:
                before = last_run[chosen]
                begins = trips.trip_first[run_trip[before]], trips.trip_first[run_trip[run]]
                if follows(trips, places, begins, run_begin[run] - run_begin[before]):
                    break
                chosen += 1
            lanes = max(lanes, chosen + 1)
            last_run[chosen] = run
            lane_of[run] = chosen
        lane_first[pattern + 1] = lanes
    return lane_of, lane_first


@loop
def follows(trips: Trips, places: int, begins: tuple[int, int], later: int) -> bool:
    """Whether a trip that begins its day so many minutes later is nowhere before another. begins: the other's, its."""
    for place in range(places):
        before, after = begins[0] + place, begins[1] + place
        if trips.depart[after] + later < trips.depart[before] or trips.arrive[after] + later < trips.arrive[before]:
            return False
    return True


@kernel
def measure_lanes(place_first: Int32, lane_of: Int32, lane_first: Int32) -> tuple[Int32, Int32, Int64]:
    """lane_pattern, lane_runs and time_first of lanes that runs were put into."""
    lanes = lane_first[-1]
    lane_pattern = np.empty(lanes, np.int32)
    lane_runs = np.zeros(lanes + 1, np.int32)
    time_first = np.zeros(lanes + 1, np.int64)
    for lane in lane_of:
        lane_runs[lane + 1] += 1
    for pattern in range(len(place_first) - 1):
        places = np.int64(place_first[pattern + 1] - place_first[pattern])
        for lane in range(lane_first[pattern], lane_first[pattern + 1]):
            lane_pattern[lane] = pattern
            time_first[lane + 1] = time_first[lane] + lane_runs[lane + 1] * places
            lane_runs[lane + 1] += lane_runs[lane]
    return lane_pattern, lane_runs, time_first
