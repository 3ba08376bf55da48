"""Many queries at once, on whatever runs them: threads, processes, Dask."""

from collections.abc import Sequence
from concurrent.futures import Executor
from functools import partial
from itertools import batched, chain

from onward.engines.journeys.fast.network import Network
from onward.engines.journeys.fast.search import search
from onward.engines.journeys.journey import Journey, Query

CHUNK = 200
"""Queries sent at once: enough that sending them costs little, few enough that every worker gets its share."""


def search_many(
    network: Network, queries: Sequence[Query], *, executor: Executor | None = None, chunk: int = CHUNK
) -> list[list[Journey]]:
    """The answers of `search`, in the order of the queries; here and now where no executor is given.

    A network that lies in a file (`load_network`) is sent to other processes by its path: each maps the file once. One
    that lies in memory is sent whole with each chunk. Raises what `search` raises, for the first query that does.
    """
    if executor is None:
        return _search_all(network, queries)
    chunks = [tuple(part) for part in batched(queries, chunk)]
    return list(chain.from_iterable(executor.map(partial(_search_all, network), chunks)))


def _search_all(network: Network, queries: Sequence[Query]) -> list[list[Journey]]:
    return [search(network, query) for query in queries]
