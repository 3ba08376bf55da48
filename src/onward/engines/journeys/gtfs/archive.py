"""A GTFS zip as tables: names, rows with their line numbers, and what to say when it is no such thing."""

import codecs
import csv
import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from operator import itemgetter

from onward.core.errors import BadInput, message
from onward.engines.journeys.gtfs.findings import Findings

LARGEST_TABLE = 2 * 1024**3
"""Bytes of one unpacked table; a larger one is refused unread."""

BOMB_FROM, BOMB_RATIO = 64 * 1024**2, 100
"""A table of so many bytes that unpacks to so many times its size is refused unread; stop times come to some twenty."""

REQUIRED = ("stops.txt", "routes.txt", "trips.txt", "stop_times.txt")
SEPARATED = (*REQUIRED, "agency.txt", "calendar.txt", "calendar_dates.txt")
"""Tables that are refused where something else than commas stands between their columns."""


class Table:
    """One table: its columns by name, its rows with line numbers. Header names are stripped and lower-cased."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self._text = text
        self._is_padded = _is_padded(text)
        self._reader = csv.reader(io.StringIO(text, newline=""), skipinitialspace=True)
        names = [name.strip().strip('"').casefold() for name in next(self._reader, [])]
        self.columns = {name: at for at, name in reversed(list(enumerate(names)))}

    def again(self) -> "Table":
        """The table from its beginning, for a second reading."""
        return Table(self.file, self._text)

    def require(self, *names: str) -> None:
        """Raise BadInput where a column is missing that nothing can be read without."""
        for name in names:
            if name not in self.columns:
                raise BadInput(
                    "feed.column_missing",
                    message("%(file)s has no column %(column)s, so the feed cannot be read."),
                    remedy=message("Ask the publisher for a whole feed; what was added before still serves."),
                    field=name,
                    values={"file": self.file, "column": name},
                )

    def rows(self, *wanted: str) -> Iterator[tuple[int, list[str]]]:
        """Each row as (line, values of the wanted columns, stripped, "" where absent). Blank rows are passed over.

        A row's line is its first: a value in quotes may hold line breaks.
        """
        places = [self.columns.get(name, -1) for name in wanted]
        pick = itemgetter(*places, -1)
        reader, line = self._reader, self._reader.line_num + 1
        while (row := self._next()) is not None:
            if len(row) > 1 or (row and row[0].strip()):
                row.append("")  # What place -1 finds: a column the table lacks.
                try:
                    values = list(pick(row))
                    values.pop()
                except IndexError:
                    width = len(row) - 1
                    values = [row[at] if -1 < at < width else "" for at in places]
                yield line, [value.strip() for value in values] if self._is_padded else values
            line = reader.line_num + 1

    def _next(self) -> list[str] | None:
        try:
            return next(self._reader, None)
        except csv.Error as error:
            raise _unreadable(self.file, f"line {self._reader.line_num}: {error}") from error


def _is_padded(text: str) -> bool:
    """Whether some value may have spaces around it. Most large tables have none, and need no stripping."""
    return not text.isascii() or any(mark in text for mark in _PADDING)


_PADDING = (" ,", " \n", " \r", "\n ", ' "', '" ', "\t", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x1f", " \x00")


class Archive:
    """A GTFS zip held in memory. Tables may lie in one folder inside it."""

    def __init__(self, data: bytes, findings: Findings) -> None:
        self._findings = findings
        self._not_utf8: set[str] = set()
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            names = self._zip.namelist()
        except (zipfile.BadZipFile, ValueError, EOFError) as error:
            raise _not_a_zip() from error
        names = [name for name in names if not name.startswith("__MACOSX") and not name.endswith("/")]
        # Of two tables of one name the one beside most that a feed cannot do without, else the one further out, is its.
        beside = Counter(_folder(name) for name in names if _file(name) in REQUIRED)
        names.sort(key=lambda name: (beside[_folder(name)], -name.count("/")))
        self._paths = {_file(name): name for name in names}

    def require_tables(self) -> None:
        """Raise BadInput unless every table is there that GTFS cannot do without."""
        missing = [name for name in REQUIRED if name not in self._paths]
        if not missing and not {"calendar.txt", "calendar_dates.txt"} & self._paths.keys():
            missing = ["calendar.txt"]
        if missing:
            raise BadInput(
                "feed.table_missing",
                message("The feed lacks %(files)s, so it cannot be read."),
                remedy=message("Check that this is a GTFS timetable zip, and ask the publisher for a whole one."),
                field="path",
                values={"files": ", ".join(missing)},
            )

    def table(self, name: str) -> Table | None:
        """The table of that file name, or None where the feed has none."""
        path = self._paths.get(name)
        if path is None:
            return None
        table = Table(name, self._decoded(name, self._bytes(path)))
        if name in SEPARATED and len(table.columns) == 1 and any(mark in next(iter(table.columns)) for mark in ";\t|"):
            raise _unreadable(name, "its columns are not separated by commas")
        return table

    def required_table(self, name: str, *columns: str) -> Table:
        """The table of that name with those columns; raises BadInput where it or one of them is missing."""
        table = self.table(name)
        if table is None:
            raise _unreadable(name, "it is not in the zip")
        table.require(*columns)
        return table

    def _bytes(self, path: str) -> bytes:
        entry = self._zip.getinfo(path)
        if entry.file_size > LARGEST_TABLE:
            raise _unreadable(path, "it is larger than 2 GiB")
        if entry.file_size > BOMB_FROM and entry.file_size > BOMB_RATIO * entry.compress_size:
            raise _unreadable(path, "it is packed as no timetable is, to fill the memory of whoever opens it")
        try:
            return self._zip.read(path)
        except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError) as error:
            raise _unreadable(path, "the zip is damaged or locked there") from error

    def _decoded(self, name: str, raw: bytes) -> str:
        if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            self._note_encoding(name, 1, "UTF-16")
            return raw.decode("utf-16", errors="replace")
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            self._note_encoding(name, raw.count(b"\n", 0, error.start) + 1, "Windows-1252")
            return raw.decode("cp1252", errors="replace")

    def _note_encoding(self, name: str, line: int, encoding: str) -> None:
        """Say once how a table was read, however often it is."""
        if name not in self._not_utf8:
            self._not_utf8.add(name)
            self._findings.note((name, line), ("", ""), f"The file is not UTF-8; it was read as {encoding}.")


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _file(path: str) -> str:
    return path.rpartition("/")[2].casefold()


def printable(text: str) -> str:
    """A name without what would play tricks on a terminal or a page: control characters become spaces."""
    if text.isprintable():
        return text
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _not_a_zip() -> BadInput:
    return BadInput(
        "feed.not_a_zip",
        message("This is not a zip file, or it is broken."),
        remedy=message("Download the feed again; what was added before still serves."),
        field="path",
    )


def _unreadable(file: str, reason: str) -> BadInput:
    return BadInput(
        "feed.table_unreadable",
        message("%(file)s cannot be read: %(reason)s."),
        remedy=message("Download the feed again; what was added before still serves."),
        field="path",
        values={"file": file, "reason": reason},
    )
