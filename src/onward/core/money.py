"""Money: integer minor units and a currency, never a float."""

import re
from dataclasses import dataclass
from typing import Self

from onward.core.errors import BadInput, message

MINOR_DIGITS = {"USD": 2, "CAD": 2, "MXN": 2, "EUR": 2, "GBP": 2}
"""Currencies Onward keeps books in, with the digits of their minor unit (ISO 4217:2015)."""
_WHOLE = re.compile(r"[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+")


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in minor units (cents) of one currency."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if isinstance(self.minor, bool) or not isinstance(self.minor, int):
            raise TypeError("Money takes whole minor units")
        if self.currency not in MINOR_DIGITS:
            raise BadInput(
                "money.currency_unknown",
                message("%(currency)s is not a currency this installation keeps books in."),
                remedy=message("Use one of: %(known)s."),
                field="currency",
                values={"currency": self.currency, "known": ", ".join(sorted(MINOR_DIGITS))},
            )

    def _same(self, other: Self) -> None:
        if self.currency != other.currency:
            raise BadInput(
                "money.currency_differs",
                message("%(one)s and %(other)s cannot be added: they are different currencies."),
                remedy=message("Pay from a fund kept in %(one)s."),
                field="currency",
                values={"one": self.currency, "other": other.currency},
            )

    def __add__(self, other: Self) -> "Money":
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Self) -> "Money":
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __mul__(self, times: int) -> "Money":
        return Money(self.minor * times, self.currency)

    def __lt__(self, other: Self) -> bool:
        self._same(other)
        return self.minor < other.minor

    def __le__(self, other: Self) -> bool:
        self._same(other)
        return self.minor <= other.minor

    def __str__(self) -> str:
        digits = MINOR_DIGITS[self.currency]
        sign, whole = ("-" if self.minor < 0 else ""), abs(self.minor)
        return f"{sign}{whole // 10**digits:,}.{whole % 10**digits:0{digits}d} {self.currency}"


def parse_money(text: str, currency: str, *, field: str = "amount") -> Money:
    """Read "148", "148.5" or "1,148.50" as Money; anything else is a BadInput that names the field.

    A single comma before one or two last digits is read as a decimal comma ("148,50", "148,5"); every other comma must
    part thousands.
    """
    digits = MINOR_DIGITS.get(currency, 2)
    cleaned = text.strip().replace("\u00a0", "").replace("\u202f", "").replace(" ", "").removeprefix("$")
    head, comma, tail = cleaned.rpartition(",")
    if comma and "," not in head and "." not in cleaned and len(tail) <= digits:
        cleaned = f"{head}.{tail}"
    whole, _, fraction = cleaned.partition(".")
    # ASCII only and of a bounded length: other scripts' digits and endless ones are refused, not guessed.
    if not (_WHOLE.fullmatch(whole) and len(whole.replace(",", "")) <= 9) or (
        fraction and not (fraction.isascii() and fraction.isdigit() and len(fraction) <= digits)
    ):
        raise BadInput(
            "money.unreadable",
            message("“%(text)s” is not an amount of money."),
            remedy=message("Write it like 148.00."),
            field=field,
            values={"text": text[:40]},
        )
    return Money(int(whole.replace(",", "")) * 10**digits + int(fraction.ljust(digits, "0") or 0), currency)
