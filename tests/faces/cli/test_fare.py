"""onward fare add: each file whole or not at all, every fault said."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from onward.apps.timetables import loaded
from onward.apps.timetables.loading import COLUMNS
from onward.apps.timetables.models import FareQuote
from onward.engines.journeys import FeedStore
from onward.faces.cli import fare
from tests.apps.timetables.small_feed import SmallTrip, write_feed

HEADER = ",".join(COLUMNS)
ROW = "small,A,ny,mtl,8000,4000,0,300,250,USD,2026-03-01,2026-03-01,2026-03-31,telephone"


@pytest.fixture(autouse=True)
def home(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("ONWARD_HOME", str(tmp_path))
    before = list(loaded._stores)
    yield tmp_path
    loaded._stores[:] = before
    loaded._held.clear()


def add(folder: Path, *rows: str) -> tuple[int, str]:
    (folder / "fares.csv").write_text("\n".join([HEADER, *rows]) + "\n")
    result = CliRunner().invoke(fare.app, ["add", str(folder / "fares.csv")])
    return result.exit_code, result.output


def test_fares_are_kept_and_the_same_file_again_changes_nothing(home: Path) -> None:
    trips = [SmallTrip("1", [("ny", "08:00"), ("mtl", "16:00")])]
    FeedStore(home / "feeds").add(write_feed(home / "small.zip", trips))
    assert add(home, ROW) == (0, "fares.csv: 1 fares added, 0 were there already.\n")
    assert add(home, ROW) == (0, "fares.csv: 0 fares added, 1 were there already.\n")
    assert FareQuote.objects.count() == 1


def test_fares_for_stops_no_timetable_has_are_kept_and_said(home: Path) -> None:
    code, said = add(home, ROW)
    assert code == 0
    assert "2 stops of the fares are in no timetable here (small:mtl, small:ny)" in said


def test_a_faulty_file_is_refused_with_every_fault_and_leaves_nothing(home: Path) -> None:
    code, said = add(home, ROW.replace("8000", "80.00"), ROW, ROW.replace("USD", "XYZ"))
    assert code == 2
    assert "fares.csv, line 2, adult_minor: “80.00”" in said
    assert "fares.csv, line 4, currency: “XYZ”" in said
    assert "nothing was taken" in said
    assert not FareQuote.objects.exists()


def test_a_file_that_is_not_there_or_no_text_is_a_sentence(home: Path) -> None:
    (home / "picture.csv").write_bytes(b"\x89PNG\xff")
    for name in ("absent.csv", "picture.csv"):
        result = CliRunner().invoke(fare.app, ["add", str(home / name)])
        assert result.exit_code == 2
        assert f"{name}: The file cannot be read." in result.output


def test_of_several_files_the_good_ones_are_kept(home: Path) -> None:
    (home / "good.csv").write_text(f"{HEADER}\n{ROW}\n")
    (home / "bad.csv").write_text(f"{HEADER}\n{ROW.replace('USD', '')}\n")
    result = CliRunner().invoke(fare.app, ["add", str(home / "bad.csv"), str(home / "good.csv")])
    assert result.exit_code == 2
    assert FareQuote.objects.count() == 1
