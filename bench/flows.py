"""The flows engine beside Flee and Mesa at equal rules, accuracy beside speed; and how it grows.

python -m bench.flows [--flee FOLDER] [--conflict mali2012] [--people-per-agent 20] [--only PART] [--save]

--flee: a clone of github.com/djgroen/flee; without it, or without the peers' environment (`make peers`), what is not
run is said. Flee and Mesa take minutes on whole populations: one agent may stand for several people, and the factor is
kept with the result, as is the load of the machine before each part: above 0.5 others were at work. Passes, members,
fits and the peers are timed by the processor (each uses one), so that others at work disturb little; ensembles on two
processes and first answers by the clock. What runs in this process is warm.
"""

import argparse
import csv
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.flows_worlds import made_world
from bench.fresh import as_installed
from bench.machine import describe
from onward.engines.flows.conflicts import averaged_relative_difference, daily_counts
from onward.engines.flows.fit import fit
from onward.engines.flows.flee.importing import import_flee
from onward.engines.flows.flee.movement import FleeMovement
from onward.engines.flows.flee.rules import QUIRKS
from onward.engines.flows.parameters import centres
from onward.engines.flows.scenario import Scenario
from onward.engines.flows.simulation import predict, prepare, simulate

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("ONWARD_SHARED", ROOT.parent / "shared"))
RESULTS = ROOT / "bench" / "results" / "flows.json"
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Peers:
    """Where the others are: their Python, a clone of Flee or None, and how many people one agent stands for."""

    python: Path
    flee: Path | None
    per_agent: int


def median_ms(run: Callable[[], Any], rounds: int = 5) -> float:
    """Median milliseconds of the processor for a call, after one unmeasured."""
    run()
    times = []
    for _ in range(rounds):
        begun = time.process_time()
        run()
        times.append((time.process_time() - begun) * 1000)
    return round(statistics.median(times), 2)


def equal_rules(conflict: Path, peers: Peers) -> dict[str, Any]:
    """One conflict by Flee's rules with its faults: ours on everybody, the peers with one agent for several people."""
    with tempfile.TemporaryDirectory() as beside:
        scenario = import_flee(conflict, Path(beside) / "scenario", quirks=QUIRKS).scenario
        seen, movement = daily_counts(scenario), prepare(scenario).movement
        theta, one = centres(scenario.parameters), np.array([1], np.int64)
        at = [movement.series.index(f"present:{observed.of[0]}") for observed in scenario.observations]
        ours = {
            "mean pass": (movement.mean(theta), lambda: movement.mean(theta)),
            "one member": (
                movement.members(theta, members=one, seed=1)[0],
                lambda: movement.members(theta, members=one, seed=1),
            ),
        }
        kept: dict[str, Any] = {
            name: {"seconds": median_ms(run) / 1000, "ard": error(counts[:, at], seen), "people_per_agent": 1}
            for name, (counts, run) in ours.items()
        }
        kept["conflict"] = conflict.name
        kept["people"] = int(movement.mean(theta)[-1, 0])
        kept["flee"] = run_flee(conflict, peers, Path(beside))
        kept["mesa"] = run_mesa(scenario, peers, seen)
    for peer in ("flee", "mesa"):
        if "seconds" in kept[peer]:
            kept[peer]["times_one_member"] = round(kept[peer]["seconds"] / kept["one member"]["seconds"])
            kept[peer]["times_mean_pass"] = round(kept[peer]["seconds"] / kept["mean pass"]["seconds"])
    return kept


def error(said: Floats, seen: Floats) -> float:
    """Averaged relative difference, rounded."""
    return round(averaged_relative_difference(said.astype(np.float64), seen), 4)


