"""Reading the books: what is left, who may pay, the statement, and the proof that they balance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Sum

from onward.apps.funds.books import Kind, get_fund
from onward.apps.funds.models import Fund, LedgerAccount, Transfer
from onward.apps.funds.rules import Purchase, read_rules, why_not
from onward.core.errors import OnwardError
from onward.core.money import Money

__all__ = [
    "Balances",
    "Fault",
    "StatementLine",
    "balances",
    "find_reason",
    "get_fund",
    "is_balanced",
    "list_balances",
    "list_faults",
    "list_funds",
    "list_payers",
    "statement",
]

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
    """An account that breaks the books: below zero, not what its transfers say, or moved against another fund's.

    minor: what its transfers say.
    """

    fund_id: int
    kind: str
    minor: int


def list_funds() -> list[Fund]:
    """All funds of the centre, open ones first, by name."""
    return list(Fund.objects.order_by("-is_open", "name", "pk"))


def balances(fund: Fund) -> Balances:
    """What a fund was granted, has left, holds, spent on fare, tax and fee, and asked back."""
    return list_balances([fund])[fund.pk]


def list_balances(funds: Sequence[Fund]) -> dict[int, Balances]:
    """The balances of many funds by fund id, in one read."""
    found: dict[int, Balances] = {fund.pk: {} for fund in funds}
    currencies = {fund.pk: fund.currency for fund in funds}
    for account in LedgerAccount.objects.filter(fund__in=funds):
        sign = -1 if account.kind == Kind.GRANTED else 1
        found[account.fund_id][account.kind] = Money(sign * account.balance_minor, currencies[account.fund_id])
    return found


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
    columns = ("at", "kind", "cause", "debit__kind", "credit__kind", "amount_minor")
    rows = Transfer.objects.filter(debit__fund=fund).order_by("-pk").values_list(*columns)
    lines = []
    for at, act, cause, debit, credit, minor in rows[:limit]:
        amount = Money(minor, fund.currency)
        lines.append(StatementLine(at, act, cause, debit, credit, amount, left))
        if debit == Kind.AVAILABLE:
            left -= amount
        elif credit == Kind.AVAILABLE:
            left += amount
    return lines


def _sums() -> dict[int, int]:
    """Debits less credits of every account by its id, from the transfers alone."""
    sums: dict[int, int] = {}
    for side, sign in (("debit_id", 1), ("credit_id", -1)):
        for account_id, minor in Transfer.objects.values_list(side).annotate(sum=Sum("amount_minor")):
            sums[account_id] = sums.get(account_id, 0) + sign * int(minor)
    return sums


def list_faults() -> list[Fault]:
    """Every account of the scope in force that breaks the books; empty when they are whole."""
    across = Transfer.objects.exclude(debit__fund=F("credit__fund")).select_related("debit")
    faults = [Fault(row.debit.fund_id, row.debit.kind, row.amount_minor) for row in across]
    sums = _sums()
    for account in LedgerAccount.objects.order_by("fund_id", "pk"):
        minor = sums.get(account.pk, 0)
        is_below = minor < 0 and account.kind != Kind.GRANTED
        if is_below or minor != account.balance_minor:
            faults.append(Fault(account.fund_id, account.kind, minor))
    return faults


def is_balanced() -> bool:
    """Whether all books of the scope in force are whole: the transfers of all accounts sum to zero, each account's
    balance is what its transfers say, none but `granted` is below zero, and no transfer leads from one fund to another
    (P15)."""
    return sum(_sums().values()) == 0 and not list_faults()
