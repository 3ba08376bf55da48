"""The range search equals trying everything, on tiny random timetables."""

import random
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from onward.core.window import Window
from onward.engines.journeys import Journey, Linking, Query, StopKey, Timetable, search
from onward.engines.journeys.clock import minute_of
from tests.engines.journeys.small_feeds import at, minutes, read, rows, tables

STOPS = "ABCDE"
NO_PICKUP, NO_DROP_OFF = 1, 2
MIDNIGHT = minute_of(at("00:00"))


class Call(NamedTuple):
    """minutes after midnight, and what may not be done there."""

    stop: str
    arrive: int
    depart: int
    rules: int


class World(NamedTuple):
    """trips, walks in minutes, least change times at stops (None: no change there)."""

    trips: list[list[Call]]
    walks: dict[tuple[str, str], int]
    changes: dict[str, int | None]


def random_world(chance: random.Random) -> World:
    """Five to eight short lines. Drawn evenly: worlds of hypothesis's own drawing are too plain to need changes."""
    trips = [trip for _ in range(chance.randint(5, 8)) for trip in random_line(chance)]
    pairs = [(start, end) for start in STOPS for end in STOPS if start != end]
    walks = {pair: chance.randint(0, 5) for pair in chance.sample(pairs, chance.choice([0, 4, 8]))}
    changes = {stop: chance.choice([None, 1, 3, 8]) for stop in chance.sample(STOPS, chance.randint(0, 2))}
    return World(trips, walks, changes)


def random_line(chance: random.Random) -> list[list[Call]]:
    """Trips that call at the same stops, times never going back; they may overtake, and call twice at a stop."""
    stops = [chance.choice(STOPS) for _ in range(chance.choice([2, 2, 3, 4]))]
    rules = [chance.choice([0] * 10 + [NO_PICKUP, NO_DROP_OFF]) for _ in stops]
    trips = []
    for _ in range(chance.randint(2, 5)):
        clock, calls = chance.randint(0, 50), []
        for stop, rule in zip(stops, rules, strict=True):
            arrive = clock + chance.randint(0, 9)
            clock = arrive + chance.randint(0, 2)
            calls.append(Call(stop, arrive, clock, rule))
        trips.append(calls)
    return trips


@settings(max_examples=300)
@given(seed=st.integers(0, 1 << 40), linking=st.sampled_from([Linking.FEED, Linking.FEED, Linking.FEED, Linking.OFF]))
def test_the_search_finds_exactly_the_best_journeys(seed: int, linking: Linking) -> None:
    chance = random.Random(seed)
    world = random_world(chance)
    start, end = (begin := chance.randint(0, 10)), begin + chance.choice([10, 60, 60])
    limits = chance.choice([0, 2, 5]), chance.choice([20, 90, 90]), chance.choice([1, 2, 4, 4])
    ends = tuple(chance.sample(STOPS, 2))
    if linking is Linking.OFF:
        world = World(world.trips, {}, {})
    expected = best(list(everything(world, ends, limits)), (start, end))
    table = Timetable([read(files_of(world))[0]], linking)
    query = Query(
        (StopKey(f"small:{ends[0]}"),),
        (StopKey(f"small:{ends[1]}"),),
        Window(at("00:00") + minutes(start), at("00:00") + minutes(end)),
        min_change=minutes(limits[0]),
        max_travel=minutes(limits[1]),
        max_vehicles=limits[2],
    )
    found = search(table, query)
    assert sorted(map(signature, found)) == expected
    for journey in found:
        for leg, after in zip(journey.legs, journey.legs[1:], strict=False):
            assert leg.to_stop == after.from_stop
            assert leg.arrive_at <= after.depart_at


def signature(journey: Journey) -> tuple[int, int, int]:
    depart, arrive = journey.depart_at, journey.arrive_at
    return minute_of(depart) - MIDNIGHT, minute_of(arrive) - MIDNIGHT, journey.vehicles


