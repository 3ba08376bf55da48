"""A span's runs cut into elementary connections, compiled."""

import numpy as np

from onward.engines.jit import kernel
from onward.engines.journeys.fast.kernel_arrays import Int16, Int32, Lanes, Shape


@kernel
def list_connections(lanes: Lanes, shape: Shape) -> tuple[Int16, Int16, Int32, Int32]:
    """Each run from each of its places to the next: departures, arrivals, runs, calls (the place it leaves)."""
    count = 0
    for lane in range(len(lanes.lane_pattern)):
        pattern = lanes.lane_pattern[lane]
        hops = shape.place_first[pattern + 1] - shape.place_first[pattern] - 1
        count += hops * (lanes.run_first[lane + 1] - lanes.run_first[lane])
    departures = np.empty(count, np.int16)
    arrivals = np.empty(count, np.int16)
    runs = np.empty(count, np.int32)
    calls = np.empty(count, np.int32)
    at = 0
    for lane in range(len(lanes.lane_pattern)):
        pattern = lanes.lane_pattern[lane]
        step = lanes.run_first[lane + 1] - lanes.run_first[lane]
        for run in range(step):
            for place in range(shape.place_first[pattern + 1] - shape.place_first[pattern] - 1):
                departures[at] = lanes.departures[lanes.time_first[lane] + place * step + run]
                arrivals[at] = lanes.arrivals[lanes.time_first[lane] + (place + 1) * step + run]
                runs[at] = lanes.run_first[lane] + run
                calls[at] = shape.place_first[pattern] + place
                at += 1
    return departures, arrivals, runs, calls
