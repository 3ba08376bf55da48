"""What journeys cost a party, by the fares on file, and what else of them bears on the choice."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import cast

from onward.apps.timetables.choosing import PricedJourney
from onward.apps.timetables.rules import JourneyWarning, Price, price_rides
from onward.engines.journeys import Journey, StopBook, Timetable
from onward.engines.journeys.countries import touched
from onward.engines.journeys.fares.tariff import Tariff
from onward.engines.journeys.fares.world import rides_of, vehicles_of
from onward.engines.journeys.hardship import OpenHours, hard_minutes

EXPIRES_SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Found:
    """A journey of the engine and what it costs the party."""

    journey: Journey
    priced: PricedJourney


def price_all(
    stops: StopBook, journeys: Sequence[Journey], tariff: Tariff, today: date, hours: OpenHours | None
) -> list[Found]:
    """Each journey with its price, how hard it is, and a warning where a timetable it uses ends soon.

    tariff: all that is known of fares, for the party. today: the centre's day. hours: of the desk that receives.
    """
    found = []
    for journey in journeys:
        price = price_rides(tariff, rides_of(cast(Timetable, stops), journey), _names(journey))
        # What the engine says of fares names no leg.
        warnings = tuple(one for one in journey.warnings if one.code not in ("fare_unknown", "fare_currencies_differ"))
        kept = replace(journey, fare=price.fare, warnings=warnings)
        priced = _priced(kept, price, _expiring(stops, journey, today))
        found.append(Found(kept, replace(priced, hard_min=hard_minutes(journey.legs, hours))))
    return found


def _priced(journey: Journey, price: Price, expiring: tuple[JourneyWarning, ...]) -> PricedJourney:
    other = tuple(JourneyWarning(one.code, dict(one.values)) for one in journey.warnings)
    return PricedJourney(
        journey={},
        depart_at=journey.depart_at,
        arrive_at=journey.arrive_at,
        changes=journey.vehicles - 1,
        fare=price.fare,
        tax=price.tax,
        fee=price.fee,
        quoted_on=price.quoted_on,
        warnings=(*price.warnings, *other, *expiring),
        countries=_countries(journey),
        modes=frozenset(leg.mode for leg in journey.legs if not leg.is_walk),
    )


def _countries(journey: Journey) -> tuple[str, ...]:
    """The countries a journey touches in order; "" after them where a stop's is not known, so that nobody reads the
    rest as all there is (fail closed)."""
    stops = [stop for leg in journey.legs for stop in (leg.from_stop, *leg.passed, leg.to_stop)]
    known = touched(journey)
    return known if all(stop.country for stop in stops) else (*known, "")


def _names(journey: Journey) -> list[dict[str, str]]:
    return [
        {"from": legs[0].from_stop.name, "to": legs[-1].to_stop.name, "agency": legs[0].agency}
        for legs in vehicles_of(journey)
    ]


def _expiring(stops: StopBook, journey: Journey, today: date) -> tuple[JourneyWarning, ...]:
    used = {leg.feed for leg in journey.legs if not leg.is_walk}
    return tuple(
        JourneyWarning("feed_expires_soon", {"feed": feed.title, "on": feed.last_on.isoformat()})
        for feed in stops.feeds
        if feed.name in used and feed.last_on <= today + EXPIRES_SOON
    )
