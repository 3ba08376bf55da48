"""Windows, ends of links, delays between tries."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onward.apps.notices.rules import LINK_DAYS, arrival_window, link_end, read_answer, retry_delay
from onward.core.errors import BadInput

ZONES = ("America/New_York", "America/Toronto", "America/Denver", "America/Hermosillo", "America/St_Johns")


@given(
    minutes=st.integers(min_value=0, max_value=10 * 366 * 24 * 60),
    zone=st.sampled_from(ZONES),
)
def test_every_arrival_falls_in_the_window_it_is_told_in(minutes: int, zone: str) -> None:
    instant = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    day, hour = arrival_window(instant, zone)
    local = instant.astimezone(ZoneInfo(zone))
    assert local.date() == day and hour in (0, 6, 12, 18) and hour <= local.hour < hour + 6


def test_an_arrival_on_the_night_the_clocks_change_is_told_for_that_night() -> None:
    # 8 March 2026, 02:00 becomes 03:00 in New York.
    assert arrival_window(datetime(2026, 3, 8, 7, 30, tzinfo=UTC), "America/New_York") == (date(2026, 3, 8), 0)
    assert arrival_window(datetime(2026, 3, 8, 3, 59, tzinfo=UTC), "America/New_York") == (date(2026, 3, 7), 18)


def test_a_link_ends_at_the_place_s_midnight_thirty_days_after_the_day() -> None:
    end = link_end(date(2026, 3, 4), "America/Toronto")
    assert end == datetime(2026, 4, 4, 0, 0, tzinfo=ZoneInfo("America/Toronto")) and LINK_DAYS == 30


def test_tries_begin_within_seconds_and_grow_to_five_minutes_at_most() -> None:
    delays = [retry_delay(tries) for tries in range(1, 12)]
    assert delays[0] == timedelta(seconds=5) and delays == sorted(delays) and max(delays) == timedelta(minutes=5)
    assert sum(delays[:5], timedelta()) < timedelta(minutes=5)


@pytest.mark.parametrize(("code", "words", "field"), [("maybe", "", "code"), ("can", "x" * 401, "words")])
def test_an_answer_that_cannot_be_used_names_its_field(code: str, words: str, field: str) -> None:
    with pytest.raises(BadInput) as told:
        read_answer(code, words)
    assert told.value.field == field


def test_400_characters_of_emoji_are_400_characters() -> None:
    assert len(read_answer("can", "\U0001f68c" * 400)[1]) == 400
