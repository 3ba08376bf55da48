"""What stations are looked up in: the stops of a timetable, read from it or from the same compiled into a network."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from onward.engines.journeys.corrections import Corrections
from onward.engines.journeys.feed import FeedSummary
from onward.engines.journeys.journey import Stop, StopKey, get_number
from onward.engines.journeys.links import Linking, Pair, StopTable, corrected_pairs
from onward.engines.journeys.timetable import Timetable

if TYPE_CHECKING:
    from onward.engines.journeys.fast.network import Network

RAIL = "rail"


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class StopBook:
    """Stops by number, as a timetable has them. served: those some trip calls at. with_trains: stations of trains.

    is_linked: whether stops of different feeds may be one station. parted: those that people say are not, the smaller
    number first.
    """

    feeds: tuple[FeedSummary, ...]
    stops: Sequence[Stop]
    number_of: Mapping[StopKey, int]
    station_of: Sequence[int]
    served: frozenset[int]
    with_trains: frozenset[int]
    is_linked: bool
    parted: frozenset[Pair]

    def number(self, key: StopKey) -> int:
        """The number of a stop; raises NotFound where no feed has it."""
        return get_number(self.number_of, key)

    def get_stop(self, key: StopKey) -> Stop:
        """A stop by its key; raises NotFound where no feed has it."""
        return self.stops[self.number(key)]


def book_of_timetable(timetable: Timetable) -> StopBook:
    """The stops of a timetable."""
    trains: set[int] = set()
    for pattern in timetable.patterns:
        feed = timetable.feeds[pattern.feed]
        if feed.routes[feed.trips.route[pattern.trips[0]]].mode == RAIL:
            trains.update(timetable.station_of[stop] for stop in pattern.stops)
    return StopBook(
        tuple(feed.summary for feed in timetable.feeds),
        timetable.stops,
        timetable.number_of,
        timetable.station_of,
        frozenset(number for number, calls in enumerate(timetable.calls_at) if calls),
        frozenset(trains),
        timetable.linking is Linking.NEARBY,
        _parted(timetable.corrected, timetable.changes.walks),
    )


def book_of_network(network: "Network", corrections: Corrections) -> StopBook:
    """The stops of a network, equal to those of the timetable it was compiled from; read in a fraction of the time.

    corrections: of links, those it was compiled with.
    """
    station_of: list[int] = network.columns["station_of"].tolist()
    is_linked = network.linking is Linking.NEARBY
    table = StopTable(list(network.stops), station_of, ())
    pairs = [pair for _, pair in corrected_pairs(corrections.rows if is_linked else (), table)]
    return StopBook(
        network.head.feeds,
        network.stops,
        network.number_of,
        station_of,
        frozenset(np.unique(network.columns["place_stop"]).tolist()),
        _stations_with_trains(network),
        is_linked,
        _parted(((min(pair), max(pair)) for pair in pairs), network.changes.walks),
    )


def _parted(corrected: Iterable[Pair], walks: Sequence[dict[int, int]] | dict[int, dict[int, int]]) -> frozenset[Pair]:
    return frozenset((one, other) for one, other in corrected if other not in walks[one])


def _stations_with_trains(network: "Network") -> frozenset[int]:
    columns = network.columns
    rail = np.array([route.mode == RAIL for feed in network.feeds for route in feed.routes], np.bool_)
    first = columns["pattern_trips"][columns["trips_first"][:-1]]
    is_rail = rail[columns["trip.route"][first] + columns["feed_routes"][columns["pattern_feed"]]]
    called = columns["place_stop"][np.repeat(is_rail, np.diff(columns["place_first"]))]
    return frozenset(np.unique(columns["station_of"][called]).tolist())
