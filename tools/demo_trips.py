"""The demonstration's trips: made-up departures carried along real stations, in the feed's one time zone."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from zoneinfo import ZoneInfo

from onward.core.errors import BadInput, message
from tools.demo_world import Departure, Feed, Line, Station, World, crow_fly_km


@dataclass(frozen=True, slots=True)
class Call:
    """One stop of a trip: seconds after the start of the service day in the feed's zone; who may board or alight."""

    station: Station
    arrive_s: int
    depart_s: int
    may_board: bool
    may_alight: bool


@dataclass(frozen=True, slots=True)
class Trip:
    """One vehicle's run."""

    trip_id: str
    number: str
    line: Line
    direction: int
    service_id: str
    calls: tuple[Call, ...]


def list_trips(world: World, feed: Feed, *, seed: int, year: int) -> list[Trip]:
    """All trips of one feed, out and back, in the order of data/demo/lines.csv.

    Clock times at the first station become times of the feed's zone by the winter offsets of `year`: the feed can
    have only one zone, and a trip only one set of times. Raises BadInput where that falls on the day before.
    """
    trips = []
    for line in world.lines:
        if line.feed != feed.name:
            continue
        for direction, departures in enumerate((line.out, line.back)):
            path = list(zip(line.stations, line.dwell_min, strict=True))[:: -1 if direction else 1]
            for order, departure in enumerate(departures):
                number = f"{line.route_id}-{2 * order + direction + 1}"
                trip_id = f"{line.route_id}-{'back' if direction else 'out'}-{order + 1}"
                start_s = _start_s(path[0][0], departure, feed=feed, year=year)
                calls = _calls(path, line, feed, start_s=start_s, noise_key=f"{seed}/{trip_id}")
                trips.append(Trip(trip_id, number, line, direction, departure.service_id, calls))
    return trips


def may_carry(trip: Trip, board: int, alight: int) -> bool:
    """Whether the trip may take somebody from its call number `board` to its call number `alight`."""
    return board < alight and trip.calls[board].may_board and trip.calls[alight].may_alight


def _start_s(station: Station, departure: Departure, *, feed: Feed, year: int) -> int:
    winter = datetime(year, 1, 15, 12, tzinfo=ZoneInfo(station.zone))
    shift = winter.astimezone(ZoneInfo(feed.zone)).replace(tzinfo=None) - winter.replace(tzinfo=None)
    start_s = departure.clock_min * 60 + int(shift.total_seconds())
    if start_s < 0:
        raise BadInput(
            "demo_feed.day_before",
            message("%(clock)s at %(stop)s is the day before in %(zone)s."),
            remedy=message("Choose a later departure in lines.csv."),
            values={"clock": departure.clock_min, "stop": station.stop_id, "zone": feed.zone},
        )
    return start_s


def _calls(
    path: Sequence[tuple[Station, int]], line: Line, feed: Feed, *, start_s: int, noise_key: str
) -> tuple[Call, ...]:
    stations = [station for station, _ in path]
    calls: list[Call] = []
    now_s = start_s
    for index, (station, dwell_min) in enumerate(path):
        if index:
            factor = 0.98 + 0.05 * noise(noise_key, str(index))
            now_s += 60 * _leg_min(line, feed, ends=(stations[index - 1], station), factor=factor)
        is_inner = 0 < index < len(path) - 1
        leave_s = now_s + 60 * dwell_min if is_inner else now_s
        board, alight = _carriage(line.agency.country, stations, index)
        calls.append(Call(station, now_s, leave_s, board, alight))
        now_s = leave_s
    return tuple(calls)


def _carriage(home: str, stations: Sequence[Station], index: int) -> tuple[bool, bool]:
    """May board, may alight: abroad, only to go home or having come from home (no carriage within a foreign land)."""
    if stations[index].country == home:
        return True, True
    return (
        any(station.country == home for station in stations[index + 1 :]),
        any(station.country == home for station in stations[:index]),
    )


def _leg_min(line: Line, feed: Feed, *, ends: tuple[Station, Station], factor: float) -> int:
    drive_min = crow_fly_km(*ends) * feed.detour / line.speed_kmh * 60 * factor + 5
    rests = int(drive_min // feed.drive_before_rest_min) if feed.drive_before_rest_min else 0
    border_min = feed.border_min if ends[0].country != ends[1].country else 0
    return ceil((drive_min + rests * feed.rest_min + border_min) / feed.round_to_min) * feed.round_to_min


def noise(*key: str) -> float:
    """A number in [0, 1) fixed by its key: adding a line elsewhere moves no other trip or fare."""
    return int.from_bytes(hashlib.sha256("/".join(key).encode()).digest()[:6]) / 2**48
