"""What may not be carried is never offered, and all that may is still found."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from onward.core.window import Window
from onward.engines.journeys import Journey, Linking, Query, StopKey, Timetable, fast, search
from onward.engines.journeys.carriage import CarriageRule, close_pairs, views
from onward.engines.journeys.carriage_file import CarriageUnreadable, carriage_from, shipped_carriage
from onward.engines.journeys.countries import Countries
from onward.engines.journeys.law import Law
from tests.engines.journeys.small_feeds import at, find, minutes, read, shown, tables
from tests.engines.journeys.test_search_against_brute_force import (
    STOPS,
    World,
    best,
    everything,
    files_of,
    random_world,
    signature,
)

HALF_CANADIAN = Countries(by_stop={"small:A": "US", "small:B": "US", "small:C": "CA", "small:D": "CA"})
RULE = CarriageRule("It carries nobody there.", "the carrier", date(2025, 1, 1))
LINE = {"coach": [("A", "08:00"), ("B", "09:00"), ("C", "11:00"), ("D", "12:00")]}


def under(rules: list[CarriageRule], *, countries: Countries = HALF_CANADIAN, days: str = "20250611") -> Timetable:
    feed = read(tables(LINE, days=days))[0]
    return Timetable([feed], Linking.FEED, law=Law(countries, tuple(rules)))


def test_a_coach_over_the_border_carries_nobody_within_the_other_country() -> None:
    table = under([replace(RULE, within=("CA",))])
    assert find(table, "C D", "07:00", hours=8) == []
    assert shown(find(table, "A D", "07:00")) == ["08:00-12:00 x1"]
    assert shown(find(table, "A B", "07:00")) == ["08:00-09:00 x1"]


def test_a_line_that_stays_in_one_country_is_not_spoken_of() -> None:
    within = Countries(by_stop=dict.fromkeys(HALF_CANADIAN.by_stop, "CA"))
    assert shown(find(under([replace(RULE, within=("CA",))], countries=within), "C D", "07:00", hours=8))


def test_a_stop_of_unknown_country_may_lie_in_either() -> None:
    unknown = Countries(by_stop={"small:A": "US", "small:C": "CA", "small:D": "CA"})
    table = under([replace(RULE, within=("CA",))], countries=unknown)
    assert find(table, "B C", "07:00") == []
    assert shown(find(table, "A B", "07:00")) == ["08:00-09:00 x1"]


def test_what_the_carrier_says_it_may_opens_what_a_rule_closes() -> None:
    closed = replace(RULE, within=("CA", "US"))
    may = replace(RULE, may_carry=True, pairs=(("C", "D"),), agencies=("X",))
    table = under([closed, may])
    assert shown(find(table, "C D", "07:00", hours=8)) == ["11:00-12:00 x1"]
    assert find(table, "A B", "07:00") == []
    assert find(under([closed, replace(may, agencies=("Y",))]), "C D", "07:00", hours=8) == []


def test_a_closed_pair_is_closed_in_its_own_direction_only() -> None:
    table = under([replace(RULE, pairs=(("A", "B"), ("D", "C")))])
    assert find(table, "A B", "07:00") == []
    assert shown(find(table, "C D", "07:00", hours=8)) == ["11:00-12:00 x1"]


def test_a_rule_holds_from_its_first_to_its_last_service_day() -> None:
    rule = replace(RULE, pairs=(("A", "B"),), first_on=date(2025, 6, 12), last_on=date(2025, 6, 13))
    table = under([rule], days="20250611 20250612 20250613 20250614")
    assert [one.depart_at.day for one in find(table, "A B", "2025-06-11 00:00", hours=72)] == [11]
    assert [one.depart_at.day for one in find(table, "A B", "2025-06-13 00:00", hours=48)] == [14]
    assert [one.depart_at.day for one in find(table, "A C", "2025-06-11 00:00", hours=72)] == [11, 12, 13]


def test_a_rule_may_speak_of_one_feed_route_trip_mode_or_zone() -> None:
    pairs = replace(RULE, pairs=(("A", "B"),))
    speaking = ({"feeds": ("small",)}, {"routes": ("R",)}, {"trips": ("coach",)}, {"modes": ("rail",)})
    for chosen in (*speaking, {"zones": ("America/New_York",)}):
        assert find(under([replace(pairs, **chosen)]), "A B", "07:00") == []  # type: ignore[arg-type]
    for name in ("feeds", "routes", "trips", "modes", "zones"):
        assert find(under([replace(pairs, **{name: ("other",)})]), "A B", "07:00")  # type: ignore[arg-type]


def test_where_nothing_is_closed_the_feed_is_the_same() -> None:
    feed = read(tables(LINE))[0]
    assert close_pairs(feed, shipped_carriage(), ["US"] * len(feed.stops)) is feed
    assert close_pairs(feed, [replace(RULE, pairs=(("A", "Z"),))], ["US"] * len(feed.stops)) is feed


def test_most_lines_need_one_view_and_each_open_pair_stands_in_exactly_one() -> None:
    line = bytes(4)
    within = frozenset({(0, 1), (2, 3)})
    assert len(views(line, within)) == 1
    assert len(views(line, frozenset({(0, 2)}))) == 2
    assert views(line, frozenset((board, alight) for board in range(4) for alight in range(board + 1, 4))) == []


@settings(max_examples=300)
@given(seed=st.integers(0, 1 << 40))
@example(seed=1943758)  # A journey back by a stop that no minute of walking parts from the start.
def test_no_closed_pair_is_ever_ridden_and_every_open_journey_is_found(seed: int) -> None:
    drawn = draw(seed)
    found = search(drawn.table, drawn.query)
    assert sorted(map(signature, found)) == drawn.expected
    for journey in found:
        require_open(journey, drawn.world, drawn.may_ride)


@settings(max_examples=40)
@given(seed=st.integers(0, 1 << 40))
def test_the_compiled_search_obeys_alike(seed: int) -> None:
    drawn = draw(seed)
    found = fast.search(fast.compile_network(drawn.table), drawn.query)
    assert sorted(map(signature, found)) == drawn.expected


class Drawn(NamedTuple):
    """A random world under random rules, a question, and the answer worked out by trying everything."""

    world: World
    table: Timetable
    query: Query
    expected: list[tuple[int, int, int]]
    may_ride: Callable[[int, int, int], bool]


def draw(seed: int) -> Drawn:
    chance = random.Random(seed)
    world = random_world(chance)
    where = {stop: chance.choice(["US", "CA", "CA", ""]) for stop in STOPS}
    rules = [random_rule(chance, len(world.trips)) for _ in range(chance.randint(1, 3))]
    allowed = chance.choice([None, None, frozenset({"US"}), frozenset({"CA", ""})])
    ends = tuple(chance.sample(STOPS, 2))
    limits, window = (chance.choice([0, 2]), 90, chance.choice([2, 4])), (chance.randint(0, 10), 70)

    def may_ride(trip: int, board: int, alight: int) -> bool:
        calls = [call.stop for call in world.trips[trip]]
        ridden = calls[board : alight + 1]
        is_inside = allowed is None or all(where[stop] in allowed for stop in ridden)
        return is_inside and is_open(rules, trip, calls, (board, alight), where)

    kept = within_countries(world, where)
    expected = best(list(everything(kept, ends, limits, may_ride)), window)
    if allowed is not None and not {where[stop] for stop in ends} <= allowed:
        expected = []
    law = Law(Countries(by_stop={f"small:{stop}": country for stop, country in where.items()}), tuple(rules))
    table = Timetable([read(files_of(world))[0]], Linking.FEED, law=law)
    query = Query(
        (StopKey(f"small:{ends[0]}"),),
        (StopKey(f"small:{ends[1]}"),),
        Window(at("00:00") + minutes(window[0]), at("00:00") + minutes(window[1])),
        min_change=minutes(limits[0]),
        max_travel=minutes(limits[1]),
        max_vehicles=limits[2],
        countries=allowed,
    )
    return Drawn(world, table, query, expected, may_ride)


def random_rule(chance: random.Random, trips: int) -> CarriageRule:
    pairs = tuple(tuple(chance.sample(STOPS, 2)) for _ in range(chance.randint(1, 4)))
    within = tuple(chance.sample(["US", "CA"], chance.randint(1, 2)))
    chosen = tuple(f"t{n}" for n in chance.sample(range(trips), min(trips, 5))) if chance.random() < 0.5 else ()
    about = {"within": within} if chance.random() < 0.4 else {"pairs": pairs}
    return replace(RULE, **about, trips=chosen, may_carry=chance.random() < 0.2)


def is_open(
    rules: list[CarriageRule], trip: int, calls: list[str], ride: tuple[int, int], where: dict[str, str]
) -> bool:
    """Whether a ride is open, worked out one pair at a time, with nothing compiled."""
    start, end = (calls[place] for place in ride)
    crosses = len({where[stop] for stop in calls} - {""}) > 1
    answers = []
    for rule in rules:
        if rule.trips and f"t{trip}" not in rule.trips:
            continue
        both = {where[start], where[end]}
        inside = any(both <= ({country} if rule.may_carry else {country, ""}) for country in rule.within)
        if (start, end) in rule.pairs or (crosses and inside):
            answers.append(rule.may_carry)
    return True in answers or False not in answers


def within_countries(world: World, where: dict[str, str]) -> World:
    """The world without walks over a border."""
    walks = {
        (start, end): walk
        for (start, end), walk in world.walks.items()
        if not (where[start] and where[end]) or where[start] == where[end]
    }
    return world._replace(walks=walks)


def require_open(journey: Journey, world: World, may_ride: Callable[[int, int, int], bool]) -> None:
    for leg in journey.legs:
        if not leg.is_walk:
            trip = int(leg.trip_id[1:])
            calls = [call.stop for call in world.trips[trip]]
            ridden = len(leg.passed) + 1
            places = [place for place in range(len(calls) - ridden) if calls[place] == leg.from_stop.stop_id]
            assert any(
                calls[place + ridden] == leg.to_stop.stop_id and may_ride(trip, place, place + ridden)
                for place in places
            )


def test_a_rule_file_says_every_fault_with_its_line() -> None:
    text = """
