"""onward feed and onward journey, run as a person runs them: a process, its words, its exit code."""

import io
import json
import os
import pty
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from onward.faces.cli.main import run
from tests.engines.journeys.small_feeds import rows, tables, zipped

TRIPS = {
    "t1": [("NYP", "08:00"), ("ALB", "10:30")],
    "t2": [("ALB", "10:40"), ("MTR", "15:00")],
    "t3": [("NYP", "09:00"), ("MTR", "17:00")],
}
STOPS = [
    "NYP,New York Penn Station,40.7500,-73.9923",
    "ALB,Albany,42.6410,-73.7411",
    "MTR,Montréal,45.5001,-73.5657",
    "ALY,Albany Station,44.6303,-123.1030",
]


def small(**changes: str) -> dict[str, str]:
    """A feed of four stations on 2025-06-11."""
    files = tables(TRIPS)
    files["trips.txt"] += "R,S,far,\n"
    files["stop_times.txt"] += "far,08:00:00,08:00:00,MTR,0\nfar,23:00:00,23:00:00,ALY,1\n"
    files["stops.txt"] = rows("stop_id,stop_name,stop_lat,stop_lon", STOPS)
    return files | {name.replace("_txt", ".txt"): text for name, text in changes.items()}


class Done(NamedTuple):
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


