"""Reads of places. Shared by all centres, so unscoped."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from onward.apps.places.matching import Match, NamedPlace, are_alike, rank
from onward.apps.places.models import CapacityStatement, Place, ReceivingPlace
from onward.core.errors import NotFound, message


@dataclass(frozen=True, slots=True)
class Capacity:
    """The newest thing a receiving place said of its room, and how long ago. It informs; it never removes a place."""

    code: str
    words: str
    said_at: datetime
    said_by: str
    age: timedelta


def find_places(text: str, limit: int = 8) -> list[Place]:
    """The places a text may mean, best first; none for words that name no place we know.

    Forgives case, accents, other languages' names, a region said after the name and one or two slips.
    """
    return [place for place, _ in _ranked(text)[:limit]]


def find_one_place(text: str) -> Place | None:
    """The one place a text means; None when it names none, or two equally well ("Portland")."""
    ranked = _ranked(text)
    return ranked[0][0] if ranked and not are_alike([match for _, match in ranked]) else None


def _ranked(text: str) -> list[tuple[Place, Match]]:
    places = {place.key: place for place in Place.objects.all()}
    named = [
        NamedPlace(one.key, (one.name, *one.names.values(), *one.other_names), one.country, one.region)
        for one in places.values()
    ]
    return [(places[match.key], match) for match in rank(text, named)]


def get_place(key: str) -> Place:
    """A place by key; raises NotFound."""
    place = Place.objects.filter(pk=key).first()
    if place is None:
        raise NotFound("place.unknown", message("There is no such place in the list."), field="place")
    return place


def list_places() -> list[Place]:
    """All places, by name."""
    return list(Place.objects.order_by("name", "key"))


def find_receiving(place: Place) -> ReceivingPlace | None:
    """The desk that receives in a place, if there is one."""
    return ReceivingPlace.objects.filter(place=place).select_related("place").first()


def list_receiving() -> list[ReceivingPlace]:
    """All receiving places, by the name of their place."""
    return list(ReceivingPlace.objects.select_related("place").order_by("place__name"))


def find_capacity(place: Place, *, now: datetime) -> Capacity | None:
    """What the receiving desk of a place last said of its room, with its age; None when it never said."""
    said = CapacityStatement.objects.filter(place_id=place.pk, said_at__lte=now).order_by("-said_at", "-pk").first()
    if said is None:
        return None
    return Capacity(said.code, said.words, said.said_at, said.said_by, now - said.said_at)
