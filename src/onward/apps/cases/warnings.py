"""What is hard about a journey, said before it is chosen, each with its reason (P6, P7). Pure, over its JSON form."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from onward.apps.cases.models import Obligation
from onward.apps.people.models import Contact, Known
from onward.apps.places.rules import Hours, find_next_opening, is_open
from onward.apps.timetables.rules import WARNING_TEXTS
from onward.core.errors import message

NIGHT_FROM, NIGHT_TO = time(23), time(5)
NIGHT_LEAST = timedelta(minutes=30)

type Warned = dict[str, Any]
"""A warning as an offer keeps it: {"code": a key of WARNINGS, "values": what fills its sentence}."""

WARNINGS: Mapping[str, str] = WARNING_TEXTS | {
    "arrives_closed": message(
        "Arrives at %(clock)s, when %(desk)s is closed; it next opens on %(opens_on)s at %(opens)s."
    ),
    "arrives_no_desk": message("No desk that receives people is known in %(place)s."),
    "arrives_desk_never_open": message("Opening hours of %(desk)s are not known."),
    "night_wait": message("A wait of %(hours)s h %(minutes)s at night in %(stop)s, from %(from)s to %(to)s."),
    "contact_none": message("Nobody they know in %(place)s is written down."),
    "contact_not_given": message("They did not name anybody in %(place)s."),
    "contact_unreachable": message("Their contact in %(place)s could not be reached."),
    "contact_reached": message("Their contact in %(place)s was reached and has not agreed yet."),
    "date_before": message("%(kind)s on %(on)s in %(place)s: this journey leaves before it, and goes elsewhere."),
    "date_on_the_way": message("%(kind)s on %(on)s in %(place)s: they would be on the road that day."),
    "date_same_day": message("%(kind)s on %(on)s in %(place)s: this journey arrives that day, at %(clock)s."),
    "date_missed": message("%(kind)s on %(on)s in %(place)s: this journey arrives after it."),
    "no_phone": message("They have no phone that works on the way; changes of vehicle: %(changes)s."),
    "no_warm_clothes": message("They have no clothes for the weather in %(place)s."),
    "fitness_open": message("Whether everyone is fit to travel is not known yet."),
    "step_free": message("Somebody needs a way without steps: ask the carrier about each change and vehicle."),
}
"""The English of each warning an offer may carry, those of timetables among them."""

KINDS: Mapping[str, str] = {
    Obligation.Kind.HEARING: message("Hearing"),
    Obligation.Kind.CHECK_IN: message("Check-in"),
    Obligation.Kind.OTHER: message("Date that binds"),
}
ELSEWHERE = message("a place not named")


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a journey ends. desk: the receiving desk's name, "" where there is none. hours: None where unknown."""

    place_key: str
    place: str
    desk: str
    hours: Hours | None


@dataclass(frozen=True, slots=True)
class BindingDate:
    """A date that binds. place: as the list or the paper names it, "" where unknown."""

    kind: str
    on: date
    place_key: str | None
    place: str


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What of a party bears on a journey. contact_states: of its contacts in the journey's place."""

    dates: Sequence[BindingDate]
    contact_states: Sequence[str]
    answers: Mapping[str, str]


def list_warnings(journey: Mapping[str, Any], end: Destination, party: Circumstances) -> list[Warned]:
    """Everything to say about a journey to `end` for a party, the journey in its JSON form with local offsets."""
    return [
        *_dates(journey, end, party.dates),
        *_arrival(journey, end),
        *_nights(journey),
        *_contact(end, party.contact_states),
        *_needs(journey, end, party.answers),
    ]


def _warned(code: str, **values: object) -> Warned:
    return {"code": code, "values": values}


