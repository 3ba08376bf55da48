"""P5: any adult may leave a party on their own word, asked alone; the others are not asked, told or shown. Children:
the protection lead decides."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.apps import apps

from onward.apps.accounts.scopes import CentreModel
from onward.apps.cases import actions as cases
from onward.apps.cases.models import Obligation, SafetyAnswer
from onward.apps.cases.queries import get_case, list_stops
from onward.apps.people import actions as people
from onward.apps.people import sealing
from onward.apps.people.models import AgeBand, Party, Person
from onward.apps.people.queries import find_parties, open_words
from onward.apps.record.actions import case_chain
from onward.apps.record.models import Entry
from onward.apps.travel.actions import hold_tickets, void
from onward.apps.travel.models import TicketSet
from onward.core.errors import OnwardError
from onward.core.keys import KeyId, SealBroken
from tests.apps.cases.walking import Desk, acts_of, described, fresh, offered, person_at
from tests.apps.refused import refused

NAMES = ("Ana Núñez", "Luis Pérez", "Mía Núñez")


@pytest.fixture
def family(desk: Desk) -> Party:
    """Two adults and a child; the second has a hearing of his own and was asked alone."""
    party = described(desk, names=NAMES)
    luis = person_at(party, 2)
    cases.record_obligation(
        party.pk, kind="hearing", on=date(2026, 6, 11), place_words="Newark", person_id=luis.pk, **desk.worker
    )
    cases.record_obligation(party.pk, kind="check_in", on=date(2026, 6, 12), **desk.worker)
    cases.record_safety(luis.pk, answer="yes", is_asked_alone=True, **desk.worker)
    return party


def leave(desk: Desk, party: Party, position: int = 2, **by: Any) -> Party:
    desk.wait(minutes=1)
    return people.leave_party(person_at(party, position).pk, **(by or desk.worker))


def everything_of(party: Party) -> list[tuple[str, dict[str, Any]]]:
    """Every row of the product that belongs to a case, by model."""
    rows = []
    for model in apps.get_models():
        if issubclass(model, CentreModel) and any(field.name == "party" for field in model._meta.local_fields):
            rows += [(model.__name__, row) for row in model.objects.filter(party=party).order_by("pk").values()]
    return rows


def strings_in(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for one in value.values():
            yield from strings_in(one)
    else:
        yield str(value)


def test_an_adult_leaves_a_party_unseen_by_the_others(desk: Desk, family: Party) -> None:
    new = leave(desk, family)
    old = get_case(family.pk, **desk.worker)
    assert [(one.position, one.name) for one in old.persons] == [(1, "Ana Núñez"), (2, "Mía Núñez")]
    assert old.party.heads == 2
    assert [one.kind for one in old.obligations] == ["check_in"]
    theirs = get_case(new.pk, **desk.worker)
    assert [(one.position, one.name) for one in theirs.persons] == [(1, "Luis Pérez")]
    assert [(one.kind, one.place_words) for one in theirs.obligations] == [("hearing", "Newark")]


def test_nothing_of_the_old_case_names_the_new_one(desk: Desk, family: Party) -> None:
    person_id = person_at(family, 2).pk
    new = leave(desk, family)
    moved = person_at(new, 1)
    assert moved.pk != person_id
    rows = everything_of(family)
    assert rows
    for _, row in rows:
        assert new.label not in set(strings_in(row))
        assert new.key_id not in set(strings_in(row))
        assert "Luis" not in " ".join(strings_in(row))
    assert not {(name, row["id"]) for name, row in rows} & {(name, row["id"]) for name, row in everything_of(new)}


def test_the_old_record_says_only_what_it_says_when_a_count_is_corrected(desk: Desk, family: Party) -> None:
    before = len(acts_of(family))
    new = leave(desk, family)
    entries = list(Entry.objects.filter(chain=case_chain(family.pk)).order_by("seq"))[before:]
    assert [(entry.act, entry.facts) for entry in entries] == [("heads.changed", '{"from":3,"to":2}')]
    people.change_heads(family.pk, 3, **desk.worker)
    last = Entry.objects.filter(chain=case_chain(family.pk)).order_by("-seq")[0]
    assert (last.act, last.facts) == ("heads.changed", '{"from":2,"to":3}')
    assert acts_of(new) == ["party.arrived", "person.came_apart"]


def test_the_words_that_move_are_under_the_new_key_and_only_there(desk: Desk, family: Party) -> None:
    old_sealed = bytes(person_at(family, 2).name)
    new = leave(desk, family)
    moved = person_at(new, 1)
    assert sealing.unseal(new, "people.Person.name", moved.name) == "Luis Pérez"
    with pytest.raises(SealBroken):
        sealing.unseal(family, "people.Person.name", moved.name)
    assert old_sealed not in {bytes(one.name) for one in Person.objects.all()}
    sealing.ring().destroy(KeyId(family.key_id), legal_holds=(), now=desk.now)
    assert open_words(new, what="test", **desk.worker).persons[0].name == "Luis Pérez"


def test_the_search_finds_them_in_their_own_case_only(desk: Desk, family: Party) -> None:
    new = leave(desk, family)
    assert [found.party for found in find_parties("luis perez", **desk.worker)] == [new]
    assert [found.party for found in find_parties("ana nunez", **desk.worker)] == [family]


def test_the_new_case_begins_at_the_door_alone(desk: Desk, family: Party) -> None:
    new = leave(desk, family)
    case = get_case(new.pk, **desk.worker)
    assert (case.party.state, case.party.heads, case.explanation) == (Party.State.WAITING, 1, None)
    assert case.wishes == case.contacts == ()
    with refused("explanation.missing"):
        cases.record_wish(new.pk, 1, words="Miami", **desk.worker)
    people.explain(new.pk, language="es", interpreter="not_needed", **desk.worker)
    cases.record_wish(new.pk, 1, words="Miami", **desk.worker)


def test_what_they_said_of_their_safety_goes_with_them_and_stops_nobody_else(desk: Desk, family: Party) -> None:
    ana = person_at(family, 1).pk
    cases.record_safety(ana, answer="no", is_asked_alone=True, **desk.worker)
    assert "unsafe" in {stop.code for stop in list_stops(family.pk)}
    new = leave(desk, family, 1)
    assert "unsafe" not in {stop.code for stop in list_stops(family.pk)}
    assert "unsafe" in {stop.code for stop in list_stops(new.pk)}
    assert not SafetyAnswer.objects.filter(person_id=ana).exists()


def test_why_a_stop_was_lifted_is_sealed_anew_with_them(desk: Desk, family: Party) -> None:
    ana = person_at(family, 1).pk
    cases.record_safety(ana, answer="no", is_asked_alone=True, **desk.worker)
    cases.lift_safety_stop(ana, why="her brother stayed behind", **desk.lead)
    new = leave(desk, family, 1)
    moved = SafetyAnswer.objects.get(person=person_at(new, 1))
    assert sealing.unseal(new, "cases.SafetyAnswer.lifted_why", moved.lifted_why) == "her brother stayed behind"


def test_where_a_guardian_leaves_the_children_are_for_the_protection_lead(desk: Desk) -> None:
    party = described(desk, [AgeBand.ADULT, AgeBand.CHILD])
    leave(desk, party, 1)
    assert [stop.code for stop in list_stops(party.pk)] == ["minor_unaccompanied"]


@pytest.mark.parametrize("band", [AgeBand.INFANT, AgeBand.CHILD, AgeBand.YOUTH])
def test_a_child_leaves_a_party_by_the_protection_lead_only(desk: Desk, band: str) -> None:
    party = described(desk, [AgeBand.ADULT, band])
    for by in (desk.worker, desk.coordinator):
        with refused("actor.role_missing"):
            leave(desk, party, **by)
    assert fresh(party).heads == 2
    assert leave(desk, party, **desk.lead).heads == 1


def test_nobody_leaves_while_seats_are_held_and_anybody_after_they_are_void(desk: Desk, family: Party) -> None:
    wish = cases.record_wish(family.pk, 1, words="Chicago", place_key="chicago", **desk.worker)
    offer = offered(desk, wish)
    cases.decide(family.pk, "accept", offer_id=offer.pk, **desk.worker)
    tickets = hold_tickets(offer.pk, payer=TicketSet.Payer.THEMSELVES, **desk.worker)
    with refused("party.tickets_live") as problem:
        leave(desk, family)
    assert "Void or change the tickets first" in str(problem.value)
    assert fresh(family).heads == 3
    void(tickets.pk, why="people_changed", **desk.worker)
    new = leave(desk, family)
    assert fresh(family).state == Party.State.IN_INTERVIEW
    seats = tickets.tickets.values_list("person_id", "age_band")
    assert sorted(seats, key=str) == sorted(
        [(person_at(family, 1).pk, "adult"), (None, "adult"), (person_at(family, 2).pk, "child")], key=str
    )
    assert not new.ticket_sets.exists()


def test_the_only_person_of_a_party_has_nobody_to_leave(desk: Desk) -> None:
    party = described(desk, [AgeBand.ADULT])
    with refused("party.last_person"):
        leave(desk, party, 1)


def test_leaving_is_all_or_nothing(desk: Desk, family: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed by an error at its last step, it leaves no second case, no half-moved words."""
    from onward.apps.people.actions import leaving

    def fail(*_: object, **__: object) -> None:
        raise OnwardError("test.broken", "The disk is full.")

    monkeypatch.setattr(leaving, "append", fail)
    before = everything_of(family)
    with refused("test.broken"):
        people.leave_party(person_at(family, 2).pk, **desk.worker)
    assert everything_of(family) == before
    assert Party.objects.count() == 1
    assert Obligation.objects.count() == 2


def test_without_the_travel_rooms_word_nobody_is_taken_out_of_a_party(
    desk: Desk, family: Party, monkeypatch: pytest.MonkeyPatch
) -> None:
    from onward.apps.people import keepers

    monkeypatch.delitem(keepers._keepers, "travel")
    with refused("keepers.missing"):
        leave(desk, family)
    assert Party.objects.count() == 1
