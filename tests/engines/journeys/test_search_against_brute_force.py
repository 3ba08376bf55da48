"""The range search equals trying everything, on tiny random timetables."""

from collections.abc import Iterator
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.journeys.small_feeds import at, minutes, read, rows, tables

from onward.core.window import Window
from onward.engines.journeys import Journey, Linking, Query, StopKey, Timetable, search
from onward.engines.journeys.clock import minute_of

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


@st.composite
def trips(draw: st.DrawFn) -> list[Call]:
    """Two to five calls, times never going back; a stop may come twice."""
    stops = draw(st.lists(st.sampled_from(STOPS), min_size=2, max_size=5))
    clock = draw(st.integers(0, 60))
    calls = []
    for stop in stops:
        arrive = clock + draw(st.integers(0, 12))
        clock = arrive + draw(st.integers(0, 3))
        calls.append(Call(stop, arrive, clock, draw(st.sampled_from([0, 0, 0, NO_PICKUP, NO_DROP_OFF, 3]))))
    return calls


pairs = st.tuples(st.sampled_from(STOPS), st.sampled_from(STOPS)).filter(lambda pair: pair[0] != pair[1])
worlds = st.builds(
    World,
    st.lists(trips(), min_size=1, max_size=6),
    st.dictionaries(pairs, st.integers(0, 8), max_size=3),
    st.dictionaries(st.sampled_from(STOPS), st.none() | st.integers(0, 8), max_size=2),
)


@settings(max_examples=400, deadline=None)
@given(
    world=worlds,
    ends=pairs,
    window=st.tuples(st.integers(0, 60), st.integers(1, 50)),
    limits=st.tuples(st.integers(0, 6), st.integers(10, 90), st.integers(1, 4)),
    linking=st.sampled_from([Linking.OFF, Linking.FEED]),
)
def test_the_search_finds_exactly_the_best_journeys(
    world: World, ends: tuple[str, str], window: tuple[int, int], limits: tuple[int, int, int], linking: Linking
) -> None:
    if linking is Linking.OFF:
        world = World(world.trips, {}, {})
    start, end = window[0], sum(window)
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


def everything(world: World, ends: tuple[str, str], limits: tuple[int, int, int]) -> Iterator[tuple[int, int, int]]:
    """(depart, arrive, vehicles) of every journey there is."""
    min_change, max_travel, max_vehicles = limits
    from_stop, to_stop = ends

    def ride_on(stop: str, ready: int, left: int) -> Iterator[tuple[int, int]]:
        """(arrival at the end, vehicles used) of every way on from standing at a stop."""
        for calls in world.trips:
            for at_place, board in enumerate(calls):
                if board.stop != stop or board.rules & NO_PICKUP or board.depart < ready:
                    continue
                for alight in calls[at_place + 1 :]:
                    if not alight.rules & NO_DROP_OFF:
                        yield from go_on(alight, left - 1)

    def go_on(alight: Call, left: int) -> Iterator[tuple[int, int]]:
        for walk in [0] if alight.stop == to_stop else walks_between(alight.stop, to_stop):
            yield alight.arrive + walk, left
        if not left:
            return
        own = world.changes.get(alight.stop, 0)
        if own is not None:
            yield from ride_on(alight.stop, alight.arrive + max(min_change, own), left)
        for (start, end), walk in world.walks.items():
            if start == alight.stop:
                yield from ride_on(end, alight.arrive + max(min_change, walk), left)

    def walks_between(start: str, end: str) -> list[int]:
        return [world.walks[start, end]] if (start, end) in world.walks else []

    starts = [(from_stop, 0)] + [(end, walk) for (start, end), walk in world.walks.items() if start == from_stop]
    for stop, walk in starts:
        departures = {call.depart for calls in world.trips for call in calls if call.stop == stop}
        for departure in departures:
            # Boarding exactly then is among what can be boarded from then on; later ones come with later departures.
            for arrive, left in ride_on(stop, departure, max_vehicles):
                if arrive - (departure - walk) <= max_travel:
                    yield departure - walk, arrive, max_vehicles - left


def best(journeys: list[tuple[int, int, int]], window: tuple[int, int]) -> list[tuple[int, int, int]]:
    """Those in the window that no other beats, one that leaves later than the window included."""
    start, end = window
    kept = {one for one in journeys if start <= one[0] < end}
    return sorted(one for one in kept if not any(beats(other, one) for other in journeys))


def beats(one: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    return one != other and one[0] >= other[0] and one[1] <= other[1] and one[2] <= other[2]
