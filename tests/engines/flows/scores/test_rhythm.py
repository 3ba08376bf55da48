"""Series as even steps: days, weeks, months, and what is asked of the days to come."""

from datetime import date, timedelta

import numpy as np
import pytest

from onward.engines.flows.likelihood import Count
from onward.engines.flows.rhythm import Rhythm, ask_ahead, find_rhythm, past_steps
from onward.engines.flows.scenario import Amount, Cohort, Observation, Period, Place, Row, Scenario, Stage


def month(year: int, number: int, value: float) -> Count:
    start, end = date(year, number, 1), date(year, number + 1, 1) - timedelta(days=1)
    return Count("quebec", start, end, end, value, value, value, 0)


def test_whole_months_are_months_and_a_missing_one_is_a_gap() -> None:
    counts = [month(2022, 1, 2_367), month(2022, 2, 2_154), month(2022, 4, 2_791)]
    rhythm = find_rhythm([one.end for one in counts], [one.start for one in counts])
    past, last = past_steps(counts, rhythm, is_stock=False)
    assert rhythm == Rhythm(0) and rhythm.season == 12
    assert np.array_equal(past, [2_367, 2_154, np.nan, 2_791], equal_nan=True)
    assert rhythm.place(date(2022, 5, 31)) - last == 1
    assert rhythm.after(date(2022, 11, 30)) == (date(2022, 12, 1), date(2022, 12, 31))


def test_readings_about_a_week_apart_are_weeks_and_longer_ones_are_brought_to_a_week() -> None:
    ends = [date(2022, 9, 2) + timedelta(days=7 * week) for week in (0, 1, 2, 4)]
    before = [date(2022, 8, 26), *ends[:-1]]
    counts = [
        Count("bus", a, b, b, v, v, v, 1, before=0) for a, b, v in zip(before, ends, (70, 140, 210, 280), strict=True)
    ]
    rhythm = find_rhythm([one.end for one in counts], [one.start for one in counts])
    past, _ = past_steps(counts, rhythm, is_stock=False)
    assert rhythm == Rhythm(7) and rhythm.season == 52
    assert np.array_equal(past, [70, 140, 210, np.nan, 140], equal_nan=True)


def test_a_standing_crowd_is_read_as_it_is() -> None:
    counts = [
        Count("nyc", date(2023, 1, day), date(2023, 1, day), date(2023, 1, day), 60_000 + day, 0, 0, 0)
        for day in (1, 2, 3)
    ]
    rhythm = find_rhythm([one.end for one in counts], [one.start for one in counts])
    assert rhythm == Rhythm(1) and rhythm.season == 7
    assert past_steps(counts, rhythm, is_stock=True)[0].tolist() == [60_001, 60_002, 60_003]


@pytest.mark.parametrize("window", ["day", "cumulative"])
def test_questions_fill_the_days_from_what_is_known_to_the_end(window: str) -> None:
    rows = tuple(
        Row(start, start + timedelta(days=6), 5.0, start + timedelta(days=7))
        for start in (date(2023, 1, 1) + timedelta(days=7 * week) for week in range(6))
    )
    observation = Observation("a", "A", "arrivals", ("a",), "people", rows, window)  # type: ignore[arg-type]
    period = Period(date(2023, 1, 1), date(2023, 2, 28), date(2023, 1, 23))
    place = Place("a", "A", (Stage("there", Amount(1.0)),))
    asked = ask_ahead(Scenario("A", period, (place,), (), (Cohort("all"),), observations=(observation,)))
    made = asked.observations[0].rows
    questions = [row for row in made if np.isnan(row.value)]
    assert len(made) - len(questions) == 3, "rows not yet published are not in it"
    assert questions[0].end == date(2023, 1, 28) and questions[-1].end == date(2023, 2, 25)
    assert {(row.end - row.start).days for row in questions} == ({0} if window == "cumulative" else {6})
