"""From the rides a compiled search found to journeys a person can read, by the plain search's own leg builder."""

from typing import TYPE_CHECKING, cast

from onward.engines.journeys.fast.kernel_arrays import Int32
from onward.engines.journeys.fast.network import Network
from onward.engines.journeys.fast.span import Span
from onward.engines.journeys.journey import Journey
from onward.engines.journeys.legs import Ride, journey_of
from onward.engines.journeys.search import End
from onward.engines.journeys.timetable import Timetable

if TYPE_CHECKING:
    from onward.engines.journeys.fast.search import Asked


def journeys_of(network: Network, span: Span, asked: "Asked", found: tuple[Int32, Int32]) -> list[Journey]:
    """The journeys `best_journeys` found, by departure, arrival, vehicles."""
    lanes = span.lanes
    rows, rides = found[0].tolist(), found[1]
    runs = lanes.run_first[rides[:, 0]] + rides[:, 1]
    patterns = lanes.lane_pattern[rides[:, 0]].tolist()
    feeds = network.columns["pattern_feed"][lanes.lane_pattern[rides[:, 0]]]
    trips = (lanes.run_trip[runs] - network.columns["feed_trips"][feeds]).tolist()
    starts = lanes.run_start[runs].tolist()
    places = rides[:, 2:].tolist()
    starts_at, ends_at = list(asked.starts.values()), list(asked.ends.values())
    table = cast(Timetable, network)
    journeys = []
    for row, after in zip(rows, rows[1:], strict=False):
        ride: Ride | None = None
        for at in range(row[4], after[4]):
            ride = Ride(patterns[at], (trips[at], starts[at]), places[at][0], places[at][1], ride)
        assert ride is not None
        journeys.append((row[0], row[1], ride_count(row, after), End(ride, starts_at[row[2]], ends_at[row[3]])))
    journeys.sort(key=lambda one: one[:3])
    return [journey_of(table, end, pace=asked.pace) for *_, end in journeys]


def ride_count(row: list[int], after: list[int]) -> int:
    """How many vehicles a journey takes."""
    return after[4] - row[4]
