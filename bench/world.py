"""One set of feeds under measurement: our network of it, the peers' timetables of it, and the times each takes."""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from zoneinfo import ZoneInfo

from bench.asking import NEW_YORK, random_queries
from bench.feeds import Source, merge
from bench.fresh import ASKED, first_answer_s, memory_mb, resident_mb
from bench.peers import Peer
from onward.engines.journeys import FeedStore, Journey, Linking, Query, StopKey
from onward.engines.journeys.clock import minute_of
from onward.engines.journeys.countries import Countries
from onward.engines.journeys.fast import Outset, arrivals_from, load_network, search, search_many, travel_minutes
from onward.engines.journeys.law import read_law

SEED = 20250611
MATRIX_PLACES = 183
BLOCK = 50
"""Queries asked of one search in a row, so that it finds the processor's caches as it left them."""

Figures = dict[str, object]


class World:
    """Some feeds, merged for everybody, and for us as they are as well."""

    def __init__(self, folder: Path, sources: Sequence[Source], on: date) -> None:
        folder.mkdir()
        self.on = on
        self.zip = merge(sources, folder / "merged.zip")
        self.store, self.linked_store = FeedStore(folder / "merged"), FeedStore(folder / "feeds")
        self.store.add(self.zip, name="all", zone=NEW_YORK)
        for source in sources:
            self.linked_store.add(source.path, name=source.name, zone=source.zone)
        begun = time.perf_counter()
        self.network = load_network(self.store, linking=Linking.OFF)
        self.compile_s = time.perf_counter() - begun
        self.law = read_law(folder, Countries())
        self.linked = load_network(self.linked_store, law=self.law)

    def queries(self, count: int, hours: int) -> list[Query]:
        """Random queries between stops of the merged feed."""
        timetable = self.store.load_timetable(linking=Linking.OFF)
        return random_queries(timetable, count, on=self.on, hours=hours, seed=SEED)

    def open_peer(self, name: str) -> tuple[Peer, Figures]:
        """A peer with the merged feed loaded."""
        peer = Peer(name)
        days = {"first_on": str(self.on - timedelta(days=5)), "last_on": str(self.on + timedelta(days=3))}
        midnight = datetime(self.on.year, self.on.month, self.on.day, tzinfo=ZoneInfo(NEW_YORK))
        clock = {"zone": NEW_YORK, "on": str(self.on), "midnight": minute_of(midnight)}
        return peer, peer.ask({"feed": str(self.zip)} | clock | days)

    def compare(self, queries: Sequence[Query]) -> int:
        """How many answers differ from nigiri's; each is printed."""
        peer, _ = self.open_peer("nigiri_oracle")
        differing = 0
        with peer:
            for query in queries:
                ours, theirs = seen(search(self.network, query)), peer.ask(line_of(query))["journeys"]
                if ours != theirs:
                    differing += 1
                    only = [one for one in ours if one not in theirs], [one for one in theirs if one not in ours]
                    print(query.origins, query.destinations, query.window.start_at, "ours", only[0], "theirs", only[1])
        print(f"{len(queries)} queries, {differing} differ")
        return differing

    def beside_peers(self, queries: Sequence[Query]) -> Figures:
        """Pareto searches of each, in turn: one query at a time, and BLOCK of them."""
        linked = [self._linked_query(query) for query in queries]
        opened = {name: self.open_peer(script) for name, script in PEERS.items()}
        memory = self._memory({name: peer for name, (peer, _) in opened.items()}, queries[:ASKED])
        asks: dict[str, Ask] = {
            "onward": lambda at: timed(lambda: search(self.network, queries[at])),
            "onward, footpaths and law": lambda at: timed(lambda: search(self.linked, linked[at])),
        }
        lines = [line_of(query) for query in queries]
        for name, (peer, _) in opened.items():
            asks[name] = partial(_asked_of, peer, lines)
        in_turn, in_blocks = (self._times(asks, len(queries), block) for block in (1, BLOCK))
        journeys = sum(len(search(self.network, query)) for query in queries)
        for peer, _ in opened.values():
            peer.__exit__()
        return {
            "queries": len(queries),
            "journeys": journeys,
            "pareto_ms": in_turn,
            "median_as_part_of_nigiris": parts_of(in_turn),
            "pareto_in_blocks_ms": in_blocks,
            "median_in_blocks_as_part_of_nigiris": parts_of(in_blocks),
            "memory_mb": memory,
            "peers_loaded": {name: loaded for name, (_, loaded) in opened.items()},
        }

    def _times(self, asks: Mapping[str, "Ask"], count: int, block: int) -> dict[str, dict[str, float]]:
        """The spread of the times of some searches over as many queries, asked of one after the other in blocks.

        All are asked once before, unmeasured.
        """
        times: dict[str, list[float]] = {name: [] for name in asks}
        for is_measured in (False, True):
            # Legs kept from the unmeasured round would be given again, which no peer can do.
            self.network.legs.clear()
            self.linked.legs.clear()
            for first in range(0, count, block):
                for name, ask in asks.items():
                    taken = [ask(at) for at in range(first, min(first + block, count))]
                    times[name] += taken if is_measured else []
        return {name: spread_of(values) for name, values in times.items()}

    def _memory(self, peers: Mapping[str, Peer], queries: Sequence[Query]) -> dict[str, float]:
        """What a process of each holds that has answered some queries, all of it, in MB."""
        lines = [line_of(query) for query in queries]
        held = {"onward": memory_mb(self.store.root, lines)}
        for name, peer in peers.items():
            for line in lines:
                peer.ask(line)
            held[name] = resident_mb(peer.process)
        return {name: round(memory, 1) for name, memory in held.items()}

    def alone(self, query: Query) -> Figures:
        """What peers do not offer or cannot be asked: loading, first answer, one to all, matrices."""
        begun = time.perf_counter()
        network = load_network(self.store, linking=Linking.OFF)
        load_s = time.perf_counter() - begun
        outset = Outset(datetime(self.on.year, self.on.month, self.on.day, 8, tzinfo=ZoneInfo(NEW_YORK)))
        places = self.busiest(MATRIX_PLACES)
        arrivals_from(network, places[0], outset)
        one_to_all = [timed(lambda at=place: arrivals_from(network, at, outset)) for place in places]
        matrix = [timed(lambda: travel_minutes(network, places, places, outset)) for _ in range(5)]
        assert network.path is not None
        return {
            "compile_s": round(self.compile_s, 2),
            "file_mb": round(network.path.stat().st_size / 1e6, 1),
            "load_s": round(load_s, 3),
            "one_to_all_ms": spread_of(one_to_all),
            "matrix_183_ms": spread_of(matrix),
            "first_answer_s": round(first_answer_s(self.store.root, line_of(query)), 2),
        }

    def batch(self, queries: Sequence[Query], workers: int) -> Figures:
        """Queries a minute on so many processes, journeys with legs sent back."""
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as executor:
            search_many(self.network, queries[:400], executor=executor, chunk=50)
            begun = time.perf_counter()
            search_many(self.network, queries, executor=executor)
            took = time.perf_counter() - begun
        return {"queries": len(queries), "workers": workers, "queries_a_minute": round(len(queries) / took * 60)}

    def busiest(self, count: int) -> list[list[StopKey]]:
        """The stops most trips call at, each as a place of its own."""
        timetable = self.store.load_timetable(linking=Linking.OFF)
        ranked = sorted(range(len(timetable.stops)), key=lambda stop: -len(timetable.calls_at[stop]))
        return [[timetable.stops[stop].key] for stop in ranked[:count]]

    def _linked_query(self, query: Query) -> Query:
        """The query about the feeds as they are: "all:amtrak.NYP" is "amtrak:NYP" there."""
        origins, destinations = (
            tuple(StopKey(key.removeprefix("all:").replace(".", ":", 1)) for key in keys)
            for keys in (query.origins, query.destinations)
        )
        return replace(query, origins=origins, destinations=destinations)


