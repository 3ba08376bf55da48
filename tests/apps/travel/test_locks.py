"""Locks are taken in one order: fund, party, ticket set, chain head. No two acts can wait for each other."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import QuerySet

from onward.apps.cases.models import Consent
from onward.apps.funds.models import Fund
from onward.apps.people.models import Party
from onward.apps.record.models import Head
from onward.apps.travel import actions
from onward.apps.travel.models import RefundTask, TicketSet
from tests.apps.travel.ready_sets import Sets

ORDER: list[type] = [Fund, Party, TicketSet, RefundTask, Head]


@pytest.fixture
def locked(monkeypatch: pytest.MonkeyPatch) -> list[type]:
    """The models whose rows were locked, in the order of their first lock; the locks are still taken."""
    seen: list[type] = []
    lock = QuerySet.select_for_update

    def noted(rows: Any, *args: Any, **kwargs: Any) -> Any:
        if rows.model in ORDER and rows.model not in seen:
            seen.append(rows.model)
        return lock(rows, *args, **kwargs)

    monkeypatch.setattr(QuerySet, "select_for_update", noted)
    return seen


def _hold(sets: Sets) -> Callable[[], Any]:
    return sets.held


def _purchase(sets: Sets) -> Callable[[], Any]:
    held = sets.held()
    sets.say(Consent.Step.PURCHASE)
    price: dict[str, Any] = {"fare": actions.Money(1, "USD"), "tax": actions.Money(1, "USD")}
    return lambda: actions.record_purchase(held.pk, confirmation="A", fee=actions.Money(1, "USD"), **price, **sets.by())


def _issue(sets: Sets) -> Callable[[], Any]:
    bought = sets.bought()
    return lambda: actions.issue(bought.pk, **sets.by())


def _void(sets: Sets) -> Callable[[], Any]:
    issued = sets.issued()
    return lambda: actions.void(issued.pk, why="mistake", **sets.by())


def _change(sets: Sets) -> Callable[[], Any]:
    issued = sets.issued()
    return lambda: actions.change(issued.pk, offer_id=sets.family.other.pk, **sets.by())


def _depart(sets: Sets) -> Callable[[], Any]:
    issued = sets.issued()
    return lambda: actions.record_departure(issued.pk, "missed", **sets.by(issued.depart_at))


def _refund(sets: Sets) -> Callable[[], Any]:
    actions.void(sets.bought().pk, why="mistake", **sets.by())
    refund = RefundTask.objects.get()
    return lambda: actions.close_refund(refund.pk, state="received", **sets.by())


@pytest.mark.parametrize("prepare", [_hold, _purchase, _issue, _void, _change, _depart, _refund])
def test_every_act_on_tickets_takes_its_locks_in_the_one_order(
    sets: Sets, locked: list[type], prepare: Callable[[Sets], Callable[[], Any]]
) -> None:
    act = prepare(sets)
    locked.clear()
    act()
    assert locked == [model for model in ORDER if model in locked]
    assert {Fund, Party, TicketSet, Head} <= set(locked)
