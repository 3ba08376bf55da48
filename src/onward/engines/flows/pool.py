"""Several forecasts as one: a linear pool whose weights come from past scores alone."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from onward.engines.flows.scores import crps

type Floats = NDArray[np.float64]

PRIOR_WORTH = 2.0
"""Past forecasts that the weights before any are worth: few scores move the weights little."""
ROUNDS = 2_000
"""Steps of the search for the best weights."""


def weights_from_past(seen: Floats, members: Sequence[Floats], towards: Floats | None = None) -> Floats:
    """Weights (models,) under which the pool's CRPS over past forecasts is least, drawn towards those given.

    seen: (n,) what came. members: for each model its past ensembles (n, m). towards: (models,) the weights without a
    past; None: equal ones. A model that never helped the pool is left with next to nothing; one that helps is kept
    though it is worse alone.

    The CRPS of a linear pool is w.a - w.D.w / 2, with a the mean distance of each model to what came and D that between
    models (Gneiting and Raftery 2007, equation 21): least on the simplex by multiplicative steps (Kivinen and Warmuth,
    Information and Computation 1997).
    """
    before = np.full(len(members), 1 / len(members)) if towards is None else towards
    if not len(seen):
        return before
    to_seen, between = _distances(seen, members)
    scale = max(float(to_seen.max()), np.finfo(float).tiny)
    best = np.full(len(members), 1 / len(members))
    for _ in range(ROUNDS):
        stepped = best * np.exp(-(to_seen - between @ best) / scale)
        best = stepped / stepped.sum()
    return (len(seen) * best + PRIOR_WORTH * before) / (len(seen) + PRIOR_WORTH)


def _distances(seen: Floats, members: Sequence[Floats]) -> tuple[Floats, Floats]:
    """Mean distances over the past: each model to what came (models,), and models to each other (models, models)."""
    to_seen = np.array([np.abs(one - seen[:, None]).mean() for one in members])
    spread = np.array([_spread(one) for one in members])
    between = np.diag(spread)
    for i, one in enumerate(members):
        for j in range(i):
            between[i, j] = between[j, i] = _between(one, members[j])
    return to_seen, between


def _spread(one: Floats) -> float:
    """Mean distance of two members of the same ensemble: twice the mean distance to it less its CRPS."""
    at = one[:, 0]
    return float(2 * (np.abs(one - at[:, None]).mean() - crps(at, one).mean()))


def _between(one: Floats, other: Floats) -> float:
    """Mean distance of a member of one ensemble to a member of another, through sorted sums."""
    total = 0.0
    for left, right in zip(one, np.sort(other, axis=1), strict=True):
        sums = np.concatenate([[0.0], np.cumsum(right)])
        below = np.searchsorted(right, left)
        far = left * (2 * below - len(right)) + sums[-1] - 2 * sums[below]
        total += float(far.mean()) / len(right)
    return total / len(one)


def pool(weights: Floats, members: Sequence[Floats], *, size: int, rng: np.random.Generator) -> Floats:
    """A pooled ensemble (n, size): from each model as many members as its weight, the same ones for all n forecasts."""
    counts = _whole(weights * size, size)
    parts = [one[:, _drawn(one.shape[1], count, rng)] for one, count in zip(members, counts, strict=True)]
    return np.concatenate(parts, axis=1)


def _drawn(held: int, count: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Which of the members held are taken: each as often as any other, give or take one."""
    return np.concatenate([np.repeat(np.arange(held), count // held), rng.permutation(held)[: count % held]])


def _whole(shares: Floats, size: int) -> NDArray[np.int64]:
    """Whole numbers that sum to size, by largest remainder."""
    counts = np.floor(shares).astype(np.int64)
    most = np.argsort(counts - shares, kind="stable")[: size - int(counts.sum())]
    counts[most] += 1
    return counts
