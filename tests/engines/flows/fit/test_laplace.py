"""The mode and its spread against the whole posterior, summed over a grid."""

from datetime import date

import numpy as np
import pytest

from onward.engines.flows.laplace import Problem, climb, draw, find_live, spread
from onward.engines.flows.likelihood import Count, as_evidence
from onward.engines.flows.parameters import Floats, Parameter, centres

DAY = date(2022, 9, 1)
PARAMETERS = (
    Parameter("level", "lognormal", 50.0, 1.0),
    Parameter("slope", "student_t", 0.0, 0.3, df=4),
    Parameter("scatter", "lognormal", 30.0, 0.7),
    Parameter("next year's buses", "logitnormal", 0.4, 0.8),
)
ALONG = np.linspace(-1, 1, 60)


def model(theta: Floats) -> tuple[Floats, Floats]:
    return np.exp(theta[0] + theta[1] * ALONG), np.full(len(ALONG), np.exp(theta[2]))


def problem(values: Floats) -> Problem:
    evidence = as_evidence([Count("buses", DAY, DAY, DAY, v, v, v, i) for i, v in enumerate(values)])
    everything = Problem(PARAMETERS, evidence, model, np.ones(4, dtype=np.bool_))
    return Problem(PARAMETERS, evidence, model, find_live(everything, centres(PARAMETERS)))


def counted(seed: int, level: float = 80.0, slope: float = 0.6, scatter: float = 12.0) -> Floats:
    rng = np.random.default_rng(seed)
    mean = level * np.exp(slope * ALONG)
    return rng.negative_binomial(scatter, scatter / (scatter + mean)).astype(float)


def test_what_moves_no_count_is_found_and_left_at_its_prior() -> None:
    one = problem(counted(1))
    assert one.live.tolist() == [True, True, True, False]
    assert climb(one, centres(PARAMETERS)).theta[3] == pytest.approx(PARAMETERS[3].location)


def test_every_start_ends_at_the_same_top() -> None:
    one = problem(counted(2))
    rng = np.random.default_rng(0)
    starts = [centres(PARAMETERS) + rng.normal(0, 1, 4) for _ in range(6)]
    ends = [climb(one, start) for start in starts]
    assert all(end.has_arrived for end in ends), [end.outcome for end in ends]
    assert np.ptp([end.height for end in ends]) < 0.01
    assert max(end.steps for end in ends) < 30


def test_the_top_and_its_spread_are_those_of_the_whole_posterior() -> None:
    one = problem(counted(3))
    end = climb(one, centres(PARAMETERS))
    drawn = draw(end.theta, spread(one, end.theta, end.height), 20_000, np.random.default_rng(1))
    sd = drawn.std(axis=0)
    axes = [np.linspace(end.theta[i] - 4 * sd[i], end.theta[i] + 4 * sd[i], 33) for i in range(3)]
    grid = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
    heights = np.array([one.height(np.append(at, end.theta[3])) for at in grid])
    weight = np.exp(heights - heights.max())
    weight /= weight.sum()
    mean = weight @ grid
    for place in range(3):
        true_sd = np.sqrt(weight @ (grid[:, place] - mean[place]) ** 2)
        assert drawn[:, place].mean() == pytest.approx(mean[place], abs=0.25 * true_sd)
        assert sd[place] == pytest.approx(true_sd, rel=0.1)


def test_what_was_put_in_is_found_again_as_often_as_the_bands_say() -> None:
    truth = np.array([np.log(80.0), 0.6, np.log(12.0)])
    held = []
    for seed in range(40):
        one = problem(counted(seed))
        end = climb(one, centres(PARAMETERS))
        drawn = draw(end.theta, spread(one, end.theta, end.height), 2_000, np.random.default_rng(seed))
        low, high = np.quantile(drawn[:, :3], (0.1, 0.9), axis=0)
        held.append((low <= truth) & (truth <= high))
    assert np.mean(held) == pytest.approx(0.8, abs=0.1)


def test_a_model_without_numbers_is_said_and_not_raised() -> None:
    evidence = as_evidence([Count("buses", DAY, DAY, DAY, 3, 3, 3, 0)])

    def nothing(theta: Floats) -> tuple[Floats, Floats]:
        return np.array([np.nan]), np.array([1.0])

    end = climb(Problem(PARAMETERS, evidence, nothing, np.ones(4, dtype=np.bool_)), centres(PARAMETERS))
    assert not end.has_arrived and "no finite" in end.outcome
