"""The least that is still to be paid on the way to the end, by carrier and stop: what bounds a price from below.

Only where tickets begin and end matters, never when. Who holds a ticket of a feed may ride on in it for nothing to
wherever one of its tickets may end; who buys anew pays at least the feed's cheapest fare, or what a quote says that
begins there. Where nothing leads to the end so, no price will ever be known. Nothing here is ever more than is paid.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from onward.engines.journeys.fares.by_zone import ZoneFares
from onward.engines.journeys.fares.kernel_words import FAR, ToCome
from onward.engines.journeys.fares.tariff import Tariff
from onward.engines.journeys.fast.kernel_arrays import Bits, Int32, Int64

if TYPE_CHECKING:
    from onward.engines.journeys.fast.network import Network

KEPT = 256
"""Ends of the way whose bounds are kept."""

type Ids = Callable[[int], tuple[str, ...]]
"""The ids fares may know a stop by its number (world.fare_ids)."""


class Feeds(NamedTuple):
    """Feeds with fares of their own; family n is the n-th feed that has any fare, family 0 no ticket.

    calls[F, S]: whether a feed's vehicles call at a stop, no stop of one without fares of its own. boards[F, S]:
    whether one may board one there, fares[F, currency]: the least one comes to, FAR where there is none.
    """

    calls: NDArray[np.bool_]
    boards: NDArray[np.bool_]
    fares: Int64


class Quoted(NamedTuple):
    """Quotes between ids of stops. stop_of, id_of: the stops that have ids, and which. family_of: of each id.

    ends: the ids that tickets end at. begins: those they begin at; first: where the quotes of each begin in to_id and
    prices[quote, currency].
    """

    stop_of: Int64
    id_of: Int64
    family_of: Int64
    ends: Int64
    begins: Int64
    first: Int64
    to_id: Int64
    prices: Int64


class StillToPay:
    """The bounds of a network for one tariff. family_of: the number of a feed's tickets."""

    def __init__(self, network: "Network", tariff: Tariff, ids_of: Ids) -> None:
        names = [feed.name for feed in network.feeds]
        known = sorted(({feed for feed, _ in tariff.quoted} | set(tariff.systems)) & set(names))
        self.family_of = {feed: number for number, feed in enumerate(known, 1)}
        numbers = [names.index(feed) for feed in known]
        self._feeds, boards = _feeds_of(network, tariff, numbers)
        self._quoted = _quoted(network, tariff, self.family_of, ids_of)
        shape = network.shape
        walkers = np.flatnonzero(np.diff(shape.walk_first))
        self._walks = walkers, shape.walk_first[walkers], shape.walk_to
        self._boards: Bits = self._or_near(boards).astype(np.uint8)
        self._made: dict[bytes, ToCome] = {}

    def to(self, stops: Int32) -> ToCome:
        """What is still to be paid by who is to leave the last vehicle at one of some stops."""
        key = stops.tobytes()
        if key not in self._made:
            while len(self._made) >= KEPT:
                self._made.pop(next(iter(self._made)))
            self._made[key] = self._make(stops)
        return self._made[key]

    def _make(self, stops: Int32) -> ToCome:
        """Round by round a ticket more, until nothing gets less."""
        after = np.full((self._boards.shape[1], self._feeds.fares.shape[1]), FAR, np.int64)
        after[stops] = 0
        while True:
            on_ticket, anew = self._before(after)
            anew[stops] = 0
            if (anew == after).all():
                return ToCome(anew.astype(np.int32), on_ticket.astype(np.int32), self._boards)
            after = anew

    def _before(self, after: Int64) -> tuple[Int64, Int64]:
        """(on_ticket, anew) of ToCome, from what is to be paid by stop after a ticket has ended there."""
        calls, boards, fares = self._feeds
        on_ticket = np.where(calls[:, :, None], after, FAR).min(axis=1)
        here = np.where(boards[:, :, None], (fares + on_ticket)[:, None], FAR).min(axis=0)
        quoted = self._quoted
        after_id = np.full((len(quoted.family_of), after.shape[1]), FAR, np.int64)
        np.minimum.at(after_id, quoted.id_of, after[quoted.stop_of])
        np.minimum.at(on_ticket, quoted.family_of[quoted.ends], after_id[quoted.ends])
        if len(quoted.begins):
            before_id = np.full_like(after_id, FAR)
            before_id[quoted.begins] = np.minimum.reduceat(quoted.prices + after_id[quoted.to_id], quoted.first)
            np.minimum.at(here, quoted.stop_of, before_id[quoted.id_of])
        near, (walkers, first, to) = here.copy(), self._walks
        if len(walkers):
            near[walkers] = np.minimum(near[walkers], np.minimum.reduceat(here[to], first))
        return np.minimum(on_ticket, FAR), np.minimum(near, FAR)

    def _or_near(self, boards: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Whether one may board at a stop or a walk away."""
        near, (walkers, first, to) = boards.copy(), self._walks
        if len(walkers):
            near[:, walkers] |= np.logical_or.reduceat(boards[:, to], first, axis=1)
        return near


def _feeds_of(network: "Network", tariff: Tariff, feeds: list[int]) -> tuple[Feeds, NDArray[np.bool_]]:
    """The feeds, and where one may board vehicles of each, fares of its own or not."""
    count, stops, shape = len(feeds) + 1, len(network.stops), network.shape
    calls, boards = np.zeros((count, stops), np.bool_), np.zeros((count, stops), np.bool_)
    fares: Int64 = np.full((count, len(tariff.currencies)), FAR, np.int64)
    pattern_feed = network.columns["pattern_feed"]
    call_feed = np.repeat(pattern_feed, np.diff(shape.place_first))
    for family, feed in enumerate(feeds, 1):
        system = tariff.systems.get(network.feeds[feed].name)
        boards[family, network.boardings[0][pattern_feed[network.boardings[1]] == feed]] = True
        if system is not None:
            calls[family, shape.place_stop[call_feed == feed]] = True
            # By leg a transfer may yet take the place of any price.
            fares[family] = _cheapest(system, tariff.currencies) if isinstance(system, ZoneFares) else 0
    return Feeds(calls, boards, fares), boards


def _cheapest(system: ZoneFares, currencies: tuple[str, ...]) -> list[int]:
    """The least of any fare, by currency: nothing of one where it may be paid in another; FAR where there is none."""
    return [
        min((fare.minor * system.seats if fare.currency == name else 0 for fare in system.fares), default=FAR)
        for name in currencies
    ]


def _quoted(network: "Network", tariff: Tariff, families: Mapping[str, int], ids_of: Ids) -> Quoted:
    numbers: dict[tuple[str, str], int] = {}
    rows: list[tuple[int, ...]] = []
    for quote in tariff.book.quotes.quotes:
        if quote.feed in families:
            ends = [numbers.setdefault((quote.feed, one), len(numbers)) for one in (quote.from_stop, quote.to_stop)]
            price = quote.fare_of(tariff.party) + quote.tax_of(tariff.party)
            rows.append((*ends, *(price if name == quote.currency else 0 for name in tariff.currencies)))
    table = np.array(sorted(rows), np.int64).reshape(len(rows), 2 + len(tariff.currencies))
    begins, first = np.unique(table[:, 0], return_index=True)
    feeds = {feed for feed, _ in numbers}
    has = [
        (number, numbers[stop.feed, one])
        for number, stop in enumerate(network.stops if feeds else ())
        if stop.feed in feeds
        for one in ids_of(number)
        if (stop.feed, one) in numbers
    ]
    stop_of, id_of = np.array(has, np.int64).reshape(len(has), 2).T
    family_of = np.array([families[feed] for feed, _ in numbers], np.int64)
    return Quoted(stop_of, id_of, family_of, np.unique(table[:, 1]), begins, first, table[:, 1], table[:, 2:])
