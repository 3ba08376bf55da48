"""Flee's CSV layout read: places, routes, closures, conflicts, and camp counts; every fault at once, with its line."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from onward.engines.flows.faults import Fault, ScenarioRefused
from onward.engines.flows.flee.counts import Count, correct, read_counts
from onward.engines.flows.flee.rules import MoveRules, read_settings
from onward.engines.flows.flee.tables import Tables

KINDS = ("idpcamp", "camp", "conflict", "forward", "marker", "town")
CLOSURES = ("country", "location", "link", "camp", "idpcamp", "remove_forced_redirection")
INPUT = ("input_csv", "input_files")


@dataclass(frozen=True, slots=True)
class FleePlace:
    """A row of locations.csv. kind: one of KINDS. people: who live there, or a camp's capacity. conflict_day: from."""

    name: str
    country: str
    latitude: float | None
    longitude: float | None
    kind: str
    conflict_day: int
    people: float
    initial: float = 0.0


@dataclass(frozen=True, slots=True)
class FleeRoute:
    """A row of routes.csv, travelled both ways. forced: 1 sends all at `end` to `start`, 2 all at `start` to `end`."""

    start: str
    end: str
    km: float
    forced: int
    line: int


@dataclass(frozen=True, slots=True)
class FleeClosure:
    """A row of closures.csv: shut from day since until day `until` (None: to the end)."""

    kind: str
    first: str
    second: str
    since: int
    until: int | None
    line: int


@dataclass(frozen=True, slots=True)
class FleeFolder:
    """A Flee conflict as read. conflicts: intensity by place and day; counts: camp = counts in order of days.

    notes: what was read in another way than Flee reads it, or left out, file and line each.
    """

    name: str
    start: date
    days: int
    places: tuple[FleePlace, ...]
    routes: tuple[FleeRoute, ...]
    closures: tuple[FleeClosure, ...]
    conflicts: dict[str, tuple[float, ...]]
    counts: dict[str, tuple[Count, ...]]
    rules: MoveRules
    notes: tuple[Fault, ...]


def read_folder(folder: Path, settings: Path | None = None, counts: Path | None = None) -> FleeFolder:
    """Read a Flee conflict: input_csv, source_data, and simsetting.yml (in the folder or beside it, else defaults).

    The tables of input_csv may lie in the folder itself. counts: where source_data lies, if not in the folder. Raises
    ScenarioRefused with every fault of all its files.
    """
    reader = Tables(folder, counts)
    tables = next((name + "/" for name in INPUT if (folder / name).is_dir()), INPUT[0] + "/")
    tables = "" if (folder / "locations.csv").exists() else tables
    start, days = _period(reader, tables + "sim_period.csv")
    places = _places(reader, tables + "locations.csv")
    names = {place.name for place in places}
    routes = _routes(reader, tables + "routes.csv", names)
    closures = _closures(reader, tables + "closures.csv", places)
    conflicts = _conflicts(reader, tables + "conflicts.csv", (names, days))
    if not conflicts and not any(place.kind == "conflict" for place in places):
        reader.fault(tables + "locations.csv", 0, "There is no conflict anywhere.", "People set out from conflicts.")
    counted = read_counts(reader, start, (names, {place.name for place in places if "camp" in place.kind}))
    correct(reader, tables + "registration_corrections.csv", (start, counted))
    rules = _rules(reader, settings)
    if reader.faults:
        raise ScenarioRefused(tuple(sorted(set(reader.faults))))
    kept = {name: tuple(rows) for name, rows in counted.items()}
    return FleeFolder(folder.name, start, days, places, routes, closures, conflicts, kept, rules, tuple(reader.notes))


def _rules(reader: Tables, settings: Path | None) -> MoveRules:
    beside = (reader.folder / "simsetting.yml", reader.folder.parent / "simsetting.yml")
    path = settings or next((path for path in beside if path.exists()), None)
    if path is None:
        reader.note("simsetting.yml", 0, "There is none in the folder or beside it.", "Flee's defaults were used.")
        return MoveRules()
    try:
        rules, left_out = read_settings(path.name, path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        reader.fault(path.name, 0, "It cannot be read.", "Name Flee's settings file.")
        return MoveRules()
    reader.notes.extend(left_out)
    return rules


def _period(reader: Tables, file: str) -> tuple[date, int]:
    given = {row[0].lower(): (line, row[1]) for line, row in reader.rows(file) if len(row) > 1}
    start, days = date(2000, 1, 1), 0
    for key in ("startdate", "length"):
        line, text = given.get(key, (0, ""))
        try:
            if key == "startdate":
                start = date.fromisoformat(text)
            else:
                days = int(text)
        except ValueError:
            reader.fault(file, line, f"{key} is “{text}”.", "Write StartDate,2012-02-29 and Length,300.")
    if given and days < 1:
        reader.fault(file, given.get("length", (0, ""))[0], "The period has no days.", "Write Length,300 or the like.")
    return start, max(days, 1)


def _places(reader: Tables, file: str) -> tuple[FleePlace, ...]:
    header, places = reader.header(file), []
    seen: set[str] = set()
    initial = header.index("initial_idps") if "initial_idps" in header else None
    for line, row in reader.rows(file):
        where = file, line
        if len(row) < 6 or not row[0]:
            reader.fault(
                *where, "A place has fewer than six cells.", "Write name,region,country,latitude,longitude,type."
            )
            continue
        row = [*row, "", ""]
        kind = next((kind for kind in KINDS if kind in row[5].lower().replace("_", "").replace("default", "town")), "")
        if row[0] in seen:
            reader.fault(*where, f"There are two places “{row[0]}”.", "Give each its own name.")
        if not kind:
            reader.fault(*where, f"The type is “{row[5]}”.", f"Choose one of {', '.join(KINDS)}.")
        seen.add(row[0])
        more = reader.number(where, "initial_idps", row[initial]) if initial and initial < len(row) - 2 else 0.0
        places.append(
            FleePlace(
                row[0],
                row[2] or "unknown",
                _degrees(row[3], 90.0),
                _degrees(row[4], 180.0),
                kind or "town",
                int(reader.number(where, "conflict_date", row[6])),
                reader.number(where, "The population or capacity", row[7]),
                more,
            )
        )
    if not places and not reader.faults:
        reader.fault(file, 0, "There is no place.", "Add some.")
    return tuple(places)


def _degrees(text: str, limit: float) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) <= limit else None


