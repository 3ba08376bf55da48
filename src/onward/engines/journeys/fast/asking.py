"""A query by number: where it begins and ends, and what holds for it."""

from collections.abc import Sequence

import numpy as np

from onward.engines.journeys.fast.kernel_arrays import NEVER, Ends, Int16, Int32, Shape
from onward.engines.journeys.fast.network import Network
from onward.engines.journeys.journey import Query, StopKey

type Walks = tuple[Int32, Int32, Int16]
"""first, other stop, minutes"""

type Near = dict[int, tuple[int, int]]
"""Stops near the start or the end: of each the stop asked for that is nearest, and the minutes of the walk."""


class Asked:
    """What the compiled search reads of a query."""

    def __init__(self, network: Network, query: Query) -> None:
        self.pace = query.pace
        self.min_change = -int(-query.min_change.total_seconds() // 60)
        self.shape = network.shape_at(query.pace)
        self.rules = network.rules_in(query.countries)
        self.starts = starts_of(network, self.shape, query.origins, query.countries)
        goal = _inside(network, query.destinations, query.countries)
        self.ends = _near(network, goal, (self.shape.enter_first, self.shape.enter_from, self.shape.enter_minutes))
        self.access, self.egress = arrays_of(self.starts), arrays_of(self.ends)
        self.least: Int16 = network.least_to(goal)
        self.bounds = self.least, network.fewest_to(goal)

    def may_arrive(self) -> bool:
        """Whether anything leads from the start to the end, on whatever day."""
        stops = self.access[0]
        return len(stops) > 0 and bool((self.least[stops] < NEVER).any())


def starts_of(network: Network, shape: Shape, keys: Sequence[StopKey], countries: frozenset[str] | None) -> Near:
    """The stops where one may set out from some stops, or from any in a station; raises NotFound for an unknown one."""
    stops = _inside(network, keys, countries)
    return _near(network, stops, (shape.walk_first, shape.walk_to, shape.walk_minutes))


def arrays_of(near: Near) -> Ends:
    """The stops, and the minutes of the walk of each."""
    return np.array(list(near), np.int32), np.array([walk for _, walk in near.values()], np.int16)


def _inside(network: Network, keys: Sequence[StopKey], countries: frozenset[str] | None) -> list[int]:
    stops = network.expand(keys)
    if countries is None:
        return stops
    return [stop for stop in stops if network.stops[stop].country in countries]


def _near(network: Network, stops: list[int], walks: Walks) -> Near:
    """The stops asked for and those a walk away, each with the nearest of the stops asked for.

    A stand's own walks are those of passengers who change there; who starts or ends walks as from its stop.
    """
    found = {stop: (stop, 0) for stop in stops}
    first, others, minutes = walks
    stop_of = network.stop_of
    for stop in stops:
        if stop_of[stop] != stop:
            continue
        here = slice(int(first[stop]), int(first[stop + 1]))
        for other, walk in zip(others[here].tolist(), minutes[here].tolist(), strict=True):
            if walk < found.get(other, (0, NEVER))[1]:
                found[other] = stop, walk
    return found
