"""What the validation tries, read from data/scenarios/experiments: what is fitted, scored and compared, as values."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import cast

from onward.core.errors import BadInput, message
from onward.engines.flows.reading import read_scenario
from onward.engines.flows.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Scored:
    """Counts of one observation that end in [since, until), and what plain rules may say of them.

    like: another observation whose last known rate stands in where this one has no past. closed_from: the day from
    which the rule "shut, and nobody goes round" says nothing comes. border: an inflow's whole record, of which the
    rule "encounters times a fixed share" is told even what comes later; "" for none.
    """

    observation: str
    since: date
    until: date
    like: str = ""
    closed_from: date | None = None
    border: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """What every experiment says of itself."""

    id: str
    title: str
    question: str
    warning: str
    members: int


@dataclass(frozen=True, slots=True)
class Event:
    """One origin: fitted to what was known then, told of the dated records after it, scored on what came."""

    about: About
    scenario: Scenario
    known_until: date
    end: date
    fit: tuple[str, ...]
    scored: tuple[Scored, ...]


@dataclass(frozen=True, slots=True)
class Rolling:
    """Many origins on one series. Each stretch is fitted alone; knots are set at every so many known readings.

    steps: of which readings ahead the scores are told apart.
    """

    about: About
    scenario: Scenario
    observation: str
    stretches: tuple[tuple[date, date], ...]
    ahead_days: int
    steps: tuple[int, ...]
    every: int
    fewest: int
    knot_every: int
    knot_sd: float
    knot_df: float


@dataclass(frozen=True, slots=True)
class Conflicts:
    """Folders in Flee's layout: the same rules on counts, and forecasts from every so many days against plain rules.

    errors: by folder the averaged relative difference of a run of Flee itself; ours may differ by the tolerance.
    first_origin, every, ahead: days.
    """

    about: About
    errors: Mapping[str, float]
    tolerance: float
    first_origin: int
    every: int
    ahead: int


type Experiment = Event | Rolling | Conflicts


def read_experiments(folder: Path) -> tuple[Experiment, ...]:
    """Every experiment of a folder, by file name. Raises BadInput naming each file that cannot be used."""
    read: list[Experiment] = []
    faults: list[str] = []
    for file in sorted(folder.glob("*.toml")):
        try:
            read.append(_read(file))
        except (KeyError, TypeError, ValueError, OSError) as problem:
            faults.append(f"{file.name}: {problem.__class__.__name__} {problem}")
    if faults or not read:
        raise BadInput(
            "flow.experiments_faulty",
            message("The experiments in %(folder)s cannot be used: %(faults)s."),
            remedy=message("Write each as docs/validation.md says; nothing was run."),
            field="folder",
            values={"folder": folder.name, "faults": "; ".join(faults) or "there is none"},
        )
    return tuple(read)


def _read(file: Path) -> Experiment:
    given = tomllib.loads(file.read_text(encoding="utf-8"))
    warning, members = given.get("warning", ""), int(given["members"])
    about = About(file.stem, given["title"], given["question"], warning, members)
    match given["kind"]:
        case "event":
            return _event(about, given, read_scenario(file.parent / given["scenario"]))
        case "rolling":
            return _rolling(about, given, read_scenario(file.parent / given["scenario"]))
        case "flee":
            errors = {name: float(value) for name, value in given["flee"].items()}
            days = int(given["first_origin"]), int(given["every"]), int(given["ahead"])
            return Conflicts(about, errors, float(given["tolerance"]), *days)
        case other:
            raise ValueError(f"kind is event, rolling or flee, not {other}")


def _event(about: About, given: Mapping[str, object], scenario: Scenario) -> Event:
    fit = tuple(cast(list[str], given["fit"]))
    scored = tuple(_scored(one) for one in cast(list[Mapping[str, object]], given["scored"]))
    known = {one.id for one in scenario.observations}
    if unknown := [name for name in (*fit, *(one.observation for one in scored)) if name not in known]:
        raise ValueError(f"the scenario observes no {', '.join(unknown)}")
    return Event(about, scenario, cast(date, given["known_until"]), cast(date, given["end"]), fit, scored)


def _scored(one: Mapping[str, object]) -> Scored:
    return Scored(
        observation=str(one["observation"]),
        since=cast(date, one["from"]),
        until=cast(date, one["until"]),
        like=str(one.get("like", "")),
        closed_from=cast(date | None, one.get("closed_from")),
        border=str(one.get("border", "")),
    )


def _rolling(about: About, given: Mapping[str, object], scenario: Scenario) -> Rolling:
    knots = cast(Mapping[str, float], given["knots"])
    stretches = cast(list[Mapping[str, date]], given["stretches"])
    return Rolling(
        about=about,
        scenario=scenario,
        observation=str(given["observation"]),
        stretches=tuple((one["from"], one["until"]) for one in stretches),
        ahead_days=cast(int, given["ahead_days"]),
        steps=tuple(cast(list[int], given["steps"])),
        every=cast(int, given["every"]),
        fewest=cast(int, given["fewest"]),
        knot_every=int(knots["every"]),
        knot_sd=knots["sd"],
        knot_df=knots["df"],
    )
