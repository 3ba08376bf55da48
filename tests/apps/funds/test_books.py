"""Moving a fund's money: each act, each refusal, each cause once."""

import pytest

from onward.apps.accounts.scopes import centre_scope
from onward.apps.funds import actions
from onward.apps.funds.models import Fund, Transfer
from onward.apps.funds.queries import balances, is_balanced, list_funds, list_payers, statement
from onward.apps.funds.rules import Purchase
from onward.apps.record.actions import centre_chain
from onward.apps.record.queries import list_entries
from onward.core.errors import BadInput, Conflict, NotAllowed, NotFound
from onward.core.money import Money
from tests.apps.refused import refused
from tests.conftest import NOW, World


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def shown(fund: Fund) -> dict[str, int]:
    """Balances that are not zero, in cents; the books must be whole whenever one looks."""
    assert is_balanced()
    return {kind: money.minor for kind, money in balances(fund).items() if money.minor}


def bought(fund: Fund, world: World, *, held: int = 5_000, fare: int = 4_000, tax: int = 600, fee: int = 400) -> None:
    by = {"actor": world.worker, "now": NOW}
    actions.hold(fund.pk, usd(held), cause="set:1:hold", **by)
    actions.spend(fund.pk, held=usd(held), fare=usd(fare), tax=usd(tax), fee=usd(fee), cause="set:1:spend", **by)


def test_a_grant_can_be_spent(fund: Fund) -> None:
    assert shown(fund) == {"granted": 10_000, "available": 10_000}


def test_money_held_is_no_longer_left(fund: Fund, world: World) -> None:
    actions.hold(fund.pk, usd(4_000), cause="set:1:hold", actor=world.worker, now=NOW)
    assert shown(fund) == {"granted": 10_000, "available": 6_000, "held": 4_000}


def test_money_released_is_left_again(fund: Fund, world: World) -> None:
    actions.hold(fund.pk, usd(4_000), cause="set:1:hold", actor=world.worker, now=NOW)
    actions.release(fund.pk, usd(4_000), cause="set:1:release", actor=world.worker, now=NOW)
    assert shown(fund) == {"granted": 10_000, "available": 10_000}


def test_fare_tax_and_fee_are_kept_apart(fund: Fund, world: World) -> None:
    bought(fund, world)
    assert shown(fund) == {"granted": 10_000, "available": 5_000, "fare": 4_000, "tax": 600, "fee": 400}


def test_what_was_held_and_not_needed_goes_back(fund: Fund, world: World) -> None:
    bought(fund, world, held=7_000)
    assert shown(fund) == {"granted": 10_000, "available": 5_000, "fare": 4_000, "tax": 600, "fee": 400}


def test_what_is_needed_beyond_the_hold_is_taken_when_it_is_there(fund: Fund, world: World) -> None:
    bought(fund, world, held=3_000, fare=9_000, tax=600, fee=400)
    assert shown(fund) == {"granted": 10_000, "fare": 9_000, "tax": 600, "fee": 400}


def test_what_is_needed_beyond_the_hold_and_is_not_there_is_refused_whole(fund: Fund, world: World) -> None:
    with refused("fund.not_enough"):
        bought(fund, world, held=3_000, fare=9_001, tax=600, fee=400)
    assert shown(fund) == {"granted": 10_000, "available": 7_000, "held": 3_000}


def test_a_refund_received_can_be_spent_again(fund: Fund, world: World) -> None:
    by = {"actor": world.worker, "now": NOW}
    bought(fund, world)
    actions.ask_back(fund.pk, fare=usd(4_000), tax=usd(600), fee=usd(400), cause="set:1:ask_back", **by)
    assert shown(fund) == {"granted": 10_000, "available": 5_000, "refund_due": 5_000}
    actions.receive_back(fund.pk, usd(5_000), cause="set:1:receive_back", **by)
    assert shown(fund) == {"granted": 10_000, "available": 10_000}


def test_a_refund_refused_stays_spent_where_it_was(fund: Fund, world: World) -> None:
    by = {"actor": world.worker, "now": NOW}
    bought(fund, world)
    parts = {"fare": usd(4_000), "tax": usd(600), "fee": usd(400)}
    actions.ask_back(fund.pk, **parts, cause="set:1:ask_back", **by)
    actions.write_off(fund.pk, **parts, cause="set:1:write_off", **by)
    assert shown(fund) == {"granted": 10_000, "available": 5_000, "fare": 4_000, "tax": 600, "fee": 400}


