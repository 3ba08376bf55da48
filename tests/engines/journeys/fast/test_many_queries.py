"""Many queries on threads, processes and Dask workers give what one after the other gives."""

import random
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from onward.core.errors import NotFound
from onward.core.window import Window
from onward.engines.journeys import FeedStore, Query, StopKey
from onward.engines.journeys.fast import Network, load_network, search, search_many
from tests.engines.journeys.small_feeds import at, minutes, zipped
from tests.engines.journeys.test_search_against_brute_force import STOPS, files_of, random_world


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Network:
    folder = tmp_path_factory.mktemp("many")
    path = folder / "small.zip"
    path.write_bytes(zipped(files_of(random_world(random.Random(5)))))
    store = FeedStore(folder / "feeds")
    store.add(path)
    return load_network(store)


@pytest.fixture(scope="module")
def queries() -> list[Query]:
    window = Window(at("00:00"), at("00:00") + minutes(60))
    pairs = [(start, end) for start in STOPS for end in STOPS if start != end]
    return [Query((StopKey(f"small:{start}"),), (StopKey(f"small:{end}"),), window) for start, end in pairs]


def one_by_one(network: Network, queries: list[Query]) -> Iterator[object]:
    return (search(network, query) for query in queries)


def test_without_an_executor_they_are_answered_here(network: Network, queries: list[Query]) -> None:
    found = search_many(network, queries)
    assert found == list(one_by_one(network, queries))
    assert any(found)


def test_threads_give_the_same_answers(network: Network, queries: list[Query]) -> None:
    with ThreadPoolExecutor(4) as executor:
        assert search_many(network, queries, executor=executor, chunk=3) == list(one_by_one(network, queries))


def test_processes_map_the_file_and_give_the_same_answers(network: Network, queries: list[Query]) -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        assert search_many(network, queries, executor=executor, chunk=4) == list(one_by_one(network, queries))


def test_a_network_in_memory_may_be_sent_as_well(network: Network, queries: list[Query], tmp_path: Path) -> None:
    assert network.path is not None
    in_memory = Network(network.head, network.columns)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
        assert search_many(in_memory, queries[:4], executor=executor) == list(one_by_one(network, queries[:4]))


def test_two_dask_workers_give_the_same_answers(network: Network, queries: list[Query]) -> None:
    distributed = pytest.importorskip("distributed", reason="not run: Dask's workers (install onward[dask])")
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        found = search_many(network, queries, executor=client.get_executor(), chunk=4)
    assert found == list(one_by_one(network, queries))


def test_an_unknown_stop_is_named_whoever_answers(network: Network, queries: list[Query]) -> None:
    lost = Query((StopKey("small:Z"),), (StopKey("small:A"),), queries[0].window)
    with ThreadPoolExecutor(2) as executor, pytest.raises(NotFound, match="small:Z"):
        search_many(network, [*queries, lost], executor=executor, chunk=5)
