"""Answers to plain questions (P9), and yes or no at the moments it is asked (P4, P11)."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from onward.apps.cases.models import Answer, Consent
from onward.apps.cases.rules import check_answers, check_step
from onward.apps.people.actions import lock_open_party
from onward.apps.people.models import Known
from onward.apps.people.queries import require_explanation
from onward.apps.people.rules import WALKERS
from onward.apps.record.actions import append, case_chain
from onward.apps.record.chain import Fact
from onward.core.actor import Actor


@transaction.atomic
def record_answers(party_id: int, answers: Mapping[str, str], *, actor: Actor, now: datetime) -> dict[str, str]:
    """Write down answers by question (Answer.Question codes), each a Known code, all or none.

    "not_asked" takes an answer back; the record keeps which questions were answered, not how. Returns what stands.
    Conflict before the explanation (P1).
    """
    actor.require(*WALKERS)
    party = lock_open_party(party_id, actor=actor, now=now)
    require_explanation(party)
    given = check_answers(dict(answers))
    for question, answer in given.items():
        if answer is Known.NOT_ASKED:
            Answer.objects.filter(party=party, question=question).delete()
            continue
        Answer.objects.update_or_create(
            party=party,
            question=question,
            defaults={"centre_id": party.centre_id, "answer": answer, "answered_at": now},
        )
    questions: list[Fact] = [question.value for question in sorted(given)]
    append(case_chain(party.pk), "answers.recorded", {"questions": questions}, actor=actor, now=now)
    return dict(Answer.objects.filter(party=party).values_list("question", "answer"))


@transaction.atomic
def record_consent(party_id: int, step: str, *, is_yes: bool, actor: Actor, now: datetime) -> Consent:
    """Keep a yes or a no at one moment; the newest counts, every one is kept. Conflict before the explanation (P1)."""
    actor.require(*WALKERS)
    party = lock_open_party(party_id, actor=actor, now=now)
    asked = check_step(step)
    require_explanation(party)
    consent = Consent.objects.create(centre_id=party.centre_id, party=party, step=asked, is_yes=is_yes, given_at=now)
    facts: dict[str, Fact] = {"step": asked.value, "is_yes": is_yes}
    append(case_chain(party.pk), "consent.asked", facts, actor=actor, now=now)
    return consent