def test_the_same_cause_moves_money_once_and_returns_the_first_transfers(fund: Fund, world: World) -> None:
    by = {"actor": world.worker, "now": NOW}
    first = actions.hold(fund.pk, usd(5_000), cause="set:1:hold", **by)
    assert actions.hold(fund.pk, usd(5_000), cause="set:1:hold", **by) == first
    price = {"held": usd(5_000), "fare": usd(4_000), "tax": usd(0), "fee": usd(400)}
    spent = actions.spend(fund.pk, **price, cause="set:1:spend", **by)
    assert actions.spend(fund.pk, **price, cause="set:1:spend", **by) == spent
    assert [one.cause for one in spent] == ["set:1:spend:fare", "set:1:spend:fee", "set:1:spend:back"]
    assert shown(fund) == {"granted": 10_000, "available": 5_600, "fare": 4_000, "fee": 400}


def test_a_cause_used_for_one_amount_is_refused_for_another(fund: Fund, world: World) -> None:
    actions.hold(fund.pk, usd(5_000), cause="set:1:hold", actor=world.worker, now=NOW)
    with refused("books.cause_used"):
        actions.hold(fund.pk, usd(4_000), cause="set:1:hold", actor=world.worker, now=NOW)


def test_the_same_grant_is_made_and_recorded_once(fund: Fund, world: World) -> None:
    for _ in range(2):
        actions.grant(fund.pk, usd(700), cause="letter 2", actor=world.coordinator, now=NOW)
    assert shown(fund) == {"granted": 10_700, "available": 10_700}
    acts = [entry.act for entry in list_entries(centre_chain(world.new_york.pk)) if entry.act.startswith("fund.")]
    assert acts == ["fund.opened", "fund.granted", "fund.granted"]


def test_the_last_cent_can_be_held_and_not_one_more(fund: Fund, world: World) -> None:
    actions.hold(fund.pk, usd(10_000), cause="set:1:hold", actor=world.worker, now=NOW)
    with pytest.raises(Conflict) as caught:
        actions.hold(fund.pk, usd(1), cause="set:2:hold", actor=world.worker, now=NOW)
    assert "0.00 USD left; 0.01 USD is needed" in str(caught.value)


def test_money_that_was_never_held_cannot_be_released(fund: Fund, world: World) -> None:
    with refused("books.below_zero"):
        actions.release(fund.pk, usd(1), cause="set:1:release", actor=world.worker, now=NOW)


def test_money_that_was_never_spent_cannot_be_asked_back(fund: Fund, world: World) -> None:
    with refused("books.below_zero"):
        actions.ask_back(
            fund.pk, fare=usd(1), tax=usd(0), fee=usd(0), cause="set:1:ask_back", actor=world.worker, now=NOW
        )


def test_another_currency_is_a_sentence_by_the_field(fund: Fund, world: World) -> None:
    with pytest.raises(BadInput) as caught:
        actions.hold(fund.pk, Money(100, "CAD"), cause="set:1:hold", actor=world.worker, now=NOW)
    assert caught.value.field == "fund_id"
    assert "CAD" in str(caught.value)
    assert "USD" in str(caught.value)


def test_an_amount_below_zero_moves_nothing(fund: Fund, world: World) -> None:
    with refused("money.negative"):
        actions.hold(fund.pk, usd(-100), cause="set:1:hold", actor=world.worker, now=NOW)


@pytest.mark.parametrize("minor", [0, -5])
def test_a_grant_of_nothing_is_refused(fund: Fund, world: World, minor: int) -> None:
    with pytest.raises(BadInput) as caught:
        actions.grant(fund.pk, usd(minor), cause="letter 3", actor=world.coordinator, now=NOW)
    assert caught.value.field == "amount"


def test_a_closed_fund_holds_nothing_new_and_releases_what_it_held(fund: Fund, world: World) -> None:
    actions.hold(fund.pk, usd(100), cause="set:1:hold", actor=world.worker, now=NOW)
    actions.close_fund(fund.pk, actor=world.coordinator, now=NOW)
    with refused("fund.closed"):
        actions.hold(fund.pk, usd(100), cause="set:2:hold", actor=world.worker, now=NOW)
    actions.release(fund.pk, usd(100), cause="set:1:release", actor=world.worker, now=NOW)
    assert shown(fund)["available"] == 10_000


