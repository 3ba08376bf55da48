"""P17: no ticket is bought twice and no seat or cent is spent twice, under concurrency, retries and kill -9.

tests/faults goes further: every act, every point.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from onward.apps.cases.models import Consent
from onward.apps.funds.models import Transfer
from onward.apps.funds.queries import balances, is_balanced
from onward.apps.notices.models import Delivery, Notice
from onward.apps.people.models import Person
from onward.apps.record.actions import case_chain
from onward.apps.record.queries import list_broken_chains, list_entries
from onward.apps.travel.models import Ticket, TicketSet
from tests.apps.travel.ready import Ready, say
from tests.conftest import World
from tests.faults.desk import Desk, opened_desk, opened_stage
from tests.faults.process import Call, Stage

POINTS = range(1, 40)


@pytest.fixture(scope="module")
def stage(django_db_setup: None, key_folder: Path) -> Iterator[Stage]:
    """An interpreter whose processes act beside this one."""
    yield from opened_stage(key_folder)


@pytest.fixture
def desk(transactional_db: None, world: World) -> Iterator[Desk]:
    """New York's desk; what it writes is committed."""
    yield from opened_desk(world)


def _held(desk: Desk, stage: Stage, family: Ready, *, has_fund: bool) -> dict[str, int]:
    fund_id = desk.fund().pk if has_fund else None
    ticket_set_id = stage.run(desk.call("hold", offer_id=family.offer.pk, fund_id=fund_id)).value
    say(family.party, Consent.Step.PURCHASE, is_yes=True, worker=desk.world.worker)
    return {"ticket_set_id": ticket_set_id}


def _bought(desk: Desk, stage: Stage, family: Ready, *, has_fund: bool) -> dict[str, int]:
    target = _held(desk, stage, family, has_fund=has_fund)
    assert stage.run(desk.call("purchase", **target)).value == "bought"
    return target


@pytest.mark.parametrize("has_fund", [True, False], ids=["a fund pays", "they pay"])
def test_two_processes_issue_the_same_tickets_and_one_does(desk: Desk, stage: Stage, has_fund: bool) -> None:
    for _ in range(3):
        family = desk.ready()
        issue = desk.call("issue", **_bought(desk, stage, family, has_fund=has_fund))
        outcomes = stage.run_at_once(issue, issue)
        assert [(one.value, one.error) for one in outcomes] == [("issued", "")] * 2
        assert Notice.objects.filter(ticket_set__party=family.party).count() == 1
        assert Delivery.objects.filter(notice__ticket_set__party=family.party).count() == 1
    assert list_broken_chains() == []


def test_the_last_cents_of_a_fund_are_held_once(desk: Desk, stage: Stage) -> None:
    for _ in range(3):
        fund = desk.fund(11_000)
        holds = [desk.call("hold", offer_id=desk.ready().offer.pk, fund_id=fund.pk) for _ in range(3)]
        outcomes = stage.run_at_once(*holds)
        assert sorted(one.error for one in outcomes) == ["", "fund.not_enough", "fund.not_enough"]
        assert balances(fund)["held"].minor == 11_000
    assert is_balanced()


def test_no_seat_is_held_twice_for_a_person(desk: Desk, stage: Stage) -> None:
    family, funds = desk.ready(), [desk.fund(), desk.fund()]
    stage.run_at_once(*[desk.call("hold", offer_id=family.offer.pk, fund_id=fund.pk) for fund in funds])
    for person in Person.objects.filter(party=family.party):
        assert Ticket.objects.filter(person=person).count() == 1


@pytest.mark.parametrize("has_fund", [True, False], ids=["a fund pays", "they pay"])
def test_a_purchase_pressed_again_and_again_is_made_once(desk: Desk, stage: Stage, has_fund: bool) -> None:
    for _ in range(3):
        family = desk.ready()
        target = _held(desk, stage, family, has_fund=has_fund)
        press = desk.call("purchase", **target)
        assert [(one.value, one.error) for one in stage.run_at_once(press, press, press)] == [("bought", "")] * 3
        acts = [entry.act for entry in list_entries(case_chain(family.party.pk))]
        assert acts.count("tickets.bought") == 1
        spent = Transfer.objects.filter(kind="spend", cause__startswith=f"ticket_set:{target['ticket_set_id']}:")
        lines = ["back", "fare", "fee", "tax"] if has_fund else []
        assert sorted(one.cause.rpartition(":")[2] for one in spent) == lines


@pytest.mark.parametrize("act", ["purchase", "issue"])
def test_killed_anywhere_nothing_is_done_by_halves_or_twice(desk: Desk, stage: Stage, act: str) -> None:
    start = _held if act == "purchase" else _bought
    ticket_set_id = start(desk, stage, desk.ready(), has_fund=True)["ticket_set_id"]
    state, transfers = TicketSet.objects.get(pk=ticket_set_id).state, Transfer.objects.count()
    call = desk.call(act, ticket_set_id=ticket_set_id)
    for point in POINTS:
        assert stage.run(Call(call.act, call.given, point=point)).is_killed
        if TicketSet.objects.get(pk=ticket_set_id).state != state:
            break
        assert (Transfer.objects.count(), Notice.objects.count()) == (transfers, 0), f"killed at point {point}"
    assert point > 4
    assert stage.run(call).error == ""
    assert Transfer.objects.count() == transfers + (4 if act == "purchase" else 0)
    assert Notice.objects.count() == (1 if act == "issue" else 0)
    assert is_balanced()


def test_killed_between_issue_and_notice_the_place_is_told_all_the_same(
    desk: Desk,
    stage: Stage,
    tmp_path: Path,
) -> None:
    target = _bought(desk, stage, desk.ready(), has_fund=True)
    given = desk.call("issue_and_deliver", **target, folder=str(tmp_path)).given
    assert stage.run(Call("issue_and_deliver", given, function="tests.faults.acts:deliver")).is_killed
    assert list(tmp_path.iterdir()) == []
    assert stage.run(Call("deliver", {"folder": str(tmp_path)})).value == 1
    assert len(list(tmp_path.iterdir())) == 1
