"""From the rides a search found to a journey a person can read: legs with names and local times, and warnings."""

from typing import TYPE_CHECKING, NamedTuple

from onward.core.errors import message
from onward.engines.journeys.clock import local_time, service_day
from onward.engines.journeys.feed import ABOUT, LIVE, WHEELCHAIR
from onward.engines.journeys.gtfs.stop_times import ARRANGE_DROP_OFF, ARRANGE_PICKUP, ESTIMATED, SECOND_TRIP
from onward.engines.journeys.journey import Journey, JourneyWarning, Leg
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
    return Journey(tuple(legs), warnings=warnings_of(legs))


def _minutes(timetable: "Timetable", ride: Ride) -> tuple[int, int]:
    """The minutes at which a ride leaves and arrives."""
    trips = timetable.feeds[timetable.patterns[ride.pattern].feed].trips
    trip, start = ride.run
    times = trips.time_first[trip]
    return start + trips.depart_s[times + ride.boarded] // 60, start + trips.arrive_s[times + ride.alighted] // 60


def ridden(timetable: "Timetable", ride: Ride) -> list[Leg]:
    """A ride as a leg; as two where the vehicle goes on as another trip on the way (gtfs/joints.py)."""
    rules = timetable.patterns[ride.pattern].rules
    if max(rules) < SECOND_TRIP:  # Hardly any pattern has a joint: look no further.
        return [_leg(timetable, ride)]
    seam = next((at for at in range(ride.boarded + 1, ride.alighted + 1) if rules[at] & SECOND_TRIP), None)
    if seam is None:
        return [_leg(timetable, ride)]
    parts = ride._replace(alighted=seam - 1), ride._replace(boarded=seam)
    return [_leg(timetable, part) for part in parts]


def _leg(timetable: "Timetable", ride: Ride) -> Leg:
    pattern = timetable.patterns[ride.pattern]
    feed = timetable.feeds[pattern.feed]
    trips, trip = feed.trips, ride.run[0]
    goes_on = bool(pattern.rules[ride.boarded] & SECOND_TRIP)
    names = trips.named(trip, second=goes_on)
    route = feed.routes[names.route]
    stops = timetable.stops
    from_stop, to_stop = stops[pattern.stops[ride.boarded]], stops[pattern.stops[ride.alighted]]
    depart, arrive = _minutes(timetable, ride)
    rules = pattern.rules[ride.boarded] & ARRANGE_PICKUP | pattern.rules[ride.alighted] & ARRANGE_DROP_OFF
    estimated = (pattern.rules[ride.boarded] | pattern.rules[ride.alighted]) & ESTIMATED
    return Leg(
        mode=route.mode,
        feed=feed.name,
        agency=route.agency,
        route=route.name,
        number=names.number,
        trip_id=names.trip_id,
        headsign=names.headsign,
        from_stop=from_stop,
        to_stop=to_stop,
        depart_at=local_time(depart, from_stop.zone),
        arrive_at=local_time(arrive, to_stop.zone),
        arrange=bool(rules),
        about=bool(trips.bits[trip] & ABOUT or estimated),
        wheelchair=_TAKES_WHEELCHAIR[trips.bits[trip] & WHEELCHAIR],
        agency_id=route.agency_id,
        passed=tuple([stops[stop] for stop in pattern.stops[ride.boarded + 1 : ride.alighted]]),
        service_on=service_day(ride.run[1], route.zone),
        stays_seated=goes_on,
        route_id=route.route_id,
        live=bool(trips.bits[trip] & LIVE),
    )


def walked(timetable: "Timetable", ends: tuple[int, int], leave: int, minutes: int) -> list[Leg]:
    """The walk between two stops as a leg; none where they are one, or stands of one."""
    if timetable.stop_of[ends[0]] == timetable.stop_of[ends[1]]:
        return []
    start, end = timetable.stops[ends[0]], timetable.stops[ends[1]]
    times = local_time(leave, start.zone), local_time(leave + minutes, end.zone)
    return [Leg("walk", "", "", "", "", "", "", start, end, *times)]


def warnings_of(legs: list[Leg]) -> tuple[JourneyWarning, ...]:
    """What is to be known of any journey with these legs."""
    warnings = [FARE_UNKNOWN]
    if any(leg.arrange for leg in legs):
        warnings.append(ARRANGE)
    if any(leg.about for leg in legs):
        warnings.append(ABOUT_TIMES)
    return tuple(warnings)
