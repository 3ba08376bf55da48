"""Where the command line finds what is stored: $ONWARD_HOME, else ./var."""

from onward.engines.journeys import FeedStore
from onward.site.environment import read_environment


def feed_store() -> FeedStore:
    """The compiled feeds under the operator's home."""
    return FeedStore(read_environment().home / "feeds")
