"""A party's tickets, from holding the money to leaving or getting it back. Locks: fund, party, ticket set, chain head.

Each act may be pressed again: the second press finds it done and returns what stands.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from onward.apps.accounts.scopes import centre_scope, every_centre
from onward.apps.cases.actions import decide
from onward.apps.cases.models import Decision
from onward.apps.funds.actions import WALK
from onward.apps.funds.books import lock_fund
from onward.apps.funds.rules import Parts
from onward.apps.people.actions import move_party
from onward.apps.people.models import Party
from onward.apps.people.sealing import ring, seal
from onward.apps.record.actions import append, case_chain
from onward.apps.record.chain import Fact
from onward.apps.travel import checks, payment
from onward.apps.travel.given import (
    CONFIRMATION,
    Payer,
    read_confirmation,
    read_outcome,
    read_refund_state,
    read_why,
    received_money,
    require_not_departed,
    require_other_offer,
    require_payer,
    require_time_for,
    same_or_conflict,
    same_purchase_or_conflict,
)
from onward.apps.travel.models import Receipt, RefundTask, Ticket, TicketSet
from onward.apps.travel.receipts import RECEIPT, read_media_type
from onward.apps.travel.rows import get_offer, lock_live_set, lock_party, lock_set, lock_told_void
from onward.apps.travel.rules import BOUGHT, State, Why, move, move_refund, telling_deadline
from onward.apps.travel.telling import tell_cancelled, tell_coming
from onward.core.actor import Actor, job
from onward.core.errors import NotFound, message
from onward.core.keys import KeyId
from onward.core.money import Money


@transaction.atomic
def hold_tickets(
    offer_id: int,
    *,
    payer: Payer,
    fund_id: int | None = None,
    fare: Money | None = None,
    tax: Money | None = None,
    fee: Money | None = None,
    actor: Actor,
    now: datetime,
) -> TicketSet:
    """Hold one set of tickets for the whole party on the offer it accepted; a fund's money is set aside.

    fare, tax, fee: what the carrier quotes for the whole party, needed where the offer has no price. Raises Stopped
    (P5, P6, P8), the fund's reason, or Conflict when the party has tickets already.
    """
    actor.require(*WALK)
    require_payer(payer, fund_id)
    if fund_id is not None:
        actor.require_centre(lock_fund(fund_id).centre_id)
    offer = get_offer(offer_id)
    party = lock_party(offer.party_id, actor)
    standing = lock_live_set(party.pk)
    if standing is not None:
        return same_or_conflict(standing, offer.pk, payer, fund_id)
    checks.require_accepted(offer)
    draft = TicketSet(offer=offer, payer=payer, fund_id=fund_id)
    return _hold(party, draft, payment.quoted_parts(fare, tax, fee), actor=actor, now=now)


def _hold(party: Party, draft: TicketSet, quoted: Parts | None, *, actor: Actor, now: datetime) -> TicketSet:
    """Check, save, and set money aside for a set whose offer and payer are given. Locks are held."""
    offer = draft.offer
    checks.require_offer_open(offer, now)
    checks.require_holdable(party.pk)
    persons = checks.require_people_described(party)
    if quoted is None:
        checks.require_priced_for(offer, persons)
    checks.require_ages(party, persons, payment.departure_day(offer).year, actor=actor, now=now)
    draft.centre_id, draft.party, draft.place_id, draft.heads = party.centre_id, party, offer.place_id, party.heads
    draft.depart_at, draft.arrive_at, draft.held_at, draft.state = offer.depart_at, offer.arrive_at, now, State.HELD
    payment.write_parts(draft, payment.price_of(offer, quoted))
    draft.save(force_insert=True)
    Ticket.objects.bulk_create(
        [Ticket(centre_id=party.centre_id, ticket_set=draft, person=one, age_band=one.age_band) for one in persons]
    )
    payment.hold_money(draft, actor=actor, now=now)
    _move_party(party, Party.State.ACCEPTED, actor=actor, now=now)
    _record(draft, "tickets.held", {"offer": offer.pk, **_money_facts(draft)}, actor=actor, now=now)
    return draft


@transaction.atomic
def record_purchase(
    ticket_set_id: int,
    *,
    confirmation: str,
    fare: Money,
    tax: Money,
    fee: Money,
    receipt: bytes | None = None,
    media_type: str = "",
    actor: Actor,
    now: datetime,
) -> TicketSet:
    """Write down the purchase made at the carrier: its confirmation number, the price truly paid, the receipt.

    Once, however often it is pressed: the same confirmation again changes nothing, another one is a Conflict that
    says when it was recorded. The receipt is a PNG, JPEG or PDF by its own bytes, at most 10 MB; `media_type` as
    claimed is not believed. Raises Stopped without a yes at purchase (P4).
    """
    actor.require(*WALK)
    number = read_confirmation(confirmation)
    kind = read_media_type(receipt) if receipt else ""
    ticket_set = lock_set(ticket_set_id, actor)
    if ticket_set.bought_at is not None:
        return same_purchase_or_conflict(ticket_set, number)
    checks.require_purchase_consent(ticket_set)
    move(ticket_set, State.BOUGHT)
    paid = Parts(fare, tax, fee)
    payment.spend_money(ticket_set, paid, actor=actor, now=now)
    payment.write_parts(ticket_set, paid)
    ticket_set.confirmation = seal(ticket_set.party, CONFIRMATION, number)
    ticket_set.bought_at = now
    if receipt:
        ticket_set.receipt_sha256 = _keep_receipt(ticket_set, receipt, kind, now).sha256
    ticket_set.save()
    facts = {"receipt_sha256": ticket_set.receipt_sha256, **_money_facts(ticket_set)}
    _record(ticket_set, "tickets.bought", facts, actor=actor, now=now)
    return ticket_set


@transaction.atomic
def issue(ticket_set_id: int, *, actor: Actor, now: datetime) -> TicketSet:
    """Issue a bought set and tell the receiving place in the same transaction (P10). Pressed again: nothing more.

    Checks again what may stop a ticket and that people and tickets agree (P5, P6).
    """
    actor.require(*WALK)
    ticket_set = lock_set(ticket_set_id, actor)
    if ticket_set.state == State.ISSUED:
        return ticket_set
    move(ticket_set, State.ISSUED)
    checks.require_offer_open(ticket_set.offer, now)
    checks.require_no_stop(ticket_set.party_id)
    checks.require_purchase_consent(ticket_set)
    persons = checks.require_people_described(ticket_set.party)
    checks.require_tickets_match(ticket_set, persons)
    year = payment.departure_day(ticket_set.offer).year
    checks.require_ages(ticket_set.party, persons, year, actor=actor, now=now)
    ticket_set.issued_at = now
    ticket_set.save(update_fields=["state", "issued_at"])
    tell_coming(ticket_set, actor=actor, now=now)
    _move_party(ticket_set.party, Party.State.TICKETED, actor=actor, now=now)
    _record(ticket_set, "tickets.issued", {"heads": ticket_set.heads}, actor=actor, now=now)
    return ticket_set


@transaction.atomic
def void(ticket_set_id: int, *, why: Why | str, actor: Actor, now: datetime) -> TicketSet:
    """Take a set back without penalty, until departure (P4). Money held is released; money spent is asked back as a
    refund task; a place that was told is told. The party may choose again. Pressed again: nothing more."""
    actor.require(*WALK)
    reason = read_why(why)
    ticket_set = lock_set(ticket_set_id, actor)
    if ticket_set.state == State.VOID:
        return ticket_set
    require_not_departed(ticket_set, now)
    _take_back(ticket_set, reason, actor=actor, now=now)
    for told in lock_told_void(ticket_set.party_id):
        tell_cancelled(told, actor=actor, now=now)
    ticket_set.is_told = False
    _back_to_offers(ticket_set.party, actor=actor, now=now)
    return ticket_set


@transaction.atomic
def change(
    ticket_set_id: int,
    *,
    offer_id: int,
    fare: Money | None = None,
    tax: Money | None = None,
    fee: Money | None = None,
    actor: Actor,
    now: datetime,
) -> TicketSet:
    """Void a set and hold another in its place, both or neither; the same payer pays. Returns the new set.

    The new journey is the party's decision, and is written down as such.
    A place that was told of the old set hears `changed` when the new one is issued, `cancelled` when the new one is
    voided or an hour passes, and `cancelled` at once when the new journey goes elsewhere. Pressed again: returns the
    new set.
    """
    actor.require(*WALK)
    old = lock_set(ticket_set_id, actor)
    done = TicketSet.objects.filter(replaces=old, offer_id=offer_id).first()
    if done is not None:
        return done
    offer = get_offer(offer_id)
    require_other_offer(old, offer)
    require_not_departed(old, now)
    _take_back(old, Why.OTHER_JOURNEY, actor=actor, now=now)
    for told in lock_told_void(old.party_id):
        if told.place_id != offer.place_id:
            tell_cancelled(told, actor=actor, now=now)
    _back_to_offers(old.party, actor=actor, now=now)
    if not checks.is_accepted(offer):
        decide(old.party_id, Decision.Kind.ACCEPT, offer_id=offer.pk, actor=actor, now=now)
        old.party.refresh_from_db()
    draft = TicketSet(offer=offer, payer=old.payer, fund_id=old.fund_id, replaces=old)
    return _hold(old.party, draft, payment.quoted_parts(fare, tax, fee), actor=actor, now=now)


@transaction.atomic
def record_departure(ticket_set_id: int, outcome: State | str, *, actor: Actor, now: datetime) -> TicketSet:
    """What became of an issued set at departure: left, not confirmed, missed, cancelled by the carrier.

    left needs their yes on leaving (P4); a no is Stopped, and voiding is the way. Missed and cancelled open a refund
    task and tell the place. not confirmed may be settled later. Pressed again: nothing more.
    """
    actor.require(*WALK)
    to = read_outcome(outcome)
    ticket_set = lock_set(ticket_set_id, actor)
    if ticket_set.state == to:
        return ticket_set
    move(ticket_set, to)
    require_time_for(to, ticket_set, now)
    if to == State.LEFT:
        checks.require_leave_consent(ticket_set)
    ticket_set.ended_at = None if to == State.NOT_CONFIRMED else now
    ticket_set.save(update_fields=["state", "ended_at"])
    if to == State.LEFT:
        _move_party(ticket_set.party, Party.State.LEFT, actor=actor, now=now)
    if to in (State.MISSED, State.CANCELLED):
        payment.ask_money_back(ticket_set, actor=actor, now=now)
        tell_cancelled(ticket_set, actor=actor, now=now)
        _back_to_offers(ticket_set.party, actor=actor, now=now)
    _record(ticket_set, "tickets.departure", {"outcome": to.value}, actor=actor, now=now)
    return ticket_set


@transaction.atomic
def close_refund(
    refund_id: int, *, state: RefundTask.State | str, received: Money | None = None, actor: Actor, now: datetime
) -> RefundTask:
    """The carrier answered: value received (all of it, or `received`), or refused. The rest is lost and stays spent.

    Pressed again with the same answer: nothing more; with another: Conflict.
    """
    actor.require(*WALK)
    to = read_refund_state(state)
    found = RefundTask.objects.filter(pk=refund_id).first()
    if found is None:
        raise NotFound("refund.unknown", message("There is no such refund."))
    ticket_set = lock_set(found.ticket_set_id, actor)
    refund = RefundTask.objects.select_for_update(no_key=True).get(pk=refund_id)
    refund.ticket_set = ticket_set
    back = received_money(refund, to, received)
    if refund.state == to and refund.received_minor == back.minor:
        return refund
    move_refund(refund, to)
    refund.received_minor, refund.closed_at = back.minor, now
    refund.save(update_fields=["state", "received_minor", "closed_at"])
    payment.take_money_back(refund, back, actor=actor, now=now)
    amounts: dict[str, Fact] = {"asked_minor": refund.amount_minor, "received_minor": back.minor}
    facts = {"refund": refund.pk, "state": to.value, **amounts}
    _record(ticket_set, "refund.closed", facts, actor=actor, now=now)
    return refund


def settle_changes(*, now: datetime) -> int:
    """The job: tell places that wait for people whose tickets were changed and not issued anew in time.

    Returns how many it told. May run at any time, in several processes.
    """
    with every_centre("places must hear of changes in all centres"):
        owed = list(TicketSet.objects.filter(state=State.VOID, is_told=True).order_by("pk"))
    late = [one for one in owed if one.ended_at and telling_deadline(one.ended_at, one.depart_at) <= now]
    return sum(_settle(one.pk, one.centre_id, now) for one in late)


def _settle(ticket_set_id: int, centre_id: int, now: datetime) -> int:
    actor = job("settle_changes")
    with centre_scope(centre_id), transaction.atomic():
        seen = TicketSet.objects.get(pk=ticket_set_id)
        Party.objects.select_for_update(no_key=True).get(pk=seen.party_id)
        told = TicketSet.objects.select_for_update(no_key=True).get(pk=ticket_set_id)
        if not told.is_told:
            return 0
        tell_cancelled(told, actor=actor, now=now)
        _record(told, "tickets.change_unfinished", {}, actor=actor, now=now)
        return 1


# What an act is made of.


def _take_back(ticket_set: TicketSet, why: Why, *, actor: Actor, now: datetime) -> None:
    """Void a locked set and settle its money; who tells the place is the caller's to say."""
    was = State(ticket_set.state)
    move(ticket_set, State.VOID)
    if was in BOUGHT:
        payment.ask_money_back(ticket_set, actor=actor, now=now)
    else:
        payment.release_money(ticket_set, actor=actor, now=now)
    ticket_set.ended_at = now
    ticket_set.save(update_fields=["state", "ended_at"])
    facts = {"was": was.value, "why": why.value, **_money_facts(ticket_set)}
    _record(ticket_set, "tickets.void", facts, actor=actor, now=now)


