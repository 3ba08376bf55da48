"""Forecasts begin where the counts ended: how far a network stands from its last readings, and how that wears off."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from onward.engines.flows.likelihood import Evidence, gather
from onward.engines.flows.parameters import Floats
from onward.engines.flows.results import Run
from onward.engines.flows.rhythm import stocks
from onward.engines.flows.scenario import Scenario

MEMORIES = np.array([0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0])
"""Steps after which a flow's discrepancy may have fallen to 1/e, all equally likely beforehand."""
FOREVER = np.array([np.inf])
"""A standing crowd's: whoever is there and in no network's reckoning does not leave because it does not reckon so."""
CROWD = 0.1
"""A standing crowd's discrepancy moves a step by this share of the variance its counts are said to have."""
LEAST_STEP = 0.1
"""Rows that end nearer to each other than this are taken to lie this far apart."""
WORTH = 2.0
"""Readings that the scatter of counts the scenario names is worth, beside the readings' own."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How a discrepancy is measured: near `at` a difference of 0.1 is a tenth of the count, on either scale.

    A flow's is a factor (the logarithm): a shut road stays shut. A standing crowd's lies between a factor and a number
    of people (the square root): a network that feeds a camp too little must not multiply what it feeds it.
    """

    of: Callable[[Floats], Floats]
    moved: Callable[[Floats, Floats], Floats]


@dataclass(frozen=True, slots=True)
class Wear:
    """How a series' discrepancy wears off, by member: kept of it a step, and its variance a step, (members,) each."""

    kept: Floats
    variance: Floats


def begin_at_readings(run: Run, scenario: Scenario, seed: int) -> Run:
    """The run with every reported row after the origin carried on from what was last read of its series.

    The network itself is not touched: people in it are where they were. What it would report is moved by its
    discrepancy at the last reading: the model discrepancy of Kennedy and O'Hagan (JRSS B 2001, section 4), in time. A
    flow's wears off (an Ornstein-Uhlenbeck process), a standing crowd's is a random walk; memory and scatter are drawn
    from what the known readings say of them. It stands in the place of the noise of reporting. Series of which nothing
    was known keep theirs. decisions/0012.
    """
    origin, held = scenario.period.known_until, stocks(scenario)
    known, every = gather(run.rows, held, origin), gather(run.rows, held, date.max)
    sizes = {one.id: one.dispersion.value for one in scenario.observations}
    reported = run.reported.copy()
    for name in dict.fromkeys(one.name for one in known.counts):
        ahead = [n for n, one in enumerate(every.counts) if one.name == name and one.end > origin]
        if ahead:
            rng = np.random.default_rng((seed, *name.encode()))
            past = [n for n, one in enumerate(known.counts) if one.name == name]
            series = _Series(run, _part(known, past), _part(every, ahead), name in held, sizes[name])
            _write(reported, run, series.after, series.carried(rng))
    return replace(run, reported=reported)


def _part(evidence: Evidence, chosen: Sequence[int]) -> Evidence:
    at = np.array(chosen, dtype=np.int64)
    arrays = (getattr(evidence, name)[at] for name in ("value", "low", "high", "columns", "before", "weight"))
    return Evidence(tuple(evidence.counts[n] for n in chosen), *arrays)


