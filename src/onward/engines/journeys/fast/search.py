"""Searches over a network: the journeys the plain search finds, sooner; and those that arrive by a time."""

from onward.engines.journeys.clock import minute_from, minute_of
from onward.engines.journeys.fast.asking import Asked
from onward.engines.journeys.fast.kernel_arrays import NEVER
from onward.engines.journeys.fast.kernel_range import best_journeys
from onward.engines.journeys.fast.legs import journeys_of
from onward.engines.journeys.fast.network import Network
from onward.engines.journeys.journey import Journey, Query


def search(network: Network, query: Query) -> list[Journey]:
    """The Pareto set of journeys that answer the query, by departure, then arrival. Empty where there is none.

    Raises NotFound where a stop is unknown. Of journeys alike in departure, arrival and vehicles one is given.
    """
    return _search(network, query, None)


def profile(network: Network, query: Query) -> list[Journey]:
    """The journeys of the window that none leaving later arrives as soon as, however many vehicles; by departure.

    Over a day this is the profile of a pair of places: whenever one is ready, the next of them arrives first.
    """
    kept: list[Journey] = []
    for journey in sorted(search(network, query), key=lambda one: (one.depart_at, -one.vehicles), reverse=True):
        if not kept or journey.arrive_at < kept[-1].arrive_at:
            if kept and kept[-1].depart_at == journey.depart_at:
                kept.pop()
            kept.append(journey)
    return kept[::-1]


def arrive_by(network: Network, query: Query) -> list[Journey]:
    """The journeys within the window, arrival and all, that leave late with few vehicles: a Pareto set by departure.

    query.window: from when one may leave until when one must have arrived, that instant included. Of journeys alike in
    departure and vehicles the one that arrives first.
    """
    kept: list[Journey] = []
    deadline = minute_of(query.window.end_at)
    found = _search(network, query, deadline)
    for journey in sorted(found, key=lambda one: (-minute_of(one.depart_at), one.vehicles, one.arrive_at)):
        if not kept or journey.vehicles < kept[-1].vehicles:
            kept.append(journey)
    return kept[::-1]


def last_trip(network: Network, query: Query) -> Journey | None:
    """Of the journeys within the window, arrival and all, the last to leave; None where there is none."""
    found = arrive_by(network, query)
    return found[-1] if found else None


def _search(network: Network, query: Query, deadline: int | None) -> list[Journey]:
    """deadline: the latest minute to arrive, None for any. Who leaves then and needs no minute is in time."""
    start = minute_of(query.window.start_at)
    end = minute_from(query.window.end_at) if deadline is None else deadline + 1
    travel = int(query.max_travel.total_seconds() // 60)
    asked = Asked(network, query)
    if not asked.may_arrive():
        return []
    span = network.span(start, end + travel)
    zero = span.first_minute
    latest = NEVER - 1 if deadline is None else deadline - zero
    limits = start - zero, end - zero, travel, latest, asked.min_change, query.max_vehicles
    found = best_journeys(asked.shape, asked.rules, span.lanes, asked.bounds, asked.access, asked.egress, limits)
    return journeys_of(network, asked, found)
