"""The strip: one axis for all, waits, nights, opening hours, short changes, also where the clocks change."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as some

from onward.faces.desk.strip import PLOT_END, PLOT_START, Drawing, Group, Line, Ride, draw, list_short_changes

NEW_YORK = ZoneInfo("America/New_York")


def at(day: int, hour: int, minute: int = 0, *, month: int = 6) -> datetime:
    return datetime(2025, month, day, hour, minute, tzinfo=NEW_YORK)


def ride(mode: str, start: datetime, end: datetime, *labels: str) -> Ride:
    return Ride(mode, labels or ("Amtrak 69", "69"), start, end)


def drawn(*lines: Line) -> Drawing:
    made = draw([Group("Wish 1", lines)], "America/New_York", day=lambda d: f"{d:%d}", clock=lambda d: f"{d:%H:%M}")
    assert made is not None
    return made


def line(*rides: Ride, opens: tuple[datetime, datetime] | None = None, caption: str = "") -> Line:
    return Line("1. Montréal", "13 h 01", caption, rides, opens, "open to 20:00")


def test_nothing_to_draw_is_no_drawing() -> None:
    assert draw([], "America/New_York", day=str, clock=str) is None
    assert draw([Group("Wish 1", ())], "America/New_York", day=str, clock=str) is None


def test_journeys_of_two_wishes_share_one_axis() -> None:
    early, late = line(ride("rail", at(11, 7), at(11, 20))), line(ride("coach", at(11, 7), at(12, 9)))
    made = draw([Group("A", (early,)), Group("B", (late,))], "America/New_York", day=str, clock=str)
    assert made is not None
    assert made.rows[0].rides[0].x == made.rows[1].rides[0].x == PLOT_START
    assert made.rows[1].rides[0].x + made.rows[1].rides[0].width == PLOT_END
    assert [heading.title for heading in made.headings] == ["A", "B"]


def test_a_wait_between_two_vehicles_is_drawn_and_a_walk_is_no_wait() -> None:
    first = ride("rail", at(11, 7), at(11, 10))
    walk = ride("walk", at(11, 10), at(11, 10, 20), "")
    second = ride("coach", at(11, 12), at(11, 16))
    (row,) = drawn(line(first, walk, second)).rows
    assert [box.shade for box in row.rides] == ["leg-train", "leg-coach"]
    assert len(row.walks) == 1
    (wait,) = row.waits
    assert round(wait.x, 1) == round(row.walks[0].x + row.walks[0].width, 1)
    assert round(wait.x + wait.width, 1) == row.rides[1].x


def test_a_closed_desk_is_a_wait_until_it_opens_and_its_hours_are_the_band_at_the_end() -> None:
    opens = (at(12, 8), at(12, 20))
    (row,) = drawn(line(ride("coach", at(11, 12), at(12, 2, 35)), opens=opens)).rows
    assert row.opens is not None
    assert (row.opens.shade, row.opens.label) == ("open", "open to 20:00")
    (wait,) = row.waits
    assert abs(wait.x + wait.width - row.opens.x) < 0.11


def test_nights_are_shaded_on_the_centre_s_clock() -> None:
    (first, second) = drawn(line(ride("coach", at(11, 12), at(13, 4)))).nights
    hour = (PLOT_END - PLOT_START) / 40
    assert abs(first.width - 8 * hour) < 0.11
    assert abs(second.x + second.width - PLOT_END) < 0.11


def test_a_change_below_half_an_hour_is_marked() -> None:
    first = ride("rail", at(11, 7), at(11, 10))
    assert len(drawn(line(first, ride("coach", at(11, 10, 29), at(11, 16)))).rows[0].marks) == 1
    assert drawn(line(first, ride("coach", at(11, 10, 30), at(11, 16)))).rows[0].marks == ()
    walk = ride("walk", at(11, 10), at(11, 10, 10), "")
    assert len(list_short_changes([first, walk, ride("coach", at(11, 10, 20), at(11, 16))])) == 1


def test_a_bar_says_the_fullest_words_that_fit() -> None:
    long = ride("rail", at(11, 7), at(12, 7), "A carrier with a rather long name 69", "Amtrak 69", "69")
    short = ride("rail", at(12, 8), at(12, 9), "A carrier with a rather long name 69", "Amtrak 69", "69")
    labels = [box.label for box in drawn(line(long, short)).rows[0].rides]
    assert labels == ["A carrier with a rather long name 69", "69"]


def test_a_caption_stays_inside_the_drawing_whatever_its_length() -> None:
    near_the_end = line(ride("coach", at(13, 7), at(13, 9)), caption="x" * 400)
    row = drawn(line(ride("coach", at(11, 7), at(11, 9))), near_the_end).rows[1]
    assert (row.caption_x, row.anchor) == (PLOT_END, "end")
    assert len(row.caption) < 150
    assert row.caption.endswith("…")


def test_the_axis_is_even_over_the_night_the_clocks_go_back() -> None:
    made = drawn(line(ride("coach", at(1, 20, month=11), at(2, 12, month=11))))
    hours = [tick.x for tick in made.ticks if not tick.is_day]
    assert made.ticks[-1].x <= PLOT_END
    real_hours = (made.end_at - made.start_at.astimezone(ZoneInfo("UTC"))).total_seconds() / 3600
    assert real_hours == 17
    assert hours == sorted(hours)


@given(some.lists(some.tuples(some.integers(0, 90), some.integers(1, 3000)), min_size=1, max_size=12))
def test_everything_drawn_lies_inside_the_plot(spans: list[tuple[int, int]]) -> None:
    lines = []
    for hours, minutes in spans:
        start = at(11, 0) + timedelta(hours=hours)
        lines.append(line(ride("coach", start, start + timedelta(minutes=minutes)), caption="A carrier 12"))
    made = drawn(*lines)
    boxes = [box for row in made.rows for box in (*row.rides, *row.waits)] + list(made.nights)
    assert all(box.x >= PLOT_START and box.x + box.width <= PLOT_END + 1 for box in boxes)
    assert all(PLOT_START <= tick.x <= PLOT_END for tick in made.ticks)
