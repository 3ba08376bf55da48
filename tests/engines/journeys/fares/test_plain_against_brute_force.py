"""The plain search that weighs fares equals trying everything, on tiny random worlds with fares of every kind."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from onward.core.window import Window
from onward.engines.journeys import Linking, Query, StopKey, Timetable
from onward.engines.journeys.fares.book import fare_book
from onward.engines.journeys.fares.plain import Arrived, FareSearch, bounds_of
from onward.engines.journeys.fares.slack import Slack
from onward.engines.journeys.fares.tariff import Tariff
from onward.engines.journeys.fares.world import World as Searched
from onward.engines.journeys.search import search
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


NOBODY_KNOWS = 1 << 30
Ways = list[tuple[int, int, list[Made]]]


def within(made: Ways, slack: Slack | None, window: tuple[int, int], beyond: int) -> Ways:
    """The journeys that are weighed: not much later than the quickest that leaves no sooner, few changes more.

    beyond: when the quickest that leaves after the window is there.
    """
    if slack is None:
        return made
    by_time = [(-depart, arrive, len(rides)) for depart, arrive, rides in made]
    anchors = [one for one in best(by_time, (0, 1 << 20)) if window[0] <= -one[0] < window[1]]
    shortest = min(arrive + depart for depart, arrive, _ in anchors)
    late = max(slack.longer.total_seconds() // 60, int(slack.share * shortest))
    most = max(vehicles for *_, vehicles in anchors) + slack.vehicles
    return [
        one
        for one in made
        if len(one[2]) <= most
        and one[1] <= late + min(beyond, *(arrive for depart, arrive, _ in made if depart >= one[0]))
    ]


def shown(tariff: Tariff, one: Arrived) -> list[int]:
    if one.label.is_unknown:
        return [NOBODY_KNOWS] * 2
    return [dict(zip(tariff.currencies, one.price, strict=True)).get(currency, 0) for currency in CURRENCIES]


def tight(chance: random.Random) -> Slack:
    return Slack(minutes(chance.choice([0, 5, 15])), chance.choice([0.0, 0.5, 2.0]), chance.choice([0, 1, 2]))


@settings(max_examples=300)
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
    timetable = Timetable([feed], Linking.FEED)
    slack = chance.choice([None, tight(chance), tight(chance)])
    searched = Searched(timetable, query)
    best_by_time = search(timetable, query)
    if slack and not best_by_time:
        return
    found = FareSearch(searched, tariff, hard, bounds_of(searched, slack, best_by_time)).run()
    seen = sorted(
        (
            MIDNIGHT - one.label.began,
            one.minute - MIDNIGHT,
            one.label.vehicles,
            *shown(tariff, one),
            one.label.is_unknown,
            one.label.night,
        )
        for one in found
    )
    made = list(journeys(world, (ends[0], ends[1]), (min_change, most)))
    # However many vehicles: four lead from anywhere to anywhere as soon as can be.
    after = journeys(world, (ends[0], ends[1]), (min_change, 4)) if slack else ()
    beyond = min((arrive for depart, arrive, _ in after if depart >= end), default=1 << 20)
    everything = [
        (-depart, arrive, len(rides), *((NOBODY_KNOWS,) * 2 if unknown else price), unknown > 0, waited(rides))
        for depart, arrive, rides in within(made, slack, (start, end), beyond)
        for price, unknown in prices(world, rides)
    ]
    assert seen == best(everything, (start, end))
