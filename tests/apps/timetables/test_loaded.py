"""The timetable in memory follows the store."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from onward.apps.timetables import loaded
from onward.core.errors import Unavailable
from onward.engines.journeys import FeedStore
from tests.apps.timetables.small_feed import SmallTrip, write_feed

TRIP = SmallTrip("1", [("ny", "08:00"), ("mtl", "16:00")])


@pytest.fixture
def feeds(tmp_path: Path) -> Iterator[Path]:
    """An empty store, handed in; what was handed in before is put back."""
    before = list(loaded._stores)
    loaded.hand_in(tmp_path / "feeds")
    yield tmp_path / "feeds"
    loaded._stores[:] = before
    loaded._held.clear()


def test_without_a_feed_the_sentence_says_who_adds_one(feeds: Path) -> None:
    with pytest.raises(Unavailable, match="onward feed add"):
        loaded.load()


def test_before_anybody_said_where_feeds_lie_it_is_unavailable(feeds: Path) -> None:
    loaded._stores.clear()
    with pytest.raises(Unavailable):
        loaded.load()


def test_it_is_read_once_and_again_after_a_change_by_anybody(feeds: Path, tmp_path: Path) -> None:
    FeedStore(feeds).add(write_feed(tmp_path / "one.zip", [TRIP]))
    first = loaded.load().stops
    assert loaded.load().stops is first
    FeedStore(feeds).add(write_feed(tmp_path / "two.zip", [TRIP]))
    assert {feed.name for feed in loaded.load().stops.feeds} == {"one", "two"}
    FeedStore(feeds).remove("two")
    FeedStore(feeds).add(write_feed(tmp_path / "one.zip", [TRIP], last="20260601"))
    assert loaded.load().stops.feeds[0].last_on.isoformat() == "2026-06-01"
    FeedStore(feeds).remove("one")
    with pytest.raises(Unavailable):
        loaded.load()


def test_threads_that_ask_at_once_share_one_reading(feeds: Path, tmp_path: Path) -> None:
    FeedStore(feeds).add(write_feed(tmp_path / "one.zip", [TRIP]))
    with ThreadPoolExecutor(8) as pool:
        read = list(pool.map(lambda _: loaded.load().stops, range(32)))
    assert len({id(one) for one in read}) == 1
