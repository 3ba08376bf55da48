"""Made-up timetables and dated fares between real stations: two GTFS files and fares.csv, from a seed and a date.

The stations are real; the carriers, times and fares are not. The same seed and start date give the same bytes.
Run it with: python -m tools.demo_feed OUT_DIR [--seed N] [--start-on YYYY-MM-DD]
"""

import argparse
import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from tools.demo_trips import Trip, list_trips, may_carry, noise
from tools.demo_world import Feed, Line, Station, World, crow_fly_km, load_world

DAYS_BEFORE, DAYS_AFTER = 14, 370
FARES_NAME = "fares.csv"
FARES_SOURCE = "made up for the demonstration"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SERVICES = {"daily": (1, 1, 1, 1, 1, 1, 1), "weekday": (1, 1, 1, 1, 1, 0, 0), "three-a-week": (1, 0, 1, 0, 0, 1, 0)}
"""GTFS service_id to whether it runs, Monday to Sunday."""
HOLIDAYS = ((1, 1), (12, 25))
"""(month, day) on which only daily services run."""
NEAR_KM = 500
"""Fares grow by agencies.csv's near rate up to here and by its far rate beyond."""

type Row = dict[str, str | int]
type Table = list[Row]


def write_feeds(out_dir: Path, *, seed: int, start_on: date) -> list[Path]:
    """Write demo_coaches.zip, demo_rail.zip and fares.csv into `out_dir`; return the two zips in that order.

    They are valid from 14 days before `start_on` to 370 days after it. Files of those names are replaced. Raises
    BadInput where the tables in data/demo do not hold together.
    """
    world = load_world()
    out_dir.mkdir(parents=True, exist_ok=True)
    paths, fares = [], []
    for feed in world.feeds:
        trips = list_trips(world, feed, seed=seed, year=start_on.year)
        tables = _timetable(world, feed, trips) | _days(feed, seed=seed, start_on=start_on)
        paths.append(out_dir / f"{feed.name}.zip")
        _write_zip(paths[-1], tables)
        fares += _fares(trips, seed=seed, start_on=start_on)
    fares.sort(key=lambda row: [str(cell) for cell in row.values()][:4])
    (out_dir / FARES_NAME).write_bytes(_csv_bytes(fares))
    return paths


def _timetable(world: World, feed: Feed, trips: Sequence[Trip]) -> dict[str, Table]:
    stations = [station for station in world.stations if station.feed == feed.name]
    return {
        "agency.txt": _agencies(world, feed),
        "routes.txt": _routes(world, feed),
        "stops.txt": [_stop(station) for station in stations],
        "transfers.txt": [_change(station) for station in stations],
        "trips.txt": [_trip(trip) for trip in trips],
        "stop_times.txt": [row for trip in trips for row in _stop_times(trip)],
    }


def _agencies(world: World, feed: Feed) -> Table:
    return [
        {
            "agency_id": agency.agency_id,
            "agency_name": agency.name,
            "agency_url": f"https://example.org/{agency.slug}",
            "agency_timezone": feed.zone,
            "agency_phone": agency.phone,
        }
        for agency in world.agencies
        if agency.feed == feed.name
    ]


def _routes(world: World, feed: Feed) -> Table:
    return [
        {
            "route_id": line.route_id,
            "agency_id": line.agency.agency_id,
            "route_short_name": line.short_name,
            "route_long_name": line.long_name,
            "route_type": feed.route_type,
        }
        for line in world.lines
        if line.feed == feed.name
    ]


def _stop(station: Station) -> Row:
    return {
        "stop_id": station.stop_id,
        "stop_name": station.name,
        "stop_lat": f"{station.lat:.4f}",
        "stop_lon": f"{station.lon:.4f}",
        "stop_timezone": station.zone,
        "location_type": 0,
        "wheelchair_boarding": station.wheelchair_boarding,
    }


def _change(station: Station) -> Row:
    return {
        "from_stop_id": station.stop_id,
        "to_stop_id": station.stop_id,
        "transfer_type": 2,
        "min_transfer_time": station.min_change_min * 60,
    }


def _trip(trip: Trip) -> Row:
    return {
        "route_id": trip.line.route_id,
        "service_id": trip.service_id,
        "trip_id": trip.trip_id,
        "trip_headsign": trip.calls[-1].station.place_name,
        "trip_short_name": trip.number,
        "direction_id": trip.direction,
        "wheelchair_accessible": trip.line.wheelchair_accessible,
    }


