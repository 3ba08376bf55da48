"""From the rides a compiled search found to journeys a person can read; rides become legs as in the plain search."""

from typing import NamedTuple, cast

from onward.engines.journeys.clock import minute_of
from onward.engines.journeys.fast.asking import Asked
from onward.engines.journeys.fast.kernel_arrays import Int32
from onward.engines.journeys.fast.network import Network
from onward.engines.journeys.journey import Journey, Leg
from onward.engines.journeys.legs import Ride, ridden, unpriced, walked
from onward.engines.journeys.party import paced
from onward.engines.journeys.timetable import Timetable

MOST_KEPT = 50_000
"""Rides whose legs a network keeps: searches of one day give the same rides again and again."""

type RideFound = tuple[int, int, int, int, int]
"""A ride by number: pattern; trip, among those of all feeds; the minute since 1970 its service day counts from; the
places it is boarded and left at."""


class Ridden(NamedTuple):
    """A ride's legs, and the stops it is boarded and left at."""

    legs: list[Leg]
    board: int
    alight: int


def journeys_of(network: Network, asked: Asked, found: tuple[Int32, Int32]) -> list[Journey]:
    """The journeys `best_journeys` found, by departure, arrival, vehicles."""
    rows = found[0].tolist()
    if len(rows) == 1:
        return []
    rides = [tuple(ride) for ride in found[1].tolist()]
    starts, ends = list(asked.starts.values()), list(asked.ends.values())
    ranked = sorted((row[0], row[1], after[4] - row[4], row) for row, after in zip(rows, rows[1:], strict=False))
    build = _Builder(network, asked.pace)
    return [build.journey(rides[row[4] : row[4] + count], starts[row[2]], ends[row[3]]) for _, _, count, row in ranked]


class _Builder:
    """Makes the journeys of one query."""

    def __init__(self, network: Network, pace: int) -> None:
        self.network, self.pace = network, pace
        self.table = cast(Timetable, network)

    def journey(self, rides: list[RideFound], before: tuple[int, int], after: tuple[int, int]) -> Journey:
        """A journey of some rides. before, after: the stop it begins or ends at, and the walk's minutes."""
        legs: list[Leg] = []
        kept, stop_of = self.network.legs, self.network.stop_of
        standing = before[0]
        for ride in rides:
            made = kept.get(ride) or self._ridden(ride)
            if stop_of[standing] != stop_of[made.board]:
                legs += self._walked(legs, (standing, made.board), before[1], made.legs[0])
            legs += made.legs
            standing = made.alight
        if stop_of[standing] != stop_of[after[0]]:
            legs += walked(self.table, (standing, after[0]), minute_of(legs[-1].arrive_at), after[1])
        return unpriced(legs)

    def _walked(self, legs: list[Leg], ends: tuple[int, int], first: int, ahead: Leg) -> list[Leg]:
        """The walk to what is boarded next. first: its minutes, where it is the journey's first leg."""
        if not legs:
            return walked(self.table, ends, minute_of(ahead.depart_at) - first, first)
        minutes = paced(self.network.changes.walks[ends[0]].get(ends[1], 0), self.pace)
        return walked(self.table, ends, minute_of(legs[-1].arrive_at), minutes)

    def _ridden(self, ride: RideFound) -> Ridden:
        kept = self.network.legs
        if len(kept) >= MOST_KEPT:
            kept.clear()
        pattern, trip, start, boarded, alighted = ride
        whole = Ride(pattern, (trip - self.network.first_trip(pattern), start), boarded, alighted, None)
        made = kept[ride] = Ridden(ridden(self.table, whole), *whole.stops(self.table))
        return made
