"""How soon one gets everywhere from one place: ours beside minotor's, on the same feed, place after place."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from bench.asking import NEW_YORK
from bench.world import MATRIX_PLACES, Figures, World, spread_of, timed
from onward.engines.journeys import StopKey
from onward.engines.journeys.clock import minute_of
from onward.engines.journeys.fast import Outset, arrivals_from

type Arrivals = dict[str, int]


def beside_minotor(world: World) -> Figures:
    """Earliest arrivals from each of the busiest places at 08:00: times of both, and how far they agree.

    minotor changes within no time and counts no vehicles here; ours is asked so. It knows the trips of one service day,
    however long they run: what it reaches later than ours looks ahead is not compared.
    """
    outset = Outset(datetime(world.on.year, world.on.month, world.on.day, 8, tzinfo=ZoneInfo(NEW_YORK)), timedelta())
    last = minute_of(outset.leave_at + outset.max_travel)
    peer, loaded = world.open_peer("minotor_peer")
    times: dict[str, list[float]] = {"onward": [], "minotor": []}
    agreed = {"same": 0, "onward sooner": 0, "minotor sooner": 0}
    with peer:
        for is_measured in (False, True):
            for place in world.busiest(MATRIX_PLACES):
                line = {"from": [place[0].removeprefix("all:")], "start": minute_of(outset.leave_at)}
                theirs = peer.ask(line)
                took = timed(lambda at=place: arrivals_from(world.network, at, outset))
                if is_measured:
                    times["onward"].append(took)
                    times["minotor"].append(theirs["ms"])
                    reached = {stop: minute for stop, minute in theirs["arrivals"].items() if minute <= last}
                    _compare(_ours(world, place, outset), reached, agreed)
    return {"ms": {name: spread_of(each) for name, each in times.items()}, "arrivals": agreed, "minotor_loaded": loaded}


def _ours(world: World, place: list[StopKey], outset: Outset) -> Arrivals:
    found = arrivals_from(world.network, place, outset)
    return {
        world.network.stops[at].key.removeprefix("all:"): int(found.minutes[at])
        for at in np.flatnonzero(found.minutes >= 0)
        if world.network.stops[at].key not in place
    }


def _compare(ours: Arrivals, theirs: Arrivals, agreed: dict[str, int]) -> None:
    """Count the stops at which both, or one of the two, arrive first; where one never does, the other is sooner."""
    never = max([*ours.values(), *theirs.values()], default=0) + 1
    for stop in ours.keys() | theirs.keys():
        first, second = ours.get(stop, never), theirs.get(stop, never)
        agreed["same" if first == second else "onward sooner" if first < second else "minotor sooner"] += 1
