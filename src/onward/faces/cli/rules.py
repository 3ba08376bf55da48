"""onward feed rules: the rules journeys obey here, what is kept beside the timetables, and what is wrong with it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import typer

from onward.core.errors import BadInput
from onward.engines.journeys.carriage import CarriageRule
from onward.engines.journeys.carriage_file import OWN_FILE as CARRIAGE_FILE
from onward.engines.journeys.carriage_file import read_carriage, shipped_carriage
from onward.engines.journeys.countries import OWN_FILE as COUNTRIES_FILE
from onward.engines.journeys.countries import read_countries
from onward.engines.journeys.kept import DELAYS_FILE, SEATS_FILE, read_delays, read_seats
from onward.faces.cli.home import home


def show_rules() -> None:
    """Show the rules of carriage that hold, and read the operator's own files: every line that cannot be used."""
    faults = 0
    typer.echo("Rules of carriage of the product:")
    _echo_rules(shipped_carriage())
    for name, read in _readers():
        path = home() / name
        if not path.is_file():
            typer.echo(f"{name}: not there.")
            continue
        try:
            read(path)
        except BadInput as error:
            typer.echo(f"{error}", err=True)
            faults += 1
    if faults:
        raise typer.Exit(2)


def _readers() -> Iterator[tuple[str, Callable[[Path], None]]]:
    """The operator's files, each with what reads it and says what it holds."""

    def carriage(path: Path) -> None:
        typer.echo(f"{path.name}:")
        _echo_rules(read_carriage(path))

    def countries(path: Path) -> None:
        found = read_countries(path)
        typer.echo(f"{path.name}: {len(found.places):,} places and {len(found.by_stop):,} stops with their country.")

    def delays(path: Path) -> None:
        typer.echo(f"{path.name}: {len(read_delays(path).records):,} records of how late vehicles came in.")

    def seats(path: Path) -> None:
        typer.echo(f"{path.name}: seats left on {len(read_seats(path)):,} departures.")

    yield CARRIAGE_FILE, carriage
    yield COUNTRIES_FILE, countries
    yield DELAYS_FILE, delays
    yield SEATS_FILE, seats


def _echo_rules(rules: tuple[CarriageRule, ...]) -> None:
    for rule in rules:
        days = f" ({rule.first_on or '…'} to {rule.last_on or '…'})" if rule.first_on or rule.last_on else ""
        typer.echo(f"  {'may' if rule.may_carry else 'may not'}{days}: {rule.why} [{rule.source}, {rule.said_on}]")
