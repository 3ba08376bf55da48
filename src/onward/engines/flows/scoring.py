"""A scenario scored: from which days it is forecast again, with a fit at each, and the verdicts."""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from statistics import median

import numpy as np

from onward.core.errors import BadInput, message
from onward.engines.flows.discrepancy import begin_at_readings
from onward.engines.flows.fit import STARTS, fit
from onward.engines.flows.parameters import Floats
from onward.engines.flows.results import Run
from onward.engines.flows.rolling import Plan, Rolled, roll
from onward.engines.flows.scenario import Row, Scenario
from onward.engines.flows.simulation import inputs_sha256, simulate
from onward.engines.flows.verdict import Record, judge

FEWEST_KNOWN = 5
"""Readings of half of the series before the first forecast, where no day is given to begin on."""
FORECASTS = 16
"""Days forecast from, evenly, where nothing else is asked."""
AHEAD = 35
"""Days ahead where nothing else is asked and the series are read at least monthly."""


@dataclass(frozen=True, slots=True)
class Asked:
    """From the first day to the last, every so many days, so many days ahead; None: as the record itself suggests."""

    since: date | None
    until: date | None
    every: int | None
    ahead: int | None
    members: int
    seed: int


def score_scenario(
    scenario: Scenario, asked: Asked, tell: Callable[[int, int], None], executor: Executor | None = None
) -> tuple[Rolled, Record]:
    """Forecast from every day asked, fitting what was published by then, and judge what came.

    Each fit begins where the last one ended. Raises BadInput where no number came after any of those days.
    """
    origins = origins_of(scenario, asked)
    ahead = asked.ahead or ahead_of(scenario)
    last: list[Floats] = []

    def network(then: Scenario) -> Run:
        near, draws = then.between(then.period.start, then.period.known_until + timedelta(days=ahead)), None
        if near.parameters:
            begin_at, starts = (last[-1], 1) if last else (None, STARTS)
            found = fit(near, draws=asked.members, seed=asked.seed, starts=starts, begin_at=begin_at, executor=executor)
            last.append(found.mode)
            draws = found.draws
        run = simulate(near, members=asked.members, draws=draws, seed=asked.seed, executor=executor, keep=())
        return begin_at_readings(run, near, asked.seed)

    cut = scenario.between(scenario.period.start, origins[-1] + timedelta(days=ahead))
    rolled = roll(cut, network, Plan(origins, ahead, asked.members, asked.seed, tell))
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
    record = Record(scenario.title, min(ends), max(ends), ahead, verdicts, rolled.left_out, inputs_sha256(scenario))
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
    every = asked.every or max(1, -(-days // FORECASTS))
    return tuple(since + timedelta(days=day) for day in range(0, days + 1, every))


def _first(scenario: Scenario, rows: list[Row]) -> date:
    """The scenario's own origin where numbers came after it; else the day on which half of the series were known."""
    known_until = scenario.period.known_until
    if any(row.end > known_until for row in rows) and any(row.published_on <= known_until for row in rows):
        return max(known_until, scenario.period.start)
    known = [sorted({row.published_on for row in one.rows}) for one in scenario.observations]
    enough = sorted(days[FEWEST_KNOWN - 1] for days in known if len(days) > FEWEST_KNOWN)
    return enough[(len(enough) - 1) // 2] if enough else max(known_until, scenario.period.start)


def ahead_of(scenario: Scenario) -> int:
    """Days ahead: five weeks, or more where most series are read more seldom than that."""
    ends = [sorted({row.end.toordinal() for row in one.rows}) for one in scenario.observations]
    gaps = [median(np.diff(days).tolist()) for days in ends if len(days) > 1]
    return max(AHEAD, ceil(1.2 * median(gaps))) if gaps else AHEAD
