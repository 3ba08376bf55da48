"""The fast search finds exactly what the plain one finds, on tiny random timetables."""

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from onward.core.window import Window
from onward.engines.journeys import Journey, Linking, Query, StopKey, Timetable, search
from onward.engines.journeys.clock import minute_of
from onward.engines.journeys.fast import compile_network
from onward.engines.journeys.fast import search as fast_search
from tests.engines.journeys.small_feeds import at, minutes, read
from tests.engines.journeys.test_search_against_brute_force import STOPS, World, files_of, random_world


def random_query(chance: random.Random) -> Query:
    """Between two stops; now and then from or to any of several."""
    stops = [StopKey(f"small:{stop}") for stop in chance.sample(STOPS, chance.choice([2, 2, 3, 4]))]
    parted = chance.randint(1, len(stops) - 1)
    start, length = chance.randint(0, 10), chance.choice([10, 60, 60])
    return Query(
        tuple(stops[:parted]),
        tuple(stops[parted:]),
        Window(at("00:00") + minutes(start), at("00:00") + minutes(start + length)),
        min_change=minutes(chance.choice([0, 2, 5])),
        max_travel=minutes(chance.choice([20, 90, 90])),
        max_vehicles=chance.choice([1, 2, 4, 8]),
        pace=chance.choice([100, 100, 150]),
    )


def seen(journeys: list[Journey]) -> list[tuple[int, int, int]]:
    return [(minute_of(one.depart_at), minute_of(one.arrive_at), one.vehicles) for one in journeys]


def made(world: World, linking: Linking) -> Timetable:
    return Timetable([read(files_of(world))[0]], linking)


@settings(max_examples=200)
@given(seed=st.integers(0, 1 << 40), linking=st.sampled_from(Linking))
def test_it_finds_the_journeys_that_the_plain_search_finds(seed: int, linking: Linking) -> None:
    chance = random.Random(seed)
    table = made(random_world(chance), linking)
    network = compile_network(table)
    for _ in range(3):
        query = random_query(chance)
        found = fast_search(network, query)
        assert seen(found) == seen(search(table, query))
        for journey in found:
            for leg, after in zip(journey.legs, journey.legs[1:], strict=False):
                assert leg.to_stop == after.from_stop
                assert leg.arrive_at <= after.depart_at


@settings(max_examples=150)
@given(seed=st.integers(0, 1 << 40))
def test_within_some_countries_it_finds_what_the_plain_search_finds(seed: int) -> None:
    chance = random.Random(seed)
    table = made(random_world(chance), Linking.FEED)
    table.stops = tuple(replace(stop, country=chance.choice(["US", "US", "CA", ""])) for stop in table.stops)
    network = compile_network(table)
    for _ in range(3):
        allowed = frozenset(chance.sample(["US", "CA", ""], chance.randint(1, 2)))
        query = replace(random_query(chance), countries=allowed)
        assert seen(fast_search(network, query)) == seen(search(table, query))
