"""A demonstration story from the choice of a journey on: tickets, what the place answers, what becomes of them."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from onward.apps.accounts.scopes import place_scope
from onward.apps.cases import actions as cases
from onward.apps.cases.models import Consent, Decision, Offer
from onward.apps.cases.queries import list_offers
from onward.apps.funds.models import Fund
from onward.apps.funds.queries import list_payers
from onward.apps.notices import actions as notices
from onward.apps.notices.models import Notice
from onward.apps.notices.outbox import deliver_due
from onward.apps.travel import actions as travel
from onward.apps.travel.models import RefundTask, TicketSet
from onward.apps.travel.payment import parts_of
from onward.apps.travel.queries import get_purchase
from onward.apps.travel.rules import Why
from onward.core.actor import Actor, ActorKind
from onward.core.errors import BrokenPromise, message
from tools.demo_stage import Walker

WITH_TICKETS = frozenset({"held", "bought", "issued"})
LEAST_AHEAD = timedelta(hours=2)
"""Nobody is offered a coach that leaves sooner than this."""
DELIVERED_AFTER = timedelta(minutes=1)
NOTED_AFTER = timedelta(minutes=12)
"""How long after departure the desk writes down what became of it."""
RECEIPT = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 360 120]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj\n"
    b"4 0 obj<</Length 66>>stream\nBT /F 14 Tf 20 60 Td (Receipt made up for the demonstration) Tj ET\nendstream\n"
    b"endobj\n"
    b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
"""A page that says what it is."""


def look_for_journeys(walker: Walker) -> None:
    """Find offers from the day the story leaves on; from the day of the act where it does not say."""
    day = walker.stage.now.astimezone(ZoneInfo(walker.desk.centre.zone)).date()
    if walker.story.reaches in WITH_TICKETS:
        day = max(day, walker.today + timedelta(days=walker.story.leaves))
    cases.find_offers(walker.party_id, earliest_on=day, **walker.by)


def tell_tickets(walker: Walker) -> Iterator[datetime]:
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
    look_for_journeys(walker)
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
