"""The least that is still to be paid on the way to the end, by carrier and stop: what bounds a price from below.

Only where feeds meet matters. Who holds a ticket of a feed may ride on in it for nothing; whoever boards anew pays at
least the cheapest fare there is from that stop. A way to the end whose price is known leads through feeds that have
fares: where there is none no price will ever be known. Nothing here is ever more than what is paid.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from onward.engines.journeys.fares.by_zone import ZoneFares
from onward.engines.journeys.fares.kernel_words import FAR, ToCome
from onward.engines.journeys.fares.tariff import Tariff
from onward.engines.journeys.fast.kernel_arrays import Bits, Int32

if TYPE_CHECKING:
    from onward.engines.journeys.fast.network import Network

type Least = dict[str, int]
"""The least of what fares may come to by currency."""


class Feeds(NamedTuple):
    """Where tickets of each feed with fares may be used: family n is the n-th of them, family 0 no ticket.

    leaves[F, S]: whether its vehicles call there. boards[F, S]: whether one may board one there or a walk away.
    enters[F, S, currency]: the least a ticket bought there or a walk away comes to; FAR for none.
    """

    leaves: Bits
    boards: Bits
    enters: Int32


class StillToPay:
    """The bounds of a network for one tariff. family_of: the number of a feed's tickets. ids_of: world.fare_ids."""

    def __init__(self, network: "Network", tariff: Tariff, ids_of: Callable[[int], tuple[str, ...]]) -> None:
        names = [feed.name for feed in network.feeds]
        known = sorted(({feed for feed, _ in tariff.quoted} | set(tariff.systems)) & set(names))
        self.family_of = {feed: number for number, feed in enumerate(known, 1)}
        self._currencies = len(tariff.currencies)
        self._feeds = _feeds_of(network, tariff, [names.index(feed) for feed in known], ids_of)
        self._between = _between(self._feeds)
        self._made: dict[bytes, tuple[Int32, Int32]] = {}

    def to(self, stops: Int32) -> ToCome:
        """What is still to be paid by who is to leave the last vehicle at one of some stops."""
        served = self._feeds.leaves[:, stops].any(axis=1)
        kept = self._made.get(served.tobytes())
        if kept is None:
            kept = self._made[served.tobytes()] = self._make(served)
        anew = kept[0].copy()
        anew[stops] = 0
        return ToCome(anew, kept[1], self._feeds.boards)

    def _make(self, served: NDArray[np.bool_]) -> tuple[Int32, Int32]:
        """(anew, on_ticket) of ToCome, the stops of the end apart."""
        on_ticket = np.where(served[:, None], np.int64(0), FAR) + np.zeros((1, self._currencies), np.int64)
        for _ in served:
            on_ticket = np.minimum(on_ticket, (self._between + on_ticket).min(axis=1, initial=FAR))
        anew = np.minimum((self._feeds.enters + on_ticket[:, None]).min(axis=0, initial=FAR), FAR)
        return anew.astype(np.int32), on_ticket.astype(np.int32)


def _feeds_of(network: "Network", tariff: Tariff, feeds: list[int], ids_of: Callable[[int], tuple[str, ...]]) -> Feeds:
    stops = len(network.stops)
    count, shape = len(feeds) + 1, network.shape
    leaves, boards = np.zeros((count, stops), np.uint8), np.zeros((count, stops), np.uint8)
    enters: Int32 = np.full((count, stops, len(tariff.currencies)), FAR, np.int32)
    pattern_feed = network.columns["pattern_feed"]
    pattern_of = np.repeat(np.arange(len(pattern_feed)), np.diff(shape.place_first))
    for family, feed in enumerate(feeds, 1):
        leaves[family, shape.place_stop[pattern_feed[pattern_of] == feed]] = 1
        here = network.boardings[0][pattern_feed[network.boardings[1]] == feed]
        boards[family, here] = 1
        dearest = _Cheapest(tariff, network.feeds[feed].name)
        for stop in np.unique(here).tolist():
            enters[family, stop] = dearest.from_stop(ids_of(stop))
    first, to = shape.walk_first, shape.walk_to
    came_from = np.repeat(np.arange(stops), np.diff(first))
    near_boards, near_enters = boards.copy(), enters.copy()
    for family in range(1, count):
        np.maximum.at(near_boards[family], came_from, boards[family][to])
        np.minimum.at(near_enters[family], came_from, enters[family][to])
    return Feeds(leaves, near_boards, near_enters)


class _Cheapest:
    """The least a ticket of one feed comes to by where it begins."""

    def __init__(self, tariff: Tariff, feed: str) -> None:
        self.tariff = tariff
        system = tariff.systems.get(feed)
        self._everywhere: list[Least] = []
        if isinstance(system, ZoneFares):
            self._everywhere = [{fare.currency: fare.minor * system.seats} for fare in system.fares]
        elif system is not None:
            # A transfer may yet take the place of a price.
            self._everywhere = [{}]
        self._quoted: dict[str, list[Least]] = {}
        for quote in tariff.book.quotes.quotes:
            if quote.feed == feed:
                cost = {quote.currency: quote.fare_of(tariff.party) + quote.tax_of(tariff.party)}
                self._quoted.setdefault(quote.from_stop, []).append(cost)

    def from_stop(self, ids: tuple[str, ...]) -> list[int]:
        """By currency: FAR where there is no ticket."""
        offers = [*self._everywhere, *(one for name in ids for one in self._quoted.get(name, ()))]
        return [min((one.get(name, 0) for one in offers), default=FAR) for name in self.tariff.currencies]


def _between(feeds: Feeds) -> NDArray[np.int64]:
    """[from, to, currency]: the least of a ticket of one feed bought after a ride in another."""
    count, _, currencies = feeds.enters.shape
    between = np.full((count, count, currencies), FAR, np.int64)
    for family in range(1, count):
        there = feeds.leaves[family] > 0
        if there.any():
            between[family] = feeds.enters[:, there].min(axis=1)
    return between
