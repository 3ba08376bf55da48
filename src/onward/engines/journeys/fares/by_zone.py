"""Fares by carrier, route and zones (fare_attributes.txt, fare_rules.txt): which of them a row of rides can be made on.

A fare holds for a segment where each of its rides has a rule that names its route, the zone the segment starts in and
the one it ends in (or leaves them open); rules with contains_id hold where the zones met are just those named, as
OpenTripPlanner reads them. A fare without any rule holds everywhere. `transfers` bounds the rides after the first, and
`transfer_duration` the time from the first ride's departure to the last one's. The cheapest fare that holds is paid.

GTFS knows no ages here: each person who takes a seat pays the fare, an infant on a lap does not.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from onward.core.money import Money
from onward.engines.journeys.fares.party import Party
from onward.engines.journeys.fares.steps import NO_LIMIT, PENDING, Ridden
from onward.engines.journeys.fares.tables import UNLIMITED, Fare, FareTables
from onward.engines.journeys.fares.ticket import Ticket


@dataclass(frozen=True, slots=True)
class Rule:
    """Rows of fare_rules.txt that belong together. contains: the zones to be met, none where it does not matter."""

    route: str
    origin: str
    destination: str
    contains: frozenset[str]

    def fits(self, route: str, ends: tuple[str, str | None], met: frozenset[str]) -> bool:
        """Whether a ride on a route may be on it. ends: the segment's zones, the last None while it goes on."""
        origin, destination = ends
        if self.route not in ("", route) or self.origin not in ("", origin):
            return False
        if destination is None:
            return not self.contains or met <= self.contains
        return self.destination in ("", destination) and (not self.contains or met == self.contains)


@dataclass(frozen=True, slots=True)
class Zoned:
    """A segment so far. fares: those it may be made on. routes, origin, met: as far as those fares ask for them."""

    currency: str
    fares: frozenset[int]
    rides: int
    routes: frozenset[str]
    origin: str
    met: frozenset[str]


@dataclass(frozen=True, slots=True)
class Way:
    """One way to make a ride. minor: the price where the segment ends here, None where no fare holds.

    floor: what it comes to at the least if it goes on. on: the segment where it may take on more rides. above, limit:
    minutes since it began.
    """

    currency: str
    minor: int | None
    line: Ticket | None
    on: Zoned | None
    floor: int
    is_timed: bool
    above: int = NO_LIMIT
    limit: int = NO_LIMIT

    @property
    def unknown(self) -> int:
        """0, or PENDING where it cannot end here."""
        return 0 if self.minor is not None else PENDING


