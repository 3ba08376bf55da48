"""On real timetables the fast search equals nigiri, an independent one, where both may only change at one stop.

bench/journeys.py compares 1,000 corridor and 300 New York queries the same way (`python -m bench.journeys parity`).
"""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from bench.asking import CORRIDOR_DAY, NEW_YORK, corridor_sources, random_queries
from bench.feeds import merge
from bench.peers import PYTHON, Peer
from bench.world import line_of, seen
from onward.engines.journeys import Linking, Query, Timetable, read_feed
from onward.engines.journeys.fast import compile_network, search

pytestmark = [pytest.mark.shared, pytest.mark.peers]


@pytest.fixture
def nigiri(shared: Path) -> Iterator[Peer]:
    if not PYTHON.exists():
        pytest.skip("not run: the fast search against nigiri's (make peers sets nigiri up)")
    with Peer("nigiri_oracle") as peer:
        yield peer


def differing(nigiri: Peer, path: Path, on: date, asked: tuple[int, int]) -> tuple[int, list[Query]]:
    """How many queries found something, and those whose answers differ. asked: how many, and for how many hours."""
    timetable = Timetable([read_feed(path.read_bytes(), name="all", zone=NEW_YORK)[0]], Linking.OFF)
    network = compile_network(timetable)
    days = {"first_on": str(on - timedelta(days=5)), "last_on": str(on + timedelta(days=3))}
    nigiri.ask({"feed": str(path), "zone": NEW_YORK} | days)
    answered, wrong = 0, []
    for query in random_queries(timetable, asked[0], on=on, hours=asked[1], seed=7):
        ours, theirs = seen(search(network, query)), nigiri.ask(line_of(query))["journeys"]
        answered += bool(theirs)
        if ours != theirs:
            wrong.append(query)
    return answered, wrong


def test_on_the_corridor_the_best_journeys_are_those_of_nigiri(nigiri: Peer, tmp_path: Path) -> None:
    path = merge(corridor_sources(), tmp_path / "corridor.zip")
    answered, wrong = differing(nigiri, path, CORRIDOR_DAY, (250, 4))
    assert wrong == []
    assert answered > 150