def test_only_a_coordinator_opens_and_grants(fund: Fund, world: World) -> None:
    for actor in (world.worker, world.lead, world.auditor):
        with pytest.raises(NotAllowed):
            actions.open_fund("Mine", "Me", "USD", {}, actor=actor, now=NOW)
        with pytest.raises(NotAllowed):
            actions.grant(fund.pk, usd(1), cause="mine", actor=actor, now=NOW)
        with pytest.raises(NotAllowed):
            actions.close_fund(fund.pk, actor=actor, now=NOW)


def test_an_auditor_moves_no_money(fund: Fund, world: World) -> None:
    by = {"cause": "set:1:x", "actor": world.auditor, "now": NOW}
    parts = {"fare": usd(1), "tax": usd(1), "fee": usd(1)}
    for act in (actions.hold, actions.release, actions.receive_back):
        with pytest.raises(NotAllowed):
            act(fund.pk, usd(1), **by)
    for act in (actions.ask_back, actions.write_off):
        with pytest.raises(NotAllowed):
            act(fund.pk, **parts, **by)
    with pytest.raises(NotAllowed):
        actions.spend(fund.pk, held=usd(3), **parts, **by)


def test_another_centre_finds_no_such_fund(fund: Fund, world: World) -> None:
    with centre_scope(world.denver.pk), pytest.raises(NotFound):
        actions.hold(fund.pk, usd(1), cause="set:1:hold", actor=world.denver_worker, now=NOW)
    with pytest.raises(NotAllowed):
        actions.hold(fund.pk, usd(1), cause="set:1:hold", actor=world.denver_worker, now=NOW)


def test_the_statement_shows_what_was_left_after_each_movement(fund: Fund, world: World) -> None:
    bought(fund, world, held=7_000)
    lines = statement(fund)
    assert [(line.act, line.debit, line.amount.minor, line.left.minor) for line in lines] == [
        ("spend", "available", 2_000, 5_000),
        ("spend", "fee", 400, 3_000),
        ("spend", "tax", 600, 3_000),
        ("spend", "fare", 4_000, 3_000),
        ("hold", "held", 7_000, 3_000),
        ("grant", "available", 10_000, 10_000),
    ]
    assert statement(fund, limit=2) == lines[:2]


def test_payers_that_may_come_first_and_the_others_say_why_not(fund: Fund, world: World) -> None:
    strict = actions.open_fund(
        "A strict one", "A donor", "USD", {"countries": ["CA"]}, actor=world.coordinator, now=NOW
    )
    closed = actions.open_fund("Closed", "A donor", "USD", {}, actor=world.coordinator, now=NOW)
    actions.close_fund(closed.pk, actor=world.coordinator, now=NOW)
    trip = Purchase(usd(9_000), 2, ("US",), frozenset({"coach"}), NOW.date())
    (first, no_reason), (second, reason) = list_payers(trip)
    assert (first, no_reason) == (fund, None)
    assert second == strict
    assert reason is not None
    assert reason.code == "fund.country"


def test_who_may_pay_is_found_in_two_queries_however_many_funds_there_are(
    fund: Fund, world: World, django_assert_num_queries: object
) -> None:
    for number in range(5):
        actions.open_fund(f"Fund {number}", "A donor", "USD", {}, actor=world.coordinator, now=NOW)
    trip = Purchase(usd(9_000), 2, ("US",), frozenset({"coach"}), NOW.date())
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert len(list_payers(trip)) == 6
    assert len(list_funds()) == 6


def test_a_transfer_between_two_funds_is_refused_by_the_database(fund: Fund, world: World) -> None:
    from django.db import DatabaseError, transaction

    other = actions.open_fund("Other", "A donor", "CAD", {}, actor=world.coordinator, now=NOW)
    with pytest.raises(DatabaseError, match="refused"), transaction.atomic():
        Transfer.objects.create(
            centre=world.new_york,
            debit=other.accounts.get(kind="available"),
            credit=fund.accounts.get(kind="available"),
            amount_minor=1,
            kind="hold",
            cause="across",
            at=NOW,
        )
