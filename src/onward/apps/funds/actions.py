"""Moving a fund's money. Every act locks the fund first; each cause moves money once (P15, P17).

Opening and granting are written to the centre's chain. The other acts are part of an act on a party's tickets, which
writes the movement to that case's chain.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from onward.apps.funds.books import Kind, Line, lock_fund, post
from onward.apps.funds.models import Fund, LedgerAccount, Transfer
from onward.apps.funds.rules import Parts, Purchase, read_rules, require_not_negative, why_not
from onward.apps.record.actions import append, centre_chain
from onward.apps.record.chain import Fact
from onward.core.actor import Actor, Role
from onward.core.errors import BadInput, Conflict, NotAllowed, message
from onward.core.money import Money

WALK = (Role.CASE_WORKER, Role.COORDINATOR, Role.PROTECTION_LEAD)
CAUSE_MOST = 40
"""Characters of a grant's own cause: it is kept after the fund's, in 80."""


def _required(text: str, field: str) -> str:
    words = " ".join(text.split())
    if not 0 < len(words) <= 120:
        raise BadInput(
            "fund.name", message("This needs 1 to 120 characters."), remedy=message("Write a short name."), field=field
        )
    return words


@transaction.atomic
def open_fund(
    name: str, payer: str, currency: str, rules: Mapping[str, object], *, actor: Actor, now: datetime
) -> Fund:
    """Open a fund of the actor's centre with its accounts, empty. Coordinators only. BadInput by field."""
    actor.require(Role.COORDINATOR)
    if actor.centre_id is None:
        raise NotAllowed("fund.no_centre", message("A fund belongs to a centre: choose yours first."))
    read_rules(rules)
    kept = {rule: given for rule, given in rules.items() if given is not None}
    fund = Fund(
        centre_id=actor.centre_id,
        name=_required(name, "name"),
        payer=_required(payer, "payer"),
        currency=Money(0, currency).currency,
        rules=kept,
    )
    fund.save(force_insert=True)
    LedgerAccount.objects.bulk_create(
        [LedgerAccount(centre_id=fund.centre_id, fund=fund, kind=kind.value) for kind in Kind]
    )
    append(centre_chain(fund.centre_id), "fund.opened", {"fund": fund.pk, "currency": currency}, actor=actor, now=now)
    return fund


@transaction.atomic
def close_fund(fund_id: int, *, actor: Actor, now: datetime) -> Fund:
    """Let a fund pay for nothing new; what it holds can still be spent or released. Coordinators only."""
    actor.require(Role.COORDINATOR)
    fund = lock_fund(fund_id)
    actor.require_centre(fund.centre_id)
    if fund.is_open:
        fund.is_open = False
        fund.save(update_fields=["is_open"])
        append(centre_chain(fund.centre_id), "fund.closed", {"fund": fund.pk}, actor=actor, now=now)
    return fund


@transaction.atomic
def grant(fund_id: int, amount: Money, *, cause: str, actor: Actor, now: datetime) -> list[Transfer]:
    """The payer gives `amount`: it can be spent from now on. Coordinators only.

    cause: the form's own token or the payer's reference, up to 40 characters; the same one again grants nothing more.
    """
    actor.require(Role.COORDINATOR)
    fund = _locked(fund_id, amount, actor)
    _require_open(fund)
    if amount.minor == 0 or not 0 < len(cause) <= CAUSE_MOST:
        text = message("A grant needs an amount above zero and a reference of at most 40 characters.")
        raise BadInput("fund.grant", text, field="amount" if amount.minor == 0 else "cause")
    full = f"fund:{fund.pk}:grant:{cause}"
    is_new = not Transfer.objects.filter(cause=full).exists()
    made = post(fund, "grant", [Line(Kind.AVAILABLE, Kind.GRANTED, amount)], cause=full, now=now)
    if is_new:
        facts: dict[str, Fact] = {
            "fund": fund.pk,
            "minor": amount.minor,
            "currency": amount.currency,
            "transfer": made[0].pk,
        }
        append(centre_chain(fund.centre_id), "fund.granted", facts, actor=actor, now=now)
    return made


@transaction.atomic
def hold(fund_id: int, amount: Money, *, cause: str, actor: Actor, now: datetime) -> list[Transfer]:
    """Set money aside: available to held. Conflict when too little is left."""
    actor.require(*WALK)
    fund = _locked(fund_id, amount, actor)
    _require_open(fund)
    return post(fund, "hold", [Line(Kind.HELD, Kind.AVAILABLE, amount)], cause=cause, now=now)


