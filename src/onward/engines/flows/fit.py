"""Fitting a scenario's parameters to what was published by its origin, or saying what was tried and why not."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from onward import __version__
from onward.core.errors import BadInput, message
from onward.engines.flows.laplace import Climb, Problem, climb, draw, find_live, spread
from onward.engines.flows.likelihood import Count, Evidence, gather
from onward.engines.flows.parameters import Amount, Floats, Parameter, centres, draw_prior, natural
from onward.engines.flows.results import ReportedRow
from onward.engines.flows.rhythm import stocks
from onward.engines.flows.scenario import Observation, Scenario
from onward.engines.flows.simulation import Prepared, inputs_sha256, prepare

STARTS = 3
"""Climbs: from the prior's centres, and from draws of the prior's."""
START_WIDTH = 0.7
"""How far the other starts lie, in standard deviations of the prior."""
LEARNED = 0.9
"""A parameter was learned something of where its spread fell below this share of its prior's."""


@dataclass(frozen=True, slots=True)
class Fit:
    """What the published numbers say of the parameters (P).

    mode (P,), covariance (P, P) and draws (draws, P) are on the working scale. climbs: every start and how it ended.
    used: the counts fitted to. held_back: rows published after the origin, which nothing here has seen. live: (P,),
    parameters that can move any count; of the others the draws are the prior's.
    """

    parameters: tuple[Parameter, ...]
    mode: Floats
    covariance: Floats
    draws: Floats
    log_probability: float
    climbs: tuple[Climb, ...]
    used: tuple[Count, ...]
    held_back: tuple[ReportedRow, ...]
    live: NDArray[np.bool_]
    known_until: date
    seed: int
    version: str
    inputs_sha256: str

    @property
    def learned(self) -> tuple[str, ...]:
        """Parameters of which the numbers said something: the rest stand at their priors, however fitted."""
        sd = np.sqrt(np.diag(self.covariance))
        return tuple(one.name for one, now in zip(self.parameters, sd, strict=True) if now < LEARNED * one.sd)

    def quantiles(self, levels: tuple[float, ...]) -> Floats:
        """Quantiles of every parameter in its own unit, (levels, P)."""
        return np.quantile(natural(self.parameters, self.draws), levels, axis=0)


def fit(
    scenario: Scenario,
    *,
    draws: int = 1_000,
    seed: int | None = None,
    starts: int = STARTS,
    begin_at: Floats | None = None,
    executor: Executor | None = None,
    tell: Callable[[int, int], None] = lambda done, of: None,
) -> Fit:
    """Fit to the rows published by the scenario's known_until, and nothing later.

    begin_at: where the first start lies, else the priors' centres. executor: threads on which the network is run for
    several parameters at once, with the same result. tell: how many of the starts have ended. Raises BadInput, with
    what was tried, where there is nothing to fit or to fit to, where no count depends on any parameter, or where no
    start reached a top.
    """
    seed = scenario.seed if seed is None else seed
    rng = np.random.default_rng((seed, scenario.period.known_until.toordinal()))
    cut = known_only(scenario)
    problem, held_back = _problem(scenario, prepare(cut), executor)
    begin = centres(scenario.parameters) if begin_at is None else begin_at
    others = draw_prior(scenario.parameters, starts - 1, rng) - centres(scenario.parameters)
    climbs: list[Climb] = []
    for at in (begin, *(begin + START_WIDTH * other for other in others)):
        climbs.append(climb(problem, at))
        tell(len(climbs), starts)
    best = _best(climbs)
    shape = spread(problem, best.theta, best.height)
    axes, down, up = shape
    prior = draw_prior(scenario.parameters, draws, rng)
    return Fit(
        scenario.parameters,
        best.theta,
        axes @ np.diag((down**2 + up**2) / 2) @ axes.T,
        np.where(problem.live, draw(best.theta, shape, draws, rng), prior),
        best.height,
        tuple(climbs),
        problem.evidence.counts,
        held_back,
        problem.live,
        scenario.period.known_until,
        seed,
        __version__,
        inputs_sha256(scenario),
    )


def known_only(scenario: Scenario) -> Scenario:
    """The scenario up to its origin: days after it are not run, rows published after it are not there."""
    until = scenario.period.known_until
    kept = tuple(_known_rows(one, until) for one in scenario.observations)
    end = max((row.end for one in kept for row in one.rows), default=until)
    end = min(max(end, scenario.period.start), scenario.period.end)
    return replace(scenario, observations=kept, period=replace(scenario.period, end=end))


