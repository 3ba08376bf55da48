"""Feeds of a few trips, written inside a test."""

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

STOPS = {
    "ny": ("New York Coach Station", 40.75, -73.99, "America/New_York"),
    "alb": ("Albany Coach Station", 42.65, -73.75, "America/New_York"),
    "pla": ("Plattsburgh Coach Stop", 44.70, -73.45, "America/New_York"),
    "mtl": ("Montréal Gare d'autocars", 45.51, -73.56, "America/Toronto"),
    "buf": ("Buffalo Coach Station", 42.88, -78.87, "America/New_York"),
    "lon": ("London Coach Station", 42.98, -81.25, "America/Toronto"),
    "sea": ("A Platform at Sea", 40.0, -50.0, "America/New_York"),
    "det": ("Detroit Coach Station", 42.33, -83.06, "America/Detroit"),
}


@dataclass(frozen=True)
class SmallTrip:
    """A daily trip. calls: ("ny", "08:00") in order; it waits nowhere."""

    trip_id: str
    calls: Sequence[tuple[str, str]]
    agency: str = "A"


def write_feed(path: Path, trips: Sequence[SmallTrip], *, first: str = "20260301", last: str = "20260430") -> Path:
    """A GTFS zip of daily trips by the made-up carriers A and B."""
    tables = {
        "agency.txt": [
            "agency_id,agency_name,agency_url,agency_timezone",
            "A,Almanac Coaches,https://example.org/a,America/New_York",
            "B,Bluebell Coaches,https://example.org/b,America/New_York",
        ],
        "routes.txt": [
            "route_id,agency_id,route_short_name,route_type",
            *(f"r-{trip.trip_id},{trip.agency},{trip.trip_id},200" for trip in trips),
        ],
        "stops.txt": [
            "stop_id,stop_name,stop_lat,stop_lon,stop_timezone",
            *(f"{key},{name},{lat},{lon},{zone}" for key, (name, lat, lon, zone) in STOPS.items()),
        ],
        "calendar.txt": [
            "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date",
            f"daily,1,1,1,1,1,1,1,{first},{last}",
        ],
        "trips.txt": [
            "route_id,service_id,trip_id,trip_headsign",
            *(f"r-{trip.trip_id},daily,{trip.trip_id},somewhere" for trip in trips),
        ],
        "stop_times.txt": [
            "trip_id,arrival_time,departure_time,stop_id,stop_sequence",
            *(
                f"{trip.trip_id},{clock}:00,{clock}:00,{stop},{order}"
                for trip in trips
                for order, (stop, clock) in enumerate(trip.calls)
            ),
        ],
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, lines in tables.items():
            archive.writestr(name, "\n".join(lines) + "\n")
    return path
