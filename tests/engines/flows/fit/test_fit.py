"""Fits of whole scenarios: what was put in comes out, later numbers are not seen, and what cannot be fitted stops."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from onward.core.errors import BadInput
from onward.engines.flows.fit import fit
from onward.engines.flows.parameters import Amount, Parameter, centres, natural
from onward.engines.flows.scenario import (
    Cohort,
    Inflow,
    Link,
    Noise,
    Observation,
    Period,
    Place,
    Row,
    Scenario,
    Stage,
)
from onward.engines.flows.simulation import simulate

START = date(2022, 3, 1)
DAYS = 150
DAY = timedelta(days=1)
PARAMETERS = (
    Parameter("level", "lognormal", 200.0, 0.6),
    Parameter("north", "lognormal", 1.0, 0.6),
    Parameter("stay", "lognormal", 6.0, 0.5),
    Parameter("reported", "logitnormal", 0.6, 0.8),
    Parameter("walk", "lognormal", 0.02, 0.5),
    Parameter("unused", "student_t", 0.0, 1.0, df=3),
)


def by(name: str) -> Amount:
    return Amount(next(one.centre for one in PARAMETERS if one.name == name), name)


def world(noise: float = 5_000.0) -> Scenario:
    """A gateway from which a road leads north and another south, both counted, the north only in part."""
    places = (
        Place("gate", "Gate", (Stage("", by("stay")),)),
        Place("north", "North", (Stage("", Amount(300.0)),)),
        Place("south", "South", (Stage("", Amount(300.0)),)),
    )
    links = (Link("up", "gate", "north", weight=by("north")), Link("down", "gate", "south"))
    inflow = Inflow("in", "gate", by("level"), dispersion=Amount(500.0), walk_sd=by("walk"))
    days = tuple(Row(START + k * DAY, START + k * DAY, 0.0, START + (k + 1) * DAY) for k in range(10, DAYS - 1, 2))
    observations = (
        Observation("north", "North", "arrivals", ("north",), "people", days, rate=by("reported")),
        Observation("south", "South", "arrivals", ("south",), "people", days),
        Observation("in-north", "In the north", "present", ("north",), "people", days[::5]),
    )
    period = Period(START, START + (DAYS - 1) * DAY, START + (DAYS - 1) * DAY)
    return Scenario(
        "Gate",
        period,
        places,
        links,
        (Cohort("everybody"),),
        (inflow,),
        observations=observations,
        parameters=PARAMETERS,
        noise=Noise(Amount(noise), Amount(noise)),
    )


def counted(scenario: Scenario, truth: np.ndarray, seed: int) -> Scenario:
    """The scenario with one sampled future's reports as its observations."""
    said = iter(simulate(scenario, members=1, draws=truth[None], seed=seed).reported[0])
    filled = tuple(
        replace(one, rows=tuple(replace(row, value=float(next(said))) for row in one.rows))
        for one in scenario.observations
    )
    return replace(scenario, observations=filled)


def test_what_was_simulated_is_recovered_as_often_as_the_bands_say() -> None:
    rng = np.random.default_rng(1)
    held = []
    for seed in range(16):
        truth = centres(PARAMETERS) + rng.normal(0, 0.3, len(PARAMETERS))
        found = fit(counted(world(), truth, seed), draws=400, seed=seed)
        low, high = np.quantile(found.draws[:, :4], (0.05, 0.95), axis=0)
        held.append((low <= truth[:4]) & (truth[:4] <= high))
        assert set(found.learned) >= {"level", "north", "reported"}
        assert np.abs(natural(PARAMETERS, found.mode)[0] / np.exp(truth[0]) - 1) < 0.25
    assert np.mean(held) > 0.75, np.mean(held, axis=0)


