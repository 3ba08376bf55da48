"""Two processes let go at the same moment: every act has its effect once."""

from collections import Counter

import pytest

from onward.apps.cases.models import Consent
from onward.apps.funds.models import Transfer
from onward.apps.funds.queries import balances, is_balanced
from onward.apps.notices.models import Delivery, Notice
from onward.apps.record.actions import case_chain
from onward.apps.record.queries import list_broken_chains, list_entries
from onward.apps.travel.models import TicketSet
from tests.apps.travel.ready import Ready, say
from tests.faults.desk import Desk
from tests.faults.process import Stage

ROUNDS = 3


def _acts(family: Ready) -> Counter[str]:
    return Counter(entry.act for entry in list_entries(case_chain(family.party.pk)))


PAYERS = pytest.mark.parametrize("has_fund", [True, False], ids=["a fund pays", "they pay"])


def _held(desk: Desk, stage: Stage, family: Ready, *, has_fund: bool) -> int:
    fund_id = desk.fund().pk if has_fund else None
    ticket_set_id = stage.run(desk.call("hold", offer_id=family.offer.pk, fund_id=fund_id)).value
    say(family.party, Consent.Step.PURCHASE, is_yes=True, worker=desk.world.worker)
    return int(ticket_set_id)


def _bought(desk: Desk, stage: Stage, family: Ready, *, has_fund: bool) -> int:
    ticket_set_id = _held(desk, stage, family, has_fund=has_fund)
    assert stage.run(desk.call("purchase", ticket_set_id=ticket_set_id)).value == "bought"
    return ticket_set_id


@PAYERS
def test_two_processes_issue_the_same_tickets_and_the_place_hears_once(
    desk: Desk, stage: Stage, has_fund: bool
) -> None:
    for _ in range(ROUNDS):
        family = desk.ready()
        issue = desk.call("issue", ticket_set_id=_bought(desk, stage, family, has_fund=has_fund))
        outcomes = stage.run_at_once(issue, issue, issue)
        assert [(one.value, one.error) for one in outcomes] == [("issued", "")] * 3
        assert Notice.objects.filter(ticket_set__party=family.party).count() == 1
        assert Delivery.objects.filter(notice__ticket_set__party=family.party).count() == 1
        assert (_acts(family)["tickets.issued"], _acts(family)["notice.coming"]) == (1, 1)
    assert list_broken_chains() == []


def test_two_workers_cannot_both_spend_the_last_of_a_fund(desk: Desk, stage: Stage) -> None:
    for _ in range(ROUNDS):
        one, other, fund = desk.ready(), desk.ready(), desk.fund(11_000)
        calls = [desk.call("hold", offer_id=family.offer.pk, fund_id=fund.pk) for family in (one, other)]
        outcomes = stage.run_at_once(*calls)
        assert sorted(outcome.error for outcome in outcomes) == ["", "fund.not_enough"]
        assert (balances(fund)["available"].minor, balances(fund)["held"].minor) == (0, 11_000)
        assert TicketSet.objects.filter(fund=fund).count() == 1
    assert is_balanced()


def test_two_workers_hold_for_one_party_and_one_set_is_held(desk: Desk, stage: Stage) -> None:
    for _ in range(ROUNDS):
        family, fund = desk.ready(), desk.fund()
        hold = desk.call("hold", offer_id=family.offer.pk, fund_id=fund.pk)
        first, second = stage.run_at_once(hold, hold)
        assert first.value == second.value
        assert balances(fund)["held"].minor == 11_000


def test_two_workers_hold_for_one_party_from_two_funds_and_one_is_held(desk: Desk, stage: Stage) -> None:
    for _ in range(ROUNDS):
        family, funds = desk.ready(), [desk.fund(), desk.fund()]
        outcomes = stage.run_at_once(*[desk.call("hold", offer_id=family.offer.pk, fund_id=fund.pk) for fund in funds])
        assert sorted(outcome.error for outcome in outcomes) == ["", "ticket_set.already"]
        assert sum(balances(fund)["held"].minor for fund in funds) == 11_000


@PAYERS
def test_a_purchase_pressed_in_two_windows_is_recorded_and_spent_once(desk: Desk, stage: Stage, has_fund: bool) -> None:
    for _ in range(ROUNDS):
        family = desk.ready()
        ticket_set_id = _held(desk, stage, family, has_fund=has_fund)
        press = desk.call("purchase", ticket_set_id=ticket_set_id)
        assert [(one.value, one.error) for one in stage.run_at_once(press, press)] == [("bought", "")] * 2
        spent = Transfer.objects.filter(cause__startswith=f"ticket_set:{ticket_set_id}:spend").count()
        assert spent == (4 if has_fund else 0)
        assert _acts(family)["tickets.bought"] == 1


def test_two_purchases_for_one_set_leave_one_and_the_other_is_told(desk: Desk, stage: Stage) -> None:
    family = desk.ready()
    ticket_set_id = _held(desk, stage, family, has_fund=False)
    presses = [desk.call("purchase", ticket_set_id=ticket_set_id, confirmation=number) for number in ("AAA", "BBB")]
    assert sorted(one.error for one in stage.run_at_once(*presses)) == ["", "purchase.recorded"]
    assert _acts(family)["tickets.bought"] == 1


@PAYERS
def test_issuing_and_voiding_at_once_end_in_one_story(desk: Desk, stage: Stage, has_fund: bool) -> None:
    for _ in range(ROUNDS):
        family = desk.ready()
        ticket_set_id = _bought(desk, stage, family, has_fund=has_fund)
        issue, void = stage.run_at_once(
            desk.call("issue", ticket_set_id=ticket_set_id), desk.call("void", ticket_set_id=ticket_set_id)
        )
        assert (void.value, void.error) == ("void", "")
        assert (issue.value, issue.error) in ((None, "ticket_set.state"), ("issued", ""))
        kinds = list(Notice.objects.filter(ticket_set=ticket_set_id).order_by("serial").values_list("kind", flat=True))
        assert kinds == ([] if issue.error else ["coming", "cancelled"])
        assert is_balanced()