class Here:
    """A folder with a home of Onward's and zips in it."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder, self._patch = folder, patch
        self.environment = os.environ | {"ONWARD_HOME": str(folder / "home of Onward"), "COLUMNS": "200"}

    def zip(self, name: str, files: dict[str, str]) -> str:
        (self.folder / name).write_bytes(zipped(files))
        return name

    def run(self, *words: str) -> Done:
        """Run the command in this process, nobody at the keyboard."""
        out, err, code = io.StringIO(), io.StringIO(), 0
        with self._patch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            patch.chdir(self.folder)
            patch.setattr(sys, "argv", ["onward", *words])
            patch.setattr(sys, "stdin", io.StringIO())
            patch.setenv("ONWARD_HOME", self.environment["ONWARD_HOME"])
            try:
                run()
            except SystemExit as left:
                code = int(left.code or 0)
        return Done(code, out.getvalue(), err.getvalue())

    def typed(self, answer: str, *words: str) -> str:
        """What a terminal shows where a person answers a question."""
        command = [sys.executable, "-c", "from onward.faces.cli.main import run; run()", *words]
        ours, theirs = pty.openpty()
        ends = {"stdin": theirs, "stdout": theirs, "stderr": theirs}
        with subprocess.Popen(command, cwd=self.folder, env=self.environment, **ends):
            os.close(theirs)
            os.write(ours, f"{answer}\n".encode())
            shown = b""
            while chunk := _read(ours):
                shown += chunk
        os.close(ours)
        return shown.decode()


def _read(handle: int) -> bytes:
    try:
        return os.read(handle, 4096)
    except OSError:  # the other end is closed
        return b""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Here:
    """A folder with the small feed added."""
    made = Here(tmp_path, monkeypatch)
    assert made.run("feed", "add", made.zip("small_2025-06.zip", small())).returncode == 0
    return made


def said(done: Done, code: int) -> str:
    """What was said on standard error, which is no traceback."""
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def test_a_feed_is_added_listed_replaced_and_removed(here: Here) -> None:
    again = here.run("feed", "add", "small_2025-06.zip")
    assert "Almanac: all 4 trips kept" in again.stdout
    assert (
        "replaced as small: 4 trips, 4 stops, valid 2025-06-11 to 2025-06-11, times in America/New_York."
        in again.stdout
    )
    listed = here.run("feed", "list").stdout
    assert "small" in listed
    assert "2025-06-11" in listed
    assert here.run("feed", "remove", "small").returncode == 0
    assert "no timetable yet" in here.run("feed", "list").stdout
    assert "no feed called “small”" in said(here.run("feed", "remove", "small"), 1)


def test_findings_are_shown_by_file_and_line_the_first_of_each_kind_or_all(here: Here) -> None:
    files = small()
    files["stop_times.txt"] += "".join(f"t4,0{n}:00:00,0{n}:00:00,ZZZ,{n}\n" for n in range(1, 6))
    files["trips.txt"] += "R,S,t4,\n"
    path = here.zip("worse.zip", files)
    short, whole = here.run("feed", "add", path).stdout, here.run("feed", "add", "--all", path).stdout
    line = "stop_times.txt, line 10: stop_id “ZZZ”: No such stop in stops.txt: trip t4 is left out."
    assert line in short
    assert "2 more findings like these" in short
    assert whole.count("No such stop in stops.txt: trip t4 is left out.") == 5
    assert "Almanac: 1 of 5 trips left out: stop_times.txt names stops that stops.txt lacks" in short


def test_a_refused_feed_is_said_in_a_sentence_and_the_others_are_added(here: Here) -> None:
    (here.folder / "broken.zip").write_bytes(b"PK\x03\x04 and no more")
    here.zip("empty.zip", small(stops_txt="stop_id\nQ\n"))
    here.zip("other.zip", small())
    done = here.run("feed", "add", "broken.zip", "missing.zip", "empty.zip", "other.zip")
    errors = said(done, 2)
    assert "broken.zip: This is not a zip file, or it is broken." in errors
    assert "missing.zip: The file cannot be opened: no such file or directory." in errors
    assert "empty.zip: No trip of the feed can be used. Almanac: 4 of 4 trips left out" in errors
    assert "added as other" in done.stdout


def test_a_feed_without_agency_asks_for_the_zone(here: Here) -> None:
    files = small()
    del files["agency.txt"]
    here.zip("ne_walk_2025-06.zip", files)
    add = "feed", "add", "ne_walk_2025-06.zip"
    errors = said(here.run(*add), 2)
    assert "no agency.txt, so nothing says in which time zone its times are" in errors
    assert "--zone America/New_York" in errors
    assert "“Mars” (--zone) is not a time zone" in said(
        here.run("feed", "add", "ne_walk_2025-06.zip", "--zone", "Mars"), 2
    )
    assert "added as ne_walk" in here.typed("America/Toronto", *add)
    assert "America/Toronto" in here.run("feed", "list").stdout


def test_a_timetable_that_is_over_says_so_as_it_is_added(here: Here) -> None:
    assert (
        "it is over: no journey is found in it after 2025-06-11." in here.run("feed", "add", "small_2025-06.zip").stdout
    )
    ahead = f"{datetime.now(UTC) + timedelta(days=2):%Y%m%d}"
    files = small(calendar_dates_txt=f"service_id,date,exception_type\nS,{ahead},1\n")
    assert "it is over" not in here.run("feed", "add", here.zip("ahead.zip", files)).stdout


def test_a_journey_is_shown_with_its_legs_and_local_times(here: Here) -> None:
    done = here.run("journey", "new york penn", "montreal", "--on", "2025-06-11", "--party", "2a1c")
    assert done.returncode == 0
    assert "New York Penn Station to Montréal, for 2 adults and 1 child" in done.stdout
    assert "leaving Wed 11 June 2025, 00:00" in done.stdout
    for word in (
        "08:00",
        "10:30",
        "Albany",
        "Almanac The Line (rail)",
        "7 h 00 min, 1 change",
        "8 h 00 min, no change",
    ):
        assert word in done.stdout
    assert "The fare is not known: ask the carrier." in done.stdout


def test_the_json_of_a_journey_is_a_list_in_the_form_agreed(here: Here) -> None:
    done = here.run("journey", "stop:small:NYP", "stop:small:MTR", "--on", "2025-06-11", "--json", "--no-links")
    found = json.loads(done.stdout)
    assert [(one["depart_at"], one["arrive_at"], one["vehicles"]) for one in found] == [
        ("2025-06-11T08:00:00-04:00", "2025-06-11T15:00:00-04:00", 2),
        ("2025-06-11T09:00:00-04:00", "2025-06-11T17:00:00-04:00", 1),
    ]
    assert [leg["trip_id"] for leg in found[0]["legs"]] == ["t1", "t2"]
    assert found[0]["legs"][0]["to"] == {"stop_id": "ALB", "name": "Albany", "lat": 42.641, "lon": -73.7411}
    assert found[0]["warnings"][0]["code"] == "fare_unknown"
    none = here.run("journey", "stop:small:MTR", "stop:small:NYP", "--on", "2025-06-11", "--json")
    assert (none.returncode, json.loads(none.stdout)) == (0, [])


def test_the_window_the_change_and_the_limits_are_kept(here: Here) -> None:
    def departures(*words: str) -> list[str]:
        done = here.run("journey", "New York Penn", "Montréal", "--on", "2025-06-11", "--json", *words)
        return [one["depart_at"][11:16] for one in json.loads(done.stdout)]

    assert departures("--at", "7:30", "--window", "30") == []
    assert departures("--at", "7:30", "--window", "31") == ["08:00"]
    assert departures("--at", "08:30") == ["09:00"]
    assert departures("--min-change", "11") == ["09:00"]
    assert departures("--max-vehicles", "1") == ["09:00"]
    assert departures("--max-hours", "7") == ["08:00"]


BAD = [
    (["Nowhere", "Montréal", "--on", "2025-06-11"], "No station is called “Nowhere”."),
    (["👪" * 400, "Montréal", "--on", "2025-06-11"], "No station is called “👪"),
    (["New York", "Albany", "--on", "2025-06-11"], "“Albany” may be any of 2 stations: Albany (small, 42.641,-73.741)"),
    (["New York", "Montréal", "--on", "2026-01-01"], "Valid dates: Almanac 2025-06-11 to 2025-06-11."),
    (["New York", "Montréal", "--on", "11/06/2025"], "“11/06/2025” is not a date. Write it like 2025-06-11."),
    (["New York", "Montréal", "--on", "2025-06-11", "--at", "25:00"], "“25:00” is not a time. Write it like 07:15."),
    (["New York", "Montréal", "--on", "2025-06-11", "--window", "525600"], "longer than 72 hours"),
    (["New York", "Montréal", "--on", "2025-06-11", "--window", "9" * 30], "longer than 72 hours"),
    (["New York", "Montréal", "--on", "2025-06-11", "--max-vehicles", "0"], "from 1 to 8 vehicles. Ask for a number"),
    (["New York", "Montréal", "--on", "2025-06-11", "--window", "0"], "A window of 0 minutes holds no departure."),
    (["New York", "New York", "--on", "2025-06-11"], "begins and ends at the same place"),
    (["New York", "44.00,-75.00", "--on", "2025-06-11"], "The nearest: Albany, 182.2 km; Montréal, 201.6 km."),
    (["New York", "0,0", "--on", "2025-06-11"], "There is none within 300 km either."),
    (["New York", "95.0,10", "--on", "2025-06-11"], "95.0,10.0 is nowhere on the map."),
    (["New York", "Montréal", "--on", "2025-06-11", "--party", "2c"], "A party needs at least one adult."),
    (["New York", "Montréal", "--on", "2025-06-11", "--party", "many"], "“many” is not a party."),
    (["New York", "Montréal", "--on", "2025-06-11", "--max-hours", "1000"], "over 168 hours at most"),
]


@pytest.mark.parametrize(("words", "sentence"), BAD)
def test_what_cannot_be_used_is_said_in_a_plain_sentence(here: Here, words: list[str], sentence: str) -> None:
    assert sentence in said(here.run("journey", *words), 2)


def test_an_unknown_stop_and_an_empty_home_are_said(here: Here, tmp_path: Path) -> None:
    assert "There is no stop small:XXX." in said(
        here.run("journey", "stop:small:XXX", "Montréal", "--on", "2025-06-11"), 1
    )
    here.run("feed", "remove", "small")
    assert "There is no timetable yet." in said(here.run("journey", "A", "B", "--on", "2025-06-11"), 2)


def test_a_person_at_a_terminal_is_asked_which_place_is_meant(here: Here) -> None:
    shown = here.typed("7\n1", "journey", "New York", "Albany", "--on", "2025-06-11")
    assert "1  Albany (small, 42.641,-73.741): stop:small:ALB" in shown
    assert "2  Albany Station" in shown
    assert "10:30" in shown


def test_a_place_on_the_map_is_its_nearest_station(here: Here) -> None:
    done = here.run("journey", "40.751,-73.992", "45.5,-73.57", "--on", "2025-06-11", "--at", "08:30")
    assert "New York Penn Station (114 m away) to Montréal" in done.stdout
    assert "09:00" in done.stdout


def test_looking_for_a_journey_starts_without_django(here: Here) -> None:
    code = "import sys; from onward.faces.cli import main; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("said", ["New York Penn", "Nueva York Penn", "NYC"])
def test_a_town_of_the_list_finds_stations_that_no_feed_calls_by_its_name(here: Here, said: str) -> None:
    stops = small()["stops.txt"].replace("New York Penn Station", "Ny Moynihan Hall At Penn Station")
    here.run("feed", "add", here.zip("rail.zip", small(stops_txt=stops)))
    done = here.run("journey", said, "Montréal", "--on", "2025-06-11", "--json")
    assert done.returncode == 0, done.stderr
    assert {journey["legs"][0]["from"]["stop_id"] for journey in json.loads(done.stdout)} == {"NYP"}


def test_a_word_no_station_of_the_town_has_finds_nothing(here: Here) -> None:
    here.run("feed", "add", here.zip("rail.zip", small()))
    done = here.run("journey", "New York Grand Central", "Montréal", "--on", "2025-06-11")
    assert done.returncode == 2
    assert "No station is called" in done.stderr


COACH = ["pab,Port Authority Bus Terminal,40.7520,-73.9930", "mtr,Montréal Coach Station,45.5020,-73.5660"]


def with_coach(here: Here) -> None:
    """The railway, and a coach that calls near two of its stations."""
    coach = tables({"c": [("pab", "22:00"), ("mtr", "29:00")]})
    coach["stops.txt"] = rows("stop_id,stop_name,stop_lat,stop_lon", COACH)
    assert here.run("feed", "add", here.zip("coach.zip", coach)).returncode == 0


def corrections(here: Here, *lines: str) -> str:
    (here.folder / "mine.csv").write_text(rows("from,to,action,minutes,why,by,on", list(lines)), encoding="utf-8")
    return "mine.csv"


def test_links_between_feeds_are_listed_the_doubtful_first(here: Here) -> None:
    with_coach(here)
    links = json.loads(here.run("feed", "links", "--json").stdout)
    assert [(one["from"], one["to"], one["minutes"], one["why"], one["doubt"]) for one in links] == [
        ("coach:pab", "small:NYP", 5, "near", "their names share nothing"),
        ("coach:mtr", "small:MTR", 4, "near, names agree", None),
    ]
    shown = here.run("feed", "links").stdout
    assert "2 links, 1 of them doubtful, 0 corrected." in shown
    assert "Port Authority Bus Terminal" in shown
    assert "Montréal Coach Station" not in shown
    assert "Montréal Coach Station" in here.run("feed", "links", "--all").stdout


def test_a_corrected_link_is_walked_no_more_and_is_shown_as_corrected(here: Here) -> None:
    with_coach(here)
    mine = corrections(here, "small:NYP,coach:pab,unlink,,a motorway lies between,Anna,2025-06-01")
    done = here.run("feed", "links", "--correct", mine)
    assert done.returncode == 0
    assert "mine.csv: 1 corrections kept" in done.stderr
    assert "2 links, 0 of them doubtful, 1 corrected." in done.stdout
    links = json.loads(here.run("feed", "links", "--json").stdout)
    assert [one["minutes"] for one in links if "pab" in one["from"] + one["to"]] == [None]
    assert here.run("feed", "list").stdout.count("Almanac") == 2


def test_corrections_with_a_fault_are_refused_whole_by_line_and_field(here: Here) -> None:
    with_coach(here)
    good = "small:NYP,coach:pab,unlink,,a motorway lies between,Anna,2025-06-01"
    done = here.run("feed", "links", "--correct", corrections(here, good, good.replace("unlink", "part")))
    assert done.returncode == 2
    assert "mine.csv, line 3: action “part”: It is neither link nor unlink. The row cannot be used." in done.stderr
    assert here.run("feed", "links").stdout.count("corrected") == 1
    assert "0 corrected." in here.run("feed", "links").stdout
    assert "cannot be opened" in said(here.run("feed", "links", "--correct", "nowhere.csv"), 2)
