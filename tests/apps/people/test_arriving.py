"""At the door: numbers, heads, language; a bus at four in the morning."""

import threading
from typing import Any

import pytest
from django.db import connection

from onward.apps.accounts.scopes import centre_scope
from onward.apps.people import actions as people
from onward.apps.people import sealing
from onward.apps.people.models import Known, Party
from onward.core.keys import KeyId
from tests.apps.cases.walking import Desk, acts_of, described, fresh, person_at
from tests.apps.refused import refused
from tests.conftest import NOW, World


def test_a_party_gets_the_centres_next_number_and_a_key_of_its_own(desk: Desk) -> None:
    first = people.arrive(4, "es", bed_tonight="yes", is_urgent=True, **desk.worker)
    second = people.arrive(1, "fr", **desk.worker)
    assert [first.label, second.label] == ["NEW-0001", "NEW-0002"]
    assert first.key_id != second.key_id
    assert sealing.ring().seal(KeyId(first.key_id), "test", "opens")
    assert (second.bed_tonight, second.state) == (Known.NOT_ASKED, Party.State.WAITING)
    assert acts_of(first) == ["party.arrived"]


def test_each_centre_counts_for_itself(desk: Desk, world: World) -> None:
    people.arrive(1, "es", **desk.worker)
    with centre_scope(world.denver.pk):
        assert people.arrive(1, "es", **desk.stranger).label == "DEN-0001"


def test_a_bus_is_fifty_numbers_in_one_act(desk: Desk) -> None:
    parties = people.arrive_group([(1 + i % 4, "es" if i % 2 else "fr") for i in range(50)], **desk.worker)
    assert [party.number for party in parties] == list(range(1, 51))
    assert sum(party.heads for party in parties) == 123
    assert {party.language for party in parties} == {"es", "fr"}


def test_a_bus_with_one_impossible_party_gives_no_number_at_all(desk: Desk) -> None:
    with refused("party.heads"):
        people.arrive_group([(4, "es"), (0, "es")], **desk.worker)
    for size in (0, 121):
        with refused("group.size"):
            people.arrive_group([(1, "es")] * size, **desk.worker)
    assert not Party.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_parties_at_two_desks_at_once_both_get_a_number(world: World) -> None:
    start, labels = threading.Barrier(4), []
    problems: list[BaseException] = []

    def come_in() -> None:
        try:
            start.wait(timeout=20)
            with centre_scope(world.new_york.pk):
                for _ in range(3):
                    labels.append(people.arrive(1, "es", actor=world.worker, now=NOW).label)
        except BaseException as problem:  # noqa: BLE001  (told by the test's own thread)
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=come_in) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not problems
    assert sorted(labels) == [f"NEW-{number:04d}" for number in range(1, 13)]


def test_heads_are_corrected_and_never_below_the_people_described(desk: Desk) -> None:
    party = described(desk)
    assert people.change_heads(party.pk, 5, **desk.worker).heads == 5
    with refused("party.heads_described") as problem:
        people.change_heads(party.pk, 2, **desk.worker)
    assert problem.value.values == {"described": 3}
    assert people.change_heads(party.pk, 3, **desk.worker).heads == 3
    before = len(acts_of(party))
    people.change_heads(party.pk, 3, **desk.worker)
    assert len(acts_of(party)) == before


def test_what_was_noted_at_the_door_can_be_corrected(desk: Desk) -> None:
    party = people.arrive(2, "es", **desk.worker)
    people.correct_arrival(party.pk, language="ht", bed_tonight="declined", is_urgent=True, **desk.worker)
    corrected = fresh(party)
    assert (corrected.language, corrected.bed_tonight, corrected.is_urgent) == ("ht", Known.DECLINED, True)


def test_after_issue_nobody_is_added_taken_out_or_made_older(desk: Desk) -> None:
    party = described(desk)
    for to in (Party.State.IN_INTERVIEW, Party.State.OFFERED, Party.State.ACCEPTED, Party.State.TICKETED):
        people.move_party(party, to, **desk.worker)
    child = person_at(party, 3)
    described_as: dict[str, Any] = {"birth_year": None, "is_guardian": "no", **desk.worker}
    for act in (
        lambda: people.change_heads(party.pk, 4, **desk.worker),
        lambda: people.remove_person(child.pk, **desk.worker),
        lambda: people.describe_person(party.pk, 3, name="", age_band="youth", **described_as),
    ):
        with refused("party.ticketed"):
            act()
    people.describe_person(party.pk, 3, name="Spelt right", age_band="child", **described_as)
    assert fresh(party).state == Party.State.TICKETED
