"""Why each journey is among those shown, and what is hard about it: codes, English sentences, and what fills them.

A reason is said only where it tells journeys apart: of several, this one arrives first, changes least, and so on.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from onward.core.errors import message
from onward.engines.journeys.hardship import NAMED_FROM_MIN, OpenHours, Wait, arrives_closed, night_wait_minutes, waits
from onward.engines.journeys.journey import Journey, JourneyReason, JourneyWarning, Leg, Query, StopKey
from onward.engines.journeys.risk import Delays, Missed, Odds, Searching, if_missed, odds_of_missing
from onward.engines.journeys.seats import Departure, SeatCount, Seats, StepFree, seats_on, step_free

TIGHT_MIN = 30
"""Minutes of slack below which a change is called tight even where its odds are not known."""
LIKELY = 0.05
"""From this share of missed changes on they are spoken of, however long the change is."""
MANY_HEADS = 5
"""From so many people on it is said that free seats are not known: a pair finds them, a row of five may not."""

REASONS: Mapping[str, str] = {
    "earliest": message("Arrives first."),
    "fewest_changes": message("Fewest changes: %(changes)s."),
    "no_change": message("No change."),
    "shortest": message("Shortest on the way."),
    "cheapest": message("Cheapest of those whose price is known."),
    "no_night_wait": message("No wait at night."),
    "arrives_open": message("Arrives while %(desk)s is open."),
}
"""Why a journey is shown, by code, in the order in which they are said."""

WARNINGS: Mapping[str, str] = {
    "night_wait": message("A wait of %(hours)s h %(minutes)s at night in %(stop)s, from %(from)s to %(to)s."),
    "night_wait_children": message(
        "A wait of %(hours)s h %(minutes)s at night with children in %(stop)s, from %(from)s to %(to)s."
    ),
    "arrives_closed": message(
        "Arrives at %(clock)s, when %(desk)s is closed; it next opens on %(opens_on)s at %(opens)s."
    ),
    "change_odds": message(
        "Change of %(minutes)s min in %(stop)s: one in %(one_in)s miss it (%(source)s, %(first_on)s to %(last_on)s)."
    ),
    "change_odds_later": message(
        "Change of %(minutes)s min in %(stop)s: one in %(one_in)s miss it (%(source)s, %(first_on)s to %(last_on)s). "
        "The next way on leaves %(later)s after it."
    ),
    "change_odds_none": message(
        "Change of %(minutes)s min in %(stop)s: one in %(one_in)s miss it (%(source)s, %(first_on)s to %(last_on)s). "
        "There is no other way on within a day."
    ),
    "change_tight": message("Change of %(minutes)s min in %(stop)s: how many miss it is not known."),
    "change_tight_later": message(
        "Change of %(minutes)s min in %(stop)s: how many miss it is not known. "
        "The next way on leaves %(later)s after it."
    ),
    "change_tight_none": message(
        "Change of %(minutes)s min in %(stop)s: how many miss it is not known. There is no other way on within a day."
    ),
    "change_last_later": message(
        "In %(stop)s they board at %(clock)s, the last way on that day: the next one leaves %(later)s after it."
    ),
    "change_last_none": message("In %(stop)s they board at %(clock)s; there is no other way on within a day."),
    "seats_too_few": message(
        "%(vehicle)s on %(on)s has %(left)s seats left for %(heads)s people (%(source)s, %(said_on)s)."
    ),
    "seats_unknown": message("Whether %(heads)s seats are free is not known: ask the carrier before paying."),
    "step_free_no": message("%(vehicle)s from %(from)s to %(to)s cannot be used with a wheelchair throughout."),
    "step_free": message("Somebody needs a way without steps: ask the carrier about each change and vehicle."),
}
"""What is hard about a journey, by code."""

NOT_ALL_WEIGHED = JourneyWarning(
    "fares_not_all_weighed",
    message("There are too many ways to weigh each by its price: a cheaper one may be missing."),
)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a journey is judged by. seated: people who need a seat. open_hours: of the desk that receives.

    searching: looks for the ways on after a missed change; without it those are not spoken of. query: the one asked.
    """

    query: Query
    seated: int = 1
    has_children: bool = False
    needs_step_free: bool = False
    open_hours: OpenHours | None = None
    delays: Delays = Delays()
    seats: Mapping[Departure, SeatCount] = field(default_factory=dict)
    searching: Searching | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A change as far as it may fail. odds: None where not known; missed: None where it was not looked for."""

    wait: Wait
    odds: Odds | None
    missed: Missed | None


def remarked(journeys: Sequence[Journey], given: Circumstances) -> list[Journey]:
    """The journeys with why each is among them, and with what is hard about it after what was known to be."""
    looked: dict[tuple[StopKey, datetime], Missed] = {}
    said = []
    for journey, reasons in zip(journeys, _reasons(journeys, given), strict=True):
        warnings = (*journey.warnings, *_warnings(journey, given, looked))
        said.append(replace(journey, reasons=(*journey.reasons, *reasons), warnings=warnings))
    return said


def not_all_weighed(journey: Journey) -> Journey:
    """The journey with a warning that a cheaper one may be missing beside it."""
    return replace(journey, warnings=(*journey.warnings, NOT_ALL_WEIGHED))


def changes_of(journey: Journey, given: Circumstances) -> list[Change]:
    """Each change of a journey with its odds and what there is if it is missed."""
    return _changes(journey, given, {})


def _reasons(journeys: Sequence[Journey], given: Circumstances) -> list[list[JourneyReason]]:
    """For each journey what it is best in, alone or with few others; nothing that is true of all."""
    priced = [one.fare for one in journeys if one.fare is not None]
    currencies = {fare.currency for fare in priced}
    nights = [night_wait_minutes(one.legs) for one in journeys]
    lengths = [one.arrive_at - one.depart_at for one in journeys]
    holds: dict[str, list[bool]] = {
        "earliest": _least([one.arrive_at for one in journeys]),
        "fewest_changes": _least([one.vehicles for one in journeys]),
        "shortest": _least(lengths),
        "no_night_wait": [not night for night in nights],
        "arrives_open": [bool(given.open_hours and given.open_hours.is_open(one.arrive_at)) for one in journeys],
        "cheapest": [False] * len(journeys),
    }
    if len(currencies) == 1 and len(priced) > 1:
        least = min(fare.minor for fare in priced)
        holds["cheapest"] = [one.fare is not None and one.fare.minor == least for one in journeys]
    telling = {code for code, held in holds.items() if any(held) and not all(held)}
    return [
        [_reason(code, one, given) for code in REASONS if code in telling and holds[code][at]]
        for at, one in enumerate(journeys)
    ]


def _least[Value: (datetime, timedelta, int)](values: Sequence[Value]) -> list[bool]:
    least = min(values, default=None)
    return [value == least for value in values]


def _reason(code: str, journey: Journey, given: Circumstances) -> JourneyReason:
    if code == "fewest_changes" and journey.vehicles == 1:
        return JourneyReason("no_change", REASONS["no_change"])
    values = {
        "fewest_changes": (("changes", str(journey.vehicles - 1)),),
        "arrives_open": (("desk", given.open_hours.name if given.open_hours else ""),),
    }
    return JourneyReason(code, REASONS[code], values.get(code, ()))


def _warning(code: str, **values: object) -> JourneyWarning:
    return JourneyWarning(code, WARNINGS[code], tuple((name, str(value)) for name, value in values.items()))


def _warnings(
    journey: Journey, given: Circumstances, looked: dict[tuple[StopKey, datetime], Missed]
) -> Iterator[JourneyWarning]:
    yield from _arrival(journey, given.open_hours)
    for change in _changes(journey, given, looked):
        yield from _night(change.wait, has_children=given.has_children)
        yield from _risk(change)
    yield from _seats(journey, given)
    if given.needs_step_free:
        yield from _steps(journey)


def _arrival(journey: Journey, hours: OpenHours | None) -> Iterator[JourneyWarning]:
    opens = hours.next_open(journey.arrive_at) if hours else None
    if hours is not None and opens is not None and arrives_closed(journey.arrive_at, hours):
        yield _warning(
            "arrives_closed",
            clock=f"{journey.arrive_at:%H:%M}",
            desk=hours.name,
            opens_on=opens.date().isoformat(),
            opens=f"{opens:%H:%M}",
        )


def _night(wait: Wait, *, has_children: bool) -> Iterator[JourneyWarning]:
    if wait.night < NAMED_FROM_MIN:
        return
    hours, minutes = divmod(wait.night, 60)
    yield _warning(
        "night_wait_children" if has_children else "night_wait",
        stop=wait.at.name,
        hours=hours,
        minutes=f"{minutes:02d}",
        **{"from": f"{wait.before.arrive_at:%H:%M}", "to": f"{wait.after.depart_at:%H:%M}"},
    )


def _risk(change: Change) -> Iterator[JourneyWarning]:
    """The odds where they are known and worth a word, a tight change otherwise; and the last way on of a day."""
    wait, odds, missed = change.wait, change.odds, change.missed
    about: dict[str, object] = {"minutes": wait.minutes, "stop": wait.at.name}
    if missed is not None and missed.minutes is not None:
        about["later"] = f"{missed.minutes // 60} h {missed.minutes % 60:02d}"
    after = "" if missed is None else "_none" if missed.minutes is None else "_later"
    if odds is not None and odds.one_in is not None and odds.missed >= LIKELY * odds.runs:
        record = odds.record
        dates = {"first_on": record.first_on.isoformat(), "last_on": record.last_on.isoformat()}
        yield _warning(f"change_odds{after}", one_in=odds.one_in, source=record.source, **dates, **about)
    elif odds is None and wait.slack < TIGHT_MIN:
        yield _warning(f"change_tight{after}", **about)
    elif missed is not None and missed.was_last:
        del about["minutes"]
        yield _warning(f"change_last{after}", clock=f"{wait.after.depart_at:%H:%M}", **about)


def _seats(journey: Journey, given: Circumstances) -> Iterator[JourneyWarning]:
    unknown = False
    for leg in journey.legs:
        if leg.is_walk:
            continue
        answer, count = seats_on(leg, given.seated, given.seats)
        unknown |= answer is Seats.UNKNOWN
        if answer is Seats.TOO_FEW and count is not None:
            yield _warning(
                "seats_too_few",
                vehicle=vehicle_name(leg),
                on=leg.depart_at.date().isoformat(),
                left=count.left,
                heads=given.seated,
                source=count.source,
                said_on=count.said_on.isoformat(),
            )
    if unknown and given.seated >= MANY_HEADS:
        yield _warning("seats_unknown", heads=given.seated)


def _steps(journey: Journey) -> Iterator[JourneyWarning]:
    answers = [(leg, step_free(leg)) for leg in journey.legs]
    for leg, answer in answers:
        if answer is StepFree.NO:
            ends = {"from": leg.from_stop.name, "to": leg.to_stop.name}
            yield _warning("step_free_no", vehicle=vehicle_name(leg), **ends)
    if any(answer is StepFree.UNKNOWN for _, answer in answers):
        yield _warning("step_free")


def vehicle_name(leg: Leg) -> str:
    """The vehicle as on a ticket: "Amtrak 69"; the walk itself for a walk."""
    return leg.mode if leg.is_walk else " ".join(part for part in (leg.agency, leg.number or leg.route) if part)


def _changes(journey: Journey, given: Circumstances, looked: dict[tuple[StopKey, datetime], Missed]) -> list[Change]:
    return [
        Change(wait, odds_of_missing(wait, given.delays), _missed(wait, given, looked)) for wait in waits(journey.legs)
    ]


def _missed(wait: Wait, given: Circumstances, looked: dict[tuple[StopKey, datetime], Missed]) -> Missed | None:
    """What there is if a change is missed; looked for once for each stop and moment, as journeys share changes."""
    if given.searching is None:
        return None
    key = wait.at.key, wait.after.depart_at
    if key not in looked:
        looked[key] = if_missed(wait, given.query, given.searching)
    return looked[key]
