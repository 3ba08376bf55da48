"""Where networks lie: beside the feeds they are compiled from, one file each, shared by every process that maps it.

A file is called by the hash of all that went into it. Whoever finds none compiles it under a lock, writes it under
another name, syncs it and renames it: readers have a whole file or none, whoever is killed when. Where the feeds'
folder cannot be written (a program folder, a home of another account) the file lies with the account's own compiled
code; where nothing can be written the network is compiled into memory.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from onward.core.errors import BadInput, Unavailable, message
from onward.core.whole_files import sweep_half_written, write_whole
from onward.engines.jit import compiled_folder
from onward.engines.journeys.fast.compiling import compile_network
from onward.engines.journeys.fast.network import Network
from onward.engines.journeys.fast.networkfile import FORM, open_network, stamps_in, to_bytes
from onward.engines.journeys.feedfile import read_summary
from onward.engines.journeys.law import NO_LAW, Law
from onward.engines.journeys.links import Linking
from onward.engines.journeys.store import FeedStore

KEPT = 4
"""Networks kept of the same feeds: by linking, law and corrections, the last ones made."""

TRIES = 5
"""How often it is compiled anew where a feed changes meanwhile."""


def load_network(
    store: FeedStore, *, names: Iterable[str] | None = None, linking: Linking = Linking.NEARBY, law: Law = NO_LAW
) -> Network:
    """The network of the feeds of those names (all where none are named), mapped; compiled first where it is not there.

    Equal to compiling `store.load_timetable` with the same arguments. Raises what that raises, and Unavailable where
    feeds change faster than they can be compiled.
    """
    named = sorted(names) if names is not None else None
    for _ in range(TRIES):
        stamps = _stamps(store, [one.name for one in store.list_feeds()] if named is None else named)
        found = _find(store, _key(store, stamps, linking, law)) or _make(store, stamps, linking, law)
        if found is not None:
            return found
    raise Unavailable("network.feeds_change", message("The timetables change while they are read: ask again."))


def compile_stored(store: FeedStore, *, law: Law = NO_LAW) -> Network:
    """Compile the network of all feeds kept, so that nobody waits for it: for whoever just added or removed one."""
    return load_network(store, law=law)


def _stamp(store: FeedStore, name: str) -> str:
    """What a feed's file holds now: a hash of its summary and its check sum; raises as `FeedStore.load` does."""
    try:
        with (store.root / f"{name}.feed").open("rb") as file:
            summary = read_summary(file, name)
            size = file.seek(-4, os.SEEK_END)
            check = file.read(4)
    except OSError:
        store.load(name)
        raise
    return hashlib.sha256(f"{summary!r} {check.hex()} {size}".encode()).hexdigest()


def _stamps(store: FeedStore, names: Iterable[str]) -> dict[str, str]:
    return {name: _stamp(store, name) for name in names}


def _key(store: FeedStore, stamps: dict[str, str], linking: Linking, law: Law) -> str:
    """The name of a network: what went into it."""
    parts = [FORM, linking, law.digest(), store.corrections().digest(), repr(list(stamps.items()))]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def _folders(store: FeedStore) -> tuple[Path, Path]:
    return store.root, compiled_folder() / "networks"


def _find(store: FeedStore, key: str) -> Network | None:
    for folder in _folders(store):
        path = folder / f"{key}.network"
        try:
            return open_network(path)
        except OSError:
            continue
        except BadInput:
            with suppress(OSError):
                path.unlink()
    return None


def _make(store: FeedStore, stamps: dict[str, str], linking: Linking, law: Law) -> Network | None:
    """Compile and keep it; None where a feed changed meanwhile."""
    key = _key(store, stamps, linking, law)
    with _locked(_folders(store)) as folder:
        found = _find(store, key)
        if found is not None:
            return found
        made = compile_network(store.load_timetable(names=list(stamps), linking=linking, law=law), key, stamps)
        if _key(store, _stamps(store, stamps), linking, law) != key:
            return None
        return made if folder is None else _kept(made, folder)


def _kept(made: Network, folder: Path) -> Network:
    """The same network, mapped; in memory where it cannot be written."""
    path = folder / f"{made.head.key}.network"
    try:
        write_whole(path, to_bytes(made))
        _sweep(folder, made)
        return open_network(path)
    except OSError:
        return made


@contextmanager
def _locked(folders: Iterable[Path]) -> Iterator[Path | None]:
    """Hold the lock of the first folder that can be written; None where none can."""
    for folder in folders:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            held = (folder / ".networks.lock").open("a")
        except OSError:
            continue
        with held:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield folder
        return
    yield None


def _sweep(folder: Path, made: Network) -> None:
    """Remove networks of feeds that are no longer so, all but the last few of the same feeds, and half files."""
    same = []
    for path in folder.glob("*.network"):
        stamps = stamps_in(path)
        if stamps is None or any(made.head.stamps.get(name, stamp) != stamp for name, stamp in stamps.items()):
            path.unlink(missing_ok=True)
        else:
            same.append(path)
    for path in sorted(same, key=lambda one: one.stat().st_mtime)[:-KEPT]:
        path.unlink(missing_ok=True)
    sweep_half_written(folder)
