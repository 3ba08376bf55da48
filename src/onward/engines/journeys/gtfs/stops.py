"""stops.txt: stops and the stations they belong to."""

from dataclasses import dataclass

from onward.engines.journeys.gtfs.archive import Archive, printable
from onward.engines.journeys.gtfs.findings import Findings
from onward.engines.journeys.gtfs.zones import is_zone

FILE = "stops.txt"
STATION = "1"
_NOT_CALLED_AT = {"2", "3", "4"}


@dataclass(frozen=True, slots=True)
class StopRow:
    """A stop or station. parent_id: its station's, or "". lat, lon: degrees, None where not given.

    zone: the one its clock shows. wheelchair: GTFS wheelchair_boarding, 0 unknown, 1 yes, 2 no.
    """

    stop_id: str
    name: str
    lat: float | None
    lon: float | None
    zone: str
    parent_id: str
    is_station: bool
    wheelchair: int


def read_stops(archive: Archive, findings: Findings, zone: str) -> dict[str, StopRow]:
    """Stops and stations by stop_id; entrances and other nodes are passed over. zone: where a stop names none."""
    table = archive.required_table(FILE, "stop_id")
    stops: dict[str, StopRow] = {}
    lines: dict[str, int] = {}
    wanted = ("stop_id", "stop_name", "stop_lat", "stop_lon", "location_type", "parent_station", "stop_timezone")
    for line, row in table.rows(*wanted, "wheelchair_boarding"):
        if not row[0] or row[0] in stops:
            why = "The row is passed over: its stop_id is missing or was used before."
            findings.note((FILE, line), ("stop_id", row[0]), why)
        elif _whole(row[4]) not in _NOT_CALLED_AT:
            stops[row[0]] = _stop(row, (FILE, line), findings)
            lines[row[0]] = line
        else:
            findings.nodes.add(row[0])
    for key, stop in stops.items():
        if stop.parent_id and stop.parent_id not in stops:
            why = "No such station; the stop stands by itself."
            findings.note((FILE, lines[key]), ("parent_station", stop.parent_id), why)
    return {key: _placed(stop, stops, zone) for key, stop in stops.items()}


def first_zone(archive: Archive) -> str:
    """The zone most stops name, as an example for the question; New York's where they name none."""
    table = archive.table(FILE)
    named = [row[0] for _, row in table.rows("stop_timezone") if is_zone(row[0])] if table else []
    return max(sorted(set(named)), key=named.count, default="America/New_York")


def _stop(row: list[str], where: tuple[str, int], findings: Findings) -> StopRow:
    stop_id, name, lat_text, lon_text, kind, parent_id, zone, wheelchair = row
    lat, lon = _degrees(lat_text, 90.0), _degrees(lon_text, 180.0)
    if lat is None or lon is None:
        why = "The stop has no place on the map: it is found by name and id only."
        findings.note(where, ("stop_lat, stop_lon", f"{lat_text}, {lon_text}"), why)
        lat = lon = None
    if zone and not is_zone(zone):
        findings.note(where, ("stop_timezone", zone), "No such zone; the agency's was used instead.")
        zone = ""
    access = int(_whole(wheelchair)) if _whole(wheelchair) in ("1", "2") else 0
    return StopRow(stop_id, printable(name) or stop_id, lat, lon, zone, parent_id, _whole(kind) == STATION, access)


def _placed(stop: StopRow, stops: dict[str, StopRow], zone: str) -> StopRow:
    """The stop with what it takes from its station: zone, place and step-free access where it names none itself."""
    parent = stops.get(stop.parent_id) if stop.parent_id != stop.stop_id else None
    above = parent or stop
    return StopRow(
        stop.stop_id,
        stop.name,
        stop.lat if stop.lat is not None else above.lat,
        stop.lon if stop.lon is not None else above.lon,
        above.zone or stop.zone or zone,
        parent.stop_id if parent else "",
        stop.is_station,
        stop.wheelchair or above.wheelchair,
    )


def _degrees(text: str, limit: float) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if -limit <= value <= limit else None


def _whole(text: str) -> str:
    """ "1.0" as "1": tables that went through a spreadsheet."""
    return text.removesuffix(".0")
