"""Scenario files in: TOML and the CSV it names to a Scenario, or every fault at once. docs/reference/scenario.md."""

import re
import tomllib
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from onward.core.errors import BadInput, message
from onward.engines.flows.checking import check
from onward.engines.flows.faults import Fault, File, ScenarioRefused, find_lines
from onward.engines.flows.fields import NO_DAY, Table
from onward.engines.flows.parameters import Parameter
from onward.engines.flows.scenario import (
    KINDS,
    Cohort,
    Inflow,
    Link,
    Noise,
    Observation,
    Period,
    Place,
    Scenario,
    Source,
    WhatIf,
)
from onward.engines.flows.tables import read, read_all, read_dated, read_named

OTHER_MOVEMENTS = ("flee",)
"""Rules of movement with a table of their own, which may stay in the file while it runs as “choice”."""
EVERYBODY = Cohort("everybody")


def read_scenario(path: Path) -> Scenario:
    """Read a scenario file (or the scenario.toml of a folder) with all it names. Raises ScenarioRefused."""
    top = open_file(path / "scenario.toml" if path.is_dir() else path)
    return _checked(_scenario(top), top)


def read_what_if(path: Path, base: Scenario) -> WhatIf:
    """Read a what-if file and apply it to its scenario. New parameters come after the scenario's own.

    Raises ScenarioRefused with every fault, such as a missing opposite or a record to remove that is not there.
    """
    top = open_file(path, base.parameters)
    title, question, opposite = top.text("title", None), top.text("question"), top.text("opposite", None)
    _declare(top)
    top.label = path.stem
    changed = read_dated(top, base)
    removed, known = top.texts("remove"), {record.id for record in base.dated}
    for id_ in removed:
        if id_ not in known:
            top.note("remove", f"The scenario has no dated record “{id_}”.", "Check the id.")
    new = [record for kind in KINDS for record in changed[kind]]
    gone = {*removed, *(record.id for record in new)}
    merged: dict[str, Any] = {
        kind: (*(record for record in getattr(base, kind) if record.id not in gone), *changed[kind]) for kind in KINDS
    }
    sources = (*base.sources, *top.file.sources)
    scenario = _checked(replace(base, parameters=tuple(top.file.parameters.values()), sources=sources, **merged), top)
    assumed = tuple(record.id for record in new if not record.precedent)
    return WhatIf(path.stem, title, opposite, question, scenario, assumed)


def opposite_of(path: Path, base: Scenario) -> Path:
    """The file of a what-if's opposite. Raises BadInput where it is not there."""
    named = read_what_if(path, base).opposite
    file = path.parent / named
    if not file.is_file():
        raise BadInput(
            "flow.no_opposite",
            message("%(file)s names “%(opposite)s” as its opposite, and there is no such file beside it."),
            remedy=message("Write the opposite: no what-if is told alone."),
            field="opposite",
            values={"file": path.name, "opposite": named},
        )
    return file


def _checked(scenario: Scenario, top: Table) -> Scenario:
    """A scenario in which everything was read and fits together. Raises ScenarioRefused with every fault."""
    top.done()
    check(scenario, top.file)
    top.file.refuse()
    return scenario


def open_file(path: Path, known: tuple[Parameter, ...] = ()) -> Table:
    """The top table of a TOML file, with the line of each key. Raises ScenarioRefused where it cannot be read."""
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
    file = File(path.name, path.parent, find_lines(text), {parameter.name: parameter for parameter in known})
    file.sources.append(Source(path.name, sha256(data).hexdigest()))
    return Table(file, (), given)


def _declare(top: Table) -> None:
    """Read [parameters.*] into the parameters known."""
    declared = top.inner("parameters")
    for name in declared.given if declared else ():
        table = declared.inner(name) if declared else None
        parameter = table.parameter(name) if table else None
        if parameter and name in top.file.parameters:
            top.note("parameters", f"There already is a parameter “{name}”.", "Give it another name.")
        elif parameter:
            top.file.parameters[name] = parameter


def _scenario(top: Table) -> Scenario:
    """The scenario as it stands; parameters are met, and so numbered, in this order."""
    _declare(top)
    movement = top.text("movement", "choice")
    settings = top.given.get(movement, {}) if movement != "choice" else {}
    top.read.update((movement, *OTHER_MOVEMENTS))
    scenario = Scenario(
        title=top.text("title", None),
        period=_period(top),
        cohorts=read_all(Cohort, top, "cohorts") or (EVERYBODY,),
        places=read_all(Place, top, "places"),
        links=read_all(Link, top, "links"),
        inflows=read_all(Inflow, top, "inflows"),
        effects=read_named(top, "effects"),
        noise=_noise(top),
        seed=top.whole("seed", 1),
        movement=movement,
        movement_settings=settings if isinstance(settings, dict) else {},
        folder=str(top.file.folder),
    )
    dated: dict[str, Any] = dict(read_dated(top, scenario))
    observations = read_all(Observation, top, "observations")
    parameters, sources = tuple(top.file.parameters.values()), tuple(top.file.sources)
    return replace(scenario, observations=observations, parameters=parameters, sources=sources, **dated)


def _noise(top: Table) -> Noise:
    noise = top.inner("noise")
    return read(Noise, noise) if noise else Noise()


def _period(top: Table) -> Period:
    table = top.inner("period")
    if table is None:
        top.note("", "There is no [period].", "Write [period] with start and end.")
        return Period(NO_DAY, NO_DAY, date(1999, 12, 31))
    start = table.day("start")
    end = table.find_day("end") or start
    known = table.day("known_until", start - timedelta(days=1))
    if end < start:
        table.note("end", f"The period ends on {end} before it starts on {start}.", "Turn them round.")
    return Period(start, max(start, end), known)
