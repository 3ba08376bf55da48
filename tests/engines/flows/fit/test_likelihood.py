"""What published numbers say: plain probabilities, hedges, cumulative readings, vintages."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import nbinom

from onward.engines.flows.likelihood import Count, as_evidence, bounds, gather, log_density, slopes, steepness
from onward.engines.flows.results import ReportedRow

DAY = date(2022, 9, 1)


def row(value: float, end: int = 0, **said: object) -> ReportedRow:
    """A reading of the day so many days after DAY, published the day after."""
    on = DAY + timedelta(days=end)
    plain = ReportedRow("texas-buses", on, on, value, on + timedelta(days=1), "", "day")
    return replace(plain, **said)  # type: ignore[arg-type]


def count(value: float, low: float, high: float) -> Count:
    return Count("texas-buses", DAY, DAY, DAY, value, low, high, 0)


@given(st.integers(0, 4_000), st.floats(0.5, 4_000), st.floats(0.5, 500))
def test_an_exact_number_has_the_negative_binomials_probability(value: int, mean: float, size: float) -> None:
    said = log_density(as_evidence([count(value, value, value)]), np.array([mean]), np.array([size]))[0]
    assert said == pytest.approx(nbinom.logpmf(value, size, size / (size + mean)), rel=1e-6, abs=1e-6)


@given(st.integers(0, 400), st.integers(1, 60), st.floats(5, 400), st.floats(1, 100))
def test_a_bounded_number_has_the_probability_of_all_it_can_mean(
    low: int, width: int, mean: float, size: float
) -> None:
    each = nbinom.logpmf(np.arange(low, low + width + 1), size, size / (size + mean))
    said = log_density(as_evidence([count(low, low, low + width)]), np.array([mean]), np.array([size]))[0]
    plain = np.log(np.exp(each).sum()) if each.max() > -15 else None
    if plain is not None:
        assert said == pytest.approx(plain, rel=1e-4, abs=1e-4)
    assert np.isfinite(said)


@given(st.integers(0, 900), st.floats(5, 900), st.floats(2, 100))
def test_slopes_are_those_of_the_probability(value: int, mean: float, size: float) -> None:
    evidence, means, sizes = as_evidence([count(value, value, value)]), np.array([mean]), np.array([size])
    by_mean, _, information, bend = slopes(evidence, means, sizes)
    assert by_mean[0] == pytest.approx(size * (value - mean) / (size + mean), rel=1e-3, abs=1e-3)
    assert information[0] == pytest.approx(mean * size / (mean + size))
    assert bend[0] >= 0


@given(st.integers(0, 40_000), st.floats(0.5, 900), st.floats(2, 100))
def test_what_is_climbed_by_bends_as_the_probability_does_where_more_was_counted(
    value: int, mean: float, size: float
) -> None:
    evidence, sizes = as_evidence([count(value, value, value)]), np.array([size])
    up, down = (slopes(evidence, np.array([mean * np.exp(by)]), sizes)[0][0] for by in (0.01, -0.01))
    information = slopes(evidence, np.array([mean]), sizes)[2][0]
    steep = steepness(evidence, np.array([mean]), sizes)[0]
    assert steep == pytest.approx(max((down - up) / 0.02, information), rel=1e-2, abs=1e-2)


@pytest.mark.parametrize(
    ("value", "qualifier", "meant"),
    [
        (4_087, "", (4_087, 4_087)),
        (3_000, "over", (3_000, 3_099)),
        (6_500, "more than", (6_500, 6_599)),
        (61_000, "about", (60_500, 61_500)),
        (2_800, "nearly", (2_700, 2_800)),
        (14_000, "rounded", (13_500, 14_500)),
        (40, "at_most", (0, 40)),
        (7, "over", (7, 7)),
    ],
)
def test_a_hedge_is_a_range(value: float, qualifier: str, meant: tuple[float, float]) -> None:
    assert bounds(row(value, qualifier=qualifier)) == meant


def test_a_cumulative_reading_counts_what_it_added_and_its_rounding_reaches_both_ways() -> None:
    rows = [row(6_800, 14, qualifier="over"), row(6_500, 7, qualifier="over"), row(7_000, 28)]
    found = gather([replace(one, window="cumulative") for one in rows], frozenset(), date(2023, 1, 1))
    assert found.value.tolist() == [6_500, 300, 200]
    assert found.low.tolist() == [6_500, 201, 101]
    assert found.high.tolist() == [6_599, 399, 200]
    assert found.expected(np.array([650.0, 500.0, 900.0])).tolist() == [500, 150, 250]
    assert [one.start for one in found.counts][1:] == [DAY + timedelta(days=7), DAY + timedelta(days=14)]


def test_a_total_revised_downwards_adds_nothing_rather_than_less_than_nothing() -> None:
    rows = [row(210, 0, window="cumulative"), row(200, 7, window="cumulative")]
    assert gather(rows, frozenset(), date(2023, 1, 1)).value.tolist() == [210, 0]


def test_only_what_was_published_by_then_is_known_and_the_last_revision_of_it_counts() -> None:
    first, revised = row(432, published_on=date(2022, 9, 5)), row(452, published_on=date(2022, 12, 1))
    for until, known in ((date(2022, 9, 4), []), (date(2022, 9, 5), [432]), (date(2022, 12, 1), [452])):
        assert gather([revised, first], frozenset(), until).value.tolist() == known


def test_daily_readings_of_one_crowd_weigh_as_one_a_month_and_daily_arrivals_in_full() -> None:
    days = [row(50_000, day) for day in range(91)]
    crowd = gather(days, frozenset({"texas-buses"}), date(2023, 1, 1))
    assert crowd.weight.sum() == pytest.approx(3)
    assert gather(days, frozenset(), date(2023, 1, 1)).weight.sum() == 91


def test_a_count_where_none_was_expected_is_unlikely_and_not_impossible() -> None:
    said = log_density(as_evidence([count(69, 69, 69)]), np.array([0.0]), np.array([20.0]))[0]
    assert -1_000 < said < -100
