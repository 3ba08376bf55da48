"""The search that weighs fares over a network: the same journeys and prices as the plain one finds, sooner."""

from collections.abc import Sequence
from functools import lru_cache
from threading import Lock
from typing import NamedTuple

import numpy as np

from onward.engines.journeys.clock import minute_from, minute_of
from onward.engines.journeys.fares.book import FareBook
from onward.engines.journeys.fares.bound import Bound
from onward.engines.journeys.fares.found import Building, made_room, ride_made, room_onward
from onward.engines.journeys.fares.kernel_frontier import frontier
from onward.engines.journeys.fares.kernel_onward import exits_of, onward, soonest_end
from onward.engines.journeys.fares.kernel_words import ASK_GO_ON, ASK_RIDE, ASKS, IS_FULL, Held, Ways
from onward.engines.journeys.fares.nights import Hardship, night_between
from onward.engines.journeys.fares.party import Party
from onward.engines.journeys.fares.slack import FAMILY, Slack, Weighed, latest_arrivals, with_best
from onward.engines.journeys.fares.tariff import Tariff
from onward.engines.journeys.fares.world import ridden
from onward.engines.journeys.fast import search as search_without
from onward.engines.journeys.fast.asking import Asked
from onward.engines.journeys.fast.kernel_arrays import Int32, Int64, departures_of
from onward.engines.journeys.fast.network import Network
from onward.engines.journeys.fast.span import Span
from onward.engines.journeys.journey import Journey, Query

KEPT = 8
"""Networks with a book and a party whose answers are kept, the last ones asked for."""


def search(
    network: Network,
    query: Query,
    party: Party,
    book: FareBook,
    *,
    slack: Slack | None = FAMILY,
    hardship: Hardship = night_between,
) -> Weighed:
    """The journeys that no other beats, price and all, with what they cost the party; as plain.search gives them.

    slack: how much slower than the best a journey may be to be weighed; None for however much. What the book answers
    for a party is kept: the first searches after a change of it take longer. Raises NotFound where a stop is unknown.
    """
    searching = searcher(network, book, party)
    with searching.lock:
        return searching.search(query, slack, hardship)


@lru_cache(maxsize=KEPT)
def searcher(network: Network, book: FareBook, party: Party) -> "Searcher":
    """What is kept for a network, a book and a party."""
    return Searcher(network, book, party)


class Asking(NamedTuple):
    """A query in the days it is asked of. limits: the window's first minute in the span, and the one after its last."""

    query: Query
    asked: Asked
    span: Span
    limits: tuple[int, int]
    travel: int


class Searcher:
    """Searches of one network for one party by one book, one at a time (`lock`)."""

    def __init__(self, network: Network, book: FareBook, party: Party) -> None:
        self.lock = Lock()
        self.network, self.tariff = network, Tariff(book, party)
        self.bound = Bound(network, self.tariff)

    def search(self, query: Query, slack: Slack | None, hardship: Hardship) -> Weighed:
        """As the module's search."""
        best = search_without(self.network, query)
        if slack is not None and not best:
            return Weighed(())
        asking = self._asking(query)
        if not asking.asked.may_arrive():
            return Weighed(())
        building = Building(self.bound, asking.asked, asking.span)
        held = self.frontier(asking, hardship, self._ways(asking, slack, best))
        if held.tally[IS_FULL]:
            return Weighed(tuple(building.priced(one) for one in best), is_whole=False)
        journeys = building.journeys(held)
        if slack is not None:
            journeys = with_best(journeys, [building.priced(one) for one in best])
        return Weighed(tuple(journeys))

    def _asking(self, query: Query) -> Asking:
        asked = Asked(self.network, query)
        start, end = minute_of(query.window.start_at), minute_from(query.window.end_at)
        travel = int(query.max_travel.total_seconds() // 60)
        span = self.network.span(start, end + travel)
        return Asking(query, asked, span, (start - span.first_minute, end - span.first_minute), travel)

    def frontier(self, asking: Asking, hardship: Hardship, going: tuple[Ways, int]) -> Held:
        """What was found, after all that was asked on the way is answered. going: the ways, and most vehicles."""
        ways, most = going
        asked, span, (start, end) = asking.asked, asking.span, asking.limits
        starts = departures_of(span.lanes, asked.shape, asked.rules, asked.access, start, end)
        clocks = self.bound.clocks(span, hardship, asking.query.open_hours)
        while True:
            held = made_room(len(asked.least), len(self.tariff.currencies))
            fares = self.bound.places, clocks, self.bound.answers.arrays()
            frontier(ways, fares, held, starts, (start, asked.min_change, most))
            if not held.tally[ASKS]:
                return held
            self._answer(held.asks[: held.tally[ASKS]], span)

    def _ways(self, asking: Asking, slack: Slack | None, best: Sequence[Journey]) -> tuple[Ways, int]:
        asked, span, (start, end) = asking.asked, asking.span, asking.limits
        shape, rules, connections = asked.shape, asked.rules, span.connections
        near = exits_of(len(asked.least), asked.egress), asked.egress[1]
        latest: Int32 = np.arange(start, end, dtype=np.int32) + np.int32(asking.travel)
        most = asking.query.max_vehicles
        if slack is not None:
            after = end, end + asking.travel, asked.min_change
            runs = len(span.lanes.run_trip)
            beyond = soonest_end(shape, rules, connections, runs, (asked.access, near), after)
            window = start + span.first_minute, end + span.first_minute
            within = latest_arrivals(best, beyond + span.first_minute, window, slack.minutes(best))
            latest = np.minimum(latest, np.array(within, np.int64) - span.first_minute).astype(np.int32)
            most = slack.most_vehicles(best, asking.query)
        made = room_onward(span, len(asked.least), most)
        limits = start, int(latest[-1]), asked.min_change, most
        onward(shape, rules, connections, self.bound.times(span), (near, asked.least), limits, made)
        return Ways(shape, rules, span.lanes, *near, *made[:2], latest), most

    def _answer(self, asks: Int64, span: Span) -> None:
        rides, go_ons = [], []
        answers = self.bound.answers
        for kind, one, two, *facts in asks.tolist():
            if kind == ASK_RIDE:
                answers.add_ride((one, two), self._class_of(facts, span))
                rides.append((one, two))
            elif kind == ASK_GO_ON:
                answers.add_go_on((one, 0), two, facts[0])
                go_ons.append((one, 0))
            else:
                answers.add_fee(one, two)
        answers.settle(rides, go_ons)

    def _class_of(self, facts: list[int], span: Span) -> int:
        pattern, run, board, place, depart, arrive = facts
        ride = ride_made(self.network, span, (pattern, run, board, place), None)
        times = depart + span.first_minute, arrive + span.first_minute
        return self.tariff.class_of(ridden(self.bound.table, ride, times))
