"""Scenario files in: TOML and the CSV it names to a Scenario, or every fault at once. docs/reference/scenario.md."""

import re
import tomllib
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import cast

from onward.engines.flows.checking import check
from onward.engines.flows.dated import Dated, read_dated
from onward.engines.flows.faults import DATED, Fault, Faults, ScenarioRefused, find_lines
from onward.engines.flows.fields import POSITIVE, REAL, SHARE, Parameters, Table
from onward.engines.flows.parameters import Amount, Parameter
from onward.engines.flows.records import Folder
from onward.engines.flows.scenario import (
    Cohort,
    Covariate,
    Inflow,
    Link,
    Measure,
    Noise,
    Observation,
    Period,
    Place,
    Scenario,
    Source,
    Stage,
    WhatIf,
    Window,
)

MEASURES = ("inflow", "present", "arrivals", "departures", "waiting", "stranded", "unmet", "settled", "left")
UNITS = ("people", "events")
OTHER_MOVEMENTS = ("flee",)
"""Rules of movement with a table of their own, which may stay in the file while it runs as “choice”."""
EVERYBODY = Cohort("everybody")


@dataclass(frozen=True, slots=True)
class _File:
    """A TOML file as read: its top table, its faults so far, the files beside it and its hash."""

    top: Table
    faults: Faults
    folder: Folder
    source: Source


def read_scenario(path: Path) -> Scenario:
    """Read a scenario file (or the scenario.toml of a folder) with all it names. Raises ScenarioRefused."""
    file = _open(path / "scenario.toml" if path.is_dir() else path, ())
    scenario = _scenario(file)
    check(scenario, file.faults)
    file.faults.refuse()
    return scenario


def read_what_if(path: Path, base: Scenario) -> WhatIf:
    """Read a what-if file and apply it to its scenario. New parameters come after the scenario's own.

    Raises ScenarioRefused with every fault, such as a missing opposite or a record to remove that is not there.
    """
    file = _open(path, base.parameters)
    top = file.top
    title, question, opposite = top.text("title", None), top.text("question"), top.text("opposite", None)
    _declare(top)
    top.label = path.stem
    changed = read_dated(top, base)
    removed = top.texts("remove")
    known = {record.id for kind in DATED for record in cast(tuple[Dated, ...], getattr(base, kind))}
    for id_ in removed:
        if id_ not in known:
            top.note("remove", f"The scenario has no dated record “{id_}”.", "Check the id.")
    gone = {*removed, *(record.id for records in changed.values() for record in records)}
    merged = {
        kind: (*(r for r in cast(tuple[Dated, ...], getattr(base, kind)) if r.id not in gone), *changed[kind])
        for kind in DATED
    }
    parameters = top.parameters.all()
    sources = (*base.sources, file.source, *file.folder.sources.values())
    scenario = replace(base, parameters=parameters, sources=sources, **merged)  # type: ignore[arg-type]
    top.done()
    check(scenario, file.faults)
    file.faults.refuse()
    assumed = tuple(record.id for records in changed.values() for record in records if not record.precedent)
    return WhatIf(path.stem, title, opposite, question, scenario, assumed)


def _open(path: Path, known: tuple[Parameter, ...]) -> _File:
    try:
        data = path.read_bytes()
        text = data.decode("utf-8")
        given = tomllib.loads(text)
    except OSError as error:
        why = f"It cannot be read ({error.strerror})."
        raise ScenarioRefused((Fault(path.name, 0, why, "Name a scenario file, or a folder with one."),)) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        line = re.search(r"at line (\d+)", str(error))
        fault = Fault(path.name, int(line[1]) if line else 0, f"It is no TOML: {error}.", "Mend it there.")
        raise ScenarioRefused((fault,)) from error
    faults = Faults(path.name, find_lines(text))
    top = Table((faults, Parameters(known)), (), given)
    return _File(top, faults, Folder(path.parent, faults), Source(path.name, sha256(data).hexdigest()))


