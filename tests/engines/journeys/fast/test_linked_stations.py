"""On real timetables with stations linked the fast search equals the plain one: walks, paces, countries, carriage."""

import random
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bench.asking import corridor_sources, random_queries
from onward.engines.journeys import Linking, Query, Timetable, read_feed, search
from onward.engines.journeys.countries import Countries
from onward.engines.journeys.fast import compile_network
from onward.engines.journeys.fast import search as fast_search
from onward.engines.journeys.law import read_law
from tests.engines.journeys.fast.test_fast_search_equals_plain import seen

pytestmark = pytest.mark.shared

FEEDS = ("amtrak", "sle", "vre", "marc")
DAYS = (date(2025, 6, 10), date(2025, 6, 11), date(2025, 6, 13))


@pytest.fixture(scope="module")
def linked(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Timetable:
    feeds = [
        read_feed(one.path.read_bytes(), name=one.name, zone=one.zone)[0]
        for one in corridor_sources()
        if one.name in FEEDS
    ]
    return Timetable(feeds, Linking.NEARBY, law=read_law(tmp_path_factory.mktemp("law"), Countries()))


def varied(query: Query, chance: random.Random) -> Query:
    """The query, asked by another party."""
    return replace(
        query,
        min_change=timedelta(minutes=chance.choice([0, 2, 2, 10])),
        max_vehicles=chance.choice([1, 2, 3, 8, 8]),
        countries=chance.choice([None, None, frozenset({"US"}), frozenset({"US", "CA"})]),
        pace=chance.choice([100, 100, 130, 200]),
    )


def test_where_stations_are_linked_both_searches_find_the_same_journeys(linked: Timetable) -> None:
    chance, network = random.Random(20250611), compile_network(linked)
    walked = answered = 0
    for day in DAYS:
        for asked in random_queries(linked, 24, on=day, hours=10, seed=chance.randrange(1 << 30)):
            query = varied(asked, chance)
            found = fast_search(network, query)
            assert seen(found) == seen(search(linked, query)), query
            answered += bool(found)
            walked += any(leg.is_walk for journey in found for leg in journey.legs)
    assert answered > 15
    assert walked > 5
