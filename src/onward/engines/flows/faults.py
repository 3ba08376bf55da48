"""A scenario's file while it is read: the line of each key, what is wrong so far, and the parameters met."""

import re
from dataclasses import dataclass, field
from pathlib import Path as FilePath

from onward.core.errors import BadInput, message
from onward.engines.flows.parameters import Parameter
from onward.engines.flows.scenario import KINDS, Source

Path = tuple[str | int, ...]

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*((?:"[^"]*"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[\w-]+))*)\s*=""")
_PART = re.compile(r""""([^"]*)"|'([^']*)'|([\w-]+)""")
_QUOTED_OR_COMMENT = re.compile(r""""(?:\\.|[^"\\])*"|'[^']*'|\#.*""")


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong: file, line (counted from 1; 0 where the whole file is meant), what, and what to do."""

    file: str
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.file}, line {self.line}" if self.line else self.file
        return f"{where}: {self.what} {self.remedy}".rstrip()


class ScenarioRefused(BadInput):
    """A scenario with faults; `faults` holds all of them, by file and line. Nothing of it was run."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(
            "flows.scenario_refused",
            message("The scenario has faults (%(count)s); nothing was run.\n%(faults)s"),
            remedy=message("\nMend them and run again."),
            field="scenario",
            values={"count": len(faults), "faults": "\n".join(map(str, faults))},
        )
        self.faults = faults

    def __reduce__(self) -> tuple[type["ScenarioRefused"], tuple[tuple[Fault, ...]]]:
        return ScenarioRefused, (self.faults,)


type Csv = list[tuple[int, dict[str, str]]]
"""The rows of a CSV file, by column, each with its line."""


@dataclass(slots=True)
class File:
    """A TOML file being read, and the files it names, in its folder.

    parameters: those met so far, in the order of theta. named: where the record of a kind and an id stands. tables:
    CSV files read, None where one cannot be. sources: every file read, the TOML first.
    """

    file: str
    folder: FilePath
    lines: dict[Path, int]
    parameters: dict[str, Parameter] = field(default_factory=dict)
    found: list[Fault] = field(default_factory=list)
    named: dict[tuple[str, str], Path] = field(default_factory=dict)
    tables: dict[str, Csv | None] = field(default_factory=dict)
    sources: list[Source] = field(default_factory=list)

    def note(self, path: Path, what: str, remedy: str = "") -> None:
        """Keep a fault of the TOML file, on the line of `path` or of the table it stands in."""
        self.found.append(Fault(self.file, self.line_of(path), what, remedy))

    def note_in(self, file: str, line: int, what: str, remedy: str = "") -> None:
        """Keep a fault of a file the scenario names."""
        self.found.append(Fault(file, line, what, remedy))

    def name(self, path: Path, id_: str) -> None:
        """Remember where the record with this id stands; an id is used once in its kind, and once among dated ones."""
        key = _group(str(path[0])), id_
        if key in self.named:
            self.note((*path, "id"), f"The id “{id_}” is used twice.", "Give each its own.")
        self.named.setdefault(key, path)

    def path_of(self, kind: str, id_: str) -> Path:
        """Where the record of a kind with this id stands."""
        return self.named.get((_group(kind), id_), (kind,))

    def line_of(self, path: Path) -> int:
        """The line of a key, else of the nearest table around it; 0 for the whole file."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 0)

    def refuse(self) -> None:
        """Raise ScenarioRefused with all faults, if there are any."""
        if self.found:
            raise ScenarioRefused(tuple(sorted(set(self.found))))


def find_lines(text: str) -> dict[Path, int]:
    """The line of every table and key of a TOML file, by path: ("links", 2, "from") -> 41. tomllib gives none."""
    lines: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    depth, quotes = 0, ""
    for number, line in enumerate(text.splitlines(), 1):
        if quotes or depth > 0:
            depth, quotes = _still_open(line, depth, quotes)
            continue
        if header := _HEADER.match(line):
            table = _table_path(_parts(header[2]), counts, is_list=header[1] == "[[")
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            lines.setdefault((*table, *_parts(key[1])), number)
            depth, quotes = _still_open(line[key.end() :], 0, "")
    return lines


def _group(kind: str) -> str:
    return "dated" if kind in KINDS else kind


def _parts(name: str) -> tuple[str, ...]:
    return tuple(a or b or c for a, b, c in _PART.findall(name))


def _table_path(parts: tuple[str, ...], counts: dict[Path, int], *, is_list: bool) -> Path:
    path: Path = ()
    for place, part in enumerate(parts):
        path = (*path, part)
        if is_list and place == len(parts) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _still_open(line: str, depth: int, quotes: str) -> tuple[int, str]:
    """How many brackets, and which triple quotes, are open after a line."""
    if quotes:
        if quotes not in line:
            return depth, quotes
        line = line.split(quotes, 1)[1]
    for triple in ('"""', "'''"):
        if line.count(triple) % 2:
            return depth, triple
    bare = _QUOTED_OR_COMMENT.sub("", line)
    return depth + sum(bare.count(c) for c in "[{") - sum(bare.count(c) for c in "]}"), ""