def _known_rows(observation: Observation, until: date) -> Observation:
    return replace(observation, rows=tuple(row for row in observation.rows if row.published_on <= until))


def _problem(
    scenario: Scenario, prepared: Prepared, executor: Executor | None
) -> tuple[Problem, tuple[ReportedRow, ...]]:
    until = scenario.period.known_until
    evidence = gather(prepared.rows, stocks(scenario), until)
    _refuse_nothing(scenario, evidence)

    moving = _moving(scenario)

    @lru_cache(maxsize=len(scenario.parameters) + 2)
    def daily(moved: bytes) -> Floats:
        theta = centres(scenario.parameters)
        theta[moving] = np.frombuffer(moved)
        counted: Floats = prepared.reporting.daily(prepared.movement.mean(theta)[None])[0]
        return counted

    def model(theta: Floats) -> tuple[Floats, Floats]:
        # Far from the mode numbers overflow; Problem.height takes those for no number, and nobody needs to be told.
        with np.errstate(over="ignore", invalid="ignore"):
            mean, size = prepared.reporting.expected(daily(theta[moving].tobytes()), theta)
        return evidence.expected(mean), size[evidence.columns]

    every = np.ones(len(scenario.parameters), dtype=np.bool_)
    problem = Problem(scenario.parameters, evidence, model, every, executor.map if executor else map)
    live = find_live(problem, centres(scenario.parameters)) & ~_walks(scenario)
    if not live.any():
        raise BadInput(
            "flow.not_identifiable",
            message("None of the %(counts)s counts known by %(until)s depends on any of %(parameters)s parameters."),
            remedy=message("Observe a place or link that a parameter acts on before that day."),
            field="scenario",
            values={"counts": len(evidence), "until": until, "parameters": len(scenario.parameters)},
        )
    held_back = tuple(
        ReportedRow(one.id, row.start, row.end, row.value, row.published_on, row.qualifier, one.window)
        for one in scenario.observations
        for row in one.rows
        if row.published_on > until
    )
    return replace(problem, live=live), held_back


def _moving(scenario: Scenario) -> NDArray[np.bool_]:
    """Parameters that may move people. Those of reporting alone leave a pass as it was: it need not be run again."""
    bare = tuple(
        replace(one, rows=(), rate=Amount(1.0), offset=Amount(0.0), dispersion=Amount(1.0))
        for one in scenario.observations
    )
    named = repr(replace(scenario, observations=bare, parameters=()))
    return np.array([f"'{one.name}'" in named for one in scenario.parameters], dtype=np.bool_)


def _walks(scenario: Scenario) -> NDArray[np.bool_]:
    """Parameters that say how far an intensity walks: a mean has no steps to learn them from, their priors stand."""
    names = {one.walk_sd.parameter for one in scenario.inflows}
    return np.array([one.name in names for one in scenario.parameters], dtype=np.bool_)


def _refuse_nothing(scenario: Scenario, evidence: Evidence) -> None:
    """A fit needs something to fit and something to fit it to."""
    if not scenario.parameters:
        raise BadInput(
            "flow.nothing_to_fit",
            message("The scenario has no parameter to fit."),
            remedy=message("Give an amount a prior instead of a number."),
            field="scenario",
        )
    if not len(evidence):
        rows = sum(len(one.rows) for one in scenario.observations)
        raise BadInput(
            "flow.no_observations",
            message("Nothing was published by %(until)s: the %(rows)s observed numbers all came later."),
            remedy=message("Set known_until to a later day, or add observations."),
            field="known_until",
            values={"until": scenario.period.known_until, "rows": rows},
        )


def _best(climbs: Sequence[Climb]) -> Climb:
    """The highest top. Raises BadInput with how every start ended where there is none."""
    tops = [one for one in climbs if one.has_arrived]
    if tops:
        return max(tops, key=lambda one: one.height)
    tried = "; ".join(f"start {n}: {one.outcome} ({one.steps} steps)" for n, one in enumerate(climbs, 1))
    raise BadInput(
        "flow.fit_failed",
        message("No start reached a top. Tried: %(tried)s."),
        remedy=message("Look for priors that are too wide, or for counts no parameter can explain."),
        field="scenario",
        values={"tried": tried},
    )