def _routes(reader: Tables, file: str, names: set[str]) -> tuple[FleeRoute, ...]:
    routes, seen = [], set()
    for line, row in reader.rows(file):
        where = file, line
        if len(row) < 3:
            reader.fault(*where, "A route has fewer than three cells.", "Write name1,name2,distance.")
            continue
        for name in row[:2]:
            if name not in names:
                reader.fault(*where, f"The route leads to “{name}”, which is no place.", "Add it to locations.csv.")
        if row[0] == row[1]:
            reader.fault(*where, f"The route leads from “{row[0]}” to itself.", "Correct one end.")
        forced = row[3] if len(row) > 3 else ""
        if forced not in ("", "0", "1", "2"):
            reader.note(*where, f"forced_redirection is “{forced}”.", "It was left out; 0, 1 and 2 are known.")
        if frozenset(row[:2]) in seen:
            reader.note(*where, f"There is a second route between {row[0]} and {row[1]}.", "It draws people as well.")
        seen.add(frozenset(row[:2]))
        km = reader.number(where, "The distance", row[2], None)
        routes.append(FleeRoute(row[0], row[1], km, int(forced) if forced in ("1", "2") else 0, line))
    return tuple(routes)


def _closures(reader: Tables, file: str, places: tuple[FleePlace, ...]) -> tuple[FleeClosure, ...]:
    names, countries = {place.name for place in places}, {place.country for place in places}
    closures = []
    for line, row in reader.rows(file, needed=False):
        where = file, line
        if len(row) < 5 or row[0] not in CLOSURES:
            reader.fault(
                *where, f"“{','.join(row)}” is no closure.", f"Write {'|'.join(CLOSURES)},name1,name2,start,end."
            )
            continue
        known = countries if row[0] == "country" else names
        wanted = row[1:3] if row[0] in ("country", "link") else row[1:2]
        if row[0] == "remove_forced_redirection":
            known, wanted = known | {row[1], row[2]}, row[1:3]
        missing = [name for name in wanted if name not in known]
        since, until = reader.day(where, row[3]), reader.day(where, row[4])
        if missing:
            reader.note(*where, f"“{'”, “'.join(missing)}” is not in locations.csv.", "The closure was left out.")
            continue
        if 0 <= until < since:
            reader.note(*where, f"It ends on day {until}, before it starts.", "It holds to the end, as in Flee.")
        closures.append(FleeClosure(row[0], row[1], row[2], since, until if until >= since else None, line))
    return tuple(closures)


def _conflicts(reader: Tables, file: str, known: tuple[set[str], int]) -> dict[str, tuple[float, ...]]:
    """Intensity by place and day; empty where no table is given. Cells beyond the header are left out, with a note."""
    names, days = known
    header = reader.header(file)
    if not header:
        reader.note(file, 0, "It is not there.", "Conflicts begin on the days locations.csv gives and go on.")
        return {}
    for name in header[1:]:
        if name and name not in names:
            reader.note(file, 1, f"“{name}” is no place.", "Its column was left out, as in Flee.")
    columns: dict[str, list[float]] = {name: [] for name in header[1:] if name in names}
    for line, row in reader.rows(file):
        if line == 1:
            continue
        for name, cell in zip(header[1:], row[1:], strict=False):
            if name in columns:
                columns[name].append(reader.number((file, line), f"The intensity at {name}", cell))
    longest = max((len(column) for column in columns.values()), default=0)
    if not longest:
        reader.fault(file, 0, "It has no day.", "Add the days of the period.")
    elif longest < days:
        reader.note(file, 0, f"It has {longest} days, the period {days}.", "What held on its last day goes on.")
    whole = {name: (*column, *([column[-1]] * (days - len(column)))) for name, column in columns.items() if column}
    return {name: tuple(column[:days]) for name, column in whole.items() if any(column[:days])}
