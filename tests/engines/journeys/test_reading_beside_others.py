"""What we read of real feeds is what others read: gtfs-parquet counts trips, gtfs-guru names the rows at fault."""

import json
import subprocess
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from onward.engines.journeys import Feed, FeedRefused, read_feed
from onward.engines.journeys.gtfs.calendar import day_number

pytestmark = [pytest.mark.shared, pytest.mark.peers]

ROOT = Path(__file__).resolve().parents[3]
WHOLE = ("amtrak", "hl", "lirr", "septa", "via")
MENDED = ("exo", "marc", "mbta", "njt", "sle", "vre")
FIRST_ON, DAYS = date(2025, 6, 5), 11


class Readers:
    """tools/peers/feed_readers.py in a process of its own."""

    def __init__(self, run: "subprocess.Popen[str]") -> None:
        self._run = run

    def ask(self, **asked: str) -> dict[str, list[int]]:
        """The answer to one line."""
        assert self._run.stdin is not None
        assert self._run.stdout is not None
        self._run.stdin.write(json.dumps(asked) + "\n")
        self._run.stdin.flush()
        answer: dict[str, list[int]] = json.loads(self._run.stdout.readline())
        return answer


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    python = ROOT / ".peers" / "bin" / "python"
    if not python.exists():
        pytest.skip("not run: our reading of feeds beside gtfs-parquet's and gtfs-guru's (make peers sets them up)")
    command = [str(python), str(ROOT / "tools" / "peers" / "feed_readers.py")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as run:
        yield Readers(run)
        run.communicate(timeout=30)


def path_of(shared: Path, name: str) -> Path:
    folder = shared / "gtfs" / ("mended" if name in MENDED else "")
    return folder / f"ne_{name}_2025-06.zip"


def counted(feed: Feed, on: date) -> list[int]:
    """Trips that run, their stop times, their first departures and last arrivals in seconds, added up."""
    trips, bit = feed.trips, 1 << day_number(on)
    running = [
        at for at, service in enumerate(trips.service) if feed.services[service] & bit and trips.second_route[at] < 0
    ]
    ends = [(trips.time_first[at], trips.time_first[at + 1]) for at in running]
    calls = sum(after - first for first, after in ends)
    return [
        len(running),
        calls,
        sum(trips.depart_s[first] for first, _ in ends),
        sum(trips.arrive_s[after - 1] for _, after in ends),
    ]


@pytest.mark.parametrize("name", [*WHOLE, *MENDED])
def test_on_each_service_day_the_same_trips_call_as_often_and_at_the_same_times(
    name: str, shared: Path, readers: Readers
) -> None:
    path = path_of(shared, name)
    feed, _ = read_feed(path.read_bytes(), name=name, zone="America/New_York")
    last_on = FIRST_ON + timedelta(days=DAYS - 1)
    theirs = readers.ask(feed=str(path), first_on=FIRST_ON.isoformat(), last_on=last_on.isoformat())
    days = [FIRST_ON + timedelta(days=at) for at in range(DAYS)]
    assert {on.isoformat(): counted(feed, on) for on in days} == theirs
    assert sum(trips for trips, *_ in theirs.values()) > 0


# Not SLE: the validator takes its stop_sequence "1.0" for no number, and looks no further.
@pytest.mark.parametrize("name", ["exo", "marc", "mbta", "njt", "vre"])
def test_the_rows_we_find_without_a_stop_are_those_the_validator_finds(
    name: str, shared: Path, readers: Readers
) -> None:
    path = shared / "gtfs" / f"ne_{name}_2025-06.zip"
    try:
        reading = read_feed(path.read_bytes(), name=name, zone="America/New_York")[1]
    except FeedRefused as error:
        reading = error.reading
    ours = [one.line for one in reading.findings if (one.file, one.field) == ("stop_times.txt", "stop_id")]
    assert ours
    assert ours == readers.ask(feed=str(path))["rows"]