@dataclass(frozen=True, slots=True)
class _Series:
    """One series: what was read by the origin, and the rows after it."""

    run: Run
    before: Evidence
    after: Evidence
    is_stock: bool
    size: float

    def carried(self, rng: np.random.Generator) -> Floats:
        """What is reported of each row after the origin: (members, rows)."""
        read = np.where(self.before.high > self.before.low, (self.before.low + self.before.high) / 2, self.before.value)
        scale = _crowd(read[-1]) if self.is_stock else _flow()
        said = scale.of(self.before.expected(self.run.expected))
        apart = scale.of(read) - np.median(said, axis=0)
        gaps = self._gaps()
        memories = FOREVER if self.is_stock else MEMORIES
        usual = CROWD / self.size if self.is_stock else 1 / self.size
        wear = learn_wear(apart, gaps[: len(apart) - 1], (memories, usual), self.run.members, rng)
        # A member's own distance from the middle is that of people who are there: a crowd keeps it, a flow has none.
        moved = wander(np.full(len(said), apart[-1]), gaps[len(apart) - 1 :], wear, rng)
        if self.is_stock:
            moved += (np.median(said[:, -1]) - said[:, -1])[:, None]
        carried = np.maximum(scale.moved(self.after.expected(self.run.expected), moved), 0.0)
        return np.rint(carried) if self.is_stock else rng.poisson(np.minimum(carried, 1e15)).astype(np.float64)

    def _gaps(self) -> Floats:
        """Steps between the ends of all rows, those known first; a step is the usual time between known readings."""
        ends = np.array([one.end.toordinal() for one in (*self.before.counts, *self.after.counts)], dtype=np.float64)
        known = np.unique(ends[: len(self.before)])
        usual = float(np.median(np.diff(known))) if len(known) > 1 else 1.0
        return np.maximum(np.diff(ends) / usual, LEAST_STEP)


def _crowd(at: float) -> Scale:
    unit = max(at, 1.0)

    def root(people: Floats) -> Floats:
        return 2 * np.sqrt(np.maximum(people, 0.0) / unit)

    return Scale(root, lambda people, by: unit * np.maximum((root(people) + by) / 2, 0.0) ** 2)


def _flow() -> Scale:
    return Scale(lambda people: np.log(np.maximum(people, 0.0) + 1.0), lambda people, by: people * np.exp(by))


def learn_wear(
    apart: Floats, gaps: Floats, expected: tuple[Floats, float], members: int, rng: np.random.Generator
) -> Wear:
    """Draws of a discrepancy's memory and of its variance a step, from how far known readings lay from the fit.

    apart: (n,) on the scale, in order of days; gaps: (n - 1,) steps between them; expected: memories, all equally
    likely, and the variance a step that is expected beforehand. The variance is inverse gamma given the memory, so
    that each memory's probability has a closed form.
    """
    memories, usual = expected
    kept = np.exp(-1.0 / memories)
    fresh, faded = _fresh(kept[:, None], gaps), kept[:, None] ** gaps
    surprise = apart[1:] - faded * apart[:-1]
    shape = (WORTH + len(gaps)) / 2
    rate = (WORTH * usual + (surprise**2 / fresh).sum(axis=1)) / 2
    height = -np.log(fresh).sum(axis=1) / 2 - shape * np.log(rate)
    chance = np.exp(height - height.max())
    which = rng.choice(len(kept), members, p=chance / chance.sum())
    return Wear(kept[which], rate[which] / rng.gamma(shape, size=members))


def _fresh(kept: Floats, gap: Floats | float) -> Floats:
    """The variance gathered over a gap, in variances of a step: the gap itself where all is kept."""
    lost = -np.expm1(2 * np.log(kept))
    whole = -np.expm1(2 * gap * np.log(kept))
    return np.where(lost > 0, whole / np.where(lost > 0, lost, 1.0), gap)


def wander(last: Floats, gaps: Floats, wear: Wear, rng: np.random.Generator) -> Floats:
    """The discrepancy (members, rows) after so many steps each, from what it was last (members,)."""
    out, noise = np.empty((len(last), len(gaps))), rng.standard_normal((len(last), len(gaps)))
    for n, gap in enumerate(gaps):
        last = wear.kept**gap * last + np.sqrt(wear.variance * _fresh(wear.kept, gap)) * noise[:, n]
        out[:, n] = last
    return out


def _write(reported: Floats, run: Run, after: Evidence, carried: Floats) -> None:
    """Into every column of the same days; a cumulative reading adds to the one before it."""
    columns: dict[tuple[str, date, date], list[int]] = {}
    for column, row in enumerate(run.rows):
        columns.setdefault((row.observation, row.start, row.end), []).append(column)
    for n, one in enumerate(after.counts):
        row = run.rows[one.column]
        base = reported[:, one.before] if one.before >= 0 else 0.0
        for column in columns[row.observation, row.start, row.end]:
            reported[:, column] = base + carried[:, n]
