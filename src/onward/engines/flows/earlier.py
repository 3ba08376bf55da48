"""Fits and scores written before as JSON, read back; anything else in their place is refused."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, cast

import numpy as np

from onward.core.errors import BadInput, message
from onward.engines.flows.parameters import Floats
from onward.engines.flows.scenario import Scenario
from onward.engines.flows.scores import Skill
from onward.engines.flows.verdict import Record, Verdict, Worth


def read_draws(path: Path, scenario: Scenario) -> Floats:
    """The draws of a fit, (draws, parameters). Raises BadInput where it is a fit of other parameters."""
    values = _read(path, "fit")
    names = [one["name"] for one in values["parameters"]]
    wanted = [one.name for one in scenario.parameters]
    if names != wanted:
        unlike = sorted(set(names) ^ set(wanted))[:3]
        raise BadInput(
            "flow.fit_of_other",
            message("%(file)s is a fit of other parameters (%(unlike)s)."),
            remedy=message("Fit this scenario again with “onward flow fit”."),
            field="fit",
            values={"file": path.name, "unlike": ", ".join(unlike) or "in another order"},
        )
    return np.array(values["draws"], dtype=np.float64).reshape(-1, len(wanted))


def read_record(path: Path) -> Record:
    """A score as “onward flow score --json” wrote it. Raises BadInput."""
    values = _read(path, "score")
    try:
        verdicts = tuple(_verdict(one) for one in values["verdicts"])
        left_out = tuple((date.fromisoformat(one["origin"]), str(one["why"])) for one in values["left_out"])
        since, until = (date.fromisoformat(values[name]) if values[name] else None for name in ("since", "until"))
    except (KeyError, TypeError, ValueError) as problem:
        raise _no_such(path, "score") from problem
    ahead, inputs = int(values["ahead_days"]), str(values["inputs_sha256"])
    return Record(str(values["title"]), since, until, ahead, verdicts, left_out, inputs)


def _verdict(one: Mapping[str, Any]) -> Verdict:
    worths = tuple(
        Worth(
            name,
            of["crps"],
            of["log_crps"],
            of["tail_crps"],
            {float(level): share for level, share in of["held"].items()},
        )
        for name, of in one["models"].items()
    )
    skills = tuple((of["model"], _skill(of, one["origins"])) for of in one["skill"])
    lately = one["lately_held"], one["lately_counts"]
    return Verdict(one["series"], one["title"], one["counts"], one["origins"], worths, skills, lately)


def _skill(of: Mapping[str, Any], origins: int) -> Skill:
    ratio, low, high = (np.nan if of[name] is None else float(of[name]) for name in ("ratio", "low", "high"))
    return Skill(of["against"], ratio, low, high, origins)


def _read(path: Path, kind: str) -> dict[str, Any]:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValueError) as problem:
        raise _no_such(path, kind) from problem
    if not isinstance(values, dict) or values.get("kind") != kind:
        raise _no_such(path, kind)
    return cast(dict[str, Any], values)


def _no_such(path: Path, kind: str) -> BadInput:
    return BadInput(
        "flow.file_unreadable",
        message("%(file)s is not what “onward flow %(kind)s --json” writes."),
        remedy=message("Write it again, or name another file."),
        field=kind,
        values={"file": path.name, "kind": kind},
    )
