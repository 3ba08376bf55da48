"""What a carrier may not carry: pairs of stops closed in a trip, from readable rule files, compiled into patterns.

GTFS can say that nobody may board or alight at a stop, not that nobody may ride from one stop to another: a coach from
New York to Montréal that stops at Albany and Longueuil may carry people across the line and, often, not from Longueuil
to Montréal. Rules say it here. A pattern with closed pairs is replaced by *views* of the same trips: places with the
same open places ahead board in one view, and there only those may be alighted at. Each view is an ordinary pattern, so
every search obeys without knowing of it, and within each the earlier of two vehicles is still the better one.

Leaving a vehicle and boarding it again at the same stop is two carriages, each judged by itself.
"""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations

from onward.engines.journeys.feed import Feed, Patterns, Trips
from onward.engines.journeys.gtfs.calendar import FIRST_DAY, LAST_DAY, day_number
from onward.engines.journeys.gtfs.routes import Route
from onward.engines.journeys.gtfs.stop_times import NO_DROP_OFF, NO_PICKUP

ALL_DAYS = (1 << day_number(LAST_DAY) + 1) - 1


@dataclass(frozen=True, slots=True)
class CarriageRule:
    """One rule of a file. Empty selectors choose everything; zones: of agencies; modes: as routes.py names them.

    may_carry: it opens what others close. within: pairs of stops that both lie in one of these countries, on trips that
    also call in another one. pairs: (from stop or station id, to stop or station id). first_on, last_on: service days.
    """

    why: str
    source: str
    said_on: date
    may_carry: bool = False
    within: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    feeds: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    trips: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    first_on: date | None = None
    last_on: date | None = None

    def is_for(self, route: Route, trip_id: str) -> bool:
        """Whether it speaks of a trip of a route; the feed was asked before."""
        return (
            _fits(self.agencies, route.agency_id)
            and _fits(self.routes, route.route_id)
            and _fits(self.trips, trip_id)
            and _fits(self.modes, route.mode)
            and _fits(self.zones, route.zone)
        )

    def days(self) -> int:
        """The service days on which it holds, as bits."""
        first = day_number(self.first_on or FIRST_DAY)
        last = day_number(self.last_on or LAST_DAY)
        return ((1 << last + 1) - 1) & ~((1 << max(first, 0)) - 1)


def _fits(chosen: tuple[str, ...], value: str) -> bool:
    return not chosen or value in chosen


Closed = frozenset[tuple[int, int]]
"""Pairs of places in a pattern between which nobody may be carried."""


def closed_pairs(stops: Sequence[tuple[str, str]], countries: Sequence[str], rules: Sequence[CarriageRule]) -> Closed:
    """The pairs of places that rules close in a trip, those that a rule opens left out.

    stops: (stop id, its station's id or "") of each place. countries: of each place, "" where unknown; such a stop may
    lie in any country, so carriage to or from it is closed where the other stop's may be (fail closed).
    """
    closed: set[tuple[int, int]] = set()
    opened: set[tuple[int, int]] = set()
    for rule in rules:
        chosen = opened if rule.may_carry else closed
        chosen.update(_pairs_of(rule, stops, countries))
    return frozenset(closed - opened)


def _pairs_of(
    rule: CarriageRule, stops: Sequence[tuple[str, str]], countries: Sequence[str]
) -> Iterator[tuple[int, int]]:
    crosses = bool(rule.within) and len({country for country in countries if country}) > 1
    if not crosses and not rule.pairs:
        return
    unknown_is_in = not rule.may_carry
    for board, alight in combinations(range(len(stops)), 2):
        ends = countries[board], countries[alight]
        named = any(start in stops[board] and end in stops[alight] for start, end in rule.pairs)
        if named or (crosses and _within(rule.within, ends, unknown_is_in=unknown_is_in)):
            yield board, alight


def _within(countries: tuple[str, ...], ends: tuple[str, str], *, unknown_is_in: bool) -> bool:
    return any(all(end == country or (unknown_is_in and not end) for end in ends) for country in countries)


def views(rules: bytes, closed: Closed) -> list[bytes]:
    """The rule bits of a pattern's views: together they allow each open pair once and no closed one.

    Empty where nothing may be carried at all.
    """
    count = len(rules)
    open_ahead: dict[int, frozenset[int]] = {}
    for board in range(count):
        if not rules[board] & NO_PICKUP:
            ahead = range(board + 1, count)
            open_ahead[board] = frozenset(
                at for at in ahead if not rules[at] & NO_DROP_OFF and (board, at) not in closed
            )
    groups: list[tuple[list[int], frozenset[int]]] = []
    for board, ahead_of in open_ahead.items():
        if not ahead_of:
            continue
        for boards, alights in groups:
            if {at for at in alights if at > board} == ahead_of:
                boards.append(board)
                break
        else:
            groups.append(([board], ahead_of))
    return [_view(rules, frozenset(boards), alights) for boards, alights in groups]


