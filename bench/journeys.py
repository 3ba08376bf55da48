"""Our journey searches beside nigiri's, cafein's and minotor's: the same queries on the same feeds, in turn, one core.

python -m bench.journeys [--save] [--corridor 1000] [--new-york 300] [--batch 20000]
python -m bench.journeys parity        the same queries, only compared: says which journeys differ
Every query is asked of each search before the next one, after each has answered all of them once, unmeasured: so each
finds the processor's caches full of the others' things. Then they are asked fifty at a time. Times are
processor time on one core, taken inside each process, without the lines between them: ours from the query to journeys
with legs (none kept from the unmeasured round), the peers' from their query object to their result object. Batches,
loading and first answers are by the wall clock.
"""

import argparse
import json
import os
import tempfile
from datetime import date
from pathlib import Path

from bench.asking import (
    CORRIDOR_DAY,
    NEW_YORK_DAY,
    ROOT,
    corridor_sources,
    new_york_sources,
)
from bench.feeds import Source
from bench.machine import describe
from bench.one_to_all import beside_minotor
from bench.peers import has_minotor
from bench.world import Figures, World

RESULTS = ROOT / "bench" / "results" / "journeys.json"
CORE = 0
NOT_THERE = "not run: minotor is not here (make peers installs it where there is Node)"


def main() -> None:
    """Measure and print; --save keeps the result beside the code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("what", nargs="?", choices=["speed", "parity"], default="speed")
    parser.add_argument("--corridor", type=int, default=1000)
    parser.add_argument("--new-york", type=int, default=300)
    parser.add_argument("--batch", type=int, default=20_000)
    parser.add_argument("--save", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="onward-bench-") as name:
        bench = Bench(Path(name))
        if given.what == "parity":
            raise SystemExit(bench.parity(given.corridor, given.new_york))
        results = bench.speed(given.corridor, given.new_york, given.batch)
    if given.save:
        kept = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
        state = {"machine": describe(), "load_average": round(os.getloadavg()[1], 1)}
        measured = {name: state | figures for name, figures in results.items()}
        RESULTS.write_text(json.dumps(kept | measured, indent=1) + "\n")


class Bench:
    """One run, its files in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def parity(self, corridor: int, new_york: int) -> int:
        """Compare; the number of queries whose answers differ."""
        differing = 0
        for name, sources, on, hours, count in self._worlds(corridor, new_york):
            world = World(self.folder / name, sources, on)
            differing += world.compare(world.queries(count, hours))
        return differing

    def speed(self, corridor: int, new_york: int, batch: int) -> dict[str, Figures]:
        """All measurements, by world."""
        results: dict[str, Figures] = {}
        cores = os.sched_getaffinity(0)
        for name, sources, on, hours, count in self._worlds(corridor, new_york):
            world = World(self.folder / name, sources, on)
            queries = world.queries(count, hours)
            os.sched_setaffinity(0, {CORE})
            results[name] = figures = world.beside_peers(queries) | world.alone(queries[0])
            os.sched_setaffinity(0, cores)
            if name == "corridor":
                figures["batch"] = world.batch(world.queries(batch, hours), len(cores))
                figures["one_to_all_beside_minotor"] = beside_minotor(world) if has_minotor() else NOT_THERE
            show(name, figures)
        return results

    def _worlds(self, corridor: int, new_york: int) -> list[tuple[str, list[Source], date, int, int]]:
        worlds = [
            ("corridor", corridor_sources(), CORRIDOR_DAY, 4, corridor),
            ("new_york", new_york_sources(), NEW_YORK_DAY, 2, new_york),
        ]
        return [world for world in worlds if world[4]]


def show(name: str, figures: Figures) -> None:
    """A few lines for who runs it."""
    print(f"{name}: {figures['queries']} queries, {figures['journeys']} journeys")
    print(json.dumps({key: value for key, value in figures.items() if key not in ("queries", "journeys")}, indent=1))


if __name__ == "__main__":
    main()
