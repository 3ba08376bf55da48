"""What people type on the command line: places, dates, times, windows, parties."""

import re
import sys
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import typer

from onward.core.errors import BadInput, message
from onward.core.window import Window
from onward.engines.journeys import (
    Station,
    StopBook,
    StopKey,
    find_stations_by_name,
    find_stations_near,
    get_station,
)
from onward.faces.cli.towns import as_one, find_in_town

NEAR_M = 2_000.0
SEEN_M = 300_000.0
MOST_MINUTES = 1_000_000
SAME_NAME = 1
"""Stations whose closeness is this or less are called what was typed."""


def ask_place(stops: StopBook, text: str, field: str) -> Station:
    """The station or stations meant by a name, stop:FEED:ID, or LAT,LON. field: "from" or "to".

    Asks where a name fits several and somebody sits there to answer. Raises BadInput or NotFound.
    """
    if text.startswith("stop:"):
        return get_station(stops, StopKey(text.removeprefix("stop:")))
    place = re.fullmatch(r"\s*(-?\d{1,2}(?:\.\d+)?)\s*,\s*(-?\d{1,3}(?:\.\d+)?)\s*", text)
    if place:
        return _nearest(stops, (float(place[1]), float(place[2])), field)
    found = find_stations_by_name(stops, text, limit=200)
    in_town = [] if found else find_in_town(stops, text)
    if in_town:
        return as_one(in_town, in_town[0].name if len(in_town) == 1 else text.strip())
    if not found:
        raise BadInput(
            "journey.place_unknown",
            message("No station is called “%(text)s”."),
            remedy=message("Check the name, or give stop:FEED:ID or LAT,LON."),
            field=field,
            values={"text": text[:60]},
        )
    closest = max(found[0].closeness, SAME_NAME)
    fitting = [station for station in found if station.closeness <= closest]
    return fitting[0] if len(fitting) == 1 else _choose(fitting, text, field)


def _choose(fitting: list[Station], text: str, field: str) -> Station:
    choices = [f"{one.name} ({', '.join(one.feeds)}{_at(one)}): stop:{one.stops[0]}" for one in fitting[:20]]
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        more = f"; and {len(fitting) - 20} more" if len(fitting) > 20 else ""
        raise BadInput(
            "journey.place_ambiguous",
            message("“%(text)s” may be any of %(count)s stations: %(choices)s."),
            remedy=message("Say more of the name, or give one as stop:FEED:ID."),
            field=field,
            values={"text": text[:60], "count": len(fitting), "choices": "; ".join(choices) + more},
        )
    for number, choice in enumerate(choices, 1):
        typer.echo(f"{number:>3}  {choice}", err=True)
    number = 0
    while not 1 <= number <= len(choices):
        number = typer.prompt(f"Which “{text}” (1 to {len(choices)})", type=int, err=True)
    return fitting[number - 1]


def _at(station: Station) -> str:
    return "" if station.lat is None or station.lon is None else f", {station.lat:.3f},{station.lon:.3f}"


def _nearest(stops: StopBook, place: tuple[float, float], field: str) -> Station:
    lat, lon = place
    if abs(lat) > 90 or abs(lon) > 180:
        raise BadInput(
            "journey.no_such_place",
            message("%(place)s is nowhere on the map."),
            remedy=message("Write LAT,LON like 40.75,-73.99."),
            field=field,
            values={"place": f"{lat},{lon}"},
        )
    near = find_stations_near(stops, lat, lon, within_m=NEAR_M)
    if near:
        return as_one(near, near[0].name)
    seen = find_stations_near(stops, lat, lon, within_m=SEEN_M, limit=3)
    nearest = "; ".join(f"{station.name}, {station.away_m / 1000:.1f} km" for station in seen)
    raise BadInput(
        "journey.no_station_near",
        message("There is no station within 2 km of %(place)s."),
        remedy=message("The nearest: %(nearest)s.") if seen else message("There is none within 300 km either."),
        field=field,
        values={"place": f"{lat},{lon}", "nearest": nearest},
    )


def read_countries(text: str) -> frozenset[str] | None:
    """Countries written "US,CA"; None for an empty text, which is any. Raises BadInput for anything else."""
    codes = frozenset(part.strip() for part in text.split(",") if part.strip())
    if any(not re.fullmatch("[A-Z]{2}", code) for code in codes):
        raise BadInput(
            "journey.countries",
            message("“%(text)s” names no countries."),
            remedy=message("Write two capital letters each, like US,CA."),
            field="within",
            values={"text": text[:40]},
        )
    return codes or None


def read_date(text: str) -> date:
    """A date typed as 2025-06-11; raises BadInput."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(
            "journey.date_unreadable",
            message("“%(text)s” is not a date."),
            remedy=message("Write it like 2025-06-11."),
            field="on",
            values={"text": text[:40]},
        ) from None


def read_time(text: str) -> time:
    """A time typed as 7:15 or 07:15; raises BadInput."""
    typed = re.fullmatch(r"(\d{1,2}):(\d\d)", text, re.ASCII)
    if not typed or int(typed[1]) > 23 or int(typed[2]) > 59:
        raise BadInput(
            "journey.time_unreadable",
            message("“%(text)s” is not a time."),
            remedy=message("Write it like 07:15."),
            field="at",
            values={"text": text[:40]},
        )
    return time(int(typed[1]), int(typed[2]))


def read_window(on: date, at: time | None, minutes: int | None, zone: str) -> Window:
    """The window to leave in, on the clock at the start: from `at` (else 00:00) for so many minutes.

    Where no minutes are given: four hours from `at`, or the whole day without it. Raises BadInput.
    """
    if minutes is not None and minutes <= 0:
        raise BadInput(
            "journey.window_empty",
            message("A window of %(minutes)s minutes holds no departure."),
            remedy=message("Give a number of minutes from 1 on."),
            field="window",
            values={"minutes": minutes},
        )
    begin = datetime.combine(on, at or time(), ZoneInfo(zone))
    if minutes is None and at is None:
        return Window(begin, datetime.combine(on + timedelta(days=1), time(), ZoneInfo(zone)))
    # More than any search takes is cut to what a clock can hold; the query then refuses it with the limit.
    instant = begin.timestamp() + 60 * (240 if minutes is None else min(minutes, MOST_MINUTES))
    return Window(begin, datetime.fromtimestamp(instant, ZoneInfo(zone)))


def read_party(text: str) -> tuple[int, int]:
    """Adults and children typed as 2a1c; raises BadInput where it cannot be read or no adult is there."""
    typed = re.fullmatch(r"(?:(\d{1,2})a)?(?:(\d{1,2})c)?", text.strip().casefold(), re.ASCII)
    if not typed or not text.strip():
        raise BadInput(
            "party.unreadable",
            message("“%(text)s” is not a party."),
            remedy=message("Write two adults and a child as 2a1c."),
            field="party",
            values={"text": text[:40]},
        )
    adults, children = int(typed[1] or 0), int(typed[2] or 0)
    if not adults:
        raise BadInput(
            "party.no_adult",
            message("A party needs at least one adult."),
            remedy=message("Write two adults and a child as 2a1c."),
            field="party",
        )
    return adults, children
