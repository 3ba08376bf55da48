"""Forecasts made again as if on earlier days, with only what had been published by then, and scored on what came."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

import numpy as np

from onward.core.errors import BadInput, OnwardError
from onward.engines.flows.likelihood import Count, Evidence, gather
from onward.engines.flows.naive import past_errors, recent_share_of_persisting_total, sample, standard_rules
from onward.engines.flows.parameters import Floats
from onward.engines.flows.pool import pool, weights_from_past
from onward.engines.flows.results import Run
from onward.engines.flows.rhythm import Rhythm, find_rhythm, past_steps, scale, stocks
from onward.engines.flows.scenario import Scenario
from onward.engines.flows.scores import Forecasts
from onward.engines.flows.simulation import prepare

NETWORK, POOL, SHARE = "network", "pool", "recent share"
FEWEST_TO_WEIGH = 3
"""Past counts of a series before the pool's weights leave equality."""

type Network = Callable[[Scenario], Run]
"""A scenario whose known_until is the origin -> a run: fitted to what was known then, and simulated.

The run may leave out days, and rows that end, further ahead than is asked."""


@dataclass(frozen=True, slots=True)
class Said:
    """One count forecast from one day: members of each model that spoke, by name, and the pool's weights."""

    count: Count
    origin: date
    members: Mapping[str, Floats]
    weights: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Rolled:
    """All that was said, the origins that could not be forecast with the reason, and every series' usual top."""

    said: tuple[Said, ...]
    left_out: tuple[tuple[date, str], ...]
    tops: Mapping[str, float]

    @property
    def models(self) -> tuple[str, ...]:
        """Names of all that spoke, the pool and the network first."""
        names = dict.fromkeys(name for one in self.said for name in one.members)
        first = [name for name in (POOL, NETWORK) if name in names]
        return (*first, *(name for name in names if name not in first))


@dataclass(frozen=True, slots=True)
class Plan:
    """From which days, how many days ahead, how many members, which seed; progress is told after each origin."""

    origins: tuple[date, ...]
    ahead: int
    members: int
    seed: int
    tell: Callable[[int, int], None] = lambda done, of: None


def roll(scenario: Scenario, network: Network, plan: Plan) -> Rolled:
    """Forecast from every origin what came within `ahead` days of it.

    Each origin sees only rows published by then; what came is the last value published since. An origin whose fit or
    run is refused is left out and said. The pool's weights come from counts that were out by the origin.
    """
    truth: Evidence | None = None
    said: list[Said] = []
    left_out: list[tuple[date, str]] = []
    for place, origin in enumerate(plan.origins):
        then = replace(scenario, period=replace(scenario.period, known_until=origin))
        try:
            run = network(then)
            truth = gather(run.rows, stocks(scenario), date.max)
            said += _said(then, run, truth, plan, said)
        except OnwardError as problem:
            left_out.append((origin, str(problem)))
        plan.tell(place + 1, len(plan.origins))
    return Rolled(tuple(said), tuple(left_out), _tops(scenario, truth))


def _said(then: Scenario, run: Run, truth: Evidence, plan: Plan, before: Sequence[Said]) -> list[Said]:
    """What the network, the naive rules and the pool say of each count still to come."""
    origin = then.period.known_until
    until = origin + timedelta(days=plan.ahead)
    wanted = [i for i, one in enumerate(truth.counts) if origin < one.end <= until and one.published_on > origin]
    from_network = truth.expected(run.reported)
    known = gather(run.rows, stocks(then), origin)
    rng = np.random.default_rng((plan.seed, origin.toordinal()))
    naive = _Naive(then, known, until, plan)
    weights: dict[tuple[str, ...], dict[str, float]] = {}
    made = []

    def past_of(name: str) -> list[Said]:
        return [one for one in before if one.count.name == name and one.count.published_on <= origin]

    for i in wanted:
        members = {NETWORK: np.maximum(from_network[:, i], 0.0), **naive.members(truth.counts[i])}
        name = truth.counts[i].name
        if (name, *members) not in weights:
            weights[name, *members] = _weights(members, naive.towards(name, tuple(members)), past_of(name))
        found = weights[name, *members]
        spoken = [members[model][None, :] for model in found]
        pooled = pool(np.array(list(found.values())), spoken, size=plan.members, rng=rng)
        made.append(Said(truth.counts[i], origin, {POOL: pooled[0], **members}, found))
    return made


def _weights(members: Mapping[str, Floats], towards: Floats, past: Sequence[Said]) -> dict[str, float]:
    """Weights of those who speak, from past counts of the same series that all of them spoke of."""
    shared = [one for one in past if members.keys() <= one.members.keys()]
    found = towards
    if len(shared) >= FEWEST_TO_WEIGH:
        seen = np.array([one.count.value for one in shared])
        found = weights_from_past(
            seen, [np.stack([one.members[model] for one in shared]) for model in members], towards
        )
    return dict(zip(members, map(float, found), strict=True))


