"""Opening hours."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from onward.apps.places.rules import find_next_opening, is_open, open_hours, parse_hours
from onward.core.errors import BadInput

DAY = parse_hours({"1": ["08:00", "20:00"], "6": ["10:00", "14:00"]})
NIGHT = parse_hours({"5": ["20:00", "06:00"]})
ALWAYS = parse_hours({str(day): ["00:00", "24:00"] for day in range(1, 8)})
MONTREAL = ZoneInfo("America/Toronto")


def local(text: str) -> datetime:
    """2026-03-02 is a Monday."""
    return datetime.fromisoformat(f"2026-03-{text}").replace(tzinfo=MONTREAL)


@pytest.mark.parametrize(
    ("at", "expected"),
    [("02 07:59", False), ("02 08:00", True), ("02 19:59", True), ("02 20:00", False), ("03 12:00", False)],
)
def test_a_place_is_open_from_its_opening_up_to_its_closing(at: str, expected: bool) -> None:
    assert is_open(DAY, local(at)) is expected


@pytest.mark.parametrize(
    ("at", "expected"), [("06 19:59", False), ("06 23:00", True), ("07 05:59", True), ("07 06:00", False)]
)
def test_a_night_desk_is_open_into_the_next_morning(at: str, expected: bool) -> None:
    assert is_open(NIGHT, local(at)) is expected


def test_a_desk_that_never_closes_is_open_at_every_hour() -> None:
    assert all(is_open(ALWAYS, local(f"{day:02} {hour:02}:30")) for day in range(1, 8) for hour in range(24))


def test_the_next_opening_is_now_when_open_and_else_the_next_day_that_opens() -> None:
    assert find_next_opening(DAY, local("02 09:00")) == local("02 09:00")
    assert find_next_opening(DAY, local("02 03:00")) == local("02 08:00")
    assert find_next_opening(DAY, local("02 21:00")) == local("07 10:00")
    assert find_next_opening(DAY, local("07 14:00")) == local("09 08:00")
    assert find_next_opening(parse_hours({}), local("02 09:00")) is None


@pytest.mark.parametrize(
    "raw",
    [{"0": ["08:00", "20:00"]}, {"1": ["8", "20:00"]}, {"1": ["25:00", "26:00"]}, {"1": ["08:00"]}, {"1": "08:00"}],
)
def test_hours_that_cannot_be_read_say_which_day(raw: dict[str, list[str]]) -> None:
    with pytest.raises(BadInput) as problem:
        parse_hours(raw)
    assert problem.value.field == "hours"
    assert next(iter(raw)) in str(problem.value)


def test_the_engine_reads_a_desks_hours_as_the_desk_does() -> None:
    hours = parse_hours({"1": ["08:00", "20:00"], "7": ["22:00", "02:00"], "3": ["00:00", "24:00"]})
    same = open_hours(hours, "America/Toronto", "the desk")
    for quarter in range(7 * 96):
        at = datetime(2025, 6, 9, tzinfo=MONTREAL) + timedelta(minutes=15 * quarter)
        assert same.is_open(at) == is_open(hours, at), at
