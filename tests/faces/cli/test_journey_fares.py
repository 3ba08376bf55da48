"""onward journey with fares: those of feeds and quotes on file, for the whole party, or whom to ask."""

import json
import sqlite3
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import connection

from onward.apps.timetables.loading import COLUMNS, add_fares
from onward.apps.timetables.quoted import read_quotes
from onward.apps.timetables.weighing import list_quotes
from onward.core.errors import Unavailable
from onward.site.environment import DATABASE_NAME
from tests.engines.journeys.small_feeds import rows, tables
from tests.faces.cli.test_timetable_commands import Here

TRIPS = {
    "quick": [("NYP", "08:00"), ("MTR", "15:00")],
    "cheap": [("NYP", "08:00"), ("MTR", "17:00")],
}
STOPS = ["NYP,New York Penn Station,40.7500,-73.9923", "MTR,Montréal,45.5001,-73.5657"]
FARES = rows(
    "fare_id,price,currency_type,payment_method,transfers,transfer_duration",
    ["dear,90.00,USD,1,0,", "cheap,40.00,USD,1,0,"],
)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Here:
    """A folder of Onward's, nothing in it."""
    return Here(tmp_path, monkeypatch)


def two_lines(**more: str) -> dict[str, str]:
    """A quick and a slow way on 2025-06-11, each on a line of its own."""
    files = tables(TRIPS)
    files["stops.txt"] = rows("stop_id,stop_name,stop_lat,stop_lon", STOPS)
    files["routes.txt"] = rows("route_id,route_long_name,route_type", ["Q,Quick Line,2", "C,Cheap Line,2"])
    files["trips.txt"] = rows("route_id,service_id,trip_id", ["Q,S,quick", "C,S,cheap"])
    return files | {name.replace("_txt", ".txt"): text for name, text in more.items()}


def with_fares(here: Here) -> None:
    """The two lines with fares of their own, the slow one the cheaper."""
    rules = rows("fare_id,route_id", ["dear,Q", "cheap,C"])
    files = two_lines(fare_attributes_txt=FARES, fare_rules_txt=rules)
    assert here.run("feed", "add", here.zip("small.zip", files)).returncode == 0


ASK = "journey", "stop:small:NYP", "stop:small:MTR", "--on", "2025-06-11"


def found(here: Here, *words: str) -> list[dict[str, object]]:
    done = here.run(*ASK, "--json", *words)
    assert done.returncode == 0, done.stderr
    answer: list[dict[str, object]] = json.loads(done.stdout)
    return answer


def named(journeys: list[dict[str, object]]) -> list[tuple[str, object, object]]:
    return [(one["legs"][0]["trip_id"], one["fare_cents"], one["currency"]) for one in journeys]  # type: ignore[index]


def test_a_slower_way_stands_beside_the_quicker_where_a_feed_says_it_costs_less(here: Here) -> None:
    with_fares(here)
    journeys = found(here, "--party", "2a1c")
    assert named(journeys) == [("quick", 27000, "USD"), ("cheap", 12000, "USD")]
    assert [reason["code"] for reason in journeys[1]["reasons"]] == ["fare_of_feed", "cheapest"]  # type: ignore[attr-defined]
    assert all(one["warnings"] == [] for one in journeys)
    shown = here.run(*ASK, "--party", "2a1c").stdout
    assert "120.00 USD for 2 adults and 1 child" in shown
    assert "Cheapest of those whose price is known." in shown
    assert "not known" not in shown


def test_by_the_timetables_alone_the_best_by_time_are_priced_and_no_other_is_added(here: Here) -> None:
    with_fares(here)
    assert named(found(here, "--no-links")) == [("quick", 9000, "USD")]


def test_of_two_tickets_it_is_said_which_way_each_is_good_for(here: Here) -> None:
    files = two_lines(fare_attributes_txt=FARES, fare_rules_txt=rows("fare_id,route_id", ["dear,Q", "cheap,C"]))
    files["stops.txt"] += "ALB,Albany,42.6410,-73.7411\n"
    trips = {"quick": [("NYP", "08:00"), ("ALB", "10:00")], "cheap": [("ALB", "10:30"), ("MTR", "15:00")]}
    files["stop_times.txt"] = tables(trips)["stop_times.txt"]  # type: ignore[arg-type]
    here.run("feed", "add", here.zip("small.zip", files))
    shown = here.run(*ASK).stdout
    assert "130.00 USD for 1 adult" in shown
    assert "New York Penn Station – Albany, 1 adult: 90.00 USD, as the timetable says (dear)" in shown
    assert "Albany – Montréal, 1 adult: 40.00 USD, as the timetable says (cheap)" in shown


