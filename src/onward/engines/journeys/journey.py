"""What goes into a search and what comes out of it: stops, queries, legs, journeys."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NewType

from onward.core.errors import BadInput, NotFound, message
from onward.core.money import Money
from onward.core.quick import quick
from onward.core.window import Window
from onward.engines.journeys.fares.ticket import Ticket
from onward.engines.journeys.hardship import OpenHours

StopKey = NewType("StopKey", str)
"""A stop among several feeds: "FEED:STOP_ID"."""

WINDOW_LIMIT = timedelta(days=3)
TRAVEL_LIMIT = timedelta(days=7)
VEHICLES_LIMIT = 8
PACE_LIMIT = 400


def stop_key(feed: str, stop_id: str) -> StopKey:
    """The key of a feed's stop."""
    return StopKey(f"{feed}:{stop_id}")


def get_number(number_of: Mapping[StopKey, int], key: StopKey) -> int:
    """The number of a stop among those known; raises NotFound where no feed has it."""
    try:
        return number_of[key]
    except KeyError:
        raise NotFound(
            "stop.unknown",
            message("There is no stop %(key)s."),
            remedy=message("Write it as FEED:ID, with the feed's name from “onward feed list”."),
            field="stop",
            values={"key": key[:80]},
        ) from None


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop or station. lat, lon: degrees, None where the feed gives none. zone: the one its clock shows.

    wheelchair: whether it can be used with a wheelchair, None where nobody says. country: ISO 3166-1 alpha-2, "" where
    it is not known (countries.py).
    """

    feed: str
    stop_id: str
    name: str
    lat: float | None
    lon: float | None
    zone: str
    wheelchair: bool | None = None
    country: str = ""

    @property
    def key(self) -> StopKey:
        """The stop's key among several feeds."""
        return stop_key(self.feed, self.stop_id)


@dataclass(frozen=True, slots=True)
class Leg:
    """One ride, or a walk between two stops (mode "walk": then feed, agency, route, trip_id, headsign are "").

    number: the train's or coach's own, as on the ticket. depart_at, arrive_at: aware, in each stop's own zone, whole
    minutes. arrange: boarding or alighting must be arranged with the carrier. about: the times are not by the minute.
    wheelchair: whether the vehicle takes one, None where nobody says. passed: the stops it calls at in between.
    service_on: the service day of its trip, which need not be the day it leaves on; None for a walk. stays_seated: the
    vehicle is that of the leg before, which goes on as another trip: nobody changes, and it counts as no vehicle more.
    live: the times are those the carrier reported on the day (realtime.py).
    """

    mode: str
    feed: str
    agency: str
    route: str
    number: str
    trip_id: str
    headsign: str
    from_stop: Stop
    to_stop: Stop
    depart_at: datetime
    arrive_at: datetime
    arrange: bool = False
    about: bool = False
    wheelchair: bool | None = None
    agency_id: str = ""
    passed: tuple[Stop, ...] = ()
    service_on: date | None = None
    stays_seated: bool = False
    route_id: str = ""
    live: bool = False

    @property
    def is_walk(self) -> bool:
        """Whether this is a walk between two stops."""
        return self.mode == "walk"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to say of a journey. text: English with %(name)s placeholders that values fill."""

    code: str
    text: str
    values: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return self.text % dict(self.values)


@dataclass(frozen=True, slots=True)
class JourneyWarning(Remark):
    """Something to know before choosing a journey."""


@dataclass(frozen=True, slots=True)
class JourneyReason(Remark):
    """What a journey is good for: why it is among those shown."""


@dataclass(frozen=True, slots=True)
class Journey:
    """A way from one place to another.

    fare, tax, fee: for the whole party, None where any part of its price is not known. quoted_on: the day of the oldest
    quote in it, None where feeds alone say it. tickets: what is bought, in order; none where nobody priced it.
    """

    legs: tuple[Leg, ...]
    fare: Money | None = None
    warnings: tuple[JourneyWarning, ...] = ()
    reasons: tuple[JourneyReason, ...] = ()
    tax: Money | None = None
    fee: Money | None = None
    quoted_on: date | None = None
    tickets: tuple[Ticket, ...] = ()

    @property
    def depart_at(self) -> datetime:
        """When it begins, on the clock there."""
        return self.legs[0].depart_at

    @property
    def arrive_at(self) -> datetime:
        """When it ends, on the clock there."""
        return self.legs[-1].arrive_at

    @property
    def price(self) -> Money | None:
        """Fare, tax and fee together; None where any of them is not known."""
        if self.fare is None or self.tax is None or self.fee is None:
            return None
        return self.fare + self.tax + self.fee

    @property
    def vehicles(self) -> int:
        """How many vehicles are boarded."""
        return sum(not leg.is_walk and not leg.stays_seated for leg in self.legs)


new_leg, new_journey = quick(Leg), quick(Journey)
"""As Leg and Journey: a search makes so many that their making shows."""


@dataclass(frozen=True, slots=True)
class Query:
    """From any of some stops to any of some others, leaving within a window.

    min_change: the least time between two vehicles. max_travel: the longest from leaving to arriving. countries: those
    a journey may touch, all where None; a vehicle is not ridden on past a stop outside them, for being carried through
    a country is being in it. A stop whose country is not known is outside unless "" is among them. open_hours: those
    of the desk that receives, for the searches that weigh hardship. pace: how long walks and the feeds' own change
    times take this party, in hundredths, rounded up to the minute (party.py). Raises BadInput where a limit is passed.
    """

    origins: tuple[StopKey, ...]
    destinations: tuple[StopKey, ...]
    window: Window
    min_change: timedelta = timedelta(minutes=2)
    max_travel: timedelta = timedelta(hours=24)
    max_vehicles: int = VEHICLES_LIMIT
    countries: frozenset[str] | None = None
    open_hours: OpenHours | None = None
    pace: int = 100

    def __post_init__(self) -> None:
        if self.window.end_at - self.window.start_at > WINDOW_LIMIT:
            raise _past_limit("window", "The window is longer than %(limit)s hours.", WINDOW_LIMIT)
        if not timedelta() < self.max_travel <= TRAVEL_LIMIT:
            raise _past_limit("max_travel", "A journey is looked for over %(limit)s hours at most.", TRAVEL_LIMIT)
        if not timedelta() <= self.min_change <= timedelta(hours=24):
            raise _past_limit("min_change", "A change takes from 0 minutes to %(limit)s hours.", timedelta(hours=24))
        if not 100 <= self.pace <= PACE_LIMIT:
            raise BadInput(
                "journey.pace_past_limit",
                message("A walk takes a party from 100 to %(limit)s hundredths of a grown-up's time."),
                remedy=message("Ask for a pace between them."),
                field="pace",
                values={"limit": PACE_LIMIT},
            )
        if not 1 <= self.max_vehicles <= VEHICLES_LIMIT:
            raise BadInput(
                "journey.too_many_vehicles",
                message("A journey has from 1 to %(limit)s vehicles."),
                remedy=message("Ask for a number between them."),
                field="max_vehicles",
                values={"limit": VEHICLES_LIMIT},
            )
        if set(self.origins) & set(self.destinations):
            raise BadInput(
                "journey.same_place",
                message("The journey begins and ends at the same place."),
                remedy=message("Name another place to go to."),
                field="to",
            )


def _past_limit(field: str, text: str, limit: timedelta) -> BadInput:
    return BadInput(
        f"journey.{field}_past_limit",
        text,
        remedy=message("Ask for a shorter one."),
        field=field,
        values={"limit": int(limit.total_seconds() // 3600)},
    )
