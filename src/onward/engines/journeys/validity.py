"""On which dates a timetable says anything."""

from collections.abc import Collection, Sequence
from datetime import date

from onward.core.errors import BadInput, message
from onward.engines.journeys.feed import FeedSummary


def valid_feeds(kept: Sequence[FeedSummary], on: date) -> list[FeedSummary]:
    """The feeds with service days around that date: those it may be asked about."""
    return [feed for feed in kept if feed.first_on <= on <= feed.last_on]


def require_valid_on(kept: Sequence[FeedSummary], on: date, *, feeds: Collection[str] | None = None) -> None:
    """Raise BadInput, with the dates that are valid, where no feed says anything about that date.

    feeds: the names of those to ask; all of them where not given.
    """
    if not kept:
        raise BadInput(
            "feed.none",
            message("There is no timetable yet."),
            remedy=message("Add one with “onward feed add PATH”."),
        )
    asked = [feed for feed in kept if feeds is None or feed.name in feeds]
    if any(summary.first_on <= on <= summary.last_on for summary in asked):
        return
    spans = sorted({(summary.title, summary.first_on, summary.last_on) for summary in asked})
    raise BadInput(
        "journey.date_outside",
        message("No timetable there says anything about %(on)s."),
        remedy=message("Valid dates: %(spans)s."),
        field="on",
        values={"on": on, "spans": "; ".join(f"{title} {first} to {last}" for title, first, last in spans)},
    )
