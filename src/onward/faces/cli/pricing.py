"""What journeys cost a party on the command line: fares of feeds and quotes on file, without Django where it can be."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from onward.engines.journeys import FeedStore, Journey, Query, StopBook, Timetable
from onward.engines.journeys.fares.party import Party
from onward.engines.journeys.fares.priced import explain, priced
from onward.engines.journeys.reasons import not_all_weighed
from onward.faces.cli.site import set_up
from onward.site.environment import DATABASE_NAME, read_environment

# What only priced journeys need, compiled code above all, is imported where it is used: other commands start sooner.
if TYPE_CHECKING:
    from onward.engines.journeys.fares.book import FareBook
    from onward.engines.journeys.fares.quotes import Quote
    from onward.engines.journeys.fast import Network


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a network, by whom. people: adults and children."""

    network: "Network"
    query: Query
    people: tuple[int, int]

    @property
    def party(self) -> Party:
        """The party as carriers price it."""
        return Party(*self.people)


def find_fares(store: FeedStore, query: Query) -> "FareBook | None":
    """All that is known of fares on the days of a query; None where nothing is. Raises as what reads them."""
    from onward.engines.journeys.fares.book import FareBook
    from onward.engines.journeys.fares.quotes import QuoteBook

    tables, quotes = store.fares(), _quotes(query)
    return FareBook(tables, QuoteBook(quotes)) if tables or quotes else None


def weigh(asked: Asked, book: "FareBook | None") -> list[Journey]:
    """The best journeys by time and vehicles, and those worth their price beside them, with what each costs."""
    if book is None:
        return by_time(asked)
    from onward.engines.journeys.fares.fast import search

    found = search(asked.network, asked.query, asked.party, book)
    journeys = found.journeys if found.is_whole else map(not_all_weighed, found.journeys)
    return [_explained(journey, asked.party) for journey in journeys]


def by_time(asked: Asked) -> list[Journey]:
    """The best journeys by time and vehicles alone."""
    from onward.engines.journeys.fast import search

    return search(asked.network, asked.query)


def price_each(journeys: Sequence[Journey], asked: Asked, stops: StopBook, book: "FareBook | None") -> list[Journey]:
    """Those journeys with what each costs."""
    if book is None:
        return list(journeys)
    from onward.engines.journeys.fares.pricing import price
    from onward.engines.journeys.fares.tariff import Tariff
    from onward.engines.journeys.fares.world import rides_of

    tariff, table = Tariff(book, asked.party), cast(Timetable, stops)
    made = [priced(journey, price(tariff, rides_of(table, journey))) for journey in journeys]
    return [_explained(journey, asked.party) for journey in made]


def _explained(journey: Journey, party: Party) -> Journey:
    return replace(journey, reasons=(*journey.reasons, *explain(journey, party)))


def _quotes(query: Query) -> "Sequence[Quote]":
    first = query.window.start_at.date() - timedelta(days=1)
    last = (query.window.end_at + query.max_travel).date() + timedelta(days=1)
    environment = read_environment()
    if not environment.database:
        from onward.apps.timetables.quoted import read_quotes

        return read_quotes(environment.home / DATABASE_NAME, first, last)
    set_up()
    from onward.apps.timetables.weighing import list_quotes

    return list_quotes(first, last)
