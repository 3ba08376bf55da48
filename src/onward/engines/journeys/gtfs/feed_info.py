"""feed_info.txt: who published the feed and which version it is."""

from dataclasses import dataclass

from onward.engines.journeys.gtfs.archive import Archive

FILE = "feed_info.txt"


@dataclass(frozen=True, slots=True)
class FeedInfo:
    """What the publisher says of the feed; "" where not said."""

    publisher: str = ""
    version: str = ""


def read_feed_info(archive: Archive) -> FeedInfo:
    """The first row, or blanks where the feed has no such file."""
    table = archive.table(FILE)
    for _, (publisher, version) in table.rows("feed_publisher_name", "feed_version") if table else ():
        return FeedInfo(publisher, version)
    return FeedInfo()