def _view(rules: bytes, boards: frozenset[int], alights: frozenset[int]) -> bytes:
    return bytes(
        rule | (0 if at in boards else NO_PICKUP) | (0 if at in alights else NO_DROP_OFF)
        for at, rule in enumerate(rules)
    )


def close_pairs(feed: Feed, rules: Sequence[CarriageRule], countries: Sequence[str]) -> Feed:
    """The feed with closed pairs compiled into its patterns; the feed itself where no rule closes any.

    countries: of each stop of the feed. A trip on whose days different rules hold is there once for each set of them,
    under services of its own.
    """
    crosses = len({country for country in countries if country}) > 1
    mine = [rule for rule in rules if _fits(rule.feeds, feed.name) and (rule.pairs or crosses)]
    if not any(not rule.may_carry for rule in mine):
        return feed
    return _Closing(feed, mine, countries).run()


class _Closing:
    """One feed being rewritten. Patterns nothing is closed in are copied as they are."""

    def __init__(self, feed: Feed, rules: Sequence[CarriageRule], countries: Sequence[str]) -> None:
        self.feed, self.rules, self.countries = feed, rules, countries
        self.services = list(feed.services)
        self.service_of: dict[tuple[int, int], int] = {}
        self.rows: list[tuple[int, int]] = []
        self.made: list[tuple[int, bytes, int]] = []
        self.is_changed = False

    def run(self) -> Feed:
        patterns = self.feed.patterns
        for pattern in range(len(patterns.first) - 1):
            self._split(pattern)
        if not self.is_changed:
            return self.feed
        return replace(self.feed, services=tuple(self.services), patterns=self._patterns(), trips=self._trips())

    def _split(self, pattern: int) -> None:
        """Sort a pattern's trips by what is closed in them on which days, and make the views of each kind."""
        patterns = self.feed.patterns
        places = patterns.stops[patterns.first[pattern] : patterns.first[pattern + 1]]
        rules = patterns.rules[patterns.first[pattern] : patterns.first[pattern + 1]].tobytes()
        kinds: dict[Closed, list[tuple[int, int]]] = {}
        known: dict[tuple[CarriageRule, ...], Closed] = {}
        for trip in range(patterns.trip_first[pattern], patterns.trip_first[pattern + 1]):
            for held, days in self._held_on(trip):
                if held not in known:
                    known[held] = self._closed(places, held)
                kinds.setdefault(known[held], []).append((trip, days))
        for closed, rows in kinds.items():
            self.is_changed |= bool(closed)
            for bits in views(rules, closed) if closed else [rules]:
                self.rows += [(trip, self._service(trip, days)) for trip, days in rows]
                self.made.append((pattern, bits, len(self.rows)))

    def _held_on(self, trip: int) -> Iterator[tuple[tuple[CarriageRule, ...], int]]:
        """The rules that speak of a trip, with the days on which exactly those hold."""
        trips = self.feed.trips
        names = [names for names, _ in trips.parts(trip)]
        days = self.feed.services[trips.service[trip]]
        parts: list[tuple[tuple[CarriageRule, ...], int]] = [((), days or ALL_DAYS)]
        for rule in self.rules:
            if not any(rule.is_for(self.feed.routes[one.route], one.trip_id) for one in names):
                continue
            on = rule.days()
            split = [(((*held, rule), part & on), (held, part & ~on)) for held, part in parts]
            parts = [one for pair in split for one in pair if one[1]]
        yield from ((held, part & days) for held, part in parts)

    def _closed(self, places: Sequence[int], held: tuple[CarriageRule, ...]) -> Closed:
        if not any(not rule.may_carry for rule in held):
            return frozenset()
        rows = [self.feed.stops[place] for place in places]
        ids = [(row.stop_id, row.parent_id or row.stop_id) for row in rows]
        return closed_pairs(ids, [self.countries[place] for place in places], held)

    def _service(self, trip: int, days: int) -> int:
        """The service of a trip kept to some days; its own where those are all its days."""
        service = self.feed.trips.service[trip]
        if days == self.feed.services[service]:
            return service
        made = self.service_of.get((service, days))
        if made is None:
            made = self.service_of[service, days] = len(self.services)
            self.services.append(days)
        return made

    def _patterns(self) -> Patterns:
        old = self.feed.patterns
        first, stops, rules, trip_first = array("i", [0]), array("i"), array("B"), array("i", [0])
        for pattern, bits, rows in self.made:
            stops.extend(old.stops[old.first[pattern] : old.first[pattern + 1]])
            rules.frombytes(bits)
            first.append(len(stops))
            trip_first.append(rows)
        return Patterns(first, stops, rules, trip_first, old.hop_from, old.hop_to, old.hop_minutes)

    def _trips(self) -> Trips:
        service = array("i", (service for _, service in self.rows))
        return replace(self.feed.trips.in_order([trip for trip, _ in self.rows]), service=service)
