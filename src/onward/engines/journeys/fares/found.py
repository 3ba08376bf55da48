"""From what the compiled search found to journeys with their prices."""

from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from onward.engines.journeys.fares.bound import Bound
from onward.engines.journeys.fares.kernel_onward import Boardings
from onward.engines.journeys.fares.kernel_words import (
    ASK_COLUMNS,
    END,
    ENDS,
    KNOWN,
    LABEL,
    ROOT,
    End,
    Held,
    Label,
    Rows,
)
from onward.engines.journeys.fares.priced import Bought, add_up, priced
from onward.engines.journeys.fares.pricing import price
from onward.engines.journeys.fares.world import rides_of
from onward.engines.journeys.fast.kernel_arrays import NEVER, Int16
from onward.engines.journeys.journey import Journey
from onward.engines.journeys.legs import Ride, journey_of
from onward.engines.journeys.search import End as Ended
from onward.engines.journeys.timetable import Timetable

if TYPE_CHECKING:
    from onward.engines.journeys.fast.asking import Asked
    from onward.engines.journeys.fast.network import Network
    from onward.engines.journeys.fast.span import Span

MOST_LABELS = 50_000
"""Labels of one search, and"""
MOST_ENDS = 4096
"""journeys; where more are needed it gives up."""
MOST_BOARDINGS = 1 << 16
"""Vehicles worth boarding after one ride."""
MOST_ASKS = 4096
"""Questions asked at once; the rest is asked in the next run."""


def made_room(stops: int, currencies: int) -> Held:
    """Room for what a search finds; only what is used of it costs memory."""
    return Held(
        np.empty(MOST_LABELS, LABEL),
        np.empty((MOST_LABELS, 3 * currencies), np.int32),
        np.full((2, stops), -1, np.int32),
        np.empty(MOST_ENDS, END),
        np.empty((MOST_ENDS, currencies), np.int32),
        np.empty((MOST_ASKS, ASK_COLUMNS), np.int64),
        np.empty((MOST_BOARDINGS, 4), np.int32),
        np.zeros(4, np.int64),
    )


def room_onward(span: "Span", stops: int, most: int) -> tuple[Int16, Int16, Boardings]:
    """Room for how soon one is at the end from every ride of a span (kernel_onward)."""
    times, connections = len(span.lanes.departures), len(span.connections.runs)
    return (
        np.full((times, most), NEVER, np.int16),
        np.full((times, most), NEVER, np.int16),
        (
            np.full(stops, -1, np.int32),
            np.empty(connections, np.int16),
            np.empty(connections, np.int32),
            np.empty((connections, most), np.int16),
        ),
    )


def ride_made(network: "Network", span: "Span", made: tuple[int, int, int, int], before: Ride | None) -> Ride:
    """A ride by number. made: pattern, run in the span, places boarded and left."""
    pattern, run, board, place = made
    trip = int(span.lanes.run_trip[run]) - network.first_trip(pattern)
    return Ride(pattern, (trip, int(span.lanes.run_start[run])), board, place, before)


def named[Row](rows: Rows[Row]) -> Any:
    """Rows whose columns can be read by name outside compiled code too."""
    return cast(NDArray[Any], rows).view(np.recarray)


class Building:
    """Makes the journeys of one query."""

    def __init__(self, bound: Bound, asked: "Asked", span: "Span") -> None:
        self.bound, self.asked, self.span = bound, asked, span
        self.table = cast(Timetable, bound.network)
        self.starts, self.ends = asked.starts, list(asked.ends.values())

    def journeys(self, held: Held) -> list[Journey]:
        """The journeys found, priced. One whose price is known after all stands among those of known price already."""
        found = []
        for end in named(held.ends)[: held.tally[ENDS]]:
            journey = self._journey(named(held.labels), end)
            if end.kind == KNOWN or journey.fare is None:
                found.append(journey)
        return sorted(found, key=lambda one: (one.depart_at, one.arrive_at, one.vehicles))

    def priced(self, journey: Journey) -> Journey:
        """A journey with the least it costs."""
        return priced(journey, price(self.bound.tariff, rides_of(self.bound.table, journey)))

    def _journey(self, labels: Rows[Label], end: End) -> Journey:
        lanes, chain = self.span.lanes, list[Label]()
        at = end.label
        while at != ROOT:
            chain.append(labels[at])
            at = chain[-1].before
        chain.reverse()
        ride: Ride | None = None
        for label in chain:
            pattern, run = int(lanes.lane_pattern[label.lane]), int(lanes.run_first[label.lane]) + int(label.run)
            made = pattern, run, int(label.board), int(label.alight)
            ride = ride_made(self.bound.network, self.span, made, ride)
        assert ride is not None
        starts_at = ride.first.stops(self.table)[0]
        ended = Ended(ride, self.starts[starts_at], self.ends[end.way])
        journey = journey_of(self.table, ended, pace=self.asked.pace)
        if chain[-1].kind != KNOWN:
            return self.priced(journey)
        tariff, steps = self.bound.tariff, self.bound.answers.step_objects
        bought = [Bought(steps[label.step], bool(label.is_new)) for label in chain]
        return priced(journey, add_up(bought, tariff.fees.total(int(chain[-1].closed_fees)), tariff.currencies))
