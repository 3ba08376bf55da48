"""An adult leaves a party on their own word; the others are not asked, told or shown (P5)."""

from datetime import datetime

from django.db import transaction

from onward.apps.people import keepers, sealing
from onward.apps.people.actions.arriving import open_case
from onward.apps.people.actions.describing import check_not_last, lock_person, take_out
from onward.apps.people.models import AgeBand, Known, Party, Person
from onward.apps.people.rules import WALKERS
from onward.apps.record.actions import append, case_chain
from onward.apps.record.chain import Fact
from onward.core.actor import Actor, Role
from onward.core.errors import Conflict, message

SEALED = ("name", "birth_year")


@transaction.atomic
def leave_party(person_id: int, *, actor: Actor, now: datetime) -> Party:
    """Give a person a case of their own, under its own number and key, and return it.

    An adult, on their own word, asked alone; a child only by the protection lead. The old case keeps nothing of them
    and its record says only that it has one head less, as when a count is corrected. The new case starts at the door:
    the purpose is read out to them alone before anything more is asked. Conflict while seats are held, bought or
    issued.
    """
    actor.require(*WALKERS)
    person, old = lock_person(person_id, actor=actor, now=now)
    if person.age_band != AgeBand.ADULT:
        actor.require(Role.PROTECTION_LEAD)
    check_not_last(old)
    _require_free(old)
    new = open_case(1, old.language, bed_tonight=Known.NOT_ASKED, is_urgent=False, actor=actor, now=now)
    moved = _copy(person, old, new)
    for keeper in keepers.list_keepers():
        keeper.person_moves(person, moved, actor=actor, now=now)
    take_out(person, old, actor=actor, now=now)
    facts: dict[str, Fact] = {"from_party": old.pk, "age_band": moved.age_band}
    append(case_chain(new.pk), "person.came_apart", facts, actor=actor, now=now)
    return new


def _require_free(party: Party) -> None:
    if party.state == Party.State.TICKETED or keepers.has_live_tickets(party.pk):
        raise Conflict(
            "party.tickets_live",
            message("Seats are held or issued for this party as it is."),
            remedy=message("Void or change the tickets first; then each travels on their own."),
        )


def _copy(person: Person, old: Party, new: Party) -> Person:
    moved = Person(
        centre_id=new.centre_id, party=new, position=1, age_band=person.age_band, is_guardian=person.is_guardian
    )
    for column in SEALED:
        purpose = f"people.Person.{column}"
        setattr(moved, column, sealing.seal(new, purpose, sealing.unseal(old, purpose, getattr(person, column))))
    moved.save()
    return moved
