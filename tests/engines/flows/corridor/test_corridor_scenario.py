"""The corridor's files: they load without fault, point to published figures, and each what-if has its opposite."""

import csv
from datetime import timedelta
from pathlib import Path

import pytest

from onward.engines.flows.figures import Figures, read_figures, read_period
from onward.engines.flows.reading import read_scenario, read_what_if
from onward.engines.flows.scenario import Scenario, WhatIf

DATA = Path(__file__).parents[4] / "data"
SCENARIOS = DATA / "scenarios"
WHAT_IFS = sorted((SCENARIOS / "corridor" / "whatif").glob("*.toml"))
NEUTRAL = ("illegal", "alien", "invasion", "flood", "wave of", "fewer people", "dump")


@pytest.fixture(scope="module")
def figures() -> Figures:
    return read_figures(DATA / "figures")


@pytest.fixture(scope="module")
def corridor() -> Scenario:
    return read_scenario(SCENARIOS / "corridor")


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("name", ["corridor", "crossing", "census"])
def test_a_scenario_loads_without_fault(name: str) -> None:
    assert read_scenario(SCENARIOS / name).observations


@pytest.mark.parametrize("name", ["corridor", "crossing", "census"])
def test_every_observed_number_is_a_published_figure_of_those_days(name: str, figures: Figures) -> None:
    for row in rows_of(SCENARIOS / name / "observed.csv"):
        figure = figures.get(row["figure"])
        assert float(row["value"]) == figure.value, row["figure"]
        assert read_period(row["date"]) == (figure.start, figure.end), row["figure"]
        assert row["qualifier"] == figure.qualifier, row["figure"]
        assert row["unit"] == figure.measure.unit, row["figure"]


def test_a_sum_of_sectors_is_the_sum_of_their_published_months(figures: Figures) -> None:
    for row in rows_of(SCENARIOS / "corridor" / "encounters.csv"):
        parts = [figures.get(ident).value or 0.0 for ident in row["figure"].split(" + ")]
        assert float(row["value"]) == sum(parts), row


@pytest.mark.parametrize("name", ["corridor", "crossing", "census"])
def test_nothing_is_known_before_its_days_are_over_or_its_document_is_out(name: str, figures: Figures) -> None:
    for row in rows_of(SCENARIOS / name / "observed.csv"):
        figure, (known, _) = figures.get(row["figure"]), read_period(row["published_on"])
        assert known >= figure.end, row["figure"]
        if len(figure.published_on) == len("2022-10-08") and figure.source.key != "ircc-2017":
            told_lag = known == figure.end + timedelta(days=25)
            assert known >= read_period(figure.published_on)[0] or told_lag, row["figure"]


def test_further_months_are_taken_without_a_change_of_code(tmp_path: Path, corridor: Scenario) -> None:
    folder = tmp_path / "corridor"
    folder.mkdir()
    for file in (SCENARIOS / "corridor").iterdir():
        if file.is_file():
            (folder / file.name).write_bytes(file.read_bytes())
    with (folder / "observed.csv").open("a", encoding="utf-8") as lines:
        lines.write("quebec-stopped,2024-01,60,,people,official,2024-02-25,\n")
    longer = read_scenario(folder)
    counted = {one.id: len(one.rows) for one in longer.observations}
    assert counted["quebec-stopped"] == {one.id: len(one.rows) for one in corridor.observations}["quebec-stopped"] + 1


def test_every_prior_says_where_it_comes_from(corridor: Scenario) -> None:
    assert [one.name for one in corridor.parameters if not one.note] == []


def test_the_stages_of_the_story_are_all_there(corridor: Scenario) -> None:
    stages = {stage.name for place in corridor.places for stage in place.stages}
    assert {"stopped", "charged", "released", "claimed", "housed"} <= stages
    assert any(place.leave.value for place in corridor.places if place.id == "montreal")


@pytest.fixture(scope="module")
def what_ifs(corridor: Scenario) -> dict[str, WhatIf]:
    return {file.name: read_what_if(file, corridor) for file in WHAT_IFS}


@pytest.mark.parametrize("name", [file.name for file in WHAT_IFS])
def test_a_what_if_changes_something_and_its_opposite_names_it_back(
    name: str, what_ifs: dict[str, WhatIf], corridor: Scenario
) -> None:
    what_if = what_ifs[name]
    assert what_ifs[what_if.opposite].opposite == name
    assert what_if.question.endswith("?")
    assert what_if.scenario.dated != corridor.dated


@pytest.mark.parametrize(
    "stem",
    ["visas-eased", "visas-tightened", "treaty-ends", "united-states-tougher", "united-states-milder"],
)
def test_what_never_happened_in_the_record_is_assumed(stem: str, what_ifs: dict[str, WhatIf]) -> None:
    assert what_ifs[f"{stem}.toml"].assumed


@pytest.mark.parametrize("file", sorted(SCENARIOS.rglob("*.toml")), ids=lambda file: file.stem)
def test_files_are_in_neutral_words(file: Path) -> None:
    text = file.read_text(encoding="utf-8").lower()
    assert [word for word in NEUTRAL if word in text] == []
