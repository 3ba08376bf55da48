"""Where the command line finds what is stored: $ONWARD_HOME, else ./var."""

from pathlib import Path

from onward.core.data_files import find_data_file
from onward.engines.journeys import FeedStore
from onward.engines.journeys.countries import read_countries
from onward.engines.journeys.law import Law, read_law
from onward.site.environment import read_environment


def home() -> Path:
    """The operator's home."""
    return read_environment().home


def current_law() -> Law:
    """The rules that journeys obey here: the product's with the operator's own. BadInput where they are unreadable."""
    return read_law(home(), read_countries(find_data_file("places.csv")))


def feed_store() -> FeedStore:
    """The compiled feeds under the operator's home."""
    return FeedStore(home() / "feeds")
