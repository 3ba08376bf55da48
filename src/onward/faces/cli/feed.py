"""onward feed: add, list and remove timetables; look over the links between their stops and correct them."""

import json
import sys
from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from onward.core.errors import BadInput, OnwardError
from onward.engines.journeys import (
    Added,
    CorrectionsRefused,
    FeedRefused,
    FeedStore,
    Finding,
    Link,
    Reading,
    link_values,
    list_links,
)
from onward.faces.cli import kept
from onward.faces.cli.home import current_law, feed_store
from onward.faces.cli.rules import show_rules

app = typer.Typer(no_args_is_help=True, help="Timetables: add, list, remove, link.")
app.add_typer(kept.delays, name="delays")
app.add_typer(kept.seats, name="seats")

SHOWN = 3
"""Findings of one kind that are shown unless all are asked for."""

LINKS_SHOWN = 40
"""Doubtful links that are shown unless all are asked for."""

Paths = Annotated[list[Path], typer.Argument(metavar="PATH...", help="GTFS zips.", show_default=False)]
Zone = Annotated[str | None, typer.Option(metavar="ZONE", help="The zone of feeds without agency.txt.")]
All = Annotated[bool, typer.Option("--all", help="Show every one, not the first of each kind.")]
Correct = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="A CSV of corrections, kept whole in place of the one before.", show_default=False
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print every link as JSON instead.")]
Names = Annotated[list[str], typer.Argument(metavar="NAME...", help="Names from “onward feed list”.")]


@app.command("add")
def add_feeds(paths: Paths, zone: Zone = None, every: All = False) -> None:  # noqa: FBT002 - how typer takes a switch
    """Read GTFS zips and keep them, each under a name made from its file's; the old version serves until then."""
    store = feed_store()
    refused = [path for path in paths if not _add_one(store, path, zone, every)]
    if len(refused) < len(paths):
        _compile(store)
    if refused:
        raise typer.Exit(2)


@app.command("list")
def list_feeds() -> None:
    """Show the timetables kept and on which dates they are valid."""
    feeds = feed_store().list_feeds()
    if not feeds:
        typer.echo("There is no timetable yet. Add one with “onward feed add PATH”.")
        return
    table = Table("name", "carrier", "zone", "valid from", "valid to", "stops", "trips", "findings")
    for one in feeds:
        trips = f"{one.trips_kept:,} of {one.trips_total:,}"
        numbers = f"{one.stops:,}", trips, f"{one.findings:,}"
        table.add_row(one.name, escape(one.title), one.zone, str(one.first_on), str(one.last_on), *numbers)
    console().print(table)


@app.command("remove")
def remove_feeds(names: Names) -> None:
    """Take timetables away."""
    store = feed_store()
    for name in names:
        store.remove(name)
        typer.echo(f"{name}: removed.")
    _compile(store)


app.command("rules")(show_rules)


@app.command("links")
def show_links(correct: Correct = None, every: All = False, as_json: AsJson = False) -> None:  # noqa: FBT002
    """Show between which stops of different timetables one may walk, the doubtful first; or correct them."""
    store = feed_store()
    if correct is not None:
        _correct(store, correct)
    links = list_links(store.load_timetable(law=current_law()))
    if as_json:
        typer.echo(json.dumps([link_values(link) for link in links], ensure_ascii=False, indent=1))
        return
    _show_links(links, every)


def _correct(store: FeedStore, path: Path) -> None:
    try:
        corrections = store.correct(path)
    except CorrectionsRefused as error:
        for finding in error.findings:
            typer.echo(f"  {finding}", err=True)
        raise
    typer.echo(f"{path.name}: {len(corrections.rows):,} corrections kept, in place of those before.", err=True)
    _compile(store)


def _show_links(links: list[Link], every: bool) -> None:  # noqa: FBT001
    doubtful = [link for link in links if link.doubt]
    corrected = [link for link in links if link.why.startswith("corrected")]
    shown = links if every else [*doubtful[:LINKS_SHOWN], *(link for link in corrected if link not in doubtful)]
    table = Table("from", "", "to", "", "metres", "minutes", "why", "doubt")
    for link in shown:
        metres = "?" if link.metres is None else f"{link.metres:,}"
        minutes = "no walk" if link.minutes is None else str(link.minutes)
        ends = link.from_stop.key, link.from_stop.name, link.to_stop.key, link.to_stop.name
        table.add_row(*map(escape, (*ends, metres, minutes, link.why, link.doubt)))
    if shown:
        console().print(table)
    typer.echo(f"{len(links):,} links, {len(doubtful):,} of them doubtful, {len(corrected):,} corrected.")
    if len(shown) < len(links):
        typer.echo(f"{len(shown):,} are shown; “--all” shows every one.")


def _compile(store: FeedStore) -> None:
    """Compile the timetables for the search now, so that nobody waits for it at the desk.

    What keeps it from being compiled keeps nothing from being kept: it is said, and said again where it is searched.
    """
    from onward.engines.journeys.fast import compile_stored

    if not store.list_feeds():
        return
    try:
        compile_stored(store, law=current_law())
    except OnwardError as error:
        typer.echo(f"The timetables are kept; the search cannot use them yet: {error}", err=True)


def console() -> Console:
    """Where tables are shown; as wide as they need where nobody's window sets the width."""
    return Console() if sys.stdout.isatty() else Console(width=160)


def _add_one(store: FeedStore, path: Path, zone: str | None, every: bool) -> bool:  # noqa: FBT001
    """Add one feed and say how it went; False where it was refused."""
    try:
        added = _added(store, path, zone)
    except OnwardError as error:
        if isinstance(error, FeedRefused):
            _show_findings(error.reading, every)
        typer.echo(f"{path.name}: {error}", err=True)
        return False
    _show_findings(added.reading, every)
    for line in added.reading.summary():
        typer.echo(line)
    feed = added.summary
    done = "replaced" if added.was_there else "added"
    valid = f"valid {feed.first_on} to {feed.last_on}, times in {feed.zone}"
    typer.echo(f"{path.name}: {done} as {feed.name}: {feed.trips_kept:,} trips, {feed.stops:,} stops, {valid}.")
    if feed.last_on < datetime.now(ZoneInfo(feed.zone)).date():
        typer.echo(f"{path.name}: it is over: no journey is found in it after {feed.last_on}. Fetch a current one.")
    return True


def _added(store: FeedStore, path: Path, zone: str | None) -> Added:
    """Add a feed, asking for its zone where that is missing and somebody sits there to answer."""
    try:
        return store.add(path, zone=zone)
    except BadInput as error:
        if error.code != "feed.zone_missing" or not sys.stdin.isatty():
            raise
        typer.echo(f"{path.name}: {error.text % error.values}")
        answer: str = typer.prompt("In which zone are they", default=str(error.values["example"]))
        return store.add(path, zone=answer)


def _show_findings(reading: Reading, every: bool) -> None:  # noqa: FBT001
    for _, kind in groupby(sorted(reading.findings, key=_kind), key=_kind):
        found = list(kind)
        shown = found if every else found[:SHOWN]
        _echo_all(shown)
        if len(found) > len(shown):
            rest = len(found) - len(shown)
            typer.echo(f"  {found[0].file}: {rest:,} more findings like these; “--all” shows every one.")


def _kind(finding: Finding) -> tuple[str, str]:
    return finding.file, finding.field


def _echo_all(findings: Iterable[Finding]) -> None:
    for finding in findings:
        typer.echo(f"  {finding}")
