"""Asking each person alone whether they feel safe, and lifting the stop of a no (P6)."""

from datetime import datetime

from django.db import transaction

from onward.apps.accounts.models import Account
from onward.apps.cases.models import SafetyAnswer
from onward.apps.cases.rules import WHY_MOST, check_words
from onward.apps.people import sealing
from onward.apps.people.actions.describing import lock_person
from onward.apps.people.models import Known
from onward.apps.people.queries import require_explanation
from onward.apps.people.rules import WALKERS, check_known
from onward.apps.record.actions import append, case_chain
from onward.core.actor import Actor, Role
from onward.core.errors import Conflict, message


def is_standing(safety: SafetyAnswer | None) -> bool:
    """Whether an answer is a no that nobody has lifted."""
    return safety is not None and safety.answer == Known.NO and safety.lifted_at is None


@transaction.atomic
def record_safety(person_id: int, *, answer: str, is_asked_alone: bool, actor: Actor, now: datetime) -> SafetyAnswer:
    """Keep what a person said to: do you feel safe with these people and where you are going? A Known code.

    A no that stands is not answered over (Conflict): the protection lead lifts it. The record keeps that the question
    was asked, not the answer. Conflict before the explanation (P1).
    """
    actor.require(*WALKERS)
    _, party = lock_person(person_id, actor=actor, now=now)
    require_explanation(party)
    said = check_known(answer, "answer")
    safety = SafetyAnswer.objects.select_for_update().filter(person_id=person_id).first()
    if safety is not None and is_standing(safety):
        if said is Known.NO:
            return safety
        raise Conflict(
            "safety.stands",
            message("This person said that they do not feel safe. Another answer does not take that back."),
            remedy=message("Speak with them alone. Only the protection lead lifts it."),
            field="answer",
        )
    safety = safety or SafetyAnswer(centre_id=party.centre_id, person_id=person_id)
    safety.answer, safety.is_asked_alone, safety.asked_at = said, is_asked_alone, now
    safety.lifted_at, safety.lifted_by, safety.lifted_why = None, None, b""
    safety.save()
    facts = {"position": safety.person.position, "is_asked_alone": is_asked_alone}
    append(case_chain(party.pk), "safety.asked", facts, actor=actor, now=now)
    return safety


@transaction.atomic
def lift_safety_stop(person_id: int, *, why: str, actor: Actor, now: datetime) -> SafetyAnswer:
    """The protection lead spoke with the person alone and lifts the stop; the no itself stays. why: up to 1000
    characters. Lifting again changes nothing; Conflict where nobody said no."""
    actor.require(Role.PROTECTION_LEAD)
    _, party = lock_person(person_id, actor=actor, now=now)
    reason = check_words(why, "why", most=WHY_MOST)
    safety = SafetyAnswer.objects.select_for_update().filter(person_id=person_id).first()
    if safety is None or safety.answer != Known.NO:
        raise Conflict("safety.no_stop", message("No such stop stands for this person."))
    if safety.lifted_at is not None:
        return safety
    safety.lifted_at, safety.lifted_by = now, Account.objects.filter(pk=int(actor.id)).first()
    safety.lifted_why = sealing.seal(party, "cases.SafetyAnswer.lifted_why", reason)
    safety.save(update_fields=["lifted_at", "lifted_by", "lifted_why"])
    append(case_chain(party.pk), "safety.lifted", {"position": safety.person.position}, actor=actor, now=now)
    return safety
