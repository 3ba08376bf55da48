"""A folder and files only their owner may open, and writes that a crash cannot leave half done."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from onward.core.errors import Unavailable, message


def make_private_folder(folder: Path) -> None:
    """Make the folder, or take it as it is if only its owner may enter; Unavailable otherwise."""
    with _told_plainly(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    require_private(folder)


def require_private(path: Path) -> None:
    """Unavailable unless the path is there and closed to group and others."""
    with _told_plainly(path):
        mode = path.stat().st_mode
    if mode & 0o077:
        raise Unavailable(
            "keys.exposed",
            message("Others on this machine may open %(name)s, which holds keys."),
            remedy=message("Take their rights away (chmod go-rwx %(name)s), then consider who has read it."),
            values={"name": path.name},
        )


def read_file(path: Path) -> str:
    """The text of a private file in a private folder. Unavailable when absent, unreadable or open to others."""
    require_private(path.parent)
    require_private(path)
    with _told_plainly(path):
        return path.read_text(encoding="utf-8")


def replace_file(path: Path, text: str) -> None:
    """Put text in a file (0600) so that a crash or power cut leaves the whole old file or the whole new one.

    Callers keep each other out with `alone_in`. Unavailable when the disk refuses; the old file is then untouched.
    """
    fresh = path.with_name(f"{path.name}.new")
    with _told_plainly(path):
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        _sync_folder(path.parent)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Wait for, then keep out, everyone else who enters the folder this way."""
    with _told_plainly(folder):
        held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def _sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def _told_plainly(path: Path) -> Iterator[None]:
    """Turn what the disk answers into the error tree."""
    try:
        yield
    except FileNotFoundError as error:
        raise Unavailable(
            "keys.absent",
            message("There is no key ring here: %(name)s is missing."),
            remedy=message("Create one at set-up, or name the folder that holds it."),
            values={"name": path.name},
        ) from error
    except OSError as error:
        raise Unavailable(
            "keys.unreachable",
            message("%(name)s cannot be read or written: %(reason)s."),
            remedy=message("Run as the account that owns it, and look whether the disk has room."),
            values={"name": path.name, "reason": error.strerror},
        ) from error
