"""Compiled feeds on disk: whole or not there, whoever adds, kills or damages what."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from onward.core.errors import BadInput, NotFound
from onward.engines.journeys import FeedRefused, FeedStore, Linking, feed_name
from onward.engines.journeys.feedfile import from_bytes, to_bytes
from tests.engines.journeys.small_feeds import find, read, shown, tables, zipped

TRIPS = {"t1": [("A", "08:00"), ("B", ""), ("C", "09:00")]}


def write_zip(folder: Path, name: str, files: dict[str, str]) -> Path:
    path = folder / name
    path.write_bytes(zipped(files))
    return path


def test_a_feed_added_is_listed_loaded_searched_and_removed(tmp_path: Path) -> None:
    store = FeedStore(tmp_path / "feeds")
    assert store.list_feeds() == []
    before = store.version()
    added = store.add(write_zip(tmp_path, "small.zip", tables(TRIPS)))
    assert (added.summary.name, added.was_there, added.reading.trips_kept) == ("small", False, 1)
    assert store.list_feeds() == [added.summary]
    assert store.version() != before
    assert shown(find(store.load_timetable(), "A C", "07:00")) == ["08:00-09:00 x1"]
    store.remove("small")
    assert store.list_feeds() == []
    for gone in (store.remove, store.load):
        with pytest.raises(NotFound, match="no feed called “small”"):
            gone("small")


def test_what_is_read_back_is_what_was_written() -> None:
    feed = read(tables(TRIPS))[0]
    assert from_bytes(to_bytes(feed), "small") == feed


def test_the_old_version_serves_when_the_new_one_is_refused(tmp_path: Path) -> None:
    store = FeedStore(tmp_path / "feeds")
    path = write_zip(tmp_path, "small_2025-06.zip", tables(TRIPS))
    store.add(path)
    kept = store.version()
    worse = dict(tables(TRIPS), **{"stops.txt": "stop_id\nQ\n"})
    with pytest.raises(FeedRefused):
        store.add(write_zip(tmp_path, "small_2025-07.zip", worse))
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(BadInput):
        store.add(path)
    assert store.version() == kept
    again = store.add(write_zip(tmp_path, "small_2025-08.zip", tables({"t2": [("A", "10:00"), ("B", "11:00")]})))
    assert again.was_there
    assert shown(find(store.load_timetable(linking=Linking.OFF), "A B", "07:00")) == ["10:00-11:00 x1"]


@pytest.mark.parametrize("where", [0, 20, 300, -40, -1])
def test_a_damaged_file_is_named_and_never_half_read(tmp_path: Path, where: int) -> None:
    store = FeedStore(tmp_path)
    store.add(write_zip(tmp_path, "small.zip", tables(TRIPS)))
    path = tmp_path / "small.feed"
    data = bytearray(path.read_bytes())
    data[where] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(BadInput, match="small is damaged or was written by another version"):
        store.load("small")
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(BadInput, match="“onward feed remove small”"):
        store.load("small")


KILLED_WHILE_WRITING = """
import os, sys, time
from pathlib import Path
from onward.engines.journeys import FeedStore
sync = os.fsync
def stop_at_sync(handle):
    sync(handle)
    print("half-written", flush=True)
    time.sleep(60)
os.fsync = stop_at_sync
FeedStore(Path(sys.argv[1])).add(Path(sys.argv[2]), name="small")
"""


def test_a_kill_between_writing_and_keeping_leaves_the_old_version(tmp_path: Path) -> None:
    store = FeedStore(tmp_path / "feeds")
    store.add(write_zip(tmp_path, "small.zip", tables(TRIPS)))
    newer = write_zip(tmp_path, "newer.zip", tables({"t2": [("A", "10:00"), ("C", "11:00")]}))
    command = [sys.executable, "-c", KILLED_WHILE_WRITING, str(store.root), str(newer)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "half-written\n"
        writer.send_signal(signal.SIGKILL)
    assert [path.suffix for path in store.root.glob(".*")] == [".half"]
    assert shown(find(store.load_timetable(), "A C", "07:00")) == ["08:00-09:00 x1"]
    half = next(store.root.glob(".*.half"))
    os.utime(half, (time.time() - 7200, time.time() - 7200))
    store.add(newer, name="small")
    assert list(store.root.glob(".*")) == []
    assert shown(find(store.load_timetable(), "A C", "07:00")) == ["10:00-11:00 x1"]


ADD_MANY_TIMES = """
import sys
from pathlib import Path
from onward.engines.journeys import FeedStore
for _ in range(15):
    FeedStore(Path(sys.argv[1])).add(Path(sys.argv[2]), name="small")
"""


def test_two_who_add_at_once_leave_a_whole_feed_at_every_moment(tmp_path: Path) -> None:
    store = FeedStore(tmp_path / "feeds")
    one = write_zip(tmp_path, "one.zip", tables(TRIPS))
    other = tables({"t2": [("A", "10:00"), ("C", "11:00")]})
    two = write_zip(tmp_path, "two.zip", other)
    store.add(one, name="small")
    whole = {read(files)[0].trips.texts for files in (tables(TRIPS), other)}
    writers = [
        subprocess.Popen([sys.executable, "-c", ADD_MANY_TIMES, str(store.root), str(zip_)]) for zip_ in (one, two)
    ]
    seen = set()
    while any(writer.poll() is None for writer in writers):
        seen.add(store.load("small").trips.texts)
    assert [writer.returncode for writer in writers] == [0, 0]
    assert seen <= whole
    assert store.load("small").trips.texts in whole
    assert [path.name for path in store.root.iterdir()] == ["small.feed"]


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("ne_amtrak_2025-06.zip", "ne_amtrak"),
        ("mta_subway_2026.zip", "mta_subway"),
        ("VIA Rail 20250611.ZIP", "via_rail"),
        ("coaches-2026-03-01.zip", "coaches"),
        ("route66.zip", "route66"),
        ("2025.zip", "2025"),
        ("éxo!.zip", "xo"),
        ("...zip", "feed"),
    ],
)
def test_a_feed_is_called_after_its_file_without_the_date(file: str, name: str) -> None:
    assert feed_name(file) == name


@pytest.mark.parametrize("name", ["../up", "a/b", "", ".hidden", "A", "x" * 61])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotFound):
        FeedStore(tmp_path).load(name)
