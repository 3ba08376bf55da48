"""The search that weighs fares over a network: the same journeys and prices as the plain one finds, sooner."""

from functools import lru_cache
from threading import Lock
from typing import cast

from onward.engines.journeys.clock import minute_from, minute_of
from onward.engines.journeys.fares.book import FareBook
from onward.engines.journeys.fares.bound import Bound
from onward.engines.journeys.fares.kernel_frontier import frontier
from onward.engines.journeys.fares.kernel_words import (
    ALIGHT,
    ASK_GO_ON,
    ASK_RIDE,
    BEFORE,
    BOARD,
    CLOSED_FEES,
    END_EXIT,
    END_LABEL,
    IS_NEW,
    LANE,
    RUN,
    STEP,
    Int32,
    Int64,
)
from onward.engines.journeys.fares.nights import Hardship, night_between
from onward.engines.journeys.fares.party import Party
from onward.engines.journeys.fares.priced import Bought, add_up, priced
from onward.engines.journeys.fares.tariff import Tariff
from onward.engines.journeys.fares.world import ridden
from onward.engines.journeys.fast.asking import Asked
from onward.engines.journeys.fast.network import Network
from onward.engines.journeys.fast.span import Span
from onward.engines.journeys.journey import Journey, Query
from onward.engines.journeys.legs import Ride, journey_of
from onward.engines.journeys.search import End
from onward.engines.journeys.timetable import Timetable

KEPT = 8
"""Networks with a book and a party whose answers are kept, the last ones asked for."""


def search(
    network: Network, query: Query, party: Party, book: FareBook, *, hardship: Hardship = night_between
) -> list[Journey]:
    """The Pareto set of journeys with what they cost the party, by departure, then arrival. Empty where there is none.

    Criteria and prices are those of plain.search. What the book answers for a party is kept: the first searches after
    a change of it take longer. Raises NotFound where a stop is unknown.
    """
    searching = searcher(network, book, party)
    with searching.lock:
        return searching.search(query, hardship)


@lru_cache(maxsize=KEPT)
def searcher(network: Network, book: FareBook, party: Party) -> "Searcher":
    """What is kept for a network, a book and a party."""
    return Searcher(network, book, party)


class Searcher:
    """Searches of one network for one party by one book, one at a time (`lock`)."""

    def __init__(self, network: Network, book: FareBook, party: Party) -> None:
        self.lock = Lock()
        self.network, self.tariff = network, Tariff(book, party)
        self.bound = Bound(network, self.tariff)

    def search(self, query: Query, hardship: Hardship) -> list[Journey]:
        """As the module's search."""
        asked = Asked(self.network, query)
        if not asked.may_arrive():
            return []
        start, end = minute_of(query.window.start_at), minute_from(query.window.end_at)
        travel = int(query.max_travel.total_seconds() // 60)
        span = self.network.span(start, end + travel)
        adds = int(not self.tariff.systems and not self.tariff.quoted)
        hours = start - span.first_minute, end - span.first_minute, travel
        limits = *hours, asked.min_change, query.max_vehicles, adds
        labels, ends = self.frontier(asked, span, limits, (query, hardship))
        journeys = [self._journey(asked, span, labels, row) for row in ends.tolist()]
        return sorted(journeys, key=lambda journey: (journey.depart_at, journey.arrive_at, journey.vehicles))

    def frontier(
        self, asked: Asked, span: Span, limits: tuple[int, int, int, int, int, int], weighed: tuple[Query, Hardship]
    ) -> tuple[Int32, Int32]:
        """Labels and the journeys none beats (kernel_words), after all that was asked on the way is answered."""
        query, hardship = weighed
        clocks = self.bound.clocks(span, hardship, query.open_hours)
        network = asked.shape, asked.rules, span.lanes
        while True:
            labels, _, ends, _, asks = frontier(
                network,
                (asked.least, asked.access, asked.egress),
                limits,
                self.bound.places,
                clocks,
                self.bound.answers.arrays(),
            )
            if not len(asks):
                return labels, ends
            self._answer(asks, span)

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
        ride = self._ride(span, (pattern, run, board, place), None)
        times = depart + span.first_minute, arrive + span.first_minute
        return self.tariff.class_of(ridden(self.bound.table, ride, times))

    def _ride(self, span: Span, made: tuple[int, int, int, int], before: Ride | None) -> Ride:
        """made: pattern, run in the span, places boarded and left."""
        pattern, run, board, place = made
        feed = self.network.columns["pattern_feed"][pattern]
        trip = int(span.lanes.run_trip[run] - self.network.columns["feed_trips"][feed])
        return Ride(pattern, (trip, int(span.lanes.run_start[run])), board, place, before)

    def _journey(self, asked: Asked, span: Span, labels: Int32, row: list[int]) -> Journey:
        last = labels[row[END_LABEL]]
        chain = []
        at = row[END_LABEL]
        while at >= 0:
            chain.append(labels[at].tolist())
            at = chain[-1][BEFORE]
        ride: Ride | None = None
        for label in reversed(chain):
            lane = label[LANE]
            made = int(span.lanes.lane_pattern[lane]), int(span.lanes.run_first[lane]) + label[RUN]
            ride = self._ride(span, (*made, label[BOARD], label[ALIGHT]), ride)
        assert ride is not None
        table = cast(Timetable, self.network)
        starts_at = ride.first.stops(table)[0]
        ends_at = list(asked.ends.values())[row[END_EXIT]]
        journey = journey_of(table, End(ride, asked.starts[starts_at], ends_at), pace=asked.pace)
        steps = self.bound.answers.step_objects
        bought = [Bought(steps[label[STEP]], bool(label[IS_NEW])) for label in reversed(chain)]
        fees = self.tariff.fees.total(int(last[CLOSED_FEES]))
        return priced(journey, add_up(bought, fees, self.tariff.currencies))
