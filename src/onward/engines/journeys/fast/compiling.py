"""From a Timetable to the arrays of a Network."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields

import numpy as np

from onward.engines.journeys import feed as feed_room
from onward.engines.journeys.fast.kernel_arrays import NO_CHANGE, Int32
from onward.engines.journeys.fast.lower import fewest_between, least_between
from onward.engines.journeys.fast.network import Head, Network
from onward.engines.journeys.fast.tables import Column, columns_of
from onward.engines.journeys.fast.texts import TextWriter
from onward.engines.journeys.gtfs.routes import Route
from onward.engines.journeys.journey import Stop
from onward.engines.journeys.timetable import Timetable

NO_STAMPS: Mapping[str, str] = {}

TRIP_COLUMNS = tuple(
    field.name for field in fields(feed_room.Trips) if field.name not in ("texts", "time_first", "arrive_s", "depart_s")
)
"""Of each trip, as the feed has them: numbers of routes, services and texts are the feed's own."""


def compile_network(timetable: Timetable, key: str = "", stamps: Mapping[str, str] = NO_STAMPS) -> Network:
    """The network of a timetable, in memory. key: what its file is called by. stamps: what each feed's file held."""
    zones, calendars = _calendar_columns(timetable)
    columns = _named_columns(timetable) | _stop_columns(timetable) | _pattern_columns(timetable)
    columns |= _walk_columns(timetable) | _trip_columns(timetable) | calendars
    columns["least"] = least_between(columns)
    columns["fewest"] = fewest_between(columns)
    longest = int(columns["arrive"].max(initial=0))
    summaries = tuple(feed.summary for feed in timetable.feeds)
    return Network(
        Head(key, timetable.linking, summaries, zones, _first_day(timetable), longest, dict(stamps)), columns
    )


def _named_columns(timetable: Timetable) -> dict[str, Column]:
    """Stops and routes, and the texts of both; the texts of trips by themselves, in the order of feeds."""
    texts = TextWriter()
    stops = columns_of(Stop, timetable.stops, texts)
    routes = columns_of(Route, [route for feed in timetable.feeds for route in feed.routes], texts)
    columns = {f"stop.{name}": column for name, column in stops.items()}
    columns |= {f"route.{name}": column for name, column in routes.items()}
    columns["text_first"], columns["text_letters"] = texts.arrays()
    encoded = [text.encode() for feed in timetable.feeds for text in feed.trips.texts]
    return columns | {
        "trip_text_first": first_of(map(len, encoded)),
        "trip_text_letters": np.frombuffer(b"".join(encoded), np.uint8),
    }


def first_of(lengths: Iterable[int]) -> Int32:
    """Where rows of those lengths begin and, last, where they end."""
    counted = np.fromiter(lengths, np.int32)
    first = np.zeros(len(counted) + 1, np.int32)
    np.cumsum(counted, out=first[1:])
    return first


def _stop_columns(timetable: Timetable) -> dict[str, Column]:
    changes = timetable.changes
    minutes = np.array(changes.own_minutes, np.int16)
    minutes[sorted(changes.forbidden)] = NO_CHANGE
    return {
        "station_of": np.array(timetable.station_of, np.int32),
        "stop_of": np.array(timetable.stop_of, np.int32),
        "change_minutes": minutes,
    }


def _pattern_columns(timetable: Timetable) -> dict[str, Column]:
    patterns = timetable.patterns
    base = _bases([len(feed.trips.id) for feed in timetable.feeds])
    trips = [np.array(pattern.trips, np.int32) + base[pattern.feed] for pattern in patterns]
    return {
        "pattern_feed": np.array([pattern.feed for pattern in patterns], np.int32),
        "place_first": first_of(len(pattern.stops) for pattern in patterns),
        "place_stop": np.array([stop for pattern in patterns for stop in pattern.stops], np.int32),
        "place_rules": np.frombuffer(b"".join(pattern.rules for pattern in patterns), np.uint8),
        "trips_first": first_of(len(pattern.trips) for pattern in patterns),
        "pattern_trips": np.concatenate([*trips, np.zeros(0, np.int32)]).astype(np.int32),
    }


