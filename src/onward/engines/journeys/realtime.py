"""GTFS Realtime laid over a copy of a feed: delays, cancelled trips, skipped stops, alerts. The stored file stays.

Source: the GTFS Realtime reference (gtfs.org), TripUpdate and Alert. A stop's delay is that of the next stops until one
says otherwise; before the first the timetable holds; NO_DATA ends a delay. A vehicle that is late for its next trip is
late there only as far as it cannot leave before it arrives.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from google.protobuf.message import DecodeError
from google.transit import gtfs_realtime_pb2 as pb

from onward.core.errors import BadInput, message
from onward.engines.journeys.clock import day_start
from onward.engines.journeys.feed import Feed
from onward.engines.journeys.gtfs.calendar import day_number, parse_date
from onward.engines.journeys.gtfs.findings import Finding
from onward.engines.journeys.gtfs.routes import route_mode
from onward.engines.journeys.gtfs.stop_times import parse_time
from onward.engines.journeys.live import About, Alert, Live
from onward.engines.journeys.live_runs import CANCELLED, Changed, Moved, lay_over

OLDEST = timedelta(minutes=10)
"""A message older than this may no longer be true of any train."""

FUTURE = timedelta(minutes=2)
LARGEST = 64 * 1024**2
FILE = "GTFS-RT"

_TRIP = pb.TripDescriptor
_STOP = pb.TripUpdate.StopTimeUpdate
_GONE = {_TRIP.CANCELED, _TRIP.DELETED}
_NOT_OFFERED = {
    _TRIP.ADDED: "a trip beside the timetable",
    _TRIP.NEW: "a trip beside the timetable",
    _TRIP.DUPLICATED: "a trip run twice",
    _TRIP.UNSCHEDULED: "a trip without a timetable",
}


def apply(feed: Feed, data: bytes, *, now: datetime, oldest: timedelta = OLDEST) -> Feed:
    """A copy of the feed with a message laid over it: `Feed.live` says when it was made and what could not be used.

    data: a FeedMessage (protobuf). Raises BadInput where it is damaged, older than `oldest` at `now`, or partial.
    """
    said = _decoded(data)
    said_at = _said_at(said, now, oldest)
    findings: list[Finding] = []
    changes: list[Changed] = []
    alerts: list[Alert] = []
    trips = _Trips(feed)
    for number, entity in enumerate(said.entity, 1):
        if entity.HasField("trip_update"):
            changes += _trip_changes(trips, entity.trip_update, (number, said_at), findings)
        if entity.HasField("alert"):
            alerts.append(_alert(entity.alert))
    made = lay_over(feed, changes)
    name = sha256(feed.summary.sha256.encode() + data).hexdigest()
    live = Live(said_at, tuple(alerts), tuple(findings))
    return replace(made, summary=replace(feed.summary, sha256=name), live=live)


def _decoded(data: bytes) -> pb.FeedMessage:
    said = pb.FeedMessage()
    try:
        if len(data) > LARGEST:
            raise DecodeError("too large")
        said.ParseFromString(data)
    except DecodeError as error:
        raise BadInput(
            "live.damaged",
            message("This is no GTFS Realtime message, or it is damaged."),
            remedy=message("Fetch it again; until then the timetable holds."),
            field="data",
        ) from error
    if said.header.incrementality == pb.FeedHeader.DIFFERENTIAL:
        raise BadInput(
            "live.partial",
            message("The message has only what changed since another one, and cannot stand by itself."),
            remedy=message("Ask the carrier for a full one; until then the timetable holds."),
            field="data",
        )
    return said


def _said_at(said: pb.FeedMessage, now: datetime, oldest: timedelta) -> datetime:
    said_at = datetime.fromtimestamp(min(said.header.timestamp, 1 << 33), UTC)
    if now - oldest <= said_at <= now + FUTURE:
        return said_at
    values = {"said_at": f"{said_at:%Y-%m-%d %H:%M} UTC", "minutes": int(oldest.total_seconds() // 60)}
    if said_at > now:
        text = message("The message says it was made at %(said_at)s, which has not come yet.")
    elif not said.header.timestamp:
        text = message("The message does not say when it was made.")
    else:
        text = message("The message was made at %(said_at)s, more than %(minutes)s minutes ago.")
    raise BadInput(
        "live.stale",
        text,
        remedy=message("Fetch it again, and look at this machine's clock; until then the timetable holds."),
        field="data",
        values=values,
    )


@dataclass(slots=True)
class _Trips:
    """The runs of a feed by trip_id, those by themselves."""

    feed: Feed
    _numbers: dict[str, list[int]] | None = None

    def numbers(self, trip_id: str) -> list[int]:
        """The numbers of a trip's runs: one, or as many as frequencies.txt repeats it."""
        if self._numbers is None:
            self._numbers = {}
            trips = self.feed.trips
            for number, text in enumerate(trips.id):
                if trips.second_route[number] < 0:
                    self._numbers.setdefault(trips.texts[text], []).append(number)
        return self._numbers.get(trip_id, [])

    def day(self, number: int, start_date: str, said_at: datetime) -> int | None:
        """The service day meant, where the trip runs on it: as said, else the one on which it is soonest under way."""
        trips = self.feed.trips
        services = self.feed.services[trips.service[number]]
        if start_date:
            on = parse_date(start_date)
            day = day_number(on) if on else -1
            return day if day >= 0 and services >> day & 1 else None
        zone = self.feed.routes[trips.route[number]].zone
        first, last = trips.time_first[number], trips.time_first[number + 1] - 1
        now, today = said_at.timestamp() // 60, day_number(said_at.date())
        away: list[tuple[float, int]] = []
        for day in range(max(today - 7, 0), today + 2):
            if services >> day & 1:
                start = day_start(zone, day)
                begin, end = start + trips.depart_s[first] // 60, start + trips.arrive_s[last] // 60
                away.append((max(begin - now, now - end, 0), day))
        return min(away)[1] if away else None


