"""All amounts of a scenario in one vector of values, filled anew for each parameter vector."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from onward.engines.flows.kernel_shapes import Floats, Ints
from onward.engines.flows.parameters import Amount, Parameter, natural


@dataclass(slots=True)
class Amounts:
    """Every amount met, fixed or a parameter. Gather all indices first, then ask for values."""

    parameters: tuple[Parameter, ...]
    fixed: list[float] = field(default_factory=list)
    slots: list[int] = field(default_factory=list)
    which: list[int] = field(default_factory=list)
    known: dict[Amount, int] = field(default_factory=dict)
    numbers: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self.numbers = {parameter.name: number for number, parameter in enumerate(self.parameters)}

    def index(self, amount: Amount) -> int:
        """Where an amount stands; the same amount stands once."""
        if amount not in self.known:
            self.known[amount] = len(self.fixed)
            if amount.parameter:
                self.slots.append(len(self.fixed))
                self.which.append(self.numbers[amount.parameter])
            self.fixed.append(amount.value)
        return self.known[amount]

    def indices(self, amounts: Sequence[Amount]) -> Ints:
        """Where several stand."""
        return np.array([self.index(amount) for amount in amounts], np.int64)

    def values(self, theta: Floats) -> Floats:
        """All values in their own units, given the parameters (P,) on their working scale."""
        out = np.array(self.fixed)
        if self.slots:
            out[self.slots] = natural(self.parameters, theta)[self.which]
        return out
