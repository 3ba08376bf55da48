"""Locking a party, moving it through its states, parking and resuming."""

from datetime import datetime, timedelta

from django.db import transaction

from onward.apps.accounts.models import Account, Membership
from onward.apps.people.models import Party
from onward.apps.people.queries import no_such_party
from onward.apps.people.rules import PARKED_MOST_DAYS, WALKERS, check_park_reason, move
from onward.apps.record.actions import append, case_chain
from onward.apps.record.chain import Fact
from onward.core.actor import Actor, ActorKind
from onward.core.errors import BadInput, Conflict, message

TOUCHED_EVERY = timedelta(hours=1)
"""How exactly `changed_at` follows writes that move nothing: one more write an hour, not one an act."""


def lock_party(party_id: int, *, actor: Actor) -> Party:
    """A party of the actor's centre, locked for an act that changes its case; NotFound, NotAllowed."""
    party = Party.objects.select_for_update().filter(pk=party_id).first()
    if party is None:
        raise no_such_party()
    actor.require_centre(party.centre_id)
    return party


def lock_open_party(party_id: int, *, actor: Actor, now: datetime) -> Party:
    """As `lock_party`, for an act that writes into the case: Conflict where it is closed, and the case counts as
    touched, so that the schedule leaves it alone."""
    party = lock_party(party_id, actor=actor)
    require_open(party)
    if now - party.changed_at >= TOUCHED_EVERY:
        party.changed_at = now
        party.save(update_fields=["changed_at"])
    return party


def require_open(party: Party) -> None:
    """Conflict where the case is closed: nothing is written into it until the interview begins again."""
    require_words(party)
    if party.state == Party.State.CLOSED:
        raise Conflict(
            "party.closed",
            message("This case is closed."),
            remedy=message("Begin the interview again if they came back."),
        )


def require_words(party: Party) -> None:
    """Conflict where the case was erased: nothing more can be written into it."""
    if party.erased_at is not None:
        raise Conflict(
            "party.erased",
            message("What was personal in this case was erased."),
            remedy=message("If they came back, give them a new number."),
        )


@transaction.atomic
def move_party(party: Party, to: Party.State, *, actor: Actor, now: datetime) -> Party:
    """Move a locked party to a state through the one table; Conflict where it may not go there.

    Staying where it is changes and records nothing, where the table lets it stay.
    """
    if actor.kind is not ActorKind.JOB:
        actor.require(*WALKERS)
        actor.require_centre(party.centre_id)
    at, party.state = party.state, move(party.state, to)
    if to != Party.State.PARKED:
        party.parked_until, party.parked_for, party.parked_why, party.parked_from = None, None, "", ""
    party.changed_at = now
    party.save(
        update_fields=["state", "parked_until", "parked_for", "parked_why", "parked_from", "changed_at"],
    )
    if at != to:
        append(case_chain(party.pk), "party.moved", {"from": at, "to": to.value}, actor=actor, now=now)
    return party


@transaction.atomic
def park(party_id: int, *, until: datetime, owner_id: int, why: str, actor: Actor, now: datetime) -> Party:
    """Break off an interview until a time, for a colleague of this centre; parking again changes time and owner.

    why: a code of rules.PARK_REASONS. BadInput for a time gone by or over 30 days ahead, or an owner from elsewhere.
    """
    actor.require(*WALKERS)
    party = lock_party(party_id, actor=actor)
    reason, owner = check_park_reason(why), _get_colleague(owner_id, party.centre_id)
    if not now < until <= now + timedelta(days=PARKED_MOST_DAYS):
        raise BadInput(
            "park.until",
            message("Choose a time from now to %(most)s days ahead."),
            remedy=message("That is when the case comes back to the list of its owner."),
            field="until",
            values={"most": PARKED_MOST_DAYS},
        )
    came_from = party.parked_from or party.state
    move_party(party, Party.State.PARKED, actor=actor, now=now)
    party.parked_until, party.parked_for, party.parked_why, party.parked_from = until, owner, reason, came_from
    party.save(update_fields=["parked_until", "parked_for", "parked_why", "parked_from"])
    facts: dict[str, Fact] = {"until": until.isoformat(), "owner": owner.pk, "why": reason}
    append(case_chain(party.pk), "party.parked", facts, actor=actor, now=now)
    return party


def _get_colleague(account_id: int, centre_id: int) -> Account:
    works_here = Membership.objects.filter(account_id=account_id, centre_id=centre_id).values("account_id")
    account = Account.objects.filter(pk__in=works_here, is_active=True).first()
    if account is None:
        raise BadInput(
            "park.owner",
            message("Choose a colleague of this centre who takes it up again."),
            field="owner_id",
        )
    return account


@transaction.atomic
def resume(party_id: int, *, actor: Actor, now: datetime) -> Party:
    """Take a parked case up where it was; a case that is not parked stays as it is."""
    actor.require(*WALKERS)
    party = lock_party(party_id, actor=actor)
    if party.state != Party.State.PARKED:
        return party
    back_to = Party.State(party.parked_from or Party.State.IN_INTERVIEW)
    move_party(party, back_to, actor=actor, now=now)
    append(case_chain(party.pk), "party.resumed", {}, actor=actor, now=now)
    return party