def _trip_changes(
    trips: _Trips, update: pb.TripUpdate, where: tuple[int, datetime], findings: list[Finding]
) -> Iterator[Changed]:
    """What one update changes; what it says that cannot be used becomes findings."""
    line, said_at = where
    asked = update.trip
    if asked.schedule_relationship in _NOT_OFFERED:
        what = _NOT_OFFERED[asked.schedule_relationship]
        why = f"It is {what}: it is not offered. Ask the carrier."
        findings.append(Finding(FILE, line, "trip_id", asked.trip_id, why))
        return
    numbers = trips.numbers(asked.trip_id)
    if asked.start_time and len(numbers) > 1:
        numbers = [number for number in numbers if _starts_at(trips.feed, number) == parse_time(asked.start_time)]
    days = [(number, trips.day(number, asked.start_date, said_at)) for number in numbers]
    meant = [(number, day) for number, day in days if day is not None]
    if len(meant) != 1:
        why = (
            "No such trip that day" if not meant else "The trip is repeated that day and the message does not say which"
        )
        value = " ".join(part for part in (asked.trip_id, asked.start_date, asked.start_time) if part)
        findings.append(Finding(FILE, line, "trip", value, f"{why}: the timetable holds."))
        return
    number, day = meant[0]
    if asked.schedule_relationship == _TRIP.REPLACEMENT:
        why = "The trip runs by another timetable that day: it is not offered. Ask the carrier."
        findings.append(Finding(FILE, line, "trip_id", asked.trip_id, why))
    if asked.schedule_relationship in _GONE or asked.schedule_relationship == _TRIP.REPLACEMENT:
        yield Changed(number, day, CANCELLED)
    else:
        yield Changed(number, day, _moved(trips.feed, (number, day), update, line, findings))


def _starts_at(feed: Feed, number: int) -> int:
    return feed.trips.depart_s[feed.trips.time_first[number]]


