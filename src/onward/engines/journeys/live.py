"""What a carrier said on the day, as values: alerts, and which feed they were laid over; and what they warn of."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from onward.core.errors import message
from onward.engines.journeys.gtfs.findings import Finding
from onward.engines.journeys.journey import Journey, JourneyWarning, Leg

if TYPE_CHECKING:
    from onward.engines.journeys.feed import Feed


@dataclass(frozen=True, slots=True)
class About:
    """What an alert is about; everything named must fit. "" and None: any."""

    agency_id: str = ""
    route_id: str = ""
    trip_id: str = ""
    stop_id: str = ""
    mode: str = ""

    def fits(self, leg: Leg, stops: frozenset[str]) -> bool:
        """Whether a leg is meant. stops: the ids of the stops it is boarded and left at, and of their stations."""
        named = (
            (self.agency_id, leg.agency_id),
            (self.route_id, leg.route_id),
            (self.trip_id, leg.trip_id),
            (self.mode, leg.mode),
        )
        return all(asked in ("", there) for asked, there in named) and (not self.stop_id or self.stop_id in stops)


@dataclass(frozen=True, slots=True)
class Alert:
    """What a carrier wants known. effect: the GTFS-RT effect in small letters, such as "detour".

    periods: (from, to) as seconds since 1970, None for open ends; empty: always.
    """

    header: str
    description: str
    effect: str
    periods: tuple[tuple[int | None, int | None], ...]
    about: tuple[About, ...]

    def holds(self, leg: Leg) -> bool:
        """Whether it holds at some time of the leg."""
        begin, end = leg.depart_at.timestamp(), leg.arrive_at.timestamp()
        return not self.periods or any(
            (start is None or start <= end) and (until is None or until > begin) for start, until in self.periods
        )


@dataclass(frozen=True, slots=True)
class Live:
    """A message laid over a feed. said_at: when the carrier made it. findings: what of it could not be used."""

    said_at: datetime
    alerts: tuple[Alert, ...]
    findings: tuple[Finding, ...]


def with_live_warnings(feeds: "Sequence[Feed]", journeys: Sequence[Journey]) -> list[Journey]:
    """The journeys with what carriers said of them on the day; those of feeds nothing was said of as they are."""
    said = {feed.name: feed for feed in feeds if feed.live is not None}
    if not said:
        return list(journeys)
    return [replace(one, warnings=(*one.warnings, *_warnings(said, one))) for one in journeys]


def _warnings(said: "dict[str, Feed]", journey: Journey) -> tuple[JourneyWarning, ...]:
    found: dict[JourneyWarning, None] = {}
    for leg in journey.legs:
        feed = said.get(leg.feed)
        if feed is None or feed.live is None:
            continue
        if leg.live:
            found[_reported(leg, feed.live)] = None
        stations = {row.stop_id: row.parent_id for row in feed.stops if row.stop_id in _ends(leg)}
        stops = frozenset(key for pair in stations.items() for key in pair if key)
        for alert in feed.live.alerts:
            if alert.holds(leg) and any(about.fits(leg, stops) for about in alert.about):
                found[_said(leg, alert)] = None
    return tuple(found)


def _ends(leg: Leg) -> tuple[str, str]:
    return leg.from_stop.stop_id, leg.to_stop.stop_id


def _reported(leg: Leg, live: Live) -> JourneyWarning:
    clock = live.said_at.astimezone(leg.depart_at.tzinfo)
    values = (("route", leg.route), ("clock", f"{clock:%H:%M}"))
    return JourneyWarning("times_reported", message("%(route)s: times as the carrier reported at %(clock)s."), values)


def _said(leg: Leg, alert: Alert) -> JourneyWarning:
    text = ": ".join(part for part in (alert.header, alert.description) if part) or alert.effect.replace("_", " ")
    values = (("agency", leg.agency), ("text", text[:500]))
    return JourneyWarning("carrier_alert", message("%(agency)s says: %(text)s"), values)
