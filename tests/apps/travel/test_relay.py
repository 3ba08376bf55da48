"""The relay sheet: who changes where, from issued tickets, and nothing that names anybody."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

import pytest

from onward.apps.accounts.scopes import centre_scope
from onward.apps.cases.models import Answer, Consent
from onward.apps.people.models import Known
from onward.apps.travel.models import TicketSet
from onward.apps.travel.relay import list_relays
from tests.apps.travel.ready_sets import Sets
from tests.conftest import NOW, World

CLEVELAND = {"name": "Cleveland Coach Station"}


def with_change(ticket_set: TicketSet, *, night: bool = False, **last: Any) -> TicketSet:
    """The set's journey with a change in Cleveland, on its local clock."""
    journey = ticket_set.offer.journey
    (leg,) = journey["legs"]
    comes = ticket_set.depart_at + timedelta(hours=10 if night else 6)
    goes = comes + timedelta(minutes=40)
    first = leg | {"arrive_at": comes.isoformat(), "to": CLEVELAND}
    second = leg | {"depart_at": goes.isoformat(), "from": CLEVELAND, "route": "7"} | last
    journey["legs"] = [first, second]
    ticket_set.offer.save()
    return ticket_set


def test_a_party_that_changes_stands_on_the_sheet_of_its_hub(sets: Sets) -> None:
    issued = with_change(sets.issued())
    on = (issued.depart_at + timedelta(hours=6, minutes=40)).date()
    (hub,) = list_relays(on).hubs
    (passing,) = hub.passing
    assert (hub.name, hub.heads) == ("Cleveland Coach Station", issued.heads)
    assert (passing.comes_by, passing.goes_by) == ("Example Coaches 1", "Example Coaches 7")
    assert passing.wait == timedelta(minutes=40)
    assert passing.children == 1
    assert (passing.step_free, passing.left) == (Known.NOT_ASKED, False)
    assert list_relays(on + timedelta(days=2)).hubs == ()


def test_the_sheet_holds_no_name_and_no_case_number(sets: Sets) -> None:
    issued = with_change(sets.issued())
    (hub,) = list_relays((issued.depart_at + timedelta(hours=6)).date()).hubs
    told = str([asdict(one) for one in hub.passing])
    assert issued.party.label not in told
    assert "Person 1" not in told


def test_needs_on_the_platform_are_as_they_were_answered(sets: Sets) -> None:
    issued = with_change(sets.issued())
    for question, answer in (("step_free", Known.YES), ("phone", Known.NO)):
        values = {"answer": answer, "answered_at": NOW, "centre_id": issued.centre_id}
        Answer.objects.update_or_create(party=issued.party, question=question, defaults=values)
    (hub,) = list_relays((issued.depart_at + timedelta(hours=6)).date()).hubs
    assert (hub.passing[0].step_free, hub.passing[0].phone) == (Known.YES, Known.NO)


def test_who_does_not_want_others_told_is_on_no_sheet_and_is_counted(sets: Sets) -> None:
    issued = with_change(sets.issued())
    sets.say(Consent.Step.NOTICE, is_yes=False)
    found = list_relays((issued.depart_at + timedelta(hours=6)).date())
    assert (found.hubs, found.left_off) == ((), 1)


def test_who_stays_in_the_vehicle_changes_nowhere(sets: Sets) -> None:
    issued = with_change(sets.issued(), stays_seated=True)
    assert list_relays((issued.depart_at + timedelta(hours=6)).date()).hubs == ()


@pytest.mark.parametrize("state", ["held", "void", "missed", "cancelled"])
def test_only_those_on_the_road_or_about_to_be_are_on_it(sets: Sets, state: str) -> None:
    issued = with_change(sets.issued())
    TicketSet.objects.filter(pk=issued.pk).update(state=state)
    assert list_relays((issued.depart_at + timedelta(hours=6)).date()).hubs == ()


def test_a_change_belongs_to_the_local_day_it_goes_on(sets: Sets) -> None:
    issued = with_change(sets.issued(), night=True)
    goes = issued.depart_at + timedelta(hours=10, minutes=40)
    days = [on for ahead in range(-2, 3) if list_relays(on := (goes + timedelta(days=ahead)).date()).hubs]
    assert days == [goes.date()]


def test_another_centre_sees_none_of_it(sets: Sets, world: World) -> None:
    issued = with_change(sets.issued())
    on: date = (issued.depart_at + timedelta(hours=6)).date()
    with centre_scope(world.denver.pk):
        assert list_relays(on).hubs == ()
