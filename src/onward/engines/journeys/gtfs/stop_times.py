"""stop_times.txt: when each trip calls where; blank times between timed stops are spread evenly."""

from array import array
from collections.abc import Callable
from dataclasses import dataclass

from onward.engines.journeys.gtfs.archive import Archive
from onward.engines.journeys.gtfs.continuous import note_continuous
from onward.engines.journeys.gtfs.findings import (
    BAD_SEQUENCE,
    BAD_TIME,
    NO_END_TIMES,
    TIMES_BACKWARD,
    TOO_FEW_STOPS,
    UNKNOWN_STOP,
    Findings,
)

FILE, TRIPS_FILE = "stop_times.txt", "trips.txt"
NO_PICKUP, NO_DROP_OFF = 1, 2
ARRANGE_PICKUP, ARRANGE_DROP_OFF = 4, 8
"""Boarding or alighting must be arranged: phone the agency, or tell the driver (GTFS types 2 and 3)."""
ESTIMATED = 16
"""The time is spread between timed stops, or the feed says that it is approximate (timepoint 0)."""
SECOND_TRIP = 32
"""The vehicle runs the last of several trips here; whoever boarded in the first stays seated (gtfs/joints.py)."""

UNTIMED = -1
LATEST_S = 14 * 86400
"""Seconds a trip may run into its service day: two weeks."""


@dataclass(frozen=True, slots=True)
class Calls:
    """A trip's calls in order: stop numbers, rule bits, and seconds after noon less twelve hours.

    sequence: its stop_sequence values as text, "7 9 12"; "1+" where they count on from the first.
    """

    stops: tuple[int, ...]
    rules: bytes
    arrive_s: array[int]
    depart_s: array[int]
    sequence: str = "0+"


_Row = tuple[int, int, int, int, int, int]
"""stop sequence, stop number, arrival, departure, rule bits, line"""


def read_calls(
    archive: Archive, findings: Findings, trip_ids: dict[str, int], stop_numbers: dict[str, int]
) -> dict[str, Calls]:
    """Calls by trip_id. trip_ids: the trips wanted and their lines in trips.txt.

    Trips that cannot be read whole are left out with a finding.
    """
    rows = _read_rows(archive, findings, trip_ids, stop_numbers)
    calls: dict[str, Calls] = {}
    for trip_id in trip_ids:
        if trip_id not in findings.left_out and trip_id not in rows:
            why = f"It has no stop times: trip {trip_id} is left out."
            findings.note((TRIPS_FILE, trip_ids[trip_id]), ("trip_id", trip_id), why)
            findings.leave_out(trip_id, TOO_FEW_STOPS)
        elif trip_id not in findings.left_out:
            made = _calls_of(trip_id, rows.pop(trip_id), findings)
            if made:
                calls[trip_id] = made
    return calls


_WANTED = (
    "trip_id",
    "stop_id",
    "stop_sequence",
    "arrival_time",
    "departure_time",
    "pickup_type",
    "drop_off_type",
    "timepoint",
)


def _read_rows(
    archive: Archive, findings: Findings, trip_ids: dict[str, int], stop_numbers: dict[str, int]
) -> dict[str, list[_Row]]:
    table = archive.required_table(FILE, *_WANTED[:5])
    note_continuous(table, findings)
    seconds, orders = _Remembered(_seconds), _Remembered(_order)
    rows: dict[str, list[_Row]] = {}
    for line, (trip_id, stop_id, sequence, arrive, depart, pickup, drop_off, timepoint) in table.rows(*_WANTED):
        if trip_id not in trip_ids:
            if trip_id not in findings.left_out:
                findings.note((FILE, line), ("trip_id", trip_id), "No such trip in trips.txt: the row is passed over.")
            continue
        stop = stop_numbers.get(stop_id, -1)
        arrive_s, depart_s, order = seconds[arrive], seconds[depart], orders[sequence]
        if stop < 0 or arrive_s is None or depart_s is None or order < 0:
            _leave_out(findings, line, trip_id, _first_fault(stop, (stop_id, sequence, arrive, depart), order))
            continue
        rules = PICKUP_RULES.get(pickup, 0) | DROP_OFF_RULES.get(drop_off, 0) | TIMEPOINT_RULES.get(timepoint, 0)
        rows.setdefault(trip_id, []).append((order, stop, arrive_s, depart_s, rules, line))
    return rows


PICKUP_RULES = {"1": NO_PICKUP, "2": ARRANGE_PICKUP, "3": ARRANGE_PICKUP, "1.0": NO_PICKUP, "2.0": 4, "3.0": 4}
TIMEPOINT_RULES = {"0": ESTIMATED, "0.0": ESTIMATED}
DROP_OFF_RULES = {"1": NO_DROP_OFF, "2": ARRANGE_DROP_OFF, "3": ARRANGE_DROP_OFF, "1.0": 2, "2.0": 8, "3.0": 8}


