"""Telling a receiving place, taking its answer, reading it out. The outbox carries what is written here."""

from datetime import datetime

from django.db import transaction

from onward.apps.cases.actions import record_consent
from onward.apps.cases.models import Consent
from onward.apps.notices.models import Answer, Delivery, Notice
from onward.apps.notices.outbox import Carrier, deliver_due
from onward.apps.notices.queries import is_refused
from onward.apps.notices.rules import STANDING_KINDS, read_answer, require_open, withdrawn
from onward.apps.notices.writing import (
    Draft,
    facts_of,
    find_standing,
    gather,
    list_standing,
    lock_case,
    post,
    write_first,
    write_next,
)
from onward.apps.record.actions import append
from onward.apps.record.chain import Fact
from onward.apps.travel.models import TicketSet
from onward.apps.travel.rows import lock_set
from onward.core.actor import Actor, ActorKind, Role
from onward.core.errors import Conflict, NotAllowed, NotFound, message

__all__ = [
    "Carrier",
    "acknowledge",
    "answer",
    "deliver_due",
    "follow_consent",
    "mark_read_out",
    "mark_seen",
    "record_will",
    "tell_cancelled",
    "tell_changed",
    "tell_coming",
]
WALKERS = (Role.CASE_WORKER, Role.COORDINATOR, Role.PROTECTION_LEAD)
Kind = Notice.Kind


@transaction.atomic
def tell_coming(ticket_set: TicketSet, *, actor: Actor, now: datetime) -> Notice | None:
    """Write the notice of a set just issued, and its outbox row; None where the traveller refused notice.

    Telling the same facts again changes nothing and returns the notice that stands.
    """
    return _tell(ticket_set, actor=actor, now=now)


@transaction.atomic
def tell_changed(ticket_set: TicketSet, *, actor: Actor, now: datetime) -> Notice | None:
    """Write the notice of a set issued in place of one its place was told of; the earlier notice is replaced.

    A place that was never told (the traveller refused then) hears of it as coming.
    """
    return _tell(ticket_set, actor=actor, now=now)


@transaction.atomic
def tell_cancelled(ticket_set: TicketSet, *, actor: Actor, now: datetime) -> Notice | None:
    """Write that nobody comes on a set its place was told of; None where it was not told, or told so before."""
    _require_own(ticket_set, actor)
    lock_case(ticket_set.party_id)
    standing = find_standing(ticket_set)
    if standing is None:
        return None
    if is_refused(ticket_set.party_id):
        return _withdraw(standing, actor=actor, now=now)
    draft = Draft(standing.ticket_set, Kind.CANCELLED, facts_of(standing))
    notice = write_next(draft, standing, actor=actor, now=now)
    post(notice, now)
    return notice


@transaction.atomic
def follow_consent(party_id: int, *, actor: Actor, now: datetime) -> list[Notice]:
    """Bring what places know in line with the traveller's newest word on telling them (P11); call it after that word.

    After a no, every notice that stands is taken back, and the recall is a notice too; what had not left the outbox
    never leaves it. After a yes, tickets that are issued and untold are told. Returns the notices written.
    """
    actor.require(*WALKERS)
    issued = list(TicketSet.objects.select_for_update().filter(party_id=party_id, state=TicketSet.State.ISSUED))
    lock_case(party_id)
    standing = list_standing(party_id)
    for one in [*issued, *standing]:
        actor.require_centre(one.centre_id)
    if is_refused(party_id):
        return [_withdraw(one, actor=actor, now=now) for one in standing]
    untold = [one for one in issued if find_standing(one) is None]
    return [notice for one in untold if (notice := _tell(one, actor=actor, now=now)) is not None]


@transaction.atomic
def record_will(ticket_set_id: int, *, may_tell: bool, actor: Actor, now: datetime) -> list[Notice]:
    """Keep the traveller's word on telling a set's place and follow it, both or neither (P11); the notices written."""
    actor.require(*WALKERS)
    party_id = lock_set(ticket_set_id, actor).party_id
    record_consent(party_id, Consent.Step.NOTICE, is_yes=may_tell, actor=actor, now=now)
    return follow_consent(party_id, actor=actor, now=now)


@transaction.atomic
def answer(notice_id: int, code: str, words: str, *, actor: Actor, now: datetime) -> Answer:
    """Keep what the place answers; the newest counts and it never vetoes (P12). The same again changes nothing.

    actor: the holder of this notice's own link. BadInput for "code" and "words"; Conflict for a notice that was
    replaced, cancelled, withdrawn or has ended.
    """
    notice, chain = _lock_linked(notice_id, actor)
    said, kept = read_answer(code, words)
    require_open(notice, now)
    newest = notice.answers.order_by("-answered_at", "-pk").first()
    if newest is not None and (newest.code, newest.words) == (said, kept):
        return newest
    made = Answer.objects.create(centre_id=notice.centre_id, notice=notice, code=said, words=kept, answered_at=now)
    facts: dict[str, Fact] = {"notice": notice.pk, "answer": made.pk, "code": said.value, "has_words": bool(kept)}
    append(chain, "notice.answered", facts, actor=actor, now=now)
    return made


