"""Options that several commands of onward flow share: a group of them is one parameter of a command's function."""

import inspect
import os
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

Given = Annotated[Path, typer.Argument(metavar="SCENARIO", help="A scenario's folder or file.", show_default=False)]
Until = Annotated[str | None, typer.Option(metavar="DATE", help="The last day compared.")]


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Out:
    """How the answer is wanted."""

    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False
    parquet: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the numbers as Parquet.")] = None
    svg: Annotated[Path | None, typer.Option(metavar="FILE", help="Draw a chart with its bands.")] = None
    of: Annotated[list[str] | None, typer.Option(metavar="NAME", help="An observation, or a MEASURE:PLACE.")] = None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a scenario: by which day, and what was fitted to it before."""

    known_until: Annotated[str | None, typer.Option(metavar="DATE", help="Only what was out by that day.")] = None
    fit: Annotated[Path | None, typer.Option(metavar="FILE", help="A fit, as “flow fit --json” wrote it.")] = None


@dataclass(frozen=True, slots=True)
class Sampled:
    """How many futures are sampled, from which chances, on how many processors."""

    members: Annotated[int, typer.Option(metavar="N", min=2, help="Sampled futures.")] = 300
    seed: Annotated[int | None, typer.Option(metavar="N", min=0, help="Else the scenario's.")] = None
    workers: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="How many compute at once; else all processors.")
    ] = None

    @property
    def threads(self) -> int:
        """How many compute at once."""
        return self.workers or processors()


@dataclass(frozen=True, slots=True)
class SampledOften(Sampled):
    """The same where a run is made for every forecast day: fewer futures in each."""

    members: Annotated[int, typer.Option(metavar="N", min=2, help="Sampled futures.")] = 200


Scores = Annotated[Path | None, typer.Option(metavar="FILE", help="What “flow score --json” wrote.")]


def spread(command: Callable[..., None]) -> Callable[..., None]:
    """A command whose groups of options are options of its own, one for each field of the group."""
    hints = get_type_hints(command, include_extras=True)
    groups = {name: hint for name, hint in hints.items() if isinstance(hint, type) and is_dataclass(hint)}
    own = [
        one.replace(annotation=hints[name])
        for name, one in inspect.signature(command).parameters.items()
        if name not in groups
    ]
    wanted = {name: get_type_hints(group, include_extras=True) for name, group in groups.items()}
    added = [
        inspect.Parameter(
            one.name, inspect.Parameter.KEYWORD_ONLY, default=one.default, annotation=wanted[name][one.name]
        )
        for name, group in groups.items()
        for one in fields(group)
    ]

    @wraps(command)
    def spread_out(**given: Any) -> None:
        made = {
            name: group(**{one.name: given.pop(one.name) for one in fields(group)}) for name, group in groups.items()
        }
        command(**given, **made)

    spread_out.__signature__ = inspect.Signature([*own, *added])  # type: ignore[attr-defined]
    spread_out.__annotations__ = {one.name: one.annotation for one in (*own, *added)}
    del spread_out.__wrapped__  # or its own signature would be read instead
    return spread_out
