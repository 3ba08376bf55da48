"""Journeys for a party from a centre to a place, priced: the desk's one question to the timetable."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from onward.apps.accounts.models import Centre
from onward.apps.people.models import AgeBand
from onward.apps.places.models import Place
from onward.apps.places.queries import get_place
from onward.apps.timetables import loaded
from onward.apps.timetables.choosing import MAX_TRAVEL, PricedJourney, leave_out_detours, needs_of, trim
from onward.apps.timetables.loaded import Loaded
from onward.apps.timetables.models import FareQuote
from onward.apps.timetables.pricing import price_all
from onward.apps.timetables.rules import SEATED, WAY_TEXTS, JourneyWarning, party_of
from onward.apps.timetables.stations import find_ends, list_countries, list_near
from onward.apps.timetables.weighing import fares_on_file, weighed
from onward.core.errors import BadInput, NotFound, Unavailable, message
from onward.core.window import Window
from onward.engines.journeys import Journey, Query, StopBook, StopKey, journey_values, stop_key
from onward.engines.journeys.fares.book import FareBook
from onward.engines.journeys.fares.tariff import Tariff
from onward.engines.journeys.hardship import OpenHours
from onward.engines.journeys.lastmile import Spot, last_mile
from onward.engines.journeys.reasons import Circumstances, not_all_weighed, remarked, vehicle_name

__all__ = ["Needs", "PricedJourney", "find_journeys", "find_obstacle", "list_stops_unknown"]


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
    query = _query(loaded_now.stops, centre, destination, window)
    query = replace(query, min_change=wanted.min_change, pace=wanted.pace)
    book = fares_on_file(loaded_now)
    search = _weighing(loaded_now, bands, book)
    journeys = _search(search, query, window)
    if not journeys:
        query = replace(query, countries=None)
        journeys = _search(search, query, window)
    if not journeys:
        raise _none_found(centre, destination, window)
    found = price_all(
        loaded_now.stops, journeys, Tariff(book or FareBook(), party_of(bands)), begin.date(), needs.hours
    )
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


def find_obstacle(centre: Centre, destination: Place) -> NotFound | BadInput | None:
    """Why no journey leads from a centre to a place whatever the day; None where the day may be at fault.

    Raises Unavailable while there is no timetable.
    """
    try:
        find_ends(loaded.load(list_countries()).stops, centre, get_place(centre.place_key), destination)
    except (NotFound, BadInput) as problem:
        return problem
    return None


def _query(stops: StopBook, centre: Centre, destination: Place, window: Window) -> Query:
    """The question for the window's first day, within the countries of both ends; raises where it cannot be asked."""
    home = get_place(centre.place_key)
    starts, ends = find_ends(stops, centre, home, destination)
    _require_valid(stops, window)
    countries = frozenset((home.country, destination.country))
    return Query(starts, ends, next(_days(window)), max_travel=MAX_TRAVEL, countries=countries)


def _weighing(
    loaded_now: Loaded, bands: Mapping[AgeBand, int], book: FareBook | None
) -> Callable[[Query], Iterable[Journey]]:
    """The search to use: where fares are on file, the one that finds journeys worth their price too.

    Where a cheaper one may be missing its journeys say so.
    """
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


def list_stops_unknown() -> list[StopKey]:
    """The stops that fares on file name and no timetable has; all of them where there is no timetable."""
    pairs = FareQuote.objects.values_list("feed", "from_stop", "to_stop").distinct()
    named = {stop_key(feed, stop) for feed, *stops in pairs for stop in stops}
    return sorted(named - _stops_known())


def _stops_known() -> set[StopKey]:
    feeds = (loaded.store().load(feed.name) for feed in loaded.store().list_feeds())
    return {stop_key(feed.name, stop.stop_id) for feed in feeds for stop in feed.stops}


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

    near = partial(list_near, loaded_now.stops)
    mile = last_mile(journey, spot, query, loaded_now.search, near)
    if mile is None:
        return None
    rides = [] if mile.ride is None else [vehicle_name(leg) for leg in mile.ride.legs if not leg.is_walk]
    return {"by": str(mile.by), "metres": mile.metres, "minutes": mile.minutes, "rides": rides}


def _require_valid(stops: StopBook, window: Window) -> None:
    first, last = window.start_at.date(), window.end_at.date()
    spans = [(feed.first_on, feed.last_on) for feed in stops.feeds]
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