def _declare(top: Table) -> None:
    """Read [parameters.*] into the parameters known."""
    declared = top.inner("parameters")
    for name in declared.keys_left() if declared else ():
        table = declared.inner(name) if declared else None
        parameter = table.parameter(name) if table else None
        if table:
            table.done()
        if parameter and name in top.parameters.by_name:
            top.note("parameters", f"There already is a parameter “{name}”.", "Give it another name.")
        elif parameter:
            top.parameters.by_name[name] = parameter


def _scenario(file: _File) -> Scenario:
    top, folder = file.top, file.folder
    _declare(top)
    period = _period(top)
    cohorts = tuple(_cohort(table) for table in top.tables("cohorts")) or (EVERYBODY,)
    places = tuple(_place(table) for table in top.tables("places"))
    links = tuple(_link(table) for table in top.tables("links"))
    noise, effects, movement = top.inner("noise"), top.inner("effects"), top.text("movement", "choice")
    settings = top.given.get(movement, {}) if movement != "choice" else {}
    top.read.update((movement, *OTHER_MOVEMENTS))
    scenario = Scenario(
        title=top.text("title", None),
        period=period,
        places=places,
        links=links,
        cohorts=cohorts,
        inflows=tuple(_inflow(table, folder) for table in top.tables("inflows")),
        effects=_amounts(effects, REAL),
        noise=_noise(noise) if noise else Noise(),
        seed=top.whole("seed", 1),
        movement=movement,
        movement_settings=settings if isinstance(settings, dict) else {},
        folder=str(folder.path),
    )
    dated = read_dated(top, scenario)
    observations = tuple(_observation(table, folder) for table in top.tables("observations"))
    top.done()
    return replace(
        scenario,
        observations=observations,
        parameters=top.parameters.all(),
        sources=(file.source, *folder.sources.values()),
        **dated,  # type: ignore[arg-type]
    )


def _period(top: Table) -> Period:
    table = top.inner("period")
    if table is None:
        top.note("", "There is no [period].", "Write [period] with start and end.")
        return Period(date(2000, 1, 1), date(2000, 1, 1), date(1999, 12, 31))
    start = table.day("start") or date(2000, 1, 1)
    end = table.day("end") or start
    known = table.day("known_until", start - timedelta(days=1))
    table.done()
    if end < start:
        table.note("end", f"The period ends on {end} before it starts on {start}.", "Turn them round.")
        end = start
    return Period(start, end, known or start)


def _noise(table: Table) -> Noise:
    noise = Noise(table.amount("leave", 50.0), table.amount("choose", 50.0))
    table.done()
    return noise


def _amounts(table: Table | None, within: tuple[float, float]) -> tuple[tuple[str, Amount], ...]:
    """Every key of a table as an amount."""
    return tuple((key, table.amount(key, None, within)) for key in list(table.given)) if table else ()


def _numbers(table: Table | None, within: tuple[float, float]) -> tuple[tuple[str, float], ...]:
    return tuple((key, table.number(key, None, within)) for key in list(table.given)) if table else ()


def _cohort(table: Table) -> Cohort:
    id_ = table.id()
    table.label = f"cohorts.{id_}"
    cohort = Cohort(
        id=id_,
        share=table.number("share", 1.0, SHARE),
        stay=table.amount("stay", 1.0),
        cost_effect=table.amount("cost_effect", 0.0, REAL),
        attraction=_amounts(table.inner("attraction"), POSITIVE),
    )
    table.done()
    return cohort


def _place(table: Table) -> Place:
    id_ = table.id()
    place = Place(
        id=id_,
        title=table.text("title", id_ or "?"),
        stages=_stages(table),
        country=table.text("country"),
        kind=table.text("kind"),
        start=table.number("start", 0.0),
        capacity=table.optional_amount("capacity"),
        beds=table.optional_amount("beds"),
        attraction=table.amount("attraction", 1.0),
        settle=table.amount("settle", 0.0),
        leave=table.amount("leave", 0.0),
        latitude=table.number("latitude", 0.0, (-90, 90)) if table.has("latitude") else None,
        longitude=table.number("longitude", 0.0, (-180, 180)) if table.has("longitude") else None,
    )
    table.done()
    return place


