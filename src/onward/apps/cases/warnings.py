"""What is hard about a journey for this party, said before it is chosen (P6, P7). Pure, over its JSON form.

What is hard about it for anybody (nights, closed desks, short changes) comes with the journey: apps/timetables.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from onward.apps.cases.models import Obligation
from onward.apps.people.models import Contact, Known
from onward.apps.places.rules import Hours
from onward.apps.timetables.rules import WARNING_TEXTS
from onward.core.errors import message

type Warned = dict[str, Any]
"""A warning as an offer keeps it: {"code": a key of WARNINGS, "values": what fills its sentence}."""

WARNINGS: Mapping[str, str] = WARNING_TEXTS | {
    "arrives_no_desk": message("No desk that receives people is known in %(place)s."),
    "arrives_desk_never_open": message("Opening hours of %(desk)s are not known."),
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
        *_arrival(end),
        *_contact(end, party.contact_states),
        *_needs(journey, end, party.answers),
    ]


def _warned(code: str, **values: object) -> Warned:
    return {"code": code, "values": values}


def _arrival(end: Destination) -> Iterator[Warned]:
    """What nobody knows of the desk there; that it is closed on arrival is said with the journey itself."""
    if not end.desk:
        yield _warned("arrives_no_desk", place=end.place)
    elif end.hours is None or not end.hours.spans:
        yield _warned("arrives_desk_never_open", desk=end.desk)


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
    if answers.get("fit_to_travel", Known.NOT_ASKED) not in {Known.YES, Known.NO}:
        yield _warned("fitness_open")
