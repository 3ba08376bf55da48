"""Voiding and changing: free until departure, the money where it belongs, no place expecting people in vain."""

from datetime import timedelta

import pytest

from onward.apps.cases.models import Consent, Decision
from onward.apps.cases.queries import find_decision
from onward.apps.people.models import Party
from onward.apps.record.actions import case_chain
from onward.apps.record.queries import list_entries
from onward.apps.travel import actions
from onward.apps.travel.models import RefundTask, TicketSet
from onward.apps.travel.queries import find_live_set, find_told_set
from onward.core.errors import NotAllowed, NotFound
from tests.apps.refused import refused
from tests.apps.travel.ready import LEAVES, make_ready
from tests.apps.travel.ready_sets import PAID, Sets
from tests.conftest import NOW

WHY = actions.Why.CHANGED_MIND


def test_voiding_what_is_held_releases_the_money(sets: Sets) -> None:
    actions.void(sets.held().pk, why=WHY, **sets.by())
    assert sets.books() == {"available": 100_000}
    assert not RefundTask.objects.exists()
    assert sets.party_state() == Party.State.OFFERED
    assert find_live_set(sets.family.party.pk) is None


def test_voiding_what_is_bought_asks_the_money_back_and_tells_nobody(sets: Sets) -> None:
    actions.void(sets.bought().pk, why=WHY, **sets.by())
    assert sets.books() == {"available": 89_500, "refund_due": 10_500}
    assert (RefundTask.objects.get().amount_minor, RefundTask.objects.get().state) == (10_500, "owed")
    assert sets.notices() == []


def test_voiding_what_is_issued_asks_the_money_back_and_tells_the_place(sets: Sets) -> None:
    void = actions.void(sets.issued().pk, why=WHY, **sets.by())
    assert sets.books() == {"available": 89_500, "refund_due": 10_500}
    assert sets.notices() == [("coming", "chicago"), ("cancelled", "chicago")]
    assert (void.is_told, find_told_set(sets.family.party.pk)) == (False, None)
    assert sets.party_state() == Party.State.OFFERED


def test_voiding_twice_voids_once(sets: Sets) -> None:
    issued = sets.issued()
    for _ in range(2):
        assert actions.void(issued.pk, why=WHY, **sets.by()).state == "void"
    assert RefundTask.objects.count() == 1
    assert len(sets.notices()) == 2


def test_after_voiding_the_party_may_choose_again_without_penalty(sets: Sets) -> None:
    actions.void(sets.issued().pk, why=WHY, **sets.by())
    from onward.apps.cases.actions import decide

    decide(sets.family.party.pk, Decision.Kind.ACCEPT, offer_id=sets.family.offer.pk, **sets.by())
    assert sets.held().state == "held"


def test_what_a_relative_paid_is_asked_back_for_them(sets: Sets) -> None:
    held = actions.hold_tickets(sets.family.offer.pk, payer=actions.Payer.RELATIVE, **sets.by())
    sets.buy(held)
    actions.void(held.pk, why=WHY, **sets.by())
    assert RefundTask.objects.get().amount_minor == 10_500
    assert sets.books() == {"available": 100_000}


def test_nothing_is_voided_once_the_journey_has_left(sets: Sets) -> None:
    issued = sets.issued()
    with refused("ticket_set.departed"):
        actions.void(issued.pk, why=WHY, **sets.by(issued.depart_at))


def test_a_no_said_before_departure_may_be_written_down_after_it(sets: Sets) -> None:
    issued = sets.issued()
    sets.say(Consent.Step.LEAVE, is_yes=False, now=issued.depart_at - timedelta(minutes=1))
    late = sets.by(issued.depart_at + timedelta(hours=1))
    assert actions.void(issued.pk, why=actions.Why.CONSENT_WITHDRAWN, **late).state == "void"


def test_tickets_never_issued_are_voided_whenever(sets: Sets) -> None:
    bought = sets.bought()
    assert actions.void(bought.pk, why=WHY, **sets.by(LEAVES + timedelta(days=3))).state == "void"


def test_why_is_one_of_a_few_codes_and_never_words(sets: Sets) -> None:
    held = sets.held()
    with refused("void.why") as caught:
        actions.void(held.pk, why="her husband said so", **sets.by())
    assert caught.value.field == "why"
    actions.void(held.pk, why="mistake", **sets.by())
    entry = [one for one in list_entries(case_chain(sets.family.party.pk)) if one.act == "tickets.void"][0]
    assert '"why":"mistake"' in entry.facts


def test_an_auditor_takes_nothing_back(sets: Sets) -> None:
    held = sets.held()
    with pytest.raises(NotAllowed):
        actions.void(held.pk, why=WHY, actor=sets.world.auditor, now=NOW)
    with pytest.raises(NotAllowed):
        actions.change(held.pk, offer_id=sets.family.other.pk, actor=sets.world.auditor, now=NOW)


def test_a_change_before_issue_tells_nobody_and_moves_the_money(sets: Sets) -> None:
    old = sets.held()
    new = actions.change(old.pk, offer_id=sets.family.other.pk, **sets.by())
    assert (new.state, new.replaces_id, new.fund_id) == ("held", old.pk, sets.fund.pk)
    assert sets.books() == {"available": 89_000, "held": 11_000}
    assert sets.notices() == []
    assert sets.party_state() == Party.State.ACCEPTED


