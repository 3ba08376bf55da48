"""Several GTFS feeds as one, so that every search compared reads the very same file.

Ids are prefixed by the feed's name, stops are named by their ids (some searches link stops of one name), and what the
searches read in ways of their own is left out: stations above stops (one changes at one stop only), transfers.txt,
block_id, shapes.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

COLUMNS = {
    "agency.txt": ("agency_id", "agency_name", "agency_url", "agency_timezone"),
    "stops.txt": ("stop_id", "stop_name", "stop_lat", "stop_lon"),
    "routes.txt": ("route_id", "agency_id", "route_short_name", "route_long_name", "route_type"),
    "trips.txt": ("route_id", "service_id", "trip_id"),
    "stop_times.txt": (
        "trip_id",
        "arrival_time",
        "departure_time",
        "stop_id",
        "stop_sequence",
        "pickup_type",
        "drop_off_type",
    ),
    "calendar.txt": (
        "service_id",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "start_date",
        "end_date",
    ),
    "calendar_dates.txt": ("service_id", "date", "exception_type"),
    "frequencies.txt": ("trip_id", "start_time", "end_time", "headway_secs", "exact_times"),
}
IDS = {"agency_id", "stop_id", "route_id", "service_id", "trip_id"}


class Source(NamedTuple):
    """A feed's zip. zone: its time zone where it has no agency.txt."""

    name: str
    path: Path
    zone: str


def merge(sources: Iterable[Source], target: Path) -> Path:
    """Write the feeds as one zip to `target`; gives it back."""
    made = {name: io.StringIO() for name in COLUMNS}
    writers = {name: csv.writer(text, lineterminator="\n") for name, text in made.items()}
    for name, writer in writers.items():
        writer.writerow(COLUMNS[name])
    for source in sources:
        with zipfile.ZipFile(source.path) as archive:
            for name, writer in writers.items():
                writer.writerows(_rows(archive, name, source))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, text in made.items():
            archive.writestr(name, text.getvalue())
    return target


def _rows(archive: zipfile.ZipFile, name: str, source: Source) -> Iterator[list[str]]:
    if name == "agency.txt" and name not in archive.namelist():
        named = {row.get("agency_id", "") for row in _read(archive, "routes.txt")}
        yield from ([_prefixed(source, key), source.name, "http://example.org", source.zone] for key in sorted(named))
        return
    for row in _read(archive, name):
        values = [row.get(column) or "" for column in COLUMNS[name]]
        for at, column in enumerate(COLUMNS[name]):
            if column in IDS and (values[at] or column == "agency_id"):
                values[at] = _prefixed(source, values[at])
            elif column == "stop_name":
                values[at] = _prefixed(source, row["stop_id"])
        yield values


def _prefixed(source: Source, key: str) -> str:
    return f"{source.name}.{key}"


def _read(archive: zipfile.ZipFile, name: str) -> Iterator[dict[str, str]]:
    """The rows of a table, headers and values without spaces around them; none where it is not there."""
    if name not in archive.namelist():
        return
    with archive.open(name) as raw:
        lines = csv.reader(io.TextIOWrapper(raw, encoding="utf-8-sig", newline=""), skipinitialspace=True)
        head = [column.strip() for column in next(lines)]
        for row in lines:
            if row:
                yield dict(zip(head, (value.strip() for value in row), strict=False))
