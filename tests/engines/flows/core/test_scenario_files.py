"""Scenario files: the reference's own example is read; every fault is listed at once, with file and line."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from onward.engines.flows.faults import Fault, ScenarioRefused, find_lines
from onward.engines.flows.reading import read_scenario, read_what_if
from onward.engines.flows.records import find_days
from onward.engines.flows.scenario import (
    KINDS,
    Amount,
    Cohort,
    Covariate,
    Inflow,
    Link,
    Noise,
    Observation,
    Place,
    Stage,
)
from onward.engines.flows.simulation import mean, simulate
from onward.engines.flows.written import list_written

REFERENCE = Path(__file__).parents[4] / "docs/reference/scenario.md"
BLOCKS = re.findall(r"```(?:toml)?\n(.*?)```", REFERENCE.read_text(), re.DOTALL)
SCENARIO, ENCOUNTERS, CHICAGO = BLOCKS[:3]
WHAT_IF = next(block for block in BLOCKS if "opposite" in block)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the reference's example."""
    for name, text in (("scenario.toml", SCENARIO), ("encounters.csv", ENCOUNTERS), ("chicago.csv", CHICAGO)):
        (tmp_path / name).write_text(text)
    return tmp_path


def faults_of(folder: Path, *changes: tuple[str, str], file: str = "scenario.toml") -> tuple[Fault, ...]:
    """The faults after changing the first occurrence of each text."""
    text = (folder / file).read_text()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    (folder / file).write_text(text)
    with pytest.raises(ScenarioRefused) as refused:
        read_scenario(folder)
    return refused.value.faults


def line_of(folder: Path, text: str, file: str = "scenario.toml") -> int:
    return (folder / file).read_text()[: (folder / file).read_text().index(text)].count("\n") + 1


def test_the_references_example_is_read_and_runs(folder: Path):
    scenario = read_scenario(folder)

    assert [p.id for p in scenario.places] == ["el-paso", "chicago", "denver"]
    assert scenario.places[0].stages[0].seats == Amount(1500)
    assert scenario.programmes[0].fill == Amount(0.9, "bus_fill")
    assert [p.name for p in scenario.parameters][:3] == [
        "bus_fill",
        "places.chicago.stay_days",
        "links.denver-chicago.weight",
    ]
    assert len({p.name for p in scenario.parameters}) == len(scenario.parameters) == 9
    assert [source.file for source in scenario.sources] == ["scenario.toml", "encounters.csv", "chicago.csv"]
    run = simulate(scenario, members=3)
    assert run.of("departures:el-paso-chicago-bus")[:, 30].max() > 0
    assert len(run.rows) == 2


@pytest.mark.parametrize("kind", [Cohort, Covariate, Inflow, Link, Noise, Observation, Place, Stage, *KINDS.values()])
def test_every_key_that_is_read_stands_in_the_reference(kind: type):
    tables = REFERENCE.read_text().split("## Tables")[1].split("## What-ifs")[0]
    named = {word for code in re.findall(r"`([^`]+)`", tables) for word in re.findall(r"\w+", code)}
    assert {part for field in list_written(kind) for part in field.key.split(".")} <= named


def test_what_was_published_after_the_origin_is_not_read(folder: Path):
    scenario = read_scenario(folder)
    early = replace(scenario, period=replace(scenario.period, known_until=date(2022, 9, 20)))

    september = (date(2022, 9, 20) - scenario.period.start).days
    assert mean(scenario).of("inflow:el-paso")[0, september] > 1.5 * mean(early).of("inflow:el-paso")[0, september]


