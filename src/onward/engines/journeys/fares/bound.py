"""A network with the fares of a book for a party: which of its rides cost alike, and local time on its days."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from onward.engines.journeys.fares.answers import AnswerBook
from onward.engines.journeys.fares.by_leg import LegFares
from onward.engines.journeys.fares.by_zone import ZoneFares
from onward.engines.journeys.fares.kernel_onward import MAY_BOARD, list_times
from onward.engines.journeys.fares.kernel_words import (
    BY_ARRIVAL,
    BY_DEPARTURE,
    MAY_LAST,
    Clocks,
    Places,
)
from onward.engines.journeys.fares.nights import Hardship, night_between, no_hardship
from onward.engines.journeys.fares.tariff import Tariff
from onward.engines.journeys.fares.to_come import StillToPay
from onward.engines.journeys.fares.told import Told
from onward.engines.journeys.fares.world import fare_ids
from onward.engines.journeys.fast.kernel_arrays import Bits, Int16, Int32
from onward.engines.journeys.hardship import OpenHours, nights
from onward.engines.journeys.journey import stop_key
from onward.engines.journeys.timetable import Timetable

if TYPE_CHECKING:
    from onward.engines.journeys.fast.network import Network
    from onward.engines.journeys.fast.span import Span

MINUTES = 1 << 15
"""Minutes of a span that sixteen bits hold."""
KEPT = 4
"""Spans whose clocks are kept, the last ones asked for."""
EPOCH = date(1970, 1, 1)


class NetworkTable:
    """A network as tariffs read a timetable."""

    def __init__(self, network: "Network") -> None:
        self.patterns, self.feeds, self.stops = network.patterns, network.feeds, network.stops
        self.number = network.number
        self.station_of: list[int] = network.columns["station_of"].tolist()


class Bound:
    """A network's numbers for one tariff. May be used by one thread at a time."""

    def __init__(self, network: "Network", tariff: Tariff) -> None:
        self.network, self.tariff = network, tariff
        self.table = cast(Timetable, NetworkTable(network))
        self.to_pay = StillToPay(network, tariff, lambda stop: fare_ids(self.table, network.stops[stop]))
        self.answers = AnswerBook(tariff, self.to_pay.family_of)
        self.told = Told(tariff, self.answers.step_objects)
        self.zones = sorted({stop.zone for stop in network.stops})
        self._quoted = self._quoted_ids()
        self.places = self._places()
        self._near = self._clocks_near()
        self._call_family = np.repeat(self.places.family, np.diff(network.shape.place_first))
        self._lasts = _lasting(tariff, self.to_pay.family_of)
        self._periods: dict[Hashable, int] = {}
        self._clocks: dict[tuple[int, int, Hardship], tuple[Int32, Int32, Int32]] = {}
        self._times: dict[tuple[int, int], tuple[Int32, Int32]] = {}
        self._shut: dict[tuple[int, int, OpenHours | None], Bits] = {}

    def times(self, span: "Span") -> tuple[Int32, Int32]:
        """Where in a span's departures the two ends of its connections stand."""
        days = span.first_minute, span.days
        return _kept(self._times, days, lambda: list_times(span.lanes, span.shape, span.connections))

    def enough(self, span: "Span", marks: Bits, bounds: tuple[int, Int32], staying: Int16) -> Int32:
        """Ways.enough. marks: of `reached`; bounds: the window's first minute, and Ways.latest."""
        start, latest = bounds
        until: Int32 = np.zeros((len(self._lasts), int(latest[-1] - latest[0]) + 1), np.int32)
        if (self._lasts < 0).all():
            return until
        connections, (left, _) = span.connections, self.times(span)
        low = int(np.searchsorted(connections.departures, start))
        boardings = np.flatnonzero(marks == MAY_BOARD) + low
        soonest = staying[left[boardings], -1]
        family = self._call_family[connections.calls[boardings]]
        counts = (soonest <= latest[-1]) & (self._lasts[family] >= 0)
        by = np.maximum(soonest[counts].astype(np.int32) - latest[0], 0)
        np.maximum.at(until, (family[counts], by), connections.departures[boardings[counts]])
        return np.maximum.accumulate(until, axis=1) - self._lasts[:, None]

    def clocks(self, span: "Span", hardship: Hardship, hours: OpenHours | None) -> Clocks:
        """Local time on the days of a span."""
        days = span.first_minute, span.days
        local = _kept(self._clocks, (*days, hardship), lambda: self._local(span, hardship))
        return Clocks(*self._near, *local, _kept(self._shut, (*days, hours), lambda: shut_minutes(days, hours)))

    def _places(self) -> Places:
        columns, tariff = self.network.columns, self.tariff
        routes = [
            (feed.name, route)
            for number, feed in enumerate(self.network.feeds)
            for route in (feed.routes[at] for at in range(_rows_of(columns["feed_routes"], number)))
        ]
        keys = [_group_key(tariff, feed, route.agency_id, route.route_id) for feed, route in routes]
        groups, group_of = _numbered(keys)
        feed_of = np.repeat(np.arange(len(self.network.feeds)), np.diff(columns["feed_trips"]))
        first = columns["trip.route"] + columns["feed_routes"][feed_of]
        second = np.where(columns["trip.second_route"] < 0, columns["trip.route"], columns["trip.second_route"])
        place_keys = [self._place_key(number) for number in range(len(self.network.stops))]
        counts = np.array([_counts_zones(tariff, feed.name) for feed in self.network.feeds], np.uint8)
        families = np.array([self.to_pay.family_of.get(feed.name, 0) for feed in self.network.feeds], np.uint8)
        return Places(
            _numbered(place_keys)[1],
            group_of[first].astype(np.int32),
            group_of[second + columns["feed_routes"][feed_of]].astype(np.int32),
            np.array([_bits(tariff, key) for key in groups] or [0], np.uint8),
            counts[columns["pattern_feed"]],
            families[columns["pattern_feed"]],
        )

    def _place_key(self, number: int) -> Hashable:
        """All of a stop that fares may depend on."""
        stop = self.network.stops[number]
        system = self.tariff.systems.get(stop.feed)
        quoted = any(feed == stop.feed for feed, _ in self.tariff.quoted)
        if system is None and not quoted:
            return None
        ids = fare_ids(self.table, stop)
        # Who comes back to the station a quote starts from has used it up: all its stops are looked at by themselves.
        named = ids if quoted and any((stop.feed, one) in self._quoted for one in ids) else ()
        return stop.feed, stop.zone, named, _fare_area(system, ids)

    def _quoted_ids(self) -> frozenset[tuple[str, str]]:
        """(feed, id) of the stops that quotes name, and of their stations."""
        named = self.tariff.book.quotes.stops_named
        known = [(feed, stop_key(feed, one)) for feed, one in named]
        stops = [
            (feed, self.network.stops[self.network.number_of[key]])
            for feed, key in known
            if key in self.network.number_of
        ]
        return named | {(feed, one) for feed, stop in stops for one in fare_ids(self.table, stop)}

    def _clocks_near(self) -> tuple[Int32, Int32, Int32]:
        shape = self.network.shape
        own = np.array([self.zones.index(stop.zone) for stop in self.network.stops], np.int32)
        first, near = [0], list[int]()
        for stop, clock in enumerate(own.tolist()):
            walks = shape.walk_to[shape.walk_first[stop] : shape.walk_first[stop + 1]]
            near += sorted({clock, *own[walks].tolist()})
            first.append(len(near))
        return np.array(first, np.int32), np.array(near, np.int32), own

    def _local(self, span: "Span", hardship: Hardship) -> tuple[Int32, Int32, Int32]:
        """(night, any_night, period) of Clocks."""
        night = self._nights(span, hardship)
        return night, night.sum(axis=0, dtype=np.int32), self._hours(span)

    def _nights(self, span: "Span", hardship: Hardship) -> Int32:
        made: NDArray[np.int32] = np.zeros((max(len(self.zones), 1), MINUTES + 1), np.int32)
        minutes = np.arange(MINUTES + 1, dtype=np.int64) + span.first_minute
        for clock, zone in enumerate(self.zones if hardship is not no_hardship else ()):
            if hardship is night_between:
                made[clock] = _night_until(zone, minutes)
            else:
                each = [hardship(zone, minute, minute + 1) for minute in minutes[: span.days * 1440].tolist()]
                made[clock, 1 : len(each) + 1] = np.cumsum(each)
                made[clock, len(each) + 1 :] = made[clock, len(each)]
        return made

    def _hours(self, span: "Span") -> Int32:
        """The number of the hours each minute lies in, by clock: fares are the same in all of them."""
        made: NDArray[np.int32] = np.zeros((max(len(self.zones), 1), MINUTES + 1), np.int32)
        if not any(self.places.group_bits & (BY_DEPARTURE | BY_ARRIVAL)):
            return made
        breaks = _breaks(self.tariff)
        first_day = EPOCH + timedelta(minutes=span.first_minute) - timedelta(days=1)
        for clock, zone in enumerate(self.zones):
            for day in (first_day + timedelta(days=n) for n in range(span.days + 3)):
                for second in breaks:
                    begins = datetime.combine(day, time(), ZoneInfo(zone)) + timedelta(seconds=second)
                    at = max(0, -(-int(begins.timestamp()) // 60) - span.first_minute)
                    if at <= MINUTES:
                        made[clock, at:] = self._period(day, second, len(breaks) > 1)
        return made

    def _period(self, day: date, second: int, by_day: bool) -> int:  # noqa: FBT001
        key = self.tariff.book.quotes.day_like(day), (day, second) if by_day else None
        return self._periods.setdefault(key, len(self._periods))


def shut_minutes(days: tuple[int, int], hours: OpenHours | None) -> Bits:
    """For each minute of a span whether nobody receives then. days: its first minute and how many days it has."""
    shut = np.zeros(MINUTES + 2, np.uint8)
    if hours is None:
        return shut
    first, count = days
    shut[MINUTES + 1] = 1
    for hour in range(min(count * 24, MINUTES // 60)):
        begins = datetime.fromtimestamp((first + 60 * hour) * 60, UTC)
        for quarter in range(0, 60, 15):
            at = begins + timedelta(minutes=quarter)
            minutes = [at + timedelta(minutes=one) for one in range(15)]
            shut[60 * hour + quarter : 60 * hour + quarter + 15] = [not hours.is_open(one) for one in minutes]
    return shut


def _night_until(zone: str, minutes: NDArray[np.int64]) -> Int32:
    """Minutes of night from the first of some minutes that follow one another up to each."""
    made = nights(zone, int(minutes[0]) // 1440 - 1, int(minutes[-1]) // 1440 + 1)
    starts, ends = np.array(made.starts, np.int64), np.array(made.ends, np.int64)
    at = np.maximum(np.searchsorted(starts, minutes, side="right") - 1, 0)
    until = np.array(made.before, np.int64)[at] + np.clip(np.minimum(minutes, ends[at]) - starts[at], 0, None)
    since: Int32 = (until - until[0]).astype(np.int32)
    return since


def _kept[Key: Hashable, Made](held: dict[Key, Made], key: Key, make: Callable[[], Made]) -> Made:
    if key not in held:
        while len(held) >= KEPT:
            held.pop(next(iter(held)))
        held[key] = make()
    return held[key]


def _numbered(keys: Sequence[Hashable]) -> tuple[list[Hashable], Int32]:
    numbers: dict[Hashable, int] = {}
    found = [numbers.setdefault(key, len(numbers)) for key in keys]
    return list(numbers), np.array(found, np.int32)


def _rows_of(first: NDArray[np.int32], number: int) -> int:
    return int(first[number + 1] - first[number])


def _group_key(tariff: Tariff, feed: str, agency_id: str, route_id: str) -> Hashable:
    """All of a route that fares may depend on; None where nothing is known of its fares."""
    system = tariff.systems.get(feed)
    if isinstance(system, ZoneFares):
        named: Hashable = (agency_id, route_id if route_id in system.routes_named else "")
    elif isinstance(system, LegFares):
        named = (agency_id, system.networks.get(route_id, frozenset()))
    elif (feed, agency_id) in tariff.quoted:
        named = (agency_id,)
    else:
        return None
    return feed, (feed, agency_id) in tariff.quoted, named


def _fare_area(system: ZoneFares | LegFares | None, ids: tuple[str, ...]) -> Hashable:
    if isinstance(system, ZoneFares):
        return system.zone(ids)
    if isinstance(system, LegFares):
        return system.areas_of(ids)
    return None


def _counts_zones(tariff: Tariff, feed: str) -> bool:
    system = tariff.systems.get(feed)
    return isinstance(system, ZoneFares) and system.counts_zones


def _bits(tariff: Tariff, key: Hashable) -> int:
    if not isinstance(key, tuple):
        return 0
    feed, is_quoted, _ = key
    system = tariff.systems.get(feed)
    bits = BY_DEPARTURE if is_quoted else 0
    if isinstance(system, ZoneFares):
        bits |= MAY_LAST if any(fare.duration_s for fare in system.fares) else 0
    if isinstance(system, LegFares):
        bits |= MAY_LAST if any(rule.limit_s for rule in system.transfers) else 0
        bits |= BY_DEPARTURE if any(rule.from_timeframe for rule in system.rules) else 0
        bits |= BY_ARRIVAL if any(rule.to_timeframe for rule in system.rules) else 0
    return bits


def _lasting(tariff: Tariff, families: Mapping[str, int]) -> Int32:
    """By family for how many minutes after it begins every ticket is good for a ride that leaves; -1: none ends.

    0 for fares by leg: their hours count from more than one minute.
    """
    lasts: Int32 = np.full(len(families) + 1, -1, np.int32)
    for feed, family in families.items():
        system = tariff.systems.get(feed)
        if isinstance(system, ZoneFares):
            lasts[family] = min((fare.duration_s // 60 for fare in system.fares if fare.duration_s), default=-1)
        elif system is not None and any(rule.limit_s for rule in system.transfers):
            lasts[family] = 0
    return lasts


def _breaks(tariff: Tariff) -> list[int]:
    """Seconds of the day at which some fare may change; midnight always."""
    frames = [frame for one in tariff.systems.values() if isinstance(one, LegFares) for frame in one.all_frames]
    return sorted({0} | {frame.start_s for frame in frames} | {frame.end_s for frame in frames if frame.end_s < 86400})
