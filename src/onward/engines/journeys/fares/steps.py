"""The words tariffs speak: a ride as they see it, the ticket in force after it, and a step from one to the next.

A *segment* is a row of rides on one ticket. What a segment costs may change with every ride it takes on (a through
ticket may cost less than its first half), so its price stays open until another begins: a label's settled amounts are
what can never change again, its state says what is open.
"""

from typing import NamedTuple

from onward.engines.journeys.fares.ticket import Ticket

Amounts = tuple[int, ...]
"""Minor units of each currency of a tariff, in its order."""

PENDING = 64
"""Counted as so many unknown fares: a segment that cannot end here, only with a ride more."""

NO_TICKET = 0
"""The state in which nothing bought so far is of use for any ride to come."""

NO_FEE = -1
NO_LIMIT = -1
DEPART_TO_ARRIVE, DEPART_TO_DEPART, ARRIVE_TO_DEPART, ARRIVE_TO_ARRIVE = range(4)
"""What a limit runs from and to: the segment's first ride, and the next one (GTFS duration_limit_type)."""


class Ridden(NamedTuple):
    """A ride as a tariff sees it. Stops: ids in the feed, the stop's own first, then its station's.

    passed: the ids of all stops called at, the two ends among them. depart, arrive: minutes since 1970-01-01 UTC;
    from_zone, to_zone: whose clocks are there.
    """

    feed: str
    agency_id: str
    route_id: str
    from_stops: tuple[str, ...]
    to_stops: tuple[str, ...]
    passed: tuple[str, ...]
    depart: int
    arrive: int
    from_zone: str
    to_zone: str


class State(NamedTuple):
    """A ticket in force. key: all that decides what it is good for. open: its price where it ends now.

    floor: what it comes to at the least, however the journey goes on.
    unknown: 0, 1 where its price is not known, PENDING where it cannot end here. fee: number of the carrier's fee, or
    NO_FEE. is_timed: whether it ends at some hour, so that one bought later is better.
    """

    key: tuple[object, ...]
    open: Amounts
    floor: Amounts
    unknown: int
    fee: int
    is_timed: bool


class Step(NamedTuple):
    """What a ride does to the ticket. state: number of the one then in force; add, unknown: settled at once.

    fee: settled at once. above, limit, kind: minutes from the segment's first ride to this one (kind says which), more
    than `above` and at most `limit`; NO_LIMIT for none. renews: the segment's hours count from this ride.
    line: what is bought; replaces: in place of what was last bought, for its rides and this one.
    """

    state: int
    add: Amounts
    unknown: int = 0
    fee: int = NO_FEE
    above: int = NO_LIMIT
    limit: int = NO_LIMIT
    kind: int = DEPART_TO_DEPART
    renews: bool = True
    line: Ticket | None = None
    replaces: bool = False

    def fits(self, since: tuple[int, int], depart: int, arrive: int) -> bool:
        """Whether a ride is soon enough. since: when the segment's first ride left and arrived."""
        if self.limit == NO_LIMIT and self.above == NO_LIMIT:
            return True
        begin = since[0] if self.kind in (DEPART_TO_ARRIVE, DEPART_TO_DEPART) else since[1]
        end = arrive if self.kind in (DEPART_TO_ARRIVE, ARRIVE_TO_ARRIVE) else depart
        return end - begin > self.above and (self.limit == NO_LIMIT or end - begin <= self.limit)


def plus(one: Amounts, other: Amounts) -> Amounts:
    """Both together."""
    return tuple(map(int.__add__, one, other))
