"""Killed with -9 at every point of every act on tickets: nothing bought twice, nothing lost, books at zero."""

from collections.abc import Callable
from pathlib import Path

import pytest

from onward.apps.cases.models import Consent
from onward.apps.funds.models import Fund, Transfer
from onward.apps.funds.queries import balances, is_balanced
from onward.apps.notices.models import Delivery, Notice
from onward.apps.record.queries import list_broken_chains
from onward.apps.travel.models import Receipt, RefundTask, TicketSet
from tests.apps.travel.ready import Ready, say
from tests.faults.desk import Desk
from tests.faults.process import Call, Stage

type Prepared = tuple[Ready, Fund, Call]
type Prepare = Callable[[Desk, Stage], Prepared]


def _run(stage: Stage, call: Call) -> object:
    outcome = stage.run(call)
    assert outcome.error == "", outcome
    return outcome.value


def _to_hold(desk: Desk, _: Stage) -> Prepared:
    family, fund = desk.ready(), desk.fund()
    return family, fund, desk.call("hold", offer_id=family.offer.pk, fund_id=fund.pk)


def _to_purchase(desk: Desk, stage: Stage) -> Prepared:
    family, fund, hold = _to_hold(desk, stage)
    ticket_set_id = _run(stage, hold)
    say(family.party, Consent.Step.PURCHASE, is_yes=True, worker=desk.world.worker)
    return family, fund, desk.call("purchase", ticket_set_id=ticket_set_id)


def _to_issue(desk: Desk, stage: Stage) -> Prepared:
    family, fund, purchase = _to_purchase(desk, stage)
    _run(stage, purchase)
    return family, fund, desk.call("issue", ticket_set_id=purchase.given["ticket_set_id"])


def _to_void(desk: Desk, stage: Stage) -> Prepared:
    family, fund, issue = _to_issue(desk, stage)
    _run(stage, issue)
    return family, fund, desk.call("void", ticket_set_id=issue.given["ticket_set_id"])


def _to_change(desk: Desk, stage: Stage) -> Prepared:
    family, fund, void = _to_void(desk, stage)
    return family, fund, desk.call("change", **_target(void), offer_id=family.elsewhere.pk)


def _target(call: Call) -> dict[str, object]:
    return {"ticket_set_id": call.given["ticket_set_id"]}


def _traces(family: Ready, fund: Fund) -> dict[str, object]:
    """All that is left in the database of what was done with a family's tickets."""
    sets = TicketSet.objects.filter(party=family.party).order_by("pk")
    return {
        "sets": [(one.state, one.is_told) for one in sets],
        "tickets": sum(one.tickets.count() for one in sets),
        "receipts": Receipt.objects.filter(ticket_set__in=sets).count(),
        "refunds": RefundTask.objects.filter(ticket_set__in=sets).count(),
        "notices": list(Notice.objects.filter(ticket_set__in=sets).order_by("pk").values_list("kind", flat=True)),
        "letters": Delivery.objects.filter(notice__ticket_set__in=sets).count(),
        "books": {kind: money.minor for kind, money in balances(fund).items()},
        "transfers": Transfer.objects.filter(debit__fund=fund).count(),
    }


@pytest.mark.parametrize("prepare", [_to_hold, _to_purchase, _to_issue, _to_void, _to_change])
def test_an_act_killed_at_any_point_is_done_whole_or_not_at_all_and_once_when_pressed_again(
    desk: Desk, stage: Stage, prepare: Prepare
) -> None:
    family, fund, call = prepare(desk, stage)
    whole = stage.run(call)
    after = _traces(family, fund)
    assert whole.points > 4
    family, fund, call = prepare(desk, stage)
    before = _traces(family, fund)
    for point in range(1, whole.points + 1):
        assert stage.run(Call(call.act, call.given, point=point)).is_killed
        assert _traces(family, fund) == (after if point == whole.points else before), f"killed at point {point}"
        assert is_balanced()
    assert stage.run(call).error == ""
    assert _traces(family, fund) == after
    assert list_broken_chains() == []


