"""onward flow validate: the page is written whole from its own output, or nothing is run."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from onward.core.errors import BadInput
from onward.faces.cli.flow import app

WORLD = """
title = "A road"
[period]
start = 2022-01-01
end = 2022-06-30
known_until = 2022-03-31
[[places]]
id = "crossing"
title = "Crossing"
stay_days = 1
settle = 1
[[inflows]]
id = "people"
place = "crossing"
level = { prior = "lognormal", median = 20, sd = 0.5, note = "test" }
[[observations]]
id = "stopped"
title = "Stopped"
measure = "inflow"
of = ["crossing"]
unit = "people"
file = "rows.csv"
"""
EVENT = """
title = "A quiet spring"
question = "Does a road stay as it was?"
kind = "event"
scenario = "../world"
known_until = 2022-04-05
end = 2022-06-30
members = 100
fit = ["stopped"]
[[scored]]
observation = "stopped"
from = 2022-04-06
until = 2022-07-01
"""
FLEE = """
title = "A conflict"
question = "Is it there?"
kind = "flee"
tolerance = 0.02
first_origin = 60
every = 90
ahead = 60
members = 100
[flee]
somewhere = 0.3
"""


@pytest.fixture
def experiments(tmp_path: Path) -> Path:
    world, folder = tmp_path / "world", tmp_path / "experiments"
    world.mkdir()
    folder.mkdir()
    (world / "scenario.toml").write_text(WORLD)
    rows = [f"2022-{month:02d},{people}" for month, people in enumerate((620, 560, 620, 600, 620, 600), 1)]
    (world / "rows.csv").write_text("\n".join(["date,value", *rows]) + "\n")
    (folder / "1-quiet.toml").write_text(EVENT)
    (folder / "2-conflict.toml").write_text(FLEE)
    return folder


def test_the_page_holds_what_came_and_names_what_was_not_run(experiments: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    given = ["validate", "--experiments", str(experiments), "--out", str(page), "--json"]
    answer = CliRunner().invoke(app, given)
    assert answer.exit_code == 0, answer.output
    text = page.read_text()
    assert "| stopped | 2022-05 | 620 |" in text
    assert "**No skill shown.**" in text
    assert "Not run: no folder of conflicts" in text
    told = json.loads(answer.stdout)
    assert told["experiments"][0]["groups"][0]["scores"][0]["model"]
    assert told["not_run"] == ["A conflict"]


def test_the_same_seed_writes_the_same_page_however_many_processes(experiments: Path, tmp_path: Path) -> None:
    (experiments / "3-again.toml").write_text(EVENT.replace("A quiet spring", "The same again"))
    pages = []
    for name, number in (("one.md", "1"), ("two.md", "2")):
        given = ["validate", "--experiments", str(experiments), "--out", str(tmp_path / name), "--workers", number]
        assert CliRunner().invoke(app, given).exit_code == 0
        pages.append((tmp_path / name).read_bytes())
    assert pages[0] == pages[1]


def test_a_page_without_a_folder_is_refused_before_anything_runs(experiments: Path, tmp_path: Path) -> None:
    given = ["validate", "--experiments", str(experiments), "--out", str(tmp_path / "nowhere" / "page.md")]
    answer = CliRunner().invoke(app, given)
    assert isinstance(answer.exception, BadInput)
    assert "A quiet spring" not in answer.output
