"""frequencies.txt: trips that are repeated through a stretch of the day."""

from dataclasses import dataclass

from onward.engines.journeys.gtfs.archive import Archive
from onward.engines.journeys.gtfs.findings import BAD_FREQUENCY, Findings
from onward.engines.journeys.gtfs.stop_times import parse_time

FILE = "frequencies.txt"
MOST_REPEATS = 100_000
"""Trips one feed may be repeated into; what goes beyond is left out with a finding."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """A trip leaves its first stop every headway_s from start_s, the last before end_s. Seconds into the service day.

    is_exact: by the timetable; otherwise about so often (GTFS exact_times).
    """

    start_s: int
    end_s: int
    headway_s: int
    is_exact: bool

    def starts(self) -> range:
        """The seconds at which the trip leaves its first stop."""
        return range(self.start_s, self.end_s, self.headway_s)


def read_repeats(archive: Archive, findings: Findings, trip_ids: dict[str, int]) -> dict[str, list[Repeat]]:
    """Repeats by trip_id. A trip with a row that cannot be read is left out."""
    table = archive.table(FILE)
    repeats: dict[str, list[Repeat]] = {}
    room = MOST_REPEATS
    for line, row in table.rows("trip_id", "start_time", "end_time", "headway_secs", "exact_times") if table else ():
        trip_id, start, end, headway, exact = row
        if trip_id not in trip_ids:
            if trip_id not in findings.left_out:
                findings.note((FILE, line), ("trip_id", trip_id), "No such trip: the row is passed over.")
            continue
        start_s, end_s = parse_time(start), parse_time(end)
        headway_s = int(headway) if headway.isascii() and headway.isdigit() and len(headway) <= 6 else 0
        repeat = Repeat(start_s or 0, end_s or 0, headway_s or 1, exact.removesuffix(".0") == "1")
        if start_s is None or end_s is None or end_s <= start_s or not headway_s or len(repeat.starts()) > room:
            text = f"{start} to {end} every {headway} s"
            why = f"Cannot be read or repeats too often: trip {trip_id} is left out."
            findings.note((FILE, line), ("start_time, end_time, headway_secs", text), why)
            findings.leave_out(trip_id, BAD_FREQUENCY)
            continue
        room -= len(repeat.starts())
        repeats.setdefault(trip_id, []).append(repeat)
    return repeats