@transaction.atomic
def mark_seen(notice_id: int, *, actor: Actor, now: datetime) -> None:
    """Keep when a notice's link was first opened; later openings change nothing."""
    notice, chain = _lock_linked(notice_id, actor)
    if Notice.objects.filter(pk=notice.pk, first_seen_at=None).update(first_seen_at=now):
        append(chain, "notice.seen", {"notice": notice.pk}, actor=actor, now=now)


@transaction.atomic
def acknowledge(notice_id: int, *, actor: Actor, now: datetime) -> None:
    """Keep that the place took a cancelled or withdrawn notice off its list; pressing again changes nothing."""
    notice, chain = _lock_linked(notice_id, actor)
    if notice.kind in STANDING_KINDS or notice.superseded_by_id is not None:
        raise Conflict("notice.stands", message("There is nothing to take off the list."))
    if Notice.objects.filter(pk=notice.pk, acknowledged_at=None).update(acknowledged_at=now):
        append(chain, "notice.acknowledged", {"notice": notice.pk}, actor=actor, now=now)


@transaction.atomic
def mark_read_out(answer_id: int, *, actor: Actor, now: datetime) -> Answer:
    """Keep that the worker read a place's answer to the family before they left (P12). It changes nothing else."""
    actor.require(*WALKERS)
    party_id = Answer.objects.filter(pk=answer_id).values_list("notice__ticket_set__party_id", flat=True).first()
    if party_id is None:
        raise NotFound("answer.unknown", message("There is no such answer."))
    chain = lock_case(party_id)
    found = Answer.objects.select_for_update().get(pk=answer_id)
    actor.require_centre(found.centre_id)
    if found.read_out_at is None:
        found.read_out_at = now
        found.save(update_fields=["read_out_at"])
        facts: dict[str, Fact] = {"notice": found.notice_id, "answer": found.pk, "code": found.code}
        append(chain, "answer.read_out", facts, actor=actor, now=now)
    return found


def _require_own(ticket_set: TicketSet, actor: Actor) -> None:
    """Staff tell of their own centre's parties; a job tells of the centre whose scope it entered."""
    if actor.kind is not ActorKind.JOB:
        actor.require_centre(ticket_set.centre_id)


def _lock_linked(notice_id: int, actor: Actor) -> tuple[Notice, str]:
    """The notice and its case's chain, both locked, if the actor holds the notice's link."""
    party_id = Notice.objects.filter(pk=notice_id).values_list("ticket_set__party_id", flat=True).first()
    chain = "" if party_id is None else lock_case(party_id)
    notice = Notice.objects.select_for_update().filter(pk=notice_id).first()
    if notice is None or actor.kind is not ActorKind.RECEIVER or actor.id != notice.reference:
        raise NotAllowed("notice.not_yours", message("Only the place that was told can say this."))
    return notice, chain


def _tell(ticket_set: TicketSet, *, actor: Actor, now: datetime) -> Notice | None:
    _require_own(ticket_set, actor)
    chain = lock_case(ticket_set.party_id)
    standing = find_standing(ticket_set)
    if is_refused(ticket_set.party_id):
        facts = {"ticket_set": ticket_set.pk}
        append(chain, "notice.refused", facts, actor=actor, now=now)
        return None if standing is None else _withdraw(standing, actor=actor, now=now)
    gathered = gather(ticket_set)
    if standing is not None and (standing.ticket_set_id, facts_of(standing)) == (ticket_set.pk, gathered):
        return standing
    if standing is None:
        notice = write_first(Draft(ticket_set, Kind.COMING, gathered), actor=actor, now=now)
    else:
        notice = write_next(Draft(ticket_set, Kind.CHANGED, gathered), standing, actor=actor, now=now)
    post(notice, now)
    return notice


def _withdraw(standing: Notice, *, actor: Actor, now: datetime) -> Notice:
    """Replace a notice by its withdrawal; what never left the outbox needs no letter to take it back."""
    delivery = Delivery.objects.select_for_update().filter(notice=standing).first()
    draft = Draft(standing.ticket_set, Kind.WITHDRAWN, withdrawn(facts_of(standing)))
    notice = write_next(draft, standing, actor=actor, now=now)
    if delivery is not None and delivery.tries:
        post(notice, now)
    return notice
