"""What a tariff answered, by number, in the arrays the compiled search reads; grown as it asks."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from onward.engines.journeys.fares.kernel_paying import slot_of
from onward.engines.journeys.fares.kernel_words import EMPTY, STATE, STEP, Answers
from onward.engines.journeys.fares.steps import Step
from onward.engines.journeys.fares.tariff import Tariff
from onward.engines.journeys.fast.kernel_arrays import Int32, Int64

ROOM = 8192
"""Free rows in a table of answers before each search: more than it asks at once."""


class Table:
    """An open-addressed table: pairs of whole numbers to a row number."""

    def __init__(self) -> None:
        self.keys: Int64 = np.zeros((2 * ROOM, 2), np.int64)
        self.values: Int32 = np.full(2 * ROOM, EMPTY, np.int32)
        self._held: dict[tuple[int, int], int] = {}

    def put(self, key: tuple[int, int], value: int) -> None:
        """Keep an answer."""
        self._held[key] = value

    def settle(self, asked: list[tuple[int, int]]) -> None:
        """Write answers to what was asked into the table, or make it anew where it gets full."""
        if 2 * (len(self._held) + ROOM) > len(self.values):
            size = 4 * len(self.values)
            self.keys, self.values = np.zeros((size, 2), np.int64), np.full(size, EMPTY, np.int32)
            asked = list(self._held)
        for one, two in asked:
            at = slot_of(self.keys, self.values, one, two)
            self.keys[at] = one, two
            self.values[at] = self._held[one, two]


class Rows:
    """Rows of numbers of one width, appended to."""

    def __init__(self, width: int) -> None:
        self._rows: Int32 = np.zeros((64, width), np.int32)
        self.count = 0

    def add(self, row: list[int]) -> int:
        """Append a row; gives its number."""
        if self.count == len(self._rows):
            self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
        self._rows[self.count] = row
        self.count += 1
        return self.count - 1

    @property
    def all(self) -> Int32:
        """The rows, with room after them; at least one."""
        return self._rows


class AnswerBook:
    """The answers of one tariff. families: the numbers of feeds with fares (to_come.py)."""

    def __init__(self, tariff: Tariff, families: Mapping[str, int]) -> None:
        self.tariff, self.families = tariff, families
        currencies = len(tariff.currencies)
        self.rides, self.go_ons = Table(), Table()
        self.step_objects: list[Step] = []
        self._starts, self._rows = Rows(2), Rows(2)
        self._steps, self._step_add = Rows(len(STEP.names)), Rows(currencies)
        self._states, self._state_open = Rows(len(STATE.names)), Rows(2 * currencies)
        self._fee_pairs: set[tuple[int, int]] = set()
        self._fees = self._fee_arrays()
        self._follow_states()

    def add_ride(self, key: tuple[int, int], ride_class: int) -> None:
        """Answer which class a ride is of, and how its fare is bought anew."""
        while self._starts.count <= ride_class:
            self._starts.add(self._put_steps(self.tariff.start(self._starts.count)))
        self.rides.put(key, ride_class)

    def add_go_on(self, key: tuple[int, int], state: int, ride_class: int) -> None:
        """Answer how a ride is made on a ticket in force."""
        self.go_ons.put(key, self._rows.add(self._put_steps(self.tariff.go_on(state, ride_class))))

    def add_fee(self, taken: int, fee: int) -> None:
        """Answer which fees are taken after one more."""
        self._fee_pairs.add((taken, fee))
        self.tariff.fees.after(taken, fee)

    def settle(self, rides: list[tuple[int, int]], go_ons: list[tuple[int, int]]) -> None:
        """Make the answers to what was asked ready to be read."""
        self.rides.settle(rides)
        self.go_ons.settle(go_ons)
        self._follow_states()
        self._fees = self._fee_arrays()

    def arrays(self) -> Answers:
        """The answers as arrays. The tables are written to by the search: what it asks is marked there."""
        return Answers(
            self.rides.keys,
            self.rides.values,
            self.go_ons.keys,
            self.go_ons.values,
            self._starts.all,
            self._rows.all,
            self._steps.all.view(STEP).reshape(-1),
            self._step_add.all,
            self._states.all.view(STATE).reshape(-1),
            self._state_open.all,
            *self._fees,
        )

    def _put_steps(self, steps: tuple[Step, ...]) -> list[int]:
        first = self._steps.count
        for step in steps:
            self._steps.add([step.state, step.unknown, step.fee, step.above, step.limit, step.kind, int(step.renews)])
            self._step_add.add(list(step.add))
            self.step_objects.append(step)
        return [first, len(steps)]

    def _follow_states(self) -> None:
        for state in self.tariff.states[self._states.count :]:
            family = self.families.get(str(state.key[1]), 0) if state.key else 0
            self._states.add([state.unknown, state.fee, int(state.is_timed), family])
            self._state_open.add([*state.open, *state.floor])

    def _fee_arrays(self) -> tuple[Int32, Int32, Int32]:
        fees, currencies = self.tariff.fees, len(self.tariff.currencies)
        after: NDArray[np.int32] = np.full((len(fees.taken), max(len(fees.fees), 1)), EMPTY, np.int32)
        for taken, fee in self._fee_pairs:
            after[taken, fee] = fees.after(taken, fee)
        total = np.array([fees.total(taken) for taken in range(len(fees.taken))], np.int32)
        more = np.zeros((len(fees.taken), len(fees.taken), currencies), np.int32)
        for one in range(len(fees.taken)):
            for other in range(len(fees.taken)):
                more[one, other] = fees.more(one, other)
        return after, total, more
