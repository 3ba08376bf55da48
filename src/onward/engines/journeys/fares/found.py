"""From what the compiled search found to journeys with their prices."""

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from onward.engines.journeys.fares.bound import Bound
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
    Ways,
)
from onward.engines.journeys.fares.priced import priced
from onward.engines.journeys.fares.pricing import price
from onward.engines.journeys.fares.told import Paid
from onward.engines.journeys.fares.world import rides_of
from onward.engines.journeys.fast.legs import RideFound, journeys_of
from onward.engines.journeys.journey import Journey
from onward.engines.journeys.legs import Ride

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


def made_room(stops: int, currencies: int, ways: Ways) -> Held:
    """Room for what a search finds; only what is used of it costs memory."""
    return Held(
        np.empty(MOST_LABELS, LABEL),
        np.empty((MOST_LABELS, 3 * currencies), np.int32),
        np.full((2, stops), -1, np.int32),
        np.empty(MOST_ENDS, END),
        np.empty((MOST_ENDS, currencies), np.int32),
        np.empty((MOST_ASKS, ASK_COLUMNS), np.int64),
        np.empty((MOST_BOARDINGS, 4), np.int32),
        np.empty((2, ways.staying.shape[1] + 1), np.int32),
        np.empty(len(ways.enough), np.int32),
        np.zeros(4, np.int64),
    )


def ride_made(network: "Network", span: "Span", made: tuple[int, int, int, int], before: Ride | None) -> Ride:
    """A ride by number. made: pattern, run in the span, places boarded and left."""
    pattern, run, board, place = made
    trip = int(span.lanes.run_trip[run]) - network.first_trip(pattern)
    return Ride(pattern, (trip, int(span.lanes.run_start[run])), board, place, before)


def named[Row](rows: Rows[Row], at: int) -> Row:
    """A row as one of Python's own numbers by name: numpy's records are slow to read one by one."""
    array = cast(NDArray[Any], rows)
    return cast(Row, SimpleNamespace(**dict(zip(array.dtype.names or (), array[at].item(), strict=True))))


class Found(NamedTuple):
    """A journey found. row: as best_journeys gives it without its place among the rides. labels: those of its rides."""

    row: tuple[int, int, int, int]
    labels: list[Label]
    rides: list[RideFound]

    def rank(self) -> tuple[int, int, int, tuple[int, int, int, int]]:
        """Where it stands: by departure, arrival, vehicles; alike in these as journeys_of ranks them."""
        return self.row[0], self.row[1], len(self.rides), self.row


class Building:
    """Makes the journeys of one query."""

    def __init__(self, bound: Bound, asked: "Asked", span: "Span") -> None:
        self.bound, self.asked, self.span = bound, asked, span
        self.access = {stop: at for at, stop in enumerate(asked.starts)}

    def journeys(self, held: Held) -> list[Journey]:
        """The journeys found, priced. One whose price is known after all stands among those of known price already."""
        found = [self._found(held, named(held.ends, at)) for at in range(held.tally[ENDS])]
        found.sort(key=Found.rank)
        rows, rides = list[tuple[int, ...]](), list[RideFound]()
        for one in found:
            rows.append((*one.row, len(rides)))
            rides += one.rides
        rows.append((0, 0, 0, 0, len(rides)))
        made = journeys_of(self.bound.network, self.asked, (np.array(rows, np.int32), np.array(rides, np.int32)))
        both = zip(found, made, strict=True)
        return [journey for one, bare in both if (journey := self._paid(one, bare)) is not None]

    def priced(self, journey: Journey) -> Journey:
        """A journey with the least it costs."""
        return priced(journey, price(self.bound.tariff, rides_of(self.bound.table, journey)))

    def _found(self, held: Held, end: End) -> Found:
        lanes, labels, rides = self.span.lanes, list[Label](), list[RideFound]()
        at = end.label
        while at != ROOT:
            labels.append(named(held.labels, at))
            at = labels[-1].before
        labels.reverse()
        for label in labels:
            pattern, run = lanes.lane_pattern.item(label.lane), lanes.run_first.item(label.lane) + label.run
            trip, start = lanes.run_trip.item(run), lanes.run_start.item(run)
            rides.append((pattern, trip, start, label.board, label.alight))
        first = self.span.shape.place_first.item(rides[0][0]) + labels[0].board
        way = self.access[self.span.shape.place_stop.item(first)]
        return Found((end.began, end.minute, way, end.way), labels, rides)

    def _paid(self, found: Found, journey: Journey) -> Journey | None:
        """A journey with its price; None for one thought unknown whose price is known in another way."""
        last, told = found.labels[-1], self.bound.told
        if last.kind != KNOWN:
            if not told.knows(found.rides):
                told.meet(found.rides, rides_of(self.bound.table, journey))
            whole = told.of(found.rides)
            return priced(journey, whole) if whole.fare is None else None
        steps = tuple((label.step, label.is_new) for label in found.labels)
        return priced(journey, told.of_steps(Paid(steps, last.closed_fees)))
