"""What journeys cost a party, by the quotes on file, and what else of them bears on the choice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from onward.apps.people.models import AgeBand
from onward.apps.timetables.choosing import PricedJourney
from onward.apps.timetables.models import FareQuote
from onward.apps.timetables.rules import JourneyWarning, Price, Quote, SoldLeg, price_party
from onward.engines.journeys import Journey, Stop, StopBook
from onward.engines.journeys.countries import touched
from onward.engines.journeys.hardship import OpenHours, hard_minutes

EXPIRES_SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Found:
    """A journey of the engine and what it costs the party."""

    journey: Journey
    priced: PricedJourney


def price_all(
    stops: StopBook,
    journeys: Sequence[Journey],
    bands: Mapping[AgeBand, int],
    today: date,
    hours: OpenHours | None,
) -> list[Found]:
    """Each journey with its price, how hard it is, and a warning where a timetable it uses ends soon.

    bands: how many people of each age. today: the centre's day. hours: of the desk that receives.
    """
    sold = [_sold_legs(stops, journey) for journey in journeys]
    quotes = _quotes({leg for legs in sold for leg in legs})
    found = []
    for journey, legs in zip(journeys, sold, strict=True):
        price = price_party(legs, bands, quotes)
        # What the engine says of fares is replaced by what the quotes on file say.
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


def _sold_legs(stops: StopBook, journey: Journey) -> tuple[SoldLeg, ...]:
    return tuple(
        SoldLeg(
            leg.feed,
            leg.agency_id,
            _with_station(stops, leg.from_stop),
            _with_station(stops, leg.to_stop),
            leg.depart_at.date(),
            leg.from_stop.name,
            leg.to_stop.name,
            leg.agency,
        )
        for leg in journey.legs
        if not leg.is_walk
    )


def _with_station(stops: StopBook, stop: Stop) -> tuple[str, ...]:
    station = stops.stops[stops.station_of[stops.number(stop.key)]]
    return (stop.stop_id,) if station.stop_id == stop.stop_id else (stop.stop_id, station.stop_id)


def _quotes(legs: set[SoldLeg]) -> list[Quote]:
    """The quotes on file that any of the legs may need, in one read."""
    if not legs:
        return []
    rows = FareQuote.objects.filter(
        feed__in={leg.feed for leg in legs},
        from_stop__in={stop for leg in legs for stop in leg.from_stops},
        to_stop__in={stop for leg in legs for stop in leg.to_stops},
        valid_from__lte=max(leg.on for leg in legs),
        valid_to__gte=min(leg.on for leg in legs),
    )
    return [Quote(*row) for row in rows.order_by("pk").values_list(*Quote.__slots__)]


def _expiring(stops: StopBook, journey: Journey, today: date) -> tuple[JourneyWarning, ...]:
    used = {leg.feed for leg in journey.legs if not leg.is_walk}
    return tuple(
        JourneyWarning("feed_expires_soon", {"feed": feed.title, "on": feed.last_on.isoformat()})
        for feed in stops.feeds
        if feed.name in used and feed.last_on <= today + EXPIRES_SOON
    )
