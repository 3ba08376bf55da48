"""From the rides a compiled search found to journeys a person can read; rides become legs as in the plain search."""

from itertools import starmap
from typing import NamedTuple, cast

from onward.engines.journeys.clock import minute_of
from onward.engines.journeys.fast.asking import Asked
from onward.engines.journeys.fast.kernel_arrays import Int32
from onward.engines.journeys.fast.network import Network
from onward.engines.journeys.journey import Journey, Leg
from onward.engines.journeys.legs import Ride, ridden, walked, warnings_of
from onward.engines.journeys.party import paced
from onward.engines.journeys.timetable import Timetable

MOST_KEPT = 50_000
"""Rides whose legs a network keeps: searches of one day give the same rides again and again."""


class RideFound(NamedTuple):
    """A ride by number. trip: among those of all feeds. start: the minute since 1970 its service day counts from."""

    pattern: int
    trip: int
    start: int
    boarded: int
    alighted: int


def journeys_of(network: Network, asked: Asked, found: tuple[Int32, Int32]) -> list[Journey]:
    """The journeys `best_journeys` found, by departure, arrival, vehicles."""
    rows = found[0].tolist()
    if len(rows) == 1:
        return []
    rides = list(starmap(RideFound, found[1].tolist()))
    ends = list(asked.starts.values()), list(asked.ends.values())
    ranked = sorted((row[0], row[1], after[4] - row[4], row) for row, after in zip(rows, rows[1:], strict=False))
    build = _Builder(network, asked.pace)
    return [
        build.journey(rides[row[4] : row[4] + count], ends[0][row[2]], ends[1][row[3]]) for _, _, count, row in ranked
    ]


class _Builder:
    """Makes the journeys of one query."""

    def __init__(self, network: Network, pace: int) -> None:
        self.network, self.pace = network, pace
        self.table = cast(Timetable, network)
        self.stop_of = network.stop_of

    def journey(self, rides: list[RideFound], before: tuple[int, int], after: tuple[int, int]) -> Journey:
        """A journey of some rides. before, after: the stop it begins or ends at, and the walk's minutes."""
        legs: list[Leg] = []
        standing, minutes = before
        for ride in rides:
            stops = self.network.patterns[ride.pattern].stops
            board = stops[ride.boarded]
            made = self._ridden(ride)
            if self.stop_of[standing] != self.stop_of[board]:
                if legs:
                    leave = minute_of(legs[-1].arrive_at)
                    minutes = paced(self.network.changes.walks[standing].get(board, 0), self.pace)
                else:
                    leave = minute_of(made[0].depart_at) - minutes
                legs += walked(self.table, (standing, board), leave, minutes)
            legs += made
            standing = stops[ride.alighted]
        if self.stop_of[standing] != self.stop_of[after[0]]:
            legs += walked(self.table, (standing, after[0]), minute_of(legs[-1].arrive_at), after[1])
        return Journey(tuple(legs), warnings=warnings_of(legs))

    def _ridden(self, ride: RideFound) -> list[Leg]:
        kept = self.network.legs
        made = kept.get(ride)
        if made is None:
            if len(kept) >= MOST_KEPT:
                kept.clear()
            trip = ride.trip - self.network.first_trip(ride.pattern)
            whole = Ride(ride.pattern, (trip, ride.start), ride.boarded, ride.alighted, None)
            made = kept[ride] = ridden(self.table, whole)
        return made
