"""On the corridor's real timetables the search equals nigiri, an independent one; and the answer everyone knows."""

import json
import os
import random
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest

from onward.core.window import Window
from onward.engines.journeys import Linking, Query, Stop, Timetable, find_stations_by_name, read_feed, search
from onward.engines.journeys.clock import minute_of

pytestmark = pytest.mark.shared

WHOLE = ("amtrak", "hl", "lirr", "septa", "via")
MENDED = ("exo", "marc", "mbta", "njt", "sle", "vre")
QUERIES, ANSWERED, SEED = 200, 150, 20250611
NEW_YORK, TORONTO = "America/New_York", "America/Toronto"
ROOT = Path(__file__).resolve().parents[3]


class Asked(NamedTuple):
    """One query: leaving a station of a feed in a window for another of the same feed. A station is all its tracks."""

    from_stops: list[Stop]
    to_stops: list[Stop]
    window: Window


def zone_of(name: str) -> str:
    """The zone of a feed that does not say."""
    return TORONTO if name in ("via", "exo") else NEW_YORK


@pytest.fixture(scope="module")
def paths(shared: Path) -> dict[str, Path]:
    """The corridor's zips by feed name."""
    whole = {name: shared / "gtfs" / f"ne_{name}_2025-06.zip" for name in WHOLE}
    return whole | {name: shared / "gtfs" / "mended" / f"ne_{name}_2025-06.zip" for name in MENDED}


@pytest.fixture(scope="module")
def corridor(paths: dict[str, Path]) -> dict[Linking, Timetable]:
    """The corridor with stations linked and not."""
    feeds = [read_feed(path.read_bytes(), name=name, zone=zone_of(name))[0] for name, path in paths.items()]
    return {linking: Timetable(feeds, linking) for linking in (Linking.OFF, Linking.NEARBY)}


@pytest.fixture(scope="module")
def oracle() -> Iterator["Oracle"]:
    """nigiri in its own environment; tests that need it skip where it is not there."""
    python = ROOT / ".peers" / "bin" / "python"
    if not python.exists():
        pytest.skip("not run: our search against nigiri's on 200 queries (make peers sets nigiri up)")
    with Oracle(python) as opened:
        yield opened


class Oracle:
    """tools/peers/nigiri_oracle.py in a process of its own."""

    def __init__(self, python: Path) -> None:
        command = [str(python), str(ROOT / "tools" / "peers" / "nigiri_oracle.py")]
        self._run = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=os.environ
        )

    def __enter__(self) -> "Oracle":
        return self

    def __exit__(self, *_: object) -> None:
        self._run.communicate(timeout=30)

    def ask(self, line: dict[str, object]) -> object:
        """The answer to one line."""
        assert self._run.stdin is not None
        assert self._run.stdout is not None
        self._run.stdin.write(json.dumps(line) + "\n")
        self._run.stdin.flush()
        return json.loads(self._run.stdout.readline())

    def best(self, asked: Asked) -> list[tuple[int, ...]]:
        """nigiri's best journeys of the feed it has loaded."""
        ends = {"from": [stop.stop_id for stop in asked.from_stops], "to": [stop.stop_id for stop in asked.to_stops]}
        window = {"start": minute_of(asked.window.start_at), "end": minute_of(asked.window.end_at)}
        answer = self.ask(ends | window | {"max_minutes": 1440, "max_vehicles": 8})
        assert isinstance(answer, list), answer
        return [tuple(one) for one in answer]


def ours(timetable: Timetable, asked: Asked) -> list[tuple[int, ...]]:
    """Our best journeys as (departure minute, arrival minute, vehicles)."""
    ends = (tuple(stop.key for stop in stops) for stops in (asked.from_stops, asked.to_stops))
    found = search(timetable, Query(*ends, asked.window))
    return sorted((minute_of(one.depart_at), minute_of(one.arrive_at), one.vehicles) for one in found)


def stations_of(timetable: Timetable) -> dict[str, dict[str, list[Stop]]]:
    """By feed, the stops trips call at, those of one name together: they are the tracks of one station."""
    stations: dict[str, dict[str, list[Stop]]] = {feed.name: {} for feed in timetable.feeds}
    for stop, calls in zip(timetable.stops, timetable.calls_at, strict=True):
        if calls:
            stations[stop.feed].setdefault(stop.name, []).append(stop)
    return stations


