"""Rules of transfers.txt that name trips or routes, made into places: a stop becomes several stands.

A stand is a stop as some trips use it: those that the same particular rules name there. Trips no rule names stay at the
stop itself. Then a rule about two trips is a walk, or none, between two stands, and a search that knows nothing but
stops, walks and change times (links.Changes) obeys it. Stands of one stop are that stop to a traveller: they have its
key, and whoever starts there may board at any of them.

Of several rules for two trips the most particular holds (GTFS reference, transfers.txt): two trips; a trip and a route;
one trip; two routes; one route; none. Of equals the first, and a stop's before its station's. A timed change (type 1)
says that the vehicle waits; it asks for no minutes of its own, but a party's least change time holds all the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, product
from typing import TYPE_CHECKING, NamedTuple

from onward.engines.journeys.feed import Feed
from onward.engines.journeys.gtfs.stop_times import SECOND_TRIP
from onward.engines.journeys.gtfs.transfers import FORBIDDEN, IN_SEAT, MOST_NAMED, Transfer
from onward.engines.journeys.links import Changes, StopTable, members_of, walk_between

if TYPE_CHECKING:
    from onward.engines.journeys.timetable import Pattern

MOST_STANDS = MOST_NAMED + 1
"""Stands of one stop; trips beyond them change by the stop's general rules (gtfs/transfers.py has the finding)."""

Names = frozenset[tuple[int, bool]]
"""Which rules name a trip at a stop: (number of the rule, whether as the trip that arrives)."""


@dataclass(slots=True)
class _Rules:
    """A feed's particular rules. between[n]: the stops rule n holds from and to, by number in the timetable.

    by_trip, by_route: for each stop, the rules that name a trip or route there. stands: for each stop its stands, by
    which rules name the trips there; the stop itself for those no rule names.
    """

    rules: list[Transfer] = field(default_factory=list)
    between: list[tuple[list[int], list[int]]] = field(default_factory=list)
    by_trip: dict[int, dict[str, set[tuple[int, bool]]]] = field(default_factory=dict)
    by_route: dict[int, dict[str, set[tuple[int, bool]]]] = field(default_factory=dict)
    stands: dict[int, dict[Names, int]] = field(default_factory=dict)

    def add(self, rule: Transfer, between: tuple[list[int], list[int]]) -> None:
        """Keep a rule and whom it names where."""
        number = len(self.rules)
        self.rules.append(rule)
        self.between.append(between)
        ends = ((rule.from_trip, rule.from_route, True), (rule.to_trip, rule.to_route, False))
        for stops, (trip, route, arriving) in zip(between, ends, strict=True):
            named = (self.by_trip, trip) if trip else (self.by_route, route)
            for stop in stops:
                self.stands.setdefault(stop, {frozenset(): stop})
                if named[1]:
                    named[0].setdefault(stop, {}).setdefault(named[1], set()).add((number, arriving))

    def names(self, stop: int, trip: str, route: str) -> Names:
        """Which rules name that trip at a stop."""
        return frozenset(self.by_trip.get(stop, {}).get(trip, set()) | self.by_route.get(stop, {}).get(route, set()))


class Stood(NamedTuple):
    """What becomes of a timetable: the feeds, those with stands with their trips in another order; the patterns, whose
    trips are at their stands; and for each stop or stand the stop it is a stand of.
    """

    feeds: list[Feed]
    patterns: "list[Pattern]"
    stop_of: list[int]


def add_stands(feeds: Sequence[Feed], table: StopTable, changes: Changes, patterns: "Sequence[Pattern]") -> Stood:
    """Split stops into stands where a feed's rules ask for it; adds them to the table and to where one may change."""
    stood = Stood(list(feeds), [], list(range(len(table.stops))))
    ruled = {number: rules for number, feed in enumerate(feeds) if (rules := _particular(feed, number, table, changes))}
    for number, own in groupby(patterns, key=lambda pattern: pattern.feed):
        if number in ruled:
            _split_feed(list(own), ruled[number], stood)
        else:
            stood.patterns.extend(own)
    if ruled:
        _add_places(table, changes, stood.stop_of)
    for rules in ruled.values():
        _apply(rules, table, changes)
    return stood


def rank(rule: Transfer) -> int:
    """How particular a rule is: 0 names nothing, 5 names two trips."""
    trips = bool(rule.from_trip) + bool(rule.to_trip)
    routes = bool(rule.from_route and not rule.from_trip) + bool(rule.to_route and not rule.to_trip)
    return {(2, 0): 5, (1, 1): 4, (1, 0): 3, (0, 2): 2, (0, 1): 1}.get((trips, routes), 0)


def _particular(feed: Feed, number: int, table: StopTable, changes: Changes) -> _Rules | None:
    """The feed's particular rules, the least particular first; None where none of them changes anything."""
    found = [rule for rule in feed.transfers if not rule.is_general and rule.kind < IN_SEAT]
    if not found:
        return None
    members = members_of(table)
    kept: dict[tuple[int, int], list[tuple[Transfer, tuple[list[int], list[int]]]]] = {}
    for rule in found:
        start, end = (table.first[number] + stop for stop in (rule.from_stop, rule.to_stop))
        between = members.get(start, [start]), members.get(end, [end])
        kept.setdefault((start, end), []).append((rule, between))
    # Timed changes at one stop mostly say what holds anyhow: a stand for each would cost much and change nothing.
    telling = [rules for rules in kept.values() if not all(_changes_nothing(*rule, table, changes) for rule in rules)]
    touched = {pair for rules in telling for pair in product(*rules[0][1])}
    asking = [one for rules in kept.values() if touched.intersection(product(*rules[0][1])) for one in rules]
    asking.reverse()  # Sorting keeps the order of equals, and the first of them is to come last and stay.
    made = _Rules()
    for rule, between in sorted(asking, key=lambda one: (rank(one[0]), -len(one[1][0] + one[1][1]))):
        made.add(rule, between)
    return made if asking else None


