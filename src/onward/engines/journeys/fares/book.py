"""All that is known of fares at one time: the tables of feeds, and quotes beside them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from onward.engines.journeys.fares.quotes import Quote, QuoteBook
from onward.engines.journeys.fares.tables import FareTables
from onward.engines.journeys.feed import Feed


@dataclass(frozen=True, eq=False)
class FareBook:
    """Fare tables by feed name, and quotes. It never changes once made; make another where quotes are added."""

    tables: Mapping[str, FareTables] = field(default_factory=dict)
    quotes: QuoteBook = field(default_factory=lambda: QuoteBook(()))


def fare_book(feeds: Iterable[Feed], quotes: Iterable[Quote] = ()) -> FareBook:
    """The fares of some feeds and quotes."""
    return FareBook({feed.name: feed.fares for feed in feeds if not feed.fares.is_empty}, QuoteBook(quotes))
