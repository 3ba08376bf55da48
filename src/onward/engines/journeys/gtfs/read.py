"""From the bytes of a GTFS zip to a compiled feed, whole or not at all."""

import re
from array import array
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from onward.core.errors import BadInput, message
from onward.engines.journeys.fares.read import read_fares
from onward.engines.journeys.fares.tables import FareTables
from onward.engines.journeys.feed import ABOUT, Feed, FeedSummary
from onward.engines.journeys.gtfs.agency import Agency, read_agencies, zone_missing, zone_unknown
from onward.engines.journeys.gtfs.archive import Archive
from onward.engines.journeys.gtfs.calendar import FILE as CALENDAR_FILE
from onward.engines.journeys.gtfs.calendar import FIRST_DAY, read_days
from onward.engines.journeys.gtfs.feed_info import FeedInfo, read_feed_info
from onward.engines.journeys.gtfs.findings import BAD_FREQUENCY, Findings, Reading
from onward.engines.journeys.gtfs.frequencies import Repeat, read_repeats
from onward.engines.journeys.gtfs.joints import Joinable, Joint, find_joints, joined_calls
from onward.engines.journeys.gtfs.patterns import Going, Timed, compile_patterns
from onward.engines.journeys.gtfs.routes import Route, read_routes
from onward.engines.journeys.gtfs.stop_times import LATEST_S, Calls, read_calls
from onward.engines.journeys.gtfs.stops import StopRow, first_zone, read_stops
from onward.engines.journeys.gtfs.transfers import Transfer, read_transfers, without_unknown
from onward.engines.journeys.gtfs.trips import Trip, read_trips
from onward.engines.journeys.gtfs.zones import is_zone


class FeedRefused(BadInput):
    """A feed of which nothing can be used; `reading` says why in full."""

    def __init__(self, code: str, text: str, *, remedy: str, reading: Reading) -> None:
        super().__init__(code, text, remedy=remedy, field="path", values={"summary": "; ".join(reading.summary())})
        self.reading = reading


@dataclass(frozen=True, slots=True)
class _Tables:
    """What was read, before it is compiled."""

    stops: dict[str, StopRow]
    routes: dict[str, Route]
    days: dict[str, int]
    trips: dict[str, Trip]
    calls: dict[str, Calls]
    repeats: dict[str, list[Repeat]]
    transfers: dict[int, Transfer]
    joints: list[Joint]
    fares: FareTables


def read_feed(data: bytes, *, name: str, zone: str | None = None) -> tuple[Feed, Reading]:
    """Read and compile the bytes of a GTFS zip.

    name: what the feed is called here. zone: the zone of its times, needed where it has no agency.txt. Raises BadInput
    where the zip or a table cannot be read, and FeedRefused where no trip is left.
    """
    if zone and not is_zone(zone):
        raise zone_unknown(zone, "--zone")
    findings = Findings()
    archive = Archive(data, findings)
    archive.require_tables()
    agencies = read_agencies(archive, findings, zone)
    title = next((agency.name for agency in agencies.values() if agency.name), title_of(name))
    if not agencies:
        if not zone:
            raise zone_missing(first_zone(archive))
        agencies = {"": Agency(title, zone)}
        why = f"The file is missing: the times are read in {zone}, and the carrier is called {title}."
        findings.note(("agency.txt", 0), ("", ""), why)
    tables, total = _read_tables(archive, findings, agencies)
    reading = _reading(title, total, len(tables.calls), findings)
    _refuse_empty(reading, tables)
    return _compile(archive, tables, reading, (name, sha256(data).hexdigest())), reading


def title_of(name: str) -> str:
    """A feed's name as people may call the carrier, where the feed does not say: "ne_amtrak" gives "Amtrak".

    A first part of one or two letters (a region) is dropped; parts of up to five letters are taken for initials.
    """
    parts = [part for part in re.split(r"[-_]+", name) if part]
    if len(parts) > 1 and len(parts[0]) <= 2:
        parts = parts[1:]
    return " ".join(part.upper() if len(part) <= 5 else part.capitalize() for part in parts) or name


def _read_tables(archive: Archive, findings: Findings, agencies: dict[str, Agency]) -> tuple[_Tables, int]:
    zone = next(iter(agencies.values())).zone
    stops = read_stops(archive, findings, zone)
    routes = read_routes(archive, findings, agencies)
    days = read_days(archive, findings)
    trips, total = read_trips(archive, findings, routes, days)
    wanted = {trip_id: trip.line for trip_id, trip in trips.items()}
    repeats = read_repeats(archive, findings, wanted)
    stop_numbers = {stop_id: at for at, stop_id in enumerate(stops)}
    calls = read_calls(archive, findings, wanted, stop_numbers)
    transfers = read_transfers(archive, findings, stop_numbers)
    transfers = without_unknown(transfers, findings, (trips, routes))
    for trip_id in [trip_id for trip_id in repeats if trip_id in calls]:
        _check_repeats(trip_id, repeats[trip_id], calls, findings)
    never = sum(not days[trips[trip_id].service_id] for trip_id in calls)
    if never:
        findings.note((CALENDAR_FILE, 0), ("service_id", ""), f"{never:,} trips are of services that run on no day.")
    zones = {route_id: route.zone for route_id, route in routes.items()}
    joinable = Joinable(tuple(stops.values()), zones, days, trips, calls, repeats)
    joints = find_joints(joinable, transfers, findings)
    fares = read_fares(archive, findings, routes, stops=frozenset(stops), days=days)
    return _Tables(stops, routes, days, trips, calls, repeats, transfers, joints, fares), total


