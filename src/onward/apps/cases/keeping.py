"""What a case keeps of its people when they are explained to, move to a case of their own, or are removed."""

from datetime import datetime

from onward.apps.cases.models import Answer, Consent, Interview, Obligation, SafetyAnswer
from onward.apps.people import sealing
from onward.apps.people.keepers import Keeper
from onward.apps.people.models import Explanation, Known, Party, Person
from onward.apps.record.actions import append, case_chain
from onward.apps.record.chain import Fact
from onward.core.actor import Actor, Role

PLACE_WORDS = "cases.Obligation.place_words"
LIFTED_WHY = "cases.SafetyAnswer.lifted_why"


class CaseKeeper(Keeper):
    """The cases' part when a party changes."""

    def case_erased(self, party_id: int) -> None:
        """What they answered of safety and needs, their dates, and how they came: gone with the words."""
        SafetyAnswer.objects.filter(person__party_id=party_id).delete()
        Answer.objects.filter(party_id=party_id).delete()
        Obligation.objects.filter(party_id=party_id).delete()
        Interview.objects.filter(party_id=party_id).update(chose_to_come=Known.NOT_ASKED, meant_place=None)

    def explained(self, explanation: Explanation, *, actor: Actor, now: datetime) -> None:
        """The yes at recording (P4), kept with the explanation it was given to."""
        party_id = explanation.party_id
        Consent.objects.create(
            centre_id=explanation.centre_id, party_id=party_id, step=Consent.Step.RECORD, is_yes=True, given_at=now
        )
        facts: dict[str, Fact] = {"step": Consent.Step.RECORD.value, "is_yes": True}
        append(case_chain(party_id), "consent.asked", facts, actor=actor, now=now)

    def person_moves(self, old: Person, new: Person, *, actor: Actor, now: datetime) -> None:
        """Their own dates and what they said of their safety go with them, under the new key."""
        for one in Obligation.objects.filter(person=old):
            Obligation.objects.create(
                centre_id=new.centre_id,
                party=new.party,
                person=new,
                kind=one.kind,
                on=one.on,
                place_id=one.place_id,
                place_words=_reseal(PLACE_WORDS, one.place_words, old.party, new.party),
            )
            one.delete()
        for safety in SafetyAnswer.objects.filter(person=old):
            SafetyAnswer.objects.create(
                centre_id=new.centre_id,
                person=new,
                answer=safety.answer,
                is_asked_alone=safety.is_asked_alone,
                asked_at=safety.asked_at,
                lifted_at=safety.lifted_at,
                lifted_by_id=safety.lifted_by_id,
                lifted_why=_reseal(LIFTED_WHY, safety.lifted_why, old.party, new.party),
            )
            safety.delete()

    def person_goes(self, person: Person, *, actor: Actor, now: datetime) -> None:
        """What hangs on them goes. One who said they do not feel safe is taken out by the protection lead only."""
        for safety in SafetyAnswer.objects.filter(person=person):
            if safety.answer == Known.NO and safety.lifted_at is None:
                actor.require(Role.PROTECTION_LEAD)
            safety.delete()
        Obligation.objects.filter(person=person).delete()


def _reseal(column: str, sealed: bytes, old: Party, new: Party) -> bytes:
    return sealing.seal(new, column, sealing.unseal(old, column, sealed))
