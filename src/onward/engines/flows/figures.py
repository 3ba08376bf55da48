"""Published figures: who said what number, when, of what, and how sure; docs/reference/figures.md is the reference."""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from onward.core.errors import BadInput, NotFound, message
from onward.engines.flows.faults import Fault
from onward.engines.flows.records import find_days

STATUSES = ("official", "official_copy", "reported", "derived", "observed", "gap")
QUALIFIERS = ("", "over", "nearly", "about", "rounded", "at_most")
KINDS = ("flow", "stock", "to_date")
STANDINGS = ("good", "weak", "none")
SAID = ("id", "date", "place", "measure", "value", "qualifier", "step")
COLUMNS = (*SAID, "status", "source", "published_on", "note")
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


type Row = Mapping[str, str]


def read_period(text: str) -> tuple[date, date]:
    """First and last day of "2022-06-30", "2022-06", "2022" or "A..B" of such. Raises ValueError."""
    days = find_days(text)
    if days is None or days[1] < days[0]:
        raise ValueError(text)
    return days


def read_figures(folder: Path) -> Figures:
    """Every table of the folder. Raises BadInput naming every fault with its file and line; then nothing is read."""
    faults: list[Fault] = []
    measures = {row["measure"]: Measure(*row.values()) for row in _rows(folder / "measures.csv", faults, _of_measure)}
    sources = {row["source"]: Source(*row.values()) for row in _rows(folder / "sources.csv", faults, _of_source)}
    seen: set[str] = set()

    def of_figure(row: Row) -> Iterator[str]:
        yield from _of_figure(row, measures, sources)
        if row["id"] in seen:
            yield f"the id “{row['id']}” is taken; a revision adds @ and its day of publication"
        seen.add(row["id"])

    def of_event(row: Row) -> Iterator[str]:
        if not _period(row["date"]) or row["source"] not in sources:
            yield "an event has a period and a source of sources.csv"

    files = sorted(path for path in folder.glob("*.csv") if path.name not in NAMED)
    rows = [row for file in files for row in _rows(file, faults, of_figure)]
    events = list(_rows(folder / "events.csv", faults, of_event))
    if faults:
        raise BadInput(
            "figures.faulty",
            message("The figures in %(folder)s cannot be used: %(faults)s."),
            remedy=message("Correct every line named and read them again; nothing was read."),
            field="folder",
            values={"folder": folder.name, "faults": "; ".join(map(str, faults)), "count": len(faults)},
        )
    told = tuple(
        Event(row["event"], *read_period(row["date"]), row["place"], row["what"], sources[row["source"]], row["note"])
        for row in events
    )
    return Figures(tuple(_figure(row, measures, sources) for row in rows), told, measures, sources)


def _rows(file: Path, faults: list[Fault], wrong: Callable[[Row], Iterator[str]]) -> Iterator[dict[str, str]]:
    """The rows of a file that have their cells; what is wrong with each is kept."""
    if not file.is_file():
        faults.append(Fault(file.name, 0, "the file is missing", ""))
        return
    columns = NAMED.get(file.name, COLUMNS)
    with file.open(newline="", encoding="utf-8") as lines:
        reader = csv.DictReader(lines)
        if tuple(reader.fieldnames or ()) != columns:
            faults.append(Fault(file.name, 1, "the columns must be " + ", ".join(columns), ""))
            return
        for row in reader:
            is_whole = None not in row and None not in row.values()
            said = wrong(row) if is_whole else [f"a row has {len(columns)} cells"]
            faults += [Fault(file.name, reader.line_num, what, "") for what in said]
            if is_whole:
                yield row


def _of_figure(row: Row, measures: Mapping[str, Measure], sources: Mapping[str, Source]) -> Iterator[str]:
    """What is wrong with one row of figures, in words."""
    on, out = _period(row["date"]), _period(row["published_on"])
    checks = (
        (row["id"], "id is empty"),
        (on, f"“{row['date']}” is no day, month, year or range of them"),
        (row["place"], "place is empty"),
        (row["measure"] in measures, f"measures.csv has no “{row['measure']}”"),
        (row["source"] in sources, f"sources.csv has no “{row['source']}”"),
        (row["status"] in STATUSES, f"status is one of {', '.join(STATUSES)}"),
        (row["qualifier"] in QUALIFIERS, f"qualifier is empty or one of {', '.join(QUALIFIERS[1:])}"),
        (_is_count(row["value"]) == (row["status"] != "gap"), "value is a count, and empty on a gap only"),
        (not row["step"] or _is_count(row["step"]), "step is what the number was rounded to, or empty"),
        (not row["published_on"] or out, "published_on is a day, month or year, or empty"),
        (not (on and out) or out[1] >= on[0], "it was published before its period began"),
    )
    yield from (said for holds, said in checks if not holds)


def _period(text: str) -> tuple[date, date] | None:
    try:
        return read_period(text)
    except ValueError:
        return None


def _is_count(text: str) -> bool:
    try:
        return 0 <= float(text) < float("inf")
    except ValueError:
        return False


def _of_measure(row: Row) -> Iterator[str]:
    if row["kind"] not in KINDS or not row["unit"] or not row["definition"]:
        yield f"a measure has a unit, a definition and a kind of {', '.join(KINDS)}"


def _of_source(row: Row) -> Iterator[str]:
    if row["standing"] not in STANDINGS:
        yield f"standing is one of {', '.join(STANDINGS)}"
    if not row["publisher"] or (row["standing"] != "none" and not row["document"]):
        yield "a source has a publisher and a document"


def _figure(row: Row, measures: Mapping[str, Measure], sources: Mapping[str, Source]) -> Figure:
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
