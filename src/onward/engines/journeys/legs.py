"""From the rides a search found to a journey a person can read: legs with names and local times, and warnings."""

from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, NamedTuple

from onward.core.errors import message
from onward.engines.journeys.clock import local_time, service_day
from onward.engines.journeys.feed import ABOUT, LIVE, WHEELCHAIR, TripNames
from onward.engines.journeys.gtfs.stop_times import ARRANGE_DROP_OFF, ARRANGE_PICKUP, ESTIMATED, SECOND_TRIP
from onward.engines.journeys.journey import Journey, JourneyWarning, Leg, new_journey, new_leg
from onward.engines.journeys.party import paced

if TYPE_CHECKING:
    from onward.engines.journeys.search import End
    from onward.engines.journeys.timetable import Timetable

FARE_UNKNOWN = JourneyWarning("fare_unknown", message("The fare is not known: ask the carrier."))
ARRANGE = JourneyWarning(
    "arrange_with_carrier", message("One stop is served on request only: arrange it with the carrier beforehand.")
)
ABOUT_TIMES = JourneyWarning(
    "times_approximate", message("Some times are not fixed by the minute: be there early, and ask the carrier.")
)

_TAKES_WHEELCHAIR = {0: None, 1: True, 2: False}


class Ride(NamedTuple):
    """One vehicle from a place in its pattern to a later one.

    run: (trip number, minute its service day counts from). before: the ride changed from, None at the start.
    """

    pattern: int
    run: tuple[int, int]
    boarded: int
    alighted: int
    before: "Ride | None"

    @property
    def first(self) -> "Ride":
        """The ride the journey begins with."""
        ride = self
        while ride.before is not None:
            ride = ride.before
        return ride

    def stops(self, timetable: "Timetable") -> tuple[int, int]:
        """The numbers of the stops it is boarded and left at."""
        stops = timetable.patterns[self.pattern].stops
        return stops[self.boarded], stops[self.alighted]

    def chain(self) -> "list[Ride]":
        """The rides of the journey, first to last."""
        return [*(self.before.chain() if self.before else []), self]


def journey_of(timetable: "Timetable", end: "End", *, pace: int = 100) -> Journey:
    """The journey a search's end stands for, with its walks between, before and after the rides.

    pace: the query's, for the walks between.
    """
    rides = end.ride.chain()
    first, last = rides[0], rides[-1]
    leave = _minutes(timetable, first)[0] - end.before[1]
    legs = walked(timetable, (end.before[0], first.stops(timetable)[0]), leave, end.before[1])
    for ride, after in zip(rides, [*rides[1:], None], strict=True):
        legs += ridden(timetable, ride)
        if after is not None:
            ends = ride.stops(timetable)[1], after.stops(timetable)[0]
            walk = paced(timetable.changes.walks[ends[0]].get(ends[1], 0), pace)
            legs += walked(timetable, ends, _minutes(timetable, ride)[1], walk)
    ends = last.stops(timetable)[1], end.after[0]
    legs += walked(timetable, ends, _minutes(timetable, last)[1], end.after[1])
    return unpriced(legs)


def _minutes(timetable: "Timetable", ride: Ride) -> tuple[int, int]:
    """The minutes at which a ride leaves and arrives."""
    trips = timetable.feeds[timetable.patterns[ride.pattern].feed].trips
    trip, start = ride.run
    times = trips.time_first[trip]
    return start + trips.depart_s[times + ride.boarded] // 60, start + trips.arrive_s[times + ride.alighted] // 60


def ridden(timetable: "Timetable", ride: Ride) -> list[Leg]:
    """A ride as a leg; as several where the vehicle goes on as other trips on the way (gtfs/joints.py)."""
    pattern = timetable.patterns[ride.pattern]
    trips, (trip, _) = timetable.feeds[pattern.feed].trips, ride.run
    if max(pattern.rules) < SECOND_TRIP:  # Hardly any pattern has a joint: look no further.
        return [_leg(timetable, ride, trips.named(trip, second=False), stays_seated=False)]
    legs: list[Leg] = []
    first = 0
    for names, calls in trips.parts(trip):
        board, alight = max(ride.boarded, first), min(ride.alighted, first + calls - 1)
        if board < alight:
            part = ride._replace(boarded=board, alighted=alight)
            legs.append(_leg(timetable, part, names, stays_seated=bool(legs)))
        first += calls
    return legs


def _leg(timetable: "Timetable", ride: Ride, names: TripNames, *, stays_seated: bool) -> Leg:
    """The part of a ride on which the vehicle is the trip of those names."""
    pattern = timetable.patterns[ride.pattern]
    feed, rules, stops = timetable.feeds[pattern.feed], pattern.rules, timetable.stops
    trips, (trip, start), boarded, alighted = feed.trips, ride.run, ride.boarded, ride.alighted
    first, bits = trips.time_first[trip], trips.bits[trip]
    route = feed.routes[names.route]
    from_stop, *passed, to_stop = map(stops.__getitem__, pattern.stops[boarded : alighted + 1])
    return new_leg(
        route.mode,
        feed.name,
        route.agency,
        route.name,
        names.number,
        names.trip_id,
        names.headsign,
        from_stop,
        to_stop,
        local_time(start + trips.depart_s[first + boarded] // 60, from_stop.zone),
        local_time(start + trips.arrive_s[first + alighted] // 60, to_stop.zone),
        (rules[boarded] & ARRANGE_PICKUP | rules[alighted] & ARRANGE_DROP_OFF) > 0,
        (bits & ABOUT | (rules[boarded] | rules[alighted]) & ESTIMATED) > 0,
        _TAKES_WHEELCHAIR[bits & WHEELCHAIR],
        route.agency_id,
        tuple(passed),
        service_day(start, route.zone),
        stays_seated,
        route.route_id,
        bits & LIVE > 0,
    )


def walked(timetable: "Timetable", ends: tuple[int, int], leave: int, minutes: int) -> list[Leg]:
    """The walk between two stops as a leg; none where they are one, or stands of one."""
    if timetable.stop_of[ends[0]] == timetable.stop_of[ends[1]]:
        return []
    start, end = timetable.stops[ends[0]], timetable.stops[ends[1]]
    times = local_time(leave, start.zone), local_time(leave + minutes, end.zone)
    return [new_leg(*_NO_VEHICLE, start, end, *times, *_NOTHING_ELSE)]


_NO_VEHICLE = "walk", "", "", "", "", "", ""
_NOTHING_ELSE = tuple(field.default for field in fields(Leg) if field.default is not MISSING)
"""What a walk has of a leg's fields, before and after where and when it begins and ends."""


def unpriced(legs: list[Leg]) -> Journey:
    """A journey with these legs, its fare not known."""
    return new_journey(tuple(legs), None, warnings_of(legs), (), None, None, None, ())


def warnings_of(legs: list[Leg]) -> tuple[JourneyWarning, ...]:
    """What is to be known of any journey with these legs."""
    arrange = about = False
    for leg in legs:
        arrange |= leg.arrange
        about |= leg.about
    return _WARNINGS[arrange, about]


_WARNINGS = {
    (False, False): (FARE_UNKNOWN,),
    (True, False): (FARE_UNKNOWN, ARRANGE),
    (False, True): (FARE_UNKNOWN, ABOUT_TIMES),
    (True, True): (FARE_UNKNOWN, ARRANGE, ABOUT_TIMES),
}
