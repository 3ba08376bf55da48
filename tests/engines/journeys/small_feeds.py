"""Tiny GTFS feeds written inside tests: a few stops, a few trips, whatever oddity the test is about."""

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from onward.core.window import Window
from onward.engines.journeys import Feed, Journey, Linking, Query, Reading, StopKey, Timetable, read_feed, search

NEW_YORK = ZoneInfo("America/New_York")
DAY = "20250611"
"""A Wednesday."""

Calls = list[tuple[str, str]]
"""(stop, "HH:MM", "arrival-departure" or "" for no time)"""


def zipped(tables: Mapping[str, str | bytes]) -> bytes:
    """A zip of those files."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, text in tables.items():
            archive.writestr(name, text)
    return held.getvalue()


def tables(trips: dict[str, Calls], *, zone: str = "America/New_York", days: str = DAY) -> dict[str, str]:
    """The files of a feed in which each trip runs on those days. Stops lie eleven kilometres apart, in a row."""
    stops = list(dict.fromkeys(stop for calls in trips.values() for stop, _ in calls))
    return {
        "agency.txt": f"agency_id,agency_name,agency_url,agency_timezone\nX,Almanac,http://x.example,{zone}\n",
        "stops.txt": rows(
            "stop_id,stop_name,stop_lat,stop_lon",
            [f"{stop},{stop} Place,{40 + n / 10},-74" for n, stop in enumerate(stops)],
        ),
        "routes.txt": rows("route_id,agency_id,route_short_name,route_long_name,route_type", ["R,X,,The Line,2"]),
        "trips.txt": rows("route_id,service_id,trip_id,trip_headsign", [f"R,S,{trip},To the end" for trip in trips]),
        "stop_times.txt": rows(
            "trip_id,arrival_time,departure_time,stop_id,stop_sequence",
            [
                f"{trip},{times(text)},{stop},{n}"
                for trip, calls in trips.items()
                for n, (stop, text) in enumerate(calls)
            ],
        ),
        "calendar_dates.txt": rows("service_id,date,exception_type", [f"S,{day},1" for day in days.split()]),
    }


def rows(head: str, lines: list[str]) -> str:
    """A table's text."""
    return "\n".join([head, *lines, ""])


def times(text: str) -> str:
    """ "08:00" as "08:00:00,08:00:00", "08:00-08:05" as arrival and departure."""
    arrive, _, depart = text.partition("-")
    return ",".join(f"{part}:00" if part else "" for part in (arrive, depart or arrive))


def read(files: dict[str, str], *, name: str = "small", zone: str | None = None) -> tuple[Feed, Reading]:
    """The feed read from those files."""
    return read_feed(zipped(files), name=name, zone=zone)


def timetable(files: dict[str, str], *, linking: Linking = Linking.FEED) -> Timetable:
    """One feed as a timetable."""
    return Timetable([read(files)[0]], linking)


def at(text: str, zone: ZoneInfo = NEW_YORK) -> datetime:
    """ "2025-06-11 08:00" on a clock; "08:00" alone is on 2025-06-11."""
    return datetime.fromisoformat(text if " " in text else f"2025-06-11 {text}").replace(tzinfo=zone)


def find(table: Timetable, ends: str, begin: str, *, hours: float = 4, **limits: object) -> list[Journey]:
    """Journeys between two stops of the feed "small": ends is "A B", begin as `at` reads it."""
    start, end = (StopKey(f"small:{stop}") for stop in ends.split())
    begin_at = at(begin)
    until = datetime.fromtimestamp(begin_at.timestamp() + hours * 3600, NEW_YORK)
    return search(table, Query((start,), (end,), Window(begin_at, until), **limits))  # type: ignore[arg-type]


def shown(journeys: list[Journey]) -> list[str]:
    """Journeys as "08:00-09:00 x1", on the clocks at their ends."""
    return [f"{one.depart_at:%H:%M}-{one.arrive_at:%H:%M} x{one.vehicles}" for one in journeys]


def minutes(count: int) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=count)