class ZoneFares:
    """The fares of one feed for a party."""

    def __init__(self, tables: FareTables, party: Party) -> None:
        self.fares = tables.fares
        self.seats = party.seats
        self.zone_of = {member.id: member.of for member in tables.zones}
        self.rules = _rules_of(tables)

    def key(self, ride: Ridden) -> tuple[object, ...]:
        """All of a ride that its price depends on."""
        return (
            ride.agency_id,
            ride.route_id if ride.route_id in self.routes_named else "",
            self.zone(ride.from_stops),
            self.zone(ride.to_stops),
            self._met(ride),
        )

    def start(self, ride: Ridden) -> list[Way]:
        """The ways to begin a segment with a ride, one a currency; none where no fare may ever hold."""
        every = [at for at, fare in enumerate(self.fares) if fare.agency_id in ("", ride.agency_id)]
        ways: list[Way] = []
        for currency in sorted({self.fares[at].currency for at in every}):
            begun = Zoned(
                currency,
                frozenset(at for at in every if self.fares[at].currency == currency),
                0,
                frozenset(),
                self.zone(ride.from_stops),
                frozenset(),
            )
            ways += self._ways(begun, ride, ())
        return ways

    def go_on(self, segment: Zoned, ride: Ridden) -> list[Way]:
        """The ways to take a ride on into a segment, by how long ago it began."""
        fares = [at for at in segment.fares if self.fares[at].agency_id in ("", ride.agency_id)]
        ends = sorted({self.fares[at].duration_s // 60 for at in fares if self.fares[at].duration_s})
        still = frozenset(fares)
        ways: list[Way] = []
        above = NO_LIMIT
        for end in [*ends, NO_LIMIT]:
            ways += self._ways(_with(segment, still), ride, (above, end))
            still = frozenset(at for at in still if self.fares[at].duration_s // 60 != end or end == NO_LIMIT)
            above = end
        return ways

    def _ways(self, segment: Zoned, ride: Ridden, hours: tuple[int, ...]) -> Iterator[Way]:
        route = ride.route_id if ride.route_id in self.routes_named else ""
        routes, met = segment.routes | {route}, segment.met | self._met(ride)
        rides, end = segment.rides + 1, self.zone(ride.to_stops)
        there = [at for at in segment.fares if self._holds(at, routes, (segment.origin, end), met)]
        best = min(there, key=lambda at: (self.fares[at].minor, at), default=None)
        onward = [
            at
            for at in segment.fares
            if self.fares[at].transfers == UNLIMITED or self.fares[at].transfers >= rides
            if self._holds(at, routes, (segment.origin, None), met)
        ]
        if best is None and not onward:
            return
        on = self._reduced(Zoned(segment.currency, frozenset(onward), rides, routes, segment.origin, met))
        price = None if best is None else self.fares[best].minor * self.seats
        line = None if best is None or price is None else self._line(self.fares[best], price)
        timed = any(self.fares[at].duration_s for at in onward)
        either = [*onward, *([] if best is None else [best])]
        floor = min(self.fares[at].minor for at in either) * self.seats
        yield Way(segment.currency, price, line, on if onward else None, floor, timed, *hours)

    def _reduced(self, segment: Zoned) -> Zoned:
        """The segment without what none of its fares asks for: what is alike can be compared."""
        fares = [self.fares[at] for at in segment.fares]
        rules = [rule for fare in fares for rule in self.rules.get(fare.fare_id, ())]
        by_zone = any(rule.origin or rule.destination or rule.contains for rule in rules)
        return Zoned(
            segment.currency,
            segment.fares,
            segment.rides if any(fare.transfers != UNLIMITED for fare in fares) else 0,
            segment.routes if by_zone else frozenset(),
            segment.origin if any(rule.origin for rule in rules) else "",
            segment.met if any(rule.contains for rule in rules) else frozenset(),
        )

    def _holds(self, at: int, routes: Iterable[str], ends: tuple[str, str | None], met: frozenset[str]) -> bool:
        rules = self.rules.get(self.fares[at].fare_id)
        return rules is None or all(any(rule.fits(route, ends, met) for rule in rules) for route in routes)

    @cached_property
    def routes_named(self) -> frozenset[str]:
        """The routes some rule names."""
        return frozenset(rule.route for rules in self.rules.values() for rule in rules)

    @cached_property
    def counts_zones(self) -> bool:
        """Whether the zones that a ride meets matter, not only its ends."""
        return any(rule.contains for rules in self.rules.values() for rule in rules)

    def zone(self, stops: tuple[str, ...]) -> str:
        """The zone of the first of some stops that has one, "" for none."""
        return next((self.zone_of[stop] for stop in stops if stop in self.zone_of), "")

    def _met(self, ride: Ridden) -> frozenset[str]:
        if not self.counts_zones:
            return frozenset()
        return frozenset(self.zone_of[stop] for stop in ride.passed if stop in self.zone_of)

    def _line(self, fare: Fare, minor: int) -> Ticket:
        return Ticket((), Money(minor, fare.currency), Money(0, fare.currency), None, fare.fare_id)


def _with(segment: Zoned, fares: frozenset[int]) -> Zoned:
    return Zoned(segment.currency, fares, segment.rides, segment.routes, segment.origin, segment.met)


def _rules_of(tables: FareTables) -> dict[str, tuple[Rule, ...]]:
    contains: dict[tuple[str, str, str, str], set[str]] = {}
    for row in tables.fare_rules:
        met = contains.setdefault((row.fare_id, row.route_id, row.origin, row.destination), set())
        met |= {row.contains} - {""}
    rules: dict[str, list[Rule]] = {}
    for (fare_id, route, origin, destination), zones in contains.items():
        rules.setdefault(fare_id, []).append(Rule(route, origin, destination, frozenset(zones)))
    return {fare_id: tuple(found) for fare_id, found in rules.items()}
