"""The made-up feeds as any stranger's reader would see them: rows of text, and journeys by a plain scan."""

import csv
import io
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from zoneinfo import ZoneInfo

type Row = dict[str, str]
type Stop = tuple[str, str]
"""(feed, stop_id)"""

WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()  # noqa: SIM905  (reads better)
WALK_KM, WALK_KMH, DETOUR = 0.35, 3.6, 1.3


@dataclass(frozen=True, slots=True)
class GtfsFeed:
    """One feed: its tables, and its calls by trip in order."""

    name: str
    tables: dict[str, list[Row]]
    calls: dict[str, list[Row]]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.tables["agency"][0]["agency_timezone"])

    def by_id(self, table: str, column: str) -> dict[str, Row]:
        return {row[column]: row for row in self.tables[table]}

    def services_on(self, day: date) -> set[str]:
        """The services that run on a day, by calendar.txt and calendar_dates.txt."""
        text = f"{day:%Y%m%d}"
        running = {
            row["service_id"]
            for row in self.tables["calendar"]
            if row["start_date"] <= text <= row["end_date"] and row[WEEKDAYS[day.weekday()]] == "1"
        }
        for row in self.tables.get("calendar_dates", []):
            if row["date"] == text:
                (running.add if row["exception_type"] == "1" else running.discard)(row["service_id"])
        return running


def read_feed(path: Path) -> GtfsFeed:
    """Read every table of a GTFS zip."""
    tables = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            text = archive.read(name).decode("utf-8")
            tables[name.removesuffix(".txt")] = list(csv.DictReader(io.StringIO(text)))
    calls = defaultdict(list)
    for row in tables["stop_times"]:
        calls[row["trip_id"]].append(row)
    for rows in calls.values():
        rows.sort(key=lambda row: int(row["stop_sequence"]))
    return GtfsFeed(path.stem, tables, dict(calls))


def seconds(clock: str) -> int:
    """ "25:10:00" as seconds after the start of the service day."""
    hours, minutes, rest = map(int, clock.split(":"))
    return hours * 3600 + minutes * 60 + rest


def instant(feed: GtfsFeed, day: date, clock: str) -> datetime:
    """The UTC instant of a clock time of a service day: counted from noon less twelve hours (GTFS, Time)."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=feed.zone).astimezone(UTC)
    return noon - timedelta(hours=12) + timedelta(seconds=seconds(clock))


def km_between(one: Row, other: Row) -> float:
    """Great-circle kilometres between two rows of stops.txt."""
    lat_1, lon_1, lat_2, lon_2 = (radians(float(row[key])) for row in (one, other) for key in ("stop_lat", "stop_lon"))
    turn = sin((lat_2 - lat_1) / 2) ** 2 + cos(lat_1) * cos(lat_2) * sin((lon_2 - lon_1) / 2) ** 2
    return 2 * 6371 * asin(sqrt(turn))


@dataclass(frozen=True, slots=True)
class Ride:
    """A trip between one stop and the next, on one day."""

    run: tuple[str, str, date]
    start: Stop
    end: Stop
    leave_at: datetime
    arrive_at: datetime
    may_board: bool
    may_alight: bool


def rides(feed: GtfsFeed, days: Iterable[date]) -> Iterator[Ride]:
    """All rides of the trips that run on the given service days."""
    for day in days:
        running = feed.services_on(day)
        for trip in feed.tables["trips"]:
            if trip["service_id"] not in running:
                continue
            calls = feed.calls[trip["trip_id"]]
            for here, there in zip(calls, calls[1:], strict=False):
                yield Ride(
                    run=(feed.name, trip["trip_id"], day),
                    start=(feed.name, here["stop_id"]),
                    end=(feed.name, there["stop_id"]),
                    leave_at=instant(feed, day, here["departure_time"]),
                    arrive_at=instant(feed, day, there["arrival_time"]),
                    may_board=here["pickup_type"] == "0",
                    may_alight=there["drop_off_type"] == "0",
                )


def walks(feeds: Iterable[GtfsFeed]) -> dict[Stop, list[tuple[Stop, timedelta]]]:
    """Stops a few minutes apart, with the time to walk."""
    stops = {(feed.name, row["stop_id"]): row for feed in feeds for row in feed.tables["stops"]}
    near: dict[Stop, list[tuple[Stop, timedelta]]] = {stop: [] for stop in stops}
    for one, here in stops.items():
        for other, there in stops.items():
            km = km_between(here, there)
            if one != other and km <= WALK_KM:
                near[one].append((other, timedelta(hours=km * DETOUR / WALK_KMH, minutes=5)))
    return near


@dataclass(frozen=True, slots=True)
class Timeline:
    """All rides of the days around one, by departure, with what a change takes and which stops are near."""

    rides: list[Ride]
    change: dict[Stop, timedelta]
    near: dict[Stop, list[tuple[Stop, timedelta]]]


def timeline(feeds: list[GtfsFeed], day: date) -> Timeline:
    """Rides of the service days from four before to eight after, so that trips of several days are seen whole."""
    days = [day + timedelta(offset) for offset in range(-4, 9)]
    change = {
        (feed.name, row["from_stop_id"]): timedelta(seconds=int(row["min_transfer_time"]))
        for feed in feeds
        for row in feed.tables["transfers"]
    }
    found = [ride for feed in feeds for ride in rides(feed, days)]
    return Timeline(sorted(found, key=lambda ride: (ride.leave_at, ride.arrive_at)), change, walks(feeds))


def earliest_arrivals(lines: Timeline, starts: Iterable[Stop], *, leave_at: datetime) -> dict[Stop, datetime]:
    """The first moment each stop can be reached. Nobody waits to change where they start."""
    reached = dict.fromkeys(starts, leave_at)
    ready = dict(reached)
    aboard = set()
    for ride in lines.rides:
        if ride.may_board and ride.start in ready and ready[ride.start] <= ride.leave_at:
            aboard.add(ride.run)
        if ride.run not in aboard or not ride.may_alight:
            continue
        if ride.end in reached and reached[ride.end] <= ride.arrive_at:
            continue
        reached[ride.end] = ride.arrive_at
        for stop, wait in [(ride.end, lines.change[ride.end]), *lines.near[ride.end]]:
            at = ride.arrive_at + wait
            ready[stop] = min(ready.get(stop, at), at)
            reached[stop] = min(reached.get(stop, at), at)
    return reached
