"""The demonstration's timetables and fares, compiled once a run into a folder of their own."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from onward.apps.timetables import loaded
from onward.apps.timetables.loading import add_fares
from onward.engines.journeys import FeedStore
from tests.rows import laid
from tools.demo_feed import FARES_NAME, write_feeds


@cache
def _made() -> tuple[tempfile.TemporaryDirectory[str], list[FeedStore], str]:
    folder = tempfile.TemporaryDirectory(prefix="onward-demo-")
    root = Path(folder.name)
    store = FeedStore(root / "feeds")
    for one in write_feeds(root, seed=1, start_on=datetime.now(UTC).date()):
        store.add(one)
    return folder, [store], (root / FARES_NAME).read_text(encoding="utf-8")


_read: list[tuple[object, object]] = []
"""The timetable once it was read, kept for the next test."""


@contextmanager
def demo_timetables() -> Iterator[None]:
    """Timetables handed in and fares on file; what was handed in before comes back afterwards."""
    before, held = list(loaded._stores), list(loaded._held)
    _, stores, fares = _made()
    loaded._stores[:], loaded._held[:] = stores, _read  # type: ignore[assignment]
    now = datetime.now(UTC)
    laid(f"the demonstration's fares on {now.date()}", lambda: add_fares(fares, now=now))
    try:
        yield
    finally:
        _read[:] = loaded._held
        loaded._stores[:], loaded._held[:] = before, held
