"""Reading the books: what is left, who may pay, the statement, and the proof that they balance."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, Sum

from onward.apps.funds.books import Kind, get_fund
from onward.apps.funds.models import Fund, Transfer
from onward.apps.funds.rules import Purchase, read_rules, why_not
from onward.core.errors import OnwardError
from onward.core.money import Money

__all__ = ["Balances", "Fault", "StatementLine", "balances", "get_fund", "list_faults", "list_funds", "list_payers"]

type Balances = dict[str, Money]
"""By kind of account ("available", "held", ...), none below zero. `granted` is what was given in all, so that granted =
available + held + fare + tax + fee + refund_due."""


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A transfer as a reader of the statement sees it. left: what the fund had available after it."""

    at: datetime
    act: str
    cause: str
    debit: str
    credit: str
    amount: Money
    left: Money


@dataclass(frozen=True, slots=True)
class Fault:
    """An account that breaks the books: below zero, or moved against another fund's account."""

    fund_id: int
    kind: str
    minor: int


def list_funds() -> list[Fund]:
    """All funds of the centre, open ones first, by name."""
    return list(Fund.objects.order_by("-is_open", "name", "pk"))


def _sums(**of_fund: object) -> dict[tuple[int, str], int]:
    """Debits less credits by fund and kind, in two grouped reads."""
    sums: dict[tuple[int, str], int] = {}
    for side, sign in (("debit", 1), ("credit", -1)):
        rows = (
            Transfer.objects.filter(**{f"{side}__{key}": value for key, value in of_fund.items()})
            .values_list(f"{side}__fund_id", f"{side}__kind")
            .annotate(sum=Sum("amount_minor"))
        )
        for fund_id, kind, minor in rows:
            sums[(fund_id, kind)] = sums.get((fund_id, kind), 0) + sign * int(minor)
    return sums


def _as_money(fund: Fund, sums: dict[tuple[int, str], int]) -> Balances:
    found = {kind.value: Money(sums.get((fund.pk, kind.value), 0), fund.currency) for kind in Kind}
    found[Kind.GRANTED.value] = found[Kind.GRANTED.value] * -1
    return found


def balances(fund: Fund) -> Balances:
    """What a fund was granted, has left, holds, spent on fare, tax and fee, and asked back."""
    return _as_money(fund, _sums(fund=fund))


def list_balances(funds: list[Fund]) -> dict[int, Balances]:
    """The balances of many funds by fund id, in two reads."""
    sums = _sums(fund__in=funds)
    return {fund.pk: _as_money(fund, sums) for fund in funds}


def find_reason(fund: Fund, purchase: Purchase, available: Money) -> OnwardError | None:
    """Why this fund may not pay for this; None when it may."""
    return why_not(read_rules(fund.rules), purchase, available)


def list_payers(purchase: Purchase) -> list[tuple[Fund, OnwardError | None]]:
    """The centre's open funds, each with why it may not pay for this (None when it may); those that may come first."""
    funds = [fund for fund in list_funds() if fund.is_open]
    left = list_balances(funds)
    found = [(fund, find_reason(fund, purchase, left[fund.pk][Kind.AVAILABLE.value])) for fund in funds]
    return sorted(found, key=lambda pair: pair[1] is not None)


def statement(fund: Fund, *, limit: int = 200) -> list[StatementLine]:
    """The newest `limit` transfers, newest first, each with what the fund had left after it."""
    left = balances(fund)[Kind.AVAILABLE.value]
    rows = Transfer.objects.filter(Q(debit__fund=fund) | Q(credit__fund=fund)).select_related("debit", "credit")
    lines = []
    for row in rows.order_by("-pk")[:limit]:
        amount = Money(row.amount_minor, fund.currency)
        lines.append(StatementLine(row.at, row.kind, row.cause, row.debit.kind, row.credit.kind, amount, left))
        if row.debit.kind == Kind.AVAILABLE:
            left -= amount
        elif row.credit.kind == Kind.AVAILABLE:
            left += amount
    return lines


def list_faults() -> list[Fault]:
    """Every account of the scope in force that breaks the books; empty when they are whole."""
    across = Transfer.objects.exclude(debit__fund=F("credit__fund")).select_related("debit")
    faults = [Fault(row.debit.fund_id, row.debit.kind, row.amount_minor) for row in across]
    below = [(key, minor) for key, minor in _sums().items() if key[1] != Kind.GRANTED and minor < 0]
    return faults + [Fault(fund_id, kind, minor) for (fund_id, kind), minor in sorted(below)]


def is_balanced() -> bool:
    """Whether all books of the scope in force are whole: the balances of all accounts sum to zero, no account but
    `granted` is below zero, and no transfer leads from one fund to another (P15)."""
    return sum(_sums().values()) == 0 and not list_faults()