def test_a_change_is_the_partys_decision_and_is_written_down_as_one(sets: Sets) -> None:
    actions.change(sets.issued().pk, offer_id=sets.family.other.pk, **sets.by())
    decision = find_decision(sets.family.party.pk)
    assert decision is not None
    assert (decision.kind, decision.offer_id) == ("accept", sets.family.other.pk)


def test_after_a_change_the_place_hears_when_the_new_tickets_are_issued(sets: Sets) -> None:
    old = sets.issued()
    new = actions.change(old.pk, offer_id=sets.family.other.pk, **sets.by())
    assert sets.notices() == [("coming", "chicago")]
    assert find_told_set(sets.family.party.pk) == old
    sets.buy(new)
    actions.issue(new.pk, **sets.by())
    assert sets.notices() == [("coming", "chicago"), ("changed", "chicago")]
    assert find_told_set(sets.family.party.pk) is None
    assert actions.settle_changes(now=NOW + timedelta(days=1)) == 0
    assert sets.books() == {"available": 79_000, "refund_due": 10_500, "fare": 9_500, "tax": 800, "fee": 200}


def test_after_a_change_that_is_voided_the_place_hears_that_nobody_comes(sets: Sets) -> None:
    new = actions.change(sets.issued().pk, offer_id=sets.family.other.pk, **sets.by())
    actions.void(new.pk, why=WHY, **sets.by())
    assert sets.notices() == [("coming", "chicago"), ("cancelled", "chicago")]
    assert actions.settle_changes(now=NOW + timedelta(days=1)) == 0


def test_after_two_changes_the_place_hears_once(sets: Sets) -> None:
    first = sets.issued()
    second = actions.change(first.pk, offer_id=sets.family.other.pk, **sets.by())
    third = actions.change(second.pk, offer_id=sets.family.offer.pk, **sets.by())
    sets.buy(third)
    actions.issue(third.pk, **sets.by())
    assert sets.notices() == [("coming", "chicago"), ("changed", "chicago")]
    assert not TicketSet.objects.filter(state="void", is_told=True).exists()


def test_a_change_left_unfinished_for_an_hour_is_a_cancellation(sets: Sets) -> None:
    new = actions.change(sets.issued().pk, offer_id=sets.family.other.pk, **sets.by())
    assert actions.settle_changes(now=NOW + timedelta(minutes=59)) == 0
    late = NOW + timedelta(hours=1)
    assert actions.settle_changes(now=late) == 1
    assert actions.settle_changes(now=late) == 0
    assert sets.notices() == [("coming", "chicago"), ("cancelled", "chicago")]
    sets.buy(new, late)
    actions.issue(new.pk, **sets.by(late))
    assert sets.notices()[-1] == ("coming", "chicago")


def test_a_change_left_unfinished_at_the_old_departure_is_a_cancellation(sets: Sets) -> None:
    issued = sets.issued()
    just_before = issued.depart_at - timedelta(minutes=10)
    actions.change(issued.pk, offer_id=sets.family.other.pk, **sets.by(just_before))
    assert actions.settle_changes(now=issued.depart_at - timedelta(seconds=1)) == 0
    assert actions.settle_changes(now=issued.depart_at) == 1
    assert sets.notices()[-1] == ("cancelled", "chicago")


def test_a_change_to_another_city_cancels_at_the_first_and_tells_the_second(sets: Sets) -> None:
    new = actions.change(sets.issued().pk, offer_id=sets.family.elsewhere.pk, **sets.by())
    assert sets.notices() == [("coming", "chicago"), ("cancelled", "chicago")]
    sets.buy(new)
    actions.issue(new.pk, **sets.by())
    assert sets.notices()[-1] == ("coming", "atlanta")


def test_pressing_a_change_twice_changes_once(sets: Sets) -> None:
    old = sets.issued()
    first = actions.change(old.pk, offer_id=sets.family.other.pk, **sets.by())
    assert actions.change(old.pk, offer_id=sets.family.other.pk, **sets.by()) == first
    assert RefundTask.objects.count() == 1


def test_a_change_the_fund_cannot_pay_leaves_all_as_it_was(sets: Sets) -> None:
    from onward.apps.travel.models import Offer

    old = sets.issued()
    Offer.objects.filter(pk=sets.family.other.pk).update(fare_minor=90_000)
    with refused("fund.not_enough"):
        actions.change(old.pk, offer_id=sets.family.other.pk, **sets.by())
    assert TicketSet.objects.get().state == "issued"
    assert sets.books() == {"available": 89_500, "fare": 9_500, "tax": 800, "fee": 200}
    assert sets.party_state() == Party.State.TICKETED


def test_a_change_to_the_same_journey_is_none(sets: Sets) -> None:
    with refused("change.same_offer"):
        actions.change(sets.issued().pk, offer_id=sets.family.offer.pk, **sets.by())


def test_a_change_to_another_partys_journey_finds_none(sets: Sets) -> None:
    others = make_ready(sets.world.new_york, sets.world.worker)
    with pytest.raises(NotFound):
        actions.change(sets.issued().pk, offer_id=others.offer.pk, **sets.by())


def test_a_change_with_a_quote_holds_the_quote(sets: Sets) -> None:
    new = actions.change(sets.issued().pk, offer_id=sets.family.other.pk, **PAID, **sets.by())
    assert (new.fare_minor, new.tax_minor, new.fee_minor) == (9_500, 800, 200)
