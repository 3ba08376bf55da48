"""Flee's rules on counts: what must hold on any small network, and each quirk switched by name."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onward.engines.flows.flee.importing import import_flee
from onward.engines.flows.parameters import centres
from onward.engines.flows.scenario import Scenario
from onward.engines.flows.simulation import mean, prepare, simulate
from tests.engines.flows.flee.agents import walk
from tests.engines.flows.flee.small_folder import FILES, write_folder

KM = st.integers(1, 1500)


def small(tmp_path: Path, quirks: tuple[str, ...] = (), **changed: str) -> Scenario:
    return import_flee(write_folder(tmp_path / "flee", **changed), tmp_path / "out", quirks=quirks).scenario


@pytest.fixture(scope="module")
def conflict(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return small(tmp_path_factory.mktemp("conflict"))


@settings(max_examples=25)
@given(st.lists(KM, min_size=10, max_size=10), st.integers(0, 2**32), st.integers(0, 39), st.integers(0, 39))
def test_nobody_is_lost_or_made(conflict: Scenario, km: list[int], seed: int, shut: int, opened: int) -> None:
    links = tuple(replace(link, distance_km=float(km)) for link, km in zip(conflict.links, km, strict=True))
    start = conflict.period.start
    days = (start + (start.resolution * min(shut, opened)), start + start.resolution * max(shut, opened))
    closures = tuple(replace(closure, since=days[0], until=days[1]) for closure in conflict.closures)
    run = simulate(replace(conflict, links=links, closures=closures), members=2, seed=seed)
    present = sum(run.of(f"present:{place.id}") for place in conflict.places)
    assert (run.of("entered") == present + run.of("travelling")).all()
    assert (run.counts >= 0).all()


def test_the_mean_pass_is_the_mean_of_members_within_its_error(conflict: Scenario) -> None:
    unlimited = replace(conflict, places=tuple(replace(place, capacity=None) for place in conflict.places))
    members = simulate(unlimited, members=400, keep=("present",)).of("present:elm-camp")
    expected = mean(unlimited).of("present:elm-camp")[0]
    error = members.std(axis=0) / np.sqrt(len(members)) + 0.5
    assert (np.abs(members.mean(axis=0) - expected) < 5 * error).all()


def test_a_closure_that_opens_on_its_day_changes_no_byte(conflict: Scenario) -> None:
    none = replace(conflict, closures=())
    nil = replace(conflict, closures=tuple(replace(c, until=c.since) for c in conflict.closures))
    assert simulate(none, members=3).counts.tobytes() == simulate(nil, members=3).counts.tobytes()
    assert simulate(none, members=3).counts.tobytes() != simulate(conflict, members=3).counts.tobytes()


def test_who_is_under_way_when_a_border_shuts_is_back_at_the_start(conflict: Scenario) -> None:
    run = mean(conflict)
    shut = run.of("present:elm-camp")[0]
    assert run.of("departures:cross..elm-camp")[0, 2] > 0
    assert shut[3] == pytest.approx(shut[2], rel=0.01) and run.of("departures:cross..elm-camp")[0, 3:6].sum() == 0
    went_on = replace(conflict, closures=tuple(replace(c, returns_in_transit=False) for c in conflict.closures))
    assert mean(went_on).of("present:elm-camp")[0, 3] > shut[3] + 1


def test_nobody_sets_out_for_a_camp_that_is_nearly_full(tmp_path: Path) -> None:
    places = FILES["input_csv/locations.csv"].replace("camp,,3000", "camp,,400")
    run = mean(small(tmp_path, locations=places, elm="2012-03-01,0\n2012-04-09,60000\n"))
    there = run.of("present:dale-camp")[0]
    assert there.max() < 1.25 * 400 * 1.6
    full = np.flatnonzero(there > 1.25 * 400 * 0.96)
    assert (run.of("arrivals:dale-camp")[0, full[:-1] + 1] == 0).all()


def test_an_attraction_fitted_to_counts_draws_more_people(conflict: Scenario) -> None:
    prepared = prepare(conflict)
    theta = centres(conflict.parameters)
    column = [p.name for p in conflict.parameters].index("places.elm-camp.attraction")
    stronger = theta.copy()
    stronger[column] += 1.0
    at = prepared.movement.series.index("present:elm-camp")
    assert prepared.movement.mean(stronger)[-1, at] > 1.3 * prepared.movement.mean(theta)[-1, at]


def test_link_closures_hold_unless_flees_fault_is_asked_for(tmp_path: Path) -> None:
    closures = "link,Cross,Elm camp,0,-1\n"
    assert mean(small(tmp_path / "a", closures=closures)).of("present:elm-camp")[0, -1] == 0.0
    as_flee = small(tmp_path / "b", ("link-closures-do-nothing",), closures=closures)
    assert mean(as_flee).of("present:elm-camp")[0, -1] > 0


def test_forced_redirection_holds_unless_flees_fault_is_asked_for(tmp_path: Path) -> None:
    routes = FILES["input_csv/routes.csv"].replace("Cross,Dale camp,200,0", "Cross,Dale camp,200,2")
    forced = mean(small(tmp_path / "a", routes=routes)).of("departures:cross..elm-camp")[0].sum()
    as_flee = small(tmp_path / "b", ("forced-redirection-does-nothing",), routes=routes)
    assert forced == 0.0 < mean(as_flee).of("departures:cross..elm-camp")[0].sum()


def test_people_of_day_0_take_room_once_unless_flees_fault_is_asked_for(tmp_path: Path) -> None:
    changed = {
        "locations": FILES["input_csv/locations.csv"].replace("camp,,3000", "camp,,1000"),
        "dale": "2012-03-01,600\n2012-04-09,60000\n",
        "registration_corrections": "",
    }
    once = mean(small(tmp_path / "a", **changed)).of("present:dale-camp")[0, -1]
    twice = mean(small(tmp_path / "b", ("day-0-counts-twice",), **changed)).of("present:dale-camp")[0, -1]
    assert once > 1.2 * twice


def test_intensity_follows_its_table_unless_flees_fault_is_asked_for(tmp_path: Path) -> None:
    rising = "#Day,Alma,Brook\n" + "".join(f"{day},1,{0.1 if day < 10 else 4}\n" for day in range(40))
    follows = mean(small(tmp_path / "a", conflicts=rising)).of("departures:alma..brook")[0, 11]
    stays = mean(small(tmp_path / "b", ("intensity-stays",), conflicts=rising)).of("departures:alma..brook")[0, 11]
    assert stays > 2 * follows


def test_a_conflict_that_lasts_repels_less(tmp_path: Path) -> None:
    soon = FILES["simsetting.yml"].replace("decay_interval: 30", "decay_interval: 5")
    fresh = mean(small(tmp_path / "a")).of("departures:cross..alma")[0]
    lasting = mean(small(tmp_path / "b", simsetting=soon)).of("departures:cross..alma")[0]
    assert lasting[3] == pytest.approx(fresh[3], rel=0.01)
    assert lasting[25] > 1.5 * fresh[25]


def test_counts_walk_as_agents_do(conflict: Scenario) -> None:
    """The plain oracle: the same rules person by person (agents.py), the mean of four runs."""
    runs = np.mean([walk(conflict, seed) for seed in range(4)], axis=0)
    expected = mean(conflict)
    for n, place in enumerate(conflict.places):
        ours = expected.of(f"present:{place.id}")[0]
        assert np.abs(runs[:, n] - ours).max() < 0.03 * runs.sum(axis=1).max() + 10, place.id


def test_far_more_people_take_no_more_memory_and_no_more_cells(conflict: Scenario) -> None:
    inflows = tuple(
        replace(one, record=tuple(replace(row, value=row.value * 1e4) for row in one.record))
        for one in conflict.inflows
    )
    places = tuple(replace(place, capacity=None) for place in conflict.places)
    many = mean(replace(conflict, inflows=inflows, places=places)).of("present:elm-camp")[0]
    few = mean(replace(conflict, places=places)).of("present:elm-camp")[0]
    assert many[-1] == pytest.approx(few[-1] * 1e4, rel=1e-3)
    run = simulate(replace(conflict, inflows=inflows, places=places), members=2)
    assert (run.of("entered") == run.of("present") + run.of("travelling")).all()
    assert run.of("entered")[0, -1] > 20_000_000
