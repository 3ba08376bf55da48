"""Beginning an interview; how they came and where they had meant to go."""

from datetime import datetime

from django.db import transaction

from onward.apps.cases.models import Interview
from onward.apps.cases.rules import WORDS_MOST
from onward.apps.people import sealing
from onward.apps.people.actions import lock_open_party, lock_party, move_party, require_words, resume
from onward.apps.people.models import Party
from onward.apps.people.queries import require_explanation
from onward.apps.people.rules import NO_JOURNEY, WALKERS, check_known, check_text
from onward.apps.places.queries import get_place
from onward.apps.record.actions import append, case_chain
from onward.core.actor import Actor

COME_BACK = NO_JOURNEY | {Party.State.WAITING, Party.State.LEFT, Party.State.CLOSED}
"""States from which an interview begins, or begins again."""


@transaction.atomic
def begin_interview(party_id: int, *, actor: Actor, now: datetime) -> Interview:
    """Sit down with a party: from the queue, from being parked, or again after any answer. One that goes on goes on.

    Conflict before the explanation (P1).
    """
    actor.require(*WALKERS)
    party = lock_party(party_id, actor=actor)
    require_words(party)
    require_explanation(party)
    interview = open_interview(party, actor=actor, now=now)
    if party.state == Party.State.PARKED:
        resume(party.pk, actor=actor, now=now)
    elif party.state in COME_BACK:
        move_party(party, Party.State.IN_INTERVIEW, actor=actor, now=now)
    return interview


def open_interview(party: Party, *, actor: Actor, now: datetime) -> Interview:
    """The interview of a locked party, begun if it was not; a party out of the queue is then in interview."""
    interview, is_new = Interview.objects.get_or_create(
        party=party, centre_id=party.centre_id, defaults={"begun_at": now}
    )
    if is_new:
        append(case_chain(party.pk), "interview.begun", {}, actor=actor, now=now)
    if party.state == Party.State.WAITING:
        move_party(party, Party.State.IN_INTERVIEW, actor=actor, now=now)
    return interview


@transaction.atomic
def record_origin(
    party_id: int,
    *,
    chose_to_come: str,
    meant_words: str,
    meant_place_key: str | None,
    actor: Actor,
    now: datetime,
) -> Interview:
    """Whether they chose to come here (a Known code), and where they had meant to go, in their words, up to 400
    characters. Conflict before the explanation (P1)."""
    actor.require(*WALKERS)
    party = lock_open_party(party_id, actor=actor, now=now)
    require_explanation(party)
    chosen, words = check_known(chose_to_come, "chose_to_come"), check_text(meant_words, WORDS_MOST, "meant_words")
    place = get_place(meant_place_key) if meant_place_key else None
    interview = open_interview(party, actor=actor, now=now)
    interview.chose_to_come, interview.meant_place = chosen, place
    interview.meant_words = sealing.seal(party, "cases.Interview.meant_words", words)
    interview.save(update_fields=["chose_to_come", "meant_place", "meant_words"])
    facts = {"chose_to_come": chosen.value, "meant_place": place.key if place else None}
    append(case_chain(party.pk), "origin.recorded", facts, actor=actor, now=now)
    return interview
