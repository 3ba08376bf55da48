"""What a fund may pay for (its payer's rules are data), and how a sum falls on fare, tax and fee."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from onward.core.errors import BadInput, Conflict, OnwardError, message
from onward.core.money import Money

KNOWN_RULES = ("max_per_head_minor", "countries", "modes", "until")


@dataclass(frozen=True, slots=True)
class Purchase:
    """What is to be paid for.

    total: fare, tax and fee of the whole party. countries: ISO 3166-1 of the stops. modes: of the vehicles, such as
    "coach". on: the local day of departure.
    """

    total: Money
    heads: int
    countries: tuple[str, ...]
    modes: frozenset[str]
    on: date


@dataclass(frozen=True, slots=True)
class FundRules:
    """A payer's rules; None does not bind. until: the last day of departure it pays for."""

    max_per_head_minor: int | None = None
    countries: frozenset[str] | None = None
    modes: frozenset[str] | None = None
    until: date | None = None


def _unreadable(rule: str, text: str) -> BadInput:
    return BadInput(
        "fund.rule_unreadable",
        message("The fund's rule “%(rule)s” cannot be read."),
        remedy=text,
        field=rule,
        values={"rule": rule},
    )


def _words(raw: Mapping[str, object], rule: str, shape: str, remedy: str) -> frozenset[str] | None:
    given = raw.get(rule)
    if given is None:
        return None
    if not isinstance(given, list | tuple) or not given:
        raise _unreadable(rule, remedy)
    if not all(isinstance(one, str) and re.fullmatch(shape, one) for one in given):
        raise _unreadable(rule, remedy)
    return frozenset(given)


def _most(raw: Mapping[str, object]) -> int | None:
    most = raw.get("max_per_head_minor")
    if most is not None and (isinstance(most, bool) or not isinstance(most, int) or most <= 0):
        raise _unreadable("max_per_head_minor", message("Give the most it pays a head in whole cents, above zero."))
    return most


def _until(raw: Mapping[str, object]) -> date | None:
    text = raw.get("until")
    if text is None:
        return None
    try:
        return date.fromisoformat(str(text))
    except ValueError as problem:
        raise _unreadable("until", message("Give the last day as year-month-day, like 2027-06-30.")) from problem


def read_rules(raw: Mapping[str, object]) -> FundRules:
    """A fund's rules from their stored form; a rule absent or null does not bind. Raises BadInput naming the rule."""
    for rule in raw:
        if rule not in KNOWN_RULES:
            raise _unreadable(rule, message("The rules are: most per head, countries, vehicles, last day."))
    return FundRules(
        max_per_head_minor=_most(raw),
        countries=_words(raw, "countries", "[A-Z]{2}", message("Give countries by two letters, like US.")),
        modes=_words(raw, "modes", "[a-z_]+", message("Give vehicles like coach or rail.")),
        until=_until(raw),
    )


def _refusal(code: str, text: str, **values: object) -> BadInput:
    remedy = message("Choose another fund, or another way to pay.")
    return BadInput(code, text, remedy=remedy, field="fund_id", values=values)


def _currency(_: FundRules, purchase: Purchase, available: Money) -> OnwardError | None:
    if purchase.total.currency == available.currency:
        return None
    text = message("The price is in %(price)s and this fund is kept in %(fund)s.")
    return _refusal("fund.currency", text, price=purchase.total.currency, fund=available.currency)


def _last_day(rules: FundRules, purchase: Purchase, _: Money) -> OnwardError | None:
    if rules.until is None or purchase.on <= rules.until:
        return None
    text = message("This fund pays for departures up to %(until)s; this journey leaves on %(on)s.")
    return _refusal("fund.until", text, until=rules.until.isoformat(), on=purchase.on.isoformat())


def _country(rules: FundRules, purchase: Purchase, _: Money) -> OnwardError | None:
    outside = [] if rules.countries is None else [one for one in purchase.countries if one not in rules.countries]
    if not outside or rules.countries is None:
        return None
    text = message("This fund pays for journeys within %(allowed)s; this one touches %(country)s.")
    return _refusal("fund.country", text, allowed=", ".join(sorted(rules.countries)), country=outside[0])


def _mode(rules: FundRules, purchase: Purchase, _: Money) -> OnwardError | None:
    outside = [] if rules.modes is None else sorted(purchase.modes - rules.modes)
    if not outside or rules.modes is None:
        return None
    text = message("This fund pays for %(allowed)s; this journey goes by %(mode)s.")
    return _refusal("fund.mode", text, allowed=", ".join(sorted(rules.modes)), mode=outside[0])


def _per_head(rules: FundRules, purchase: Purchase, _: Money) -> OnwardError | None:
    if rules.max_per_head_minor is None or purchase.total.minor <= rules.max_per_head_minor * purchase.heads:
        return None
    most = Money(rules.max_per_head_minor, purchase.total.currency)
    text = message("This fund pays at most %(most)s a head: %(limit)s for %(heads)s. This costs %(total)s.")
    return _refusal(
        "fund.max_per_head", text, most=most, limit=most * purchase.heads, heads=purchase.heads, total=purchase.total
    )


def not_enough(wanted: Money, available: Money) -> Conflict:
    """The error for a fund with too little left."""
    return Conflict(
        "fund.not_enough",
        message("This fund has %(left)s left; %(wanted)s is needed."),
        remedy=message("Choose another fund, or another way to pay."),
        field="fund_id",
        values={"left": available, "wanted": wanted},
    )


def _enough(_: FundRules, purchase: Purchase, available: Money) -> OnwardError | None:
    return None if purchase.total <= available else not_enough(purchase.total, available)


_CHECKS: tuple[Callable[[FundRules, Purchase, Money], OnwardError | None], ...] = (
    _currency,
    _last_day,
    _country,
    _mode,
    _per_head,
    _enough,
)


def why_not(rules: FundRules, purchase: Purchase, available: Money) -> OnwardError | None:
    """Why a fund with these rules and `available` left may not pay for this; None when it may.

    The sentence names the one rule that refuses, in the order currency, last day, country, vehicle, most per head,
    money left.
    """
    return next((error for check in _CHECKS if (error := check(rules, purchase, available))), None)


@dataclass(frozen=True, slots=True)
class Parts:
    """A price in its parts, which the books keep apart (P16). All of one currency, none negative."""

    fare: Money
    tax: Money
    fee: Money

    def __post_init__(self) -> None:
        for name in ("fare", "tax", "fee"):
            require_not_negative(getattr(self, name), name)
        _ = self.total

    @property
    def total(self) -> Money:
        """Fare, tax and fee together. BadInput when their currencies differ."""
        return self.fare + self.tax + self.fee

    @property
    def currency(self) -> str:
        """The one currency of the parts."""
        return self.fare.currency


def require_not_negative(amount: Money, field: str) -> None:
    """Raise BadInput for an amount below zero."""
    if amount.minor < 0:
        raise BadInput(
            "money.negative",
            message("An amount cannot be below zero."),
            remedy=message("Write what was charged, such as 148.00, or 0."),
            field=field,
        )


def split_lost(asked: Parts, received: Money) -> Parts:
    """What stays lost of `asked` when only `received` of it comes back: the carrier gives back fare first, then tax,
    then fee."""
    left = received.minor
    lost = []
    for part in (asked.fare, asked.tax, asked.fee):
        back = min(left, part.minor)
        left -= back
        lost.append(Money(part.minor - back, part.currency))
    return Parts(*lost)