def _arrival(journey: Mapping[str, Any], end: Destination) -> Iterator[Warned]:
    at = datetime.fromisoformat(journey["arrive_at"])
    if not end.desk:
        yield _warned("arrives_no_desk", place=end.place)
    elif end.hours is None or not end.hours.spans:
        yield _warned("arrives_desk_never_open", desk=end.desk)
    elif not is_open(end.hours, at):
        opens = find_next_opening(end.hours, at)
        assert opens is not None
        yield _warned(
            "arrives_closed",
            clock=f"{at:%H:%M}",
            desk=end.desk,
            opens_on=opens.date().isoformat(),
            opens=f"{opens:%H:%M}",
        )


def _nights(journey: Mapping[str, Any]) -> Iterator[Warned]:
    rides = [leg for leg in journey["legs"] if leg["mode"] != "walk"]
    for before, after in pairwise(rides):
        start, end = datetime.fromisoformat(before["arrive_at"]), datetime.fromisoformat(after["depart_at"])
        dark = night_part(start, end)
        if dark >= NIGHT_LEAST:
            hours, minutes = divmod(int(dark.total_seconds()) // 60, 60)
            yield _warned(
                "night_wait",
                stop=after["from"]["name"],
                hours=hours,
                minutes=f"{minutes:02d}",
                **{"from": f"{start:%H:%M}", "to": f"{end:%H:%M}"},
            )


def night_part(start: datetime, end: datetime) -> timedelta:
    """How much of a wait falls between 23:00 and 05:00 on the clock it is given in."""
    dark, day = timedelta(0), start.date() - timedelta(days=1)
    while day <= end.date():
        night = (
            datetime.combine(day, NIGHT_FROM, start.tzinfo),
            datetime.combine(day + timedelta(days=1), NIGHT_TO, start.tzinfo),
        )
        dark += max(timedelta(0), min(end, night[1]) - max(start, night[0]))
        day += timedelta(days=1)
    return dark


def _contact(end: Destination, states: Sequence[str]) -> Iterator[Warned]:
    state = Contact.State
    if not states:
        yield _warned("contact_none", place=end.place)
    elif not {state.AGREED, state.ADDRESS_CONFIRMED} & set(states):
        best = next(one for one in (state.REACHED, state.UNREACHABLE, state.NOT_GIVEN) if one in states)
        yield _warned(f"contact_{best.value}", place=end.place)


def _dates(journey: Mapping[str, Any], end: Destination, dates: Sequence[BindingDate]) -> Iterator[Warned]:
    leaves = datetime.fromisoformat(journey["depart_at"]).date()
    arrives_at = datetime.fromisoformat(journey["arrive_at"])
    for one in sorted(dates, key=lambda binding: binding.on):
        code = _collision(one, leaves, arrives_at.date(), end.place_key)
        if code:
            yield _warned(
                code,
                kind=KINDS[one.kind],
                on=one.on.isoformat(),
                place=one.place or ELSEWHERE,
                clock=f"{arrives_at:%H:%M}",
            )


def _collision(one: BindingDate, leaves: date, arrives: date, end_key: str) -> str:
    """Which warning a date calls for; a date whose place nobody knows is taken to be elsewhere."""
    if one.place_key is not None and one.place_key == end_key:
        if one.on == arrives:
            return "date_same_day"
        return "date_missed" if one.on < arrives else ""
    if one.on < leaves:
        return ""
    return "date_on_the_way" if one.on <= arrives else "date_before"


def _needs(journey: Mapping[str, Any], end: Destination, answers: Mapping[str, str]) -> Iterator[Warned]:
    changes = max(0, int(journey["vehicles"]) - 1)
    if answers.get("phone") == Known.NO and changes:
        yield _warned("no_phone", changes=changes)
    if answers.get("warm_clothes") == Known.NO:
        yield _warned("no_warm_clothes", place=end.place)
    if answers.get("step_free") == Known.YES:
        yield _warned("step_free")
    if answers.get("fit_to_travel", Known.NOT_ASKED) not in {Known.YES, Known.NO}:
        yield _warned("fitness_open")
