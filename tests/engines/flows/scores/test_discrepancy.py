"""Forecasts begin where the counts ended: how far a network stands from its last readings, and how that wears off."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from onward.engines.flows.discrepancy import MEMORIES, begin_at_readings, learn_wear, wander
from onward.engines.flows.parameters import Amount
from onward.engines.flows.results import ReportedRow, Run
from onward.engines.flows.scenario import Cohort, Observation, Period, Place, Row, Scenario, Stage

START, MEMBERS = date(2022, 8, 1), 400


def world(measure: str, seen: list[float], known: int) -> Scenario:
    """One series of which so many readings were known, a day each."""
    days = [START + timedelta(days=n) for n in range(len(seen))]
    rows = tuple(Row(day, day, value, day) for day, value in zip(days, seen, strict=True))
    observed = Observation(
        id="city", title="city", measure=measure, of=("city",), unit="people", rows=rows, dispersion=Amount(50.0)
    )
    period = Period(START, days[-1], days[known - 1])
    places = (Place("city", "City", (Stage("there", Amount(5.0)),)),)
    return Scenario("A city", period, places, (), (Cohort("everybody"),), observations=(observed,))


def run_of(scenario: Scenario, said: np.ndarray) -> Run:
    """A run that expects these numbers, (members, rows), and reports them with nothing added."""
    (one,) = scenario.observations
    rows = tuple(ReportedRow(one.id, r.start, r.end, r.value, r.published_on, "", "day") for r in one.rows)
    counts = np.rint(said)[:, :, None].astype(np.int64)
    return Run(("present:city",), START, counts, rows, said, said.copy(), 1, "0", "", "")


def test_a_forecast_of_a_standing_crowd_begins_at_its_last_reading_and_its_band_grows() -> None:
    rng = np.random.default_rng(0)
    seen = list(1_000 + np.cumsum(rng.normal(0, 5, 60)))
    scenario = world("present", seen, 30)
    said = 700 + 40 * rng.standard_normal((MEMBERS, 1)) + np.zeros((1, 60))
    begun = begin_at_readings(run_of(scenario, said), scenario, 7).reported
    assert np.median(begun[:, 30]) == pytest.approx(seen[29], rel=0.01)
    width = np.subtract(*np.quantile(begun[:, 30:], (0.95, 0.05), axis=0))
    assert width[0] < 60 and width[0] < width[9] < width[29]
    assert (begun[:, :30] == said[:, :30]).all()


def test_what_the_network_says_will_change_still_changes() -> None:
    scenario = world("present", [1_000.0] * 40, 30)
    said = np.tile(np.concatenate([np.full(30, 800.0), 800 + 40 * np.arange(1, 11)]), (MEMBERS, 1))
    begun = begin_at_readings(run_of(scenario, said), scenario, 7).reported
    assert np.median(begun[:, -1]) == pytest.approx(1_440, rel=0.05)


def test_a_shut_road_stays_shut_however_far_off_the_network_was() -> None:
    scenario = world("inflow", [500.0] * 40, 30)
    said = np.tile(np.concatenate([np.full(30, 300.0), np.zeros(10)]), (MEMBERS, 1))
    assert not begin_at_readings(run_of(scenario, said), scenario, 7).reported[:, 30:].any()


def test_a_camp_counted_empty_is_not_filled_from_the_network_s_own_past() -> None:
    scenario = world("present", [0.0] * 40, 30)
    said = np.tile(np.linspace(400, 480, 40), (MEMBERS, 1))
    begun = begin_at_readings(run_of(scenario, said), scenario, 7).reported
    assert np.quantile(begun[:, -1], 0.9) < 5


def test_a_series_of_which_nothing_was_known_and_the_people_themselves_stay_as_they_were() -> None:
    scenario = world("present", [1_000.0] * 40, 30)
    run = run_of(scenario, np.full((MEMBERS, 40), 800.0))
    begun = begin_at_readings(run, scenario, 7)
    assert begun.counts.tobytes() == run.counts.tobytes()
    before = replace(scenario, period=replace(scenario.period, known_until=START - timedelta(days=1)))
    assert begin_at_readings(run, before, 7).reported.tobytes() == run.reported.tobytes()


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    scenario = world("present", [1_000.0 + n for n in range(40)], 30)
    run = run_of(scenario, np.full((MEMBERS, 40), 800.0))
    one, again, other = (begin_at_readings(run, scenario, seed).reported.tobytes() for seed in (7, 7, 8))
    assert one == again != other


@pytest.mark.parametrize(("kept", "memories"), [(1.0, np.array([np.inf])), (0.7, MEMORIES)])
def test_bands_learned_from_the_past_hold_what_comes_as_often_as_they_say(kept: float, memories: np.ndarray) -> None:
    rng = np.random.default_rng(3)
    held = []
    for _ in range(150):
        apart = np.zeros(34)
        for n in range(1, 34):
            apart[n] = kept * apart[n - 1] + 0.1 * rng.standard_normal()
        past, came = apart[:28], apart[28:]
        wear = learn_wear(past, np.ones(27), (memories, 0.01), MEMBERS, rng)
        said = wander(np.full(MEMBERS, past[-1]), np.ones(6), wear, rng)
        low, high = np.quantile(said, (0.1, 0.9), axis=0)
        held.append((low <= came) & (came <= high))
    assert 0.74 < np.mean(held) < 0.86
