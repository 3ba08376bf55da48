"""Observations that came later, kept apart from a scenario: read from a file and laid beside its own."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from onward.engines.flows.faults import File
from onward.engines.flows.fields import Table
from onward.engines.flows.records import rows_of
from onward.engines.flows.scenario import Observation, Row, Scenario


def with_later(scenario: Scenario, path: Path) -> Scenario:
    """The scenario with the rows of a CSV file after its own, its period long enough for all of them.

    Columns: date, value, and if there published_on, qualifier, unit, status, as in a scenario's own files; and
    `observation`, the id of the series a row belongs to, needed where the scenario has more than one. Raises
    ScenarioRefused with every fault and its line.
    """
    file = File(path.name, path.parent, {})
    _rows(file, {})
    lines = file.tables[path.name] or []
    ids = [one.id for one in scenario.observations]
    is_named = bool(lines) and "observation" in lines[0][1]
    if lines and not is_named and len(ids) != 1:
        file.note_in(path.name, 1, "It has no column “observation”.", f"Add one with any of {', '.join(ids)}.")
    told = {row.get("observation", ids[0] if ids else "") for _, row in lines}
    for line, row in lines if is_named else ():
        if row["observation"] not in ids:
            remedy = f"The scenario has {', '.join(ids)}."
            file.note_in(path.name, line, f"There is no observation “{row['observation']}”.", remedy)
    file.refuse()
    added = tuple(
        replace(one, rows=(*one.rows, *_rows(file, {"observation": one.id} if is_named else {})))
        if one.id in told
        else one
        for one in scenario.observations
    )
    for one in added:
        _check(one, scenario.period.start, file)
    file.refuse()
    end = max([scenario.period.end, *(row.end for one in added for row in one.rows)])
    return replace(scenario, observations=added, period=replace(scenario.period, end=end))


def _rows(file: File, where: dict[str, str]) -> tuple[Row, ...]:
    return rows_of(Table(file, (), {"file": file.file, **({"where": where} if where else {})}))


def _check(observation: Observation, start: date, file: File) -> None:
    for row in observation.rows:
        if row.start < start:
            file.note_in(row.file, row.line, f"{row.start} lies before the period.", f"It begins on {start}.")
        if row.unit and row.unit != observation.unit:
            what = f"The unit is “{row.unit}”, but “{observation.id}” is in “{observation.unit}”."
            file.note_in(row.file, row.line, what, "Count the same thing.")
