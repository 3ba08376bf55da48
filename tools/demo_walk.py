"""One party's way through the demonstration: the real acts, each at its own moment, told as a story of moments.

A story is a generator: it yields the next moment at which it wants to act, and acts when it is taken up again.
`walk_all` takes all stories up in the order of their moments, so that numbers, statements and chains run as they
would have.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

from onward.apps.accounts.scopes import centre_scope
from onward.apps.cases import actions as cases
from onward.apps.cases.models import Answer, Decision
from onward.apps.people import actions as people
from onward.apps.people.models import Known, Person
from onward.core.errors import BrokenPromise, message
from tools.demo_setting import Desk
from tools.demo_stage import Stage, Walker
from tools.demo_stories import Story, draw_people
from tools.demo_tickets import look_for_journeys, tell_tickets

ANSWERS = {"fit_to_travel": "yes", "phone": "yes", "warm_clothes": "no", "move_restricted": "no"}


def walk_all(stories: Iterable[Story], stage: Stage, *, seed: int) -> None:
    """Play every story, each to where it reaches. Raises BrokenPromise for one that would act after the anchor."""
    moments: list[tuple[datetime, int, Iterator[datetime], Desk]] = []
    for number, story in enumerate(stories):
        desk = stage.desks[story.centre]
        told = _tell(Walker(story, desk, stage, Random(f"{seed}/{number}")))  # noqa: S311  (dice of a story)
        moments.append((next(told), number, told, desk))
    heapq.heapify(moments)
    while moments:
        stage.now, number, told, desk = heapq.heappop(moments)
        if stage.now > stage.anchor:
            raise BrokenPromise(
                "demo.too_late", message("Story %(number)s acts after the anchor."), values={"number": number + 1}
            )
        with centre_scope(desk.centre.pk):
            following = next(told, None)
        if following is not None:
            heapq.heappush(moments, (following, number, told, desk))


def _tell(walker: Walker) -> Iterator[datetime]:
    story = walker.story
    yield story.begins_at(walker.stage.anchor, walker.desk.centre.zone)
    party = people.arrive(story.heads, story.language, bed_tonight=story.bed, is_urgent=story.is_urgent, **walker.by)
    walker.party_id = party.pk
    if story.reaches == "waiting":
        return
    yield walker.later(9)
    people.explain(
        walker.party_id,
        language=story.explained_in or story.language,
        interpreter=story.interpreter,
        **walker.by,
    )
    yield walker.later(4)
    cases.begin_interview(walker.party_id, **walker.by)
    yield walker.later(6)
    _describe(walker)
    yield walker.later(5)
    _ask(walker)
    yield from _tell_end(walker)


def _describe(walker: Walker) -> None:
    drawn = draw_people(walker.story, walker.stage.names, year=walker.stage.now.year, draw=walker.draw)
    for position, one in enumerate(drawn, start=1):
        people.describe_person(
            walker.party_id,
            position,
            name=one.name,
            birth_year=one.birth_year,
            age_band=one.band.value,
            is_guardian=one.is_guardian,
            **walker.by,
        )


def _ask(walker: Walker) -> None:
    """How they came, what they wish, whom they know, what binds and what they need, each asked alone how safe."""
    story, party_id = walker.story, walker.party_id
    meant = story.meant or ("", "")
    cases.record_origin(
        party_id, chose_to_come=story.chose, meant_words=meant[1], meant_place_key=meant[0] or None, **walker.by
    )
    for rank, (place, words) in enumerate(story.wishes, start=1):
        cases.record_wish(party_id, rank, words=words, place_key=place or None, **walker.by)
    if story.contact:
        _note_contact(walker, story.contact)
    if story.obligation:
        _note_obligation(walker, story.obligation)
    binding = Known.YES if story.obligation else Known.NO
    cases.record_answers(
        party_id, ANSWERS | dict(story.needs or {}) | {Answer.Question.BINDING_DATES: binding}, **walker.by
    )
    for person in Person.objects.filter(party_id=party_id, age_band="adult").order_by("position"):
        is_first = person.position == 1
        safe = Known.NO if story.goes_apart and not is_first else Known.YES
        cases.record_safety(person.pk, answer=safe, is_asked_alone=True, **walker.by)


def _note_contact(walker: Walker, contact: Mapping[str, str]) -> None:
    pool = walker.stage.names["es"]
    is_confirmed = contact["state"] == "address_confirmed"
    people.record_contact(
        walker.party_id,
        place_key=contact["place"],
        name=f"{walker.draw.choice(pool['given'])} {walker.draw.choice(pool['family'])}",
        phone=f"+1 312 555 01{walker.draw.randint(20, 99)}",
        address=f"{walker.draw.randint(10, 990)} Example Street" if is_confirmed else "",
        state=contact["state"],
        **walker.by,
    )


def _note_obligation(walker: Walker, binding: Mapping[str, Any]) -> None:
    cases.record_obligation(
        walker.party_id,
        kind=binding["kind"],
        on=walker.today + timedelta(days=binding["in_days"]),
        place_key=binding["place"],
        place_words=binding["words"],
        **walker.by,
    )


def _tell_end(walker: Walker) -> Iterator[datetime]:
    """From the interview's end on: where the story reaches."""
    story = walker.story
    if story.goes_apart:
        yield walker.later(25)
        _go_apart(walker)
    elif story.parked:
        yield walker.later(3)
        _park(walker, story.parked)
    elif story.reaches in _WITHOUT_JOURNEY:
        if story.reaches == "later":
            yield walker.later(8)
            look_for_journeys(walker)
        yield walker.later(7)
        _decide_without(walker)
    elif story.reaches != "interview":
        yield walker.later(8)
        look_for_journeys(walker)
        if story.reaches != "offered":
            yield from tell_tickets(walker)


_WITHOUT_JOURNEY = {
    "stays": Decision.Kind.STAY,
    "later": Decision.Kind.LATER,
    "declined": Decision.Kind.DECLINE,
}


def _go_apart(walker: Walker) -> None:
    """The one who does not feel safe leaves the party on her own word."""
    leaving = Person.objects.filter(party_id=walker.party_id).order_by("-position")[0]
    people.leave_party(leaving.pk, **walker.by)


def _park(walker: Walker, parked: Mapping[str, Any]) -> None:
    people.park(
        walker.party_id,
        until=walker.stage.anchor + timedelta(hours=parked["hours"]),
        owner_id=int(walker.desk.actors["coordinator"].id),
        why=parked["why"],
        **walker.by,
    )


def _decide_without(walker: Walker) -> None:
    kind = _WITHOUT_JOURNEY[walker.story.reaches]
    again = walker.today + timedelta(days=walker.story.ask_again_in) if kind is Decision.Kind.LATER else None
    cases.decide(walker.party_id, kind, ask_again_on=again, **walker.by)