def files_of(world: World) -> dict[str, str]:
    """The world as GTFS. Every stop is there, far from the others."""
    files = tables({f"t{n}": [(call.stop, "00:00") for call in calls] for n, calls in enumerate(world.trips)})
    places = [f"{stop},{stop},{40 + n},-74" for n, stop in enumerate(STOPS)]
    files["stops.txt"] = rows("stop_id,stop_name,stop_lat,stop_lon", places)
    files["stop_times.txt"] = rows(
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type",
        [
            f"t{n},{clock(call.arrive)},{clock(call.depart)},{call.stop},{place},{call.rules & 1},{call.rules >> 1}"
            for n, calls in enumerate(world.trips)
            for place, call in enumerate(calls)
        ],
    )
    head = "from_stop_id,to_stop_id,transfer_type,min_transfer_time"
    walks = [f"{start},{end},2,{60 * walk}" for (start, end), walk in world.walks.items()]
    changes = [f"{stop},{stop},{'3,' if least is None else f'2,{60 * least}'}" for stop, least in world.changes.items()]
    files["transfers.txt"] = rows(head, walks + changes)
    return files


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}:00"


def any_ride(trip: int, board: int, alight: int) -> bool:
    """Every carriage is allowed."""
    return True


def everything(
    world: World,
    ends: tuple[str, ...],
    limits: tuple[int, int, int],
    may_ride: Callable[[int, int, int], bool] = any_ride,
) -> Iterator[tuple[int, int, int]]:
    """(depart, arrive, vehicles) of every journey there is. may_ride: of a trip, from one of its places to another."""
    min_change, max_travel, max_vehicles = limits
    from_stop, to_stop = ends

    @cache
    def ride_on(stop: str, ready: int, left: int) -> frozenset[tuple[int, int]]:
        """(arrival at the end, vehicles left) of every way on from standing at a stop with some vehicles left."""
        ways: set[tuple[int, int]] = set()
        for trip, calls in enumerate(world.trips if left else []):
            for place, board in enumerate(calls):
                if board.stop == stop and not board.rules & NO_PICKUP and board.depart >= ready:
                    for later, alight in enumerate(calls[place + 1 :], place + 1):
                        if not alight.rules & NO_DROP_OFF and may_ride(trip, place, later):
                            ways |= go_on(alight, left - 1)
        return frozenset(ways)

    def go_on(alight: Call, left: int) -> set[tuple[int, int]]:
        ways = {(alight.arrive, left)} if alight.stop == to_stop else set()
        own = world.changes.get(alight.stop, 0)
        if own is not None:
            ways |= ride_on(alight.stop, alight.arrive + max(min_change, own), left)
        for (start, end), walk in world.walks.items():
            if start == alight.stop:
                ways |= ride_on(end, alight.arrive + max(min_change, walk), left)
                ways |= {(alight.arrive + walk, left)} if end == to_stop else set()
        return ways

    starts = [(from_stop, 0)] + [(end, walk) for (start, end), walk in world.walks.items() if start == from_stop]
    for stop, walk in starts:
        for depart in {call.depart for calls in world.trips for call in calls if call.stop == stop}:
            # Whatever leaves then or later is among these; what leaves later is beaten by itself.
            for arrive, left in ride_on(stop, depart, max_vehicles):
                if arrive - (depart - walk) <= max_travel:
                    yield depart - walk, arrive, max_vehicles - left


def best(journeys: list[tuple[int, int, int]], window: tuple[int, int]) -> list[tuple[int, int, int]]:
    """Those in the window that no other beats, one that leaves later than the window included."""
    start, end = window
    journeys = list(set(journeys))
    kept = [one for one in journeys if start <= one[0] < end]
    return sorted(one for one in kept if not any(beats(other, one) for other in journeys))


def beats(one: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    return one != other and one[0] >= other[0] and one[1] <= other[1] and one[2] <= other[2]
