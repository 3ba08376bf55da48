"""Every link between stops that Onward made or a person corrected, the doubtful first, for a person to look over."""

from collections.abc import Iterator
from dataclasses import dataclass

from onward.engines.journeys.corrections import UNLINK
from onward.engines.journeys.journey import Stop
from onward.engines.journeys.links import LINK_WITHIN_M, names_agree, telling
from onward.engines.journeys.near import distance_m
from onward.engines.journeys.timetable import Timetable
from onward.engines.journeys.wording import plain_words

FAR_FOR_ONE_NAME_M = 200.0
"""Stops of one feed and one name further apart than this may be two: a name like Main Street is not rare."""


@dataclass(frozen=True, slots=True)
class Link:
    """One may walk from one stop to another and back; minutes None where a correction says one may not.

    metres: as the crow flies, None where a stop has no place. why: "near", "near, names agree", "same name",
    "transfers.txt" or "corrected: ...". doubt: what speaks against it, "" where nothing does.
    """

    from_stop: Stop
    to_stop: Stop
    metres: int | None
    minutes: int | None
    why: str
    doubt: str


def list_links(timetable: Timetable) -> list[Link]:
    """The links of a timetable, each once: doubtful ones first, by length. Walks in a station are none."""
    links = [_link(timetable, *pair) for pair in sorted(_pairs(timetable))]
    return sorted(links, key=lambda link: (not link.doubt, -(link.metres or 0) if link.doubt else 0))


def link_values(link: Link) -> dict[str, object]:
    """A link as plain values, the form the command line prints."""
    return {
        "from": link.from_stop.key,
        "from_name": link.from_stop.name,
        "to": link.to_stop.key,
        "to_name": link.to_stop.name,
        "metres": link.metres,
        "minutes": link.minutes,
        "why": link.why,
        "doubt": link.doubt or None,
    }


def _pairs(timetable: Timetable) -> Iterator[tuple[int, int]]:
    """The numbers of linked stops, the smaller first, and of those a correction parts."""
    station_of, first_stand = timetable.station_of, timetable.first_stand
    seen = set(timetable.corrected)
    for start in range(first_stand):
        for end in timetable.changes.walks[start]:
            if end < first_stand and station_of[start] != station_of[end]:
                seen.add((min(start, end), max(start, end)))
    yield from seen


def _link(timetable: Timetable, start: int, end: int) -> Link:
    one, other = timetable.stops[start], timetable.stops[end]
    walks = timetable.changes.walks
    minutes = walks[start].get(end, walks[end].get(start))
    metres = _metres(one, other)
    correction = timetable.corrected.get((start, end))
    if correction is not None:
        done = "not linked" if correction.action == UNLINK else "linked"
        doubt = "not walked: it would cross a border" if correction.action != UNLINK and minutes is None else ""
        return Link(one, other, metres, minutes, f"corrected: {done}, {correction.why} ({correction.by})", doubt)
    why = _why(one, other, metres)
    return Link(one, other, metres, minutes, why, _doubt(one, other, metres) if why != "transfers.txt" else "")


def _metres(one: Stop, other: Stop) -> int | None:
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return None
    return round(distance_m(one.lat, one.lon, other.lat, other.lon))


def _why(one: Stop, other: Stop, metres: int | None) -> str:
    if one.feed == other.feed:
        near = metres is not None and metres <= LINK_WITHIN_M
        return "same name" if near and plain_words(one.name) == plain_words(other.name) else "transfers.txt"
    return "near, names agree" if names_agree(one.name, other.name) else "near"


def _doubt(one: Stop, other: Stop, metres: int | None) -> str:
    if one.feed == other.feed:
        return "far apart for one name" if metres is not None and metres > FAR_FOR_ONE_NAME_M else ""
    if not telling(one.name) & telling(other.name):
        return "their names share nothing"
    return "far apart, linked for their names" if metres is not None and metres > LINK_WITHIN_M else ""
