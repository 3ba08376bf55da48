"""The CSV files a scenario names, read row by row: published numbers, each for a day, a month, a year or a range."""

import csv
import re
from calendar import monthrange
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from onward.engines.flows.faults import Faults
from onward.engines.flows.fields import Table
from onward.engines.flows.scenario import Row, Source

_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


class Folder:
    """The files beside a scenario: each read once, its hash kept."""

    def __init__(self, path: Path, faults: Faults) -> None:
        self.path, self.faults = path, faults
        self.tables: dict[str, list[tuple[int, dict[str, str]]] | None] = {}
        self.sources: dict[str, Source] = {}

    def rows(self, table: Table) -> tuple[Row, ...]:
        """The rows that `file`, `where`, `value`, `first` and `last` of a TOML table name, by their days."""
        file = table.text("file", None)
        column, where = table.text("value", "value"), table.inner("where")
        wanted = {key: where.text(key, None) for key in where.given} if where else {}
        lines = self._lines(table, file) if file else None
        if not lines:
            return ()
        missing = [name for name in ("date", column, *wanted) if name not in lines[0][1]]
        if missing:
            table.note("file", f"{file} has no column “{'”, “'.join(missing)}”.", "Name a column of its first line.")
            return ()
        kept = [(line, row) for line, row in lines if all(row[key] == value for key, value in wanted.items())]
        if not kept:
            table.note("where", f"No row of {file} matches.", "Check the values against the file.")
        first, last = table.day("first", date.min), table.day("last", date.max)
        rows = [self._row(file, line, row, column) for line, row in kept if row[column]]
        within = [row for row in rows if row and first and last and first <= row.start and row.end <= last]
        return tuple(sorted(within, key=lambda row: (row.start, row.end, row.published_on)))

    def _lines(self, table: Table, file: str) -> list[tuple[int, dict[str, str]]] | None:
        if file in self.tables:
            return self.tables[file]
        try:
            data = (self.path / file).read_bytes()
            text = data.decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
            table.note("file", f"{file} cannot be read ({why}).", "Put the file beside the scenario, or mend its name.")
            self.tables[file] = None
            return None
        self.sources[file] = Source(file, sha256(data).hexdigest())
        reader = csv.DictReader(text.splitlines(), restval="", restkey="more")
        lines = [(reader.line_num, {k: v.strip() for k, v in row.items() if isinstance(v, str)}) for row in reader]
        if not lines:
            table.note("file", f"{file} has no rows.", "Add some, or take the record away.")
        self.tables[file] = lines
        return lines

    def _row(self, file: str, line: int, row: dict[str, str], column: str) -> Row | None:
        days, number = find_days(row["date"]), _number(row[column])
        published = find_days(row.get("published_on", ""))
        if days is None:
            self.faults.note_in(file, line, f"“{row['date']}” is no date.", "Write 2022-09-10, 2022-09 or a..b.")
        elif days[0] > days[1]:
            self.faults.note_in(file, line, f"“{row['date']}” ends before it starts.", "Turn it round.")
        if number is None:
            self.faults.note_in(file, line, f"“{row[column]}” is no number of 0 or more.", "Leave a gap empty.")
        if row.get("published_on") and published is None:
            self.faults.note_in(file, line, f"“{row['published_on']}” is no date.", "Write the day it was published.")
        if days is None or number is None:
            return None
        known = Row(days[0], days[1], number, published[1] if published else days[1], file=file, line=line)
        return replace(
            known, qualifier=row.get("qualifier", ""), unit=row.get("unit", ""), status=row.get("status", "")
        )


def find_days(text: str) -> tuple[date, date] | None:
    """First and last day of "2022-09-10", "2022-09", "2022" or "a..b"; None where it is none of these."""
    first, _, last = text.partition("..")
    whole = _days_of(first.strip()), _days_of(last.strip() or first.strip())
    return (whole[0][0], whole[1][1]) if whole[0] and whole[1] else None


def _days_of(text: str) -> tuple[date, date] | None:
    match = _DATE.fullmatch(text)
    if not match:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        if day:
            return date(year or 1, month or 1, day), date(year or 1, month or 1, day)
        first = date(year or 1, month or 1, 1)
        last_month = month or 12
        return first, date(first.year, last_month, monthrange(first.year, last_month)[1])
    except ValueError:
        return None


def _number(text: str) -> float | None:
    try:
        value = float(text.replace(",", "").replace(" ", ""))
    except ValueError:
        return None
    return value if 0 <= value < float("inf") else None
