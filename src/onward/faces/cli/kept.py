"""onward feed delays add, onward feed seats add: what is kept beside the timetables, from CSV files."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from onward.core.errors import BadInput
from onward.engines.journeys.kept import DELAYS_FILE, SEATS_FILE, Taken, add_delays, add_seats
from onward.faces.cli.home import feed_store, home

delays = typer.Typer(no_args_is_help=True, help="How late vehicles really came in, from CSV files.")
seats = typer.Typer(no_args_is_help=True, help="Seats left on departures, from CSV files.")

Paths = Annotated[list[Path], typer.Argument(metavar="CSV...", help="Files to add.", show_default=False)]


@delays.callback()
def about_delays() -> None:
    """How late vehicles really came in, from CSV files."""


@seats.callback()
def about_seats() -> None:
    """Seats left on departures, from CSV files."""


@delays.command("add")
def keep_delays(paths: Paths) -> None:
    """Keep how late vehicles came in, each file whole or not at all; a newer record replaces the one before."""
    _add_all(paths, add_delays, home() / DELAYS_FILE)


@seats.command("add")
def keep_seats(paths: Paths) -> None:
    """Keep seats left on departures, each file whole or not at all; what was said last counts."""
    _add_all(paths, add_seats, home() / SEATS_FILE)


def _add_all(paths: list[Path], add: Callable[[Path, Path], Taken], kept: Path) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    here = {one.name for one in feed_store().list_feeds()}
    refused = False
    for path in paths:
        try:
            taken = add(path, kept)
        except BadInput as error:
            typer.echo(str(error), err=True)
            refused = True
            continue
        typer.echo(f"{path.name}: {taken.lines:,} lines kept, in place of {taken.replaced:,} older ones.")
        absent = sorted(taken.feeds - here)
        if absent:
            typer.echo(f"No timetable here is called {', '.join(absent)}: see “onward feed list”.")
    if refused:
        raise typer.Exit(2)
