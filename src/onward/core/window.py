"""A stretch of time between two instants."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self


@dataclass(frozen=True, slots=True)
class Window:
    """From `start_at` up to but not including `end_at`, both aware."""

    start_at: datetime
    end_at: datetime

    def __post_init__(self) -> None:
        if self.start_at.tzinfo is None or self.end_at.tzinfo is None:
            raise ValueError("a window needs aware instants")
        if self.end_at <= self.start_at:
            raise ValueError("a window ends after it starts")

    def __contains__(self, instant: datetime) -> bool:
        return self.start_at <= instant < self.end_at

    @classmethod
    def of_hours(cls, instant: datetime, hours: int) -> Self:
        """The window of `hours` on the wall clock of `instant`'s zone that holds it (24 must divide by hours).

        Six hours give 00-06, 06-12, 12-18, 18-24 local, also on the nights when clocks change.
        """
        local = instant.replace(minute=0, second=0, microsecond=0, hour=instant.hour - instant.hour % hours, fold=0)
        end = (local + timedelta(hours=hours)).replace(fold=0)
        return cls(local, end)
