"""The five conflicts beside Flee's own errors, by its rules on counts with its faults followed."""

from pathlib import Path

import numpy as np
import pytest

from onward.engines.flows.conflicts import averaged_relative_difference, daily_counts
from onward.engines.flows.flee.importing import import_flee
from onward.engines.flows.flee.rules import QUIRKS
from onward.engines.flows.simulation import mean

FLEE = {"burundi2015": 0.462, "car2013": 0.366, "mali2012": 0.315, "ssudan2013": 0.547, "tigray2020": 0.364}
"""Averaged relative differences of runs of Flee at 02cd2cb with the settings beside the folders, made in November 2026;
one agent stood for 1, 20, 1, 10 and 5 people. docs/reference/flee.md says more."""


@pytest.mark.shared
@pytest.mark.parametrize("name", FLEE)
def test_the_same_rules_on_counts_err_as_flee_does_within_two_hundredths(
    shared: Path, tmp_path: Path, name: str
) -> None:
    scenario = import_flee(shared / "flee" / name, tmp_path / name, quirks=QUIRKS).scenario
    run = mean(scenario)
    there = np.array([run.of(f"present:{observed.of[0]}")[0] for observed in scenario.observations], np.float64).T
    error = averaged_relative_difference(there, daily_counts(scenario))
    assert error == pytest.approx(FLEE[name], abs=0.02)
