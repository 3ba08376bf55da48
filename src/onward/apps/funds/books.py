"""The one place that writes transfers: under the fund's lock, each cause once, no account below zero."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, F, Value, When

from onward.apps.funds.models import Fund, LedgerAccount, Transfer
from onward.apps.funds.rules import not_enough
from onward.core.errors import BrokenPromise, Conflict, NotFound, message
from onward.core.money import Money

Kind = LedgerAccount.Kind
LINES = ("", ":fare", ":tax", ":fee", ":back", ":more")
"""How the causes of one act's transfers may end: a single transfer has the bare cause."""


@dataclass(frozen=True, slots=True)
class Line:
    """One transfer to be: `amount` out of `credit` into `debit`. ends: one of LINES."""

    debit: Kind
    credit: Kind
    amount: Money
    ends: str = ""


def get_fund(fund_id: int) -> Fund:
    """A fund of this centre; raises NotFound."""
    fund = Fund.objects.filter(pk=fund_id).first()
    if fund is None:
        raise _unknown()
    return fund


def lock_fund(fund_id: int) -> Fund:
    """A fund, its row locked until the transaction ends: the first lock of all (fund, party, ticket, chain head)."""
    fund = Fund.objects.select_for_update(no_key=True).filter(pk=fund_id).first()
    if fund is None:
        raise _unknown()
    return fund


def _unknown() -> NotFound:
    return NotFound("fund.unknown", message("There is no such fund."), field="fund_id")


def _accounts(fund: Fund) -> dict[Kind, LedgerAccount]:
    return {Kind(account.kind): account for account in LedgerAccount.objects.filter(fund=fund)}


def find_posted(cause: str) -> list[Transfer]:
    """The transfers an act with this cause has made; empty when it has made none."""
    causes = [f"{cause}{ends}" for ends in LINES]
    return list(Transfer.objects.filter(cause__in=causes).select_related("debit", "credit").order_by("pk"))


def post(fund: Fund, act: str, lines: Sequence[Line], *, cause: str, now: datetime) -> list[Transfer]:
    """Write an act's lines on a locked fund. The same act with the same cause again writes nothing and returns the
    first transfers; lines of nothing are left out.

    Raises Conflict when too little is left or the cause was used for something else, BrokenPromise when an account
    other than `available` would fall below zero.
    """
    wanted = [line for line in lines if line.amount.minor > 0]
    posted = find_posted(cause)
    if posted:
        _require_same(posted, wanted, cause)
        return posted
    if not wanted:
        return []
    accounts = _accounts(fund)
    _move_balances(accounts, wanted, fund.currency)
    made = [
        Transfer(
            centre_id=fund.centre_id,
            debit=accounts[line.debit],
            credit=accounts[line.credit],
            amount_minor=line.amount.minor,
            kind=act,
            cause=f"{cause}{line.ends}",
            at=now,
        )
        for line in wanted
    ]
    return Transfer.objects.bulk_create(made)


def _require_same(posted: Sequence[Transfer], wanted: Sequence[Line], cause: str) -> None:
    stands = {(one.cause, one.debit.kind, one.credit.kind, one.amount_minor) for one in posted}
    if stands != {(f"{cause}{one.ends}", one.debit, one.credit, one.amount.minor) for one in wanted}:
        raise Conflict(
            "books.cause_used",
            message("This payment is in the books already, with another amount."),
            remedy=message("Look at the fund's statement."),
            values={"cause": cause},
        )


def _move_balances(accounts: dict[Kind, LedgerAccount], lines: Sequence[Line], currency: str) -> None:
    """Write what the lines change. No account but `granted` gives what it has not got."""
    change: dict[Kind, int] = {}
    for line in lines:
        change[line.debit] = change.get(line.debit, 0) + line.amount.minor
        change[line.credit] = change.get(line.credit, 0) - line.amount.minor
    moved = {accounts[kind]: minor for kind, minor in change.items() if minor}
    for account, minor in moved.items():
        _require_covered(account, minor, currency)
    by = Case(*[When(pk=account.pk, then=Value(minor)) for account, minor in moved.items()])
    rows = LedgerAccount.objects.filter(pk__in=[account.pk for account in moved])
    rows.update(balance_minor=F("balance_minor") + by)


def _require_covered(account: LedgerAccount, change: int, currency: str) -> None:
    if change >= 0 or account.kind == Kind.GRANTED or account.balance_minor + change >= 0:
        return
    if account.kind == Kind.AVAILABLE:
        raise not_enough(Money(-change, currency), Money(account.balance_minor, currency))
    raise BrokenPromise(
        "books.below_zero",
        message("%(amount)s was to be taken from money that was not %(kind)s."),
        values={"amount": Money(-change, currency), "kind": account.kind},
    )