def _walk_columns(timetable: Timetable) -> dict[str, Column]:
    walks = _linked(timetable.changes.walks)
    enters = _linked(timetable.walks_into)
    hops = _linked(timetable.hops_into)
    return {
        "walk_first": walks[0],
        "walk_to": walks[1],
        "walk_minutes": walks[2],
        "enter_first": enters[0],
        "enter_from": enters[1],
        "enter_minutes": enters[2],
        "hop_first": hops[0],
        "hop_from": hops[1],
        "hop_minutes": hops[2],
    }


def _linked(links: Sequence[dict[int, int]]) -> tuple[Column, Column, Column]:
    """first, other stop, minutes; of each stop in rising order of the others."""
    pairs = [pair for row in links for pair in sorted(row.items())]
    others = np.array([other for other, _ in pairs], np.int32)
    return first_of(map(len, links)), others, np.array([minutes for _, minutes in pairs], np.int16)


def _trip_columns(timetable: Timetable) -> dict[str, Column]:
    feeds = timetable.feeds
    columns: dict[str, Column] = {}
    for name in TRIP_COLUMNS:
        parts = [np.array(getattr(feed.trips, name), np.uint8 if name == "bits" else np.int32) for feed in feeds]
        columns[f"trip.{name}"] = np.concatenate([*parts, np.zeros(0, np.int32 if name != "bits" else np.uint8)])
    for name, source in (("arrive", "arrive_s"), ("depart", "depart_s")):
        parts = [(np.array(getattr(feed.trips, source), np.int32) // 60).astype(np.int16) for feed in feeds]
        columns[name] = np.concatenate([*parts, np.zeros(0, np.int16)])
    columns["trip_first"] = first_of(
        length for feed in feeds for length in np.diff(np.array(feed.trips.time_first, np.int32)).tolist()
    )
    columns["feed_trips"] = _bases([len(feed.trips.id) for feed in feeds])
    columns["feed_routes"] = _bases([len(feed.routes) for feed in feeds])
    columns["feed_services"] = _bases([len(feed.services) for feed in feeds])
    columns["feed_trip_texts"] = _bases([len(feed.trips.texts) for feed in feeds])
    return columns


def _bases(lengths: Sequence[int]) -> Int32:
    """The number of each feed's first row, and last of all how many there are."""
    return first_of(lengths)


def _first_day(timetable: Timetable) -> int:
    """The first day on which any service runs, as days since the calendar's own first."""
    days = [days for feed in timetable.feeds for days in feed.services if days]
    return min(((each & -each).bit_length() - 1 for each in days), default=0)


def _calendar_columns(timetable: Timetable) -> tuple[tuple[str, ...], dict[str, Column]]:
    """zones; and for each trip its calendar, of each calendar its zone and days."""
    zones: dict[str, int] = {}
    pairs: dict[tuple[int, int], int] = {}
    trip_calendar: list[int] = []
    services: list[int] = []
    for feed in timetable.feeds:
        zone_of = [zones.setdefault(route.zone, len(zones)) for route in feed.routes]
        for service, route in zip(feed.trips.service, feed.trips.route, strict=True):
            trip_calendar.append(pairs.setdefault((len(services) + service, zone_of[route]), len(pairs)))
        services += feed.services
    first_day = _first_day(timetable)
    rows = [services[service] >> first_day for service, _ in pairs]
    width = max((each.bit_length() for each in rows), default=0) // 8 + 1
    days = np.frombuffer(b"".join(each.to_bytes(width, "little") for each in rows), np.uint8)
    return tuple(zones), {
        "trip_calendar": np.array(trip_calendar, np.int32),
        "calendar_zone": np.array([zone for _, zone in pairs], np.int32),
        "calendar_days": days.reshape(len(pairs), width),
    }
