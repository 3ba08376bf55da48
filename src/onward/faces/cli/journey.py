"""onward journey: the best journeys from a place to another, as a table or as JSON."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from onward.engines.journeys import (
    FeedSummary,
    Journey,
    Leg,
    Linking,
    Query,
    Station,
    book_of_network,
    journey_values,
    require_valid_on,
    valid_feeds,
)
from onward.engines.journeys.fares.party import Party as Payers
from onward.engines.journeys.fares.priced import who
from onward.engines.journeys.kept import DELAYS_FILE, SEATS_FILE, read_delays, read_seats
from onward.engines.journeys.law import NO_LAW
from onward.engines.journeys.reasons import Circumstances, remarked
from onward.faces.cli.asking import ask_place, read_countries, read_date, read_party, read_time, read_window
from onward.faces.cli.feed import console
from onward.faces.cli.home import current_law, feed_store, home
from onward.faces.cli.pricing import Asked, by_time, find_fares, price_each, weigh

TICKET_REASONS = frozenset({"fare_quoted", "fare_of_feed"})
"""What says of a ticket what it costs."""
PLACE = "A place name, stop:FEED:ID, or LAT,LON."
From = Annotated[str, typer.Argument(metavar="FROM", help=PLACE, show_default=False)]
To = Annotated[str, typer.Argument(metavar="TO", help=PLACE, show_default=False)]
On = Annotated[str, typer.Option(metavar="DATE", help="Leaving on that day there, like 2025-06-11.")]
At = Annotated[str | None, typer.Option(metavar="HH:MM", help="Leaving from then on; else from midnight.")]
Minutes = Annotated[int | None, typer.Option("--window", metavar="MINUTES", help="For how long; at most 4,320.")]
Party = Annotated[str, typer.Option(metavar="2a1c", help="Adults and children who travel together.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Change = Annotated[int, typer.Option("--min-change", metavar="MINUTES", min=0, help="The least time to change in.")]
Hours = Annotated[int, typer.Option("--max-hours", metavar="HOURS", min=1, help="The longest journey; at most 168.")]
Vehicles = Annotated[int, typer.Option("--max-vehicles", metavar="N", help="The most vehicles; at most 8.")]
NoLinks = Annotated[
    bool,
    typer.Option(
        "--no-links",
        help="Change only at one and the same stop of one feed, by the timetables alone and no rules of carriage: "
        "to compare with other planners.",
    ),
]
Within = Annotated[str, typer.Option(metavar="US,CA", help="Touch these countries only; else any.")]


def find_journeys(  # noqa: PLR0913 - one parameter for each word of the command
    from_: From,
    to: To,
    on: On,
    at: At = None,
    window: Minutes = None,
    party: Party = "1a",
    as_json: AsJson = False,  # noqa: FBT002 - how typer takes a switch
    min_change: Change = 2,
    max_hours: Hours = 24,
    max_vehicles: Vehicles = 8,
    no_links: NoLinks = False,  # noqa: FBT002
    within: Within = "",
) -> None:
    """Show the best journeys: none beats another in leaving later, arriving sooner, fewer vehicles, or lower price."""
    day, clock, people = read_date(on), read_time(at) if at else None, read_party(party)
    linking, law = (Linking.OFF, NO_LAW) if no_links else (Linking.NEARBY, current_law())
    store = feed_store()
    feeds = store.list_feeds()
    require_valid_on(feeds, day)
    # Imported here: every other command starts in two thirds of the time without compiled code.
    from onward.engines.journeys.fast import load_network

    network = load_network(store, linking=linking, law=law)
    stops = book_of_network(network, store.corrections())
    start, end = ask_place(stops, from_, "from"), ask_place(stops, to, "to")
    query = Query(
        start.stops,
        end.stops,
        read_window(day, clock, window, start.zone),
        min_change=timedelta(minutes=min_change),
        max_travel=timedelta(hours=max_hours),
        max_vehicles=max_vehicles,
        countries=read_countries(within),
    )
    asked, fares = Asked(network, query, people), find_fares(store, query)
    found = price_each(by_time(asked), asked, stops, fares) if no_links else weigh(asked, fares)
    journeys = _remarked(found, query, people)
    if not journeys:
        for station in (start, end):
            require_valid_on(feeds, day, feeds=station.feeds)
    if as_json:
        typer.echo(json.dumps([journey_values(journey) for journey in journeys], ensure_ascii=False, indent=2))
    else:
        _show((start, end), query, people, journeys)
        _say_why_none(feeds, (start, end), query, journeys)


def _remarked(journeys: Sequence[Journey], query: Query, people: tuple[int, int]) -> list[Journey]:
    """The journeys with why each is shown and what is hard about it, by what the operator keeps beside the feeds."""
    adults, children = people
    delays, seats = read_delays(home() / DELAYS_FILE), read_seats(home() / SEATS_FILE)
    given = Circumstances(query, adults + children, has_children=children > 0, delays=delays, seats=seats)
    return remarked(journeys, given)


def _show(ends: tuple[Station, Station], query: Query, people: tuple[int, int], journeys: Sequence[Journey]) -> None:
    begin, until = query.window.start_at, query.window.end_at
    typer.echo(f"{ends[0].name}{_away(ends[0])} to {ends[1].name}{_away(ends[1])}, for {who(Payers(*people))}")
    typer.echo(f"leaving {begin:%a %-d %B %Y, %H:%M} to {_clock(until, begin)} ({begin.tzname()})")
    if not journeys:
        return
    table = Table("leave", "from", "arrive", "to", "with")
    for journey in journeys:
        table.add_section()
        for leg in journey.legs:
            times = _clock(leg.depart_at, begin), _clock(leg.arrive_at, begin)
            table.add_row(times[0], Text(leg.from_stop.name), times[1], Text(leg.to_stop.name), Text(_with(leg)))
        table.add_row("", "", "", "", Text(_sum_up(journey), style="bold"))
        if journey.fare is not None:
            table.add_row("", "", "", "", Text(_price(journey, people), style="bold"))
        for line in _reasons(journey):
            table.add_row("", "", "", "", Text(line))
        for warning in journey.warnings:
            table.add_row("", "", "", "", Text(str(warning), style="italic"))
    console().print(table)


def _say_why_none(
    feeds: Sequence[FeedSummary], ends: tuple[Station, Station], query: Query, found: Sequence[Journey]
) -> None:
    """What may be done where nothing was found, and which feeds say nothing about that date."""
    if not found:
        hours = int(query.max_travel.total_seconds() // 3600)
        typer.echo(f"No journey leaves then and takes {hours} hours or less. Try another day, --window or --max-hours.")
    valid = {feed.name for feed in valid_feeds(feeds, query.window.start_at.date())}
    asked = {name for station in ends for name in station.feeds}
    for feed in feeds:
        if feed.name in asked - valid:
            typer.echo(
                f"{feed.title} says nothing about that date: its timetable is valid {feed.first_on} to {feed.last_on}."
            )


def _away(station: Station) -> str:
    return f" ({station.away_m:.0f} m away)" if station.away_m else ""


def _clock(instant: datetime, begin: datetime) -> str:
    """The local time, with day and zone where they are not those of the start."""
    day = "" if instant.date() == begin.date() else f"{instant:%a %-d %b} "
    zone = "" if instant.tzname() == begin.tzname() else f" {instant.tzname()}"
    return f"{day}{instant:%H:%M}{zone}"


def _with(leg: Leg) -> str:
    """The carrier, its number and the route, as a person would look for it on a board."""
    if leg.is_walk:
        return "on foot"
    route = "" if leg.route in ("", leg.number) else leg.route
    sign = f"to {leg.headsign}" if leg.headsign else ""
    return " ".join(part for part in (leg.agency, leg.number, route, f"({leg.mode})", sign) if part)


def _sum_up(journey: Journey) -> str:
    minutes = int((journey.arrive_at - journey.depart_at).total_seconds() // 60)
    changes = journey.vehicles - 1
    how = "no change" if not changes else "1 change" if changes == 1 else f"{changes} changes"
    return f"{minutes // 60} h {minutes % 60:02d} min, {how}"


def _reasons(journey: Journey) -> list[str]:
    """Why it is shown and what each ticket costs; of several tickets which way each is good for."""
    bought = [ticket for ticket in journey.tickets if ticket.is_known]
    said = [str(reason) for reason in journey.reasons if reason.code not in TICKET_REASONS]
    paid = [str(reason) for reason in journey.reasons if reason.code in TICKET_REASONS]
    if len(journey.tickets) < 2:
        return [*paid, *said]
    rides = [leg for leg in journey.legs if not leg.is_walk and not leg.stays_seated]
    ways = [(rides[one.rides[0]].from_stop.name, rides[one.rides[-1]].to_stop.name) for one in bought]
    return [f"{start} – {end}, {text}" for (start, end), text in zip(ways, paid, strict=True)] + said


def _price(journey: Journey, people: tuple[int, int]) -> str:
    """The price of the whole party, and what it is made of where that is more than fares."""
    parts = [(name, part) for name in ("fare", "tax", "fee") if (part := getattr(journey, name)) and part.minor]
    total = f"{journey.price} for {who(Payers(*people))}"
    return total if len(parts) < 2 else f"{total}: {', '.join(f'{name} {part}' for name, part in parts)}"
