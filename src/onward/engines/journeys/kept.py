"""What an operator keeps beside the timetables, as CSV: how late vehicles came in, and seats left on departures.

Both files are read whole or refused with every line that cannot be used. A file that is not there says nothing. What
is added is kept whole or not at all, in the place of what it says anew; of several who add at once each waits its turn.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from onward.core.errors import BadInput, message
from onward.core.whole_files import changing, write_whole
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


@dataclass(frozen=True, slots=True)
class Taken:
    """What was added. lines: of the file given; replaced: lines kept before that it says anew. feeds: it names."""

    lines: int
    replaced: int
    feeds: frozenset[str]


def add_delays(given: Path, kept: Path) -> Taken:
    """Add a file of delays to the one kept: its record of a train at a stop goes in the place of the one before.

    Raises BadInput naming every line that cannot be used, of the file given or of the one kept; nothing changes then.
    """
    _require(given, DELAYS_COLUMNS)
    with changing(kept):
        for path in (given, kept):
            read_delays(path)
        new, old = _list_rows(given, DELAYS_COLUMNS), _list_rows(kept, DELAYS_COLUMNS)
        said = {_about(row, "feed", "number", "stop_id") for row in new}
        stay = [row for row in old if _about(row, "feed", "number", "stop_id") not in said]
        return _keep(kept, DELAYS_COLUMNS, [*stay, *new], Taken(len(new), len(old) - len(stay), _feeds(new)))


def add_seats(given: Path, kept: Path) -> Taken:
    """Add a file of seats left to the one kept: of several lines about a departure the one said last stays.

    Raises BadInput as `add_delays`.
    """
    _require(given, SEATS_COLUMNS)
    with changing(kept):
        for path in (given, kept):
            read_seats(path)
        new, old = _list_rows(given, SEATS_COLUMNS), _list_rows(kept, SEATS_COLUMNS)
        latest: dict[tuple[str, ...], Row] = {}
        for row in (*old, *new):
            about = _about(row, "feed", "trip_id", "service_on")
            if about not in latest or latest[about]["said_on"] <= row["said_on"]:
                latest[about] = row
        gone = len(old) + len(new) - len(latest)
        return _keep(kept, SEATS_COLUMNS, latest.values(), Taken(len(new), gone, _feeds(new)))


def _require(path: Path, columns: Sequence[str]) -> None:
    if not path.is_file():
        raise _unreadable(path.name, ["there is no such file"], columns)


def _list_rows(path: Path, columns: Sequence[str]) -> list[Row]:
    return [row for _, row in _rows(path, columns)] if path.is_file() else []


def _about(row: Row, *names: str) -> tuple[str, ...]:
    return tuple(row[name] for name in names)


def _feeds(rows: Iterable[Row]) -> frozenset[str]:
    return frozenset(row["feed"] for row in rows)


def _keep(path: Path, columns: Sequence[str], rows: Iterable[Row], taken: Taken) -> Taken:
    text = io.StringIO()
    lines = csv.DictWriter(text, columns, lineterminator="\n")
    lines.writeheader()
    lines.writerows(rows)
    write_whole(path, text.getvalue().encode())
    return taken


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
