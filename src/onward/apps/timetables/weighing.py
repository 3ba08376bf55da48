"""Journeys weighed by price: the fares on file as the engine reads them, and what was found by them, kept."""

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from django.db.models import Count, Max

from onward.apps.timetables.loaded import Loaded
from onward.apps.timetables.models import FareQuote
from onward.apps.timetables.rules import Quote
from onward.engines.journeys import Query
from onward.engines.journeys.fares.book import FareBook
from onward.engines.journeys.fares.party import Party
from onward.engines.journeys.fares.quotes import QuoteBook
from onward.engines.journeys.fares.slack import Weighed

if TYPE_CHECKING:
    from onward.engines.journeys.fast import Network

ANSWERS_KEPT = 200
"""Answers, some tens of journeys each: the places a centre sends to, for the parties of a day."""


def fares_on_file(loaded_now: Loaded) -> FareBook | None:
    """What feeds themselves say of fares, and the quotes on file, as a book: the same one until one more is added.

    None where nobody says anything.
    """
    version = FareQuote.objects.aggregate(count=Count("pk"), last=Max("pk"))
    return _book(loaded_now, version["count"], version["last"]) if version["count"] or loaded_now.fares else None


@lru_cache(maxsize=ANSWERS_KEPT)
def weighed(network: "Network", query: Query, party: Party, book: FareBook) -> Weighed:
    """The journeys worth their price by a book, the best by time among them.

    A slower journey is there where it costs less than every quicker one (engines/journeys/fares/slack.py says how much
    slower it may be). Journeys never change, nor does a book: what was found is kept for the same question.
    """
    # Whoever never looks for journeys need not read the compiled code.
    from onward.engines.journeys.fares import fast

    return fast.search(network, query, party, book)


@lru_cache(maxsize=2)
def _book(loaded_now: Loaded, count: int, last: int | None) -> FareBook:
    """All fares on file. count, last: how many quotes, and the last one's number; a row never changes."""
    return FareBook(loaded_now.fares, QuoteBook(list_quotes()))


def list_quotes(first: date = date.min, last: date = date.max) -> list[Quote]:
    """The quotes on file for travel from `first` to `last`, both included; in the order they were added."""
    rows = FareQuote.objects.filter(valid_from__lte=last, valid_to__gte=first).order_by("pk")
    return [Quote(*row) for row in rows.values_list(*Quote.__slots__)]
