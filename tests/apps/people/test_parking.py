"""Interviews break off: they are parked, with an owner and a time, and taken up where they were."""

from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onward.apps.people import actions as people
from onward.apps.people.models import Party
from onward.apps.people.queries import list_parties, list_queue
from onward.apps.people.rules import MOVES
from onward.core.errors import Conflict
from tests.apps.cases.walking import Desk, acts_of, fresh
from tests.apps.refused import refused


def park(desk: Desk, party: Party, **given: Any) -> Party:
    owner = int(desk.world.coordinator.id)
    facts = {"until": desk.now + timedelta(hours=3), "owner_id": owner, "why": "rest"}
    return people.park(party.pk, **(facts | given), **desk.worker)


def test_a_parked_party_has_an_owner_a_time_and_a_reason(desk: Desk) -> None:
    party = people.arrive(1, "es", **desk.worker)
    park(desk, party)
    parked = fresh(party)
    assert (parked.state, parked.parked_why) == (Party.State.PARKED, "rest")
    assert str(parked.parked_for_id) == desk.world.coordinator.id
    assert parked.parked_until == desk.now + timedelta(hours=3)
    assert acts_of(party)[-2:] == ["party.moved", "party.parked"]


def test_a_parked_party_goes_back_to_where_it_was(desk: Desk) -> None:
    for state in (Party.State.WAITING, Party.State.IN_INTERVIEW, Party.State.DECIDES_LATER):
        party = people.arrive(1, "es", **desk.worker)
        if state != Party.State.WAITING:
            people.move_party(party, state, **desk.worker)
        park(desk, party)
        park(desk, party, why="care")
        resumed = people.resume(party.pk, **desk.worker)
        assert (resumed.state, resumed.parked_until, resumed.parked_why) == (state, None, "")
        assert people.resume(party.pk, **desk.worker).state == state


def test_parking_needs_a_time_ahead_an_owner_from_here_and_a_reason(desk: Desk) -> None:
    party = people.arrive(1, "es", **desk.worker)
    for given_, code in (
        ({"until": desk.now}, "park.until"),
        ({"until": desk.now + timedelta(days=31)}, "park.until"),
        ({"owner_id": int(desk.world.denver_worker.id)}, "park.owner"),
        ({"why": "tired of them"}, "park.why"),
    ):
        with refused(code):
            park(desk, party, **given_)
    assert fresh(party).state == Party.State.WAITING


def test_a_party_with_tickets_is_not_parked(desk: Desk) -> None:
    party = people.arrive(1, "es", **desk.worker)
    for to in (Party.State.IN_INTERVIEW, Party.State.OFFERED, Party.State.ACCEPTED, Party.State.TICKETED):
        people.move_party(party, to, **desk.worker)
    with refused("party.cannot_move"):
        park(desk, party)


def test_the_queue_has_the_urgent_first_then_the_longest_waiting(desk: Desk) -> None:
    first = people.arrive(1, "es", **desk.worker)
    desk.wait(minutes=5)
    second = people.arrive(1, "es", **desk.worker)
    desk.wait(minutes=5)
    urgent = people.arrive(1, "es", is_urgent=True, **desk.worker)
    begun = people.arrive(1, "es", **desk.worker)
    people.move_party(begun, Party.State.IN_INTERVIEW, **desk.worker)
    assert list_queue() == [urgent, first, second]
    assert list_parties(Party.State.IN_INTERVIEW) == [begun]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([*Party.State, "park", "resume"]), max_size=12))
def test_any_sequence_of_moves_keeps_state_parking_and_record_in_step(desk: Desk, tries: list[str]) -> None:
    party = people.arrive(2, "es", **desk.worker)
    for one in tries:
        before = fresh(party)
        try:
            if one == "park":
                park(desk, party)
            elif one == "resume":
                people.resume(party.pk, **desk.worker)
            else:
                people.move_party(fresh(party), Party.State(one), **desk.worker)
        except Conflict:
            assert fresh(party).state == before.state
        now = fresh(party)
        assert now.state == before.state or Party.State(now.state) in MOVES[Party.State(before.state)]
        assert (now.heads, now.number, now.key_id, now.arrived_at) == (
            2,
            before.number,
            before.key_id,
            before.arrived_at,
        )
        if now.state != Party.State.PARKED:
            assert (now.parked_until, now.parked_for_id, now.parked_why, now.parked_from) == (None, None, "", "")
        if one == "park" and now.state == Party.State.PARKED:
            assert now.parked_for_id and now.parked_until and now.parked_from
    assert acts_of(party)[0] == "party.arrived"
