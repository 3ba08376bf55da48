"""One party's way through the demonstration: the real acts, each at its own moment, told as a story of moments.

A story is a generator: it yields the next moment at which it wants to act, and acts when it is taken up again.
`walk_all` takes all stories up in the order of their moments, so that numbers, statements and chains run as they
would have.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from tools.demo_setting import Desk
from tools.demo_stories import Story, draw_people

from onward.apps.accounts.scopes import centre_scope, place_scope
from onward.apps.cases import actions as cases
from onward.apps.cases.models import Answer, Consent, Decision, Offer
from onward.apps.cases.queries import list_offers
from onward.apps.funds.models import Fund
from onward.apps.funds.queries import list_payers
from onward.apps.notices import actions as notices
from onward.apps.notices.models import Notice
from onward.apps.notices.outbox import Carrier, deliver_due
from onward.apps.people import actions as people
from onward.apps.people.models import Known, Person
from onward.apps.travel import actions as travel
from onward.apps.travel.models import RefundTask, TicketSet
from onward.apps.travel.payment import parts_of
from onward.apps.travel.queries import get_purchase
from onward.apps.travel.rules import Why
from onward.core.actor import Actor, ActorKind
from onward.core.errors import BrokenPromise, message

LEAST_AHEAD = timedelta(hours=2)
"""Nobody is offered a coach that leaves sooner than this."""
DELIVERED_AFTER = timedelta(minutes=1)
NOTED_AFTER = timedelta(minutes=12)
"""How long after departure the desk writes down what became of it."""
ANSWERS = {"fit_to_travel": "yes", "phone": "yes", "warm_clothes": "no", "move_restricted": "no"}
RECEIPT = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 360 120]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj\n"
    b"4 0 obj<</Length 66>>stream\nBT /F 14 Tf 20 60 Td (Receipt made up for the demonstration) Tj ET\nendstream\n"
    b"endobj\n"
    b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
"""A page that says what it is."""


@dataclass(slots=True)
class Stage:
    """What every story shares. now: the moment of the act at hand. anchor: the moment the demonstration is seen at."""

    desks: Mapping[str, Desk]
    names: Mapping[str, Any]
    carrier: Carrier
    anchor: datetime
    now: datetime


@dataclass(slots=True)
class Walker:
    """A story with its desk and its own dice."""

    story: Story
    desk: Desk
    stage: Stage
    draw: Random
    party_id: int = 0

    @property
    def by(self) -> Any:
        """actor and now of the case worker's act at hand, to be spread into a call."""
        return {"actor": self.desk.actors["worker"], "now": self.stage.now}

    def later(self, minutes: int) -> datetime:
        """A moment about so many minutes on."""
        return self.stage.now + timedelta(minutes=minutes + self.draw.randint(0, max(1, minutes // 3)))


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
    day = walker.stage.anchor.astimezone(ZoneInfo(walker.desk.centre.zone)).date()
    cases.record_obligation(
        walker.party_id,
        kind=binding["kind"],
        on=day + timedelta(days=binding["in_days"]),
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
            cases.find_offers(walker.party_id, earliest_on=_earliest_day(walker), **walker.by)
        yield walker.later(7)
        _decide_without(walker)
    elif story.reaches != "interview":
        yield walker.later(8)
        cases.find_offers(walker.party_id, earliest_on=_earliest_day(walker), **walker.by)
        if story.reaches != "offered":
            yield from _tell_tickets(walker)


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
    day = walker.stage.anchor.astimezone(ZoneInfo(walker.desk.centre.zone)).date()
    again = day + timedelta(days=walker.story.ask_again_in) if kind is Decision.Kind.LATER else None
    cases.decide(walker.party_id, kind, ask_again_on=again, **walker.by)


def _earliest_day(walker: Walker) -> Any:
    """The local day to look from: the day the story leaves on, or today of the act."""
    zone = ZoneInfo(walker.desk.centre.zone)
    today = walker.stage.now.astimezone(zone).date()
    if walker.story.reaches not in {"held", "bought", "issued"}:
        return today
    return max(today, walker.stage.anchor.astimezone(zone).date() + timedelta(days=walker.story.leaves))


def _tell_tickets(walker: Walker) -> Iterator[datetime]:
    """Choosing, holding, buying, issuing; then what comes after."""
    story = walker.story
    yield walker.later(12)
    offer = _choose(walker)
    cases.decide(walker.party_id, Decision.Kind.ACCEPT, offer_id=offer.pk, **walker.by)
    cases.record_consent(walker.party_id, Consent.Step.NOTICE, is_yes=story.notice == "yes", **walker.by)
    yield walker.later(3)
    ticket_set = _hold(walker, offer)
    if story.reaches == "held":
        return
    yield walker.later(10)
    _buy(walker, ticket_set)
    if story.reaches == "bought":
        return
    yield walker.later(4)
    travel.issue(ticket_set.pk, **walker.by)
    yield walker.stage.now + DELIVERED_AFTER
    deliver_due(walker.stage.carrier, now=walker.stage.now, limit=5)
    if story.answer:
        yield from _tell_answer(walker, story.answer)
    if story.then:
        yield from _THEN[story.then](walker, TicketSet.objects.get(pk=ticket_set.pk))


def _choose(walker: Walker) -> Offer:
    """The first offer that may be sold and leaves on the story's day; before the anchor where it has left."""
    story, anchor = walker.story, walker.stage.anchor
    first_at = walker.stage.now + LEAST_AHEAD
    last_at = anchor + timedelta(days=30)
    if story.leaves < 0:
        last_at = anchor - NOTED_AFTER - DELIVERED_AFTER
    else:
        first_at = max(first_at, anchor + LEAST_AHEAD)
    fitting = [
        offer
        for offer in list_offers(walker.party_id)
        if not offer.withheld and offer.fare_minor is not None and first_at <= offer.depart_at <= last_at
    ]
    if not fitting:
        raise BrokenPromise(
            "demo.no_offer",
            message("The story from %(centre)s that began %(began)s finds no journey."),
            values={"centre": story.centre, "began": story.began},
        )
    return min(fitting, key=lambda offer: (offer.wish.rank, offer.depart_at, offer.changes))


def _hold(walker: Walker, offer: Offer) -> TicketSet:
    """Hold tickets; a fund that may pays, or a relative does where none may."""
    payer = TicketSet.Payer(walker.story.payer)
    fund = _find_fund(walker, offer) if payer is TicketSet.Payer.FUND else None
    if payer is TicketSet.Payer.FUND and fund is None:
        payer = TicketSet.Payer.RELATIVE
    return travel.hold_tickets(offer.pk, payer=payer, fund_id=fund.pk if fund else None, **walker.by)


def _find_fund(walker: Walker, offer: Offer) -> Fund | None:
    purchase = get_purchase(offer.pk)
    if purchase is None:
        return None
    willing = [fund for fund, reason in list_payers(purchase) if reason is None]
    return walker.draw.choice(willing) if willing else None


def _buy(walker: Walker, ticket_set: TicketSet) -> None:
    cases.record_consent(walker.party_id, Consent.Step.PURCHASE, is_yes=True, **walker.by)
    paid = parts_of(ticket_set)
    travel.record_purchase(
        ticket_set.pk,
        confirmation=f"MADE-UP-{ticket_set.pk:04d}",
        fare=paid.fare,
        tax=paid.tax,
        fee=paid.fee,
        receipt=RECEIPT if walker.draw.random() < 0.7 else None,
        media_type="application/pdf",
        **walker.by,
    )


def _tell_answer(walker: Walker, said: Mapping[str, Any]) -> Iterator[datetime]:
    """The place opens its link and answers; the worker may read the answer out."""
    yield walker.later(20)
    notice = _standing_notice(walker.party_id)
    receiver = Actor(ActorKind.RECEIVER, notice.reference)
    with place_scope(notice.place_id):
        notices.mark_seen(notice.pk, actor=receiver, now=walker.stage.now)
    yield walker.later(4)
    with place_scope(notice.place_id):
        answer = notices.answer(notice.pk, said["code"], said["words"], actor=receiver, now=walker.stage.now)
    if said.get("read_out"):
        yield walker.later(15)
        notices.mark_read_out(answer.pk, **walker.by)


def _standing_notice(party_id: int) -> Notice:
    return Notice.objects.get(ticket_set__party_id=party_id, superseded_by=None)


def _departs(walker: Walker, ticket_set: TicketSet, outcome: TicketSet.State) -> Iterator[datetime]:
    if outcome is TicketSet.State.LEFT:
        yield max(walker.later(1), ticket_set.depart_at - timedelta(minutes=40))
        cases.record_consent(walker.party_id, Consent.Step.LEAVE, is_yes=True, **walker.by)
    yield ticket_set.depart_at + NOTED_AFTER
    travel.record_departure(ticket_set.pk, outcome, **walker.by)
    if outcome in (TicketSet.State.MISSED, TicketSet.State.CANCELLED):
        yield walker.stage.now + DELIVERED_AFTER
        deliver_due(walker.stage.carrier, now=walker.stage.now, limit=5)


def _left(walker: Walker, ticket_set: TicketSet) -> Iterator[datetime]:
    return _departs(walker, ticket_set, TicketSet.State.LEFT)


def _missed(walker: Walker, ticket_set: TicketSet) -> Iterator[datetime]:
    return _departs(walker, ticket_set, TicketSet.State.MISSED)


def _not_confirmed(walker: Walker, ticket_set: TicketSet) -> Iterator[datetime]:
    return _departs(walker, ticket_set, TicketSet.State.NOT_CONFIRMED)


def _cancelled(walker: Walker, ticket_set: TicketSet) -> Iterator[datetime]:
    return _departs(walker, ticket_set, TicketSet.State.CANCELLED)


def _void(walker: Walker, ticket_set: TicketSet) -> Iterator[datetime]:
    """They changed their mind: free of penalty; what was paid is asked back."""
    yield walker.later(240)
    travel.void(ticket_set.pk, why=Why.CHANGED_MIND, **walker.by)
    yield walker.stage.now + DELIVERED_AFTER
    deliver_due(walker.stage.carrier, now=walker.stage.now, limit=5)


def _void_refunded(walker: Walker, ticket_set: TicketSet) -> Iterator[datetime]:
    yield from _void(walker, ticket_set)
    yield walker.later(26 * 60)
    refund = RefundTask.objects.get(ticket_set=ticket_set)
    travel.close_refund(refund.pk, state=RefundTask.State.RECEIVED, **walker.by)


def _changed(walker: Walker, ticket_set: TicketSet) -> Iterator[datetime]:
    """A later coach after all: the same payer, the place hears of the change."""
    yield walker.later(90)
    cases.find_offers(walker.party_id, earliest_on=_earliest_day(walker), **walker.by)
    yield walker.later(6)
    later = [
        offer
        for offer in list_offers(walker.party_id)
        if not offer.withheld and offer.fare_minor is not None and offer.depart_at > ticket_set.depart_at
    ]
    chosen = min(later, key=lambda offer: (offer.place_id != ticket_set.place_id, offer.depart_at))
    changed = travel.change(ticket_set.pk, offer_id=chosen.pk, **walker.by)
    yield walker.later(9)
    _buy(walker, changed)
    yield walker.later(3)
    travel.issue(changed.pk, **walker.by)
    yield walker.stage.now + DELIVERED_AFTER
    deliver_due(walker.stage.carrier, now=walker.stage.now, limit=5)


_THEN: Mapping[str, Callable[[Walker, TicketSet], Iterator[datetime]]] = {
    "left": _left,
    "missed": _missed,
    "not_confirmed": _not_confirmed,
    "cancelled": _cancelled,
    "void": _void,
    "void_refunded": _void_refunded,
    "changed": _changed,
}
