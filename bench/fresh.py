"""Our search in processes of its own: how soon a new one answers, and the memory one holds that has answered."""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

RUNS = 5
ASKED = 20
"""Queries a process has answered when its memory is looked at."""

ANSWERING = """
import json, sys
from datetime import UTC, datetime
from pathlib import Path
from onward.core.window import Window
from onward.engines.journeys.fast import load_network, search
from onward.engines.journeys.journey import Query
from onward.engines.journeys.links import Linking
from onward.engines.journeys.store import FeedStore

network = load_network(FeedStore(Path(sys.argv[1])), linking=Linking.OFF)
for line in json.loads(sys.argv[2]):
    window = Window(*(datetime.fromtimestamp(line[name] * 60, UTC) for name in ("start", "end")))
    keys = (tuple("all:" + stop for stop in line[name]) for name in ("from", "to"))
    search(network, Query(*keys, window))
print(Path("/proc/self/status").read_text().split("VmRSS:")[1].split()[0])
"""


def resident_mb(process: int) -> float:
    """The memory a process holds now, in MB (Linux)."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) / 1000


def first_answer_s(store: Path, line: Mapping[str, object]) -> float:
    """From the start of a new process to its first journeys, the median of some, in seconds.

    Its modules are compiled to bytecode, as where it is installed. line: a query as peers read it.
    """
    took = []
    for _ in range(RUNS + 1):
        begun = time.perf_counter()
        _answered(store, [line])
        took.append(time.perf_counter() - begun)
    return statistics.median(took[1:])


def memory_mb(store: Path, lines: Sequence[Mapping[str, object]]) -> float:
    """What a new process holds that has loaded a network and answered some queries, all of it, in MB."""
    return _answered(store, lines) / 1000


def _answered(store: Path, lines: Sequence[Mapping[str, object]]) -> int:
    command = [sys.executable, "-c", ANSWERING, str(store), json.dumps(lines)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=as_installed(store / "bytecode"))
    return int(done.stdout)


def as_installed(folder: Path) -> dict[str, str]:
    """The environment of a process whose modules are compiled to bytecode, kept in a folder."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPYCACHEPREFIX": str(folder)}
