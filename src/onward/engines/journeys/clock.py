"""From service days and their seconds to instants, and back to the clock on the wall.

Instants inside the engine are whole minutes since 1970-01-01 00:00 UTC. Times in a feed are rounded down to the
minute, as printed timetables do. GTFS counts a service day's seconds from noon less twelve hours, so that a night on
which clocks change has no missing and no double hour.
"""

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from onward.engines.journeys.gtfs.calendar import FIRST_DAY

MINUTES_A_DAY = 1440


@lru_cache(maxsize=4096)
def day_start(zone: str, day: int) -> int:
    """The minute at which the seconds of a service day count from. day: days since FIRST_DAY."""
    on = FIRST_DAY + timedelta(days=day)
    noon = datetime(on.year, on.month, on.day, 12, tzinfo=ZoneInfo(zone))
    return int(noon.timestamp()) // 60 - 12 * 60


@lru_cache(maxsize=4096)
def service_day(start: int, zone: str) -> date:
    """The service day whose seconds count from a minute: the date on its zone's clock at noon."""
    return local_time(start + 12 * 60, zone).date()


def day_of(minute: int) -> int:
    """The UTC day a minute falls on, as days since FIRST_DAY."""
    return minute // MINUTES_A_DAY - (FIRST_DAY - date(1970, 1, 1)).days


def minute_of(instant: datetime) -> int:
    """The whole minute an aware instant falls in."""
    return int(instant.timestamp() // 60)


def minute_from(instant: datetime) -> int:
    """The first whole minute not before an aware instant."""
    return -int(-instant.timestamp() // 60)


@lru_cache(maxsize=1 << 16)
def local_time(minute: int, zone: str) -> datetime:
    """A minute on the clock of a zone."""
    return datetime.fromtimestamp(minute * 60, ZoneInfo(zone))
