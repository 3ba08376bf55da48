"""Money, windows, actors: the values everyone shares."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onward.core.actor import Actor, ActorKind, Role
from onward.core.errors import BadInput, NotAllowed
from onward.core.money import Money, parse_money
from onward.core.window import Window

NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("148", 14800),
        ("148.5", 14850),
        ("1,148.50", 114850),
        ("148,50", 14850),
        ("148,5", 14850),
        ("1 148,5", 114850),
        ("1,234,567", 123456700),
        ("$12.00", 1200),
        (" 0.05 ", 5),
    ],
)
def test_an_amount_is_read_as_people_write_it(text: str, minor: int) -> None:
    assert parse_money(text, "USD") == Money(minor, "USD")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-3",
        "1.005",
        "abc",
        "1e5",
        "1,2,3",
        "12,3456",
        "1,2345.00",
        ",50",
        "१२",
        "99999999999999",
        "1.2.3",
        "٣",
        "😀" * 400,
    ],
)
def test_what_is_no_amount_is_refused_at_its_field(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_money(text, "USD", field="fare")
    assert caught.value.field == "fare"


@given(st.integers(-(10**12), 10**12), st.integers(-(10**12), 10**12))
def test_adding_and_taking_away_give_back_the_same(one: int, other: int) -> None:
    assert Money(one, "USD") + Money(other, "USD") - Money(other, "USD") == Money(one, "USD")


@given(st.integers(0, 10**9))
def test_an_amount_reads_back_as_written(minor: int) -> None:
    assert parse_money(str(Money(minor, "CAD")).removesuffix(" CAD"), "CAD") == Money(minor, "CAD")


def test_two_currencies_do_not_add() -> None:
    with pytest.raises(BadInput) as caught:
        Money(1, "USD") + Money(1, "CAD")
    assert caught.value.code == "money.currency_differs"


def test_a_currency_nobody_keeps_books_in_is_refused() -> None:
    with pytest.raises(BadInput) as caught:
        Money(1, "XYZ")
    assert "XYZ" in str(caught.value)


@pytest.mark.parametrize("value", [1.5, True, "3"])
def test_money_is_whole_minor_units(value: object) -> None:
    with pytest.raises(TypeError):
        Money(value, "USD")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("local", "hours"),
    [
        (datetime(2025, 11, 2, 1, 30, tzinfo=NEW_YORK), 7),  # the night the clock goes back: 00-06 lasts seven hours
        (datetime(2025, 11, 2, 1, 30, tzinfo=NEW_YORK, fold=1), 7),
        (datetime(2025, 3, 9, 4, 0, tzinfo=NEW_YORK), 5),
        (datetime(2025, 6, 11, 20, 16, tzinfo=NEW_YORK), 6),
    ],
)
def test_a_six_hour_window_is_cut_on_the_local_clock_also_when_it_changes(local: datetime, hours: int) -> None:
    window = Window.of_hours(local, 6)
    assert window.start_at.hour % 6 == 0
    assert window.end_at.hour % 6 == 0
    assert window.end_at.astimezone(UTC) - window.start_at.astimezone(UTC) == timedelta(hours=hours)
    assert window.start_at.astimezone(UTC) <= local.astimezone(UTC) < window.end_at.astimezone(UTC)


@pytest.mark.parametrize(("start_h", "end_h"), [(5, 5), (6, 5)])
def test_a_window_ends_after_it_starts(start_h: int, end_h: int) -> None:
    with pytest.raises(ValueError, match="after it starts"):
        Window(datetime(2025, 1, 1, start_h, tzinfo=UTC), datetime(2025, 1, 1, end_h, tzinfo=UTC))


def test_an_actor_without_the_role_is_refused() -> None:
    worker = Actor(ActorKind.STAFF, "1", 1, frozenset({Role.CASE_WORKER}))
    worker.require(Role.CASE_WORKER, Role.COORDINATOR)
    with pytest.raises(NotAllowed):
        worker.require(Role.PROTECTION_LEAD)
