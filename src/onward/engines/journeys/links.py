"""Where one may change: at a stop, within a station, by a feed's own rules, and between stations of different feeds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import product

from onward.engines.journeys.corrections import LINK, LinkCorrection
from onward.engines.journeys.feed import Feed
from onward.engines.journeys.gtfs.transfers import FORBIDDEN, IN_SEAT, NOT_IN_SEAT, Transfer
from onward.engines.journeys.journey import Stop, StopKey
from onward.engines.journeys.near import distance_m, grid_of, walk_minutes
from onward.engines.journeys.wording import plain_words, telling_words

Pair = tuple[int, int]
"""The numbers of two stops."""

LINK_WITHIN_M = 350.0
"""Stops of different feeds this near are one station to a traveller; so are those of one feed and one name."""

NAMED_ALIKE_WITHIN_M = 600.0
"""Stops of different feeds whose names agree are linked from further off: a station is one point in a feed."""


class Linking(StrEnum):
    """Between which stops one may change.

    OFF: only at one and the same stop, and the query's least change time holds everywhere; transfers.txt is not
    looked at. FEED: also within stations and as transfers.txt says. NEARBY: also on foot between near stops of
    different feeds, or of one name.
    """

    OFF = "off"
    FEED = "feed"
    NEARBY = "nearby"


@dataclass(slots=True)
class Changes:
    """own_minutes[n]: the feed's least change time at stop n (0 where it gives none); forbidden: where none may be.

    walks[n]: (stop, minutes) for each stop one may walk to from stop n.
    """

    own_minutes: list[int]
    forbidden: set[int] = field(default_factory=set)
    walks: list[dict[int, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class StopTable:
    """All stops of a timetable. station_of[n]: the number of stop n's station, its own where it has none.

    first[f]: the number of feed f's first stop.
    """

    stops: list[Stop]
    station_of: list[int]
    first: Sequence[int]


def telling(name: str) -> set[str]:
    """The words that tell a stop from another, numbers aside."""
    return {word for word in telling_words(plain_words(name)) if not word.isdigit()}


def names_agree(one: str, other: str) -> bool:
    """Whether all that tells in one of two names is in the other: "New York Penn Station" and "Penn Station"."""
    words, others = telling(one), telling(other)
    return bool(words and others and (words <= others or others <= words))


def find_changes(feeds: Sequence[Feed], table: StopTable, linking: Linking) -> Changes:
    """Where one may change in the timetable, by what `linking` allows."""
    count = len(table.stops)
    changes = Changes([0] * count, walks=[{} for _ in range(count)])
    if linking is Linking.OFF:
        return changes
    members = members_of(table)
    if linking is Linking.NEARBY:
        _link_nearby(table, changes)
    for station in members.values():
        _link_station(table, changes, station)
    for first, feed in zip(table.first, feeds, strict=True):
        general = [rule for rule in feed.transfers if rule.is_general and rule.kind not in (IN_SEAT, NOT_IN_SEAT)]
        ends = [(first + rule.from_stop, first + rule.to_stop) for rule in general]
        between = [(members.get(start, [start]), members.get(end, [end])) for start, end in ends]
        # A station's rule is that of all its stops, unless a stop has one of its own.
        for transfer, stops in sorted(zip(general, between, strict=True), key=lambda one: -len(one[1][0] + one[1][1])):
            _apply(transfer, changes, table, stops)
    return changes


def members_of(table: StopTable) -> dict[int, list[int]]:
    """The stops of each station, itself among them."""
    members: dict[int, list[int]] = {}
    for number, station in enumerate(table.station_of):
        members.setdefault(station, []).append(number)
    return members


def _link_nearby(table: StopTable, changes: Changes) -> None:
    grid = grid_of(enumerate(table.stops))
    names = [plain_words(stop.name) for stop in table.stops]
    for number, stop in enumerate(table.stops):
        if stop.lat is None or stop.lon is None:
            continue
        for away, other in grid.within(stop.lat, stop.lon, NAMED_ALIKE_WITHIN_M):
            if table.stops[other].feed == stop.feed:
                linked = other != number and away <= LINK_WITHIN_M and names[other] == names[number]
            else:
                linked = away <= LINK_WITHIN_M or names_agree(stop.name, table.stops[other].name)
            if linked:
                changes.walks[number][other] = walk_minutes(away)


def correct_links(rows: Sequence[LinkCorrection], table: StopTable, changes: Changes) -> dict[Pair, LinkCorrection]:
    """Link and part stops as people say; gives for each two stops concerned, the smaller number first, the row.

    Rows about stops no feed has wait for one that has.
    """
    corrected: dict[Pair, LinkCorrection] = {}
    for row, (start, end) in corrected_pairs(rows, table):
        corrected[min(start, end), max(start, end)] = row
        _correct(row, table, changes, (start, end))
        _correct(row, table, changes, (end, start))
    return corrected


def corrected_pairs(rows: Sequence[LinkCorrection], table: StopTable) -> Iterator[tuple[LinkCorrection, Pair]]:
    """Each two stops that corrections are about; a station's row is about all its stops. Later ones hold."""
    numbers: dict[StopKey, int] = {}
    for number, stop in enumerate(table.stops):
        numbers.setdefault(stop.key, number)
    members = members_of(table)
    for row in rows:
        ends = [numbers[key] for key in (row.from_stop, row.to_stop) if key in numbers]
        starts, goals = (members.get(end, [end]) for end in ends) if len(ends) == 2 else ([], [])
        yield from ((row, pair) for pair in product(starts, goals) if pair[0] != pair[1])


def _correct(row: LinkCorrection, table: StopTable, changes: Changes, pair: Pair) -> None:
    start, end = pair
    changes.walks[start].pop(end, None)
    if row.action == LINK:
        least = row.minutes if row.minutes is not None else walk_between(table.stops[start], table.stops[end])
        changes.walks[start][end] = least


def _link_station(table: StopTable, changes: Changes, members: list[int]) -> None:
    for number in members:
        for other in members:
            if other != number:
                changes.walks[number][other] = walk_between(table.stops[number], table.stops[other])


def walk_between(one: Stop, other: Stop) -> int:
    """The minutes of a walk between two stops; 0 where one of them has no place on the map."""
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return 0
    return walk_minutes(distance_m(one.lat, one.lon, other.lat, other.lon))


def _apply(transfer: Transfer, changes: Changes, table: StopTable, between: tuple[list[int], list[int]]) -> None:
    """One rule of transfers.txt, between each of some stops and each of others."""
    starts, ends = between
    for start in starts:
        for end in ends:
            if start == end:
                _apply_at(transfer, changes, start)
            elif transfer.kind == FORBIDDEN:
                changes.walks[start].pop(end, None)
            elif transfer.seconds is not None:
                changes.walks[start][end] = -(-transfer.seconds // 60)
            else:
                changes.walks[start].setdefault(end, walk_between(table.stops[start], table.stops[end]))


def _apply_at(transfer: Transfer, changes: Changes, stop: int) -> None:
    if transfer.kind == FORBIDDEN:
        changes.forbidden.add(stop)
    elif transfer.seconds is not None:
        changes.own_minutes[stop] = -(-transfer.seconds // 60)
