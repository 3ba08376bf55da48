"""What became of departures, and the refunds that follow."""

from datetime import UTC, datetime, timedelta

import pytest

from onward.apps.cases.models import Consent
from onward.apps.people.actions.closing import close_due
from onward.apps.people.models import Party
from onward.apps.travel import actions
from onward.apps.travel.models import RefundTask, TicketSet
from onward.apps.travel.queries import list_departures, list_refunds
from onward.core.errors import NotAllowed, NotFound
from tests.apps.refused import refused
from tests.apps.travel.ready import LEAVES, usd
from tests.apps.travel.ready_sets import Sets
from tests.conftest import NOW

State = TicketSet.State


def test_leaving_needs_a_yes_on_leaving(sets: Sets) -> None:
    issued = sets.issued()
    with refused("consent_leave") as caught:
        actions.record_departure(issued.pk, State.LEFT, **sets.by(LEAVES))
    assert "not asked yet" in str(caught.value)
    sets.say(Consent.Step.LEAVE, is_yes=False, now=LEAVES)
    with refused("consent_leave") as caught:
        actions.record_departure(issued.pk, State.LEFT, **sets.by(LEAVES))
    assert "costs them nothing" in str(caught.value)


def test_a_yes_on_leaving_given_for_tickets_since_changed_does_not_count(sets: Sets) -> None:
    sets.say(Consent.Step.LEAVE, now=NOW - timedelta(hours=1))
    issued = sets.issued()
    with refused("consent_leave"):
        actions.record_departure(issued.pk, State.LEFT, **sets.by(LEAVES))


def test_nobody_has_left_more_than_twelve_hours_before(sets: Sets) -> None:
    issued = sets.issued()
    sets.say(Consent.Step.LEAVE)
    with refused("departure.too_early"):
        actions.record_departure(issued.pk, "left", **sets.by(issued.depart_at - timedelta(hours=12, seconds=1)))
    evening_before = sets.by(issued.depart_at - timedelta(hours=12))
    assert actions.record_departure(issued.pk, "left", **evening_before).state == "left"


@pytest.mark.parametrize("outcome", ["missed", "not_confirmed"])
def test_nothing_is_missed_before_it_has_left(sets: Sets, outcome: str) -> None:
    issued = sets.issued()
    with refused("departure.too_early"):
        actions.record_departure(issued.pk, outcome, **sets.by(issued.depart_at - timedelta(seconds=1)))


def test_a_departure_not_confirmed_is_settled_later(sets: Sets) -> None:
    issued = sets.issued()
    unsure = actions.record_departure(issued.pk, "not_confirmed", **sets.by(issued.depart_at))
    assert (unsure.state, unsure.ended_at, sets.party_state()) == ("not_confirmed", None, Party.State.TICKETED)
    sets.say(Consent.Step.LEAVE, now=issued.depart_at)
    later = sets.by(issued.depart_at + timedelta(hours=20))
    assert actions.record_departure(issued.pk, "left", **later).state == "left"
    assert sets.party_state() == Party.State.LEFT
    assert sets.notices() == [("coming", "chicago")]


@pytest.mark.parametrize("outcome", ["missed", "cancelled"])
def test_a_journey_that_did_not_happen_is_asked_back_and_told(sets: Sets, outcome: str) -> None:
    issued = sets.issued()
    late = sets.by(issued.depart_at)
    for _ in range(2):
        assert actions.record_departure(issued.pk, outcome, **late).is_told is False
    assert sets.books() == {"available": 89_500, "refund_due": 10_500}
    assert RefundTask.objects.get().amount_minor == 10_500
    assert sets.notices() == [("coming", "chicago"), ("cancelled", "chicago")]
    assert sets.party_state() == Party.State.OFFERED


def test_a_carrier_may_cancel_days_before(sets: Sets) -> None:
    assert actions.record_departure(sets.issued().pk, "cancelled", **sets.by()).state == "cancelled"


def test_who_has_left_has_not_missed_it(sets: Sets) -> None:
    issued = sets.issued()
    sets.say(Consent.Step.LEAVE, now=LEAVES)
    actions.record_departure(issued.pk, "left", **sets.by(LEAVES))
    with refused("ticket_set.state"):
        actions.record_departure(issued.pk, "missed", **sets.by(issued.depart_at))


def test_an_outcome_is_one_of_four(sets: Sets) -> None:
    issued = sets.issued()
    for outcome in ("void", "issued", "lost"):
        with refused("departure.outcome") as caught:
            actions.record_departure(issued.pk, outcome, **sets.by(LEAVES))
        assert caught.value.field == "outcome"


