"""A journey's JSON form in words: legs, modes, changes, warnings, opening hours at its end."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from onward.apps.cases.warnings import WARNINGS
from onward.apps.places.models import ReceivingPlace
from onward.apps.places.rules import Hours, find_next_opening, is_open
from onward.apps.timetables.rules import REASON_TEXTS
from onward.engines.journeys.lastmile import By
from onward.faces.desk.strip import SHORT_CHANGE
from onward.faces.formats import apart, day, duration, listed, number

WALK = "walk"
MODES = {
    "rail": _("train"),
    "coach": _("coach"),
    "bus": _("bus"),
    "ferry": _("ferry"),
    "air": _("flight"),
    "tram": _("tram"),
    "subway": _("metro"),
    "taxi": _("taxi"),
    "cable car": _("cable car"),
    "funicular": _("funicular"),
    WALK: _("on foot"),
}
DATES = frozenset({"on", "opens_on", "first", "last", "first_on", "last_on", "said_on"})
"""Values of a warning that are dates (ISO 8601)."""


@dataclass(frozen=True, slots=True)
class LegWords:
    """One leg. depart_at, arrive_at: on the clocks of its own stops. carrier: its name and number.

    stays_seated: its vehicle is that of the leg before, which goes on as another trip.
    """

    mode: str
    mode_word: str
    agency: str
    route: str
    headsign: str
    from_stop: str
    to_stop: str
    depart_at: datetime
    arrive_at: datetime
    stays_seated: bool = False

    @property
    def is_walk(self) -> bool:
        """Whether this is a walk between two stops."""
        return self.mode == WALK

    @property
    def number(self) -> str:
        """The train's or coach's own number where the route ends in one ("69" of "Adirondack 69"), else the route."""
        last = self.route.rpartition(" ")[2]
        return last if any(sign.isdigit() for sign in last) else self.route

    @property
    def carrier(self) -> str:
        """Who runs it and its number, as on a ticket: "Amtrak 69"."""
        return " ".join(part for part in (self.agency, self.number) if part)

    @property
    def length(self) -> timedelta:
        """From leaving to arriving."""
        return self.arrive_at - self.depart_at


@dataclass(frozen=True, slots=True)
class ChangeWords:
    """A change between two vehicles: where, and how long from arriving to leaving."""

    stop: str
    wait: timedelta
    walk: timedelta

    @property
    def is_short(self) -> bool:
        """Whether little time is left for it."""
        return self.wait < SHORT_CHANGE


def mode_word(mode: str) -> str:
    """What a mode is called on pages."""
    return str(MODES.get(mode, gettext("another vehicle")))


def list_legs(journey: Mapping[str, Any]) -> list[LegWords]:
    """The legs of a journey in its JSON form, walks among them."""
    return [
        LegWords(
            leg["mode"],
            mode_word(leg["mode"]),
            leg["agency"] or "",
            leg["route"] or "",
            leg["headsign"] or "",
            leg["from"]["name"],
            leg["to"]["name"],
            datetime.fromisoformat(leg["depart_at"]),
            datetime.fromisoformat(leg["arrive_at"]),
            # Offers found before vehicles that go on as another trip were known say nothing of it.
            leg.get("stays_seated", False),
        )
        for leg in journey["legs"]
    ]


def list_changes(legs: Sequence[LegWords]) -> list[ChangeWords]:
    """The changes between vehicles, in order; staying seated is none."""
    found = []
    rides = [at for at, leg in enumerate(legs) if not leg.is_walk]
    for before, after in pairwise(rides):
        if legs[after].stays_seated:
            continue
        walk = sum((leg.length for leg in legs[before + 1 : after]), timedelta())
        found.append(ChangeWords(legs[after].from_stop, legs[after].depart_at - legs[before].arrive_at, walk))
    return found


def say_modes(legs: Iterable[LegWords]) -> str:
    """By what a journey goes: "train and coach"."""
    words = list(dict.fromkeys(leg.mode_word for leg in legs if not leg.is_walk))
    if len(words) < 2:
        return "".join(words)
    return gettext("%(these)s and %(last)s") % {"these": ", ".join(words[:-1]), "last": words[-1]}


def say_changes(changes: Sequence[ChangeWords]) -> str:
    """How many changes and where: "2, in Albany and Buffalo"; "none"."""
    if not changes:
        return gettext("none")
    stops = "; ".join(one.stop for one in changes)
    return gettext("%(count)s, at %(stops)s") % {"count": len(changes), "stops": stops}


def count_changes(changes: int) -> str:
    """ "direct", "1 change", "2 changes"."""
    if not changes:
        return gettext("direct")
    return ngettext("%(count)s change", "%(count)s changes", changes) % {"count": changes}


def say_short_change(change: ChangeWords) -> str:
    """The risk of one change in words."""
    return gettext("Only %(wait)s to change at %(stop)s: if the first is late, the next is missed.") % {
        "wait": duration(change.wait),
        "stop": change.stop,
    }


def list_short_changes(journey: Mapping[str, Any]) -> list[str]:
    """A sentence for each short change of a journey found before changes were judged; the others are warnings."""
    if "reasons" in journey:
        return []
    return [say_short_change(one) for one in list_changes(list_legs(journey)) if one.is_short]


def list_reasons(journey: Mapping[str, Any]) -> list[str]:
    """Why a journey is among those shown, in the language in force; that its desk is open is said with the hours."""
    return [
        gettext(REASON_TEXTS[one["code"]]) % one["values"]
        for one in journey.get("reasons", ())
        if one["code"] in REASON_TEXTS and one["code"] != "arrives_open"
    ]


def say_last_mile(journey: Mapping[str, Any], desk: ReceivingPlace | None) -> str:
    """How they get from the last stop to the desk's door; "" where there is no desk or it was never looked for."""
    mile = journey.get("last_mile")
    if desk is None or (mile is None and not desk.street_address):
        return ""
    name = apart(desk.name)
    if mile is None:
        text = gettext("From the last stop to %(desk)s, %(address)s: how is not known here. Ask the desk.")
        return text % {"desk": name, "address": apart(desk.street_address)}
    if mile["by"] == By.NOTHING:
        text = gettext("%(desk)s is %(km)s km from the last stop and no timetable goes there: agree who meets them.")
        return text % {"desk": name, "km": number(max(1, round(mile["metres"] / 1000)))}
    values = {"desk": name, "length": duration(timedelta(minutes=mile["minutes"]))}
    if mile["by"] == By.FOOT:
        return gettext("%(desk)s is %(length)s on foot from the last stop.") % values
    rides = listed([apart(ride) for ride in mile["rides"]])
    return gettext("From the last stop to %(desk)s with %(rides)s: there %(length)s after arriving.") % (
        values | {"rides": rides}
    )


