"""Random journey queries: from a busy station to one that trips join it with, or anywhere; and the real feeds."""

import os
import random
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bench.feeds import Source
from onward.core.window import Window
from onward.engines.journeys import Query, Timetable

ROOT = Path(__file__).resolve().parent.parent
NEW_YORK, TORONTO = "America/New_York", "America/Toronto"
CORRIDOR_DAY, NEW_YORK_DAY = date(2025, 6, 11), date(2026, 9, 16)
WHOLE = ("amtrak", "hl", "lirr", "septa", "via")
MENDED = ("exo", "marc", "mbta", "njt", "sle", "vre")


def shared() -> Path:
    """Where real timetables lie."""
    return Path(os.environ.get("ONWARD_SHARED", ROOT.parent / "shared"))


def corridor_sources() -> list[Source]:
    """The eleven rail feeds of the north-east corridor."""
    gtfs = shared() / "gtfs"
    folders = dict.fromkeys(WHOLE, gtfs) | dict.fromkeys(MENDED, gtfs / "mended")
    zone = {"via": TORONTO, "exo": TORONTO}
    return [
        Source(name, folder / f"ne_{name}_2025-06.zip", zone.get(name, NEW_YORK)) for name, folder in folders.items()
    ]


def new_york_sources() -> list[Source]:
    """The subway and Manhattan's buses."""
    return [Source(name, shared() / "gtfs" / f"{name}_2026.zip", NEW_YORK) for name in ("mta_subway", "mta_bus_m")]


def random_queries(timetable: Timetable, count: int, *, on: date, hours: int, seed: int) -> list[Query]:
    """From a stop, the busier the likelier, to any stop that trips lead to from there, leaving between 4 and 16 h."""
    chance = random.Random(seed)
    calls = [sum(len(timetable.patterns[pattern].trips) for pattern, _ in at) for at in timetable.calls_at]
    after = _stops_after(timetable)
    queries: list[Query] = []
    while len(queries) < count:
        start = chance.choices(range(len(calls)), calls)[0]
        ends = sorted(_reached(after, start) - {start})
        begin = datetime(
            on.year, on.month, on.day, chance.randrange(4, 16), chance.randrange(60), tzinfo=ZoneInfo(NEW_YORK)
        )
        if ends:
            keys = timetable.stops[start].key, timetable.stops[chance.choice(ends)].key
            if keys[0] != keys[1]:
                queries.append(Query((keys[0],), (keys[1],), Window(begin, begin + timedelta(hours=hours))))
    return queries


def _stops_after(timetable: Timetable) -> list[list[int]]:
    after: list[list[int]] = [[] for _ in timetable.stops]
    for stop, before in enumerate(timetable.hops_into):
        for start in before:
            after[start].append(stop)
    for start, walks in enumerate(timetable.changes.walks):
        after[start] += walks
    return after


def _reached(after: list[list[int]], start: int) -> set[int]:
    seen, open_ = {start}, [start]
    while open_:
        found = [stop for stop in after[open_.pop()] if stop not in seen]
        seen.update(found)
        open_ += found
    return seen
