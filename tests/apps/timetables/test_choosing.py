"""Which of many journeys are shown."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onward.apps.people.models import AgeBand
from onward.apps.timetables.choosing import PricedJourney, is_by_day, leave_out_detours, needs_of, trim
from onward.core.money import Money

BEGIN = datetime(2026, 3, 3, 0, 0, tzinfo=ZoneInfo("America/New_York"))


def journey(leaves_h: float, hours: float, changes: int = 0, cents: int | None = 5000) -> PricedJourney:
    depart = BEGIN + timedelta(hours=leaves_h)
    money = None if cents is None else Money(cents, "USD")
    none = None if cents is None else Money(0, "USD")
    return PricedJourney(
        {}, depart, depart + timedelta(hours=hours), changes, money, none, none, None, (), ("US",), frozenset({"coach"})
    )


EARLIEST = journey(1, 9, changes=3)
DIRECT = journey(23, 12)
BY_DAY = journey(32, 10, changes=1)
CHEAP = journey(25, 20, changes=2, cents=900)
SHORT = journey(49, 6, changes=2)
DULL = [journey(26 + hour, 25, changes=4, cents=None) for hour in range(8)]


def test_what_is_kept_is_good_for_different_things() -> None:
    kept = trim([*DULL, SHORT, CHEAP, BY_DAY, DIRECT, EARLIEST], 5)
    assert {one.depart_at for one in kept} == {one.depart_at for one in (EARLIEST, DIRECT, CHEAP, BY_DAY, SHORT)}


def test_the_least_hard_come_first_then_the_cheapest_then_those_without_a_price() -> None:
    easy_dear = journey(30, 10, cents=9000)
    easy_cheap = journey(40, 10, cents=4000)
    hardly_harder = replace(journey(50, 10, cents=3000), hard_min=20)
    hard_cheap = replace(journey(20, 10, cents=1000), hard_min=180)
    unpriced = journey(10, 10, cents=None)
    given = [hard_cheap, unpriced, easy_dear, easy_cheap, hardly_harder]
    assert trim(given, 12) == [hardly_harder, easy_cheap, easy_dear, unpriced, hard_cheap]
    assert trim([], 12) == []


@given(st.lists(st.tuples(st.integers(0, 72), st.integers(1, 40), st.integers(0, 4)), max_size=30), st.integers(1, 12))
def test_trimming_keeps_as_many_as_it_may_and_always_the_earliest_and_the_fewest_changes(
    drawn: list[tuple[int, int, int]], limit: int
) -> None:
    journeys = [journey(*one) for one in drawn]
    kept = trim(journeys, limit)
    assert len(kept) == min(limit, len(journeys))
    assert kept == trim(list(reversed(journeys)), limit)
    if journeys:
        assert min(one.arrive_at for one in journeys) == min(one.arrive_at for one in kept)
    if journeys and limit > 1:
        assert min(one.changes for one in journeys) == min(one.changes for one in kept)


def test_a_way_through_another_country_and_back_is_left_out_while_another_remains() -> None:
    abroad = replace(EARLIEST, countries=("US", "CA", "US"))
    across = replace(DIRECT, countries=("US", "CA"))
    assert leave_out_detours([abroad, DIRECT, across]) == [DIRECT, across]
    assert leave_out_detours([abroad]) == [abroad]


def test_by_day_looks_at_the_clock_at_each_end() -> None:
    assert is_by_day(journey(8, 10))
    assert not is_by_day(journey(3, 10))
    assert not is_by_day(journey(8, 15))


@pytest.mark.parametrize(
    ("bands", "minutes"),
    [
        ({AgeBand.ADULT: 1}, 10),
        ({AgeBand.ADULT: 4}, 10),
        ({AgeBand.ADULT: 1, AgeBand.INFANT: 1}, 15),
        ({AgeBand.ADULT: 5}, 15),
        ({AgeBand.ADULT: 2, AgeBand.CHILD: 3}, 20),
    ],
)
def test_a_family_gets_more_time_to_change(bands: dict[AgeBand, int], minutes: int) -> None:
    assert needs_of(bands, step_free=False).min_change == timedelta(minutes=minutes)
    assert needs_of(bands, step_free=True).min_change == timedelta(minutes=minutes + 5)


def test_the_total_is_unknown_where_the_fare_is() -> None:
    assert journey(1, 1, cents=None).total is None
    assert journey(1, 1, cents=700).total == Money(700, "USD")
