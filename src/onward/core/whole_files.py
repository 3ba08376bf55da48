"""Files that readers find whole or not at all: written beside, synced, renamed; what killed writers left is swept."""

import fcntl
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LEFTOVER_AFTER_S = 3600
"""A half-written file this old belongs to nobody any more."""


def write_whole(path: Path, data: bytes) -> None:
    """Put a file in its place in one act: readers have the one before or this one, whoever is killed when.

    Two who write at once both write whole files; the later rename stays: who writes what was read before holds it
    meanwhile (`changing`). Raises OSError where it cannot be written.
    """
    handle, half = tempfile.mkstemp(prefix=f".{path.stem}.", suffix=".half", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(half).chmod(0o644)
        Path(half).replace(path)
    except BaseException:
        Path(half).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


@contextmanager
def changing(path: Path) -> Iterator[None]:
    """Hold a file for as long as it is read, changed and written again: whoever else does so waits.

    The lock is a file beside it, and ends with the process however that ends. Readers need none. Raises OSError where
    the folder cannot be written.
    """
    with (path.parent / f".{path.name}.lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def sweep_half_written(folder: Path) -> None:
    """Remove what killed processes left half-written in a folder."""
    for half in folder.glob(".*.half"):
        try:
            if time.time() - half.stat().st_mtime > LEFTOVER_AFTER_S:
                half.unlink(missing_ok=True)
        except FileNotFoundError:
            continue


def _sync_folder(folder: Path) -> None:
    """Make a rename last through a power cut, where the system can (not on Windows)."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except PermissionError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
