"""Night waits on the clock of the stop, and desks that are closed when one arrives."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from onward.engines.journeys.hardship import OpenHours, arrives_closed, night_minutes, night_wait_minutes, nights, waits
from tests.engines.journeys.small_feeds import NEW_YORK, at, find, tables, timetable

DAYS_9_TO_17 = OpenHours("America/Toronto", tuple((day * 1440 + 9 * 60, day * 1440 + 17 * 60) for day in range(5)))
NIGHTLY = OpenHours("America/New_York", tuple((day * 1440 + 20 * 60, day * 1440 + 32 * 60) for day in range(7)))


def night(start: str, end: str) -> int:
    return night_minutes(at(start), at(end), "America/New_York")


def test_night_is_from_eleven_to_five_on_the_stops_own_clock() -> None:
    assert night("2025-06-11 22:00", "2025-06-11 23:30") == 30
    assert night("2025-06-11 22:00", "2025-06-12 06:00") == 360
    assert night("2025-06-11 05:00", "2025-06-11 23:00") == 0
    assert night("2025-06-11 23:00", "2025-06-13 05:00") == 720
    assert night_minutes(at("2025-06-11 23:00"), at("2025-06-12 00:00"), "America/Denver") == 0
    assert night_minutes(at("2025-06-12 01:00"), at("2025-06-12 02:00"), "America/Denver") == 60


def test_on_nights_when_clocks_change_the_minutes_that_pass_are_counted() -> None:
    assert night("2025-03-08 23:00", "2025-03-09 05:00") == 300
    assert night("2025-11-01 23:00", "2025-11-02 05:00") == 420


@settings(max_examples=200)
@given(
    st.integers(0, 60 * 24 * 400), st.integers(0, 60 * 24 * 5), st.sampled_from(["America/New_York", "America/Denver"])
)
def test_night_minutes_are_what_a_walk_minute_by_minute_counts(begin: int, length: int, zone: str) -> None:
    first = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=begin)
    step = 15
    length -= length % step
    first -= timedelta(minutes=first.minute % step)
    counted = 0
    for ahead in range(0, length, step):
        local = (first + timedelta(minutes=ahead)).astimezone(ZoneInfo(zone))
        counted += step * (local.hour >= 23 or local.hour < 5)
    assert night_minutes(first, first + timedelta(minutes=length), zone) == counted


def test_nights_may_be_counted_in_integers() -> None:
    made = nights("America/New_York", 20240, 20250)
    start = made.starts[3]
    assert made.between(start - 60, start + 30) == 30
    assert made.between(made.starts[3], made.starts[5]) == 720


def test_only_waits_between_vehicles_count() -> None:
    trips = {
        "t1": [("A", "22:00"), ("B", "23:30")],
        "t2": [("B", "26:30"), ("C", "29:00")],
    }
    (journey,) = find(timetable(tables(trips)), "A C", "20:00")
    (wait,) = waits(journey.legs)
    assert (wait.at.name, wait.minutes, wait.night) == ("B Place", 180, 180)
    assert night_wait_minutes(journey.legs) == 180


def test_a_desk_is_open_in_its_hours_on_its_own_clock_and_over_midnight() -> None:
    wednesday = datetime(2025, 6, 11, 16, 59, tzinfo=ZoneInfo("America/Toronto"))
    assert DAYS_9_TO_17.is_open(wednesday)
    assert not DAYS_9_TO_17.is_open(wednesday + timedelta(minutes=1))
    assert DAYS_9_TO_17.is_open(wednesday.astimezone(ZoneInfo("America/Denver")))
    assert NIGHTLY.is_open(datetime(2025, 6, 9, 3, tzinfo=NEW_YORK)), "Sunday's night goes on on Monday"
    assert not NIGHTLY.is_open(datetime(2025, 6, 9, 8, tzinfo=NEW_YORK))


def test_it_says_when_the_desk_next_opens() -> None:
    saturday = datetime(2025, 6, 14, 4, 10, tzinfo=ZoneInfo("America/Toronto"))
    opens = DAYS_9_TO_17.next_open(saturday)
    assert opens is not None
    assert opens.isoformat() == "2025-06-16T09:00:00-04:00"
    assert DAYS_9_TO_17.next_open(opens) == opens
    assert OpenHours("America/Toronto", ()).next_open(saturday) is None
    assert arrives_closed(saturday, DAYS_9_TO_17)
    assert not arrives_closed(saturday, None), "hours nobody gave are not known, which is not closed"