def _changes_nothing(rule: Transfer, between: tuple[list[int], list[int]], table: StopTable, changes: Changes) -> bool:
    for start in between[0]:
        for end in between[1]:
            least = _minutes(rule, table, (start, end))
            if start == end:
                now = None if start in changes.forbidden else changes.own_minutes[start]
            else:
                now = changes.walks[start].get(end)
            if now != least:
                return False
    return True


def _split_feed(patterns: "list[Pattern]", rules: _Rules, stood: Stood) -> None:
    """Each pattern of a feed as several, of trips that use the same stands; a pattern's trips stay side by side."""
    number = patterns[0].feed
    feed, order = stood.feeds[number], list[int]()
    for pattern in patterns:
        for stops, trips in _groups(feed, pattern, rules, stood.stop_of).items():
            numbers = range(len(order), len(order) + len(trips))
            stood.patterns.append(replace(pattern, stops=stops, trips=numbers))
            order += trips
    stood.feeds[number] = replace(feed, trips=feed.trips.in_order(order))


def _groups(feed: Feed, pattern: "Pattern", rules: _Rules, stop_of: list[int]) -> dict[tuple[int, ...], list[int]]:
    """The trips of a pattern by the stops and stands they use."""
    ruled = {at for at, stop in enumerate(pattern.stops) if stop in rules.stands}
    if not ruled:
        return {pattern.stops: list(pattern.trips)}
    groups: dict[tuple[int, ...], list[int]] = {}
    for trip in pattern.trips:
        stops = list(pattern.stops)
        for at in ruled:
            names = rules.names(stops[at], *_running(feed, trip, pattern.rules[at]))
            stops[at] = _stand(stops[at], names, rules, stop_of)
        groups.setdefault(tuple(stops), []).append(trip)
    return groups


def _running(feed: Feed, trip: int, rule: int) -> tuple[str, str]:
    """The trip_id and route_id of a run at a place: where its vehicle goes on as another trip, that one's."""
    names = feed.trips.named(trip, second=bool(rule & SECOND_TRIP))
    return names.trip_id, feed.routes[names.route].route_id


def _stand(stop: int, names: Names, rules: _Rules, stop_of: list[int]) -> int:
    stands = rules.stands[stop]
    if names not in stands:
        if len(stands) >= MOST_STANDS:
            return stop
        stands[names] = len(stop_of)
        stop_of.append(stop)
    return stands[names]


def _add_places(table: StopTable, changes: Changes, stop_of: list[int]) -> None:
    """The stands beside their stops, with what holds for those in general."""
    stands: dict[int, list[int]] = {}
    for stand in range(len(table.stops), len(stop_of)):
        stands.setdefault(stop_of[stand], []).append(stand)
    for stop in stop_of[len(table.stops) :]:
        table.stops.append(table.stops[stop])
        table.station_of.append(table.station_of[stop])
        changes.own_minutes.append(changes.own_minutes[stop])
    for stop, others in stands.items():
        changes.forbidden.update(others if stop in changes.forbidden else ())
    general = list(changes.walks)
    changes.walks[:] = [_walks(start, changes, (general, stands, stop_of)) for start in range(len(stop_of))]


def _walks(
    start: int, changes: Changes, places: tuple[list[dict[int, int]], dict[int, list[int]], list[int]]
) -> dict[int, int]:
    """The walks from a stop or stand: those of the stop, to every stand there, and to its own other stands."""
    general, stands, stop_of = places
    stop = stop_of[start]
    walks = {place: minutes for end, minutes in general[stop].items() for place in (end, *stands.get(end, ()))}
    if stop not in changes.forbidden:
        own = changes.own_minutes[stop]
        walks.update((place, own) for place in (stop, *stands.get(stop, ())) if place != start)
    return walks


def _apply(rules: _Rules, table: StopTable, changes: Changes) -> None:
    """Each rule between each two stands whose trips it is about; the more particular come later and stay."""
    for number, (rule, (starts, ends)) in enumerate(zip(rules.rules, rules.between, strict=True)):
        named_from, named_to = bool(rule.from_trip or rule.from_route), bool(rule.to_trip or rule.to_route)
        for start in starts:
            for end in ends:
                least = _minutes(rule, table, (start, end))
                for arriving, from_stand in rules.stands[start].items():
                    if named_from and (number, True) not in arriving:
                        continue
                    for leaving, to_stand in rules.stands[end].items():
                        if not named_to or (number, False) in leaving:
                            _set(changes, (from_stand, to_stand), least)


def _minutes(rule: Transfer, table: StopTable, between: tuple[int, int]) -> int | None:
    """The least minutes a rule asks for between two stops; None where it forbids the change."""
    if rule.kind == FORBIDDEN:
        return None
    if rule.seconds is not None:
        return -(-rule.seconds // 60)
    return 0 if between[0] == between[1] else walk_between(table.stops[between[0]], table.stops[between[1]])


def _set(changes: Changes, between: tuple[int, int], least: int | None) -> None:
    start, end = between
    if start != end:
        changes.walks[start].pop(end, None)
        if least is not None:
            changes.walks[start][end] = least
    elif least is None:
        changes.forbidden.add(start)
    else:
        changes.forbidden.discard(start)
        changes.own_minutes[start] = least
