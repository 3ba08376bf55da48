"""What may go wrong at a change: the odds of missing the next vehicle, and what there is if it is missed.

Odds come only from records somebody kept of how late a vehicle really was; where there is none they are not known, and
nothing is made up. They assume that the next vehicle leaves on time: it may be late as well, then fewer miss it.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from onward.core.window import Window
from onward.engines.journeys.hardship import Wait
from onward.engines.journeys.journey import Journey, Leg, Query

ENOUGH_RUNS = 20
"""Runs a record needs before it says anything: one late train in three is no odds."""
LOOK_AHEAD = timedelta(hours=24)
DAY_ENDS = time(4)
"""What leaves before four in the morning belongs to the day before."""

Searching = Callable[[Query], Sequence[Journey]]


class Watched(NamedTuple):
    """What a record is about: a train or coach by its number, at a stop; "" is any of them."""

    feed: str
    number: str = ""
    stop_id: str = ""


@dataclass(frozen=True, slots=True)
class DelayRecord:
    """How late vehicles came in. late: minutes in rising order; runs: how many came in that late, one for each.

    first_on, last_on: the days watched. source: who kept the record.
    """

    late: tuple[int, ...]
    runs: tuple[int, ...]
    first_on: date
    last_on: date
    source: str

    @property
    def total(self) -> int:
        """All runs watched."""
        return sum(self.runs)

    def later_than(self, minutes: int) -> int:
        """Runs that came in more than so many minutes late."""
        return sum(self.runs[bisect_right(self.late, minutes) :])


@dataclass(frozen=True, slots=True)
class Delays:
    """All records kept. Of several that fit, the one that says most exactly what it is about is used."""

    records: Mapping[Watched, DelayRecord] = field(default_factory=dict)

    def of(self, leg: Leg) -> DelayRecord | None:
        """The record for a leg's arrival; None where nobody kept one, or one of too few runs."""
        stop = leg.to_stop.stop_id
        for watched in (
            Watched(leg.feed, leg.number, stop),
            Watched(leg.feed, leg.number),
            Watched(leg.feed, "", stop),
            Watched(leg.feed),
        ):
            record = self.records.get(watched)
            if record is not None and record.total >= ENOUGH_RUNS:
                return record
        return None


@dataclass(frozen=True, slots=True)
class Odds:
    """Of `runs` watched, `missed` came in too late for a change, by a record."""

    missed: int
    runs: int
    record: DelayRecord

    @property
    def one_in(self) -> int | None:
        """One in how many misses it, rounded; None where none did."""
        return max(1, round(self.runs / self.missed)) if self.missed else None


def odds_of_missing(wait: Wait, delays: Delays) -> Odds | None:
    """The odds of missing a change: the share of arrivals later than its slack. None where they are not known."""
    record = delays.of(wait.before)
    return Odds(record.later_than(wait.slack), record.total, record) if record else None


@dataclass(frozen=True, slots=True)
class Missed:
    """What there is when a change is missed. after: the next way on, None where there is none within a day.

    minutes: from when the missed vehicle left to when the next way on leaves. was_last: it was the last way that day.
    """

    after: Journey | None
    minutes: int | None
    was_last: bool


def if_missed(wait: Wait, query: Query, searching: Searching) -> Missed:
    """The way on that arrives first for whoever missed the vehicle of a change, looked for over a day.

    query: of the whole journey: its destinations, limits and countries hold for the way on too.
    """
    missed_at = wait.after.depart_at
    again = _from(query, wait, missed_at)
    found = [one for one in searching(again) if one.depart_at > missed_at]
    if not found:
        return Missed(None, None, was_last=True)
    best = min(found, key=lambda one: (one.arrive_at, -one.depart_at.timestamp(), one.vehicles))
    sooner = min(one.depart_at for one in found)
    minutes = int((best.depart_at - missed_at).total_seconds() // 60)
    return Missed(best, minutes, was_last=sooner >= _end_of_day(missed_at))


def _from(query: Query, wait: Wait, missed_at: datetime) -> Query:
    start = missed_at + timedelta(minutes=1)
    return Query(
        (wait.at.key,),
        query.destinations,
        Window(start, start + LOOK_AHEAD),
        min_change=query.min_change,
        max_travel=query.max_travel,
        max_vehicles=query.max_vehicles,
        countries=query.countries,
        pace=query.pace,
    )


def _end_of_day(local: datetime) -> datetime:
    """When the traveller's day ends: the next four in the morning on that clock."""
    ends = datetime.combine(local.date(), DAY_ENDS, local.tzinfo)
    return ends if local < ends else datetime.combine(local.date() + timedelta(days=1), DAY_ENDS, local.tzinfo)


def gathered(rows: Iterable[tuple[Watched, int, int, tuple[date, date, str]]]) -> Delays:
    """Records from rows of (what, minutes late, runs, (first day, last day, source)); rows of one `what` make one.

    Days are those from the first to the last of its rows; sources are named once each.
    """
    held: dict[Watched, list[tuple[int, int, tuple[date, date, str]]]] = {}
    for watched, late, runs, about in rows:
        held.setdefault(watched, []).append((late, runs, about))
    return Delays({watched: _record(found) for watched, found in held.items()})


def _record(rows: list[tuple[int, int, tuple[date, date, str]]]) -> DelayRecord:
    rows.sort(key=lambda row: row[0])
    return DelayRecord(
        tuple(late for late, _, _ in rows),
        tuple(runs for _, runs, _ in rows),
        min(first for _, _, (first, _, _) in rows),
        max(last for _, _, (_, last, _) in rows),
        "; ".join(dict.fromkeys(source for _, _, (_, _, source) in rows)),
    )
