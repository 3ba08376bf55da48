"""Published figures: who said what number, when, of what, and how sure; docs/reference/figures.md is the reference."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from onward.core.errors import BadInput, NotFound, message

STATUSES = ("official", "official_copy", "reported", "derived", "observed", "gap")
QUALIFIERS = ("", "over", "nearly", "about", "rounded", "at_most")
KINDS = ("flow", "stock", "to_date")
STANDINGS = ("good", "weak", "none")
COLUMNS = (
    "id",
    "date",
    "place",
    "measure",
    "value",
    "qualifier",
    "step",
    "status",
    "source",
    "published_on",
    "note",
)
NAMED = {
    "measures.csv": ("measure", "unit", "kind", "definition", "warning"),
    "sources.csv": ("source", "publisher", "document", "address", "standing", "note"),
    "events.csv": ("event", "date", "place", "what", "source", "note"),
}


@dataclass(frozen=True, slots=True)
class Source:
    """Who published a document. standing: "weak" where only a copy or a paraphrase by others was read."""

    key: str
    publisher: str
    document: str
    address: str
    standing: str
    note: str


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted, in which unit; kind: over the period (flow), on the day (stock) or since a start (to_date)."""

    key: str
    unit: str
    kind: str
    definition: str
    warning: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One published number for the days start..end inclusive; value is None where it was looked for and not found.

    step: what it was rounded to, None where nothing says. published_on: a day, month or year as far as known, or "".
    """

    id: str
    start: date
    end: date
    place: str
    measure: Measure
    value: float | None
    qualifier: str
    step: float | None
    status: str
    source: Source
    published_on: str
    note: str

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the most that was said, as the hedge and the rounding leave it. Raises ValueError on a gap."""
        if self.value is None:
            raise ValueError(self.id)
        value, step = self.value, self.step or 0.0
        if self.qualifier == "over":
            return value, value + max(step - 1.0, 0.0)
        if self.qualifier == "nearly":
            return value - step, value
        if self.qualifier == "at_most":
            return 0.0, value
        return value - step / 2, value + step / 2


@dataclass(frozen=True, slots=True)
class Event:
    """Something dated that happened: an opening, a closing, a start, a pause."""

    key: str
    start: date
    end: date
    place: str
    what: str
    source: Source
    note: str


