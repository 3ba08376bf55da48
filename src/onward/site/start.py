"""What a process needs before it may act: the key ring opened once and handed in, the timetables' folder named."""

import os
from pathlib import Path

from onward.core.errors import BadInput, message
from onward.core.keys import KeyRing
from onward.core.keys.ring_file import RING_NAME
from onward.site.environment import Environment

KEYS, FEEDS, OUTBOX = "keys", "feeds", "outbox"
"""Folders under ONWARD_HOME."""


def read_passphrase() -> str:
    """The passphrase of the key ring, from ONWARD_PASSPHRASE or the file ONWARD_PASSPHRASE_FILE names.

    A line break at the end of the file is not part of it. Raises BadInput naming the variable.
    """
    given = os.environ.get("ONWARD_PASSPHRASE", "")
    if given:
        return given
    name = os.environ.get("ONWARD_PASSPHRASE_FILE", "")
    if not name:
        raise BadInput(
            "settings.passphrase",
            message("The key ring needs its passphrase, and none was given."),
            remedy=message("Set ONWARD_PASSPHRASE, or ONWARD_PASSPHRASE_FILE to a file that holds it."),
            field="ONWARD_PASSPHRASE",
        )
    try:
        return Path(name).read_text(encoding="utf-8").removesuffix("\n").removesuffix("\r")
    except (OSError, UnicodeDecodeError) as problem:
        raise BadInput(
            "settings.passphrase_file",
            message("The file that ONWARD_PASSPHRASE_FILE names cannot be read."),
            remedy=message("Give a text file that the user who serves may read."),
            field="ONWARD_PASSPHRASE_FILE",
        ) from problem


def open_ring(home: Path) -> KeyRing:
    """The installation's key ring, opened. BadInput for a wrong or absent passphrase, Unavailable without a ring."""
    return KeyRing.open(home / KEYS, read_passphrase())


def has_ring(home: Path) -> bool:
    """Whether a key ring was made here."""
    return (home / KEYS / RING_NAME).exists()


def make_ring_if_absent(home: Path) -> bool:
    """Make the key ring where there is none, and return whether it was made: the passphrase given opens it from now on.

    Where there is one it is opened, so that a wrong passphrase is told at set-up. Errors as `open_ring`.
    """
    if has_ring(home):
        open_ring(home).close()
        return False
    KeyRing.create(home / KEYS, read_passphrase()).close()
    return True


def hand_in_all(environment: Environment) -> None:
    """Hand the open key ring to the people app and the feeds' folder to the timetables; call once, after set-up."""
    from onward.apps.people import sealing
    from onward.apps.timetables import loaded

    loaded.hand_in(environment.home / FEEDS)
    sealing.hand_in(open_ring(environment.home))
