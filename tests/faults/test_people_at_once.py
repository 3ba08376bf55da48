"""Two workers at the same person at the same moment: one head goes, one case is made."""

from onward.apps.people.models import Party, Person
from onward.apps.record.queries import list_broken_chains
from tests.faults.desk import Desk
from tests.faults.process import Stage

ROUNDS = 3


def test_two_workers_take_one_person_out_and_one_head_goes(desk: Desk, stage: Stage) -> None:
    for _ in range(ROUNDS):
        party = desk.ready().party
        child = Person.objects.get(party=party, position=3)
        remove = desk.call("remove", person_id=child.pk)
        outcomes = stage.run_at_once(remove, remove)
        assert sorted(one.error for one in outcomes) == ["", "person.unknown"]
        assert Party.objects.get(pk=party.pk).heads == 2
        assert list(Person.objects.filter(party=party).order_by("position").values_list("position", flat=True)) == [
            1,
            2,
        ]
    assert list_broken_chains() == []


def test_two_workers_give_one_adult_a_number_and_one_case_is_made(desk: Desk, stage: Stage) -> None:
    for _ in range(ROUNDS):
        party = desk.ready().party
        adult, cases = Person.objects.get(party=party, position=2), Party.objects.count()
        leave = desk.call("leave", person_id=adult.pk)
        outcomes = stage.run_at_once(leave, leave)
        assert sorted(one.error for one in outcomes) == ["", "person.unknown"]
        assert Party.objects.count() == cases + 1
        assert Party.objects.get(pk=party.pk).heads == 2
    assert list_broken_chains() == []
