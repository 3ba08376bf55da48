"""From which stations a centre sends people and by which a place is reached; why nothing leads to one."""

from onward.apps.accounts.models import Centre
from onward.apps.places.models import Place
from onward.apps.places.queries import list_places
from onward.core.errors import BadInput, NotFound, message
from onward.engines.journeys import StopBook, StopKey, find_stations_near
from onward.engines.journeys.countries import Countries, known_places

CITY_M = 12_000
"""Stations this near the middle of a place are in it."""
REACH_M = 25_000
"""Where a place has no station of its own, one this near serves it."""
SEEN_M = 150_000
"""How far to look for a station to name when there is none in reach."""
STATIONS_MOST = 5_000


Ends = tuple[tuple[StopKey, ...], tuple[StopKey, ...]]
"""The stops to leave from and to arrive at."""


def find_ends(stops: StopBook, centre: Centre, home: Place, destination: Place) -> Ends:
    """The stops of a centre, whose place is `home`, and of a place; raises NotFound or BadInput where none are."""
    starts, ends = _origins(stops, centre, home), _stations_of(stops, destination)
    if set(starts) & set(ends):
        raise _already_there(destination)
    return starts, ends


def list_near(stops: StopBook, lat: float, lon: float, metres: float) -> list[StopKey]:
    """The stops of all stations within so many metres."""
    found = find_stations_near(stops, lat, lon, within_m=metres, limit=STATIONS_MOST)
    return [key for station in found for key in station.stops]


def list_countries() -> Countries:
    """Where countries are, by the list of places."""
    return known_places((place.lat, place.lon, place.country) for place in list_places())


def _origins(stops: StopBook, centre: Centre, home: Place) -> tuple[StopKey, ...]:
    """The stops a centre names itself ("stop:FEED:ID"), else the stations of its place."""
    named = [StopKey(code.removeprefix("stop:")) for code in centre.stop_codes]
    known = tuple(key for key in named if key in stops.number_of)
    if named and not known:
        raise NotFound(
            "journeys.centre_stop_unknown",
            message("No timetable has the stop %(stop)s, from which %(centre)s sends people."),
            remedy=message("The operator corrects the centre's stops or adds the timetable."),
            values={"stop": str(named[0])[:80], "centre": centre.name},
        )
    return known or _stations_of(stops, home)


def _stations_of(stops: StopBook, place: Place) -> tuple[StopKey, ...]:
    """The stops of a place's stations: those in it, else those in reach of it."""
    near = find_stations_near(stops, place.lat, place.lon, within_m=REACH_M, limit=STATIONS_MOST)
    if not near:
        raise _no_station(stops, place)
    within_m = CITY_M if near[0].away_m <= CITY_M else REACH_M
    return tuple(key for station in near if station.away_m <= within_m for key in station.stops)


def _no_station(stops: StopBook, place: Place) -> NotFound:
    further = find_stations_near(stops, place.lat, place.lon, within_m=SEEN_M, limit=1)
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