def _check_repeats(trip_id: str, repeats: list[Repeat], calls: dict[str, Calls], findings: Findings) -> None:
    made = calls[trip_id]
    if max(repeat.end_s for repeat in repeats) + made.arrive_s[-1] - made.depart_s[0] > LATEST_S:
        findings.leave_out(trip_id, BAD_FREQUENCY)
        del calls[trip_id]


def _reading(title: str, total: int, kept: int, findings: Findings) -> Reading:
    order = sorted(findings.found, key=lambda finding: (finding.file, finding.line))
    return Reading(title, total, kept, tuple(findings.by_reason().most_common()), tuple(order))


def _refuse_empty(reading: Reading, tables: _Tables) -> None:
    if any(tables.days[tables.trips[trip_id].service_id] for trip_id in tables.calls):
        return
    if tables.calls or not any(tables.days.values()):
        raise FeedRefused(
            "feed.no_valid_dates",
            message("The feed has no day on which anything runs. %(summary)s."),
            remedy=message("Ask the publisher for a current feed; what was added before still serves."),
            reading=reading,
        )
    raise FeedRefused(
        "feed.no_trips_left",
        message("No trip of the feed can be used. %(summary)s."),
        remedy=message("Ask the publisher for a whole feed; what was added before still serves."),
        reading=reading,
    )


def _compile(archive: Archive, tables: _Tables, reading: Reading, named: tuple[str, str]) -> Feed:
    route_numbers = {route_id: at for at, route_id in enumerate(tables.routes)}
    service_numbers = {service_id: at for at, service_id in enumerate(tables.days)}
    runs: list[Timed] = []
    for trip_id, calls in tables.calls.items():
        trip = tables.trips[trip_id]
        numbers = route_numbers[trip.route_id], service_numbers[trip.service_id]
        runs += [
            Timed(trip, numbers, trip.wheelchair | about, made) for about, made in _repeated(tables, trip_id, calls)
        ]
    services = list(tables.days.values())
    runs += _joined(tables, services, route_numbers)
    patterns, trips = compile_patterns(runs)
    summary = _summary(tables, reading, named, read_feed_info(archive))
    return Feed(
        summary,
        tuple(tables.stops.values()),
        tuple(tables.routes.values()),
        tuple(services),
        tuple(tables.transfers.values()),
        patterns,
        trips,
        tables.fares,
    )


def _repeated(tables: _Tables, trip_id: str, calls: Calls) -> list[tuple[int, Calls]]:
    """The trip as it runs: once, or at each start its frequencies give; with the ABOUT bit where they are not exact."""
    if trip_id not in tables.repeats:
        return [(0, calls)]
    made = []
    for repeat in tables.repeats[trip_id]:
        for start_s in repeat.starts():
            shift = start_s - calls.depart_s[0]
            arrive_s = array("i", (value + shift for value in calls.arrive_s))
            depart_s = array("i", (value + shift for value in calls.depart_s))
            made.append(
                (0 if repeat.is_exact else ABOUT, Calls(calls.stops, calls.rules, arrive_s, depart_s, calls.sequence))
            )
    return made


def _joined(tables: _Tables, services: list[int], route_numbers: dict[str, int]) -> list[Timed]:
    """The runs of vehicles that go on as other trips; their days are added to the services where they are new."""
    service_of: dict[int, int] = {}
    runs = []
    for joint in tables.joints:
        if joint.days not in service_of:
            service_of[joint.days] = len(services)
            services.append(joint.days)
        first, *rest = (tables.trips[trip_id] for trip_id in joint.trips)
        said = {trip.wheelchair for trip in (first, *rest)}
        wheelchair = first.wheelchair if len(said) == 1 else 0
        calls = joined_calls([tables.calls[trip_id] for trip_id in joint.trips])
        numbers = route_numbers[first.route_id], service_of[joint.days]
        going = [Going(one, route_numbers[one.route_id], len(tables.calls[one.trip_id].stops)) for one in rest]
        runs.append(Timed(first, numbers, wheelchair, calls, tuple(going)))
    return runs


def _summary(tables: _Tables, reading: Reading, named: tuple[str, str], info: FeedInfo) -> FeedSummary:
    running = 0
    for trip_id in tables.calls:
        running |= tables.days[tables.trips[trip_id].service_id]
    first, last = (running & -running).bit_length() - 1, running.bit_length() - 1
    zone = next(iter(tables.routes.values())).zone
    return FeedSummary(
        name=named[0],
        title=reading.title,
        zone=zone,
        first_on=_day(first),
        last_on=_day(last),
        stops=len(tables.stops),
        trips_kept=reading.trips_kept,
        trips_total=reading.trips_total,
        findings=len(reading.findings),
        publisher=info.publisher,
        publisher_version=info.version,
        sha256=named[1],
    )


def _day(number: int) -> date:
    return FIRST_DAY + timedelta(days=number)