def test_an_auditor_records_no_departure_and_closes_no_refund(sets: Sets) -> None:
    issued = sets.issued()
    with pytest.raises(NotAllowed):
        actions.record_departure(issued.pk, "missed", actor=sets.world.auditor, now=issued.depart_at)
    actions.record_departure(issued.pk, "missed", **sets.by(issued.depart_at))
    with pytest.raises(NotAllowed):
        actions.close_refund(RefundTask.objects.get().pk, state="received", actor=sets.world.auditor, now=NOW)


def owed(sets: Sets) -> RefundTask:
    actions.void(sets.bought().pk, why="changed_mind", **sets.by())
    return RefundTask.objects.get()


def test_a_refund_received_is_left_to_spend(sets: Sets) -> None:
    refund = actions.close_refund(owed(sets).pk, state="received", **sets.by())
    assert (refund.state, refund.received_minor, refund.closed_at) == ("received", 10_500, NOW)
    assert sets.books() == {"available": 100_000}


def test_of_a_refund_received_in_part_the_rest_stays_spent_tax_and_fee_last(sets: Sets) -> None:
    actions.close_refund(owed(sets).pk, state="received", received=usd(9_000), **sets.by())
    assert sets.books() == {"available": 98_500, "fare": 500, "tax": 800, "fee": 200}


def test_a_refund_refused_stays_spent(sets: Sets) -> None:
    actions.close_refund(owed(sets).pk, state="refused", **sets.by())
    assert sets.books() == {"available": 89_500, "fare": 9_500, "tax": 800, "fee": 200}


def test_the_same_answer_of_the_carrier_counts_once_and_another_is_refused(sets: Sets) -> None:
    refund = owed(sets)
    for _ in range(2):
        actions.close_refund(refund.pk, state="received", received=usd(9_000), **sets.by())
    for other in ({"state": "refused"}, {"state": "received"}):
        with refused("refund.closed"):
            actions.close_refund(refund.pk, **other, **sets.by())
    assert sets.books()["available"] == 98_500


@pytest.mark.parametrize("minor", [0, 10_501])
def test_more_than_was_asked_or_nothing_is_no_refund(sets: Sets, minor: int) -> None:
    refund = owed(sets)
    with refused("refund.amount") as caught:
        actions.close_refund(refund.pk, state="received", received=usd(minor), **sets.by())
    assert caught.value.field == "received"
    with refused("refund.state"):
        actions.close_refund(refund.pk, state="owed", **sets.by())
    with pytest.raises(NotFound):
        actions.close_refund(refund.pk + 1, state="received", **sets.by())


def test_refunds_still_owed_come_first(sets: Sets) -> None:
    refund = owed(sets)
    assert list_refunds() == [refund]
    actions.close_refund(refund.pk, state="refused", **sets.by())
    assert [one.state for one in list_refunds()] == ["refused"]


def test_departures_are_listed_by_the_local_day(sets: Sets) -> None:
    issued = sets.issued()
    TicketSet.objects.filter(pk=issued.pk).update(depart_at=datetime(2026, 3, 5, 4, 30, tzinfo=UTC))
    assert list_departures(datetime(2026, 3, 4, tzinfo=UTC).date(), "America/New_York") == [issued]
    assert list_departures(datetime(2026, 3, 5, tzinfo=UTC).date(), "America/New_York") == []


def test_tickets_not_yet_issued_are_no_departure(sets: Sets) -> None:
    held = sets.held()
    assert list_departures(held.depart_at.date(), "America/New_York") == []


def test_a_journey_chosen_and_never_paid_for_closes_on_the_schedule(sets: Sets) -> None:
    assert sets.party_state() == Party.State.ACCEPTED
    assert close_due(now=NOW + timedelta(days=89)) == 0
    assert close_due(now=NOW + timedelta(days=91)) == 1
    assert sets.party_state() == Party.State.CLOSED


def test_a_departure_nobody_could_confirm_keeps_no_case_for_ever(sets: Sets) -> None:
    issued = sets.issued()
    assert close_due(now=NOW + timedelta(days=400)) == 0
    actions.record_departure(issued.pk, "not_confirmed", **sets.by(LEAVES + timedelta(days=1)))
    assert close_due(now=NOW + timedelta(days=91)) == 1
    assert sets.party_state() == Party.State.CLOSED
