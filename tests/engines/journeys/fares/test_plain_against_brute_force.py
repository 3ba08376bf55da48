"""The plain search that weighs fares equals trying everything, on tiny random worlds with fares of every kind."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from onward.core.window import Window
from onward.engines.journeys import Linking, Query, StopKey, Timetable
from onward.engines.journeys.fares.book import fare_book
from onward.engines.journeys.fares.plain import FareSearch
from onward.engines.journeys.fares.tariff import Tariff
from onward.engines.journeys.fares.world import World as Searched
from tests.engines.journeys.fares.fare_worlds import (
    CURRENCIES,
    MIDNIGHT,
    PARTY,
    STOPS,
    Made,
    best,
    files_of,
    journeys,
    prices,
    random_world,
)
from tests.engines.journeys.small_feeds import at, minutes, read


def hard(zone: str, start: int, end: int) -> int:
    """From twenty to forty past each hour."""
    return sum(20 <= minute % 60 < 40 for minute in range(start, end))


def waited(rides: list[Made]) -> int:
    return sum(hard("", before.arrive, after.depart) for before, after in zip(rides, rides[1:], strict=False))


@settings(max_examples=300, deadline=None)
@given(seed=st.integers(0, 1 << 40))
def test_the_plain_search_finds_exactly_the_best_journeys_at_their_prices(seed: int) -> None:
    chance = random.Random(seed)
    world = random_world(chance)
    start, end = (begin := chance.randint(0, 10)), begin + chance.choice([20, 60])
    min_change, most = chance.choice([0, 2]), chance.choice([1, 3, 3])
    ends = chance.sample(STOPS, 2)
    feed, _ = read(files_of(world))
    query = Query(
        (StopKey(f"small:{ends[0]}"),),
        (StopKey(f"small:{ends[1]}"),),
        Window(at("00:00") + minutes(start), at("00:00") + minutes(end)),
        min_change=minutes(min_change),
        max_vehicles=most,
    )
    tariff = Tariff(fare_book([feed], world.quotes), PARTY)
    found = FareSearch(Searched(Timetable([feed], Linking.FEED), query), tariff, hard).run()
    seen = sorted(
        (
            MIDNIGHT - one.label.began,
            one.minute - MIDNIGHT,
            one.label.vehicles,
            *(dict(zip(tariff.currencies, one.price, strict=True)).get(currency, 0) for currency in CURRENCIES),
            one.cost.unknown,
            one.label.night,
        )
        for one in found
    )
    everything = [
        (-depart, arrive, len(rides), *price, unknown, waited(rides))
        for depart, arrive, rides in journeys(world, (ends[0], ends[1]), (min_change, most))
        for price, unknown in prices(world, rides)
    ]
    assert seen == best(everything, (start, end))
