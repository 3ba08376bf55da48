"""The search that weighs fares on the corridor, beside the one that does not: `python -m bench.fares`.

None of the corridor's feeds has fares, so they are made up: none at all; quotes of Amtrak and VIA between their forty
busiest stations by distance; a flat fare for each commuter railway, some with transfers for a while; and both. Each is
asked the same queries, first with nothing known of it and then again. Processor milliseconds, journeys built and all.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from statistics import median, quantiles

from bench.asking import CORRIDOR_DAY, corridor_sources, random_queries
from onward.engines.journeys import Feed, Journey, Query, Stop, Timetable, read_feed
from onward.engines.journeys.fares import fast
from onward.engines.journeys.fares.book import FareBook
from onward.engines.journeys.fares.party import Party
from onward.engines.journeys.fares.quotes import Quote, QuoteBook
from onward.engines.journeys.fares.tables import UNLIMITED, Fare, FareTables
from onward.engines.journeys.fast import compile_network
from onward.engines.journeys.fast import search as search_without
from onward.engines.journeys.near import distance_m

QUERIES, HOURS, SEED = 100, 4, 20250611
BUDGET_S = 10.0
"""Seconds for one row; where it is not enough the row says how many queries it was for."""
FAMILY = Party(2, 1)
BUSIEST = 40

FLAT = {
    "septa": ("USD", 650, 2, 7200),
    "njt": ("USD", 900, 1, 5400),
    "exo": ("CAD", 700, UNLIMITED, 7200),
    "mbta": ("USD", 850, 0, 0),
    "lirr": ("USD", 1100, 0, 0),
    "marc": ("USD", 800, 0, 0),
    "sle": ("USD", 500, 0, 0),
    "vre": ("USD", 900, 0, 0),
    "hl": ("USD", 700, 0, 0),
}
"""Currency, minor units, transfers, seconds."""


def main() -> None:
    """Print a row for each book of fares."""
    feeds = [read_feed(one.path.read_bytes(), name=one.name, zone=one.zone)[0] for one in corridor_sources()]
    timetable = Timetable(feeds)
    network = compile_network(timetable)
    queries = random_queries(timetable, QUERIES, on=CORRIDOR_DAY, hours=HOURS, seed=SEED)
    tables = {name: FareTables(fares=(_fare(*facts),)) for name, facts in FLAT.items()}
    quotes = QuoteBook(made_up_quotes(timetable))
    books = {
        "nothing known": FareBook(),
        "quotes": FareBook({}, quotes),
        "flat fares": FareBook(tables),
        "both": FareBook(tables, quotes),
    }
    for _ in range(2):
        show("without fares", queries, lambda query: search_without(network, query))
    for name, book in books.items():
        for _ in range(2):
            show(name, queries, lambda query, book=book: list(fast.search(network, query, FAMILY, book).journeys))  # type: ignore[misc]


def show(name: str, queries: Sequence[Query], search: Callable[[Query], list[Journey]]) -> None:
    """Print what the queries took."""
    took, found, begun = [], 0, time.perf_counter()
    for query in queries:
        start = time.process_time()
        found += len(search(query))
        took.append(1000 * (time.process_time() - start))
        if time.perf_counter() - begun > BUDGET_S:
            break
    ranks = quantiles(took, n=20)
    print(
        f"{name:14} {len(took):4} queries, {found:5} journeys: median {median(took):8.2f} ms, "
        f"p75 {ranks[14]:8.1f}, p95 {ranks[18]:8.1f}, most {max(took):8.1f}",
        flush=True,
    )


def _fare(currency: str, minor: int, transfers: int, seconds: int) -> Fare:
    return Fare("one", minor, currency, transfers, seconds, "", pay_aboard=False)


def made_up_quotes(timetable: Timetable) -> Iterator[Quote]:
    """Quotes of Amtrak and VIA between their busiest stations, dearer the further."""
    for feed in timetable.feeds:
        if feed.name.removeprefix("ne_").partition("_")[0] in ("amtrak", "via"):
            yield from _quotes(timetable, feed)


def _quotes(timetable: Timetable, feed: Feed) -> Iterator[Quote]:
    stops = _busiest(timetable, feed.name)
    days = date(2025, 6, 1), date(2025, 6, 1), date(2025, 6, 30)
    currency = "CAD" if feed.name == "via" else "USD"
    for start in stops:
        for end in stops:
            if start is not end:
                adult = 1500 + round(_km(start, end) * 20)
                ends = feed.name, feed.routes[0].agency_id, start.stop_id, end.stop_id
                yield Quote(*ends, adult, adult // 2, 0, 100, 250, currency, *days)


def _busiest(timetable: Timetable, feed: str) -> list[Stop]:
    def trips(number: int) -> int:
        return sum(len(timetable.patterns[pattern].trips) for pattern, _ in timetable.calls_at[number])

    numbers = [number for number, stop in enumerate(timetable.stops) if stop.feed == feed and stop.lat is not None]
    return [timetable.stops[number] for number in sorted(numbers, key=trips, reverse=True)[:BUSIEST]]


def _km(start: Stop, end: Stop) -> float:
    assert start.lat is not None and start.lon is not None and end.lat is not None and end.lon is not None  # noqa: PT018
    return distance_m(start.lat, start.lon, end.lat, end.lon) / 1000


if __name__ == "__main__":
    main()
