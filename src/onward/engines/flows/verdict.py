"""What forecasts made again from earlier days were worth, series by series: the record that stands above a chart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from onward.engines.flows.parameters import Floats
from onward.engines.flows.rolling import NETWORK, POOL, SHARE, Rolled, Said, forecasts
from onward.engines.flows.scores import Scores, Skill, relative_skill, score

EVERYTHING = "all"
RECENT_DAYS = 31


@dataclass(frozen=True, slots=True)
class Worth:
    """How one model did on some counts: means of its scores, and the share of counts each band held.

    coverage: empty for a rule that gives a single value.
    """

    model: str
    crps: float
    log_crps: float
    tail_crps: float
    coverage: Mapping[float, float]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Counts that are scored together, every model on the same ones: mostly those of one series.

    skills: of the network and of the pool, against each plain rule. lately: the share of the last month's counts that
    the pool's 80 % bands held, and how many counts those were.
    """

    series: str
    title: str
    counts: int
    origins: int
    worths: tuple[Worth, ...]
    skills: tuple[tuple[str, Skill], ...]
    lately: tuple[float, int] = (np.nan, 0)

    def has_skill(self, *models: str) -> bool:
        """Whether any of these models (the network and the pool, where none is named) beat every plain rule."""
        return any(
            own and all(skill.is_shown for skill in own)
            for model in models or (NETWORK, POOL)
            for own in [[skill for name, skill in self.skills if name == model]]
        )


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
    top = np.array([rolled.tops.get(one.count.name, 0.0) for one in said])
    weighing = Weighing(list_spoken(said), top, (POOL, NETWORK), on_logarithm=series == EVERYTHING)
    return weigh((series, title), said, weighing, rng)


@dataclass(frozen=True, slots=True)
class Weighing:
    """How counts are judged: which models, from where their upper tail counts (n,), which are held against the others.

    on_logarithm: skills compare the CRPS of the logarithm, so that small and large places weigh alike.
    """

    models: Sequence[str]
    top: Floats
    ours: tuple[str, ...]
    on_logarithm: bool = False


def list_spoken(said: Sequence[Said]) -> list[str]:
    """The models that spoke of every one of some counts, the pool and the network first."""
    return [model for model in Rolled(tuple(said), (), {}).models if all(model in one.members for one in said)]


def weigh(names: tuple[str, str], said: Sequence[Said], weighing: Weighing, rng: np.random.Generator) -> Verdict:
    """The verdict, by its series' name and title, on counts that all the models spoke of."""
    rolled, ours = Rolled(tuple(said), (), {}), [model for model in weighing.ours if model in weighing.models]
    scored = {model: score(forecasts(rolled, model, lambda _: True), weighing.top, rng) for model in weighing.models}
    compared = {model: one.log_crps if weighing.on_logarithm else one.crps for model, one in scored.items()}
    origins = np.array([one.origin.toordinal() for one in said], dtype=np.int64)
    skills = tuple(
        (model, relative_skill(other, compared[model], compared[other], origins, rng))
        for model in ours
        for other in weighing.models
        if other not in (NETWORK, POOL)
    )
    worths = tuple(_worth(model, one) for model, one in scored.items())
    lately = _lately(said, scored[POOL]) if POOL in scored else (np.nan, 0)
    return Verdict(*names, len(said), len(set(origins)), worths, skills, lately)


def _worth(model: str, one: Scores) -> Worth:
    return Worth(model, float(one.crps.mean()), float(one.log_crps.mean()), float(one.tail_crps.mean()), one.coverage)


def _lately(said: Sequence[Said], pooled: Scores) -> tuple[float, int]:
    since = max(one.count.end for one in said) - timedelta(days=RECENT_DAYS)
    recent = np.array([one.count.end > since for one in said])
    return float(pooled.inside[1][recent].mean()), int(recent.sum())
