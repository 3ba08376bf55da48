"""Which journeys are weighed by price: those not much slower than the best ones, and what came of weighing them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from onward.engines.journeys.clock import minute_of
from onward.engines.journeys.journey import Journey, Query


@dataclass(frozen=True, slots=True)
class Slack:
    """How much worse than the best journeys one may be to be weighed by its price.

    A journey is weighed where it arrives at most so long after the quickest way there of all that leave no sooner than
    it: `longer`, or `share` of the shortest of the best journeys where that is more. And where it has at most
    `vehicles` more than the best journey that has the most. The best journeys are those of the search without fares.
    """

    longer: timedelta = timedelta(hours=3)
    share: float = 0.5
    vehicles: int = 1

    def minutes(self, best: Sequence[Journey]) -> int:
        """The minutes later a journey may arrive."""
        shortest = min(int((one.arrive_at - one.depart_at).total_seconds()) // 60 for one in best)
        return max(int(self.longer.total_seconds()) // 60, int(self.share * shortest))

    def most_vehicles(self, best: Sequence[Journey], query: Query) -> int:
        """The most vehicles a journey may have."""
        return min(max(one.vehicles for one in best) + self.vehicles, query.max_vehicles)


def latest_arrivals(best: Sequence[Journey], beyond: int, window: tuple[int, int], late: int) -> list[int]:
    """For each minute of a window the latest at which who leaves then must have arrived to be weighed.

    best: the best journeys of the window. beyond: the earliest minute anybody who leaves after it is there. late: how
    many minutes after the quickest of those that leave no sooner. All in minutes since 1970.
    """
    start, end = window
    quickest = np.full(end - start, beyond, np.int64)
    np.minimum.at(
        quickest, [minute_of(one.depart_at) - start for one in best], [minute_of(one.arrive_at) for one in best]
    )
    latest: list[int] = (np.minimum.accumulate(quickest[::-1])[::-1] + late).tolist()
    return latest


FAMILY = Slack()
"""What a family would consider: half as long again on the way, three hours more at the least, and one change more."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """The journeys of a search that weighs fares, by departure, then arrival. is_whole: whether all were weighed.

    Where there were too many ways it is not: then these are the journeys of the search without fares, priced.
    """

    journeys: tuple[Journey, ...]
    is_whole: bool = True


def with_best(
    weighed: Sequence[Journey], best: Sequence[Journey], price: Callable[[Journey], Journey]
) -> list[Journey]:
    """What was weighed, and the best journeys that none of it makes needless, priced now; by departure, arrival."""
    found = [_times(one) for one in weighed]
    missing = [price(one) for one in best if not any(all(map(int.__le__, other, _times(one))) for other in found)]
    return sorted((*weighed, *missing), key=lambda one: (one.depart_at, one.arrive_at, one.vehicles))


def _times(journey: Journey) -> tuple[int, int, int]:
    """What journeys are compared by without fares, less being better."""
    return -minute_of(journey.depart_at), minute_of(journey.arrive_at), journey.vehicles
