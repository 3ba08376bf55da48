"""The timetable in memory: read at first use, and again when feeds or the operator's own files have changed."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from onward.core.errors import BadInput, Unavailable, message
from onward.engines.journeys import FeedStore, Journey, Query, StopBook, book_of_network
from onward.engines.journeys.carriage_file import OWN_FILE as CARRIAGE_FILE
from onward.engines.journeys.countries import OWN_FILE as COUNTRIES_FILE
from onward.engines.journeys.countries import Countries
from onward.engines.journeys.fares.tables import FareTables
from onward.engines.journeys.kept import DELAYS_FILE, SEATS_FILE, read_delays, read_seats
from onward.engines.journeys.law import read_law
from onward.engines.journeys.risk import Delays
from onward.engines.journeys.seats import Departure, SeatCount

if TYPE_CHECKING:
    from onward.engines.journeys.fast import Network

ANSWERS_KEPT = 1_000
"""Answers of the search, some ten journeys each: the places a centre sends to, over the days it looks ahead."""

NOWHERE = Countries()

log = logging.getLogger("onward.timetables")
_lock = threading.Lock()
_stores: list[FeedStore] = []


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """All that journeys are looked for in: the timetable under its law, and what the operator keeps beside it.

    Stations are looked up in `stops`; searches run in the same timetable compiled (engines/journeys/fast), and what
    they found is kept for whoever asks the same: journeys never change. fares: those that feeds themselves give.
    """

    stops: StopBook
    network: "Network"
    searching: Callable[[Query], tuple[Journey, ...]]
    delays: Delays
    seats: Mapping[Departure, SeatCount]
    fares: Mapping[str, FareTables]

    def search(self, query: Query) -> tuple[Journey, ...]:
        """The best journeys that answer a query."""
        return self.searching(query)


_held: list[tuple[object, Loaded]] = []
"""At most one (version, what was loaded); replaced as a whole, so that readers need no lock."""


def hand_in(feeds_root: Path) -> None:
    """Say where compiled feeds lie; the site does so once at start. What was read before is let go.

    The folder above it is Onward's home, where the operator's own files lie.
    """
    with _lock:
        _stores[:] = [FeedStore(feeds_root)]
        _held.clear()


def store() -> FeedStore:
    """The store of compiled feeds; raises Unavailable while none was handed in."""
    if not _stores:
        raise Unavailable("timetable.no_store", message("Nobody has said where the timetables are kept."))
    return _stores[0]


def load(places: Countries = NOWHERE) -> Loaded:
    """All feeds kept now under the rules that hold, shared by threads; raises Unavailable while there is no feed.

    places: the towns whose country is known. Costs a look at the folder; a feed, a file or a place changed by any
    process is seen at the next call. Rules of carriage or of countries that cannot be read make it Unavailable: nobody
    is offered what may be closed.
    """
    version = store().version(), _own_files(store().root.parent), places
    found = _find(version)
    if found is None:
        with _lock:
            found = _find(version) or _read(version, places)
    if not found.stops.feeds:
        raise Unavailable(
            "timetable.none",
            message("There is no timetable yet, so no journey can be looked for."),
            remedy=message("The operator adds one with “onward feed add”."),
        )
    return found


def _own_files(home: Path) -> tuple[tuple[str, int, int], ...]:
    """The state of each of the operator's files, to be compared."""
    states = []
    for name in (CARRIAGE_FILE, COUNTRIES_FILE, DELAYS_FILE, SEATS_FILE):
        try:
            state = (home / name).stat()
        except OSError:
            continue
        states.append((name, state.st_ino, state.st_mtime_ns))
    return tuple(states)


def _find(version: object) -> Loaded | None:
    for held_version, held in list(_held):
        if held_version == version:
            return held
    return None


def _read(version: object, places: Countries) -> Loaded:
    # Read here: what never searches (most commands, the jobs) starts in half the time without compiled code.
    from onward.engines.journeys.fast import load_network

    # The version was taken before the files: one changed in between is read again at the next call.
    home = store().root.parent
    try:
        law = read_law(home, places)
    except BadInput as problem:
        raise Unavailable(
            "timetable.rules_unreadable",
            message("The rules that timetables obey cannot be read, so no journey is offered."),
            remedy=message("The operator sees what is wrong with “onward feed rules”."),
        ) from problem
    network = load_network(store(), law=law)
    made = Loaded(
        book_of_network(network, store().corrections()),
        network,
        _searching(network),
        _or_none(read_delays, home / DELAYS_FILE) or Delays(),
        _or_none(read_seats, home / SEATS_FILE) or {},
        store().fares(),
    )
    _held[:] = [(version, made)]
    return made


def _searching(network: "Network") -> Callable[[Query], tuple[Journey, ...]]:
    from onward.engines.journeys.fast import search

    @lru_cache(maxsize=ANSWERS_KEPT)
    def searched(query: Query) -> tuple[Journey, ...]:
        return tuple(search(network, query))

    return searched


def _or_none[Kept](read: Callable[[Path], Kept], path: Path) -> Kept | None:
    """What a file keeps; nothing where it cannot be used: then delays or seats are not known, which is always said."""
    try:
        return read(path)
    except BadInput as problem:
        log.warning("%s is not used: %s", path.name, problem)
        return None
