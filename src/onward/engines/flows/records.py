"""The CSV files a scenario names, read row by row: published numbers, each for a day, a month, a year or a range."""

import csv
import re
from calendar import monthrange
from datetime import date
from hashlib import sha256

from onward.engines.flows.faults import Csv, File
from onward.engines.flows.fields import Table
from onward.engines.flows.scenario import Row, Source

_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


def rows_of(table: Table) -> tuple[Row, ...]:
    """The rows that `file`, `where`, `value`, `first` and `last` of a TOML table name, by their days."""
    name, column, where = table.text("file", None), table.text("value", "value"), table.inner("where")
    wanted = {key: where.text(key, None) for key in where.given} if where else {}
    first, last = table.day("first", date.min), table.day("last", date.max)
    lines = _lines(table, name) if name else None
    if not lines:
        return ()
    missing = [key for key in ("date", column, *wanted) if key not in lines[0][1]]
    if missing:
        table.note("file", f"{name} has no column “{'”, “'.join(missing)}”.", "Name a column of its first line.")
        return ()
    kept = [(line, row) for line, row in lines if all(row[key] == value for key, value in wanted.items())]
    if not kept:
        table.note("where", f"No row of {name} matches.", "Check the values against the file.")
    rows = [_row((table.file, name, line), row, row[column]) for line, row in kept if row[column]]
    within = [row for row in rows if row and first <= row.start and row.end <= last]
    return tuple(sorted(within, key=lambda row: (row.start, row.end, row.published_on)))


def _lines(table: Table, name: str) -> Csv | None:
    """The rows of a file beside the scenario, read once; None, with a fault noted, where it cannot be read."""
    tables = table.file.tables
    if name in tables:
        return tables[name]
    try:
        data = (table.file.folder / name).read_bytes()
        text = data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        table.note("file", f"{name} cannot be read ({why}).", "Put the file beside the scenario, or mend its name.")
        tables[name] = None
        return None
    table.file.sources.append(Source(name, sha256(data).hexdigest()))
    reader = csv.DictReader(text.splitlines(), restval="", restkey="more")
    lines = [(reader.line_num, {k: v.strip() for k, v in row.items() if isinstance(v, str)}) for row in reader]
    if not lines:
        table.note("file", f"{name} has no rows.", "Add some, or take the record away.")
    tables[name] = lines
    return lines


def _row(at: tuple[File, str, int], row: dict[str, str], value: str) -> Row | None:
    (file, name, line), on = at, row["date"]
    days, number, out = find_days(on), _number(value), row.get("published_on", "")
    published = find_days(out) if out else days
    wrong = (
        (days is None, f"“{on}” is no date.", "Write 2022-09-10, 2022-09 or a..b."),
        (days and days[0] > days[1], f"“{on}” ends before it starts.", "Turn it round."),
        (number is None, f"“{value}” is no number of 0 or more.", "Leave a gap empty."),
        (published is None and out, f"“{out}” is no date.", "Write the day it was published."),
    )
    for what, remedy in ((what, remedy) for holds, what, remedy in wrong if holds):
        file.note_in(name, line, what, remedy)
    if days is None or number is None:
        return None
    qualifier, unit, status = (row.get(key, "") for key in ("qualifier", "unit", "status"))
    return Row(*days, number, (published or days)[1], qualifier, unit, status, name, line)


def find_days(text: str) -> tuple[date, date] | None:
    """First and last day of "2022-09-10", "2022-09", "2022" or "a..b"; None where it is none of these."""
    first, _, last = text.partition("..")
    whole = _days_of(first.strip()), _days_of(last.strip() or first.strip())
    return (whole[0][0], whole[1][1]) if whole[0] and whole[1] else None


def _days_of(text: str) -> tuple[date, date] | None:
    match = _DATE.fullmatch(text)
    if not match:
        return None
    year, month, day = (int(part or 0) for part in match.groups())
    try:
        if day:
            return date(year, month, day), date(year, month, day)
        last = month or 12
        return date(year, month or 1, 1), date(year, last, monthrange(year, last)[1])
    except ValueError:
        return None


def _number(text: str) -> float | None:
    try:
        value = float(text.replace(",", "").replace(" ", ""))
    except ValueError:
        return None
    return value if 0 <= value < float("inf") else None