@dataclass(frozen=True, slots=True)
class _Past:
    """A series as known at an origin: even steps, the number of the last one, and whether it is a stock."""

    rhythm: Rhythm
    steps: Floats
    last: int
    measure: str
    is_stock: bool

    def between(self, first: int, last: int) -> Floats:
        """The steps from one number to another; not a number outside what is known."""
        places = np.arange(first, last + 1) - (self.last - len(self.steps) + 1)
        inside = (places >= 0) & (places < len(self.steps))
        return np.where(inside, self.steps[np.clip(places, 0, len(self.steps) - 1)], np.nan)


class _Naive:
    """The naive rules at one origin: each series' ensembles drawn once, to the farthest day, and read step by step."""

    def __init__(self, then: Scenario, known: Evidence, until: date, plan: Plan) -> None:
        self._until, self._plan = until, plan
        held = stocks(then)
        counts: dict[str, list[Count]] = {}
        for one in known.counts:
            counts.setdefault(one.name, []).append(one)
        self._pasts = {
            one.id: _past(counts[one.id], one.measure, is_stock=one.id in held)
            for one in then.observations
            if one.id in counts
        }
        self._drawn: dict[str, dict[str, Floats]] = {}
        self._missed: dict[str, dict[str, float]] = {}

    def members(self, count: Count) -> dict[str, Floats]:
        """An ensemble of each rule for a count; none where the series' past is too short for bands."""
        past = self._pasts.get(count.name)
        if past is None:
            return {}
        if count.name not in self._drawn:
            self._drawn[count.name] = self._draw(count.name, past)
        step = max(past.rhythm.place(count.end) - past.last, 1) - 1
        times = scale(count, past.rhythm, is_stock=past.is_stock)
        return {name: drawn[:, step] * times for name, drawn in self._drawn[count.name].items()}

    def towards(self, series: str, models: tuple[str, ...]) -> Floats:
        """Weights (models,) before any was scored: the rules' by how far they went astray in the past the series has.

        As the inverse square of that, the weights of least variance for errors of their own. The network, which has no
        such past, has as much as the best rule.
        """
        missed = self._missed.get(series, {})
        least = max(min(missed.values(), default=1.0), 1e-9)
        found = np.array([(least / max(missed.get(model, least), least)) ** 2 for model in models])
        weights: Floats = found / found.sum()
        return weights

    def _draw(self, series: str, past: _Past) -> dict[str, Floats]:
        ahead = max(past.rhythm.place(self._until) - past.last, 1)
        rng = np.random.default_rng((self._plan.seed, self._until.toordinal(), *series.encode()))
        rules = standard_rules(past.rhythm.season)
        total = self._total(past)
        if total is not None:
            rules[SHARE] = partial(recent_share_of_persisting_total, total_past=total)
        size = self._plan.members
        try:
            drawn = {name: sample(rule, past.steps, ahead, members=size, rng=rng) for name, rule in rules.items()}
        except BadInput:
            return {}
        errors = {name: past_errors(rule, past.steps, ahead) for name, rule in rules.items()}
        self._missed[series] = {name: float(np.nanmean(np.abs(missed))) for name, missed in errors.items()}
        return drawn

    def _total(self, past: _Past) -> Floats | None:
        """The sum over all series that count the same in the same rhythm, step by step; None where it is alone."""
        alike = [one for one in self._pasts.values() if one.rhythm == past.rhythm and one.measure == past.measure]
        first = past.last - len(past.steps) + 1
        total: Floats = np.sum([one.between(first, past.last) for one in alike], axis=0)
        return total if len(alike) > 1 and np.isfinite(total).any() else None


def _past(counts: Sequence[Count], measure: str, *, is_stock: bool) -> _Past:
    rhythm = find_rhythm([one.end for one in counts], [one.start for one in counts])
    steps, last = past_steps(counts, rhythm, is_stock=is_stock)
    return _Past(rhythm, steps, last, measure, is_stock)


def _tops(scenario: Scenario, truth: Evidence | None) -> dict[str, float]:
    """From where each series' upper tail counts: the highest tenth of what was published before the first origin."""
    values: dict[str, list[float]] = {}
    for one in truth.counts if truth else ():
        if one.published_on <= scenario.period.known_until:
            values.setdefault(one.name, []).append(one.value)
    return {name: float(np.quantile(known, 0.9)) for name, known in values.items()}


def known_counts(scenario: Scenario, origin: date) -> Evidence:
    """The counts of all observations that were out by a day."""
    return gather(prepare(scenario).rows, stocks(scenario), origin)


def forecasts(rolled: Rolled, model: str, chosen: Callable[[Said], bool]) -> Forecasts:
    """What a model said, as arrays to score."""
    said = [one for one in rolled.said if model in one.members and chosen(one)]
    return Forecasts(
        np.stack([one.members[model] for one in said]) if said else np.empty((0, 1)),
        np.array([one.count.value for one in said]),
        np.array([one.origin.toordinal() for one in said], dtype=np.int64),
        np.array([(one.count.end - one.origin).days for one in said], dtype=np.int64),
        tuple(one.count.name for one in said),
    )
