"""Scores against plain sums, and what they say of forecasts known to be good or bad."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onward.engines.flows import scores
from onward.engines.flows.scores import Forecasts, relative_skill

COUNTS = st.integers(0, 5_000)
ENSEMBLES = st.lists(COUNTS, min_size=2, max_size=30)


def plain_crps(seen: float, members: list[float]) -> float:
    """Mean distance to what came less half the mean distance of two members."""
    to_seen = sum(abs(one - seen) for one in members) / len(members)
    apart = sum(abs(one - other) for one in members for other in members) / len(members) ** 2
    return to_seen - apart / 2


def one(seen: float, members: list[float]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([float(seen)]), np.array([members], dtype=float)


@given(COUNTS, ENSEMBLES)
def test_crps_is_the_plain_sum(seen: int, members: list[int]) -> None:
    assert scores.crps(*one(seen, members))[0] == pytest.approx(plain_crps(seen, members), abs=1e-6)


@given(COUNTS, ENSEMBLES)
def test_the_librarys_other_estimators_agree_where_they_should(seen: int, members: list[int]) -> None:
    """The energy and integral forms are the same number; the fair form takes the spread over pairs of two members."""
    library, m = scores._scoringrules(), len(members)
    pair = one(seen, members)
    apart = sum(abs(a - b) for a in members for b in members)
    fair = sum(abs(a - seen) for a in members) / m - apart / (2 * m * (m - 1))
    for estimator, wanted in (("nrg", plain_crps(seen, members)), ("int", plain_crps(seen, members)), ("fair", fair)):
        said = library.crps_ensemble(*pair, estimator=estimator, backend="numpy")[0]
        assert said == pytest.approx(wanted, abs=1e-6), estimator


@given(COUNTS, ENSEMBLES, COUNTS)
def test_the_tail_score_is_the_plain_sum_above_the_threshold(seen: int, members: list[int], threshold: int) -> None:
    above = plain_crps(max(seen, threshold), [max(one_, threshold) for one_ in members])
    said = scores.tail_crps(*one(seen, members), np.array([float(threshold)]))[0]
    assert said == pytest.approx(above, abs=1e-6)


def test_the_tail_score_says_nothing_of_a_quiet_month_and_much_of_a_missed_surge() -> None:
    quiet, surge = one(300, [200, 300, 400]), one(5_530, [700, 781, 800])
    assert scores.tail_crps(*quiet, np.array([1_000.0]))[0] == 0
    assert scores.tail_crps(*surge, np.array([1_000.0]))[0] == pytest.approx(4_530)


def test_the_log_score_weighs_a_small_place_as_a_large_one() -> None:
    small, large = scores.log_crps(*one(1_000, [2_000] * 4)), scores.log_crps(*one(100_000, [200_000] * 4))
    assert small[0] == pytest.approx(large[0], rel=1e-3) == pytest.approx(np.log(2), rel=1e-2)


def test_bands_of_an_honest_forecast_hold_what_they_say_and_narrow_ones_do_not() -> None:
    rng = np.random.default_rng(1)
    levels = rng.gamma(5.0, 40.0, 2_000)
    seen, members = rng.poisson(levels).astype(float), rng.poisson(levels[:, None], (2_000, 400)).astype(float)
    narrow = levels[:, None] + (members - levels[:, None]) / 4
    origins = np.arange(2_000)
    said = Forecasts(members, seen, origins, np.ones(2_000, dtype=np.int64), ("Montréal",) * 2_000)
    honest = scores.score(said, np.full(2_000, 300.0), rng)
    for level, held in honest.coverage.items():
        assert held == pytest.approx(level, abs=0.04)
    assert np.quantile(honest.pit, [0.1, 0.5, 0.9]) == pytest.approx([0.1, 0.5, 0.9], abs=0.04)
    assert scores.inside_bands(seen, narrow)[2].mean() < 0.4
    assert honest.crps.mean() < scores.crps(seen, narrow).mean()


def test_a_band_holds_its_own_ends() -> None:
    assert scores.inside_bands(*one(7, [7] * 10)).all()


def test_a_better_forecast_shows_skill_and_an_equal_one_does_not() -> None:
    rng = np.random.default_rng(5)
    origins = np.repeat(np.arange(40), 3)
    other = rng.gamma(4.0, 25.0, 120)
    better = relative_skill("drift", 0.6 * other * rng.gamma(50, 1 / 50, 120), other, origins, rng)
    alike = relative_skill("drift", other * rng.gamma(4, 1 / 4, 120), other, origins, rng)
    worse = relative_skill("drift", 1.5 * other, other, origins, rng)
    assert better.is_shown and better.low < better.ratio < better.high < 1
    assert not alike.is_shown and alike.low < 1 < alike.high
    assert not worse.is_shown and worse.ratio == pytest.approx(1.5)


def test_few_origins_show_no_skill_however_well_they_went() -> None:
    skill = relative_skill("drift", np.ones(4), np.full(4, 100.0), np.arange(4), np.random.default_rng(0))
    assert skill.ratio == pytest.approx(0.01)
    assert np.isnan(skill.high) and not skill.is_shown


def test_neighbouring_origins_that_err_alike_widen_the_interval() -> None:
    """Forty days in blocks of ten are four pieces of news, not forty."""
    rng = np.random.default_rng(3)
    runs = np.repeat(rng.gamma(2.0, 1.0, 12), 10)
    shuffled = rng.permutation(runs)
    other = np.ones(120)
    widths = []
    for own in (runs, shuffled):
        skill = relative_skill("drift", own, other, np.arange(120), np.random.default_rng(9))
        widths.append(skill.high - skill.low)
    assert widths[0] > 1.4 * widths[1]


def test_the_same_seed_gives_the_same_interval() -> None:
    own, other = np.arange(1.0, 31), np.arange(2.0, 32)
    first, second = (relative_skill("drift", own, other, np.arange(30), np.random.default_rng(4)) for _ in range(2))
    assert first == second
