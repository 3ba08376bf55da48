"""What an operator keeps beside the timetables, as CSV: how late vehicles came in, and seats left on departures.

Both files are read whole or refused with every line that cannot be used. A file that is not there says nothing.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from onward.core.errors import BadInput, message
from onward.engines.journeys.risk import Delays, Watched, gathered
from onward.engines.journeys.seats import Departure, SeatCount

DELAYS_FILE, SEATS_FILE = "delays.csv", "seats.csv"
DELAYS_COLUMNS = ("feed", "number", "stop_id", "late_minutes", "runs", "first_on", "last_on", "source")
SEATS_COLUMNS = ("feed", "trip_id", "service_on", "seats_left", "said_on", "source")

Row = Mapping[str, str]


def read_delays(path: Path) -> Delays:
    """The delay records of a file: a line for each number of minutes late, with how many runs came in that late.

    number and stop_id may be empty: then it is about every train or stop. late_minutes below 0 is early. Raises
    BadInput naming every line that cannot be used.
    """

    def record(row: Row) -> tuple[Watched, int, int, tuple[date, date, str]]:
        watched = Watched(_text(row, "feed"), row["number"], row["stop_id"])
        about = _day(row, "first_on"), _day(row, "last_on"), _text(row, "source")
        if about[1] < about[0]:
            raise _Fault("last_on", "it is before first_on")
        return watched, _whole(row, "late_minutes", least=-1440), _whole(row, "runs", least=1), about

    return gathered(_read(path, DELAYS_COLUMNS, record))


def read_seats(path: Path) -> dict[Departure, SeatCount]:
    """Seats left by departure; of several lines about one the one said last counts.

    Raises BadInput naming every line that cannot be used.
    """

    def count(row: Row) -> tuple[Departure, SeatCount]:
        departure = Departure(_text(row, "feed"), _text(row, "trip_id"), _day(row, "service_on"))
        return departure, SeatCount(_whole(row, "seats_left", least=0), _day(row, "said_on"), _text(row, "source"))

    counts: dict[Departure, SeatCount] = {}
    for departure, seats in _read(path, SEATS_COLUMNS, count):
        if departure not in counts or counts[departure].said_on <= seats.said_on:
            counts[departure] = seats
    return counts


class _Fault(Exception):
    """(column, why) of a cell that cannot be used."""


def _read[Made](path: Path, columns: Sequence[str], make: Callable[[Row], Made]) -> list[Made]:
    if not path.is_file():
        return []
    made, faults = [], []
    for line, row in _rows(path, columns):
        try:
            made.append(make(row))
        except _Fault as fault:
            faults.append(f"line {line}, {fault.args[0]}: {fault.args[1]}")
    if faults:
        raise _unreadable(path.name, faults, columns)
    return made


def _rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, Row]]:
    try:
        rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")), strict=True)
        missing = [name for name in columns if name not in (rows.fieldnames or ())]
        if missing:
            raise _unreadable(path.name, [f"line 1, {name}: the column is missing" for name in missing], columns)
        for row in rows:
            yield rows.line_num, {name: (row.get(name) or "").strip() for name in columns}
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise _unreadable(path.name, ["it cannot be read as CSV in UTF-8"], columns) from problem


def _text(row: Row, name: str) -> str:
    if not row[name]:
        raise _Fault(name, "it is empty")
    return row[name]


def _whole(row: Row, name: str, *, least: int) -> int:
    try:
        value = int(row[name])
    except ValueError:
        raise _Fault(name, f"“{row[name][:20]}” is no whole number") from None
    if not least <= value <= 1_000_000:
        raise _Fault(name, f"{value} is out of range")
    return value


def _day(row: Row, name: str) -> date:
    try:
        return date.fromisoformat(row[name])
    except ValueError:
        raise _Fault(name, f"“{row[name][:20]}” is no day written YYYY-MM-DD") from None


def _unreadable(file: str, faults: Sequence[str], columns: Sequence[str]) -> BadInput:
    return BadInput(
        "kept.file_unreadable",
        message("%(file)s cannot be used: %(faults)s."),
        remedy=message("Correct the file; nothing of it was taken. Its columns are %(columns)s."),
        field="path",
        values={"file": file, "faults": "; ".join(faults[:20]), "columns": ", ".join(columns), "count": len(faults)},
    )
