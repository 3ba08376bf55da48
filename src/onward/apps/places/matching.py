"""Which places a text may mean, best first: pure, over names already read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from onward.apps.places.spelling import count_slips, fold, slips_allowed

WORD_LEAST = 4
"""A name shorter than this ("LA", "SF") is only taken when it is all that was said: in a sentence it is a word."""

_COUNTRIES = {
    "US": "us usa america eeuu united states estados unidos etats unis",
    "CA": "ca canada كندا",
    "MX": "mx mexico mexique المكسيك",
}


class Closeness(IntEnum):
    """How a text meets a name; smaller is closer."""

    SAME = 0
    SAME_WITH_REGION = 1
    BEGINS = 2
    SAID_WITHIN = 3
    SLIPPED = 4


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A place as the matcher sees it. names: its own name first, then by language, then others. region: ISO 3166-2."""

    key: str
    names: tuple[str, ...]
    country: str
    region: str


@dataclass(frozen=True, slots=True, order=True)
class Match:
    """A place a text may mean. slips: letters that differ. name_order: which of its names met, its own being 0."""

    closeness: Closeness
    slips: int
    name_order: int
    key: str


@lru_cache(maxsize=8192)
def _folded(name: str) -> tuple[str, str]:
    words = fold(name)
    return words, words.replace(" ", "")


def rank(text: str, places: Iterable[NamedPlace]) -> list[Match]:
    """The places a text may mean, the closest first; of places met equally well, in the order of their keys.

    Forgives case, accents, missing spaces, a region or country said after the name, and one or two slips (one in a
    name of four to six letters). A sentence that holds a name ("with my aunt in Denver") meets it too.
    """
    said = fold(text)
    if not said:
        return []
    found = [match for place in places if (match := _closest(said, place)) is not None]
    return sorted(found)


def are_alike(matches: Sequence[Match]) -> bool:
    """Whether the first two matches are equally close, so that one must ask which is meant."""
    return len(matches) > 1 and (matches[0].closeness, matches[0].slips) == (matches[1].closeness, matches[1].slips)


def _closest(said: str, place: NamedPlace) -> Match | None:
    best: Match | None = None
    for order, name in enumerate(place.names):
        met = _meet(said, name, place)
        if met is not None and (best is None or met < (best.closeness, best.slips)):
            best = Match(met[0], met[1], order, place.key)
    return best


def _meet(said: str, name: str, place: NamedPlace) -> tuple[Closeness, int] | None:
    words, squeezed = _folded(name)
    said_squeezed = said.replace(" ", "")
    if not words:
        return None
    if said == words or said_squeezed == squeezed:
        return Closeness.SAME, 0
    if said.startswith(words + " ") and _is_region(said[len(words) + 1 :], place):
        return Closeness.SAME_WITH_REGION, 0
    if len(said) >= 3 and words.startswith(said):
        return Closeness.BEGINS, 0
    if len(words) >= WORD_LEAST and f" {words} " in f" {said} ":
        return Closeness.SAID_WITHIN, 0
    return _meet_slipped(said, words)


def _meet_slipped(said: str, words: str) -> tuple[Closeness, int] | None:
    """Slips over the whole text, or, once, in a run of as many of its words as the name has."""
    squeezed = words.replace(" ", "")
    most = slips_allowed(len(squeezed))
    slips = count_slips(said.replace(" ", ""), squeezed, most)
    if slips <= most:
        return Closeness.SLIPPED, slips
    heard, width = said.split(), words.count(" ") + 1
    if len(squeezed) >= 6 and len(heard) > width:
        runs = {"".join(heard[i : i + width]) for i in range(len(heard) - width + 1)}
        if any(count_slips(run, squeezed, 1) <= 1 for run in runs):
            return Closeness.SLIPPED, 3
    return None


def _is_region(rest: str, place: NamedPlace) -> bool:
    region = place.region.partition("-")[2].casefold()
    countries = _COUNTRIES.get(place.country, place.country.casefold()).split()
    return all(word == region or word in countries for word in rest.split())
