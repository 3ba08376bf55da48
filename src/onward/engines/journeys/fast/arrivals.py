"""How soon one gets everywhere: earliest arrivals from one place, and travel times between many."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from onward.engines.journeys.clock import minute_from
from onward.engines.journeys.fast.asking import arrays_of, starts_of
from onward.engines.journeys.fast.kernel_arrays import NEVER, Int16
from onward.engines.journeys.fast.kernel_arrivals import earliest_arrivals, with_walks
from onward.engines.journeys.fast.network import Network
from onward.engines.journeys.journey import StopKey

NOT_REACHED = -1


@dataclass(frozen=True, slots=True)
class Outset:
    """Setting out at an instant. What else it says is said in Query; the number of vehicles has no limit."""

    leave_at: datetime
    min_change: timedelta = timedelta(minutes=2)
    max_travel: timedelta = timedelta(hours=24)
    countries: frozenset[str] | None = None
    pace: int = 100


@dataclass(frozen=True, slots=True)
class Arrivals:
    """The earliest arrival at each stop. minutes[stop]: since 1970-01-01 00:00 UTC, NOT_REACHED where there is none."""

    network: Network
    minutes: NDArray[np.int32]

    def at(self, key: StopKey) -> datetime | None:
        """The earliest arrival at a stop, or at any in a station, in UTC; raises NotFound where no feed has it."""
        minutes = self.minutes[self.network.expand([key])]
        reached = minutes[minutes != NOT_REACHED]
        return datetime.fromtimestamp(int(reached.min()) * 60, UTC) if len(reached) else None


def arrivals_from(network: Network, origins: Sequence[StopKey], outset: Outset) -> Arrivals:
    """The earliest arrival at every stop for who sets out from any of some stops, by vehicle and on foot after it.

    A stop to which no vehicle leads is not reached, nor one that may only be walked to. Raises NotFound where a stop is
    unknown.
    """
    found, first_minute = _arrive(network, [origins], outset)
    return Arrivals(network, _absolute(found[0], first_minute))


def travel_minutes(
    network: Network, origins: Sequence[Sequence[StopKey]], destinations: Sequence[Sequence[StopKey]], outset: Outset
) -> NDArray[np.int32]:
    """[origin, destination]: minutes from setting out to the earliest arrival, NOT_REACHED where there is none.

    Each place is one or several stops; between a place and itself it is 0. Raises NotFound where a stop is unknown.
    """
    found, first_minute = _arrive(network, origins, outset)
    leave = minute_from(outset.leave_at) - first_minute
    travel = np.full((len(origins), len(destinations)), NOT_REACHED, np.int32)
    for column, place in enumerate(destinations):
        soonest = found[:, network.expand(place)].min(axis=1)
        travel[:, column] = np.where(soonest < NEVER, soonest.astype(np.int32) - leave, NOT_REACHED)
    at: dict[StopKey, list[int]] = {}
    for column, place in enumerate(destinations):
        for key in place:
            at.setdefault(key, []).append(column)
    for row, start in enumerate(origins):
        for key in start:
            travel[row, at.get(key, [])] = 0
    return travel


def _arrive(network: Network, origins: Sequence[Sequence[StopKey]], outset: Outset) -> tuple[Int16, int]:
    """For each origin the earliest arrivals in minutes of a span, and the span's first minute."""
    leave = minute_from(outset.leave_at)
    travel = int(outset.max_travel.total_seconds() // 60)
    span = network.span(leave, leave + travel)
    shape, rules = network.shape_at(outset.pace), network.rules_in(outset.countries)
    begin = leave - span.first_minute
    limits = begin, begin + travel, -int(-outset.min_change.total_seconds() // 60)
    ridden = np.empty(len(network.stops), np.int16)
    found = np.empty((len(origins), len(network.stops)), np.int16)
    for row, keys in enumerate(origins):
        access = arrays_of(starts_of(network, shape, keys, outset.countries))
        earliest_arrivals(shape, rules, span.lanes, access, limits, ridden)
        with_walks(shape, begin + travel, ridden, found[row])
    return found, span.first_minute


def _absolute(minutes: Int16, first_minute: int) -> NDArray[np.int32]:
    return np.where(minutes < NEVER, minutes.astype(np.int32) + first_minute, NOT_REACHED).astype(np.int32)