def run_flee(conflict: Path, peers: Peers, beside: Path) -> dict[str, Any]:
    """Flee itself, in the peers' environment, on the same folder and settings."""
    flee, per_agent = peers.flee, peers.per_agent
    if flee is None or not peers.python.exists():
        return {"not_run": "name a clone with --flee, and run make peers"}
    settings = (conflict.parent / "simsetting.yml").read_text(encoding="utf-8")
    (beside / "simsetting.yml").write_text(settings.replace("hasten: 1", f"hasten: {per_agent}"), encoding="utf-8")
    folders = [str(conflict / "input_csv"), str(conflict / "source_data"), "0", str(beside / "simsetting.yml")]
    begun = _children_seconds()
    done = subprocess.run(
        [str(peers.python), str(flee / "runscripts" / "run.py"), *folders],
        cwd=flee,
        env={"PYTHONPATH": str(flee), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    seconds = _children_seconds() - begun
    head, *rows = list(csv.reader(done.stdout.splitlines()))
    at = [n for n, cell in enumerate(head) if cell.endswith(" sim")]
    said = np.array([[float(row[n]) for n in at] for row in rows])
    seen = np.array([[float(row[n + 1]) for n in at] for row in rows])
    commit = subprocess.run(["git", "-C", str(flee), "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return {
        "commit": commit.stdout.strip(),
        "seconds": round(seconds, 2),
        "ard": error(said, seen),
        "people_per_agent": per_agent,
        "peak_mb": round(peak),
    }


def _children_seconds() -> float:
    """The processor's time of all processes started and ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run_mesa(scenario: Scenario, peers: Peers, seen: Floats) -> dict[str, Any]:
    """The same rules as a Mesa model, in the peers' environment."""
    per_agent = peers.per_agent
    if not peers.python.exists():
        return {"not_run": "run make peers"}
    made = prepare(scenario).movement
    assert isinstance(made, FleeMovement)
    member = made.members(centres(scenario.parameters), members=np.array([1], np.int64), seed=1)[0]
    coming = np.diff(np.floor(np.cumsum(member[:, made.columns.inflow], axis=0) / per_agent), axis=0, prepend=0)
    world = {name: array.tolist() for name, array in made.days._asdict().items()}
    world["start"] = [int(people) // per_agent for people in made.days.start]
    world["capacity"] = (made.days.capacity / per_agent).tolist()
    asked = json.dumps({**world, "coming": coming.astype(int).tolist(), "seed": 1})
    done = subprocess.run(
        [str(peers.python), str(ROOT / "tools" / "peers" / "mesa_flee.py")],
        input=asked + "\n",
        capture_output=True,
        text=True,
        check=True,
    )
    said = json.loads(done.stdout)
    place = {one.id: n for n, one in enumerate(scenario.places)}
    there = np.array(said["there"], np.float64)[:, [place[one.of[0]] for one in scenario.observations]]
    return {
        "version": said["mesa"],
        "seconds": round(said["seconds"], 2),
        "ard": error(there, seen),
        "people_per_agent": per_agent,
    }


def people(conflict: Path) -> list[dict[str, Any]]:
    """The same conflict with people times 1, 10, 100 and 1000: capacities grow along."""
    with tempfile.TemporaryDirectory() as beside:
        scenario = import_flee(conflict, Path(beside) / "scenario").scenario
        return [_with_people(scenario, times) for times in (1, 10, 100, 1000)]


def _with_people(scenario: Scenario, times: int) -> dict[str, Any]:
    def more(amount: Any) -> Any:
        return replace(amount, value=amount.value * times) if amount else None

    grown = replace(
        scenario,
        places=tuple(replace(p, start=p.start * times, capacity=more(p.capacity)) for p in scenario.places),
        inflows=tuple(
            replace(one, record=tuple(replace(row, value=row.value * times) for row in one.record))
            for one in scenario.inflows
        ),
    )
    movement, theta = prepare(grown).movement, centres(grown.parameters)
    one = np.array([1], np.int64)
    return {
        "times": times,
        "people": int(movement.mean(theta)[-1, 0]),
        "mean_ms": median_ms(lambda: movement.mean(theta)),
        "member_ms": median_ms(lambda: movement.members(theta, members=one, seed=1)),
    }


def general() -> dict[str, Any]:
    """The choice movement on made worlds: goals of the specification, places, members, people."""
    world = made_world(places=50, days=365)
    prepared, theta = prepare(world), centres(world.parameters)
    seconds = {}
    with ProcessPoolExecutor(2) as workers:
        simulate(world, members=100, executor=workers, keep=("present",))
        for members in (100, 1000):
            begun = time.perf_counter()
            simulate(world, members=members, executor=workers, keep=("present",))
            seconds[members] = round(time.perf_counter() - begun, 2)
    begun = time.process_time()
    simulate(world, members=100, keep=("present",))
    alone = round(time.process_time() - begun, 2)
    return {
        "world": "50 places, 365 days, 10 parameters",
        "members_two_processes_s": seconds,
        "members_100_one_process_s": alone,
        "mean_pass_ms": median_ms(lambda: prepared.movement.mean(theta), 21),
        "predict_ms": median_ms(lambda: predict(prepared, theta), 21),
        "fit_10_parameters_s": median_ms(lambda: fit(world), 3) / 1000,
        "by_places": [_by_places(places) for places in (25, 50, 100, 200)],
        "by_people": [_by_people(times) for times in (1, 10, 100, 1000)],
    }


def _by_places(places: int) -> dict[str, Any]:
    world = made_world(places=places, days=365)
    movement, theta = prepare(world).movement, centres(world.parameters)
    ten = np.arange(10, dtype=np.int64)
    return {
        "places": places,
        "links": len(world.links),
        "mean_ms": median_ms(lambda: movement.mean(theta)),
        "member_ms": round(median_ms(lambda: movement.members(theta, members=ten, seed=1), 3) / 10, 2),
    }


def _by_people(times: int) -> dict[str, Any]:
    world = made_world(places=50, days=365, people=100_000 * times)
    movement, theta = prepare(world).movement, centres(world.parameters)
    ten = np.arange(10, dtype=np.int64)
    return {
        "people": int(movement.mean(theta)[-1, 0]),
        "member_ms": round(median_ms(lambda: movement.members(theta, members=ten, seed=1), 3) / 10, 2),
    }


FIRST = """
import resource, sys, time
from pathlib import Path
begun = time.perf_counter()
from onward.engines.flows.reading import read_scenario
from onward.engines.flows.simulation import mean
mean(read_scenario(Path(sys.argv[1])))
print(time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def first_answers(conflict: Path) -> dict[str, Any]:
    """Seconds from the start of a new process to its first answer, compiled code in place, and its peak memory."""
    with tempfile.TemporaryDirectory() as beside:
        import_flee(conflict, Path(beside) / "flee")
        import_flee(conflict, Path(beside) / "choice", movement="choice")
        folders = {
            "corridor": ROOT / "data" / "scenarios" / "corridor",
            "flee": Path(beside) / "flee",
            "choice": Path(beside) / "choice",
        }
        setting = as_installed(Path(beside) / "bytecode")
        return {name: _first(folder, setting) for name, folder in folders.items() if folder.exists()}


def _first(folder: Path, setting: dict[str, str]) -> dict[str, float]:
    runs = []
    for _ in range(4):
        begun = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", FIRST, str(folder)],
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
            env=setting,
        )
        runs.append((time.perf_counter() - begun, *map(float, done.stdout.split())))
    whole, _, memory = sorted(runs[1:])[1]
    return {"seconds": round(whole, 2), "peak_mb": round(memory)}


def main() -> None:
    """Measure and print; --save keeps the result beside the code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--flee", type=Path)
    parser.add_argument("--peers", type=Path, default=ROOT / ".peers" / "bin" / "python", help="the peers' Python")
    parser.add_argument("--conflict", default="mali2012")
    parser.add_argument("--people-per-agent", type=int, default=20)
    parser.add_argument("--only", choices=["equal", "people", "general", "first"])
    parser.add_argument("--save", action="store_true")
    given = parser.parse_args()
    conflict = SHARED / "flee" / given.conflict
    parts: dict[str, Callable[[], Any]] = {"general": general}
    if conflict.is_dir():
        peers = Peers(given.peers.absolute(), given.flee and given.flee.resolve(), given.people_per_agent)
        parts["equal"] = lambda: equal_rules(conflict, peers)
        parts["people"] = lambda: people(conflict)
        parts["first"] = lambda: first_answers(conflict)
    else:
        print(f"not run beside Flee and Mesa: no {given.conflict} (set ONWARD_SHARED)")
    ran = {}
    for name, run in parts.items():
        if given.only in (None, name):
            load = round(os.getloadavg()[0], 1)
            ran[name] = {"machine": describe(), "others_at_work": load, "result": run()}
            print(json.dumps({name: ran[name]["result"]}, indent=1))
    if given.save:
        kept = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(kept | ran, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
