"""Prices told before: rides paid alike cost alike, so that each is added up once."""

from collections.abc import Sequence
from typing import NamedTuple

from onward.engines.journeys.fares.priced import Bought, Price, add_up
from onward.engines.journeys.fares.pricing import Sold, price_of
from onward.engines.journeys.fares.steps import Ridden, Step
from onward.engines.journeys.fares.tariff import Tariff
from onward.engines.journeys.fast.legs import RideFound

MOST_KEPT = 50_000
"""Of rides, and of prices of each kind."""


class Paid(NamedTuple):
    """How rides were paid: for each the number of its step and whether it was bought anew; the number of their fees."""

    steps: tuple[tuple[int, int], ...]
    fees: int


class Told:
    """The prices of one tariff. steps: its steps by number; they grow in number, none ever changes."""

    def __init__(self, tariff: Tariff, steps: Sequence[Step]) -> None:
        self.tariff, self.steps = tariff, steps
        self._sold: dict[RideFound, Sold] = {}
        self._chosen: dict[tuple[Sold, ...], Price] = {}
        self._paid: dict[Paid, Price] = {}

    def knows(self, rides: Sequence[RideFound]) -> bool:
        """Whether `of` has met these rides before."""
        return all(ride in self._sold for ride in rides)

    def meet(self, rides: Sequence[RideFound], ridden: Sequence[Ridden]) -> None:
        """Note some rides as a tariff sees them."""
        if len(self._sold) >= MOST_KEPT:
            self._sold.clear()
        for ride, seen in zip(rides, ridden, strict=True):
            self._sold[ride] = Sold(self.tariff.class_of(seen), (seen.depart, seen.arrive))

    def of(self, rides: Sequence[RideFound]) -> Price:
        """What rides met before cost, the tickets chosen well."""
        sold = tuple(self._sold[ride] for ride in rides)
        told = self._chosen.get(sold)
        if told is None:
            _make_room(self._chosen)
            told = self._chosen[sold] = price_of(self.tariff, sold)
        return told

    def of_steps(self, paid: Paid) -> Price:
        """What rides cost that were paid so."""
        told = self._paid.get(paid)
        if told is None:
            _make_room(self._paid)
            bought = [Bought(self.steps[step], bool(is_new)) for step, is_new in paid.steps]
            told = self._paid[paid] = add_up(bought, self.tariff.fees.total(paid.fees), self.tariff.currencies)
        return told


def _make_room[Key](kept: dict[Key, Price]) -> None:
    if len(kept) >= MOST_KEPT:
        kept.clear()
