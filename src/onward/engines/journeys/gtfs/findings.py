"""What is wrong with a feed, where, and what follows from it."""

from collections import Counter
from dataclasses import dataclass, field

UNKNOWN_STOP = "stop_times.txt names stops that stops.txt lacks"
UNKNOWN_ROUTE = "trips.txt names routes that routes.txt lacks"
UNKNOWN_SERVICE = "trips.txt names services that no calendar has"
UNDATED_SERVICE = "calendar.txt gives their service no dates that can be used"
TOO_FEW_STOPS = "stop_times.txt gives them fewer than two stops"
NO_END_TIMES = "stop_times.txt has no time for their first or last stop"
TIMES_BACKWARD = "stop_times.txt has times out of order"
BAD_TIME = "stop_times.txt has times that cannot be read"
BAD_SEQUENCE = "stop_times.txt has stop sequences that repeat or cannot be read"
BAD_FREQUENCY = "frequencies.txt cannot be read for them"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with a feed.

    file: the table, such as "stop_times.txt". line: the line in it, counted from 1; 0 where the whole file is meant.
    field and value: what was there. consequence: an English sentence saying what follows.
    """

    file: str
    line: int
    field: str
    value: str
    consequence: str

    def __str__(self) -> str:
        where = f"{self.file}, line {self.line}" if self.line else self.file
        what = f"{self.field} “{self.value[:60]}”" if self.value else self.field
        text = f"{where}: {what}: {self.consequence}" if what else f"{where}: {self.consequence}"
        # What a feed wrote is shown on terminals: its control characters are not played there.
        return text if text.isprintable() else "".join(char if char.isprintable() else "?" for char in text)


@dataclass(slots=True)
class Findings:
    """Gathers findings while a feed is read, and which trips are left out for which reason.

    nodes: entrances and other parts of stations that stops.txt names and where no vehicle calls. undated: services
    whose dates in calendar.txt cannot be used.
    """

    found: list[Finding] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    nodes: set[str] = field(default_factory=set)
    undated: set[str] = field(default_factory=set)

    def note(self, where: tuple[str, int], what: tuple[str, str], consequence: str) -> None:
        """Keep one finding. where: (file, line); what: (field, value)."""
        self.found.append(Finding(*where, *what, consequence))

    def leave_out(self, trip_id: str, reason: str) -> None:
        """Leave a trip out; the first reason found is the one reported."""
        self.left_out.setdefault(trip_id, reason)

    def by_reason(self) -> Counter[str]:
        """How many trips are left out for each reason."""
        return Counter(self.left_out.values())


@dataclass(frozen=True, slots=True)
class Reading:
    """How the reading of a feed went: trips kept of trips named, why others are left out, and every finding."""

    title: str
    trips_total: int
    trips_kept: int
    left_out: tuple[tuple[str, int], ...]
    findings: tuple[Finding, ...]

    def summary(self) -> tuple[str, ...]:
        """One English line for each reason trips are left out, or one saying that all are kept."""
        if not self.left_out:
            return (f"{self.title}: all {self.trips_total:,} trips kept",)
        return tuple(
            f"{self.title}: {count:,} of {self.trips_total:,} trips left out: {reason}"
            for reason, count in self.left_out
        )
