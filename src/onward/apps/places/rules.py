"""Opening hours: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from onward.core.errors import BadInput, message
from onward.engines.journeys.hardship import OpenHours

MIDNIGHT = time(0)


@dataclass(frozen=True, slots=True)
class Hours:
    """Local opening hours: (ISO weekday, opens, closes) in order. Closing at or before opening is the next day's."""

    spans: tuple[tuple[int, time, time], ...]

    def of(self, weekday: int) -> tuple[time, time] | None:
        """When it opens and closes on an ISO weekday; None when closed."""
        return next(((opens, closes) for day, opens, closes in self.spans if day == weekday), None)


def parse_hours(raw: Mapping[str, Sequence[str]]) -> Hours:
    """Hours as ReceivingPlace keeps them, {"1": ["08:00", "20:00"], ...}, read.

    "24:00" is midnight at the end of the day. Raises BadInput for the field "hours" naming the day.
    """
    spans = []
    for day, span in raw.items():
        if day not in {"1", "2", "3", "4", "5", "6", "7"} or isinstance(span, str) or len(span) != 2:
            raise _unreadable(day, span)
        spans.append((int(day), _clock(day, span[0]), _clock(day, span[1])))
    return Hours(tuple(sorted(spans)))


def _clock(day: str, text: str) -> time:
    if text == "24:00":
        return MIDNIGHT
    try:
        return time.fromisoformat(text)
    except (TypeError, ValueError) as problem:
        raise _unreadable(day, text) from problem


def _unreadable(day: str, what: object) -> BadInput:
    return BadInput(
        "hours.unreadable",
        message("The opening hours of day %(day)s cannot be read: “%(what)s”."),
        remedy=message("Write a day from 1 (Monday) to 7 with its opening and closing time, such as 08:00 and 20:00."),
        field="hours",
        values={"day": str(day)[:20], "what": str(what)[:40]},
    )


def is_open(hours: Hours, local: datetime) -> bool:
    """Whether a place with these hours is open at a local wall-clock time (its zone is the caller's to apply)."""
    at, weekday = local.time(), local.isoweekday()
    today, last_night = hours.of(weekday), hours.of((weekday - 2) % 7 + 1)
    if today is not None:
        opens, closes = today
        if opens <= at and (at < closes or closes <= opens):
            return True
    return last_night is not None and last_night[1] <= last_night[0] and at < last_night[1]


def find_next_opening(hours: Hours, local: datetime) -> datetime | None:
    """The first opening at or after a local time within a week, in the same zone; None for a place never open.

    A place open at that moment gives that moment.
    """
    if is_open(hours, local):
        return local
    for ahead in range(8):
        on: date = local.date() + timedelta(days=ahead)
        span = hours.of(on.isoweekday())
        if span is not None and (ahead or span[0] >= local.time()):
            return datetime.combine(on, span[0], tzinfo=local.tzinfo)
    return None


def open_hours(hours: Hours, zone: str, name: str) -> OpenHours:
    """The hours of a desk called `name` as the journey engine reads them, on the clock of `zone`."""
    spans = []
    for weekday, opens, closes in hours.spans:
        start, end = ((weekday - 1) * 1440 + at.hour * 60 + at.minute for at in (opens, closes))
        spans.append((start, end if opens < closes else end + 1440))
    return OpenHours(zone, tuple(spans), name)
