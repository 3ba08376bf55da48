"""Several add seats and delays at the same moment, or are killed on the way: nothing anybody added is lost."""

import subprocess
import sys
from collections.abc import Callable, Sized
from pathlib import Path

import pytest

from onward.engines.journeys.kept import DELAYS_COLUMNS, SEATS_COLUMNS, add_seats, read_delays, read_seats

PEOPLE, FILES_EACH = 4, 6
ADD = """
import sys
from pathlib import Path
from onward.engines.journeys import kept
folder, add, ready = Path(sys.argv[1]), getattr(kept, sys.argv[2]), sys.stdin.readline()
for given in sorted(folder.glob(f"{sys.argv[3]}-*.csv")):
    add(given, folder / "kept.csv")
"""
DIE = """
import os, signal, sys
from pathlib import Path
from onward.engines.journeys import kept
kept.write_whole = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
kept.add_seats(Path(sys.argv[1]) / "given.csv", Path(sys.argv[1]) / "kept.csv")
"""
ROWS = {
    "add_seats": (SEATS_COLUMNS, "coach,{name},2026-03-05,4,2026-03-01,telephone"),
    "add_delays": (DELAYS_COLUMNS, "rail,{name},ALB,5,9,2026-01-01,2026-02-28,our volunteers"),
}


def write(path: Path, act: str, name: str) -> None:
    columns, row = ROWS[act]
    path.write_text(f"{','.join(columns)}\n{row.format(name=name)}\n")


@pytest.mark.parametrize(
    ("act", "read"), [("add_seats", read_seats), ("add_delays", lambda path: read_delays(path).records)]
)
def test_of_several_who_add_at_once_everything_is_kept(tmp_path: Path, act: str, read: Callable[[Path], Sized]) -> None:
    names = [f"p{one}-{each}" for one in range(PEOPLE) for each in range(FILES_EACH)]
    for name in names:
        write(tmp_path / f"{name}.csv", act, name)
    command = [sys.executable, "-c", ADD, str(tmp_path), act]
    people = [subprocess.Popen([*command, f"p{one}"], stdin=subprocess.PIPE, text=True) for one in range(PEOPLE)]
    for person in people:
        assert person.stdin is not None
        person.stdin.write("now\n")
        person.stdin.flush()
    assert [person.wait(60) for person in people] == [0] * PEOPLE
    assert len(read(tmp_path / "kept.csv")) == len(names)


def test_who_is_killed_while_adding_leaves_the_file_whole_and_nobody_waiting(tmp_path: Path) -> None:
    for name in ("given", "before"):
        write(tmp_path / f"{name}.csv", "add_seats", name)
    add_seats(tmp_path / "before.csv", tmp_path / "kept.csv")
    assert subprocess.run([sys.executable, "-c", DIE, str(tmp_path)], check=False).returncode == -9
    assert [one.trip_id for one in read_seats(tmp_path / "kept.csv")] == ["before"]
    add_seats(tmp_path / "given.csv", tmp_path / "kept.csv")
    assert [one.trip_id for one in read_seats(tmp_path / "kept.csv")] == ["before", "given"]
