"""What the naive rules say, by hand, and how wide they are."""

import numpy as np
import pytest

from onward.core.errors import BadInput
from onward.engines.flows import naive

GAP = np.nan


def test_the_last_count_goes_on_over_a_gap() -> None:
    assert naive.persistence(np.array([4, 9, GAP]), 3).tolist() == [9, 9, 9]


def test_the_same_month_last_year_comes_again_and_a_gap_takes_the_last_count() -> None:
    past = np.array([1.0, GAP, 3, 4, 5])
    assert naive.seasonal(past, 4, period=4).tolist() == [5, 3, 4, 5]
    assert naive.seasonal(past, 4, period=12).tolist() == [5, 5, 5, 5]


def test_drift_goes_on_as_a_line_from_the_last_count_and_stops_at_nothing() -> None:
    assert naive.drift(np.array([10.0, GAP, 14, GAP]), 2).tolist() == [18, 20]
    assert naive.drift(np.array([10.0, 5.0]), 3).tolist() == [0, 0, 0]


def test_a_places_share_of_the_last_thirty_days_is_taken_of_the_total_ahead() -> None:
    place = np.concatenate([np.full(60, 1.0), np.full(30, 6.0)])
    total = np.full(90, 12.0)
    assert naive.recent_share(place, total, np.array([100.0])).tolist() == [50]
    assert naive.recent_share_of_persisting_total(place, 2, total).tolist() == [6, 6]


def test_a_share_never_sees_the_total_of_days_to_come() -> None:
    place, total = np.full(40, 2.0), np.concatenate([np.full(40, 8.0), np.full(20, 8_000.0)])
    assert naive.recent_share_of_persisting_total(place, 1, total).tolist() == [2]


def test_past_errors_are_those_of_forecasts_made_without_what_came_after() -> None:
    past = np.array([1.0, 4.0, 9.0, 16.0])
    errors = naive.past_errors(naive.persistence, past, 2)
    assert errors[:, 0].tolist() == [1, 1]
    assert errors[0, 1] == 2 and np.isnan(errors[1, 1])


def test_bands_of_a_rule_are_as_wide_as_its_own_past_errors() -> None:
    rng = np.random.default_rng(2)
    walk = 400 + np.cumsum(rng.normal(0, 5.0, 600))
    held = []
    for end in range(300, 580, 5):
        said = naive.sample(naive.persistence, walk[:end], 14, members=400, rng=rng)
        low, high = np.quantile(said[:, 13], (0.1, 0.9))
        held.append(low <= walk[end + 13] <= high)
    assert np.mean(held) == pytest.approx(0.8, abs=0.15)


def test_days_ahead_err_together() -> None:
    rng = np.random.default_rng(2)
    walk = 400 + np.cumsum(rng.normal(0, 5.0, 300))
    said = naive.sample(naive.persistence, walk, 7, members=2_000, rng=rng)
    assert np.corrcoef(said[:, 5], said[:, 6])[0, 1] > 0.85


def test_a_past_with_gaps_has_bands_all_the_same_and_never_below_nothing() -> None:
    past = np.array([3.0, GAP, 0, 5, GAP, 1, 4, 2, 0, GAP, 6])
    said = naive.sample(naive.persistence, past, 3, members=200, rng=np.random.default_rng(0))
    assert said.shape == (200, 3) and np.isfinite(said).all() and (said >= 0).all()


def test_a_past_too_short_for_bands_is_refused_with_what_to_do() -> None:
    with pytest.raises(BadInput, match="Begin later"):
        naive.sample(naive.drift, np.array([3.0, 4, 5, 6]), 3, members=10, rng=np.random.default_rng(0))


def test_a_step_with_too_few_errors_of_its_own_borrows_the_nearest_steps() -> None:
    past = np.array([3.0, 5, 4, 9, 6, 7, 12, 8])
    said = naive.sample(naive.persistence, past, 20, members=100, rng=np.random.default_rng(0))
    assert np.isfinite(said).all() and said[:, 19].std() > 0


def test_the_same_generator_gives_the_same_members() -> None:
    past = np.arange(1.0, 50)
    one, two = (naive.sample(naive.drift, past, 5, members=50, rng=np.random.default_rng(8)) for _ in range(2))
    assert one.tobytes() == two.tobytes()
