"""How likely published numbers are under a model: negative binomial, hedged and rounded numbers as what they bound."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from onward.engines.flows.parameters import Floats
from onward.engines.flows.results import ReportedRow

LEAST = 1e-3
"""A model that expects nothing expects this: a count where none was expected is unlikely, not impossible."""
STEP = 1e-4
"""Half the width of numeric slopes, on the logarithm."""
ONE_LOOK_DAYS = 30.0
"""Readings of how many are present, nearer to each other than this, share the weight of one: the same people are in
them, and daily readings of a standing crowd would else drown every other source."""


@dataclass(frozen=True, slots=True)
class Count:
    """A published number made comparable: a cumulative reading counts what it added to the one before.

    name: its observation. start, end: the days it covers. published_on: when the later of its readings came out.
    value, low, high: what was said, the least and the most it can mean. column, before: the columns of `reported`
    whose difference it is (before -1: the column alone). weight: of its log-likelihood.
    """

    name: str
    start: date
    end: date
    published_on: date
    value: float
    low: float
    high: float
    column: int
    before: int = -1
    weight: float = 1.0

    @property
    def first(self) -> date:
        """The first day it counts: of what a cumulative reading added, the day after the one before."""
        return self.start if self.before < 0 else self.start + timedelta(days=1)

    @property
    def days(self) -> int:
        """How many days it counts."""
        return (self.end - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Evidence:
    """Counts, and the same as arrays (n,)."""

    counts: tuple[Count, ...]
    value: Floats
    low: Floats
    high: Floats
    columns: NDArray[np.int64]
    before: NDArray[np.int64]
    weight: Floats

    def __len__(self) -> int:
        return len(self.counts)

    def expected(self, reported: Floats) -> Floats:
        """What a run reports (..., columns) of each count: (..., n)."""
        earlier = np.where(self.before >= 0, reported[..., np.maximum(self.before, 0)], 0.0)
        difference: Floats = reported[..., self.columns] - earlier
        return difference


def as_evidence(counts: Sequence[Count]) -> Evidence:
    """Counts as arrays."""
    numbers = np.array([(one.value, one.low, one.high, one.weight) for one in counts], dtype=np.float64)
    value, low, high, weight = numbers.reshape(-1, 4).T
    columns, before = np.array([(one.column, one.before) for one in counts], dtype=np.int64).reshape(-1, 2).T
    return Evidence(tuple(counts), value, low, high, columns, before, weight)


def gather(rows: Sequence[ReportedRow], stocks: frozenset[str], known_until: date) -> Evidence:
    """The counts known on a day: of several readings for the same days the last one published by then.

    rows: as a run has them, in the order of its columns. stocks: observations that count who is there.
    """
    latest: dict[tuple[str, date, date], int] = {}
    for column, row in enumerate(rows):
        days = row.observation, row.end, row.start
        if row.published_on <= known_until and _is_newer(row, rows, latest.get(days)):
            latest[days] = column
    alone = [_alone(rows[column], column) for _, column in sorted(latest.items())]
    cumulative = frozenset(row.observation for row in rows if row.window == "cumulative")
    counts = [_added(one, before, cumulative) for before, one in pairwise([None, *alone]) if one is not None]
    return as_evidence(_weighed(counts, stocks))


def _is_newer(row: ReportedRow, rows: Sequence[ReportedRow], held: int | None) -> bool:
    return held is None or row.published_on >= rows[held].published_on


def _alone(row: ReportedRow, column: int) -> Count:
    low, high = bounds(row)
    return Count(row.observation, row.start, row.end, row.published_on, row.value, low, high, column)


def _added(one: Count, before: Count | None, cumulative: frozenset[str]) -> Count:
    """A reading alone, or what it added to the one before where both are cumulative readings of one observation."""
    if one.name not in cumulative or before is None or before.name != one.name:
        return one
    return replace(
        one,
        start=before.end,
        value=max(one.value - before.value, 0.0),
        low=max(one.low - before.high, 0.0),
        high=max(one.high - before.low, 0.0),
        before=before.column,
        published_on=max(one.published_on, before.published_on),
    )


def _weighed(counts: Sequence[Count], stocks: frozenset[str]) -> list[Count]:
    """Readings of one standing crowd that lie close together share their weight."""
    ends: dict[str, list[int]] = {}
    for one in counts:
        ends.setdefault(one.name, []).append(one.end.toordinal())
    weight = {
        name: min(1.0, max(max(days) - min(days), ONE_LOOK_DAYS) / ONE_LOOK_DAYS / len(days))
        for name, days in ends.items()
        if name in stocks
    }
    return [replace(one, weight=weight.get(one.name, 1.0)) for one in counts]


def bounds(row: ReportedRow) -> tuple[float, float]:
    """The least and the most a published number can mean, from its hedge and its trailing noughts.

    "over 3,000" is from 3,000 to 3,099: a hedged number is taken to be rounded to two digits at the least.
    """
    if not row.qualifier:
        return row.value, row.value
    step = _rounded_to(row.value)
    match row.qualifier:
        case "over" | "more than" | "at least":
            return row.value, row.value + max(step - 1.0, 0.0)
        case "nearly" | "almost" | "under":
            return max(row.value - step, 0.0), row.value
        case "at_most" | "up to":
            return 0.0, row.value
        case _:
            return max(row.value - step / 2, 0.0), row.value + step / 2


def _rounded_to(value: float) -> float:
    """The largest power of ten that divides the number and leaves it two digits."""
    step = 1.0
    while value >= 100 * step and value % (10 * step) == 0:
        step *= 10
    return step


def log_density(evidence: Evidence, expected: Floats, size: Floats) -> Floats:
    """Log-probability (n,) of each count, negative binomial of that mean and size, weighted.

    A bounded number has the probability of all it can mean. variance = mean + mean^2 / size.
    """
    from scipy.special import gammaln, xlogy

    mean = np.maximum(expected, LEAST)
    value = np.rint(evidence.value)
    exact = gammaln(value + size) - gammaln(size) - gammaln(value + 1)
    exact += xlogy(size, size / (size + mean)) + xlogy(value, mean / (size + mean))
    is_bound = evidence.high > evidence.low
    if is_bound.any():
        low, high = np.ceil(evidence.low[is_bound]), np.floor(evidence.high[is_bound])
        exact[is_bound] = _log_between(low, high, mean[is_bound], size[is_bound])
    density: Floats = exact * evidence.weight
    return density


def _log_between(low: Floats, high: Floats, mean: Floats, size: Floats) -> Floats:
    """Log-probability that a count lies from low to high, both included."""
    from scipy.special import betainc

    chance = size / (size + mean)
    to_high = betainc(size, high + 1, chance)
    below = np.where(low > 0, betainc(size, np.maximum(low, 1.0), chance), 0.0)
    between = to_high - below
    far = _log_middle(low, high, mean, size)
    with np.errstate(divide="ignore"):
        held: Floats = np.where(between > 1e-8, np.log(np.maximum(between, 1e-300)), far)
    return held


def _log_middle(low: Floats, high: Floats, mean: Floats, size: Floats) -> Floats:
    """The same where it is too small to be a difference: the width times the density at the end nearest the mean."""
    from scipy.special import gammaln, xlogy

    at = np.clip(mean, low, high)
    density = gammaln(at + size) - gammaln(size) - gammaln(at + 1)
    density += xlogy(size, size / (size + mean)) + xlogy(at, mean / (size + mean))
    return np.asarray(density + np.log(high - low + 1), dtype=np.float64)


def slopes(evidence: Evidence, expected: Floats, size: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """First slopes and curvatures (n,) of the log-density: by log mean, by log size, then both curvatures.

    Curvatures are taken towards a maximum and are never negative: by log mean the expected information
    mean x size / (mean + size), by log size the observed one.
    """
    mean = np.maximum(expected, LEAST)
    up, down = np.exp(STEP), np.exp(-STEP)
    by_mean = log_density(evidence, mean * up, size) - log_density(evidence, mean * down, size)
    here = log_density(evidence, mean, size)
    wide = np.exp(0.05)
    larger, smaller = log_density(evidence, mean, size * wide), log_density(evidence, mean, size / wide)
    bend = np.maximum(-(larger - 2 * here + smaller) / 0.05**2, 0.0)
    information = evidence.weight * mean * size / (mean + size)
    return by_mean / (2 * STEP), (larger - smaller) / 0.1, information, bend


def steepness(evidence: Evidence, expected: Floats, size: Floats) -> Floats:
    """Curvature (n,) by log mean to climb with: the expected or the observed information, whichever is more.

    Of an exact number the observed one is mean x size x (size + value) / (size + mean)^2. Where far more was counted
    than is expected the expected information is far too little, and steps by it far too long.
    """
    mean = np.maximum(expected, LEAST)
    information: Floats = evidence.weight * mean * size / (mean + size)
    return information * np.maximum(1.0, (size + evidence.value) / (size + mean))
