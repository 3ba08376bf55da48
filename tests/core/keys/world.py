"""A key ring that opens fast, and other processes to meet it with."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from onward.core.errors import OnwardError
from onward.core.keys import Cost, KeyRing

NOW = datetime(2025, 6, 11, 12, 0, tzinfo=UTC)
PASSPHRASE = "four plums on a sill"
CHEAP = Cost(passes=1, lanes=1, memory_kib=8)

_SOURCE = Path(__file__).resolve().parents[3] / "src"
_PREAMBLE = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from onward.core.keys import *
from onward.core.errors import OnwardError
now = datetime(2025, 6, 11, 12, 0, tzinfo=UTC)
folder = Path(sys.argv[1])
ring = KeyRing.open(folder, "four plums on a sill")
"""


def new_ring(folder: Path) -> KeyRing:
    """A ring in folder/keys whose passphrase is cheap to derive from."""
    return KeyRing.create(folder / "keys", PASSPHRASE, cost=CHEAP)


@contextmanager
def refusal(kind: type[OnwardError], code: str) -> Iterator[pytest.ExceptionInfo[OnwardError]]:
    """What happens inside is refused with this error and this code."""
    with pytest.raises(kind) as refused:
        yield refused
    assert refused.value.code == code


def another_process(script: str, *arguments: object) -> subprocess.Popen[str]:
    """Start Python on a script that finds `ring`, `folder` (the first argument) and `now` ready."""
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", _PREAMBLE + script, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(_SOURCE)},
    )


def bytes_on_disk(folder: Path) -> bytes:
    """Every byte of every file of the folder.

    Read by another process: to close a file that SQLite has open drops this process's locks on it.
    """
    files = sorted(str(path) for path in folder.iterdir())
    return subprocess.run(["cat", *files], capture_output=True, check=True).stdout
