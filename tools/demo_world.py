"""The demonstration's made-up carriers as tables: feeds, agencies, stations and lines read from data/demo."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

from onward.core.errors import BadInput, message

DATA = Path(__file__).resolve().parent.parent / "data"
EARTH_KM = 6371.0


@dataclass(frozen=True, slots=True)
class Feed:
    """One GTFS file to be: its single time zone, and how its vehicles run.

    detour: kilometres on the way for one as the crow flies. drive_before_rest_min: 0 for no rests.
    """

    name: str
    zone: str
    route_type: int
    default_dwell_min: int
    border_min: int
    detour: float
    round_to_min: int
    drive_before_rest_min: int
    rest_min: int


@dataclass(frozen=True, slots=True)
class Agency:
    """An invented carrier, and what it charges: minor units of its currency, by the kilometre and by the share."""

    feed: str
    agency_id: str
    name: str
    country: str
    slug: str
    phone: str
    currency: str
    base_minor: int
    near_minor_per_km: int
    far_minor_per_km: int
    child_percent: int
    tax_per_mille: int
    fee_minor: int


@dataclass(frozen=True, slots=True)
class Station:
    """A real station: position in degrees, zone and country those of its place, minutes needed to change."""

    feed: str
    stop_id: str
    name: str
    place: str
    place_name: str
    country: str
    zone: str
    lat: float
    lon: float
    wheelchair_boarding: int
    min_change_min: int


@dataclass(frozen=True, slots=True)
class Departure:
    """When a trip leaves its first station, in minutes after midnight on that station's clock, and on which days."""

    clock_min: int
    service_id: str


@dataclass(frozen=True, slots=True)
class Line:
    """An invented route: stations in order, minutes halted at each, departures from either end."""

    feed: str
    agency: Agency
    route_id: str
    short_name: str
    long_name: str
    speed_kmh: float
    wheelchair_accessible: int
    stations: tuple[Station, ...]
    dwell_min: tuple[int, ...]
    out: tuple[Departure, ...]
    back: tuple[Departure, ...]


@dataclass(frozen=True, slots=True)
class World:
    """Everything data/demo says, cross-checked."""

    feeds: tuple[Feed, ...]
    agencies: tuple[Agency, ...]
    stations: tuple[Station, ...]
    lines: tuple[Line, ...]


def crow_fly_km(one: Station, other: Station) -> float:
    """Great-circle kilometres between two stations (haversine formula, mean earth radius)."""
    phi_1, phi_2 = radians(one.lat), radians(other.lat)
    turn = sin((phi_2 - phi_1) / 2) ** 2
    turn += cos(phi_1) * cos(phi_2) * sin(radians(other.lon - one.lon) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(turn))


def load_world(folder: Path = DATA) -> World:
    """Read places.csv and demo/*.csv under `folder`.

    Raises BadInput, naming file and line, where a row names a feed, agency, place or station that is not there.
    """
    places = {row["key"]: row for _, row in _rows(folder / "places.csv")}
    demo = folder / "demo"
    feeds = {row["feed"]: _feed(row) for _, row in _rows(demo / "feeds.csv")}
    agencies = {row["agency_id"]: _agency(row) for _, row in _rows(demo / "agencies.csv")}
    stations: dict[tuple[str, str], Station] = {}
    for where, row in _rows(demo / "stations.csv"):
        stations[row["feed"], row["stop_id"]] = _station(row, _known(places, row["place"], where))
    lines = []
    for where, row in _rows(demo / "lines.csv"):
        feed, agency = _known(feeds, row["feed"], where), _known(agencies, row["agency_id"], where)
        calls = [call.partition("+") for call in row["calls"].split()]
        at = tuple(_known(stations, (feed.name, stop_id), where) for stop_id, _, _ in calls)
        dwell_min = tuple(int(minutes or feed.default_dwell_min) for _, _, minutes in calls)
        lines.append(_line(row, agency=agency, stations=at, dwell_min=dwell_min))
    return World(tuple(feeds.values()), tuple(agencies.values()), tuple(stations.values()), tuple(lines))


def _rows(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            yield f"{path.name}, line {reader.line_num}", row


def _known[K, V](table: dict[K, V], key: K, where: str) -> V:
    if key not in table:
        raise BadInput(
            "demo_feed.unknown_name",
            message("%(where)s names %(name)s, which is nowhere in data/."),
            remedy=message("Correct the name, or add its row."),
            values={"where": where, "name": key},
        )
    return table[key]


def _feed(row: dict[str, str]) -> Feed:
    return Feed(
        name=row["feed"],
        zone=row["zone"],
        route_type=int(row["route_type"]),
        default_dwell_min=int(row["default_dwell_min"]),
        border_min=int(row["border_min"]),
        detour=float(row["detour"]),
        round_to_min=int(row["round_to_min"]),
        drive_before_rest_min=int(row["drive_before_rest_min"]),
        rest_min=int(row["rest_min"]),
    )


def _agency(row: dict[str, str]) -> Agency:
    return Agency(
        feed=row["feed"],
        agency_id=row["agency_id"],
        name=row["name"],
        country=row["country"],
        slug=row["slug"],
        phone=row["phone"],
        currency=row["currency"],
        base_minor=int(row["base_minor"]),
        near_minor_per_km=int(row["near_minor_per_km"]),
        far_minor_per_km=int(row["far_minor_per_km"]),
        child_percent=int(row["child_percent"]),
        tax_per_mille=int(row["tax_per_mille"]),
        fee_minor=int(row["fee_minor"]),
    )


def _station(row: dict[str, str], place: dict[str, str]) -> Station:
    return Station(
        feed=row["feed"],
        stop_id=row["stop_id"],
        name=row["name"],
        place=row["place"],
        place_name=place["name"],
        country=place["country"],
        zone=place["zone"],
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        wheelchair_boarding=int(row["wheelchair_boarding"]),
        min_change_min=int(row["min_change_min"]),
    )


def _line(row: dict[str, str], *, agency: Agency, stations: tuple[Station, ...], dwell_min: tuple[int, ...]) -> Line:
    return Line(
        feed=row["feed"],
        agency=agency,
        route_id=row["route_id"],
        short_name=row["short_name"],
        long_name=row["long_name"],
        speed_kmh=float(row["speed_kmh"]),
        wheelchair_accessible=int(row["wheelchair"]),
        stations=stations,
        dwell_min=dwell_min,
        out=_departures(row["out"]),
        back=_departures(row["back"]),
    )


def _departures(text: str) -> tuple[Departure, ...]:
    """Read "06:30;22:15/weekday": clock times with a service, daily unless named."""
    departures = []
    for part in text.split(";"):
        clock, _, service_id = part.partition("/")
        hours, _, minutes = clock.partition(":")
        departures.append(Departure(int(hours) * 60 + int(minutes), service_id or "daily"))
    return tuple(departures)