[[rule]]
why = "x"
said_on = "2026-01-01"
within = ["ca"]
colour = "red"

[[rule]]
why = "y"
source = "z"
said_on = 2026-01-01
"""
    with pytest.raises(CarriageUnreadable) as problem:
        carriage_from(text, "carriage.toml")
    found = [(fault.line, fault.field) for fault in problem.value.faults]
    assert found == [(2, "source"), (4, "said_on"), (5, "within"), (6, "colour"), (8, "within")]
    assert "carriage.toml" in str(problem.value)
    assert "line 6, colour" in str(problem.value)


def test_a_file_that_is_no_toml_is_refused_with_its_line() -> None:
    with pytest.raises(CarriageUnreadable) as problem:
        carriage_from('[[rule]]\nwhy = "x"\nsource = \n', "own.toml")
    assert problem.value.faults[0].line == 3


def test_the_products_own_rules_are_readable_and_each_names_its_source_and_day() -> None:
    rules = shipped_carriage()
    assert rules
    assert all(rule.why and rule.source and rule.said_on <= date(2026, 12, 31) for rule in rules)


def test_a_coach_on_new_york_time_carries_nobody_from_one_canadian_stop_to_another() -> None:
    files = tables(LINE)
    files["routes.txt"] = files["routes.txt"].replace("The Line,2", "The Line,200")
    table = Timetable([read(files)[0]], Linking.FEED, law=Law(HALF_CANADIAN, shipped_carriage()))
    assert find(table, "C D", "07:00", hours=8) == []
    assert shown(find(table, "A B", "07:00")) == ["08:00-09:00 x1"]
