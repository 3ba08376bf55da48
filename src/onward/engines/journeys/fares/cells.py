"""What fare tables write in a cell: amounts, seconds, whole numbers; None where it cannot be read."""

import re
from decimal import Decimal

from onward.core.money import MINOR_DIGITS
from onward.engines.journeys.gtfs.findings import Findings

MOST_MINOR = 10_000_000
"""A fare of more than 100,000.00 is a slip of the keyboard."""

_AMOUNT = re.compile(r"-?[0-9]{1,9}(\.[0-9]{0,6})?|-?\.[0-9]{1,6}", re.ASCII)
_TIME = re.compile(r"([0-9]{1,2}):([0-5][0-9]):([0-5][0-9])", re.ASCII)
LEFT_OUT = "The fare is left out: rides it would price have no known fare."
RULE_LEFT_OUT = "The rule is left out: rides only it would price have no known fare."


class Cells:
    """The cells of one row. Each reader gives the value, or None with a finding that says what follows."""

    def __init__(self, where: tuple[str, int], findings: Findings) -> None:
        self.where, self.findings = where, findings

    def fault(self, what: tuple[str, str], consequence: str) -> None:
        """Keep a finding on this row. what: (field, value)."""
        self.findings.note(self.where, what, consequence)

    def money(self, amount: tuple[str, str], currency: tuple[str, str]) -> int | None:
        """An amount in minor units. amount, currency: (field, value)."""
        if currency[1] not in MINOR_DIGITS:
            self.fault(currency, f"Not a currency kept here ({', '.join(sorted(MINOR_DIGITS))}). {LEFT_OUT}")
            return None
        minor = minor_units(amount[1], MINOR_DIGITS[currency[1]])
        if minor is None:
            self.fault(amount, f"Not an amount of money in whole minor units. {LEFT_OUT}")
        return minor

    def choice(self, what: tuple[str, str], allowed: dict[str, int], consequence: str) -> int | None:
        """One of some words, "1.0" read as "1". what: (field, value)."""
        value = allowed.get(what[1].removesuffix(".0"))
        if value is None:
            self.fault(what, consequence)
        return value

    def count(self, what: tuple[str, str], consequence: str) -> int | None:
        """A whole number not below 0; an empty cell is 0. what: (field, value)."""
        text = what[1].removesuffix(".0") or "0"
        if not (text.isascii() and text.isdigit() and len(text) <= 9):
            self.fault(what, consequence)
            return None
        return int(text)


def minor_units(text: str, digits: int) -> int | None:
    """ "2.75" as 275; None where it is no amount, has more digits than the currency, or is too much."""
    if not _AMOUNT.fullmatch(text):
        return None
    minor = Decimal(text).scaleb(digits)
    return int(minor) if minor == minor.to_integral_value() and abs(minor) <= MOST_MINOR else None


def seconds_of_day(text: str) -> int | None:
    """ "06:30:00" as seconds after midnight, up to 24:00:00; None where it is no such time."""
    found = _TIME.fullmatch(text)
    if not found:
        return None
    hours, minutes, seconds = map(int, found.groups())
    total = hours * 3600 + minutes * 60 + seconds
    return total if total <= 24 * 3600 else None
