"""routes.txt: what a line is called, who runs it, and by what it goes."""

from dataclasses import dataclass

from onward.engines.journeys.gtfs.agency import Agency
from onward.engines.journeys.gtfs.archive import Archive, printable
from onward.engines.journeys.gtfs.continuous import note_continuous
from onward.engines.journeys.gtfs.findings import Findings

FILE = "routes.txt"

BASIC_MODES = {
    0: "tram",
    1: "subway",
    2: "rail",
    3: "bus",
    4: "ferry",
    5: "tram",
    6: "cable car",
    7: "funicular",
    11: "bus",
    12: "rail",
}
"""GTFS route_type, basic values."""

EXTENDED_MODES = {
    1: "rail",
    2: "coach",
    3: "rail",
    4: "subway",
    5: "subway",
    6: "subway",
    7: "bus",
    8: "bus",
    9: "tram",
    10: "ferry",
    11: "air",
    12: "ferry",
    13: "cable car",
    14: "funicular",
    15: "taxi",
}
"""GTFS extended route types by their hundreds: 200 to 299 are coaches."""


@dataclass(frozen=True, slots=True)
class Route:
    """A line. zone: the one its stop times are written in, its agency's. agency_id: "" where the feed names none."""

    route_id: str
    agency: str
    name: str
    mode: str
    zone: str
    agency_id: str = ""


def read_routes(archive: Archive, findings: Findings, agencies: dict[str, Agency]) -> dict[str, Route]:
    """Routes by route_id. A route that names no agency of the feed gets the feed's first."""
    table = archive.required_table(FILE, "route_id")
    first = next(iter(agencies.values()))
    routes: dict[str, Route] = {}
    note_continuous(table, findings)
    for line, row in table.rows("route_id", "agency_id", "route_short_name", "route_long_name", "route_type"):
        key, agency_id, short, long, kind = row
        agency = agencies.get(agency_id, first)
        own_id = agency_id if agency_id in agencies else next(iter(agencies))
        if not key or key in routes:
            why = "The row is passed over: its route_id is missing or was used before."
            findings.note((FILE, line), ("route_id", key), why)
            continue
        if agency_id not in agencies and len(agencies) > 1:
            why = f"{'No such agency' if agency_id else 'No agency is named'}; {first.name} was used, with its zone."
            findings.note((FILE, line), ("agency_id", agency_id), why)
        mode = route_mode(kind)
        if mode == "other":
            findings.note((FILE, line), ("route_type", kind), "Not a known type; it is shown as “other”.")
        routes[key] = Route(key, agency.name, printable(long or short) or key, mode, agency.zone, own_id)
    return routes


def route_mode(route_type: str) -> str:
    """The mode in a word a person uses: "rail", "coach", "bus", ...; "other" where the type is not known."""
    text = route_type.removesuffix(".0")
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        return "other"
    number = int(text)
    return BASIC_MODES.get(number) or EXTENDED_MODES.get(number // 100, "other")
