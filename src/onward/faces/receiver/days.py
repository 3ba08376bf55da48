"""The next days of a place, from several senders, as its picture and its file show them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from onward.apps.notices.coming import DayCount

DAYS = 14


@dataclass(frozen=True, slots=True)
class Day:
    """One day: people, parties, people whose notice says yes to a need, and people by sender."""

    on: date
    heads: int
    parties: int
    heads_bed: int
    heads_step_free: int
    heads_interpreter: int
    senders: tuple[tuple[str, int], ...]


def list_days(counts: Iterable[DayCount], first: date) -> list[Day]:
    """All DAYS days from `first`, those with nobody too."""
    by_day: dict[date, list[DayCount]] = {}
    for count in counts:
        by_day.setdefault(count.day, []).append(count)
    return [_day(on, by_day.get(on, ())) for on in (first + timedelta(days=ahead) for ahead in range(DAYS))]


def _day(on: date, counts: Sequence[DayCount]) -> Day:
    return Day(
        on=on,
        heads=sum(one.heads for one in counts),
        parties=sum(one.parties for one in counts),
        heads_bed=sum(one.heads_bed for one in counts),
        heads_step_free=sum(one.heads_step_free for one in counts),
        heads_interpreter=sum(one.heads_interpreter for one in counts),
        senders=tuple((one.sender, one.heads) for one in counts),
    )
