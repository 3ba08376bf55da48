"""Networks on disk: whole or not there, shared by processes, made again when what they are of changes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from onward.core.errors import BadInput, NotFound
from onward.core.window import Window
from onward.engines.journeys import FeedStore, Journey, Linking, Query, StopKey
from onward.engines.journeys.fast import Network, load_network, open_network, search
from tests.engines.journeys.small_feeds import at, minutes, shown, tables, zipped

TRIPS = {"t1": [("A", "08:00"), ("B", ""), ("C", "09:00")]}


def store_with(folder: Path, trips: dict[str, list[tuple[str, str]]] = TRIPS) -> FeedStore:
    store = FeedStore(folder / "feeds")
    path = folder / "small.zip"
    path.write_bytes(zipped(tables(trips)))
    store.add(path)
    return store


def journeys(network: Network) -> list[Journey]:
    window = Window(at("07:00"), at("07:00") + minutes(240))
    return search(network, Query((StopKey("small:A"),), (StopKey("small:C"),), window))


def files(store: FeedStore) -> list[str]:
    return sorted(path.name for path in store.root.glob("*.network"))


def test_it_is_compiled_once_and_mapped_from_then_on(tmp_path: Path) -> None:
    store = store_with(tmp_path)
    made = load_network(store)
    before = [(name, (store.root / name).stat().st_ino) for name in files(store)]
    assert shown(journeys(made)) == ["08:00-09:00 x1"]
    assert made.path == store.root / before[0][0]
    assert journeys(load_network(store)) == journeys(made)
    assert [(name, (store.root / name).stat().st_ino) for name in files(store)] == before
    assert not made.columns["arrive"].flags.writeable


def test_a_changed_feed_is_compiled_again_and_the_old_file_swept(tmp_path: Path) -> None:
    store = store_with(tmp_path)
    old = load_network(store)
    store_with(tmp_path, {"t1": [("A", "10:00"), ("C", "11:00")]})
    assert shown(journeys(load_network(store))) == ["10:00-11:00 x1"]
    assert len(files(store)) == 1
    assert shown(journeys(old)) == ["08:00-09:00 x1"], "who has it mapped goes on reading it"


def test_each_linking_has_its_own(tmp_path: Path) -> None:
    store = store_with(tmp_path)
    kinds = {load_network(store, linking=linking).linking for linking in Linking}
    assert kinds == set(Linking)
    assert len(files(store)) == len(Linking)


def test_a_damaged_file_is_refused_and_made_again(tmp_path: Path) -> None:
    store = store_with(tmp_path)
    path = load_network(store).path
    assert path is not None
    whole = path.read_bytes()
    for damaged in (whole[:-100], whole[:1000] + b"\x07" + whole[1001:], b"", b"onward network 0\n"):
        path.unlink()
        path.write_bytes(damaged)
        with pytest.raises(BadInput, match="damaged"):
            open_network(path)
        assert shown(journeys(load_network(store))) == ["08:00-09:00 x1"]
        assert path.read_bytes() == whole


def test_a_feed_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no feed called “coach”"):
        load_network(store_with(tmp_path), names=["coach"])


def test_beside_feeds_nobody_may_write_to_it_lies_with_the_accounts_own_compiled_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = store_with(tmp_path)
    (store.root / ".networks.lock").mkdir()
    monkeypatch.setattr("onward.engines.journeys.fast.store.compiled_folder", lambda: tmp_path / "own")
    made = load_network(store)
    assert made.path is not None
    assert made.path.parent == tmp_path / "own" / "networks"
    assert files(store) == []
    assert shown(journeys(load_network(store))) == ["08:00-09:00 x1"]


def test_where_nothing_may_be_written_it_is_compiled_into_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = store_with(tmp_path)
    (store.root / ".networks.lock").mkdir()
    monkeypatch.setattr("onward.engines.journeys.fast.store.compiled_folder", lambda: Path("/proc/none"))
    made = load_network(store)
    assert made.path is None
    assert shown(journeys(made)) == ["08:00-09:00 x1"]


def test_killed_while_writing_there_is_the_old_file_or_the_new_one_whole(tmp_path: Path) -> None:
    store = store_with(tmp_path)
    load_network(store)
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from onward.engines.journeys import FeedStore, Linking\n"
        "from onward.engines.journeys.fast import load_network\n"
        "store = FeedStore(Path(sys.argv[1]))\n"
        "load_network(store)\n"
        "print('on', flush=True)\n"
        "while True:\n"
        "    for linking in Linking:\n"
        "        path = load_network(store, linking=linking).path\n"
        "        path.unlink()\n"
    )
    for pause in (0.02, 0.05, 0.11):
        with subprocess.Popen(
            [sys.executable, "-c", script, str(store.root)],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
            stdout=subprocess.PIPE,
        ) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(pause)
            writer.send_signal(signal.SIGKILL)
        for path in store.root.glob("*.network"):
            open_network(path)
        assert shown(journeys(load_network(store))) == ["08:00-09:00 x1"]