def _stop_times(trip: Trip) -> Table:
    return [
        {
            "trip_id": trip.trip_id,
            "arrival_time": _clock(call.arrive_s),
            "departure_time": _clock(call.depart_s),
            "stop_id": call.station.stop_id,
            "stop_sequence": order,
            "pickup_type": 0 if call.may_board else 1,
            "drop_off_type": 0 if call.may_alight else 1,
            "timepoint": 1,
        }
        for order, call in enumerate(trip.calls, start=1)
    ]


def _days(feed: Feed, *, seed: int, start_on: date) -> dict[str, Table]:
    """The tables that depend on the date: calendar, its holidays where there are any, and feed_info."""
    first, last = start_on - timedelta(DAYS_BEFORE), start_on + timedelta(DAYS_AFTER)
    span = {"start_date": _day(first), "end_date": _day(last)}
    info: Row = {
        "feed_publisher_name": f"Onward demonstration, {feed.name} (made up)",
        "feed_publisher_url": "https://example.org/",
        "feed_lang": "en",
        "feed_start_date": _day(first),
        "feed_end_date": _day(last),
        "feed_contact_url": "https://example.org/",
        "feed_version": f"seed {seed}, from {start_on.isoformat()}",
    }
    tables: dict[str, Table] = {
        "calendar.txt": [
            {"service_id": name, **dict(zip(WEEKDAYS, runs, strict=True)), **span} for name, runs in SERVICES.items()
        ],
        "feed_info.txt": [info],
    }
    holidays = _holidays(first, last)
    return tables | ({"calendar_dates.txt": holidays} if holidays else {})


def _holidays(first: date, last: date) -> Table:
    days = [first + timedelta(offset) for offset in range((last - first).days + 1)]
    return [
        {"service_id": name, "date": _day(day), "exception_type": 2}
        for day in days
        if (day.month, day.day) in HOLIDAYS
        for name, runs in SERVICES.items()
        if name != "daily" and runs[day.weekday()]
    ]


def _fares(trips: Iterable[Trip], *, seed: int, start_on: date) -> Table:
    """One fare for every pair of stations an agency may carry somebody between."""
    pairs: dict[tuple[str, str, str], tuple[Line, Station, Station]] = {}
    for trip in trips:
        for board, alight in ((i, j) for j in range(len(trip.calls)) for i in range(j)):
            if may_carry(trip, board, alight):
                start, end = trip.calls[board].station, trip.calls[alight].station
                pairs[trip.line.agency.agency_id, start.stop_id, end.stop_id] = (trip.line, start, end)
    first, last = start_on - timedelta(DAYS_BEFORE), start_on + timedelta(DAYS_AFTER)
    dates: Row = {"quoted_on": first.isoformat(), "valid_from": first.isoformat(), "valid_to": last.isoformat()}
    return [
        {**_fare(line, start, end, seed=seed), **dates, "source": FARES_SOURCE} for line, start, end in pairs.values()
    ]


def _fare(line: Line, start: Station, end: Station, *, seed: int) -> Row:
    """The same in both directions; whole halves of the currency, tax and fee apart."""
    agency = line.agency
    km = crow_fly_km(start, end) * 1.2
    by_km = agency.near_minor_per_km * min(km, NEAR_KM) + agency.far_minor_per_km * max(km - NEAR_KM, 0)
    factor = 0.88 + 0.24 * noise(str(seed), agency.agency_id, *sorted((start.stop_id, end.stop_id)))
    adult_minor = round((agency.base_minor + by_km) * factor / 50) * 50
    return {
        "feed": line.feed,
        "agency_id": agency.agency_id,
        "from_stop_id": start.stop_id,
        "to_stop_id": end.stop_id,
        "adult_minor": adult_minor,
        "child_minor": adult_minor * agency.child_percent // 5000 * 50,
        "infant_minor": 0,
        "tax_minor": adult_minor * agency.tax_per_mille // 1000,
        "fee_minor": agency.fee_minor,
        "currency": agency.currency,
    }


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _day(day: date) -> str:
    return f"{day:%Y%m%d}"


def _csv_bytes(table: Table) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(table[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(table)
    return text.getvalue().encode()


def _write_zip(path: Path, tables: dict[str, Table]) -> None:
    """Stored, not deflated, with one fixed time: the bytes depend on nothing but the tables."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, table in sorted(tables.items()):
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, _csv_bytes(table))


def main() -> None:
    """Write the feeds from the command line."""
    parser = argparse.ArgumentParser(description="Write the demonstration's made-up timetables and fares.")
    parser.add_argument("out_dir", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--start-on", type=date.fromisoformat, help="YYYY-MM-DD; today unless given")
    given = parser.parse_args()
    start_on = given.start_on or datetime.now().astimezone().date()
    for path in [*write_feeds(given.out_dir, seed=given.seed, start_on=start_on), given.out_dir / FARES_NAME]:
        print(path)


if __name__ == "__main__":
    main()
