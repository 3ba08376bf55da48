"""import-flee: a folder becomes a scenario that loads back equal and that both movements run."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from onward.core.errors import BadInput
from onward.engines.flows.faults import ScenarioRefused
from onward.engines.flows.flee.importing import import_flee
from onward.engines.flows.reading import read_scenario
from onward.engines.flows.scenario import Scenario
from onward.engines.flows.simulation import mean, simulate
from tests.engines.flows.flee.small_folder import FILES, write_folder


def imported(tmp_path: Path, **changed: str) -> Scenario:
    return import_flee(write_folder(tmp_path / "flee", **changed), tmp_path / "out").scenario


def test_a_folder_is_written_and_loads_back_equal(tmp_path: Path) -> None:
    scenario = imported(tmp_path)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["camps.csv", "inflow.csv", "scenario.toml"]
    assert read_scenario(tmp_path / "out") == scenario
    again = import_flee(tmp_path / "flee", tmp_path / "again").scenario
    assert replace(again, folder="") == replace(scenario, folder="")
    assert {place.id for place in scenario.places} == {"alma", "brook", "cross", "dale-camp", "elm-camp"}
    assert {link.id: link.days for link in scenario.links}["cross..elm-camp"] == 1
    assert [row.value for row in scenario.observations[0].rows] == [100.0, 50.0, 2000.0, 1000.0, 1000.0, 1900.0]


def test_a_forecast_from_before_a_correction_sees_what_was_published_then(tmp_path: Path) -> None:
    rows = imported(tmp_path).observations[0].rows
    known = {row.start.isoformat(): row.value for row in rows if row.published_on.isoformat() <= "2012-03-15"}
    assert known == {"2012-03-01": 100.0, "2012-03-11": 2000.0}


def test_the_same_folder_runs_with_either_movement(tmp_path: Path) -> None:
    scenario = imported(tmp_path)
    for movement in ("flee", "choice"):
        run = mean(replace(scenario, movement=movement))
        assert run.of("entered")[0, -1] == pytest.approx(run.of("present")[0, -1] + run.of("travelling")[0, -1])
        assert run.of("present:dale-camp")[0, -1] > 0
    chosen = import_flee(tmp_path / "flee", tmp_path / "choice", movement="choice").scenario
    assert chosen.movement == "choice" and chosen.parameters == scenario.parameters


def test_members_are_whole_people_and_the_same_bytes_whoever_computes_them(tmp_path: Path) -> None:
    scenario = imported(tmp_path)
    here = simulate(scenario, members=60, seed=3)
    with ThreadPoolExecutor(2) as executor:
        there = simulate(scenario, members=60, seed=3, executor=executor)
    assert here.counts.dtype.kind == "i" and here.counts.tobytes() == there.counts.tobytes()
    assert (here.of("entered") == here.of("present") + here.of("travelling")).all()
    assert (simulate(scenario, members=60, seed=4).counts != here.counts).any()


def test_a_known_total_is_known_and_after_it_the_inflow_is_uncertain(tmp_path: Path) -> None:
    scenario = imported(tmp_path)
    assert np.ptp(simulate(scenario, members=20).of("entered")[:, -1]) == 0
    period = replace(scenario.period, known_until=scenario.observations[0].rows[2].end)
    later = simulate(replace(scenario, period=period), members=20).of("entered")
    assert np.ptp(later[:, 9]) == 0 and np.ptp(later[:, -1]) > 600


def test_a_marker_is_a_bend_in_the_road(tmp_path: Path) -> None:
    places = FILES["input_csv/locations.csv"] + "Bend,South,Home,11.0,1.6,marker,,\n"
    routes = FILES["input_csv/routes.csv"].replace("Cross,Dale camp,200,0", "Cross,Bend,80,0\nBend,Dale camp,120,0")
    scenario = imported(tmp_path, locations=places, routes=routes)
    assert "bend" not in {place.id for place in scenario.places}
    links = {link.id: link for link in scenario.links}
    assert links["cross..dale-camp"].distance_km == links["dale-camp..cross"].distance_km == 200.0


def test_a_forced_redirection_shuts_every_other_way_until_it_is_lifted(tmp_path: Path) -> None:
    routes = FILES["input_csv/routes.csv"].replace("Cross,Dale camp,200,0", "Cross,Dale camp,200,2")
    scenario = imported(tmp_path, routes=routes, closures="remove_forced_redirection,Cross,Dale camp,12,-1\n")
    (closure,) = scenario.closures
    assert (closure.since.isoformat(), str(closure.until)) == ("2012-03-01", "2012-03-13")
    assert set(closure.links) == {"cross..alma", "cross..brook", "cross..elm-camp"}
    assert mean(scenario).of("departures:cross..elm-camp")[0, :12].sum() == 0.0


def test_names_that_become_one_id_stay_two_places(tmp_path: Path) -> None:
    places = FILES["input_csv/locations.csv"].replace("Cross,South", "Cross,South") + "Dale-Camp,East,Away,,,town,,\n"
    scenario = imported(tmp_path, locations=places)
    assert {place.id: place.title for place in scenario.places}["dale-camp-2"] == "Dale-Camp"


def test_nothing_is_written_where_the_folder_is_refused_or_a_scenario_stands(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "flee", routes="Alma,Nowhere,10\n")
    with pytest.raises(ScenarioRefused):
        import_flee(folder, tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["flee"]
    write_folder(tmp_path / "flee")
    import_flee(folder, tmp_path / "out")
    with pytest.raises(BadInput, match="a scenario in"):
        import_flee(folder, tmp_path / "out")
    with pytest.raises(BadInput, match="no quirk “haste”"):
        import_flee(folder, tmp_path / "other", quirks=("haste",))


def test_faults_of_the_flee_table_are_all_named(tmp_path: Path) -> None:
    scenario = imported(tmp_path)
    settings = {
        **scenario.movement_settings,
        "quirks": ["haste"],
        "rules": {"max_move_speed": "fast"},
        "kinds": [{"place": "nowhere", "from": scenario.period.start}],
    }
    with pytest.raises(ScenarioRefused) as refused:
        mean(replace(scenario, movement_settings=settings))
    assert len(refused.value.faults) == 3


def test_no_rate_of_people_coming_leans_on_a_count_published_after_it(tmp_path: Path) -> None:
    """Elm camp's first file is read again on day 39: until then nothing of its growth is known, whatever it was."""

    def known_by(day: str, last_count: str) -> list[tuple[str, float]]:
        elm = f"2012-03-01,0\n2012-04-09,{last_count}\n"
        scenario = imported(tmp_path / f"{day}-{last_count}", elm=elm)
        rows = [row for one in scenario.inflows for row in one.record if str(row.published_on) <= day]
        return [(str(row.start), row.value) for row in rows]

    assert known_by("2012-04-08", "1560") == known_by("2012-04-08", "90000") != []
    assert known_by("2012-04-09", "1560") != known_by("2012-04-09", "90000")


def test_tables_and_counts_may_lie_in_folders_of_their_own(tmp_path: Path) -> None:
    whole = imported(tmp_path / "whole")
    folder = tmp_path / "whole" / "flee"
    flat = tmp_path / "flat"
    (folder / "input_csv").rename(flat)
    (folder / "simsetting.yml").rename(flat / "simsetting.yml")
    apart = import_flee(flat, tmp_path / "out", counts=folder / "source_data").scenario
    assert replace(apart, folder="", title=whole.title, sources=whole.sources) == replace(whole, folder="")


def test_a_table_of_conflicts_shorter_than_the_period_goes_on_with_its_last_day(tmp_path: Path) -> None:
    short = "#Day,Alma,Brook,Cross,Dale camp,Elm camp\n" + "".join(f"{day},1,0,0,0,0\n" for day in range(10))
    made = import_flee(write_folder(tmp_path / "flee", conflicts=short), tmp_path / "out")
    assert any("It has 10 days" in note.what for note in made.notes)
    assert mean(made.scenario).of("entered")[0, -1] > 3_000
