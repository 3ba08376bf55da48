"""The people of a party: described, corrected, taken out."""

from typing import Any

import pytest

from onward.apps.cases import actions as cases
from onward.apps.people import actions as people
from onward.apps.people.models import AgeBand, Contact, Known, Party, Person
from onward.apps.people.queries import open_words
from tests.apps.cases.walking import Desk, acts_of, described, explained, fresh, offered, person_at
from tests.apps.refused import refused


def describe(desk: Desk, party: Party, position: int = 1, **given: Any) -> Person:
    facts = {"name": "Ana Núñez", "birth_year": 1990, "age_band": None, "is_guardian": "yes"}
    return people.describe_person(party.pk, position, **(facts | given), **desk.worker)


def test_a_person_is_described_and_the_words_open_again(desk: Desk) -> None:
    party = explained(desk)
    person = describe(desk, party)
    words = open_words(party, what="test", **desk.worker).persons[0]
    assert (words.name, words.birth_year, words.age_band, words.is_guardian) == ("Ana Núñez", 1990, "adult", "yes")
    assert b"Ana" not in bytes(person.name)
    assert acts_of(party)[-1] == "person.described"


def test_a_person_described_again_is_corrected_not_doubled(desk: Desk) -> None:
    party = explained(desk)
    assert describe(desk, party).pk == describe(desk, party, name="Ana Nuñez").pk
    assert Person.objects.filter(party=party).count() == 1


def test_somebody_may_keep_their_name_to_themselves(desk: Desk) -> None:
    party = explained(desk)
    describe(desk, party, name="", birth_year=None, age_band="adult")
    words = open_words(party, what="test", **desk.worker).persons[0]
    assert (words.name, words.birth_year) == ("", None)


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"name": "n" * 121}, "text.too_long", "name"),
        ({"birth_year": 2027}, "person.birth_year_future", "birth_year"),
        ({"birth_year": 1850}, "person.birth_year_early", "birth_year"),
        ({"birth_year": None}, "person.age_missing", "age_band"),
        ({"birth_year": 2020}, "person.guardian_minor", "is_guardian"),
        ({"is_guardian": "perhaps"}, "answer.not_one", "is_guardian"),
        ({"position": 2}, "person.position", "position"),
        ({"position": 0}, "person.position", "position"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(desk: Desk, given: dict[str, Any], code: str, field: str) -> None:
    party = explained(desk)
    with refused(code) as problem:
        describe(desk, party, **given)
    assert problem.value.field == field
    assert not Person.objects.filter(party=party).exists()


def test_a_name_of_120_characters_is_kept_whole(desk: Desk) -> None:
    party = explained(desk)
    name = "Núñez " * 20
    describe(desk, party, name=name)
    assert open_words(party, what="test", **desk.worker).persons[0].name == name.strip()


def test_a_party_may_be_described_without_any_adult(desk: Desk) -> None:
    party = described(desk, [AgeBand.YOUTH, AgeBand.CHILD])
    assert Person.objects.filter(party=party).count() == 2


def test_who_does_not_travel_after_all_is_taken_out_and_the_gap_closes(desk: Desk) -> None:
    party = described(desk, names=["Ana", "Luis", "Mía"])
    people.remove_person(person_at(party, 2).pk, **desk.worker)
    words = open_words(party, what="test", **desk.worker)
    assert [(one.position, one.name) for one in words.persons] == [(1, "Ana"), (2, "Mía")]
    assert fresh(party).heads == 2


def test_the_last_person_of_a_party_is_not_taken_out(desk: Desk) -> None:
    party = described(desk, [AgeBand.ADULT])
    with refused("party.last_person"):
        people.remove_person(person_at(party, 1).pk, **desk.worker)


def test_taking_somebody_out_does_not_wash_away_their_no_to_safe(desk: Desk) -> None:
    party = described(desk)
    person = person_at(party, 2)
    cases.record_safety(person.pk, answer="no", is_asked_alone=True, **desk.worker)
    with refused("actor.role_missing"):
        people.remove_person(person.pk, **desk.worker)
    people.remove_person(person.pk, **desk.lead)
    assert fresh(party).heads == 2


def test_offers_priced_for_other_people_send_the_party_back_to_the_interview(desk: Desk) -> None:
    party = described(desk)
    wish = cases.record_wish(party.pk, 1, words="Chicago", place_key="chicago", **desk.worker)
    offered(desk, wish)
    facts = {"name": "Mía", "birth_year": None, "is_guardian": "no"}
    people.describe_person(party.pk, 3, age_band="child", **facts, **desk.worker)
    assert fresh(party).state == Party.State.OFFERED
    people.describe_person(party.pk, 3, age_band="youth", **facts, **desk.worker)
    assert fresh(party).state == Party.State.IN_INTERVIEW


CONTACT = {
    "place_key": "chicago",
    "name": "Rosa",
    "phone": "+1 312 555 0123",
    "address": "1 Lake St",
    "state": "reached",
}


def test_a_contact_is_kept_with_how_far_it_was_reached(desk: Desk) -> None:
    party = explained(desk)
    contact = people.record_contact(party.pk, **CONTACT, **desk.worker)
    changed = {**CONTACT, "state": "address_confirmed"}
    people.record_contact(party.pk, contact_id=contact.pk, **changed, **desk.worker)
    words = open_words(party, what="test", **desk.worker).contacts
    assert [(one.name, one.phone, one.address, one.state) for one in words] == [
        ("Rosa", "+1 312 555 0123", "1 Lake St", "address_confirmed")
    ]


def test_a_contact_sent_twice_is_one_contact(desk: Desk) -> None:
    party = explained(desk)
    people.record_contact(party.pk, **CONTACT, **desk.worker)
    people.record_contact(party.pk, **CONTACT, **desk.worker)
    assert Contact.objects.filter(party=party).count() == 1


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"state": "not_given"}, "contact.given", "state"),
        ({"state": "met"}, "contact.state", "state"),
        ({"name": "", "phone": ""}, "contact.nobody", "name"),
        ({"address": "", "state": "address_confirmed"}, "contact.no_address", "address"),
        ({"phone": "5" * 41}, "text.too_long", "phone"),
        ({"place_key": "atlantis"}, "place.unknown", "place"),
    ],
)
def test_a_contact_claims_no_more_than_what_is_written_down(
    desk: Desk, given: dict[str, Any], code: str, field: str
) -> None:
    party = explained(desk)
    with refused(code) as problem:
        people.record_contact(party.pk, **(CONTACT | given), **desk.worker)
    assert problem.value.field == field


def test_nobody_named_is_an_answer_too(desk: Desk) -> None:
    party = explained(desk)
    nothing = {"place_key": "", "name": "", "phone": "", "address": "", "state": "not_given"}
    assert people.record_contact(party.pk, **nothing, **desk.worker).state == Contact.State.NOT_GIVEN


def test_a_contact_of_another_case_is_not_found(desk: Desk) -> None:
    mine, other = explained(desk), explained(desk)
    contact = people.record_contact(other.pk, **CONTACT, **desk.worker)
    with refused("contact.unknown"):
        people.record_contact(mine.pk, contact_id=contact.pk, **CONTACT, **desk.worker)


def test_a_guardian_is_an_adult(desk: Desk) -> None:
    party = described(desk, [AgeBand.ADULT, AgeBand.CHILD])
    assert person_at(party, 1).is_guardian == Known.YES
