"""Journeys for a party from a centre to a place, priced: the desk's one question to the timetable."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from onward.apps.accounts.models import Centre
from onward.apps.people.models import AgeBand
from onward.apps.places.models import Place
from onward.apps.places.queries import get_place, list_places
from onward.apps.timetables import loaded
from onward.apps.timetables.choosing import MAX_TRAVEL, PricedJourney, leave_out_detours, needs_of, trim
from onward.apps.timetables.loaded import Loaded
from onward.apps.timetables.models import FareQuote
from onward.apps.timetables.rules import (
    SEATED,
    WAY_TEXTS,
    JourneyWarning,
    Price,
    Quote,
    SoldLeg,
    party_of,
    price_party,
)
from onward.apps.timetables.weighing import quotes_on_file, weighed
from onward.core.errors import BadInput, NotFound, Unavailable, message
from onward.core.window import Window
from onward.engines.journeys import (
    Journey,
    Query,
    Stop,
    StopKey,
    Timetable,
    find_stations_near,
    journey_values,
    stop_key,
)
from onward.engines.journeys.countries import Countries, known_places, touched
from onward.engines.journeys.hardship import OpenHours, hard_minutes
from onward.engines.journeys.lastmile import Spot, last_mile
from onward.engines.journeys.reasons import Circumstances, not_all_weighed, remarked, vehicle_name

__all__ = ["Needs", "PricedJourney", "find_journeys", "list_stops_unknown"]

CITY_M = 12_000
"""Stations this near the middle of a place are in it."""
REACH_M = 25_000
"""Where a place has no station of its own, one this near serves it."""
SEEN_M = 150_000
"""How far to look for a station to name when there is none in reach."""
STATIONS_MOST = 5_000
EXPIRES_SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Needs:
    """What of a party and of where it goes bears on a journey. step_free: somebody needs a way without steps.

    hours, spot: of the desk that receives, when it is open and where its door is; None where nobody knows.
    """

    step_free: bool = False
    hours: OpenHours | None = None
    spot: Spot | None = None


def find_journeys(  # noqa: PLR0913  (each is a word of the question)
    centre: Centre,
    destination: Place,
    *,
    earliest_at: datetime,
    days: int = 3,
    bands: Mapping[AgeBand, int],
    limit: int = 12,
    needs: Needs = Needs(),  # noqa: B008  (it never changes)
) -> list[PricedJourney]:
    """The best journeys from a centre to a place that leave within `days` of `earliest_at`: least hard, then cheapest.

    bands: how many people of each age. limit: the most to give, chosen for variety. Journeys within the countries of
    the centre and of the place come before any that touch another one or a stop whose country nobody knows; those are
    looked for only where there is none, and say so in `countries`. Never empty: where there is nothing to offer it
    raises with the sentence to show: Unavailable (no timetable, or all end before), NotFound (no station in reach, no
    journey in the window), BadInput (the place is the centre's own).
    """
    loaded_now = loaded.load(list_countries())
    begin = earliest_at.astimezone(ZoneInfo(centre.zone))
    window = Window(begin, begin + timedelta(days=days))
    wanted = needs_of(bands, step_free=needs.step_free)
    query = _query(loaded_now.timetable, centre, destination, window)
    query = replace(query, min_change=wanted.min_change, pace=wanted.pace)
    search = _weighing(loaded_now, bands)
    journeys = _search(search, query, window)
    if not journeys:
        query = replace(query, countries=None)
        journeys = _search(search, query, window)
    if not journeys:
        raise _none_found(centre, destination, window)
    found = _price_all(loaded_now.timetable, journeys, bands, begin.date(), needs.hours)
    chosen = trim(leave_out_detours([one.priced for one in found]), limit)
    kept = {id(one.priced): one.journey for one in found}
    given = Circumstances(
        query,
        seated=sum(count for band, count in bands.items() if band in SEATED),
        has_children=wanted.children > 0,
        needs_step_free=needs.step_free,
        open_hours=needs.hours,
        delays=loaded_now.delays,
        seats=loaded_now.seats,
        searching=loaded_now.search,
    )
    ways = [kept[id(one)] for one in chosen]
    told = _with_words(chosen, remarked(ways, given))
    if needs.spot is not None:
        for one, way in zip(told, ways, strict=True):
            one.journey["last_mile"] = _last_mile(way, loaded_now, query, needs.spot)
    return told


def _query(timetable: Timetable, centre: Centre, destination: Place, window: Window) -> Query:
    """The question for the window's first day, within the countries of both ends; raises where it cannot be asked."""
    home = get_place(centre.place_key)
    origins = _origins(timetable, centre, home)
    destinations = _stations_of(timetable, destination)
    if set(origins) & set(destinations):
        raise _already_there(destination)
    _require_valid(timetable, window)
    countries = frozenset((home.country, destination.country))
    return Query(origins, destinations, next(_days(window)), max_travel=MAX_TRAVEL, countries=countries)


def _weighing(loaded_now: Loaded, bands: Mapping[AgeBand, int]) -> Callable[[Query], Iterable[Journey]]:
    """The search to use: where fares are on file, the one that finds journeys worth their price too.

    Where a cheaper one may be missing its journeys say so.
    """
    book = quotes_on_file(loaded_now.network)
    if book is None:
        return loaded_now.search

    def search(query: Query) -> Iterable[Journey]:
        found = weighed(loaded_now.network, query, party_of(bands), book)
        return found.journeys if found.is_whole else map(not_all_weighed, found.journeys)

    return search


def _search(search: Callable[[Query], Iterable[Journey]], query: Query, window: Window) -> list[Journey]:
    """The journeys that leave within the window, by whole days of the centre's clock: what was found for one party
    on a day serves the next one. Equal to one search, as nothing that leaves sooner beats what leaves later."""
    found = [journey for part in _days(window) for journey in search(replace(query, window=part))]
    return [journey for journey in found if journey.depart_at in window]


def _with_words(chosen: Sequence[PricedJourney], said: Sequence[Journey]) -> list[PricedJourney]:
    """The journeys with their reasons in their JSON form, and what the engine finds hard among their warnings."""
    told = []
    for one, journey in zip(chosen, said, strict=True):
        hard = tuple(
            JourneyWarning(each.code, dict(each.values)) for each in journey.warnings if each.code in WAY_TEXTS
        )
        told.append(replace(one, journey=journey_values(journey), warnings=(*one.warnings, *hard)))
    return told


def list_countries() -> Countries:
    """Where countries are, by the list of places."""
    return known_places((place.lat, place.lon, place.country) for place in list_places())


def list_stops_unknown() -> list[StopKey]:
    """The stops that fares on file name and no timetable has; all of them where there is no timetable."""
    pairs = FareQuote.objects.values_list("feed", "from_stop", "to_stop").distinct()
    named = {stop_key(feed, stop) for feed, *stops in pairs for stop in stops}
    return sorted(named - loaded.store().load_timetable().number_of.keys())


def _days(window: Window) -> Iterator[Window]:
    """The days a window touches, on the clock it is given in."""
    zone = window.start_at.tzinfo
    start = datetime.combine(window.start_at.date(), time(), zone)
    while start < window.end_at:
        end = datetime.combine(start.date() + timedelta(days=1), time(), zone)
        yield Window(start, end)
        start = end


def _last_mile(journey: Journey, loaded_now: Loaded, query: Query, spot: Spot) -> dict[str, object] | None:
    """The way from the last stop to the desk's door as an offer keeps it."""

    def near(lat: float, lon: float, metres: float) -> list[StopKey]:
        found = find_stations_near(loaded_now.timetable, lat, lon, within_m=metres, limit=STATIONS_MOST)
        return [key for station in found for key in station.stops]

    mile = last_mile(journey, spot, query, loaded_now.search, near)
    if mile is None:
        return None
    rides = [] if mile.ride is None else [vehicle_name(leg) for leg in mile.ride.legs if not leg.is_walk]
    return {"by": str(mile.by), "metres": mile.metres, "minutes": mile.minutes, "rides": rides}


def _origins(timetable: Timetable, centre: Centre, home: Place) -> tuple[StopKey, ...]:
    """The stops a centre names itself ("stop:FEED:ID"), else the stations of its place."""
    named = [StopKey(code.removeprefix("stop:")) for code in centre.stop_codes]
    known = tuple(key for key in named if key in timetable.number_of)
    if named and not known:
        raise NotFound(
            "journeys.centre_stop_unknown",
            message("No timetable has the stop %(stop)s, from which %(centre)s sends people."),
            remedy=message("The operator corrects the centre's stops or adds the timetable."),
            values={"stop": str(named[0])[:80], "centre": centre.name},
        )
    return known or _stations_of(timetable, home)


def _stations_of(timetable: Timetable, place: Place) -> tuple[StopKey, ...]:
    """The stops of a place's stations: those in it, else those in reach of it."""
    near = find_stations_near(timetable, place.lat, place.lon, within_m=REACH_M, limit=STATIONS_MOST)
    if not near:
        raise _no_station(timetable, place)
    within_m = CITY_M if near[0].away_m <= CITY_M else REACH_M
    return tuple(key for station in near if station.away_m <= within_m for key in station.stops)


def _no_station(timetable: Timetable, place: Place) -> NotFound:
    further = find_stations_near(timetable, place.lat, place.lon, within_m=SEEN_M, limit=1)
    values: dict[str, object] = {"place": place.name}
    if not further:
        text = message("No timetable reaches %(place)s, nor any station within 150 km of it.")
        return NotFound("journeys.no_station", text, remedy=_ANOTHER_PLACE, field="place", values=values)
    values |= {"station": further[0].name, "km": round(further[0].away_m / 1000)}
    text = message("No timetable reaches %(place)s; the nearest station is %(station)s, %(km)s km away.")
    return NotFound("journeys.no_station", text, remedy=_ANOTHER_PLACE, field="place", values=values)


_ANOTHER_PLACE = message("Ask for a place nearby, or ask the carriers.")


def _already_there(place: Place) -> BadInput:
    return BadInput(
        "journeys.already_there",
        message("%(place)s is where this centre sends people from."),
        remedy=message("Name another place, or an address in this one."),
        field="place",
        values={"place": place.name},
    )


def _require_valid(timetable: Timetable, window: Window) -> None:
    first, last = window.start_at.date(), window.end_at.date()
    spans = [(feed.summary.first_on, feed.summary.last_on) for feed in timetable.feeds]
    if not any(begins <= last and first <= ends for begins, ends in spans):
        raise Unavailable(
            "timetable.expired",
            message("No timetable says anything about %(first)s to %(last)s: they run from %(begins)s to %(ends)s."),
            remedy=message("The operator adds a current one with “onward feed add”."),
            values={
                "first": first.isoformat(),
                "last": last.isoformat(),
                "begins": min(begins for begins, _ in spans).isoformat(),
                "ends": max(ends for _, ends in spans).isoformat(),
            },
        )


def _none_found(centre: Centre, place: Place, window: Window) -> NotFound:
    return NotFound(
        "journeys.none",
        message("No journey from %(centre)s to %(place)s leaves between %(first)s and %(last)s."),
        remedy=message("Try later days or a place nearby, or ask the carriers."),
        field="place",
        values={
            "centre": centre.name,
            "place": place.name,
            "first": window.start_at.date().isoformat(),
            "last": window.end_at.date().isoformat(),
        },
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """A journey of the engine and what it costs the party."""

    journey: Journey
    priced: PricedJourney


def _price_all(
    timetable: Timetable,
    journeys: Sequence[Journey],
    bands: Mapping[AgeBand, int],
    today: date,
    hours: OpenHours | None,
) -> list[_Found]:
    sold = [_sold_legs(timetable, journey) for journey in journeys]
    quotes = _quotes({leg for legs in sold for leg in legs})
    found = []
    for journey, legs in zip(journeys, sold, strict=True):
        price = price_party(legs, bands, quotes)
        # What the engine says of fares is replaced by what the quotes on file say.
        warnings = tuple(one for one in journey.warnings if one.code not in ("fare_unknown", "fare_currencies_differ"))
        kept = replace(journey, fare=price.fare, warnings=warnings)
        priced = _priced(kept, price, _expiring(timetable, journey, today))
        found.append(_Found(kept, replace(priced, hard_min=hard_minutes(journey.legs, hours))))
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


def _sold_legs(timetable: Timetable, journey: Journey) -> tuple[SoldLeg, ...]:
    return tuple(
        SoldLeg(
            leg.feed,
            leg.agency_id,
            _with_station(timetable, leg.from_stop),
            _with_station(timetable, leg.to_stop),
            leg.depart_at.date(),
            leg.from_stop.name,
            leg.to_stop.name,
            leg.agency,
        )
        for leg in journey.legs
        if not leg.is_walk
    )


def _with_station(timetable: Timetable, stop: Stop) -> tuple[str, ...]:
    station = timetable.stops[timetable.station_of[timetable.number(stop.key)]]
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


def _expiring(timetable: Timetable, journey: Journey, today: date) -> tuple[JourneyWarning, ...]:
    used = {leg.feed for leg in journey.legs if not leg.is_walk}
    return tuple(
        JourneyWarning("feed_expires_soon", {"feed": feed.summary.title, "on": feed.summary.last_on.isoformat()})
        for feed in timetable.feeds
        if feed.name in used and feed.summary.last_on <= today + EXPIRES_SOON
    )
