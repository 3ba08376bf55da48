"""What makes a journey hard, defined once: night waits at changes, and arriving when nobody is there to receive.

Night is 23:00 to 05:00 on the clock of the stop where one waits. Minutes of night are minutes that pass: on the night
clocks go back the hour that comes twice counts twice. Only the time between leaving a vehicle and boarding the next
one is a wait at a change; a walk between the two is part of it. Before the first vehicle nobody waits at a stop.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from onward.engines.journeys.journey import Leg, Stop

NIGHT_FROM, NIGHT_TO = time(23), time(5)
NAMED_FROM_MIN = 30
"""Minutes of night at one change from which on it is called a night wait."""
DOOR_MOST_MIN = 12 * 60
MINUTES_A_WEEK = 7 * 1440

_FIRST_DAY = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class OpenHours:
    """When a receiving desk is open on the clock of `zone`, an IANA name.

    spans: (from, to) in minutes after Monday 00:00, from <= to; one that ends past Sunday midnight goes on on Monday.
    name: the desk's, for people.
    """

    zone: str
    spans: tuple[tuple[int, int], ...]
    name: str = ""

    def is_open(self, instant: datetime) -> bool:
        """Whether the desk is open at an aware instant."""
        minute = _minute_of_week(instant.astimezone(ZoneInfo(self.zone)))
        return any(start <= minute + week < end for start, end in self.spans for week in (0, MINUTES_A_WEEK))

    def next_open(self, instant: datetime) -> datetime | None:
        """When the desk is next open, on its clock: the instant itself where it is open; None where it never is."""
        local = instant.astimezone(ZoneInfo(self.zone))
        if self.is_open(local):
            return local
        minute = _minute_of_week(local)
        ahead = [(start - minute) % MINUTES_A_WEEK for start, end in self.spans if start < end]
        if not ahead:
            return None
        # By the clock on the wall: over a night on which clocks change the desk opens at its hour all the same.
        return local.replace(second=0, microsecond=0) + timedelta(minutes=min(ahead))


@dataclass(frozen=True, slots=True)
class Nights:
    """The nights of a zone as instants in minutes since 1970-01-01 00:00 UTC, in order.

    starts, ends: of each night. before: minutes of night in all nights before it. So that searches may count in
    integers: night between two minutes is until(later) - until(sooner).
    """

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    before: tuple[int, ...]

    def until(self, minute: int) -> int:
        """Minutes of night from the first night here up to a minute."""
        at = bisect_right(self.starts, minute) - 1
        if at < 0:
            return 0
        return self.before[at] + min(minute, self.ends[at]) - self.starts[at]

    def between(self, start: int, end: int) -> int:
        """Minutes of night between two minutes that lie in the days these nights were made for."""
        return self.until(end) - self.until(start)


@lru_cache(maxsize=256)
def nights(zone: str, first_day: int, last_day: int) -> Nights:
    """The nights of a zone that touch the days from the first to the last, as days since 1970-01-01."""
    clock = ZoneInfo(zone)
    starts, ends, before, total = [], [], [], 0
    for day in range(first_day - 1, last_day + 1):
        on = _FIRST_DAY + timedelta(days=day)
        start = int(datetime.combine(on, NIGHT_FROM, clock).timestamp()) // 60
        end = int(datetime.combine(on + timedelta(days=1), NIGHT_TO, clock).timestamp()) // 60
        starts.append(start)
        ends.append(end)
        before.append(total)
        total += end - start
    return Nights(tuple(starts), tuple(ends), tuple(before))


def night_minutes(start_at: datetime, end_at: datetime, zone: str) -> int:
    """Whole minutes of night between two aware instants, on the clock of a zone."""
    start, end = (int(at.astimezone(UTC).timestamp()) // 60 for at in (start_at, end_at))
    if end <= start:
        return 0
    return nights(zone, start // 1440 - 1, end // 1440 + 1).between(start, end)


@dataclass(frozen=True, slots=True)
class Wait:
    """The time at one change. at: the stop waited at, the one the next vehicle leaves from.

    before, after: the vehicle left and the one boarded. minutes: in all; walk: of them on foot; night: at night there.
    """

    at: "Stop"
    before: "Leg"
    after: "Leg"
    minutes: int
    walk: int
    night: int

    @property
    def slack(self) -> int:
        """Minutes the vehicle before may be late and the one after is still met."""
        return self.minutes - self.walk


def waits(legs: "Sequence[Leg]") -> "Iterator[Wait]":
    """The wait at each change of a journey, in order; where the vehicle goes on as another trip nobody waits."""
    before: Leg | None = None
    walk = 0
    for leg in legs:
        if leg.is_walk:
            walk += _minutes(leg.depart_at, leg.arrive_at)
            continue
        if before is not None and not leg.stays_seated:
            night = night_minutes(before.arrive_at, leg.depart_at, leg.from_stop.zone)
            yield Wait(leg.from_stop, before, leg, _minutes(before.arrive_at, leg.depart_at), walk, night)
        before, walk = leg, 0


def night_wait_minutes(legs: "Sequence[Leg]") -> int:
    """Minutes of night waited at the changes of a journey: its hardship as a number."""
    return sum(wait.night for wait in waits(legs))


def hard_minutes(legs: "Sequence[Leg]", hours: OpenHours | None) -> int:
    """How hard a journey is, in minutes, for putting journeys in order: night waits, and waiting for the desk to open.

    The wait for the desk counts up to DOOR_MOST_MIN: past that it is known to be closed and somebody must be asked.
    """
    arrive_at = legs[-1].arrive_at
    opens = hours.next_open(arrive_at) if hours else None
    door = min(_minutes(arrive_at, opens), DOOR_MOST_MIN) if opens else 0
    return night_wait_minutes(legs) + door


def arrives_closed(arrive_at: datetime, hours: OpenHours | None) -> bool:
    """Whether one arrives while the desk is closed. Hours nobody gave are not closed hours: they are not known."""
    return hours is not None and not hours.is_open(arrive_at)


def _minutes(start_at: datetime, end_at: datetime) -> int:
    return int((end_at.astimezone(UTC) - start_at.astimezone(UTC)) / timedelta(minutes=1))


def _minute_of_week(local: datetime) -> int:
    return local.weekday() * 1440 + local.hour * 60 + local.minute