def test_where_nothing_is_known_of_fares_the_carrier_is_to_be_asked(here: Here) -> None:
    assert here.run("feed", "add", here.zip("small.zip", two_lines())).returncode == 0
    (one,) = found(here)
    assert (one["fare_cents"], one["tax_cents"], one["fee_cents"], one["quoted_on"]) == (None,) * 4
    assert "The fare is not known: ask the carrier." in here.run(*ASK).stdout


QUOTE = "small,,NYP,MTR,8000,4000,0,300,250,USD,2025-06-01,2025-06-01,2025-06-30,telephone"


def quoted(home: Path, *quotes: str) -> Path:
    """An installation's database with those quotes on file: the one of this test, copied whole to where it lies."""
    add_fares("\n".join([",".join(COLUMNS), *quotes]), now=datetime(2025, 6, 10, tzinfo=UTC))
    home.mkdir(exist_ok=True)
    with sqlite3.connect(home / DATABASE_NAME) as copy:
        connection.ensure_connection()
        connection.connection.backup(copy)
    return home / DATABASE_NAME


@pytest.mark.django_db(transaction=True)
def test_a_quote_on_file_is_the_partys_price_with_the_day_it_was_said_on(here: Here) -> None:
    files = two_lines()
    del files["agency.txt"]
    assert here.run("feed", "add", "--zone", "America/New_York", here.zip("small.zip", files)).returncode == 0
    quoted(Path(here.environment["ONWARD_HOME"]), QUOTE)
    (one,) = found(here, "--party", "2a1c")
    assert (one["fare_cents"], one["tax_cents"], one["fee_cents"]) == (20000, 900, 250)
    assert one["quoted_on"] == "2025-06-01"
    shown = here.run(*ASK, "--party", "2a1c").stdout
    assert "211.50 USD for 2 adults and 1 child: fare 200.00 USD, tax 9.00 USD, fee 2.50 USD" in shown
    assert "2 adults and 1 child: 209.00 USD, quoted 2025-06-01" in shown


@pytest.mark.django_db(transaction=True)
def test_quotes_read_without_django_are_those_of_the_desk_on_the_days_asked(tmp_path: Path) -> None:
    later = QUOTE.replace("2025-06-01,2025-06-30", "2025-07-01,2025-07-31").replace("8000", "9000")
    database = quoted(tmp_path, QUOTE, later)
    june, july = date(2025, 6, 30), date(2025, 7, 1)
    for first, last, count in ((june, june, 1), (june, july, 2), (date(2025, 8, 1), date.max, 0), (date.min, june, 1)):
        assert read_quotes(database, first, last) == list_quotes(first, last)
        assert len(list_quotes(first, last)) == count


def test_an_installation_without_fares_or_with_a_broken_database_is_told_apart(tmp_path: Path) -> None:
    path = tmp_path / DATABASE_NAME
    assert read_quotes(path, date.min, date.max) == []
    sqlite3.connect(path).close()
    assert read_quotes(path, date.min, date.max) == []
    path.write_bytes(b"no database" * 1000)
    with pytest.raises(Unavailable, match="cannot be read now"):
        read_quotes(path, date.min, date.max)


def test_a_priced_journey_is_found_without_django_and_without_the_whole_timetable(here: Here) -> None:
    with_fares(here)
    code = (
        "import sys\n"
        "from onward.engines.journeys import timetable\n"
        "timetable.Timetable.__init__ = None\n"
        "from onward.faces.cli.main import app\n"
        f"sys.argv = ['onward', *{ASK!r}, '--json']\n"
        "app(standalone_mode=False)\n"
        "sys.exit('django' in sys.modules)\n"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=here.folder, env=here.environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert '"fare_cents": 4000' in done.stdout
