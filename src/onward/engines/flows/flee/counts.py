"""Camp counts of a Flee folder: the files of source_data, added, and corrected by later registrations."""

from dataclasses import dataclass
from datetime import date

from onward.engines.flows.flee.tables import SOURCE, Tables


@dataclass(frozen=True, slots=True)
class Count:
    """People counted at a camp on a day; was: the number before a later registration corrected it."""

    day: int
    people: float
    was: float
    corrected_on: int | None = None


def read_counts(reader: Tables, start: date, camps: tuple[set[str], set[str]]) -> dict[str, list[Count]]:
    """Counts by camp from source_data/data_layout.csv; several files of one camp are added day by day.

    camps: names of all places, and of those that are camps. Counts of a camp that is no place add to the inflow alone.
    """
    layout = f"{SOURCE}/data_layout.csv"
    names, wanted = camps
    counts: dict[str, list[Count]] = {}
    rows = [(line, row) for line, row in reader.rows(layout) if len(row) > 1]
    for line, row in rows:
        if row[0].lower() == "total":
            continue
        parts = [_count_file(reader, f"{SOURCE}/{name}", start) for name in row[1:] if name]
        if row[0] not in names:
            reader.note(layout, line, f"“{row[0]}” is no place.", "Its counts add to the inflow, as in Flee.")
        if all(parts):
            counts[row[0]] = _added(parts)
    for name in sorted(wanted - counts.keys() if rows else ()):
        reader.note(layout, 0, f"The camp “{name}” has no counts.", "It is modelled, not compared.")
    if rows and not counts and not reader.faults:
        reader.fault(layout, 0, "No camp has counts.", "Name the camps as locations.csv does.")
    return counts


def _count_file(reader: Tables, file: str, start: date) -> list[tuple[int, float]]:
    """(day, people) of one file, in order of days. Rows without a number are gaps."""
    found: dict[int, float] = {}
    for line, row in reader.rows(file):
        if row[0].lower() in ("date", "datetime", "day") or len(row) < 2 or not row[1]:
            continue
        try:
            day = (date.fromisoformat(row[0][:10]) - start).days
        except ValueError:
            reader.fault(file, line, f"“{row[0]}” is no date.", "Write 2012-03-07.")
            continue
        if day in found:
            reader.note(file, line, f"{row[0]} stands there twice.", "The last number counts.")
        found[day] = reader.number((file, line), "The count", row[1])
    if list(found) != sorted(found):
        reader.note(file, 0, "Its days are not in order.", "They were put in order.")
    if not found:
        reader.note(file, 0, "It has no count.", "It is left out.")
    return sorted(found.items())


def _added(parts: list[list[tuple[int, float]]]) -> list[Count]:
    """Files added day by day, straight between counts; until each has its next count, its last one was known."""
    made = []
    for day in sorted({day for part in parts for day, _ in part}):
        people, was = (sum(at(part, day) for part in parts) for at in (at_day, _by_day))
        out = max(min((later for later, _ in part if later >= day), default=day) for part in parts)
        made.append(Count(day, people, was, out if out > day and people != was else None))
    return made


def _by_day(counts: list[tuple[int, float]], day: float) -> float:
    """People at the last count by a day; before the first what that says, as in Flee."""
    return [count for count in counts if count[0] <= day or count == counts[0]][-1][1]


def at_day(counts: list[tuple[int, float]], day: float) -> float:
    """People on a day: straight between two counts, the first before it, the last after it (Flee, DataTable)."""
    before = [count for count in counts if count[0] <= day]
    after = [count for count in counts if count[0] > day]
    if not before or not after:
        return (before[-1] if before else after[0])[1]
    (first, low), (last, high) = before[-1], after[0]
    return low + (high - low) * (day - first) / (last - first)


def correct(reader: Tables, file: str, known: tuple[date, dict[str, list[Count]]]) -> None:
    """Registration corrections: counts before a new registration are scaled so that the last of them meets it."""
    start, counts = known
    for line, row in reader.rows(file, needed=False):
        if len(row) < 2:
            continue
        try:
            day = (date.fromisoformat(row[1]) - start).days
        except ValueError:
            reader.fault(file, line, f"“{row[1]}” is no date.", "Write 2012-12-31.")
            continue
        rows = counts.get(row[0], [])
        at = next((n for n, count in enumerate(rows) if count.day == day), 0)
        if day < 0:
            continue
        if at == 0 or rows[at - 1].people < 1:
            reader.note(
                file, line, f"“{row[0]}” has no count on {row[1]} with one before it.", "Nothing was corrected."
            )
            continue
        factor = rows[at].people / rows[at - 1].people
        for n in range(at):
            earlier = rows[n]
            rows[n] = Count(earlier.day, earlier.people * factor, earlier.was, day)