def trips_at(timetable: Timetable, stops: list[Stop]) -> int:
    """How many trips call there on some day."""
    calls = [call for stop in stops for call in timetable.calls_at[timetable.number(stop.key)]]
    return sum(len(timetable.patterns[pattern].trips) for pattern, _ in calls)


def reachable(timetable: Timetable, starts: list[Stop]) -> set[str]:
    """The stops to which trips lead from there somehow, on whatever days."""
    after: dict[int, set[int]] = {}
    for stop, before in enumerate(timetable.hops_into):
        for start in before:
            after.setdefault(start, set()).add(stop)
    seen = {timetable.number(stop.key) for stop in starts}
    open_ = list(seen)
    while open_:
        found = after.get(open_.pop(), set()) - seen
        seen |= found
        open_ += found
    return {timetable.stops[stop].key for stop in seen}


def random_queries(timetable: Timetable) -> dict[str, list[Asked]]:
    """Queries by feed: from a station, the busier the likelier, to one that trips join it with; 4 to 12 hours."""
    chance = random.Random(SEED)
    stations = {name: list(found.values()) for name, found in stations_of(timetable).items()}
    trips = {name: [trips_at(timetable, stops) for stops in found] for name, found in stations.items()}
    asked: dict[str, list[Asked]] = {name: [] for name in stations}
    for _ in range(QUERIES):
        name = chance.choice(sorted(stations))
        start = chance.choices(stations[name], trips[name])[0]
        joined = reachable(timetable, start)
        ends = [stops for stops in stations[name] if stops != start and joined & {stop.key for stop in stops}]
        end = chance.choice(ends or stations[name])
        begin = datetime(2025, 6, 11, chance.randrange(4, 16), chance.randrange(60), tzinfo=ZoneInfo(NEW_YORK))
        asked[name].append(Asked(start, end, Window(begin, begin + timedelta(hours=chance.choice([4, 8, 12])))))
    return asked


@pytest.mark.peers
def test_on_two_hundred_random_queries_the_best_journeys_are_those_of_nigiri(
    corridor: dict[Linking, Timetable], paths: dict[str, Path], oracle: Oracle
) -> None:
    timetable = corridor[Linking.OFF]
    answered = differing = 0
    for name, queries in random_queries(timetable).items():
        days = {"first_on": "2025-06-05", "last_on": "2025-06-15"}
        oracle.ask({"feed": str(paths[name]), "zone": zone_of(name)} | days)
        for asked in queries:
            found = ours(timetable, asked)
            answered += bool(found)
            differing += found != oracle.best(asked)
    assert differing == 0
    assert answered >= ANSWERED


def test_from_new_york_penn_to_montreal_amtrak_69_leaves_at_0715_and_arrives_at_2016(
    corridor: dict[Linking, Timetable],
) -> None:
    timetable = corridor[Linking.NEARBY]
    start, end = (find_stations_by_name(timetable, name)[0].stops for name in ("New York Penn", "Montréal"))
    begin = datetime(2025, 6, 11, tzinfo=ZoneInfo(NEW_YORK))
    found = search(timetable, Query(start, end, Window(begin, begin + timedelta(days=1))))
    direct = [one for one in found if one.vehicles == 1]
    assert [one.depart_at.isoformat() for one in direct] == ["2025-06-11T07:15:00-04:00"]
    assert [one.arrive_at.isoformat() for one in direct] == ["2025-06-11T20:16:00-04:00"]
    leg = direct[0].legs[0]
    assert (leg.agency, leg.number, leg.route) == ("Amtrak", "69", "Adirondack")


def test_a_family_crosses_the_continent_in_the_four_days_it_takes(corridor: dict[Linking, Timetable]) -> None:
    timetable = corridor[Linking.NEARBY]
    start, end = (find_stations_by_name(timetable, name)[0].stops for name in ("El Paso", "New York Penn"))
    begin = datetime(2025, 6, 11, tzinfo=ZoneInfo("America/Denver"))
    query = Query(start, end, Window(begin, begin + timedelta(days=1)), max_travel=timedelta(hours=96))
    found = search(timetable, query)
    assert found
    assert all(timedelta(hours=50) < one.arrive_at - one.depart_at < timedelta(hours=96) for one in found)
    assert {one.depart_at.tzname() for one in found} == {"MDT"}
