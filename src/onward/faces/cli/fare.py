"""onward fare: add what carriers quoted."""

from pathlib import Path
from typing import Annotated

import typer

from onward.core.errors import BadInput, message
from onward.faces.cli.home import feed_store
from onward.faces.cli.site import set_up

app = typer.Typer(no_args_is_help=True, help="Fares: what carriers quoted, dated, from CSV files.")

SHOWN_STOPS = 3
LARGEST_CSV = 64 * 1024**2
"""Bytes of a file of fares; a larger one is refused unread."""

Paths = Annotated[list[Path], typer.Argument(metavar="CSV...", help="Files of fares.", show_default=False)]


@app.callback()
def fares() -> None:
    """Fares: what carriers quoted, dated, from CSV files."""


@app.command("add")
def add_fares(paths: Paths) -> None:
    """Keep the quotes of CSV files, each file whole or not at all; the newest quote for a leg and day counts."""
    set_up()
    refused = [path for path in paths if not _add_one(path)]
    _say_unknown_stops()
    if refused:
        raise typer.Exit(2)


def _add_one(path: Path) -> bool:
    """Add one file and say how it went; False where it was refused."""
    from django.utils import timezone

    from onward.apps.timetables.loading import FaresUnreadable
    from onward.apps.timetables.loading import add_fares as keep

    try:
        added = keep(_read(path), now=timezone.now())
    except FaresUnreadable as problem:
        for finding in problem.findings:
            typer.echo(f"  {path.name}, {finding}", err=True)
        typer.echo(f"{path.name}: nothing was taken. {problem.remedy % problem.values}", err=True)
        return False
    except BadInput as problem:
        typer.echo(f"{path.name}: {problem}", err=True)
        return False
    typer.echo(f"{path.name}: {added.added:,} fares added, {added.already_held:,} were there already.")
    return True


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_CSV:
            raise BadInput("fares.too_large", message("The file is larger than 64 MiB."), field="path")
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        raise BadInput(
            "fares.file_unreadable",
            message("The file cannot be read."),
            remedy=message("Give the path of a CSV file in UTF-8."),
            field="path",
        ) from problem


def _say_unknown_stops() -> None:
    """Fares for stops no timetable has are kept, and said: they count once their timetable is there."""
    from onward.apps.timetables import loaded
    from onward.apps.timetables.queries import list_stops_unknown

    loaded.hand_in(feed_store().root)
    unknown = list_stops_unknown()
    if unknown:
        first = ", ".join(unknown[:SHOWN_STOPS])
        typer.echo(f"{len(unknown):,} stops of the fares are in no timetable here ({first}): see “onward feed list”.")
