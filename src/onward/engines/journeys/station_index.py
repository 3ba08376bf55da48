"""Which stops a traveller would call one station, across feeds, and what each may be called."""

from dataclasses import dataclass
from weakref import WeakKeyDictionary

from onward.engines.journeys.journey import Stop, StopKey
from onward.engines.journeys.links import LINK_WITHIN_M, names_agree
from onward.engines.journeys.near import Grid, grid_of
from onward.engines.journeys.stop_book import StopBook, book_of_timetable
from onward.engines.journeys.timetable import Timetable
from onward.engines.journeys.wording import plain_words


@dataclass(frozen=True, slots=True)
class Station:
    """One place to leave from or arrive at. stops: every stop in it that is served, of all feeds.

    zone: the one its clock shows. away_m: metres, where asked by place. closeness: how well its name fits what was
    asked, 0 the same, higher is further; stations alike in it are equally good answers.
    """

    name: str
    stops: tuple[StopKey, ...]
    lat: float | None
    lon: float | None
    zone: str
    feeds: tuple[str, ...]
    away_m: float = 0.0
    closeness: int = 0


@dataclass(frozen=True, slots=True)
class StationIndex:
    """names: (station, full name, words of the name or of a part of it). station_at: the station of each stop served.

    grid: the stops served, by place.
    """

    stations: tuple[Station, ...]
    names: tuple[tuple[int, str, tuple[str, ...]], ...]
    grid: Grid
    station_at: dict[int, int]


_made: "WeakKeyDictionary[StopBook | Timetable, StationIndex]" = WeakKeyDictionary()


def station_index(known: StopBook | Timetable) -> StationIndex:
    """The stations of a book of stops or of a timetable; made once for each."""
    index = _made.get(known)
    if index is None:
        book = known if isinstance(known, StopBook) else book_of_timetable(known)
        index = _made[known] = _make_index(book)
    return index


def _make_index(book: StopBook) -> StationIndex:
    inside: dict[int, list[int]] = {}
    for stop in sorted(book.served):
        inside.setdefault(book.station_of[stop], []).append(stop)
    groups: dict[int, list[int]] = {}
    for root, first in _group(book, sorted(inside)).items():
        groups.setdefault(first, []).append(root)
    stations: list[Station] = []
    names: list[tuple[int, str, tuple[str, ...]]] = []
    station_at: dict[int, int] = {}
    for number, roots in enumerate(groups.values()):
        members = [stop for root in roots for stop in inside[root]]
        stations.append(_station(book, roots, members))
        for full in sorted({book.stops[root].name for root in roots}):
            names += [(number, full, words) for words in _callings(full)]
        station_at |= dict.fromkeys(members, number)
    return StationIndex(tuple(stations), tuple(names), _grid(book, list(station_at)), station_at)


def _callings(name: str) -> list[tuple[str, ...]]:
    """The words one may ask by: "Montreal Central Station - MTR" also answers to its code, and without it."""
    head, dash, code = name.rpartition(" - ")
    parts = [name, head, code] if dash and len(code) == 3 and code.isupper() else [name]
    return [plain_words(part) for part in parts]


def _station(book: StopBook, roots: list[int], members: list[int]) -> Station:
    first = book.stops[roots[0]]
    keys = tuple(dict.fromkeys(book.stops[stop].key for stop in members))
    feeds = tuple(dict.fromkeys(book.stops[stop].feed for stop in members))
    return Station(first.name, keys, first.lat, first.lon, first.zone, feeds)


def _grid(book: StopBook, numbers: list[int]) -> Grid:
    return grid_of((number, book.stops[number]) for number in numbers)


def _group(book: StopBook, roots: list[int]) -> dict[int, int]:
    """For each station of a feed, the first of those that are one place to a traveller."""
    first_of = {root: root for root in roots}
    if not book.is_linked:
        return first_of
    grid, trains, stops = _grid(book, roots), book.with_trains, book.stops
    for root in roots:
        lat, lon = stops[root].lat, stops[root].lon
        if lat is None or lon is None:
            continue
        for _, other in grid.within(lat, lon, LINK_WITHIN_M):
            by_train = root in trains and other in trains
            if other <= root or (root, other) in book.parted:
                continue
            if _are_one(stops[root], stops[other], by_train=by_train):
                one, two = sorted((_first(first_of, root), _first(first_of, other)))
                first_of[two] = one
    return {root: _first(first_of, root) for root in roots}


def _first(first_of: dict[int, int], root: int) -> int:
    while first_of[root] != root:
        root = first_of[root]
    return root


def _are_one(one: Stop, other: Stop, *, by_train: bool) -> bool:
    """Whether two near stations are one: of one feed by their whole name, of two by trains or by telling words."""
    if one.feed == other.feed:
        return plain_words(one.name) == plain_words(other.name)
    return by_train or names_agree(one.name, other.name)
