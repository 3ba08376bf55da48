"""The quotes on file, read straight from an installation's SQLite database: for a command that starts without Django.

It reads the table that models.FareQuote is kept in; a test holds that both read the same.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

from onward.core.errors import Unavailable, message
from onward.engines.journeys.fares.quotes import Quote

TABLE = "timetables_farequote"
WAIT_S = 5
_DAYS = ("quoted_on", "valid_from", "valid_to")


def read_quotes(database: Path, first: date, last: date) -> list[Quote]:
    """The quotes for travel from `first` to `last`, both included; none where there is no database, or no table in it.

    Raises Unavailable where it is there and cannot be read.
    """
    if not database.is_file():
        return []
    try:
        with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True, timeout=WAIT_S)) as connection:
            return list(_rows(connection, first, last))
    except sqlite3.Error as problem:
        raise Unavailable(
            "fares.unreadable_now",
            message("The fares on file cannot be read now."),
            remedy=message("Try again; “onward init” brings an older installation up to date."),
        ) from problem


def _rows(connection: sqlite3.Connection, first: date, last: date) -> Iterator[Quote]:
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", [TABLE]).fetchone():
        return
    columns = Quote.__slots__
    rows = connection.execute(
        f"SELECT {', '.join(columns)} FROM {TABLE} WHERE valid_from <= ? AND valid_to >= ? ORDER BY id",  # noqa: S608
        [last.isoformat(), first.isoformat()],
    )
    for row in rows:
        values = dict(zip(columns, row, strict=True))
        yield Quote(**(values | {name: date.fromisoformat(values[name]) for name in _DAYS}))
