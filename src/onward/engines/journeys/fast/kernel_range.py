"""The range search, compiled: every best journey of a window, with the rides it is made of."""

import numpy as np

from onward.engines.jit import kernel
from onward.engines.journeys.fast.kernel_arrays import (
    CLOSED,
    NEVER,
    NO_CHANGE,
    Bits,
    Ends,
    Int16,
    Int32,
    Lanes,
    Shape,
    departures_of,
    grown,
)
from onward.engines.journeys.gtfs.stop_times import NO_DROP_OFF, NO_PICKUP


@kernel
def best_journeys(
    shape: Shape,
    rules: Bits,
    lanes: Lanes,
    least: Int16,
    access: Ends,
    egress: Ends,
    limits: tuple[int, int, int, int, int, int],
) -> tuple[Int32, Int32]:
    """The Pareto set of journeys by departure (late), arrival (early) and vehicles (few): rRAPTOR.

    shape, lanes: kernel_arrays.Shape and Lanes; rules: rule bits of all calls. least[stop]: minutes to the end that no
    journey takes less than. access, egress: (stops, minutes of the walk from the start, or to the end). limits: the
    window's first minute and the one after its last (minutes of the span), most minutes of travel, the latest minute to
    arrive, least minutes of a change, most vehicles (up to 8).

    Gives journeys: (departure, arrival, place in access, place in egress, its first row in rides), and rides: (pattern,
    trip, minute since 1970 its service day counts from, place boarded, place left), those of a journey from its first
    row to the next one's. Delling, Pajor, Werneck 2015, with goal direction by `least`; the plain search says more.
    """
    start, end, max_travel, deadline, min_change, rounds = limits
    stops = len(least)
    ready = np.full((stops, 8), NEVER, np.int16)
    arrive = np.full((stops, 8), NEVER, np.int16)
    rode = np.empty((stops, 8), np.int32)
    exits = np.full(stops, -1, np.int32)
    for at in range(len(egress[0])):
        exits[egress[0][at]] = at
    best = np.full(rounds + 2, NEVER, np.int64)
    last_ride = np.full(rounds + 1, -1, np.int32)
    last_exit = np.empty(rounds + 1, np.int32)
    queued = np.full(len(lanes.lane_first), -1, np.int32)
    last_call = np.empty(len(lanes.lane_first), np.int32)
    queue = np.empty(len(lanes.lane_first), np.int32)
    marked = np.zeros(stops, np.bool_)
    marks = np.empty(stops, np.int32)
    log = np.empty((1024, 5), np.int32)
    logged = 0
    journeys = np.empty((16, 5), np.int32)
    found = 0
    rides = np.empty((64, 5), np.int32)
    ridden = 0
    head, rows = departures_of(lanes, shape, rules, access, start, end)
    for minute in range(end, start - 1, -1):
        waiting = 0
        if minute == end:
            for at in range(len(access[0])):
                stop = access[0][at]
                for call in range(lanes.call_first[stop], lanes.call_first[stop + 1]):
                    pattern = lanes.call_pattern[call]
                    if queued[pattern] < 0:
                        queue[waiting] = pattern
                        waiting += 1
                        queued[pattern] = last_call[pattern] = lanes.call_place[call]
                    else:
                        queued[pattern] = min(queued[pattern], lanes.call_place[call])
                        last_call[pattern] = max(last_call[pattern], lanes.call_place[call])
        else:
            row = head[minute - start]
            if row < 0:
                continue
            while row >= 0:
                pattern = lanes.lane_pattern[rows[row, 1]]
                if queued[pattern] < 0:
                    queue[waiting] = pattern
                    waiting += 1
                    queued[pattern] = last_call[pattern] = rows[row, 3]
                else:
                    queued[pattern] = min(queued[pattern], rows[row, 3])
                    last_call[pattern] = max(last_call[pattern], rows[row, 3])
                row = rows[row, 0]
        latest = min(minute + max_travel, deadline)
        for at in range(len(access[0])):
            stop = access[0][at]
            there = minute + access[1][at]
            for k in range(rounds):
                if there > ready[stop, k]:
                    break
                ready[stop, k] = there
                rode[stop, k] = -1 - at
        for k in range(1, rounds + 1):
            reached = 0
            for waits in range(waiting):
                pattern = queue[waits]
                first = queued[pattern]
                queued[pattern] = -1
                call_first = shape.place_first[pattern]
                places = shape.place_first[pattern + 1] - call_first
                for lane in range(lanes.lane_first[pattern], lanes.lane_first[pattern + 1]):
                    runs = lanes.run_first[lane + 1] - lanes.run_first[lane]
                    on = runs
                    boarded = first
                    before = -1
                    times = lanes.time_first[lane] + first * runs - runs
                    for place in range(first, places):
                        times += runs
                        stop = shape.place_stop[call_first + place]
                        rule = rules[call_first + place]
                        if on < runs:
                            here = np.int64(lanes.arrivals[times + on])
                            soonest = here + least[stop]
                            if soonest >= best[k] or soonest > latest:
                                # `least` never falls faster than a vehicle rides: further on it helps no more.
                                on = runs
                            elif here < arrive[stop, k - 1] and not rule & NO_DROP_OFF:
                                if logged == len(log):
                                    log = grown(log)
                                log[logged, 0] = lane
                                log[logged, 1] = on
                                log[logged, 2] = boarded
                                log[logged, 3] = place
                                log[logged, 4] = before
                                ride = logged
                                logged += 1
                                for later in range(k - 1, rounds):
                                    if here >= arrive[stop, later]:
                                        break
                                    arrive[stop, later] = here
                                way = exits[stop]
                                if way >= 0:
                                    total = here + egress[1][way]
                                    if total < best[k] and total <= latest:
                                        for later in range(k, rounds + 2):
                                            best[later] = min(total, best[later])
                                        last_ride[k] = ride
                                        last_exit[k] = way
                                if k < rounds:
                                    # Changing here, then after each walk; the first of these "walks" stays.
                                    for walk in range(shape.walk_first[stop] - 1, shape.walk_first[stop + 1]):
                                        if walk < shape.walk_first[stop]:
                                            if shape.change_minutes[stop] == NO_CHANGE:
                                                continue
                                            other = stop
                                            there = here + max(min_change, shape.change_minutes[stop])
                                        else:
                                            other = shape.walk_to[walk]
                                            there = here + max(min_change, shape.walk_minutes[walk])
                                        if there + least[other] < best[k + 1] and there < ready[other, k]:
                                            for later in range(k, rounds):
                                                if there >= ready[other, later]:
                                                    break
                                                ready[other, later] = there
                                                rode[other, later] = ride
                                            if not marked[other]:
                                                marked[other] = True
                                                marks[reached] = other
                                                reached += 1
                        if rule & CLOSED:
                            on = runs
                        if place > last_call[pattern]:
                            if on == runs:
                                break
                        elif not rule & NO_PICKUP:
                            from_then = np.int64(ready[stop, k - 1])
                            soonest = from_then + least[stop]
                            if (
                                soonest < best[k]
                                and soonest <= latest
                                and (on == runs or (on > 0 and from_then <= lanes.departures[times + on - 1]))
                            ):
                                low, high = times, times + on
                                while low < high:
                                    middle = (low + high) >> 1
                                    if lanes.departures[middle] < from_then:
                                        low = middle + 1
                                    else:
                                        high = middle
                                if low < times + on:
                                    on = low - times
                                    boarded = place
                                    before = rode[stop, k - 1]
            waiting = 0
            for at in range(reached):
                stop = marks[at]
                marked[stop] = False
                if k < rounds and ready[stop, k] + least[stop] < best[k + 1]:
                    for call in range(lanes.call_first[stop], lanes.call_first[stop + 1]):
                        pattern = lanes.call_pattern[call]
                        place = lanes.call_place[call]
                        if queued[pattern] < 0:
                            queue[waiting] = pattern
                            waiting += 1
                            queued[pattern] = last_call[pattern] = place
                        else:
                            queued[pattern] = min(queued[pattern], place)
                            last_call[pattern] = max(last_call[pattern], place)
            if waiting == 0:
                break
        for k in range(1, rounds + 1):
            ride = last_ride[k]
            last_ride[k] = -1
            if ride < 0 or minute == end:
                continue
            if found + 1 >= len(journeys):
                journeys = grown(journeys)
            journeys[found, 0] = minute
            journeys[found, 1] = best[k]
            journeys[found, 3] = last_exit[k]
            journeys[found, 4] = ridden
            legs = 0
            at = ride
            while at >= 0:
                legs += 1
                at = log[at, 4]
            journeys[found, 2] = -1 - at
            found += 1
            if ridden + legs > len(rides):
                rides = grown(rides)
            ridden += legs
            at = ride
            for back in range(1, legs + 1):
                lane = log[at, 0]
                run = lanes.run_first[lane] + log[at, 1]
                rides[ridden - back, 0] = lanes.lane_pattern[lane]
                rides[ridden - back, 1] = lanes.run_trip[run]
                rides[ridden - back, 2] = lanes.run_start[run]
                rides[ridden - back, 3] = log[at, 2]
                rides[ridden - back, 4] = log[at, 3]
                at = log[at, 4]
    journeys[found, 4] = ridden
    return journeys[: found + 1], rides[:ridden]
