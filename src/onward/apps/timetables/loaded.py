"""The timetable in memory: read at first use, read again when the store of compiled feeds has changed."""

import threading
from pathlib import Path

from onward.core.errors import Unavailable, message
from onward.engines.journeys import FeedStore, Timetable

_lock = threading.Lock()
_stores: list[FeedStore] = []
_held: list[tuple[object, Timetable]] = []
"""At most one (store version, timetable); replaced as a whole, so that readers need no lock."""


def hand_in(feeds_root: Path) -> None:
    """Say where compiled feeds lie; the site does so once at start. What was read before is let go."""
    with _lock:
        _stores[:] = [FeedStore(feeds_root)]
        _held.clear()


def store() -> FeedStore:
    """The store of compiled feeds; raises Unavailable while none was handed in."""
    if not _stores:
        raise Unavailable("timetable.no_store", message("Nobody has said where the timetables are kept."))
    return _stores[0]


def timetable() -> Timetable:
    """All feeds kept now, as one timetable, shared by threads; raises Unavailable while there is no feed.

    Costs a look at the folder; a feed added or removed by any process is seen at the next call.
    """
    version = store().version()
    found = _find(version)
    if found is None:
        with _lock:
            found = _find(version) or _read(version)
    if not found.feeds:
        raise Unavailable(
            "timetable.none",
            message("There is no timetable yet, so no journey can be looked for."),
            remedy=message("The operator adds one with “onward feed add”."),
        )
    return found


def _find(version: object) -> Timetable | None:
    for held_version, held in list(_held):
        if held_version == version:
            return held
    return None


def _read(version: object) -> Timetable:
    # The version was taken before the files: one changed in between is read again at the next call.
    made = store().load_timetable()
    _held[:] = [(version, made)]
    return made