def _move_party(party: Party, to: Party.State, *, actor: Actor, now: datetime) -> None:
    if party.state != to:
        move_party(party, to, actor=actor, now=now)


def _back_to_offers(party: Party, *, actor: Actor, now: datetime) -> None:
    """The party may choose again; one that chose to stay, to decide later or to decline keeps its answer (P2)."""
    if party.state in (Party.State.ACCEPTED, Party.State.TICKETED):
        move_party(party, Party.State.OFFERED, actor=actor, now=now)


def _record(ticket_set: TicketSet, act: str, facts: Mapping[str, Fact], *, actor: Actor, now: datetime) -> None:
    append(case_chain(ticket_set.party_id), act, {"ticket_set": ticket_set.pk, **facts}, actor=actor, now=now)


def _money_facts(ticket_set: TicketSet) -> dict[str, Fact]:
    return {
        "payer": ticket_set.payer,
        "fund": ticket_set.fund_id,
        "fare_minor": ticket_set.fare_minor,
        "tax_minor": ticket_set.tax_minor,
        "fee_minor": ticket_set.fee_minor,
        "currency": ticket_set.currency,
    }


def _keep_receipt(ticket_set: TicketSet, content: bytes, media_type: str, now: datetime) -> Receipt:
    receipt = Receipt(
        centre_id=ticket_set.centre_id,
        ticket_set=ticket_set,
        media_type=media_type,
        content=ring().seal_bytes(KeyId(ticket_set.party.key_id), RECEIPT, content),
        sha256=hashlib.sha256(content).hexdigest(),
        added_at=now,
    )
    receipt.save(force_insert=True)
    return receipt
