"""onward flow, run as a person runs it: its words, its files, its exit codes."""

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

import polars
import pytest

from onward.faces.cli.main import run
from tests.engines.flows.flee.small_folder import write_folder
from tests.engines.flows.small_scenario import TOML, rows, write

SIMULATE = ("simulate", "corridor", "--members", "40")
SCORE = ("score", "corridor", "--members", "40", "--every", "10", "--ahead", "8", "--since", "2022-09-10")
WHATIF = ("whatif", "corridor", "corridor/stopped.toml", "--members", "100")


class Done(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a scenario in it, to stand in."""
    write(tmp_path / "corridor")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


def flow(*words: str) -> Done:
    """onward flow with these words, in this process, nobody at the keyboard."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    argv, sys.argv = sys.argv, ["onward", "flow", *words]
    try:
        with redirect_stdout(out), redirect_stderr(err):
            run()
    except SystemExit as left:
        code = int(left.code or 0)
    finally:
        sys.argv = argv
    return Done(code, out.getvalue(), err.getvalue())


def test_a_forecast_says_what_it_is_worth_before_it_says_anything(here: Path) -> None:
    done = flow(*SIMULATE)
    lines = done.out.splitlines()
    assert done.code == 0 and not done.err
    assert lines[0] == "A border and a city"
    assert "priors alone" in lines[1] and "Not scored yet" in lines[2]
    assert lines[3].startswith("El Paso, 14 days: ") and " arrivals, most likely " in lines[4]
    assert "What would be published next" in done.out


def test_a_fit_is_taken_by_a_forecast_and_a_score_stands_above_it(here: Path) -> None:
    (here / "fit.json").write_text(flow("fit", "corridor", "--json").out)
    (here / "score.json").write_text(flow(*SCORE, "--json").out)
    done = flow(*SIMULATE, "--fit", "fit.json", "--scores", "score.json")
    assert done.code == 0, done.err
    assert "priors alone" not in done.out
    assert done.out.splitlines()[1].startswith(("Skill on ", "No skill on "))
    assert "; last month's bands held " in done.out.split("Chicago, 14 days")[1].splitlines()[0]


@pytest.mark.parametrize(
    "words",
    [
        SIMULATE,
        ("mean", "corridor"),
        ("fit", "corridor", "--members", "30", "--draws", "50"),
        SCORE,
        WHATIF,
        ("compare", "corridor", "corridor/stopped.toml", "corridor/longer.toml", "--members", "100"),
    ],
    ids=lambda words: words[0],
)
def test_the_same_seed_gives_the_same_bytes_in_every_file(here: Path, words: tuple[str, ...]) -> None:
    made = []
    for name in ("a", "b"):
        files = ("--parquet", f"{name}.parquet", "--svg", f"{name}.svg")
        workers = () if words[0] == "mean" else ("--seed", "3", "--workers", "1" if name == "a" else "2")
        done = flow(*words, "--json", *files, *workers)
        assert done.code == 0, done.err
        made.append((done.out, *((here / f"{name}.{kind}").read_bytes() for kind in ("parquet", "svg"))))
    assert made[0] == made[1]
    values = json.loads(made[0][0])
    assert values["kind"] and values["summary"]
    assert polars.read_parquet(here / "a.parquet").height > 0
    svg = made[0][2].decode()
    assert 'role="img"' in svg and svg.count("<desc>") == 1
    assert "Not scored yet" in svg or "skill" in svg.lower() or "no forecast" in svg


def test_another_seed_gives_other_numbers(here: Path) -> None:
    one, other = (json.loads(flow(*SIMULATE, "--json", "--seed", seed).out) for seed in "12")
    assert one["series"] != other["series"] and one["inputs_sha256"] == other["inputs_sha256"]


def test_a_what_if_comes_with_its_opposite_and_says_what_was_assumed(here: Path) -> None:
    done = flow(*WHATIF)
    assert done.code == 0, done.err
    assert "The buses stop (opposite: longer.toml)" in done.out
    assert "some come who would have stayed (opposite: stopped.toml)" in done.out
    assert "Chicago: " in done.out and "fewer seen here" in done.out
    assert "Fewer seen in one place is not fewer people" in done.out
    assert "Days stranded, all people together: " in done.out and "Without a bed on the last day: " in done.out
    assert "Assumed, without a precedent: Buses to December: " in done.out
    assert "induced about 0.02, 0.011 to 0.038 in 80 % of its prior" in done.out


def test_a_what_if_without_its_opposite_is_not_told(here: Path) -> None:
    (here / "corridor" / "longer.toml").unlink()
    done = flow(*WHATIF)
    assert done.code == 2 and "names “longer.toml” as its opposite" in done.err and not done.out


def test_a_what_if_without_bands_is_not_told(here: Path) -> None:
    done = flow("whatif", "corridor", "corridor/stopped.toml", "--members", "10")
    assert done.code == 2 and "no honest band" in done.err and not done.out


def test_every_fault_of_a_scenario_is_said_and_no_file_is_written(here: Path) -> None:
    faulty = TOML.replace('to = "chicago"\ndays = 2', 'to = "nowhere"\ndays = 2').replace("seats = 60", "seats = -6")
    write(here / "corridor", toml=faulty)
    done = flow(*SIMULATE, "--json", "--parquet", "a.parquet", "--svg", "a.svg")
    assert done.code == 2 and not done.out
    assert "nowhere" in done.err and "scenario.toml, line " in done.err and done.err.count("line ") >= 2
    assert sorted(path.name for path in here.iterdir()) == ["corridor"]


def test_a_fit_with_nothing_published_by_then_stops_and_says_so(here: Path) -> None:
    done = flow("fit", "corridor", "--known-until", "2022-08-02", "--parquet", "a.parquet")
    assert done.code == 2 and "Nothing was published by 2022-08-02" in done.err
    assert not (here / "a.parquet").exists()


def test_a_file_that_cannot_be_written_is_said_in_words(here: Path) -> None:
    done = flow("mean", "corridor", "--parquet", "no/such/folder.parquet")
    assert done.code == 2 and "cannot be written" in done.err


def test_a_fit_of_another_scenario_is_refused(here: Path) -> None:
    (here / "fit.json").write_text(flow("fit", "corridor", "--json", "--draws", "20").out)
    write(here / "corridor", toml=TOML.replace("bus_fill", "seats_filled"))
    for name in ("stopped", "longer"):
        file = here / "corridor" / f"{name}.toml"
        file.write_text(file.read_text().replace("bus_fill", "seats_filled"))
    done = flow(*SIMULATE, "--fit", "fit.json")
    assert done.code == 2 and "a fit of other parameters (bus_fill, seats_filled)" in done.err
    (here / "fit.json").write_text("{}")
    assert "is not what “onward flow fit --json” writes" in flow(*SIMULATE, "--fit", "fit.json").err


def test_observations_kept_apart_score_a_scenario_that_has_never_seen_them(here: Path) -> None:
    write(here / "corridor", last=70)
    (here / "later.csv").write_text(rows(70, 120))
    done = flow(
        "score", "corridor", "--later", "later.csv", "--every", "7", "--ahead", "7", "--members", "60", "--json"
    )
    assert done.code == 0, done.err
    (verdict,) = json.loads(done.out)["verdicts"]
    assert verdict["origins"] >= 5 and verdict["counts"] >= 30
    assert {"pool", "network", "persistence", "seasonal naive", "drift"} <= verdict["models"].keys()
    assert {one["against"] for one in verdict["skill"]} == {"persistence", "seasonal naive", "drift"}


def test_faults_of_later_observations_are_said_with_their_lines(here: Path) -> None:
    (here / "later.csv").write_text(
        "observation,date,value\nchicago-arrivals,2022-11-20,five\nboston,2022-11-21,4\nchicago-arrivals,2022-13-01,4\n"
    )
    done = flow("score", "corridor", "--later", "later.csv")
    assert done.code == 2
    for said in ("later.csv, line 2: “five”", "later.csv, line 3: There is no observation “boston”", "line 4"):
        assert said in done.err


def test_the_mean_is_no_forecast_and_says_so(here: Path) -> None:
    done = flow("mean", "corridor")
    assert done.code == 0 and "no forecast" in done.out.splitlines()[1] and "80 % band" in done.out


def test_a_forecast_needs_neither_django_nor_libraries_it_does_not_use(here: Path) -> None:
    unwanted = ("django", "polars", "altair", "vl_convert", "scipy.special", "scoringrules", "dask")
    program = (
        "import sys; from onward.faces.cli.main import app; sys.argv = ['onward', 'flow', 'simulate', 'corridor',"
        " '--members', '4']; app(standalone_mode=False);"
        f"print([name for name in {unwanted} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=os.environ, cwd=here
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_conflict_is_imported_to_the_folder_named_either_way_and_moves_by_choice_unless_asked(here: Path) -> None:
    write_folder(here / "flee")
    assert flow("import-flee", "flee", "one").code == 0
    assert flow("import-flee", "flee", "-o", "two").code == 0
    assert flow("import-flee", "flee", "--out", "three", "--movement", "flee").code == 0
    one, two, three = ((here / name / "scenario.toml").read_text() for name in ("one", "two", "three"))
    assert one == two and 'movement = "choice"' in one and 'movement = "flee"' in three
    for words in (("import-flee", "flee"), ("import-flee", "flee", "four", "--out", "four")):
        done = flow(*words)
        assert done.code == 2 and "Name the folder to write once" in done.err
