"""How good a forecast was: CRPS and its kin, coverage, PIT, and skill against another forecast."""

import sys
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Days = NDArray[np.int64]

LEVELS = (0.5, 0.8, 0.9)
"""The central bands whose coverage is told."""
FEWEST_ORIGINS = 5
"""Fewer forecast days than this say nothing of skill: no interval is drawn from them."""
RESAMPLES = 2_000


@dataclass(frozen=True, slots=True)
class Forecasts:
    """What was said, and what came: n forecasts of m members each.

    members: (n, m) counts. seen: (n,) what was counted later. origins: (n,) the day each was made, as an ordinal.
    ahead: (n,) days from that day to the last one the number covers. series: (n,) what was forecast.
    """

    members: Floats
    seen: Floats
    origins: Days
    ahead: Days
    series: tuple[str, ...]

    def chosen(self, which: NDArray[np.bool_]) -> "Forecasts":
        """Those forecasts alone."""
        series = tuple(name for name, taken in zip(self.series, which, strict=True) if taken)
        return Forecasts(self.members[which], self.seen[which], self.origins[which], self.ahead[which], series)


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of n forecasts, one number each; inside: (levels, n), whether each band of LEVELS held what came."""

    crps: Floats
    log_crps: Floats
    tail_crps: Floats
    inside: NDArray[np.bool_]
    pit: Floats

    @property
    def coverage(self) -> dict[float, float]:
        """The share of forecasts whose band held what came, by level."""
        return {level: float(held.mean()) for level, held in zip(LEVELS, self.inside, strict=True)}


@dataclass(frozen=True, slots=True)
class Skill:
    """Mean score over that of another forecast, with a 95 % interval over origins; below 1 is better."""

    against: str
    ratio: float
    low: float
    high: float
    origins: int

    @property
    def is_shown(self) -> bool:
        """Better beyond chance. Without an interval, or where it includes 1, there is no skill to speak of."""
        return self.high < 1.0


@cache
def _scoringrules() -> ModuleType:
    """The library on numpy alone: where it finds numba its import compiles for 7 s what is never called here."""
    numba = sys.modules.get("numba")
    sys.modules["numba"] = None  # type: ignore[assignment]  # how Python is told that a module is not there
    try:
        return import_module("scoringrules")
    finally:
        del sys.modules["numba"]
        if numba is not None:
            sys.modules["numba"] = numba


def crps(seen: Floats, members: Floats) -> Floats:
    """Continuous ranked probability score of each forecast (n,), in the unit of the counts; 0 is perfect.

    members: (n, m). The ensemble is taken as the whole forecast: what is published is what is scored. Gneiting and
    Raftery, Strictly Proper Scoring Rules, JASA 2007, equation 21.
    """
    scored: Floats = _scoringrules().crps_ensemble(seen, members, estimator="qd", backend="numpy")
    return np.maximum(scored, 0.0)


def log_crps(seen: Floats, members: Floats) -> Floats:
    """CRPS of log(1 + count): errors as shares, so that a small place weighs as a large one.

    Bosse et al., Scoring epidemiological forecasts on transformed scales, PLOS Computational Biology 2023.
    """
    return crps(np.log1p(seen), np.log1p(members))


def tail_crps(seen: Floats, members: Floats, threshold: Floats) -> Floats:
    """CRPS weighted to the upper tail, above a threshold for each forecast (n,): was the surge foreseen?

    Allen, Ginsbourger, Ziegel, Evaluating forecasts for high-impact events, SIAM/ASA JUQ 2023: the chaining function
    is max(x, threshold).
    """
    return crps(np.maximum(seen, threshold), np.maximum(members, threshold[:, None]))


def inside_bands(seen: Floats, members: Floats) -> NDArray[np.bool_]:
    """Whether each central band of LEVELS held what came, its ends included: (levels, n)."""
    tails = np.array([[(1 - level) / 2, (1 + level) / 2] for level in LEVELS])
    low, high = np.moveaxis(np.quantile(members, tails, axis=1), 1, 0)
    held: NDArray[np.bool_] = (low <= seen) & (seen <= high)
    return held


def pit(seen: Floats, members: Floats, rng: np.random.Generator) -> Floats:
    """Where what came lay among the members (n,), 0 to 1; even where the forecasts are honest.

    Ties are broken by chance, as counts need: Czado, Gneiting, Held, Biometrics 2009.
    """
    below = (members < seen[:, None]).sum(axis=1)
    tied = (members == seen[:, None]).sum(axis=1)
    placed: Floats = (below + rng.random(len(seen)) * (tied + 1)) / (members.shape[1] + 1)
    return placed


def score(forecasts: Forecasts, threshold: Floats, rng: np.random.Generator) -> Scores:
    """Every score of each forecast. threshold: (n,) from where the upper tail counts."""
    seen, members = forecasts.seen, forecasts.members
    return Scores(
        crps(seen, members),
        log_crps(seen, members),
        tail_crps(seen, members, threshold),
        inside_bands(seen, members),
        pit(seen, members, rng),
    )


def relative_skill(against: str, own: Floats, other: Floats, origins: Days, rng: np.random.Generator) -> Skill:
    """Mean of own scores (n,) over the mean of another forecast's, with an interval from blocks of origins.

    Origins near each other err alike, so neighbours are drawn together: the circular block bootstrap of Politis and
    Romano (1992), blocks of about the cube root of the number of origins, at least two long.
    """
    days, which = np.unique(origins, return_inverse=True)
    sums = np.stack([np.bincount(which, weights=scores, minlength=len(days)) for scores in (own, other)])
    ratio = _ratio(sums.sum(axis=1))
    if len(days) < FEWEST_ORIGINS:
        return Skill(against, float(ratio), np.nan, np.nan, len(days))
    length = max(2, round(len(days) ** (1 / 3)))
    starts = rng.integers(0, len(days), (RESAMPLES, -(-len(days) // length)))
    drawn = (starts[:, :, None] + np.arange(length)).reshape(RESAMPLES, -1)[:, : len(days)] % len(days)
    low, high = np.quantile(_ratio(sums[:, drawn].sum(axis=2)), (0.025, 0.975))
    return Skill(against, float(ratio), float(low), float(high), len(days))


def _ratio(sums: Floats) -> Floats:
    """First over second; 1 where both are nothing, without end where only the second is."""
    own, other = sums
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(other > 0, own / np.where(other > 0, other, 1.0), np.where(own > 0, np.inf, 1.0))
