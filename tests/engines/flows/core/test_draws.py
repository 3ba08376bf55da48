"""Each draw has its distribution: counted against scipy's, at sizes on both sides of every change of method."""

import numpy as np
import pytest
from scipy import stats

from onward.engines.flows.kernel_counts import (
    URN_OF_EACH,
    Split,
    beta_binomial,
    binomial,
    dirichlet_multinomial,
    negative_binomial,
    poisson,
)
from onward.engines.flows.kernel_random import gamma, keyed, normal, truncated_t
from onward.engines.jit import kernel

DRAWS = 40_000


@kernel
def _many(which: int, n: int, first: float, second: float) -> np.ndarray:
    stream, out = np.zeros(1, np.uint64), np.zeros(DRAWS)
    for i in range(DRAWS):
        stream[0] = keyed(np.uint64(77), np.uint64(i))
        if which == 0:
            out[i] = binomial(stream, n, first)
        elif which == 1:
            out[i] = beta_binomial(stream, n, first, second)
        elif which == 2:
            out[i] = negative_binomial(stream, first, second)
        elif which == 3:
            out[i] = poisson(stream, first)
        elif which == 4:
            out[i] = gamma(stream, first)
        elif which == 5:
            out[i] = normal(stream)
        else:
            out[i] = truncated_t(stream, first, second)
    return out


def assert_counts_follow(drawn: np.ndarray, law: stats.rv_discrete) -> None:
    """Chi-squared over bins of about a thirtieth of the probability each."""
    edges = np.unique(law.ppf(np.linspace(0, 1, 31)[1:-1]))
    seen = np.bincount(np.searchsorted(edges, drawn, side="left"), minlength=len(edges) + 1)
    chances = np.diff(np.concatenate([[0.0], law.cdf(edges), [1.0]]))
    kept = chances * DRAWS > 5
    assert stats.chisquare(seen[kept], chances[kept] / chances[kept].sum() * seen[kept].sum()).pvalue > 1e-4


@pytest.mark.parametrize(
    ("n", "p"),
    [
        (1, 0.3),
        (12, 0.4),
        (13, 0.6),
        (30, 0.1),
        (30, 0.9),
        (1_000, 0.0099),
        (1_000, 0.0101),
        (60, 0.5),
        (10**5, 0.02),
        (10**8, 0.4),
    ],
)
def test_a_binomial_is_one(n: int, p: float):
    assert_counts_follow(_many(0, n, p, 0.0), stats.binom(n, p))


@pytest.mark.parametrize(("n", "p", "c"), [(24, 0.2, 3.0), (25, 0.2, 3.0), (5_000, 0.05, 50.0), (40, 0.95, 8.0)])
def test_a_beta_binomial_is_one_from_the_urn_and_from_the_beta(n: int, p: float, c: float):
    assert_counts_follow(_many(1, n, p, c), stats.betabinom(n, p * c, (1 - p) * c))


@kernel
def _many_splits(people: int, weight: np.ndarray, concentration: float) -> np.ndarray:
    ways, stream = len(weight), np.zeros(1, np.uint64)
    out = np.zeros((DRAWS, ways))
    counts, chosen = np.zeros(ways, np.int64), np.zeros(URN_OF_EACH * ways, np.int64)
    for i in range(DRAWS):
        stream[0] = keyed(np.uint64(78), np.uint64(i))
        split = Split(weight.copy(), counts, chosen)
        dirichlet_multinomial(stream, people, split, (ways, weight.sum()), concentration)
        out[i] = counts
    return out


@pytest.mark.parametrize("people", [1, 24, 25, 4_000])
@pytest.mark.parametrize("concentration", [0.7, 50.0])
def test_a_dirichlet_multinomial_is_one_from_the_urn_and_from_the_shares(people: int, concentration: float):
    """Every way, and two ways together, are beta-binomial; nobody takes a way without weight."""
    weight = np.array([0.2, 0.0, 1.5, 0.3])
    drawn, alpha = _many_splits(people, weight, concentration), concentration * weight / weight.sum()

    assert (drawn.sum(axis=1) == people).all()
    assert not drawn[:, 1].any()
    for ways in ([0], [2], [3], [0, 3]):
        own = alpha[ways].sum()
        assert_counts_follow(drawn[:, ways].sum(axis=1), stats.betabinom(people, own, concentration - own))


@pytest.mark.parametrize(("mean", "size"), [(0.5, 2.0), (40.0, 0.7), (3_000.0, 20.0)])
def test_a_negative_binomial_is_one(mean: float, size: float):
    assert_counts_follow(_many(2, 0, mean, size), stats.nbinom(size, size / (size + mean)))


@pytest.mark.parametrize("mean", [0.3, 11.9, 12.1, 500.0])
def test_a_poisson_is_one(mean: float):
    assert_counts_follow(_many(3, 0, mean, 0.0), stats.poisson(mean))


def test_normals_gammas_and_the_cut_student_t_are_themselves():
    bound = stats.t(3).cdf(6.0)
    for drawn, law in (
        (_many(5, 0, 0.0, 0.0), stats.norm.cdf),
        (_many(4, 0, 0.3, 0.0), stats.gamma(0.3).cdf),
        (_many(4, 0, 7.0, 0.0), stats.gamma(7.0).cdf),
        (_many(6, 0, 3.0, 6.0), lambda x: (stats.t(3).cdf(x) - (1 - bound)) / (2 * bound - 1)),
    ):
        assert stats.kstest(drawn, law).pvalue > 1e-4


def test_nobody_and_certainty_draw_nothing():
    assert not _many(0, 0, 0.5, 0.0).any()
    assert (_many(0, 7, 1.0, 0.0) == 7).all()
    assert not _many(1, 9, 0.0, 50.0).any()


def test_neighbouring_keys_give_unrelated_numbers():
    first = np.array([keyed(np.uint64(5), np.uint64(k)) for k in range(2_000)], np.uint64) / 2**64
    assert abs(np.corrcoef(first[:-1], first[1:])[0, 1]) < 0.09
    assert stats.kstest(first, "uniform").pvalue > 1e-4