@dataclass(frozen=True, slots=True)
class Figures:
    """All tables of a folder of figures."""

    figures: tuple[Figure, ...]
    events: tuple[Event, ...]
    measures: Mapping[str, Measure]
    sources: Mapping[str, Source]

    def get(self, ident: str) -> Figure:
        """The figure of that id. Raises NotFound."""
        for figure in self.figures:
            if figure.id == ident:
                return figure
        raise NotFound(
            "figures.unknown",
            message("There is no figure “%(id)s”."),
            remedy=message("Its id is the first column of a table under data/figures."),
            values={"id": ident},
        )

    def series(self, prefix: str) -> tuple[Figure, ...]:
        """The figures whose id is the prefix and a period, gaps left out, in order of their days and publication."""
        chosen = [one for one in self.figures if one.id.startswith(prefix + ".") and one.value is not None]
        return tuple(sorted(chosen, key=lambda one: (one.start, one.end, one.published_on)))


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in which line of which file, and what to do."""

    file: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.what}"


def read_period(text: str) -> tuple[date, date]:
    """First and last day of "2022-06-30", "2022-06", "2022" or "A..B" of such. Raises ValueError."""
    first, _, last = text.partition("..")
    start, end = _span(first), _span(last or first)
    if end[1] < start[0]:
        raise ValueError(text)
    return start[0], end[1]


def _span(text: str) -> tuple[date, date]:
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 3:
        day = date(parts[0], parts[1], parts[2])
        return day, day
    if len(parts) == 2:
        start = date(parts[0], parts[1], 1)
        return start, (start + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    if len(parts) == 1:
        return date(parts[0], 1, 1), date(parts[0], 12, 31)
    raise ValueError(text)


def read_figures(folder: Path) -> Figures:
    """Every table of the folder. Raises BadInput naming every fault with its file and line; then nothing is read."""
    faults: list[Fault] = []
    measures = {row["measure"]: _measure(row, line, faults) for line, row in _rows(folder / "measures.csv", faults)}
    sources = {row["source"]: _source(row, line, faults) for line, row in _rows(folder / "sources.csv", faults)}
    figures: dict[str, Figure] = {}
    for file in sorted(path for path in folder.glob("*.csv") if path.name not in NAMED):
        for line, row in _rows(file, faults):
            here = _wrong(row, measures, sources)
            if row["id"] in figures:
                here.append(f"the id “{row['id']}” is taken; a revision adds @ and its day of publication")
            faults += [Fault(file.name, line, what) for what in here]
            if not here:
                figures[row["id"]] = _figure(row, measures, sources)
    events = [_event(row, line, sources, faults) for line, row in _rows(folder / "events.csv", faults)]
    if faults:
        raise _unusable(folder, faults)
    return Figures(tuple(figures.values()), tuple(one for one in events if one), measures, sources)


def _rows(file: Path, faults: list[Fault]) -> Iterator[tuple[int, dict[str, str]]]:
    if not file.is_file():
        faults.append(Fault(file.name, 0, "the file is missing"))
        return
    columns = NAMED.get(file.name, COLUMNS)
    with file.open(newline="", encoding="utf-8") as lines:
        reader = csv.DictReader(lines)
        if tuple(reader.fieldnames or ()) != columns:
            faults.append(Fault(file.name, 1, "the columns must be " + ", ".join(columns)))
            return
        for row in reader:
            if None in row or None in row.values():
                faults.append(Fault(file.name, reader.line_num, f"a row has {len(columns)} cells"))
                continue
            yield reader.line_num, row


def _wrong(row: Mapping[str, str], measures: Mapping[str, Measure], sources: Mapping[str, Source]) -> list[str]:
    """What is wrong with one row of figures, in words."""
    checks = (
        (bool(row["id"]), "id is empty"),
        (_is_period(row["date"]), f"“{row['date']}” is no day, month, year or range of them"),
        (bool(row["place"]), "place is empty"),
        (row["measure"] in measures, f"measures.csv has no “{row['measure']}”"),
        (row["source"] in sources, f"sources.csv has no “{row['source']}”"),
        (row["status"] in STATUSES, f"status is one of {', '.join(STATUSES)}"),
        (row["qualifier"] in QUALIFIERS, f"qualifier is empty or one of {', '.join(QUALIFIERS[1:])}"),
        (_is_count(row["value"]) == (row["status"] != "gap"), "value is a count, and empty on a gap only"),
        (not row["step"] or _is_count(row["step"]), "step is what the number was rounded to, or empty"),
        (not row["published_on"] or _is_period(row["published_on"]), "published_on is a day, month or year, or empty"),
    )
    wrong = [said for holds, said in checks if not holds]
    return wrong or _out_of_order(row)


def _out_of_order(row: Mapping[str, str]) -> list[str]:
    if row["published_on"] and read_period(row["published_on"])[1] < read_period(row["date"])[0]:
        return ["it was published before its period began"]
    return []


def _is_period(text: str) -> bool:
    try:
        read_period(text)
    except ValueError:
        return False
    return True


def _is_count(text: str) -> bool:
    try:
        return 0 <= float(text) < float("inf")
    except ValueError:
        return False


def _measure(row: Mapping[str, str], line: int, faults: list[Fault]) -> Measure:
    if row["kind"] not in KINDS or not row["unit"] or not row["definition"]:
        faults.append(
            Fault("measures.csv", line, f"a measure has a unit, a definition and a kind of {', '.join(KINDS)}")
        )
    return Measure(row["measure"], row["unit"], row["kind"], row["definition"], row["warning"])


def _source(row: Mapping[str, str], line: int, faults: list[Fault]) -> Source:
    if row["standing"] not in STANDINGS:
        faults.append(Fault("sources.csv", line, f"standing is one of {', '.join(STANDINGS)}"))
    if not row["publisher"] or (row["standing"] != "none" and not row["document"]):
        faults.append(Fault("sources.csv", line, "a source has a publisher and a document"))
    return Source(row["source"], row["publisher"], row["document"], row["address"], row["standing"], row["note"])


def _figure(row: Mapping[str, str], measures: Mapping[str, Measure], sources: Mapping[str, Source]) -> Figure:
    start, end = read_period(row["date"])
    return Figure(
        id=row["id"],
        start=start,
        end=end,
        place=row["place"],
        measure=measures[row["measure"]],
        value=float(row["value"]) if row["value"] else None,
        qualifier=row["qualifier"],
        step=float(row["step"]) if row["step"] else None,
        status=row["status"],
        source=sources[row["source"]],
        published_on=row["published_on"],
        note=row["note"],
    )


def _event(row: Mapping[str, str], line: int, sources: Mapping[str, Source], faults: list[Fault]) -> Event | None:
    if not _is_period(row["date"]) or row["source"] not in sources:
        faults.append(Fault("events.csv", line, "an event has a period and a source of sources.csv"))
        return None
    start, end = read_period(row["date"])
    return Event(row["event"], start, end, row["place"], row["what"], sources[row["source"]], row["note"])


def _unusable(folder: Path, faults: Iterable[Fault]) -> BadInput:
    said = [str(fault) for fault in faults]
    return BadInput(
        "figures.faulty",
        message("The figures in %(folder)s cannot be used: %(faults)s."),
        remedy=message("Correct every line named and read them again; nothing was read."),
        field="folder",
        values={"folder": folder.name, "faults": "; ".join(said), "count": len(said)},
    )
