"""How soon one is at the end after a window, written to be read: what slack.py bounds journeys by."""

from heapq import heappop, heappush

from onward.engines.journeys.fares.world import Boarding, World

NEVER = 1 << 40
"""A minute that does not come."""


def soonest_after(world: World) -> int:
    """The earliest minute at the end of anybody who leaves after the window, with however many vehicles."""
    return soonest(world, {stop: world.end + walk for stop, (_, walk) in world.access.items()})


def soonest(world: World, ready: dict[int, int]) -> int:
    """The earliest minute at the end for whoever may board at some stops from some minutes on (Dijkstra)."""
    best, done = NEVER, set[int]()
    last = world.end + world.max_travel
    heap = sorted((minute, stop) for stop, minute in ready.items())
    while heap:
        minute, stop = heappop(heap)
        if stop in done:
            continue
        done.add(stop)
        for boarding in world.boardings(stop, minute, last):
            before = dict(ready)
            best = min(best, _alight(world, boarding, ready))
            for other, sooner in ready.items():
                if sooner < before.get(other, NEVER):
                    heappush(heap, (sooner, other))
    return best if best <= last else NEVER


def _alight(world: World, boarding: Boarding, ready: dict[int, int]) -> int:
    """Note when one may board elsewhere after a ride; gives when one is at the end."""
    best = NEVER
    for _, stop, arrive in world.alightings(boarding):
        if stop in world.egress:
            best = min(best, arrive + world.egress[stop][1])
        for other, minute in world.stands(stop, arrive):
            ready[other] = min(minute, ready.get(other, NEVER))
    return best
