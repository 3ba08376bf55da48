"""The search that weighs fares over a network: the same journeys and prices as the plain one finds, sooner."""

from collections.abc import Sequence
from functools import lru_cache
from threading import Lock
from typing import NamedTuple

import numpy as np

from onward.engines.journeys.clock import minute_from, minute_of
from onward.engines.journeys.fares.book import FareBook
from onward.engines.journeys.fares.bound import Bound
from onward.engines.journeys.fares.found import Building, made_room, ride_made
from onward.engines.journeys.fares.kernel_frontier import frontier
from onward.engines.journeys.fares.kernel_onward import Near, forget, onward, reached, room_to_board, soonest_end
from onward.engines.journeys.fares.kernel_words import ASK_GO_ON, ASK_RIDE, ASKS, IS_FULL, Held, Ways
from onward.engines.journeys.fares.lent import lent_never
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
    """A query in the days it is asked of. limits: the window's first minute in the span, and the one after its last.

    near: of each stop its place in egress, -1 for none; the minutes of those walks.
    """

    query: Query
    asked: Asked
    span: Span
    limits: tuple[int, int]
    travel: int
    near: Near


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
        held = self._held(asking, hardship, self._latest(asking, slack, best))
        if held.tally[IS_FULL]:
            return Weighed(tuple(building.priced(one) for one in best), is_whole=False)
        journeys = building.journeys(held)
        if slack is not None:
            journeys = with_best(journeys, best, building.priced)
        return Weighed(tuple(journeys))

    def _asking(self, query: Query) -> Asking:
        asked = Asked(self.network, query)
        start, end = minute_of(query.window.start_at), minute_from(query.window.end_at)
        travel = int(query.max_travel.total_seconds() // 60)
        span = self.network.span(start, end + travel)
        stops, walks = asked.egress
        exits: Int32 = np.full(len(asked.least), -1, np.int32)
        exits[stops] = np.arange(len(stops))
        limits = start - span.first_minute, end - span.first_minute
        return Asking(query, asked, span, limits, travel, (exits, walks))

    def _frontier(self, asking: Asking, hardship: Hardship, ways: Ways) -> Held:
        """What was found, after all that was asked on the way is answered."""
        asked, span, (start, end) = asking.asked, asking.span, asking.limits
        starts = departures_of(span.lanes, asked.shape, asked.rules, asked.access, start, end)
        clocks = self.bound.clocks(span, hardship, asking.query.open_hours)
        while True:
            held = made_room(len(asked.least), len(self.tariff.currencies), ways)
            fares = self.bound.places, clocks, self.bound.answers.arrays()
            frontier(ways, fares, held, starts, (start, asked.min_change))
            if not held.tally[ASKS]:
                return held
            self._answer(held.asks[: held.tally[ASKS]], span)

    def _latest(self, asking: Asking, slack: Slack | None, best: Sequence[Journey]) -> tuple[Int32, int]:
        """For each minute of the window when who leaves then must have arrived; and the most vehicles."""
        asked, span, (start, end) = asking.asked, asking.span, asking.limits
        own: Int32 = np.arange(start, end, dtype=np.int32) + np.int32(asking.travel)
        if slack is None:
            return own, asking.query.max_vehicles
        after = end, end + asking.travel, asked.min_change
        ends, runs = (asked.access, asking.near), len(span.lanes.run_trip)
        beyond = soonest_end(asked.shape, asked.rules, span.connections, runs, ends, after)
        window = start + span.first_minute, end + span.first_minute
        within = latest_arrivals(best, beyond + span.first_minute, window, slack.minutes(best))
        latest = np.minimum(own, np.array(within, np.int64) - span.first_minute).astype(np.int32)
        return latest, slack.most_vehicles(best, asking.query)

    def _held(self, asking: Asking, hardship: Hardship, bounds: tuple[Int32, int]) -> Held:
        """What is found of the ways within bounds (`_latest`)."""
        asked, span, (start, _) = asking.asked, asking.span, asking.limits
        shape, rules, connections = asked.shape, asked.rules, span.connections
        latest, most = bounds
        limits = latest, start, asked.min_change
        marks = reached(shape, rules, connections, len(span.lanes.run_trip), (asked.access, asked.least), limits)
        times = self.bound.times(span)
        with lent_never(len(span.lanes.departures), most) as lent:
            made = *lent, room_to_board(connections, len(asked.least), marks, start, most)
            onward(shape, rules, connections, times, (asking.near, marks), (start, asked.min_change), made)
            to_come = self.bound.to_pay.to(asked.egress[0])
            enough = self.bound.enough(span, marks, (start, latest), lent[1])
            ways = Ways(shape, rules, span.lanes, *asking.near, *lent, latest, to_come, enough)
            held = self._frontier(asking, hardship, ways)
            forget(connections, times, marks, start, lent)
        return held

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