def test_parameters_nothing_was_learned_of_keep_their_priors_tails_and_all() -> None:
    found = fit(counted(world(), centres(PARAMETERS), 3), draws=4_000, seed=1)
    assert found.live.tolist() == [True, True, True, True, False, False]
    assert "walk" not in found.learned and "unused" not in found.learned
    unused = found.draws[:, 5]
    assert np.median(unused) == pytest.approx(0, abs=0.1)
    assert np.abs(unused).max() > 6, "the tails of a Student-t"


def test_all_starts_are_told_and_the_same_seed_gives_the_same_fit() -> None:
    scenario = counted(world(), centres(PARAMETERS), 3)
    one, other = fit(scenario, draws=50), fit(scenario, draws=50)
    assert len(one.climbs) == 3 and all(climb.has_arrived for climb in one.climbs)
    assert one.draws.tobytes() == other.draws.tobytes()
    assert fit(scenario, draws=50, seed=9).draws.tobytes() != one.draws.tobytes()


def test_what_was_published_later_is_held_back_and_moves_nothing() -> None:
    scenario = counted(world(), centres(PARAMETERS), 3)
    origin = START + 80 * DAY
    before = replace(scenario, period=replace(scenario.period, known_until=origin))
    swollen = tuple(
        replace(one, rows=tuple(replace(r, value=r.value * (30 if r.published_on > origin else 1)) for r in one.rows))
        for one in before.observations
    )
    one, other = fit(before, draws=50), fit(replace(before, observations=swollen), draws=50)
    assert one.draws.tobytes() == other.draws.tobytes()
    assert {row.published_on > origin for row in one.held_back} == {True}
    assert max(count.published_on for count in one.used) <= origin
    assert len(one.used) + len(one.held_back) == sum(len(seen.rows) for seen in scenario.observations)


def test_nothing_published_yet_stops_the_fit() -> None:
    scenario = replace(world(), period=replace(world().period, known_until=START))
    with pytest.raises(BadInput, match=r"Nothing was published by 2022-03-01: the \d+ observed numbers all came later"):
        fit(scenario)


def fixed() -> Scenario:
    """The world with a number in place of every parameter."""
    scenario = world()
    return replace(
        scenario,
        inflows=(replace(scenario.inflows[0], level=Amount(200.0), walk_sd=Amount(0.0)),),
        places=(replace(scenario.places[0], stages=(Stage("", Amount(6.0)),)), *scenario.places[1:]),
        links=(replace(scenario.links[0], weight=Amount(1.0)), scenario.links[1]),
        observations=scenario.observations[1:],
    )


def test_a_scenario_without_parameters_stops_the_fit() -> None:
    with pytest.raises(BadInput, match="no parameter to fit"):
        fit(replace(fixed(), parameters=()))


def test_counts_that_depend_on_no_parameter_stop_the_fit() -> None:
    with pytest.raises(BadInput, match="depends on any of 6 parameters"):
        fit(fixed())


def test_people_of_whom_nothing_is_known_yet_do_not_come_before_they_are() -> None:
    """An inflow whose record begins after the origin is nobody, and the fit goes on without it."""
    scenario = counted(world(), centres(PARAMETERS), 3)
    origin = START + 80 * DAY
    later = Row(START + 90 * DAY, START + 99 * DAY, 9_000.0, START + 100 * DAY)
    second = Inflow("second", "gate", Amount(1.0), record=(later,))
    then = replace(scenario, period=replace(scenario.period, known_until=origin))
    alone, both = fit(then, draws=50), fit(replace(then, inflows=(*then.inflows, second)), draws=50)
    assert both.mode == pytest.approx(alone.mode, abs=1e-6)


def test_a_fit_that_reaches_no_top_says_how_every_start_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """One step is too few for any start."""
    monkeypatch.setattr("onward.engines.flows.laplace.MOST_STEPS", 1)
    truth = centres(PARAMETERS) + 0.8
    with pytest.raises(BadInput) as stopped:
        fit(counted(world(), truth, 3))
    said = str(stopped.value)
    assert (
        "start 1: still climbing after 1 steps" in said and "start 3: " in said and "priors that are too wide" in said
    )
