"""The CSV tables of a Flee folder, row by row, with what is wrong and on which line."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from onward.engines.flows.faults import Fault

SOURCE = "source_data"


@dataclass(slots=True)
class Tables:
    """The tables of one folder; gathers what is wrong (faults) and what is read in spite of it (notes).

    counts: the folder of the camps' counts, where it is not the folder's own source_data.
    """

    folder: Path
    counts: Path | None = None
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)

    def rows(self, file: str, *, needed: bool = True) -> Iterator[tuple[int, list[str]]]:
        """Rows of a table with their lines: cells stripped, comments and empty rows left out."""
        try:
            text = self._path(file).read_bytes().decode("utf-8-sig", errors="replace")
        except OSError:
            if needed:
                self.faults.append(Fault(file, 0, "It is not there.", "Put it into the folder, as Flee expects it."))
            return
        reader = csv.reader(text.splitlines(), skipinitialspace=True)
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells) and not cells[0].startswith("#"):
                yield reader.line_num, cells

    def header(self, file: str) -> list[str]:
        """The cells of a table's first line, commented out or not; empty where there is no file."""
        try:
            with self._path(file).open(encoding="utf-8-sig", errors="replace") as lines:
                return [cell.strip().lstrip("#") for cell in next(csv.reader(lines, skipinitialspace=True), [])]
        except OSError:
            return []

    def _path(self, file: str) -> Path:
        within, _, name = file.partition("/")
        return self.counts / name if self.counts and within == SOURCE else self.folder / file

    def fault(self, file: str, line: int, what: str, remedy: str) -> None:
        """Keep a fault: the folder is refused."""
        self.faults.append(Fault(file, line, what, remedy))

    def note(self, file: str, line: int, what: str, remedy: str) -> None:
        """Keep a note: the folder is read all the same."""
        self.notes.append(Fault(file, line, what, remedy))

    def number(self, where: tuple[str, int], what: str, text: str, default: float | None = 0.0) -> float:
        """A number of 0 or more from a cell; empty gives the default, None: it must be there."""
        if not text and default is not None:
            return default
        try:
            value = float(text)
        except ValueError:
            value = -1.0
        if not 0 <= value < float("inf"):
            self.fault(*where, f"{what} is “{text}”.", "Write a number of 0 or more.")
            return default or 0.0
        return value

    def day(self, where: tuple[str, int], text: str) -> int:
        """A whole number of days, which may be -1."""
        try:
            return int(text)
        except ValueError:
            self.fault(*where, f"“{text}” is no number of days.", "Write whole days from the start; -1 for the end.")
            return 0