def say_warning(warned: Mapping[str, Any], places: Mapping[str, str] | None = None) -> str:
    """A warning as an offer keeps it, in the language in force. places: what places it may name are called there."""
    text = WARNINGS.get(warned["code"])
    if text is None:
        return gettext("Something about this journey needs a second look (%(code)s).") % {"code": warned["code"]}
    values = {name: _value(name, value) for name, value in warned["values"].items()}
    if "place" in values:
        values["place"] = (places or {}).get(str(values["place"]), values["place"])
    return gettext(text) % values


def _value(name: str, value: object) -> object:
    if name in DATES and isinstance(value, str):
        try:
            return day(date.fromisoformat(value))
        except ValueError:
            return value
    return gettext(value) if isinstance(value, str) and value else value


def find_open_span(hours: Hours | None, arrive_at: datetime) -> tuple[datetime, datetime] | None:
    """When a desk is open at an arrival or next after it, from then to closing, on its local clock; None if never."""
    start = find_next_opening(hours, arrive_at) if hours else None
    if hours is None or start is None:
        return None
    end = start.replace(second=0, microsecond=0)
    for on in (start.date() - timedelta(days=1), start.date()):
        span = hours.of(on.isoweekday())
        if span is None:
            continue
        last = on + timedelta(days=1) if span[1] <= span[0] else on
        closes = datetime.combine(last, span[1], start.tzinfo)
        if datetime.combine(on, span[0], start.tzinfo) <= start < closes:
            end = closes
    return (start, end) if end > start else None


def is_open_at(hours: Hours | None, arrive_at: datetime) -> bool:
    """Whether a desk with these hours is open when they arrive."""
    return hours is not None and is_open(hours, arrive_at)
