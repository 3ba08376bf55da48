"""Earliest arrivals, matrices, profiles, arrive-by and last trips equal what trying everything gives."""

import random
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import example, given, settings
from hypothesis import strategies as st

from onward.core.window import Window
from onward.engines.journeys import Linking, Query, StopKey, Timetable
from onward.engines.journeys.clock import minute_of
from onward.engines.journeys.fast import (
    NOT_REACHED,
    Network,
    Outset,
    arrivals_from,
    arrive_by,
    compile_network,
    last_trip,
    profile,
    travel_minutes,
)
from tests.engines.journeys.small_feeds import at, minutes, read
from tests.engines.journeys.test_search_against_brute_force import (
    MIDNIGHT,
    STOPS,
    Call,
    World,
    everything,
    files_of,
    random_world,
    signature,
)

MANY = 40
"""Vehicles: more than any journey of a small world needs."""


def network_of(world: World) -> Network:
    return compile_network(Timetable([read(files_of(world))[0]], Linking.FEED))


def key(stop: str) -> StopKey:
    return StopKey(f"small:{stop}")


def soonest(world: World, ends: tuple[str, str], leave: int, limits: tuple[int, int]) -> int | None:
    """The earliest arrival of all journeys that leave at a minute or later."""
    min_change, max_travel = limits
    found = [
        arrive
        for depart, arrive, _ in everything(world, ends, (min_change, max_travel, MANY))
        if depart >= leave and arrive <= leave + max_travel
    ]
    return min(found, default=None)


@settings(max_examples=150)
@given(seed=st.integers(0, 1 << 40))
def test_earliest_arrivals_and_travel_times_are_those_of_trying_everything(seed: int) -> None:
    chance = random.Random(seed)
    world = random_world(chance)
    leave, limits = chance.randint(0, 30), (chance.choice([0, 2, 5]), chance.choice([30, 90]))
    outset = Outset(at("00:00") + minutes(leave), min_change=minutes(limits[0]), max_travel=minutes(limits[1]))
    network = network_of(world)
    start, *others = chance.sample(STOPS, len(STOPS))
    arrivals = arrivals_from(network, [key(start)], outset)
    table = travel_minutes(network, [[key(start)]], [[key(stop)] for stop in others], outset)[0].tolist()
    for stop, travel in zip(others, table, strict=True):
        expected = soonest(world, (start, stop), leave, limits)
        found = arrivals.at(key(stop))
        assert (None if found is None else minute_of(found) - MIDNIGHT) == expected
        assert travel == (NOT_REACHED if expected is None else expected - leave)


def test_between_a_place_and_itself_the_travel_time_is_nothing() -> None:
    network = network_of(random_world(random.Random(3)))
    places = [[key(stop)] for stop in STOPS]
    table = travel_minutes(network, places, places, Outset(at("00:00")))
    assert table.diagonal().tolist() == [0] * len(STOPS)


def test_within_some_countries_nobody_arrives_by_passing_through_another() -> None:
    table = Timetable([read(files_of(line()))[0]], Linking.FEED)
    abroad = {"B": "CA"}
    table.stops = tuple(replace(stop, country=abroad.get(stop.stop_id, "US")) for stop in table.stops)
    network = compile_network(table)
    free = arrivals_from(network, [key("A")], Outset(at("00:00")))
    held = arrivals_from(network, [key("A")], Outset(at("00:00"), countries=frozenset({"US"})))
    assert free.at(key("C")) == datetime(2025, 6, 11, 4, 20, tzinfo=UTC)
    assert (held.at(key("B")), held.at(key("C"))) == (None, None)


def line() -> World:
    return World([[Call("A", 0, 0, 0), Call("B", 10, 10, 0), Call("C", 20, 20, 0)]], {}, {})


def asked(
    chance: random.Random, limits: tuple[int, int, int], window: tuple[int, int]
) -> tuple[Query, tuple[str, ...]]:
    ends = tuple(chance.sample(STOPS, 2))
    query = Query(
        (key(ends[0]),),
        (key(ends[1]),),
        Window(at("00:00") + minutes(window[0]), at("00:00") + minutes(window[1])),
        min_change=minutes(limits[0]),
        max_travel=minutes(limits[1]),
        max_vehicles=limits[2],
    )
    return query, ends


@settings(max_examples=150)
@given(seed=st.integers(0, 1 << 40))
@example(seed=1946046)  # A journey that leaves in the last minute and takes none.
def test_who_must_arrive_by_a_time_is_told_the_latest_departures(seed: int) -> None:
    chance = random.Random(seed)
    world = random_world(chance)
    limits = chance.choice([0, 2, 5]), chance.choice([20, 90]), chance.choice([1, 2, 4])
    window = (start := chance.randint(0, 20)), start + chance.choice([15, 40, 80])
    query, ends = asked(chance, limits, window)
    ways = [way for way in everything(world, ends, limits) if window[0] <= way[0] and way[1] <= window[1]]
    expected: list[tuple[int, int]] = []
    for depart, _, vehicles in sorted(ways, key=lambda way: (-way[0], way[2])):
        if not expected or vehicles < expected[-1][1]:
            expected.append((depart, vehicles))
    network = network_of(world)
    found = [signature(journey) for journey in arrive_by(network, query)]
    assert [(depart, vehicles) for depart, _, vehicles in found] == expected[::-1]
    assert all(arrive <= window[1] for _, arrive, _ in found)
    last = last_trip(network, query)
    assert (None if last is None else signature(last)[0]) == max((way[0] for way in ways), default=None)


@settings(max_examples=150)
@given(seed=st.integers(0, 1 << 40))
def test_a_profile_has_the_next_to_arrive_first_at_every_minute(seed: int) -> None:
    chance = random.Random(seed)
    world = random_world(chance)
    limits = chance.choice([0, 2, 5]), 90, 4
    query, ends = asked(chance, limits, (0, 120))
    ways = [way for way in everything(world, ends, limits) if way[0] < 120]
    found = [signature(journey) for journey in profile(network_of(world), query)]
    for minute in range(120):
        next_way = min((way for way in found if way[0] >= minute), key=lambda way: way[0], default=None)
        best = min((way[1] for way in ways if way[0] >= minute), default=None)
        assert (None if next_way is None else next_way[1]) == best
