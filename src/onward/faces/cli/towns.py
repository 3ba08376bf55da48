"""Towns of data/places.csv on the command line: stations of a town that no feed calls by the town's name."""

import csv
from functools import cache
from pathlib import Path

from onward.engines.journeys import Station, StopBook, find_stations_near
from onward.engines.journeys.wording import plain_words

NEAR_M = (12_000.0, 25_000.0)
"""How far a town's stations may lie from its centre: the nearer circle first, as at the desk."""

type Words = tuple[str, ...]


@cache
def _towns() -> dict[Words, tuple[float, float]]:
    package = Path(__file__).resolve().parents[2]
    installed = package / "data" / "places.csv"
    path = installed if installed.is_file() else package.parents[1] / "data" / "places.csv"
    towns: dict[Words, tuple[float, float]] = {}
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            names = [row[column] for column in ("name", "name_es", "name_fr", "name_ar")]
            for name in [*names, *row["other_names"].split(";")]:
                towns.setdefault(plain_words(name), (float(row["lat"]), float(row["lon"])))
    return towns


def find_in_town(stops: StopBook, text: str) -> list[Station]:
    """Stations near the town the text begins with, whose names have the rest of its words: "New York Penn".

    Empty where it begins with no known town, or no station there fits.
    """
    typed = plain_words(text[:200])
    for length in range(len(typed), 0, -1):
        centre = _towns().get(typed[:length])
        if centre is not None:
            return _fitting(stops, centre, set(typed[length:]))
    return []


def _fitting(stops: StopBook, centre: tuple[float, float], rest: set[str]) -> list[Station]:
    for within_m in NEAR_M:
        near = find_stations_near(stops, *centre, within_m=within_m, limit=200)
        fitting = [station for station in near if rest <= set(plain_words(station.name))]
        if fitting:
            return fitting
    return []


def as_one(stations: list[Station], name: str) -> Station:
    """Several stations as one to leave from or arrive at; named and zoned as the nearest."""
    first = stations[0]
    stops = tuple(key for station in stations for key in station.stops)
    feeds = tuple(dict.fromkeys(feed for station in stations for feed in station.feeds))
    return Station(name, stops, first.lat, first.lon, first.zone, feeds, away_m=first.away_m)
