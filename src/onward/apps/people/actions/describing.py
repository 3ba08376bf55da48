"""Describing the people of a party, correcting and removing a description."""

from datetime import datetime

from django.db import transaction

from onward.apps.people import keepers, sealing
from onward.apps.people.actions.arriving import reopen_offers, require_unissued, set_heads
from onward.apps.people.actions.moving import lock_open_party
from onward.apps.people.models import AgeBand, Known, Party, Person
from onward.apps.people.queries import require_explanation
from onward.apps.people.rules import NAME_MOST, WALKERS, check_known, check_text, choose_band
from onward.apps.record.actions import append, case_chain
from onward.apps.record.chain import Fact
from onward.core.actor import Actor
from onward.core.errors import BadInput, NotFound, message


@transaction.atomic
def describe_person(
    party_id: int,
    position: int,
    *,
    name: str,
    birth_year: int | None,
    age_band: str | None,
    is_guardian: str,
    actor: Actor,
    now: datetime,
) -> Person:
    """Describe or correct the person at a position, from 1 to the party's heads.

    name: up to 120 characters, may be empty. age_band: needed where birth_year is None or leaves two open.
    is_guardian: a Known code, yes for adults only. Conflict before the explanation (P1), or to change an age once
    tickets are issued.
    """
    actor.require(*WALKERS)
    party = lock_open_party(party_id, actor=actor, now=now)
    require_explanation(party)
    _check_position(party, position)
    words = check_text(name, NAME_MOST, "name")
    band = choose_band(birth_year, age_band, now.date())
    guardian = _check_guardian(is_guardian, band)
    person = Person.objects.filter(party=party, position=position).first()
    is_other_age = person is None or person.age_band != band
    if is_other_age:
        require_unissued(party)
    person = person or Person(centre_id=party.centre_id, party=party, position=position)
    person.age_band, person.is_guardian = band, guardian
    person.name = sealing.seal(party, "people.Person.name", words)
    person.birth_year = sealing.seal(party, "people.Person.birth_year", str(birth_year or ""))
    person.save()
    facts: dict[str, Fact] = {"position": position, "age_band": band.value, "is_guardian": guardian.value}
    append(case_chain(party.pk), "person.described", facts, actor=actor, now=now)
    if is_other_age:
        reopen_offers(party, actor=actor, now=now)
    return person


def _check_position(party: Party, position: int) -> None:
    if not 1 <= position <= party.heads:
        raise BadInput(
            "person.position",
            message("This party has %(heads)s people."),
            remedy=message("Correct the number of people first, then describe one more."),
            field="position",
            values={"heads": party.heads},
        )


def _check_guardian(is_guardian: str, band: AgeBand) -> Known:
    guardian = check_known(is_guardian, "is_guardian")
    if guardian is Known.YES and band is not AgeBand.ADULT:
        raise BadInput(
            "person.guardian_minor",
            message("Only an adult can be the parent or guardian who answers for the children."),
            remedy=message("Choose another answer, or correct the age."),
            field="is_guardian",
        )
    return guardian


def get_person(person_id: int) -> Person:
    """A person of the centre in scope; raises NotFound."""
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        raise NotFound("person.unknown", message("There is no such person in this case."))
    return person


def lock_person(person_id: int, *, actor: Actor, now: datetime) -> tuple[Person, Party]:
    """A person and their open party, the party locked; NotFound also where a colleague took them out meanwhile."""
    party = lock_open_party(get_person(person_id).party_id, actor=actor, now=now)
    return get_person(person_id), party


@transaction.atomic
def remove_person(person_id: int, *, actor: Actor, now: datetime) -> Party:
    """Somebody does not travel with this party after all; heads go down by one. Conflict after issue, or for the last.

    Adults who leave on their own word use `leave_party`, which keeps their words.
    """
    actor.require(*WALKERS)
    person, party = lock_person(person_id, actor=actor, now=now)
    check_not_last(party)
    require_unissued(party)
    for keeper in keepers.list_keepers():
        keeper.person_goes(person, actor=actor, now=now)
    take_out(person, party, actor=actor, now=now)
    return party


def check_not_last(party: Party) -> None:
    """BadInput where the party is one person: a party of nobody is no party."""
    if party.heads == 1:
        raise BadInput(
            "party.last_person",
            message("This is the only person of the party."),
            remedy=message("Correct the description instead; or let them stay, decide later or decline."),
            field="heads",
        )


def take_out(person: Person, party: Party, *, actor: Actor, now: datetime) -> None:
    """Remove a description, close the gap in the positions, count one head less."""
    after = list(Person.objects.filter(party=party, position__gt=person.position).order_by("position"))
    person.delete()
    for other in after:
        other.position -= 1
        other.save(update_fields=["position"])
    set_heads(party, party.heads - 1, actor=actor, now=now)
