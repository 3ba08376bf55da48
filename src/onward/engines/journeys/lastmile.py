"""From the last stop of a journey to an address: on foot, by what runs there, or how far it is where nothing does."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from onward.core.window import Window
from onward.engines.journeys.journey import Journey, Query, StopKey
from onward.engines.journeys.near import distance_m, walk_minutes
from onward.engines.journeys.party import paced

WALKED_MIN = 20
"""Minutes on foot, at the party's own pace, that a family with its bags is sent to walk; beyond that it rides."""
SERVED_M = 600.0
"""Stops this near an address serve it."""
LOOK_AHEAD = timedelta(hours=3)
VEHICLES_MOST = 3

StopsNear = Callable[[float, float, float], Sequence[StopKey]]
"""The stops within so many metres of (lat, lon)."""


class By(StrEnum):
    """How the last mile is gone."""

    FOOT = "foot"
    RIDE = "ride"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Spot:
    """An address on the map, in degrees."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class LastMile:
    """The way from the last stop. minutes: on foot from there, or from arriving until a ride's end and the walk after.

    metres: as the crow flies. ride: what is ridden, None on foot or where nothing runs.
    """

    by: By
    metres: int
    minutes: int | None
    ride: Journey | None = None


def last_mile(
    journey: Journey, spot: Spot, query: Query, searching: Callable[[Query], Sequence[Journey]], near: StopsNear
) -> LastMile | None:
    """How the party of a query gets from a journey's last stop to a spot; None where that stop has no place on the map.

    A walk of WALKED_MIN or less is walked; else the ride that is there first, in the country of the last stop, within
    LOOK_AHEAD of arriving; else nothing is known to run.
    """
    end = journey.legs[-1].to_stop
    if end.lat is None or end.lon is None:
        return None
    away = distance_m(end.lat, end.lon, spot.lat, spot.lon)
    walk = paced(walk_minutes(away), query.pace)
    if walk <= WALKED_MIN:
        return LastMile(By.FOOT, round(away), walk)
    stops = [key for key in near(spot.lat, spot.lon, SERVED_M) if key != end.key]
    asked = replace(
        query,
        origins=(end.key,),
        destinations=tuple(stops),
        window=Window(journey.arrive_at, journey.arrive_at + LOOK_AHEAD),
        max_travel=LOOK_AHEAD,
        max_vehicles=VEHICLES_MOST,
        countries=frozenset((end.country,)),
    )
    ride = min(searching(asked), key=lambda one: one.arrive_at, default=None) if stops else None
    if ride is None:
        return LastMile(By.NOTHING, round(away), None)
    left = ride.legs[-1].to_stop
    on_foot = 0
    if left.lat is not None and left.lon is not None:
        on_foot = paced(walk_minutes(distance_m(left.lat, left.lon, spot.lat, spot.lon)), query.pace)
    minutes = int((ride.arrive_at - journey.arrive_at).total_seconds() // 60) + on_foot
    return LastMile(By.RIDE, round(away), minutes, ride)
