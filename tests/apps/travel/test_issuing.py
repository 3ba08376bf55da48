"""Issuing: checked again, once, and the place is told in the same transaction."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from onward.apps.accounts.models import Account
from onward.apps.cases.actions import record_answers
from onward.apps.cases.models import Consent
from onward.apps.notices.announcer import Notices
from onward.apps.notices.models import Delivery, Notice
from onward.apps.people.models import Party, Person
from onward.apps.record.actions import case_chain
from onward.apps.record.queries import list_entries
from onward.apps.travel import actions, announce
from onward.apps.travel.models import Ticket, TicketSet
from onward.core.actor import Actor
from onward.core.errors import NotAllowed, Unavailable
from tests.apps.refused import refused
from tests.apps.travel.ready import LEAVES
from tests.apps.travel.ready_sets import Sets
from tests.conftest import NOW


@pytest.fixture
def restored() -> Iterator[None]:
    yield
    announce.hand_in(Notices())


def stands(ticket_set: TicketSet) -> str:
    return TicketSet.objects.get(pk=ticket_set.pk).state


def test_issuing_twice_tells_and_records_once(sets: Sets) -> None:
    issued = sets.issued()
    again = actions.issue(issued.pk, **sets.by(NOW + timedelta(hours=1)))
    assert (again.state, again.issued_at) == ("issued", NOW)
    assert sets.notices() == [("coming", "chicago")]
    acts = [entry.act for entry in list_entries(case_chain(sets.family.party.pk))]
    assert acts.count("tickets.issued") == 1


def test_tickets_that_were_not_bought_are_not_issued(sets: Sets) -> None:
    held = sets.held()
    with refused("ticket_set.state") as caught:
        actions.issue(held.pk, **sets.by())
    assert "held" in str(caught.value)


def test_a_stop_that_came_up_after_the_purchase_stops_the_issue(sets: Sets) -> None:
    bought = sets.bought()
    record_answers(sets.family.party.pk, {"move_restricted": "yes"}, **sets.by())
    with refused("move_restricted"):
        actions.issue(bought.pk, **sets.by())
    assert stands(bought) == "bought"
    assert sets.notices() == []


def test_a_yes_taken_back_after_the_purchase_stops_the_issue(sets: Sets) -> None:
    bought = sets.bought()
    sets.say(Consent.Step.PURCHASE, is_yes=False)
    with refused("consent_purchase"):
        actions.issue(bought.pk, **sets.by())


def test_nothing_is_issued_for_a_journey_that_has_left(sets: Sets) -> None:
    bought = sets.bought()
    with refused("offer.departed"):
        actions.issue(bought.pk, **sets.by(LEAVES + timedelta(days=1)))


def test_nothing_is_issued_while_nobody_would_tell_the_place(sets: Sets, restored: None) -> None:
    bought = sets.bought()
    announce._held.clear()
    with refused("announcer.missing"):
        actions.issue(bought.pk, **sets.by())
    assert stands(bought) == "bought"
    assert sets.party_state() == Party.State.ACCEPTED


def test_nothing_is_issued_when_the_notice_cannot_be_written(sets: Sets, restored: None) -> None:
    class Breaking(Notices):
        def coming(self, ticket_set: TicketSet, *, actor: Actor, now: datetime) -> None:
            super().coming(ticket_set, actor=actor, now=now)
            raise Unavailable("disk.full", "The disk is full.")

    bought = sets.bought()
    announce.hand_in(Breaking())
    with refused("disk.full"):
        actions.issue(bought.pk, **sets.by())
    assert stands(bought) == "bought"
    assert not Notice.objects.exists()
    assert not Delivery.objects.exists()


def test_a_traveller_who_refuses_notice_gets_the_same_tickets(sets: Sets) -> None:
    sets.say(Consent.Step.NOTICE, is_yes=False)
    assert sets.issued().state == "issued"
    assert sets.notices() == []


def test_a_seat_whose_person_left_the_party_stops_the_issue(sets: Sets) -> None:
    bought = sets.bought()
    Person.objects.filter(party=sets.family.party, position=2).delete()
    Party.objects.filter(pk=sets.family.party.pk).update(heads=2)
    with refused("tickets.people_differ"):
        actions.issue(bought.pk, **sets.by())
    assert Ticket.objects.filter(ticket_set=bought).count() == 3


def test_an_age_corrected_after_the_purchase_stops_the_issue(sets: Sets) -> None:
    bought = sets.bought()
    Person.objects.filter(party=sets.family.party, position=3).update(age_band="youth")
    with refused("tickets.people_differ"):
        actions.issue(bought.pk, **sets.by())


@pytest.mark.parametrize("column", ["depart_at", "arrive_at"])
def test_tickets_for_another_day_than_the_journey_are_not_issued(sets: Sets, column: str) -> None:
    bought = sets.bought()
    TicketSet.objects.filter(pk=bought.pk).update(**{column: LEAVES + timedelta(days=1)})
    with refused("tickets.journey_differs"):
        actions.issue(bought.pk, **sets.by())


def test_tickets_for_another_city_than_the_journey_are_not_issued(sets: Sets) -> None:
    bought = sets.bought()
    TicketSet.objects.filter(pk=bought.pk).update(place_id="atlanta")
    with refused("tickets.journey_differs"):
        actions.issue(bought.pk, **sets.by())


def test_an_auditor_and_a_stranger_issue_nothing(sets: Sets) -> None:
    bought = sets.bought()
    for actor in (sets.world.auditor, sets.world.denver_worker):
        with pytest.raises(NotAllowed):
            actions.issue(bought.pk, actor=actor, now=NOW)
    assert Account.objects.exists()


def test_the_protection_lead_may_issue(sets: Sets) -> None:
    bought = sets.bought()
    assert actions.issue(bought.pk, actor=sets.world.lead, now=NOW).state == "issued"
