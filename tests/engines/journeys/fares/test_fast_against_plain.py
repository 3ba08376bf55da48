"""The compiled search that weighs fares equals the plain one: journeys, prices and tickets' sums."""

import random
from collections import Counter
from dataclasses import replace
from datetime import date

from hypothesis import example, given, settings
from hypothesis import strategies as st

from onward.core.window import Window
from onward.engines.journeys import Journey, Linking, Query, StopKey, Timetable
from onward.engines.journeys.clock import minute_of
from onward.engines.journeys.fares import fast, plain
from onward.engines.journeys.fares.book import fare_book
from onward.engines.journeys.fares.slack import FAMILY, Slack
from onward.engines.journeys.fast.compiling import compile_network
from onward.engines.journeys.hardship import OpenHours
from tests.engines.journeys.fares.fare_worlds import PARTY, STOPS, Flat, World, files_of, random_quote, random_world
from tests.engines.journeys.fares.test_plain_against_brute_force import hard
from tests.engines.journeys.small_feeds import at, minutes, read


def facts(journey: Journey) -> tuple[object, ...]:
    sums = Counter[str]()
    for ticket in journey.tickets:
        for amount in (ticket.fare, ticket.tax):
            if amount:
                sums[amount.currency] += amount.minor
    rides = [leg for leg in journey.legs if not leg.is_walk]
    if any(not ticket.is_known for ticket in journey.tickets):
        sums.clear()  # Of journeys alike but for the known part of a price that nobody knows either may be found.
    return (
        minute_of(journey.depart_at),
        minute_of(journey.arrive_at),
        journey.vehicles,
        tuple(sorted((currency, minor) for currency, minor in sums.items() if minor)),
        journey.fee,
        journey.fare,
        journey.tax,
        any(not ticket.is_known for ticket in journey.tickets),
        sum(
            hard("", minute_of(before.arrive_at), minute_of(after.depart_at))
            for before, after in zip(rides, rides[1:], strict=False)
        ),
        [warning.code for warning in journey.warnings] == [],
    )


def tight(chance: random.Random) -> Slack:
    return Slack(minutes(chance.choice([0, 5, 15])), chance.choice([0.0, 0.5, 2.0]), chance.choice([0, 1, 2]))


@settings(max_examples=200)
@given(seed=st.integers(0, 1 << 40))
@example(seed=1185843310)  # A later train arrives while somebody receives.
def test_the_compiled_search_finds_what_the_plain_one_finds(seed: int) -> None:
    chance = random.Random(seed)
    world = random_world(chance)
    start, end = (begin := chance.randint(0, 10)), begin + chance.choice([20, 60])
    ends = chance.sample(STOPS, 2)
    feed, _ = read(files_of(world))
    opens = chance.randint(0, 60)
    hours = OpenHours("America/New_York", ((2 * 1440 + opens, 2 * 1440 + opens + 20),))
    query = Query(
        (StopKey(f"small:{ends[0]}"),),
        (StopKey(f"small:{ends[1]}"),),
        Window(at("00:00") + minutes(start), at("00:00") + minutes(end)),
        min_change=minutes(chance.choice([0, 2])),
        max_vehicles=chance.choice([1, 3, 8]),
        open_hours=chance.choice([None, None, hours]),
    )
    timetable = Timetable([feed], Linking.FEED)
    book = fare_book([feed], world.quotes)
    slack = chance.choice([None, FAMILY, tight(chance), tight(chance)])
    expected = plain.search(timetable, query, PARTY, book, hardship=hard, slack=slack).journeys
    network = compile_network(timetable)
    found = fast.search(network, query, PARTY, book, hardship=hard, slack=slack)
    assert found.is_whole
    assert sorted(map(facts, found.journeys), key=repr) == sorted(map(facts, expected), key=repr)
    # Asked again, with all answers there, it says the same.
    again = fast.search(network, replace(query), PARTY, book, hardship=hard, slack=slack)
    assert sorted(map(facts, again.journeys), key=repr) == sorted(map(facts, expected), key=repr)
    fast.searcher.cache_clear()


def flat_world(chance: random.Random) -> World:
    """One in which every ride has a fare: what the least still to be paid can cut short."""
    transfers, lasts = chance.choice([0, 1, None]), chance.choice([0, 15])
    flat = Flat("f", chance.choice([100, 200, 500]), "USD", transfers, lasts, "", [], frozenset())
    return random_world(chance)._replace(flats=[flat], legs={}, changes=[])


def quoted_world(chance: random.Random) -> World:
    """One in which most rides are quoted, and nothing else is known of fares."""
    quotes = [replace(random_quote(chance), valid_to=date(2025, 6, 30)) for _ in range(chance.choice([20, 60]))]
    return random_world(chance)._replace(flats=[], legs={}, changes=[], quotes=quotes)


@settings(max_examples=150)
@given(seed=st.integers(0, 1 << 40))
def test_over_several_feeds_it_finds_what_the_plain_one_finds(seed: int) -> None:
    chance = random.Random(seed)
    names = "small", "other", "third"
    worlds = {name: chance.choice([random_world, flat_world, quoted_world])(chance) for name in names}
    feeds = [read(files_of(world), name=name)[0] for name, world in worlds.items()]
    quotes = [replace(quote, feed=name) for name, world in worlds.items() for quote in world.quotes]
    ends = [f"{chance.choice(names)}:{stop}" for stop in chance.sample(STOPS, 2)]
    begin = chance.randint(0, 10)
    query = Query(
        (StopKey(ends[0]),),
        (StopKey(ends[1]),),
        Window(at("00:00") + minutes(begin), at("00:00") + minutes(begin + chance.choice([20, 60]))),
        min_change=minutes(chance.choice([0, 2])),
        max_vehicles=chance.choice([2, 4]),
    )
    timetable = Timetable(feeds, Linking.NEARBY)
    book = fare_book(feeds, quotes)
    slack = chance.choice([None, FAMILY, tight(chance)])
    expected = plain.search(timetable, query, PARTY, book, hardship=hard, slack=slack).journeys
    found = fast.search(compile_network(timetable), query, PARTY, book, hardship=hard, slack=slack)
    fast.searcher.cache_clear()
    assert found.is_whole
    assert sorted(map(facts, found.journeys), key=repr) == sorted(map(facts, expected), key=repr)
