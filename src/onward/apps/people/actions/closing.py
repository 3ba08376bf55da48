"""A case ends: it closes, its key is destroyed on the published schedule, and a legal hold stops that (P18, P19)."""

import logging
from datetime import datetime

from django.db import transaction

from onward.apps.accounts.scopes import every_centre
from onward.apps.people import keepers, sealing
from onward.apps.people.actions.moving import lock_party, move_party
from onward.apps.people.models import Contact, Party
from onward.apps.people.rules import CLOSES_AFTER, ERASED_AFTER, WALKERS
from onward.apps.record.actions import append, case_chain
from onward.core.actor import Actor, Role, job
from onward.core.errors import Conflict, OnwardError, message
from onward.core.keys import Destruction, KeyId

log = logging.getLogger("onward.people")
SCHEDULE = job("erasure")
ROUND_MOST = 200
"""Cases one round of the job closes or erases, so that other jobs have their turn."""


@transaction.atomic
def close_case(party_id: int, *, actor: Actor, now: datetime) -> Party:
    """Close a case nothing more is owed in; ERASED_AFTER later it is erased. Closed already changes nothing.

    Conflict while tickets are live or a refund is owed. A party that comes back opens it again until it is erased.
    """
    actor.require(*WALKERS)
    party = lock_party(party_id, actor=actor)
    _close(party, actor=actor, now=now)
    return party


def _close(party: Party, *, actor: Actor, now: datetime) -> None:
    if party.state == Party.State.CLOSED:
        return
    if keepers.keeps_open(party.pk):
        raise Conflict(
            "case.owed",
            message("This case cannot close yet: tickets are held, or money is still to be asked back."),
            remedy=message("Settle the tickets and the refund first."),
        )
    move_party(party, Party.State.CLOSED, actor=actor, now=now)


@transaction.atomic
def hold_case(party_id: int, *, actor: Actor, now: datetime) -> Party:
    """A court or agency demands that the case be kept: nothing of it is erased until the hold is lifted."""
    actor.require(Role.COORDINATOR)
    party = lock_party(party_id, actor=actor)
    if party.on_hold_since is None and party.erased_at is None:
        party.on_hold_since = now
        party.save(update_fields=["on_hold_since"])
        append(case_chain(party.pk), "case.held", {}, actor=actor, now=now)
    return party


@transaction.atomic
def lift_hold(party_id: int, *, actor: Actor, now: datetime) -> Party:
    """The demand is over: the schedule goes on where it stood."""
    actor.require(Role.COORDINATOR)
    party = lock_party(party_id, actor=actor)
    if party.on_hold_since is not None:
        party.on_hold_since = None
        party.save(update_fields=["on_hold_since"])
        append(case_chain(party.pk), "case.hold_lifted", {}, actor=actor, now=now)
    return party


@transaction.atomic
def erase_case(party_id: int, *, actor: Actor, now: datetime) -> Destruction:
    """Destroy a closed case's key in the only place that holds it: its words are gone, its record and books stay.

    By the coordinator when the traveller asks, before the schedule would. Conflict unless closed, or under a hold.
    """
    actor.require(Role.COORDINATOR)
    return _erase(lock_party(party_id, actor=actor), actor=actor, now=now)


def _erase(party: Party, *, actor: Actor, now: datetime) -> Destruction:
    if party.state != Party.State.CLOSED:
        raise Conflict(
            "case.open",
            message("This case is still open."),
            remedy=message("Close it first; then it can be erased."),
        )
    holds = [f"case:{party.pk}"] if party.on_hold_since else []
    # The key goes before the rows are written: were the transaction lost, the next round finds the same certificate.
    destruction = sealing.ring().destroy(KeyId(party.key_id), legal_holds=holds, now=now)
    if party.erased_at is None:
        party.erased_at = now
        party.save(update_fields=["erased_at"])
        Contact.objects.filter(party=party).delete()
        for keeper in keepers.list_keepers():
            keeper.case_erased(party.pk)
        facts = {"destroyed_at": destruction.destroyed_at.isoformat(), "wrapped_sha256": destruction.wrapped_sha256}
        append(case_chain(party.pk), "case.erased", facts, actor=actor, now=now)
    return destruction


def close_due(*, now: datetime) -> int:
    """Close every case that lay untouched as long as its state allows; returns how many. May run twice."""
    closed = 0
    with every_centre("the schedule closes cases of all centres"):
        for state, patience in CLOSES_AFTER.items():
            rows = Party.objects.filter(state=state, changed_at__lte=now - patience).order_by("changed_at")
            for pk in list(rows.values_list("pk", flat=True)):
                closed += _close_if_due(pk, state, now=now)
                if closed == ROUND_MOST:
                    return closed
    return closed


@transaction.atomic
def _close_if_due(party_id: int, state: Party.State, *, now: datetime) -> int:
    still = Party.objects.select_for_update().filter(pk=party_id, state=state).first()
    if still is None or now - still.changed_at < CLOSES_AFTER[state] or keepers.keeps_open(party_id):
        return 0
    _close(still, actor=SCHEDULE, now=now)
    return 1


def erase_due(*, now: datetime) -> int:
    """Erase every case closed long enough and under no hold; returns how many. May run twice.

    A case whose key cannot be destroyed now is named in the log, tried again next time, and holds up no other.
    """
    erased = 0
    with every_centre("the schedule erases cases of all centres"):
        rows = Party.objects.filter(state=Party.State.CLOSED, erased_at=None, on_hold_since=None)
        due = rows.filter(changed_at__lte=now - ERASED_AFTER).order_by("changed_at")
        for pk in list(due.values_list("pk", flat=True)):
            try:
                erased += _erase_if_due(pk, now=now)
            except OnwardError as problem:
                log.error("case %s could not be erased: %s", pk, problem.code)
            if erased == ROUND_MOST:
                break
    return erased


@transaction.atomic
def _erase_if_due(party_id: int, *, now: datetime) -> int:
    rows = Party.objects.select_for_update().filter(pk=party_id, erased_at=None, on_hold_since=None)
    party = rows.filter(state=Party.State.CLOSED, changed_at__lte=now - ERASED_AFTER).first()
    if party is None:
        return 0
    _erase(party, actor=SCHEDULE, now=now)
    return 1