type Ask = Callable[[int], float]
"""Asks a search one of some queries, by its place; gives the milliseconds it took."""

PEERS = {"nigiri": "nigiri_oracle", "cafein": "cafein_peer"}


def timed(ask: Callable[[], object]) -> float:
    """Milliseconds of the processor one call takes."""
    begun = time.process_time()
    ask()
    return (time.process_time() - begun) * 1000


def _asked_of(peer: Peer, lines: Sequence[Mapping[str, object]], at: int) -> float:
    taken: float = peer.ask(lines[at])["ms"]
    return taken


def parts_of(spread: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Each median as a part of nigiri's."""
    return {name: round(each["median"] / spread["nigiri"]["median"], 2) for name, each in spread.items()}


def spread_of(values: Sequence[float]) -> dict[str, float]:
    """Median, 95th percentile and mean, in ms."""
    ranked = sorted(values)
    return {
        "median": round(statistics.median(ranked), 3),
        "p95": round(ranked[int(len(ranked) * 0.95)], 3),
        "mean": round(statistics.mean(ranked), 3),
    }


def line_of(query: Query) -> Mapping[str, object]:
    """A query as a peer reads it."""
    return {
        "from": [key.removeprefix("all:") for key in query.origins],
        "to": [key.removeprefix("all:") for key in query.destinations],
        "start": minute_of(query.window.start_at),
        "end": minute_of(query.window.end_at),
        "max_minutes": int(query.max_travel.total_seconds() // 60),
        "max_vehicles": query.max_vehicles,
        "timed": True,
    }


def seen(journeys: Sequence[Journey]) -> list[list[int]]:
    """Journeys as a peer gives them."""
    return [[minute_of(one.depart_at), minute_of(one.arrive_at), one.vehicles] for one in journeys]