def _moved(
    feed: Feed, run: tuple[int, int], update: pb.TripUpdate, line: int, findings: list[Finding]
) -> tuple[Moved, ...]:
    """For each call of a run what is said of it, delays carried on."""
    number, day = run
    start = day_start(feed.routes[feed.trips.route[number]].zone, day) * 60
    told = _by_place(feed, number, update, line, findings)
    first, after = feed.trips.time_first[number], feed.trips.time_first[number + 1]
    delay: int | None = update.delay if update.HasField("delay") else None
    moved = []
    for place, at in enumerate(range(first, after)):
        said = told.get(place)
        arrive = depart = delay
        if said is not None and said.schedule_relationship == _STOP.NO_DATA:
            arrive = depart = None
        elif said is not None and said.schedule_relationship != _STOP.SKIPPED:
            arrive = _delay(said.arrival, feed.trips.arrive_s[at] + start, delay) if said.HasField("arrival") else delay
            carried = arrive if said.HasField("arrival") else delay
            depart = (
                _delay(said.departure, feed.trips.depart_s[at] + start, carried)
                if said.HasField("departure")
                else carried
            )
        delay = depart
        moved.append(Moved(arrive, depart, said is not None and said.schedule_relationship == _STOP.SKIPPED))
    return tuple(moved)


def _delay(event: pb.TripUpdate.StopTimeEvent, planned: int, otherwise: int | None) -> int | None:
    """Seconds later than planned. planned: seconds since 1970."""
    if event.HasField("time"):
        return int(event.time) - planned
    return event.delay if event.HasField("delay") else otherwise


def _by_place(
    feed: Feed, number: int, update: pb.TripUpdate, line: int, findings: list[Finding]
) -> dict[int, pb.TripUpdate.StopTimeUpdate]:
    """The updates by the place of the trip they are about: by stop_sequence, else the next call at that stop."""
    trips = feed.trips
    pattern = _pattern_of(feed, number)
    stops = feed.patterns.stops[feed.patterns.first[pattern] : feed.patterns.first[pattern + 1]]
    places = {
        sequence: place for place, sequence in enumerate(_sequences(trips.texts[trips.sequence[number]], len(stops)))
    }
    told: dict[int, pb.TripUpdate.StopTimeUpdate] = {}
    after = 0
    for said in update.stop_time_update:
        if said.HasField("stop_sequence"):
            place = places.get(said.stop_sequence)
        else:
            here = (at for at in range(after, len(stops)) if feed.stops[stops[at]].stop_id == said.stop_id)
            place = next(here, None)
        if place is None:
            value = str(said.stop_sequence) if said.HasField("stop_sequence") else said.stop_id
            why = f"Trip {update.trip.trip_id} does not call there: what is said of it is passed over."
            findings.append(Finding(FILE, line, "stop_time_update", value, why))
            continue
        told[place] = said
        after = place + 1
    return told


def _pattern_of(feed: Feed, number: int) -> int:
    return bisect_right(feed.patterns.trip_first, number) - 1


def _sequences(text: str, count: int) -> list[int]:
    if text.endswith("+"):
        return list(range(int(text[:-1]), int(text[:-1]) + count))
    return [int(part) for part in text.split()]


def _alert(said: pb.Alert) -> Alert:
    periods = tuple(
        (one.start if one.HasField("start") else None, one.end if one.HasField("end") else None)
        for one in said.active_period
    )
    effect = pb.Alert.Effect.Name(said.effect).lower()
    return Alert(
        _text(said.header_text), _text(said.description_text), effect, periods, tuple(map(_about, said.informed_entity))
    )


def _about(said: pb.EntitySelector) -> About:
    mode = route_mode(str(said.route_type)) if said.HasField("route_type") else ""
    route = said.route_id or said.trip.route_id
    return About(said.agency_id, route, said.trip.trip_id, said.stop_id, mode)


def _text(said: pb.TranslatedString) -> str:
    """The English text, else the one without a language, else the first."""
    texts = {one.language.casefold().split("-")[0]: one.text for one in reversed(said.translation)}
    text = texts.get("en") or texts.get("") or next((one.text for one in said.translation), "")
    return " ".join(text.split())
