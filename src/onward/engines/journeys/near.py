"""What lies near what: distances on the ground and a grid to find neighbours by."""

from collections.abc import Iterable, Iterator
from math import ceil, cos, hypot, radians
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onward.engines.journeys.journey import Stop

METRES_A_DEGREE = 111_195.0
"""Of latitude, on a sphere of 6,371 km."""

CELL_DEGREES = 0.01
DETOUR = 1.3
"""How much longer a walk is than the straight line."""

WALK_METRES_A_MINUTE = 72.0
"""1.2 m/s: a slow grown-up walk."""


def distance_m(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Metres between two places not far apart, as the crow flies."""
    east = (lon - other_lon) * cos(radians((lat + other_lat) / 2))
    return hypot(lat - other_lat, east) * METRES_A_DEGREE


def walk_minutes(crow_m: float) -> int:
    """Whole minutes a walk takes over so many metres as the crow flies."""
    return ceil(crow_m * DETOUR / WALK_METRES_A_MINUTE)


def grid_of(stops: "Iterable[tuple[int, Stop]]") -> "Grid":
    """A grid of numbered stops, less those that have no place."""
    return Grid((at, stop.lat, stop.lon) for at, stop in stops if stop.lat is not None and stop.lon is not None)


class Grid:
    """Numbered places in cells of a hundredth of a degree."""

    def __init__(self, places: Iterable[tuple[int, float, float]]) -> None:
        self._cells: dict[tuple[int, int], list[tuple[int, float, float]]] = {}
        for place in places:
            cell = int(place[1] // CELL_DEGREES), int(place[2] // CELL_DEGREES)
            self._cells.setdefault(cell, []).append(place)

    def within(self, lat: float, lon: float, metres: float) -> Iterator[tuple[float, int]]:
        """(metres away, number) of each place within so many metres, in no order."""
        north = metres / METRES_A_DEGREE
        east = north / max(cos(radians(lat)), 0.01)
        for row in range(int((lat - north) // CELL_DEGREES), int((lat + north) // CELL_DEGREES) + 1):
            for column in range(int((lon - east) // CELL_DEGREES), int((lon + east) // CELL_DEGREES) + 1):
                for number, place_lat, place_lon in self._cells.get((row, column), ()):
                    away = distance_m(lat, lon, place_lat, place_lon)
                    if away <= metres:
                        yield away, number
