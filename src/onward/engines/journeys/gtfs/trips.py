"""trips.txt: the trips, each with its route, service and what its sign says."""

from dataclasses import dataclass

from onward.engines.journeys.gtfs.archive import Archive, printable
from onward.engines.journeys.gtfs.findings import UNDATED_SERVICE, UNKNOWN_ROUTE, UNKNOWN_SERVICE, Findings
from onward.engines.journeys.gtfs.routes import Route

FILE = "trips.txt"


@dataclass(frozen=True, slots=True)
class Trip:
    """A trip. number: trip_short_name, as on the ticket. wheelchair: 0 unknown, 1 yes, 2 no. line: in trips.txt.

    block: trips of one block are run by one vehicle, "" where not said. direction: "0", "1" or "".
    """

    trip_id: str
    route_id: str
    service_id: str
    headsign: str
    number: str
    wheelchair: int
    line: int
    block: str = ""
    direction: str = ""


def read_trips(
    archive: Archive, findings: Findings, routes: dict[str, Route], days: dict[str, int]
) -> tuple[dict[str, Trip], int]:
    """Trips by trip_id, those left out for their route or service not among them; and how many the file names."""
    table = archive.required_table(FILE, "trip_id", "route_id", "service_id")
    trips: dict[str, Trip] = {}
    total = 0
    wanted = ("trip_id", "route_id", "service_id", "trip_headsign", "trip_short_name", "wheelchair_accessible")
    for line, row in table.rows(*wanted, "block_id", "direction_id"):
        total += 1
        trip_id, route_id, service_id, headsign, number, access, *vehicle = row
        if not trip_id or trip_id in trips:
            why = "The row is passed over: its trip_id is missing or was used before."
            findings.note((FILE, line), ("trip_id", trip_id), why)
        elif route_id not in routes:
            findings.note((FILE, line), ("route_id", route_id), f"No such route: trip {trip_id} is left out.")
            findings.leave_out(trip_id, UNKNOWN_ROUTE)
        elif service_id not in days and service_id in findings.undated:
            why = f"Its service has no dates that can be used: trip {trip_id} is left out."
            findings.note((FILE, line), ("service_id", service_id), why)
            findings.leave_out(trip_id, UNDATED_SERVICE)
        elif service_id not in days:
            findings.note((FILE, line), ("service_id", service_id), f"No such service: trip {trip_id} is left out.")
            findings.leave_out(trip_id, UNKNOWN_SERVICE)
        else:
            wheelchair = {"1": 1, "2": 2}.get(access.removesuffix(".0"), 0)
            trips[trip_id] = Trip(
                trip_id, route_id, service_id, printable(headsign), printable(number), wheelchair, line, *vehicle
            )
    return trips, total
