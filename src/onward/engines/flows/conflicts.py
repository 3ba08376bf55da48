"""Conflicts in Flee's layout as an experiment: errors beside Flee's own, and forecasts against plain rules."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from onward.engines.flows.amounts import Amounts
from onward.engines.flows.experiments import Conflicts
from onward.engines.flows.fit import fit
from onward.engines.flows.flee.importing import import_flee
from onward.engines.flows.flee.rules import QUIRKS
from onward.engines.flows.parameters import Amount, Floats
from onward.engines.flows.results import Run
from onward.engines.flows.rolling import NETWORK, Plan, Rolled, Said, roll
from onward.engines.flows.scenario import Inflow, Period, Row, Scenario
from onward.engines.flows.simulation import mean, simulate
from onward.engines.flows.validation import Sampling, Tell, fitted, group
from onward.engines.flows.verdict import Verdict

SHARES_BEFORE = "shares 30 days before, given the total"
DAYS_BEFORE = 30


@dataclass(frozen=True, slots=True)
class Parity:
    """One conflict: averaged relative difference of Flee, of its rules on counts, without its faults, and of shares
    of camps 30 days before; all of them are told the true total every day."""

    name: str
    flee: float
    ours: float
    mended: float
    before: float


@dataclass(frozen=True, slots=True)
class ConflictsOutcome:
    """Parity by conflict, and scores of forecasts over all of them: the total unknown, and given."""

    experiment: Conflicts
    parity: tuple[Parity, ...]
    groups: tuple[Verdict, ...]
    left_out: tuple[tuple[str, date, str], ...]


def run_conflicts(conflicts: Conflicts, folder: Path, sampling: Sampling, tell: Tell) -> ConflictsOutcome:
    """Every conflict named, from a folder that holds one folder each. Raises ScenarioRefused where one is faulty."""
    parity: list[Parity] = []
    said: dict[bool, list[Said]] = {False: [], True: []}
    left_out: list[tuple[str, date, str]] = []
    for number, (name, error) in enumerate(conflicts.errors.items()):
        with tempfile.TemporaryDirectory() as beside:
            parity.append(_parity(folder / name, error, Path(beside)))
            choosing = import_flee(folder / name, Path(beside) / "choice", movement="choice").scenario
        for is_given in (False, True):
            rolled = _forecasts(conflicts, choosing, sampling, is_given=is_given)
            said[is_given] += [_with_shares(one, choosing) if is_given else one for one in _named(rolled, name)]
            left_out += [(name, day, why) for day, why in rolled.left_out]
        tell(number + 1, len(conflicts.errors))
    groups = (
        group("camp counts, the total unknown", said[False], sampling.seed, on_logarithm=True),
        group("camp counts, split given the total", said[True], sampling.seed, on_logarithm=True),
    )
    return ConflictsOutcome(conflicts, tuple(parity), groups, tuple(left_out))


def _parity(folder: Path, error: float, beside: Path) -> Parity:
    """The mean pass of Flee's rules with and without its faults, and the plain rule, against the camps' counts."""
    as_it_is = import_flee(folder, beside / "flee", quirks=QUIRKS).scenario
    mended = import_flee(folder, beside / "mended").scenario
    seen = daily_counts(as_it_is)
    before = seen[np.maximum(np.arange(len(seen)) - DAYS_BEFORE, 0)]
    return Parity(
        folder.name,
        error,
        averaged_relative_difference(_camps(as_it_is), seen),
        averaged_relative_difference(_camps(mended), seen),
        averaged_relative_difference(before, seen),
    )


def averaged_relative_difference(said: Floats, seen: Floats) -> float:
    """Flee's "error (rescaled)", (days, camps) both: said is scaled to the day's true total; mean over days.

    Groen, Simulating refugee movements: where would you go?, Procedia Computer Science 2016, equation 1.
    """
    total, of_said = seen.sum(axis=1), said.sum(axis=1)
    scaled = said * np.where(of_said > 0, total / np.maximum(of_said, 1e-9), 0.0)[:, None]
    return float((np.abs(scaled - seen).sum(axis=1) / np.maximum(total, 1.0)).mean())


def daily_counts(scenario: Scenario) -> Floats:
    """Whole people counted at each camp by day, as last published, straight between two counts as Flee reads them."""
    start = scenario.period.start
    days = np.arange(scenario.period.days)
    columns = []
    for observation in scenario.observations:
        last = {(row.end - start).days: row.value for row in observation.rows}
        columns.append(np.trunc(np.interp(days, list(last), list(last.values())) + 1e-9))
    return np.array(columns).T


def _camps(scenario: Scenario) -> Floats:
    run = mean(scenario)
    return np.array([run.of(f"present:{one.of[0]}")[0] for one in scenario.observations], dtype=np.float64).T


def _forecasts(conflicts: Conflicts, scenario: Scenario, sampling: Sampling, *, is_given: bool) -> Rolled:
    told = daily_counts(scenario).sum(axis=1)
    scenario = _with_total(scenario) if is_given else scenario
    start, members = scenario.period.start, conflicts.about.members
    days = range(conflicts.first_origin, scenario.period.days - conflicts.ahead, conflicts.every)
    plan = Plan(tuple(start + timedelta(days=day) for day in days), conflicts.ahead, members, sampling.seed)

    def network(then: Scenario) -> Run:
        quiet = replace(then, inflows=tuple(_quiet(one, then.period) for one in then.inflows))
        return split(quiet, told, members, sampling) if is_given else fitted(quiet, quiet, members, sampling)

    return roll(scenario, network, plan)


def split(scenario: Scenario, told: Floats, members: int, sampling: Sampling) -> Run:
    """A fitted run whose reports are scaled day by day: all camps together are expected to hold the total told (T,).

    Without it only the inflow would be given, and whoever is still on the way is missing from the camps.
    """
    draws = fit(scenario, draws=members, seed=sampling.seed, starts=sampling.starts).draws
    run = simulate(
        scenario, members=members, draws=draws, seed=sampling.seed, executor=sampling.executor, keep=("observed",)
    )
    amounts = Amounts(scenario.parameters)
    offsets = amounts.indices([one.offset for one in scenario.observations])
    added = np.array([amounts.values(theta)[offsets].sum() for theta in draws])
    held = run.counts.sum(axis=2) + added[np.arange(members) % len(added), None]
    factor = np.where(held > 0, told / np.maximum(held, 1e-9), 1.0)
    days = np.array([(row.end - run.start).days for row in run.rows], np.int64)
    return replace(run, reported=run.reported * factor[:, days])


def _quiet(inflow: Inflow, period: Period) -> Inflow:
    """A place of which nothing was known yet sends nobody; what is known later is not looked at."""
    if any(row.published_on <= period.known_until for row in inflow.record):
        return inflow
    return replace(inflow, record=(Row(period.start, period.start, 0.0, period.start),))


def _named(rolled: Rolled, name: str) -> list[Said]:
    """What was said with both the network and plain rules, each series named after its conflict."""
    both = [one for one in rolled.said if NETWORK in one.members and len(one.members) > 2]
    return [replace(one, count=replace(one.count, name=f"{name}: {one.count.name}")) for one in both]


def _with_total(scenario: Scenario) -> Scenario:
    """The scenario in which all who will ever come are known from the first day: nothing is left to walk."""
    return replace(scenario, inflows=tuple(_told(one, scenario.period.start) for one in scenario.inflows))


def _told(inflow: Inflow, start: date) -> Inflow:
    record = tuple(replace(row, published_on=start) for row in inflow.record)
    return replace(inflow, record=record, walk_sd=Amount(0.0))


def _with_shares(one: Said, scenario: Scenario) -> Said:
    """With the plain rule that is given as much: each camp's share 30 days before the origin, of the true total."""
    series = one.count.name.partition(": ")[2]
    rows = {observation.id: observation.rows for observation in scenario.observations}
    before = {name: _by(held, one.origin - timedelta(days=DAYS_BEFORE)) for name, held in rows.items()}
    total = sum(_on(held, one.count.end) for held in rows.values())
    share = before[series] / max(sum(before.values()), 1.0)
    size = len(next(iter(one.members.values())))
    return replace(one, members={**one.members, SHARES_BEFORE: np.full(size, share * total)})


def _by(rows: Sequence[Row], day: date) -> float:
    """People at the last count by a day; nobody before the first."""
    return next((row.value for row in reversed(rows) if row.end <= day), 0.0)


def _on(rows: Sequence[Row], day: date) -> float:
    """People counted on a day, straight between two counts."""
    at = [row.end.toordinal() for row in rows]
    return float(np.interp(day.toordinal(), at, [row.value for row in rows])) if rows else 0.0