@transaction.atomic
def spend(
    fund_id: int, *, held: Money, fare: Money, tax: Money, fee: Money, cause: str, actor: Actor, now: datetime
) -> list[Transfer]:
    """Spend what was held: held to fare, tax and fee, a transfer each.

    What was held and not needed goes back to available; what is needed beyond it is taken from available, Conflict
    when too little is left.
    """
    actor.require(*WALK)
    parts = Parts(fare, tax, fee)
    fund = _locked(fund_id, held, actor)
    _require_currency(fund, parts.total)
    lines = [
        Line(Kind.HELD, Kind.AVAILABLE, parts.total - held, ":more"),
        Line(Kind.FARE, Kind.HELD, fare, ":fare"),
        Line(Kind.TAX, Kind.HELD, tax, ":tax"),
        Line(Kind.FEE, Kind.HELD, fee, ":fee"),
        Line(Kind.AVAILABLE, Kind.HELD, held - parts.total, ":back"),
    ]
    return post(fund, "spend", lines, cause=cause, now=now)


@transaction.atomic
def release(fund_id: int, amount: Money, *, cause: str, actor: Actor, now: datetime) -> list[Transfer]:
    """Let money go that was set aside: held to available."""
    actor.require(*WALK)
    fund = _locked(fund_id, amount, actor)
    return post(fund, "release", [Line(Kind.AVAILABLE, Kind.HELD, amount)], cause=cause, now=now)


@transaction.atomic
def ask_back(
    fund_id: int, *, fare: Money, tax: Money, fee: Money, cause: str, actor: Actor, now: datetime
) -> list[Transfer]:
    """Ask unused value back from the carrier: fare, tax and fee to refund due."""
    actor.require(*WALK)
    fund = _locked(fund_id, Parts(fare, tax, fee).total, actor)
    lines = [
        Line(Kind.REFUND_DUE, Kind.FARE, fare, ":fare"),
        Line(Kind.REFUND_DUE, Kind.TAX, tax, ":tax"),
        Line(Kind.REFUND_DUE, Kind.FEE, fee, ":fee"),
    ]
    return post(fund, "ask_back", lines, cause=cause, now=now)


@transaction.atomic
def receive_back(fund_id: int, amount: Money, *, cause: str, actor: Actor, now: datetime) -> list[Transfer]:
    """The carrier paid back: refund due to available."""
    actor.require(*WALK)
    fund = _locked(fund_id, amount, actor)
    return post(fund, "receive_back", [Line(Kind.AVAILABLE, Kind.REFUND_DUE, amount)], cause=cause, now=now)


@transaction.atomic
def write_off(
    fund_id: int, *, fare: Money, tax: Money, fee: Money, cause: str, actor: Actor, now: datetime
) -> list[Transfer]:
    """The carrier refused: refund due goes back to where it was spent. The value is lost and stays spent."""
    actor.require(*WALK)
    fund = _locked(fund_id, Parts(fare, tax, fee).total, actor)
    lines = [
        Line(Kind.FARE, Kind.REFUND_DUE, fare, ":fare"),
        Line(Kind.TAX, Kind.REFUND_DUE, tax, ":tax"),
        Line(Kind.FEE, Kind.REFUND_DUE, fee, ":fee"),
    ]
    return post(fund, "write_off", lines, cause=cause, now=now)


def require_may_pay(fund: Fund, purchase: Purchase, available: Money) -> None:
    """Raise why this fund, with `available` left, may not pay for this. The caller holds the fund's lock."""
    _require_open(fund)
    error = why_not(read_rules(fund.rules), purchase, available)
    if error is not None:
        raise error


def _locked(fund_id: int, amount: Money, actor: Actor) -> Fund:
    require_not_negative(amount, "amount")
    fund = lock_fund(fund_id)
    actor.require_centre(fund.centre_id)
    _require_currency(fund, amount)
    return fund


def _require_currency(fund: Fund, amount: Money) -> None:
    if amount.currency != fund.currency:
        raise BadInput(
            "fund.currency",
            message("The price is in %(price)s and this fund is kept in %(fund)s."),
            remedy=message("Choose another fund, or another way to pay."),
            field="fund_id",
            values={"price": amount.currency, "fund": fund.currency},
        )


def _require_open(fund: Fund) -> None:
    if not fund.is_open:
        raise Conflict(
            "fund.closed",
            message("This fund is closed and pays for nothing new."),
            remedy=message("Choose another fund, or another way to pay."),
            field="fund_id",
        )
