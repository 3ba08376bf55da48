"""A scenario scored: from which days it is forecast again, with a fit at each, and the verdicts."""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from onward.core.errors import BadInput, message
from onward.engines.flows.fit import STARTS, fit
from onward.engines.flows.parameters import Floats
from onward.engines.flows.results import Run
from onward.engines.flows.rolling import Plan, Rolled, roll
from onward.engines.flows.scenario import Observation, Row, Scenario
from onward.engines.flows.simulation import inputs_sha256, simulate
from onward.engines.flows.verdict import Record, judge

FEWEST_KNOWN = 5
"""Published numbers before the first forecast, where no day is given to begin on."""


@dataclass(frozen=True, slots=True)
class Asked:
    """From the first day to the last, every so many days, so many days ahead; None: as early and as late as can be."""

    since: date | None
    until: date | None
    every: int
    ahead: int
    members: int
    seed: int


def score_scenario(
    scenario: Scenario, asked: Asked, tell: Callable[[int, int], None], executor: Executor | None = None
) -> tuple[Rolled, Record]:
    """Forecast from every day asked, fitting what was published by then, and judge what came.

    Each fit begins where the last one ended. Raises BadInput where no number came after any of those days.
    """
    origins = origins_of(scenario, asked)
    last: list[Floats] = []

    def network(then: Scenario) -> Run:
        draws = None
        if then.parameters:
            begin_at, starts = (last[-1], 1) if last else (None, STARTS)
            found = fit(then, draws=asked.members, seed=asked.seed, starts=starts, begin_at=begin_at)
            last.append(found.mode)
            draws = found.draws
        return simulate(then, members=asked.members, draws=draws, seed=asked.seed, executor=executor, keep=("present",))

    reach = min(scenario.period.end, origins[-1] + timedelta(days=asked.ahead))
    cut = replace(scenario, period=replace(scenario.period, end=reach, known_until=origins[0]))
    cut = replace(cut, observations=tuple(_until(one, reach) for one in cut.observations))
    rolled = roll(cut, network, Plan(origins, asked.ahead, asked.members, asked.seed, tell))
    if not rolled.said:
        why = rolled.left_out[0][1] if rolled.left_out else "no number ends within the days ahead"
        raise BadInput(
            "flow.nothing_scored",
            message("Nothing could be scored from %(first)s to %(last)s: %(why)s"),
            remedy=message("Give observations that came later, or look further ahead."),
            field="since",
            values={"first": origins[0], "last": origins[-1], "why": why},
        )
    titles = {one.id: one.title for one in scenario.observations}
    ends = [one.count.end for one in rolled.said]
    verdicts = judge(rolled, titles, np.random.default_rng(asked.seed))
    record = Record(
        scenario.title, min(ends), max(ends), asked.ahead, verdicts, rolled.left_out, inputs_sha256(scenario)
    )
    return rolled, record


def origins_of(scenario: Scenario, asked: Asked) -> tuple[date, ...]:
    """The days forecast from: by default from the scenario's own origin, to the last that has a number after it.

    Where nothing came after that origin they begin as soon as a few numbers are known. Raises BadInput without any.
    """
    rows = [row for one in scenario.observations for row in one.rows]
    since = asked.since or _first(scenario, rows)
    last = max((row.end for row in rows), default=scenario.period.start) - timedelta(days=1)
    until = min(asked.until or last, last)
    days = (until - since).days
    if days < 0:
        raise BadInput(
            "flow.no_day_to_score",
            message("No observed number ends after %(since)s."),
            remedy=message("Begin earlier with --since, or give later observations with --later."),
            field="since",
            values={"since": since},
        )
    return tuple(since + timedelta(days=day) for day in range(0, days + 1, asked.every))


def _first(scenario: Scenario, rows: list[Row]) -> date:
    known_until = scenario.period.known_until
    known = sorted(row.published_on for row in rows)
    has_later = any(row.end > known_until for row in rows) and any(row.published_on <= known_until for row in rows)
    if has_later or len(known) < FEWEST_KNOWN:
        return max(known_until, scenario.period.start)
    return known[FEWEST_KNOWN - 1]


def _until(observation: Observation, end: date) -> Observation:
    """An observation without the rows that end after a day."""
    return replace(observation, rows=tuple(row for row in observation.rows if row.end <= end))
