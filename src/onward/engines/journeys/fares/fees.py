"""Fees that carriers take once a journey: which were taken so far, and what one more comes to.

A journey that used several quotes of a carrier pays the dearest of their fees. Which fees were taken is part of a
label: of two that cost the same the one that has paid a fee already may be the cheaper later.
"""

from onward.engines.journeys.fares.steps import NO_FEE, Amounts

Carrier = tuple[str, str]
"""Feed and agency."""

Taken = frozenset[tuple[Carrier, str, int]]
"""The dearest fee so far by carrier and currency."""

NONE_TAKEN = 0


class Fees:
    """Fees by number, and sets of fees taken by number (0: none)."""

    def __init__(self, currencies: tuple[str, ...]) -> None:
        self.currencies = currencies
        self.fees: list[tuple[Carrier, str, int]] = []
        self.taken: list[Taken] = [frozenset()]
        self._fee_numbers: dict[tuple[Carrier, str, int], int] = {}
        self._taken_numbers: dict[Taken, int] = {frozenset(): NONE_TAKEN}

    def number(self, carrier: Carrier, minor: int, currency: str) -> int:
        """The number of a fee; NO_FEE where there is nothing to pay."""
        if not minor:
            return NO_FEE
        fee = carrier, currency, minor
        number = self._fee_numbers.setdefault(fee, len(self.fees))
        if number == len(self.fees):
            self.fees.append(fee)
        return number

    def after(self, taken: int, fee: int) -> int:
        """The set of fees taken when one more is."""
        if fee == NO_FEE:
            return taken
        carrier, currency, minor = self.fees[fee]
        held = {(who, what): most for who, what, most in self.taken[taken]}
        held[carrier, currency] = max(minor, held.get((carrier, currency), 0))
        found = frozenset((who, what, most) for (who, what), most in held.items())
        number = self._taken_numbers.setdefault(found, len(self.taken))
        if number == len(self.taken):
            self.taken.append(found)
        return number

    def total(self, taken: int) -> Amounts:
        """What the fees taken come to."""
        return tuple(
            sum(minor for _, what, minor in self.taken[taken] if what == currency) for currency in self.currencies
        )

    def more(self, one: int, other: int) -> Amounts:
        """The most that having taken `one` may cost more, in the end, than having taken `other`.

        Whatever is taken later is taken by both: for each carrier max(a, x) - max(b, x) is at most max(0, a - b).
        """
        held = {(who, what): most for who, what, most in self.taken[other]}
        return tuple(
            sum(max(0, minor - held.get((who, what), 0)) for who, what, minor in self.taken[one] if what == currency)
            for currency in self.currencies
        )