def _stages(table: Table) -> tuple[Stage, ...]:
    if not table.has("stages"):
        return (Stage("", table.amount("stay_days", None)),)
    stages = []
    for inner in table.tables("stages"):
        name = inner.text("name", None)
        stages.append(Stage(name, inner.amount("stay_days", None), inner.optional_amount("seats")))
        inner.done()
    return tuple(stages) or (Stage("", Amount(1.0)),)


def _link(table: Table) -> Link:
    link = Link(
        id=table.id(),
        start=table.text("from", None),
        end=table.text("to", None),
        days=table.whole("days", 1),
        day_shares=table.shares("day_shares", ()),
        weight=table.amount("weight", 1.0),
        cost=table.number("cost", 0.0, REAL),
        distance_km=table.number("distance_km", 0.0),
        features=_numbers(table.inner("features"), REAL),
        seats=table.optional_amount("seats"),
        programme_only=_truth(table, "programme_only"),
        mode=table.text("mode"),
        cohorts=table.texts("cohorts"),
    )
    table.done()
    return link


def _truth(table: Table, key: str) -> bool:
    table.read.add(key)
    value = table.given.get(key, False)
    if not isinstance(value, bool):
        table.note(key, f"“{key}” is neither true nor false.", f"Write {key} = true.")
    return value is True


def _inflow(table: Table, folder: Folder) -> Inflow:
    walk, season, record = table.inner("walk"), table.inner("season"), table.inner("record")
    inflow = Inflow(
        id=table.id(),
        place=table.text("place", None),
        level=table.amount("level", None),
        cohorts=_numbers(table.inner("cohorts"), SHARE),
        record=folder.rows(record) if record else (),
        knots=tuple(_knot(knot) for knot in table.tables("knots")),
        weekday=_weekday(table),
        season=season.amount("amplitude", None, REAL) if season else Amount(0.0),
        season_peak=season.day("peak") if season else None,
        covariates=tuple(_covariate(inner, folder) for inner in table.tables("covariates")),
        dispersion=table.amount("dispersion", 20.0),
        walk_sd=walk.amount("sd", None) if walk else Amount(0.0),
        walk_df=walk.number("df", 4.0) if walk else 4.0,
    )
    for inner in (walk, season, record, table):
        if inner:
            inner.done()
    return inflow


def _knot(table: Table) -> tuple[date, Amount]:
    knot = table.day("on") or date(2000, 1, 1), table.amount("step", None, REAL)
    table.done()
    return knot


def _weekday(table: Table) -> tuple[Amount, ...]:
    table.read.add("weekday")
    given = table.given.get("weekday", [])
    if not isinstance(given, list) or len(given) not in (0, 7):
        table.note("weekday", "“weekday” is no list of seven.", "Write seven factors, Monday first.")
        return ()
    return tuple(table.amount_of(f"weekday.{day}", value) for day, value in enumerate(given))


def _covariate(table: Table, folder: Folder) -> Covariate:
    covariate = Covariate(table.text("name", None), table.amount("effect", None, REAL), folder.rows(table))
    table.done()
    return covariate


def _observation(table: Table, folder: Folder) -> Observation:
    window = cast(Window, table.one_of("window", ("day", "cumulative"), "day"))
    observation = Observation(
        id=table.id(),
        title=table.text("title", "?"),
        measure=cast(Measure, table.one_of("measure", MEASURES)),
        of=table.texts("of"),
        unit=table.one_of("unit", UNITS),
        rows=folder.rows(table),
        window=window,
        since=table.day("since", needed=window == "cumulative"),
        rate=table.amount("rate", 1.0, SHARE),
        offset=table.amount("offset", 0.0),
        delay=table.shares("delay", (1.0,)),
        dispersion=table.amount("dispersion", 50.0),
    )
    table.done()
    return observation
