"""A GTFS zip as tables: names, rows with their line numbers, and what to say when it is no such thing."""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator

from onward.core.errors import BadInput, message
from onward.engines.journeys.gtfs.findings import Findings

LARGEST_TABLE = 2 * 1024**3
"""Bytes of one unpacked table; a larger one is refused unread."""

REQUIRED = ("stops.txt", "routes.txt", "trips.txt", "stop_times.txt")


class Table:
    """One table: its columns by name, its rows with line numbers. Header names are stripped and lower-cased."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self._reader = csv.reader(io.StringIO(text, newline=""), skipinitialspace=True)
        names = [name.strip().strip('"').casefold() for name in next(self._reader, [])]
        self.columns = {name: at for at, name in reversed(list(enumerate(names)))}

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
        """Each row as (line, values of the wanted columns, stripped, "" where absent). Blank rows are passed over."""
        places = [self.columns.get(name, -1) for name in wanted]
        reader = self._reader
        while True:
            try:
                row = next(reader, None)
            except csv.Error as error:
                raise _unreadable(self.file, f"line {reader.line_num}: {error}") from error
            if row is None:
                return
            width = len(row)
            if width > 1 or (row and row[0].strip()):
                yield reader.line_num, [row[at].strip() if -1 < at < width else "" for at in places]


class Archive:
    """A GTFS zip held in memory. Tables may lie in one folder inside it."""

    def __init__(self, data: bytes, findings: Findings) -> None:
        self._findings = findings
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            names = self._zip.namelist()
        except (zipfile.BadZipFile, ValueError, EOFError) as error:
            raise _not_a_zip() from error
        self._paths = {name.rsplit("/", 1)[-1].casefold(): name for name in names if not name.startswith("__MACOSX")}

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
        return Table(name, self._decoded(name, self._bytes(path)))

    def required_table(self, name: str, *columns: str) -> Table:
        """The table of that name with those columns; raises BadInput where it or one of them is missing."""
        table = self.table(name)
        if table is None:
            raise _unreadable(name, "it is not in the zip")
        table.require(*columns)
        return table

    def _bytes(self, path: str) -> bytes:
        if self._zip.getinfo(path).file_size > LARGEST_TABLE:
            raise _unreadable(path, "it is larger than 2 GiB")
        try:
            return self._zip.read(path)
        except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError) as error:
            raise _unreadable(path, "the zip is damaged or locked there") from error

    def _decoded(self, name: str, raw: bytes) -> str:
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            self._findings.note((name, line), ("", ""), "The file is not UTF-8; it was read as Windows-1252.")
            return raw.decode("cp1252", errors="replace")


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