def _first_fault(stop: int, row: tuple[str, str, str, str], order: int) -> tuple[str, str, str]:
    stop_id, sequence, arrive, depart = row
    if stop < 0:
        return "stop_id", stop_id, UNKNOWN_STOP
    if order < 0:
        return "stop_sequence", sequence, BAD_SEQUENCE
    if _seconds(arrive) is None:
        return "arrival_time", arrive, BAD_TIME
    return "departure_time", depart, BAD_TIME


_WHY = {
    UNKNOWN_STOP: "No such stop in stops.txt",
    BAD_SEQUENCE: "Not a place in the order of stops, or used twice in this trip",
    BAD_TIME: "Not a time",
    NO_END_TIMES: "The first and the last stop of a trip need a time",
    TIMES_BACKWARD: "Earlier than the time before it",
    TOO_FEW_STOPS: "A trip needs two stops",
}


def _leave_out(findings: Findings, line: int, trip_id: str, fault: tuple[str, str, str]) -> None:
    field, value, reason = fault
    why = _WHY[reason]
    if reason == UNKNOWN_STOP and not value:
        why = "It names no stop, as flexible services do that come when called"
    elif reason == UNKNOWN_STOP and value in findings.nodes:
        why = "An entrance or another part of a station, where no vehicle calls"
    findings.note((FILE, line), (field, value), f"{why}: trip {trip_id} is left out.")
    findings.leave_out(trip_id, reason)


class _Remembered[Value](dict[str, Value]):
    """What texts were read as; the same few thousand come again and again."""

    def __init__(self, read: Callable[[str], Value]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: str) -> Value:
        value = self[text] = self._read(text)
        return value


def _seconds(text: str) -> int | None:
    """H:MM:SS as seconds, UNTIMED where blank, None where it is no time."""
    return parse_time(text) if text else UNTIMED


def parse_time(text: str) -> int | None:
    """H:MM or H:MM:SS, hours past 24 allowed, as seconds after noon less twelve hours; None where it is no time."""
    parts = text.split(":")
    if len(parts) not in (2, 3) or not all(part.isascii() and part.isdigit() and len(part) <= 3 for part in parts):
        return None
    hours, minutes, seconds = (*map(int, parts), 0)[:3]
    total = hours * 3600 + minutes * 60 + seconds
    return total if minutes < 60 and seconds < 60 and total <= LATEST_S else None


def _order(text: str) -> int:
    text = text.removesuffix(".0")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else -1


def _calls_of(trip_id: str, rows: list[_Row], findings: Findings) -> Calls | None:
    rows.sort()
    fault = _fault_of(rows)
    if fault:
        line, *what = fault
        _leave_out(findings, line, trip_id, (what[0], what[1], what[2]))
        return None
    arrive_s, depart_s, estimated = _all_timed(rows)
    for at in range(len(rows)):
        before = depart_s[at - 1] if at else arrive_s[at]
        if not before <= arrive_s[at] <= depart_s[at]:
            text = f"{clock_text(arrive_s[at])} to {clock_text(depart_s[at])}"
            _leave_out(findings, rows[at][5], trip_id, ("arrival_time, departure_time", text, TIMES_BACKWARD))
            return None
    rules = bytes(row[4] | (ESTIMATED if at in estimated else 0) for at, row in enumerate(rows))
    times = array("i", arrive_s), array("i", depart_s)
    return Calls(tuple(row[1] for row in rows), rules, *times, _sequence(rows))


def _sequence(rows: list[_Row]) -> str:
    if rows[-1][0] - rows[0][0] == len(rows) - 1:
        return f"{rows[0][0]}+"
    return " ".join(str(row[0]) for row in rows)


def _fault_of(rows: list[_Row]) -> tuple[int, str, str, str] | None:
    if len(rows) < 2:
        return rows[0][5], "trip_id", "", TOO_FEW_STOPS
    for row, after in zip(rows, rows[1:], strict=False):
        if row[0] == after[0]:
            return after[5], "stop_sequence", str(after[0]), BAD_SEQUENCE
    for row in (rows[0], rows[-1]):
        if row[2] == row[3] == UNTIMED:
            return row[5], "arrival_time, departure_time", "", NO_END_TIMES
    return None


def _all_timed(rows: list[_Row]) -> tuple[list[int], list[int], set[int]]:
    """Arrivals and departures with the blanks filled, to the whole minute, and which calls were wholly blank."""
    arrive_s = [row[2] if row[2] != UNTIMED else row[3] for row in rows]
    depart_s = [row[3] if row[3] != UNTIMED else row[2] for row in rows]
    timed = [at for at, value in enumerate(arrive_s) if value != UNTIMED]
    estimated = set(range(len(rows))).difference(timed)
    for before, after in zip(timed, timed[1:], strict=False):
        start, span = depart_s[before], arrive_s[after] - depart_s[before]
        for at in range(before + 1, after):
            spread = start + span * (at - before) / (after - before)
            arrive_s[at] = depart_s[at] = max(start, int(spread / 60 + 0.5) * 60)
    return arrive_s, depart_s, estimated


def clock_text(seconds: int) -> str:
    """Seconds as the feed writes them: 25:10:00."""
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