def test_every_fault_is_listed_at_once_with_its_line(folder: Path):
    faults = faults_of(
        folder,
        ('to = "chicago"', 'to = "nowhere"'),
        ("until = 2022-10-20", "until = 2021-10-20"),
        ("day_shares = [0.8, 0.2]", "day_shares = [0.8, 0.4]"),
        ("seats = 100\n", "seats = -1\n"),
        ("end = 2022-12-31", "end = 2022-09-10"),
        ('unit = "people"', 'unit = "events"'),
        ('measure = "arrivals"', 'measure = "arivals"'),
        ("beds = 6000", "bedz = 6000"),
        ('fill = "$bus_fill"', 'fill = "$fill"'),
    )
    told = {(fault.file, fault.line): str(fault) for fault in faults}

    def says(text: str, words: str) -> bool:
        return words in told[("scenario.toml", line_of(folder, text))]

    assert says('to = "nowhere"', "no place “nowhere”")
    assert says("until = 2021-10-20", "ends on 2021-10-20 before it starts")
    assert says("day_shares = [0.8, 0.4]", "sum to 1.2")
    assert says("seats = -1", "-1")
    assert says('measure = "arivals"', "inflow, present, arrivals")
    assert says("bedz = 6000", "spelling")
    assert says('fill = "$fill"', "no parameter “fill”")
    assert "outside the period" in " ".join(str(f) for f in faults if (f.file, f.line) == ("chicago.csv", 3))
    assert "The unit is “people”" in " ".join(str(f) for f in faults if (f.file, f.line) == ("chicago.csv", 2))
    assert len(faults) == 10


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("share = 0.7", "share = 1.7", "a share is from 0 to 1"),
        ("share = 0.3", "share = 0.4", "sum to 1.1, not to 1"),
        ('[[cohorts]]\nid = "families"', '[[cohorts]]\nid = "adults"', "is used twice"),
        ("attraction = { chicago = 1.2 }", "attraction = { boston = 1.2 }", "no place “boston”"),
        ("features = { kin = 1 }", "features = { luck = 1 }", "no effect “luck”"),
        ('prior = "lognormal", median = 60', 'prior = "normal", mean = 60', "does not fit “stay_days”"),
        ("median = 60, sd = 0.4", "median = -60, sd = 0.4", "cannot have the median"),
        ('file = "chicago.csv"', 'file = "boston.csv"', "cannot be read"),
        ('value = "encounters"', 'value = "count"', "no column “count”"),
        ('sector = "El Paso, TX"', 'sector = "Mars"', "No row of encounters.csv matches"),
        ("known_until = 2022-10-15", "known_until = 2022-08-15", "published by 2022-08-15"),
        ("weekday = [1.0, ", "weekday = [", "no list of seven"),
        ("dispersion = 20\n", 'dispersion = "much"\n', "no number"),
        ("start = 500", "start = 500\nlatitude = 91", "it is from -90 to 90"),
        ("start = 2022-08-01", 'start = "August"', "no date"),
        ("days = 2\n", "days = 2.5\n", "whole"),
        ('inflows = ["el-paso-sector"]', 'inflows = ["laredo"]', "no inflow “laredo”"),
        ('id = "expulsions"', 'id = "el-paso-buses"', "is used twice"),
        ('id = "expulsions"', 'id = "Expulsions!"', "cannot be an id"),
        ('title = "A border', '[wrong\ntitle = "A border', "no TOML"),
    ],
)
def test_a_fault_is_named(folder: Path, old: str, new: str, words: str):
    faults = faults_of(folder, (old, new))

    assert any(words in str(fault) for fault in faults), [str(fault) for fault in faults]
    assert all(fault.line for fault in faults)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ('[[closures]]\nid = "x"\nfrom = 2022-09-01\n', "names one of links, place and between"),
        ('[[closures]]\nid = "x"\nfrom = 2022-09-01\nbetween = ["USA", "CAN"]\n', "No link is closed"),
        (
            '[[closures]]\nid = "x"\nfrom = 2022-09-01\nlinks = ["el-paso-denver"]\nsubstitute = "denver-chicago"\n'
            "substitution = 0.7\nwaits = 0.7\n",
            "more than 1 together",
        ),
        (
            '[[closures]]\nid = "x"\nfrom = 2022-09-01\nlinks = ["el-paso-denver"]\nsubstitute = "denver-chicago"\n'
            "substitution = 0.7\n",
            "does not start where",
        ),
        ('[[rules]]\nid = "x"\nfrom = 2022-09-01\n', "touches nothing"),
        ('[[rules]]\nid = "x"\nfrom = 2022-09-01\nplaces = ["denver"]\nanticipation = 2\n', "day of the announcement"),
        ('[[capacities]]\nid = "x"\nplace = "denver"\nfrom = 2022-09-01\n', "Nothing is changed"),
        ('[[returns]]\nid = "x"\nlink = "moon"\nfrom = 2022-09-01\nchance = 0.1\n', "no link “moon”"),
        ('[[programmes]]\nid = "x"\nlink = "el-paso-denver"\nfrom = 2022-09-01\nseats = 5\n', "has no seats"),
    ],
)
def test_a_dated_record_that_means_nothing_is_named(folder: Path, table: str, words: str):
    faults = faults_of(folder, ("[[observations]]", f"{table}\n[[observations]]"))
    assert any(words in str(fault) for fault in faults), [str(fault) for fault in faults]


def test_faults_of_a_csv_name_its_lines(folder: Path):
    faults = faults_of(folder, ("2022-09-10,90", "10 September,90"), ("11,75", "11,-75"), file="chicago.csv")
    assert [(fault.file, fault.line) for fault in faults] == [("chicago.csv", 2), ("chicago.csv", 3)]


def test_a_what_if_replaces_and_removes_records_and_puts_its_parameters_last(folder: Path):
    base = read_scenario(folder)
    (folder / "longer.toml").write_text(
        WHAT_IF.replace("weight = 4", 'weight = { prior = "lognormal", median = 4, sd = 1 }')
    )
    what_if = read_what_if(folder / "longer.toml", base)

    assert [p.id for p in what_if.scenario.programmes] == ["el-paso-buses-longer"]
    assert what_if.opposite == "no-buses.toml"
    assert what_if.scenario.parameters[:-1] == base.parameters
    assert what_if.scenario.parameters[-1].name == "longer.programmes.el-paso-buses-longer.weight"
    assert what_if.assumed == ("el-paso-buses-longer",)


def test_a_what_if_without_an_opposite_or_with_unknown_ids_is_refused(folder: Path):
    base = read_scenario(folder)
    text = WHAT_IF.replace('opposite = "no-buses.toml"\n', "").replace(
        'remove = ["el-paso-buses"]', 'remove = ["ferries"]'
    )
    (folder / "longer.toml").write_text(text)
    with pytest.raises(ScenarioRefused) as refused:
        read_what_if(folder / "longer.toml", base)
    told = str(refused.value)
    assert "“opposite” is missing" in told
    assert "no dated record “ferries”" in told


def test_lines_of_keys_are_found_in_tables_lists_and_long_values():
    lines = find_lines('a = """\nb = 1\n"""\n[t]\nc = [\n  1,\n]\nd = 2\n[[u]]\n[[u]]\ne.f = 3\n[u.g]\nh = 4 # [\n')
    assert lines[("t",)] == 4
    assert lines[("t", "d")] == 8
    assert lines[("u", 1, "e", "f")] == 11
    assert lines[("u", 1, "g", "h")] == 13
    assert ("b",) not in lines


def test_dates_are_days_months_years_and_ranges():
    assert find_days("2024-02") == (date(2024, 2, 1), date(2024, 2, 29))
    assert find_days("2022-03..2023-11") == (date(2022, 3, 1), date(2023, 11, 30))
    assert find_days("2022") == (date(2022, 1, 1), date(2022, 12, 31))
    assert find_days("2022-13") is find_days("soon") is None
