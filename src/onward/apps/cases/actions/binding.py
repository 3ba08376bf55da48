"""Dates that bind: hearings, check-ins and others."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from onward.apps.cases.models import Obligation
from onward.apps.cases.rules import PLACE_WORDS_MOST, check_binding_date, check_kind
from onward.apps.people import sealing
from onward.apps.people.actions import lock_open_party
from onward.apps.people.models import Party, Person
from onward.apps.people.queries import require_explanation
from onward.apps.people.rules import WALKERS, check_text
from onward.apps.places.queries import get_place
from onward.apps.record.actions import append, case_chain
from onward.apps.record.chain import Fact
from onward.core.actor import Actor
from onward.core.errors import NotFound, message

PLACE_WORDS = "cases.Obligation.place_words"


@transaction.atomic
def record_obligation(
    party_id: int,
    *,
    kind: str,
    on: date,
    place_key: str | None = None,
    place_words: str = "",
    person_id: int | None = None,
    actor: Actor,
    now: datetime,
) -> Obligation:
    """Write down a date that binds. person_id None: the whole party's. place_words: the town as the paper gives it.

    The same again changes nothing. BadInput for a date gone by; Conflict before the explanation (P1).
    """
    actor.require(*WALKERS)
    party = lock_open_party(party_id, actor=actor, now=now)
    require_explanation(party)
    obligation = Obligation(
        centre_id=party.centre_id,
        party=party,
        person=_find_person(party, person_id),
        kind=check_kind(kind),
        on=check_binding_date(on, today_at(party, now)),
        place=get_place(place_key) if place_key else None,
    )
    words = check_text(place_words, PLACE_WORDS_MOST, "place_words")
    same = _find_same(obligation, words)
    if same is not None:
        return same
    obligation.place_words = sealing.seal(party, PLACE_WORDS, words)
    obligation.save()
    facts: dict[str, Fact] = {"obligation": obligation.pk, "kind": obligation.kind}
    append(case_chain(party.pk), "obligation.recorded", facts, actor=actor, now=now)
    return obligation


def _find_same(draft: Obligation, words: str) -> Obligation | None:
    alike = Obligation.objects.filter(
        party=draft.party, person=draft.person, kind=draft.kind, on=draft.on, place=draft.place
    )
    return next((one for one in alike if sealing.unseal(draft.party, PLACE_WORDS, one.place_words) == words), None)


def today_at(party: Party, now: datetime) -> date:
    """The day it is at the party's centre."""
    return now.astimezone(ZoneInfo(party.centre.zone)).date()


def _find_person(party: Party, person_id: int | None) -> Person | None:
    if person_id is None:
        return None
    person = Person.objects.filter(pk=person_id, party=party).first()
    if person is None:
        raise NotFound("person.unknown", message("There is no such person in this case."), field="person_id")
    return person


@transaction.atomic
def remove_obligation(obligation_id: int, *, actor: Actor, now: datetime) -> None:
    """Take away a date that was written down wrongly or no longer binds."""
    actor.require(*WALKERS)
    found = Obligation.objects.filter(pk=obligation_id).first()
    if found is None:
        raise NotFound("obligation.unknown", message("There is no such date in this case."))
    party = lock_open_party(found.party_id, actor=actor, now=now)
    facts: dict[str, Fact] = {"obligation": found.pk, "kind": found.kind}
    found.delete()
    append(case_chain(party.pk), "obligation.removed", facts, actor=actor, now=now)
