"""Imported conflicts are fitted to their counts: where the folder lets nobody through too, and given the true total."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from onward.engines.flows.conflicts import split
from onward.engines.flows.fit import fit
from onward.engines.flows.flee.importing import import_flee
from onward.engines.flows.scenario import Scenario
from onward.engines.flows.simulation import simulate
from onward.engines.flows.validation import Sampling
from tests.engines.flows.flee.small_folder import write_folder

SHUT = "location,Alma,,0,30\ncountry,Home,Away,0,30\n"
"""Alma, from which all set out, and the border are shut while the camps are counted ever fuller."""


def chosen(tmp_path: Path, **changed: str) -> Scenario:
    return import_flee(write_folder(tmp_path / "flee", **changed), tmp_path / "out", movement="choice").scenario


def until(scenario: Scenario, day: int) -> Scenario:
    on = scenario.period.start + timedelta(days=day)
    return replace(scenario, period=replace(scenario.period, known_until=on))


@pytest.mark.parametrize("closures", ["", SHUT], ids=["as it is", "shut"])
def test_a_small_conflict_is_fitted_and_its_camps_are_not_empty(tmp_path: Path, closures: str) -> None:
    changed = {"closures": closures} if closures else {}
    then = until(chosen(tmp_path, **changed), 25)
    found = fit(then, draws=100, seed=2, starts=1)
    assert [one.outcome for one in found.climbs] == ["converged"]
    reported = simulate(then, members=100, draws=found.draws, seed=2).reported
    last = [n for n, row in enumerate(then.observations[0].rows) if (row.end - then.period.start).days == 39]
    assert 300 < np.median(reported[:, last]) < 12_000, "1,900 were counted"


def test_given_the_total_the_camps_hold_it_together(tmp_path: Path) -> None:
    then = until(chosen(tmp_path, closures=SHUT), 25)
    told = np.linspace(500.0, 4_400.0, then.period.days)
    run = split(then, told, 400, Sampling(2))
    last = [n for n, row in enumerate(run.rows) if (row.end - run.start).days == then.period.days - 1]
    assert len(last) == 2
    assert run.reported[:, last].sum(axis=1).mean() == pytest.approx(4_400.0, rel=0.1)
