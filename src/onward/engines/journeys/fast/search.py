"""The range search over a network: the same journeys as the plain search finds, sooner."""

import numpy as np
from numpy.typing import NDArray

from onward.engines.journeys.clock import minute_from, minute_of
from onward.engines.journeys.fast.kernel_arrays import NEVER, Int16, Int32
from onward.engines.journeys.fast.kernel_range import Ends, best_journeys
from onward.engines.journeys.fast.legs import journeys_of
from onward.engines.journeys.fast.network import Network
from onward.engines.journeys.journey import Journey, Query, StopKey


def search(network: Network, query: Query) -> list[Journey]:
    """The Pareto set of journeys that answer the query, by departure, then arrival. Empty where there is none.

    Raises NotFound where a stop is unknown. Of journeys alike in departure, arrival and vehicles one is given.
    """
    start, end = minute_of(query.window.start_at), minute_from(query.window.end_at)
    travel = int(query.max_travel.total_seconds() // 60)
    asked = Asked(network, query)
    if not asked.may_arrive():
        return []
    span = network.span(start, end + travel)
    limits = start - span.first_minute, end - span.first_minute, travel, asked.min_change, query.max_vehicles
    found, rides = best_journeys(asked.shape, asked.rules, span.lanes, asked.least, asked.access, asked.egress, limits)
    return journeys_of(network, span, asked, (found, rides))


class Asked:
    """A query by number: where it begins and ends, and what holds for it."""

    def __init__(self, network: Network, query: Query) -> None:
        self.network, self.pace = network, query.pace
        self.min_change = -int(-query.min_change.total_seconds() // 60)
        self.shape = network.shape_at(query.pace)
        self.rules = network.rules_in(query.countries)
        shape = self.shape
        starts = self._inside(query.origins, query.countries)
        ends = self._inside(query.destinations, query.countries)
        self.starts = near(starts, (shape.walk_first, shape.walk_to, shape.walk_minutes))
        self.ends = near(ends, (shape.enter_first, shape.enter_from, shape.enter_minutes))
        self.access, self.egress = _arrays(self.starts), _arrays(self.ends)
        self.least: Int16 = network.least_to(*self.egress)

    def may_arrive(self) -> bool:
        """Whether anything leads from the start to the end, on whatever day."""
        return len(self.access[0]) > 0 and bool((self.least[self.access[0]] < NEVER).any())

    def _inside(self, keys: tuple[StopKey, ...], countries: frozenset[str] | None) -> list[int]:
        stops = self.network.expand(keys)
        if countries is None:
            return stops
        return [stop for stop in stops if self.network.stops[stop].country in countries]


def near(stops: list[int], walks: tuple[Int32, Int32, Int16]) -> dict[int, tuple[int, int]]:
    """For the stops asked for and those a walk away: the stop asked for that is nearest, and the minutes to it."""
    found = {stop: (stop, 0) for stop in stops}
    first, others, minutes = walks
    for stop in stops:
        here = slice(int(first[stop]), int(first[stop + 1]))
        for other, walk in zip(others[here].tolist(), minutes[here].tolist(), strict=True):
            if walk < found.get(other, (0, NEVER))[1]:
                found[other] = stop, walk
    return found


def _arrays(found: dict[int, tuple[int, int]]) -> Ends:
    stops: NDArray[np.int32] = np.array(list(found), np.int32)
    return stops, np.array([walk for _, walk in found.values()], np.int16)
