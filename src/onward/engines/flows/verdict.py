"""What forecasts made again from earlier days were worth, series by series: the record that stands above a chart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from onward.engines.flows.rolling import NETWORK, POOL, SHARE, Rolled, Said, forecasts
from onward.engines.flows.scores import Scores, Skill, relative_skill, score

EVERYTHING = "all"
RECENT_DAYS = 31


@dataclass(frozen=True, slots=True)
class Worth:
    """How one model did on one series: means of its scores, and the share of counts each band held."""

    model: str
    crps: float
    log_crps: float
    tail_crps: float
    coverage: Mapping[float, float]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One series, every model on the same counts. skills: of the network and of the pool, against each naive rule.

    lately: the share of the last month's counts that the pool's 80 % bands held, and how many counts those were.
    """

    series: str
    title: str
    counts: int
    origins: int
    worths: tuple[Worth, ...]
    skills: tuple[tuple[str, Skill], ...]
    lately: tuple[float, int]

    def has_skill(self, model: str) -> bool:
        """Whether a model beat every naive rule beyond chance."""
        own = [skill for name, skill in self.skills if name == model]
        return bool(own) and all(skill.is_shown for skill in own)


@dataclass(frozen=True, slots=True)
class Record:
    """All verdicts; the first is over all series, on the logarithm so that each weighs alike."""

    title: str
    since: date | None
    until: date | None
    ahead: int
    verdicts: tuple[Verdict, ...]
    left_out: tuple[tuple[date, str], ...]
    inputs_sha256: str

    def of(self, series: str) -> Verdict | None:
        """The verdict on a series."""
        return next((one for one in self.verdicts if one.series == series), None)


def judge(rolled: Rolled, titles: Mapping[str, str], rng: np.random.Generator) -> tuple[Verdict, ...]:
    """The verdict on everything and on each series, of the counts all models spoke of."""
    models = rolled.models
    shared = [one for one in rolled.said if all(model in one.members for model in _spoke(rolled, one.count.name))]
    verdicts = [
        _verdict(name, title, [one for one in shared if one.count.name == name], rolled, rng)
        for name, title in titles.items()
        if any(one.count.name == name for one in shared)
    ]
    common = [one for one in shared if set(models) - {SHARE} <= one.members.keys()]
    if len(verdicts) > 1 and common:
        verdicts.insert(0, _verdict(EVERYTHING, "all series", common, rolled, rng))
    return tuple(verdicts)


def _spoke(rolled: Rolled, series: str) -> set[str]:
    """The models that spoke of any count of a series."""
    return {model for one in rolled.said if one.count.name == series for model in one.members}


def _verdict(series: str, title: str, said: Sequence[Said], rolled: Rolled, rng: np.random.Generator) -> Verdict:
    part = Rolled(tuple(said), (), rolled.tops)
    models = [model for model in part.models if all(model in one.members for one in said)]
    top = np.array([rolled.tops.get(one.count.name, 0.0) for one in said])
    scored = {model: score(forecasts(part, model, lambda _: True), top, rng) for model in models}
    origins = np.array([one.origin.toordinal() for one in said], dtype=np.int64)
    skills = tuple(
        (ours, relative_skill(other, _compared(scored[ours], series), _compared(scored[other], series), origins, rng))
        for ours in (POOL, NETWORK)
        if ours in scored
        for other in models
        if other not in (NETWORK, POOL)
    )
    worths = tuple(_worth(model, one) for model, one in scored.items())
    return Verdict(series, title, len(said), len(set(origins)), worths, skills, _lately(said, scored[POOL]))


def _compared(scores: Scores, series: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return scores.log_crps if series == EVERYTHING else scores.crps


def _worth(model: str, one: Scores) -> Worth:
    return Worth(model, float(one.crps.mean()), float(one.log_crps.mean()), float(one.tail_crps.mean()), one.coverage)


def _lately(said: Sequence[Said], pooled: Scores) -> tuple[float, int]:
    since = max(one.count.end for one in said) - timedelta(days=RECENT_DAYS)
    recent = np.array([one.count.end > since for one in said])
    return float(pooled.inside[1][recent].mean()), int(recent.sum())
