"""onward feed delays add, onward feed seats add: a file whole or not at all, every fault said, the newest counts."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from onward.engines.journeys.kept import (
    DELAYS_COLUMNS,
    DELAYS_FILE,
    SEATS_COLUMNS,
    SEATS_FILE,
    read_delays,
    read_seats,
)
from onward.engines.journeys.risk import Watched
from onward.faces.cli import feed

COLUMNS = {"delays": DELAYS_COLUMNS, "seats": SEATS_COLUMNS}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ONWARD_HOME", str(tmp_path / "home of Onward"))
    return tmp_path / "home of Onward"


def add(folder: Path, kind: str, *rows: str, name: str = "given.csv") -> tuple[int, str]:
    """The exit code of adding rows and what was said."""
    (folder / name).write_text("\n".join([",".join(COLUMNS[kind]), *rows]) + "\n")
    result = CliRunner().invoke(feed.app, [kind, "add", str(folder / name)])
    return result.exit_code, result.output


def late(number: str, minutes: int, runs: int) -> str:
    return f"rail,{number},ALB,{minutes},{runs},2026-01-01,2026-02-28,our volunteers"


def left(trip: str, seats: int, said_on: str) -> str:
    return f"coach,{trip},2026-03-05,{seats},{said_on},telephone"


def test_a_newer_record_of_a_train_replaces_the_one_before_and_others_stay(tmp_path: Path, home: Path) -> None:
    assert add(tmp_path, "delays", late("69", 0, 30), late("69", 20, 10), late("68", 5, 25))[0] == 0
    code, said = add(tmp_path, "delays", late("69", 0, 50))
    assert code == 0 and "given.csv: 1 lines kept, in place of 2 older ones." in said
    records = read_delays(home / DELAYS_FILE).records
    assert sum(records[Watched("rail", "69", "ALB")].runs) == 50
    assert sum(records[Watched("rail", "68", "ALB")].runs) == 25


def test_the_same_file_again_changes_nothing(tmp_path: Path, home: Path) -> None:
    add(tmp_path, "delays", late("69", 0, 30), late("69", 20, 10))
    before = (home / DELAYS_FILE).read_bytes()
    add(tmp_path, "delays", late("69", 0, 30), late("69", 20, 10))
    assert (home / DELAYS_FILE).read_bytes() == before


def test_seats_said_last_count_however_late_they_are_added(tmp_path: Path, home: Path) -> None:
    assert add(tmp_path, "seats", left("M1", 9, "2026-03-02"), left("M2", 4, "2026-03-02"))[0] == 0
    assert add(tmp_path, "seats", left("M1", 30, "2026-03-01"), left("M2", 0, "2026-03-03"))[0] == 0
    assert {one.trip_id: seats.left for one, seats in read_seats(home / SEATS_FILE).items()} == {"M1": 9, "M2": 0}


def test_a_feed_nobody_added_is_said(tmp_path: Path) -> None:
    code, said = add(tmp_path, "seats", left("M1", 9, "2026-03-02"))
    assert code == 0 and "No timetable here is called coach" in said


@pytest.mark.parametrize(
    ("kind", "rows", "faults"),
    [
        (
            "delays",
            [late("69", 0, 30), "rail,69,ALB,soon,3,2026-01-01,2026-02-28,us", ",69,ALB,1,0,2026-01-01,2025-02-28,us"],
            ["line 3, late_minutes: “soon” is no whole number", "line 4, feed: it is empty"],
        ),
        (
            "seats",
            [left("M1", 9, "yesterday"), left("M2", -1, "2026-03-02")],
            ["line 2, said_on: “yesterday” is no day written YYYY-MM-DD", "line 3, seats_left: -1 is out of range"],
        ),
    ],
    ids=["delays", "seats"],
)
def test_every_fault_is_said_by_file_line_and_field_and_nothing_is_taken(
    kind: str, rows: list[str], faults: list[str], tmp_path: Path, home: Path
) -> None:
    code, said = add(tmp_path, kind, *rows)
    assert code == 2 and "given.csv" in said and "nothing of it was taken" in said
    assert all(fault in said for fault in faults), said
    assert not (home / f"{kind}.csv").exists()


def test_a_missing_column_a_missing_file_and_a_picture_are_sentences(tmp_path: Path) -> None:
    (tmp_path / "short.csv").write_text("feed,trip_id\ncoach,M1\n")
    (tmp_path / "picture.csv").write_bytes(b"\x89PNG\xff")
    for name, fault in (
        ("short.csv", "line 1, service_on: the column is missing"),
        ("absent.csv", "there is no such file"),
        ("picture.csv", "it cannot be read as CSV in UTF-8"),
    ):
        result = CliRunner().invoke(feed.app, ["seats", "add", str(tmp_path / name)])
        assert result.exit_code == 2 and name in result.output and fault in result.output


def test_of_several_files_the_good_ones_are_kept(tmp_path: Path, home: Path) -> None:
    (tmp_path / "bad.csv").write_text("nothing\n")
    (tmp_path / "good.csv").write_text(f"{','.join(SEATS_COLUMNS)}\n{left('M1', 9, '2026-03-02')}\n")
    result = CliRunner().invoke(feed.app, ["seats", "add", str(tmp_path / "bad.csv"), str(tmp_path / "good.csv")])
    assert result.exit_code == 2 and len(read_seats(home / SEATS_FILE)) == 1


def test_a_file_kept_that_somebody_broke_is_not_written_over(tmp_path: Path, home: Path) -> None:
    home.mkdir()
    (home / SEATS_FILE).write_text("by hand, and wrong\n")
    code, said = add(tmp_path, "seats", left("M1", 9, "2026-03-02"))
    assert code == 2 and "seats.csv cannot be used" in said
    assert (home / SEATS_FILE).read_text() == "by hand, and wrong\n"
