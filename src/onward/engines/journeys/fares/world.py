"""Where one can go: the timetable as a query sees it, vehicle by vehicle. For the plain search that weighs fares."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from onward.engines.journeys.clock import minute_from, minute_of
from onward.engines.journeys.fares.steps import Ridden
from onward.engines.journeys.gtfs.stop_times import NO_DROP_OFF, NO_PICKUP, SECOND_TRIP
from onward.engines.journeys.journey import Journey, Leg, Query, Stop, StopKey
from onward.engines.journeys.least import NEVER, least_minutes
from onward.engines.journeys.legs import Ride
from onward.engines.journeys.party import paced
from onward.engines.journeys.running import Lane
from onward.engines.journeys.timetable import Timetable


class Boarding(NamedTuple):
    """A run of a lane at a place of its pattern, boarded at a stop at a minute."""

    pattern: int
    place: int
    lane: Lane
    run: int

    @property
    def depart(self) -> int:
        """The minute it leaves."""
        return self.lane.departures[self.place][self.run]


class World:
    """A timetable and a query. start, end: the window; access, egress: stops near its ends, as (stop, walk minutes)."""

    def __init__(self, timetable: Timetable, query: Query) -> None:
        self.timetable, self.query = timetable, query
        self.start, self.end = minute_of(query.window.start_at), minute_from(query.window.end_at)
        self.max_travel = int(query.max_travel.total_seconds() // 60)
        self.min_change = -int(-query.min_change.total_seconds() // 60)
        self.outside = timetable.outside(query.countries)
        self.access = self._walked(timetable.changes.walks, query.origins)
        self.egress = self._walked(timetable.walks_into, query.destinations)
        # Nothing is left out for its start: a journey that comes back through it may be the cheaper one.
        self.least = least_minutes(timetable, {}, self.egress)
        self.running = timetable.running(self.start, self.end + self.max_travel)

    def _walked(self, walks: list[dict[int, int]], keys: Sequence[StopKey]) -> dict[int, tuple[int, int]]:
        stops = [stop for stop in self.timetable.expand(keys) if stop not in self.outside]
        near = {stop: (stop, 0) for stop in stops}
        for stop in stops:
            for other, minutes in walks[stop].items() if self.timetable.stop_of[stop] == stop else ():
                walk = paced(minutes, self.query.pace)
                if walk < near.get(other, (0, NEVER))[1]:
                    near[other] = stop, walk
        return near

    def boardings(self, stop: int, ready: int, last: int) -> Iterator[Boarding]:
        """Every vehicle one may board at a stop, leaving from `ready` to `last`."""
        for pattern, place in self.timetable.calls_at[stop] if stop not in self.outside else ():
            if not self.timetable.patterns[pattern].rules[place] & NO_PICKUP:
                for lane in self.running.lanes(pattern):
                    times = lane.departures[place]
                    for run in range(bisect_left(times, ready), bisect_left(times, last + 1)):
                        yield Boarding(pattern, place, lane, run)

    def alightings(self, boarding: Boarding) -> Iterator[tuple[int, int, int]]:
        """(place, stop, minute) of each place further on at which one may leave the vehicle."""
        pattern = self.timetable.patterns[boarding.pattern]
        for place in range(boarding.place + 1, len(pattern.stops)):
            if pattern.stops[place] in self.outside:
                return
            if not pattern.rules[place] & NO_DROP_OFF:
                yield place, pattern.stops[place], boarding.lane.arrivals[place][boarding.run]

    def stands(self, stop: int, arrive: int) -> Iterator[tuple[int, int]]:
        """(stop, minute) from when on one may board at a stop after having arrived at one."""
        changes, pace = self.timetable.changes, self.query.pace
        if stop not in changes.forbidden:
            yield stop, arrive + max(self.min_change, paced(changes.own_minutes[stop], pace))
        for other, walk in changes.walks[stop].items():
            yield other, arrive + max(self.min_change, paced(walk, pace))

    def zones_near(self, stop: int) -> set[str]:
        """The clocks one may wait by after having arrived at a stop."""
        near = (stop, *self.timetable.changes.walks[stop])
        return {self.timetable.stops[other].zone for other in near}

    def ridden(self, boarding: Boarding, place: int) -> Ridden:
        """A ride as a tariff sees it."""
        times = boarding.depart, boarding.lane.arrivals[place][boarding.run]
        ride = Ride(boarding.pattern, boarding.lane.runs[boarding.run], boarding.place, place, None)
        return ridden(self.timetable, ride, times)


def ridden(table: Timetable, ride: Ride, times: tuple[int, int]) -> Ridden:
    """A ride as a tariff sees it. times: when it leaves and arrives."""
    pattern = table.patterns[ride.pattern]
    feed = table.feeds[pattern.feed]
    second = bool(pattern.rules[ride.boarded] & SECOND_TRIP)
    route = feed.routes[feed.trips.named(ride.run[0], second=second).route]
    start, end = (table.stops[stop] for stop in ride.stops(table))
    return Ridden(
        feed.name,
        route.agency_id,
        route.route_id,
        fare_ids(table, start),
        fare_ids(table, end),
        tuple(table.stops[stop].stop_id for stop in pattern.stops[ride.boarded : ride.alighted + 1]),
        *times,
        start.zone,
        end.zone,
    )


def rides_of(table: Timetable, journey: Journey) -> list[Ridden]:
    """The rides of a journey as a tariff sees them, those of `vehicles_of`."""
    return [_ridden_legs(table, legs) for legs in vehicles_of(journey)]


def vehicles_of(journey: Journey) -> list[list[Leg]]:
    """The legs of each vehicle of a journey: one that goes on as another trip is one ride."""
    rides: list[list[Leg]] = []
    for leg in journey.legs:
        if leg.stays_seated and rides:
            rides[-1].append(leg)
        elif not leg.is_walk:
            rides.append([leg])
    return rides


def _ridden_legs(table: Timetable, legs: list[Leg]) -> Ridden:
    first, last = legs[0], legs[-1]
    stops = [first.from_stop, *(stop for leg in legs for stop in (*leg.passed, leg.to_stop))]
    return Ridden(
        first.feed,
        first.agency_id,
        first.route_id,
        fare_ids(table, first.from_stop),
        fare_ids(table, last.to_stop),
        tuple(stop.stop_id for stop in stops),
        minute_of(first.depart_at),
        minute_of(last.arrive_at),
        first.from_stop.zone,
        last.to_stop.zone,
    )


def fare_ids(table: Timetable, stop: Stop) -> tuple[str, ...]:
    """The ids fares may know a stop by: its own, then its station's."""
    station = table.stops[table.station_of[table.number(stop.key)]]
    return (stop.stop_id,) if station.stop_id == stop.stop_id else (stop.stop_id, station.stop_id)


def ride_of(boarding: Boarding, place: int, before: Ride | None) -> Ride:
    """A boarded vehicle left at a place, after the rides before."""
    return Ride(boarding.pattern, boarding.lane.runs[boarding.run], boarding.place, place, before)
