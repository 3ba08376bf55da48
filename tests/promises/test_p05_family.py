"""P5: a party travels as one ticket set, or not at all. (test_p05_leave_unseen.py: an adult leaves it.)"""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from onward.apps.accounts.scopes import centre_scope
from onward.apps.notices.models import Notice
from onward.apps.people.actions import leave_party
from onward.apps.people.models import AgeBand, Party, Person
from onward.apps.travel import actions
from onward.apps.travel.models import Ticket, TicketSet
from onward.core.errors import Conflict, Stopped
from tests.apps.refused import refused
from tests.apps.travel.ready import FAMILY, lay_ready, make_fund, make_ready
from tests.apps.travel.ready_sets import Sets
from tests.conftest import World


@pytest.fixture
def sets(world: World) -> Iterator[Sets]:
    with centre_scope(world.new_york.pk):
        yield Sets(world, lay_ready(world.new_york, world.worker), make_fund(world.coordinator))


def _person(sets: Sets, position: int) -> Person:
    return Person.objects.get(party=sets.family.party, position=position)


def test_one_set_holds_a_seat_for_everyone_at_their_age(sets: Sets) -> None:
    issued = sets.issued()
    seats = Ticket.objects.filter(ticket_set=issued).values_list("person__position", "age_band")
    assert sorted(seats) == [(1, "adult"), (2, "adult"), (3, "child")]
    assert issued.heads == len(FAMILY)


def test_a_party_never_has_two_live_sets_whatever_the_code_does(sets: Sets) -> None:
    held = sets.held()
    with refused("ticket_set.already"):
        actions.hold_tickets(sets.family.offer.pk, payer=actions.Payer.THEMSELVES, **sets.by())
    held.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        held.save(force_insert=True)


def _one_head_more(sets: Sets, _: TicketSet) -> None:
    Party.objects.filter(pk=sets.family.party.pk).update(heads=4)


def _one_seat_less(_: Sets, bought: TicketSet) -> None:
    seat = Ticket.objects.filter(ticket_set=bought).first()
    assert seat is not None
    seat.delete()


def _another_age(sets: Sets, _: TicketSet) -> None:
    Person.objects.filter(party=sets.family.party, position=3).update(age_band=AgeBand.YOUTH)


def _anothers_seat(_: Sets, bought: TicketSet) -> None:
    others = make_ready(_.world.new_york, _.world.worker)
    stranger = Person.objects.get(party=others.party, position=3)
    Ticket.objects.filter(ticket_set=bought, person__position=3).update(person=stranger)


def _another_city(_: Sets, bought: TicketSet) -> None:
    TicketSet.objects.filter(pk=bought.pk).update(place_id="atlanta")


def _another_date(_: Sets, bought: TicketSet) -> None:
    TicketSet.objects.filter(pk=bought.pk).update(depart_at=bought.depart_at + timedelta(days=1))


@pytest.mark.parametrize(
    "differ", [_one_head_more, _one_seat_less, _another_age, _anothers_seat, _another_city, _another_date]
)
def test_nothing_is_issued_unless_heads_ages_city_and_date_agree(
    sets: Sets, differ: Callable[[Sets, TicketSet], None]
) -> None:
    bought = sets.bought()
    differ(sets, bought)
    with pytest.raises(Stopped) as caught:
        actions.issue(bought.pk, **sets.by())
    assert caught.value.code.startswith("tickets.")
    assert caught.value.remedy
    assert TicketSet.objects.get(pk=bought.pk).state == "bought"
    assert not Notice.objects.exists()


def test_nothing_is_held_for_a_party_whose_people_are_not_all_described(sets: Sets) -> None:
    _one_head_more(sets, TicketSet())
    with pytest.raises(Stopped, match="Describe everyone"):
        sets.held()
    assert not TicketSet.objects.exists()


def test_what_was_offered_to_three_is_not_sold_to_the_two_who_stay(sets: Sets) -> None:
    leave_party(_person(sets, 2).pk, **sets.by())
    with pytest.raises(Conflict):
        sets.held()
