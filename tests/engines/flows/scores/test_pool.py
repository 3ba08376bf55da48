"""The pool: weights from past scores alone, and members in their proportion."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onward.engines.flows.pool import PRIOR_WORTH, _distances, pool, weights_from_past
from onward.engines.flows.scores import crps


def past(rng: np.random.Generator, n: int = 80) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What came; a forecaster who sees it coming; one who does not."""
    level = rng.gamma(4, 100.0, n)
    seen = level + rng.normal(0, 10, n)
    good = level[:, None] + rng.normal(0, 10, (n, 60))
    bad = rng.gamma(4, 100.0, (n, 60))
    return seen, good, bad


def test_a_model_that_never_helped_keeps_only_what_equal_weights_left_it() -> None:
    seen, good, bad = past(np.random.default_rng(1))
    weights = weights_from_past(seen, [good, bad])
    assert weights.sum() == pytest.approx(1)
    assert weights[1] == pytest.approx(0.5 * PRIOR_WORTH / (len(seen) + PRIOR_WORTH), abs=0.02)


def test_two_that_err_to_either_side_are_both_kept() -> None:
    rng = np.random.default_rng(3)
    seen = rng.normal(500, 5, 100)
    low, high = (500 + shift + rng.normal(0, 5, (100, 60)) for shift in (-20, 20))
    assert weights_from_past(seen, [low, high]) == pytest.approx([0.5, 0.5], abs=0.05)


def test_without_a_past_the_weights_are_equal() -> None:
    nothing = np.empty((0, 10))
    assert weights_from_past(np.empty(0), [nothing, nothing, nothing]).tolist() == [1 / 3] * 3


def test_no_other_weights_score_better_over_the_past() -> None:
    rng = np.random.default_rng(7)
    seen, good, bad = past(rng, 40)
    shifted = good + 60
    models = [good + 25, bad, shifted]
    to_seen, between = _distances(seen, models)
    drawn = weights_from_past(seen, models)
    equal = np.full(3, 1 / 3)
    best = (drawn * (len(seen) + PRIOR_WORTH) - PRIOR_WORTH * equal) / len(seen)

    def loss(weights: np.ndarray) -> float:
        return float(weights @ to_seen - weights @ between @ weights / 2)

    others = rng.dirichlet(np.ones(3), 3_000)
    assert loss(best) <= min(loss(one) for one in others) + 1e-6


@settings(max_examples=30)
@given(st.lists(st.integers(0, 50), min_size=3, max_size=9), st.lists(st.integers(0, 50), min_size=3, max_size=9))
def test_distances_between_ensembles_are_plain_means(left: list[int], right: list[int]) -> None:
    one, other = np.array([left], dtype=float), np.array([right], dtype=float)
    _, between = _distances(np.array([9.0]), [one, other])
    assert between[0, 1] == pytest.approx(np.abs(one[0][:, None] - other[0]).mean(), abs=1e-9)
    assert between[0, 0] == pytest.approx(np.abs(one[0][:, None] - one[0]).mean(), abs=1e-9)


def test_the_pooled_members_come_in_the_proportion_of_the_weights() -> None:
    ones, twos = np.ones((3, 40)), np.full((3, 70), 2.0)
    made = pool(np.array([0.25, 0.75]), [ones, twos], size=200, rng=np.random.default_rng(0))
    assert made.shape == (3, 200)
    assert [(row == 1).sum() for row in made] == [50, 50, 50]


def test_a_pool_scores_no_worse_than_its_weighted_parts() -> None:
    """The CRPS is convex: pooling never loses to the average of those pooled."""
    rng = np.random.default_rng(5)
    seen, good, bad = past(rng, 60)
    made = pool(np.array([0.5, 0.5]), [good, bad], size=120, rng=rng)
    assert crps(seen, made).mean() <= (crps(seen, good).mean() + crps(seen, bad).mean()) / 2 + 1e-9