@pytest.mark.parametrize(("next_act", "stands"), [("purchase", "held"), ("issue", "bought")])
def test_a_worker_killed_between_holding_and_issuing_is_followed_by_a_colleague(
    desk: Desk, stage: Stage, next_act: str, stands: str
) -> None:
    family, fund = desk.ready(), desk.fund()
    say(family.party, Consent.Step.PURCHASE, is_yes=True, worker=desk.world.worker)
    walk = desk.call("walk", offer_id=family.offer.pk, fund_id=fund.pk, function=f"tests.faults.acts:{next_act}")
    assert stage.run(walk).is_killed
    (ticket_set,) = TicketSet.objects.filter(party=family.party)
    assert ticket_set.state == stands
    assert _run(stage, desk.call("purchase", ticket_set_id=ticket_set.pk)) == "bought"
    assert _run(stage, desk.call("issue", ticket_set_id=ticket_set.pk)) == "issued"
    traces = _traces(family, fund)
    assert (traces["sets"], traces["notices"], traces["receipts"]) == ([("issued", True)], ["coming"], 1)
    assert traces["books"] == {
        "granted": 100_000,
        "available": 89_500,
        "held": 0,
        "fare": 9_500,
        "tax": 800,
        "fee": 200,
        "refund_due": 0,
    }
    assert is_balanced()


def test_a_worker_killed_in_the_middle_of_spending_has_spent_nothing(desk: Desk, stage: Stage) -> None:
    family, fund, call = _to_purchase(desk, stage)
    middle = Call(call.act, call.given, function="onward.apps.travel.payment:spend", is_after=True)
    assert stage.run(middle).is_killed
    assert balances(fund)["held"].minor == 11_000
    assert _run(stage, call) == "bought"
    assert (balances(fund)["held"].minor, balances(fund)["fare"].minor) == (0, 9_500)


def test_a_notice_is_delivered_although_the_worker_died_after_issuing(desk: Desk, stage: Stage, tmp_path: Path) -> None:
    _, _, call = _to_issue(desk, stage)
    given = call.given | {"folder": str(tmp_path)}
    assert stage.run(Call("issue_and_deliver", given, function="tests.faults.acts:deliver")).is_killed
    assert TicketSet.objects.get(pk=call.given["ticket_set_id"]).state == "issued"
    assert list(tmp_path.iterdir()) == []
    assert _run(stage, Call("deliver", {"folder": str(tmp_path)})) == 1
    assert len(list(tmp_path.iterdir())) == 1
    assert _run(stage, Call("deliver", {"folder": str(tmp_path), "after_min": 60})) == 0


def test_a_letter_sent_by_a_job_that_died_before_saying_so_comes_again_and_is_one(
    desk: Desk, stage: Stage, tmp_path: Path
) -> None:
    _, _, call = _to_issue(desk, stage)
    _run(stage, call)
    sent = Call("deliver", {"folder": str(tmp_path)}, function="onward.apps.notices.outbox:_send", is_after=True)
    assert stage.run(sent).is_killed
    assert len(list(tmp_path.iterdir())) == 1
    assert _run(stage, Call("deliver", {"folder": str(tmp_path), "after_min": 60})) == 1
    assert len(list(tmp_path.iterdir())) == 1
    assert Delivery.objects.get().delivered_at is not None


def test_a_no_to_telling_is_kept_and_followed_or_neither(desk: Desk, stage: Stage) -> None:
    family, _, void = _to_void(desk, stage)
    refuse = desk.call("refuse_telling", **_target(void), function="onward.apps.notices.actions:follow_consent")
    assert stage.run(refuse).is_killed
    said = Consent.objects.filter(party=family.party, step=Consent.Step.NOTICE)
    kinds = Notice.objects.filter(ticket_set__party=family.party).order_by("pk").values_list("kind", flat=True)
    assert (said.count(), list(kinds)) == (0, ["coming"])
    _run(stage, desk.call("refuse_telling", **_target(void)))
    assert (said.get().is_yes, list(kinds.all())) == (False, ["coming", "withdrawn"])
