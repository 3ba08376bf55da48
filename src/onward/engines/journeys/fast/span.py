"""A network's trips on the days of a stretch of time, at minutes of that stretch."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from onward.engines.journeys.clock import MINUTES_A_DAY, day_of, day_start
from onward.engines.journeys.fast.kernel_arrays import Connections, Int32, Lanes, Shape
from onward.engines.journeys.fast.kernel_connections import list_connections
from onward.engines.journeys.fast.kernel_span import lay_out, list_runs
from onward.engines.journeys.gtfs.stop_times import NO_PICKUP

if TYPE_CHECKING:
    from onward.engines.journeys.fast.network import Network

MOST_DAYS = 20
"""Minutes of so many days fit sixteen bits, with room for a change and a walk after the last."""


@dataclass(frozen=True)
class Span:
    """Runs between two minutes. first_minute: minutes since 1970-01-01 00:00 UTC; whole UTC days."""

    first_minute: int
    days: int
    lanes: Lanes
    shape: Shape

    @cached_property
    def connections(self) -> Connections:
        """Its runs, cut into connections; made when first asked for."""
        departures, arrivals, runs, calls = list_connections(self.lanes, self.shape)
        ranked = np.argsort(departures, kind="stable")
        calls = calls[ranked]
        starts, ends = self.shape.place_stop[calls], self.shape.place_stop[calls + 1]
        numbers = [column.astype(np.uint32) for column in (starts, ends, runs[ranked], calls)]
        made = Connections(departures[ranked], arrivals[ranked], *numbers)
        for array in made:
            array.flags.writeable = False
        return made


def make_span(network: "Network", first_minute: int, days: int) -> Span:
    """Every trip under way in some days from a minute that begins one; raises ValueError for more than MOST_DAYS."""
    if days > MOST_DAYS:
        raise ValueError(f"a span of {days} days; at most {MOST_DAYS} fit")
    starts, first_bit = _zone_starts(network, first_minute, days)
    minutes = days * MINUTES_A_DAY
    run_first, run_trip, run_begin, order = list_runs(network.trips, starts, first_bit, minutes)
    ranked = np.argsort(order, kind="stable")
    run_trip, run_begin = run_trip[ranked], run_begin[ranked]
    laid = lay_out(network.trips, network.shape.place_first, run_first, run_trip, run_begin, minutes)
    lane_first, lane_pattern, lane_runs, runs, time_first, departures, arrivals = laid
    begins = run_begin[runs] + np.int32(first_minute)
    lanes = Lanes(
        lane_first,
        lane_pattern,
        lane_runs,
        run_trip[runs],
        begins,
        time_first,
        departures,
        arrivals,
        *_calls(network, lane_first),
    )
    for array in lanes:
        array.flags.writeable = False
    return Span(first_minute, days, lanes, network.shape)


def _zone_starts(network: "Network", first_minute: int, days: int) -> tuple[Int32, int]:
    """When the service days that may touch the span begin in each zone, and the bit of the first of them."""
    before = network.head.longest_minutes // MINUTES_A_DAY + 2
    first = day_of(first_minute) - before
    starts = [
        [day_start(zone, day) - first_minute for day in range(first, first + before + days + 2)]
        for zone in network.head.zones
    ]
    return np.array(starts, np.int32).reshape(len(starts), -1), first - network.head.first_day


def _calls(network: "Network", lane_first: Int32) -> tuple[Int32, Int32, Int32]:
    """Where one may board at each stop: call_first, call_pattern, call_place."""
    stop, pattern, place = network.boardings
    runs = (lane_first[1:] > lane_first[:-1])[pattern]
    first = np.zeros(len(network.shape.change_minutes) + 1, np.int32)
    np.cumsum(np.bincount(stop[runs], minlength=len(first) - 1), out=first[1:])
    return first, pattern[runs], place[runs]


def boardings(network: "Network") -> tuple[Int32, Int32, Int32]:
    """(stop, pattern, place) of each call at which somebody may board, by stop."""
    shape = network.shape
    pattern = np.repeat(np.arange(len(shape.place_first) - 1, dtype=np.int32), np.diff(shape.place_first))
    place = np.arange(len(pattern), dtype=np.int32) - shape.place_first[pattern]
    is_last = place == shape.place_first[pattern + 1] - shape.place_first[pattern] - 1
    may_board = np.flatnonzero(~is_last & (network.rules & NO_PICKUP == 0))
    by_stop = may_board[np.argsort(shape.place_stop[may_board], kind="stable")]
    return shape.place_stop[by_stop], pattern[by_stop], place[by_stop].astype(np.int32)
