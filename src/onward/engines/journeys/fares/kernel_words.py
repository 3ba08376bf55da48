"""What the compiled search with fares and its callers share: rows by name, and the arrays it reads and fills.

A row is a record of whole numbers (numpy's structured arrays, four bytes a number): label.arrive, step.to_state.
"""

from typing import Any, NamedTuple, Protocol

import numpy as np

from onward.engines.journeys.fast.kernel_arrays import Bits, Int16, Int32, Int64, Lanes, Shape

type Whole = Any
"""A whole number of whatever width compiled code gives it."""

EMPTY, ASKED = -1, -2
"""Values of a table of answers: no such key; asked for, and to be answered before the search runs again."""

BY_DEPARTURE, BY_ARRIVAL, MAY_LAST = 1, 2, 4
"""Bits of a group of rides: fares depend on when it leaves, on when it arrives; a ticket of it may end at an hour."""

ASK_RIDE, ASK_GO_ON, ASK_FEE = range(3)
ASK_COLUMNS = 9

ROOT = 0
"""The label that every journey begins with: nothing ridden, nothing paid."""

LABELS, ENDS, ASKS, IS_FULL = range(4)
"""Places of a tally: how many labels, journeys and questions there are, and whether there was room for all."""

FAR = 1 << 29
"""More than anything costs: no price will be known."""

KNOWN, UNKNOWN = range(2)
"""Labels and journeys by what is known of their price, each compared with its own kind alone."""


class Label:
    """A way to have come to a stop (labels.Label). kind: KNOWN or UNKNOWN.

    state, fees, since_...: of the ticket in force; closed_fees: with it as it is. lane, run, board, alight: the ride.
    before: the label it goes on from. step, is_new: how the ride was paid. next: the next label of its stop. Beside it
    amounts: for each currency settled, closed, and the least that any journey comes to that goes on from it.
    """

    arrive: Whole
    vehicles: Whole
    kind: Whole
    fees: Whole
    closed_fees: Whole
    state: Whole
    since_depart: Whole
    since_arrive: Whole
    night: Whole
    began: Whole
    lane: Whole
    run: Whole
    board: Whole
    alight: Whole
    before: Whole
    step: Whole
    is_new: Whole
    is_kept: Whole
    next: Whole
    stop: Whole


class End:
    """A journey found. way: place in egress. Beside it its price, fees in it."""

    began: Whole
    minute: Whole
    vehicles: Whole
    kind: Whole
    night: Whole
    is_closed: Whole
    label: Whole
    way: Whole


class StepRow:
    """A step (steps.Step). Beside it what it settles."""

    to_state: Whole
    unknown: Whole
    fee: Whole
    above: Whole
    limit: Whole
    limit_kind: Whole
    renews: Whole


class StateRow:
    """A ticket state (steps.State). family: of ToCome. Beside it its open price, what it comes to at the least."""

    unknown: Whole
    fee: Whole
    is_timed: Whole
    family: Whole


def row_type(row: type) -> Any:
    """The numpy type of such rows."""
    return np.dtype([(name, np.int32) for name in row.__annotations__], align=True)


LABEL, END, STEP, STATE = (row_type(row) for row in (Label, End, StepRow, StateRow))


class Rows[Row](Protocol):
    """An array of rows."""

    def __getitem__(self, at: Whole, /) -> Row:
        """A row, to be read and written."""

    def __len__(self) -> int:
        """How many there is room for."""


class Places(NamedTuple):
    """What of a network fares depend on: numbers alike cost alike.

    stop_place[S]; trip_group[T], second_group[T]: of a run's trip, and of the one its vehicle goes on as; group_bits.
    is_exact[P]: patterns of which every ride is looked at by itself, for the zones it meets. family[P]: of ToCome.
    """

    stop_place: Int32
    trip_group: Int32
    second_group: Int32
    group_bits: Bits
    is_exact: Bits
    family: Bits


class Clocks(NamedTuple):
    """Local time in a span.

    near_first[S + 1], near: the clocks one may wait by after arriving; stop_clock[S].
    night[clock, minute]: minutes of hardship from the span's first on; any_night: by all clocks together.
    period[clock, minute]: number of the hours in which fares are the same. is_shut[minute]: nobody receives then; its
    last entry: whether hours matter at all.
    """

    near_first: Int32
    near: Int32
    stop_clock: Int32
    night: Int32
    any_night: Int32
    period: Int32
    is_shut: Bits


class Answers(NamedTuple):
    """What a tariff said so far, by number. ride_keys, ride_class; go_keys, go_rows: open-addressed tables.

    start_rows[class], rows[go]: (first, how many) of steps. steps, step_add; states, state_open. fee_after[taken, fee]:
    EMPTY where not known; fee_total[taken, currency]; fee_more[taken, other, currency].
    """

    ride_keys: Int64
    ride_class: Int32
    go_keys: Int64
    go_rows: Int32
    start_rows: Int32
    rows: Int32
    steps: Rows[StepRow]
    step_add: Int32
    states: Rows[StateRow]
    state_open: Int32
    fee_after: Int32
    fee_total: Int32
    fee_more: Int32


class ToCome(NamedTuple):
    """The least still to be paid on ways to the end whose price is known, by currency; FAR where there are none.

    anew[stop, currency]: by who buys a ticket there, 0 where the way may end. on_ticket[family, currency]: by who rides
    on with a ticket of a family; boards[family, stop]: whether they can. Family 0 is no ticket.
    """

    anew: Int32
    on_ticket: Int32
    boards: Bits


class Ways(NamedTuple):
    """Where one can go, and how soon one is at the end from there.

    exits[S]: place in egress, -1 for none; egress: minutes of its walk. alighting, staying: as kernel_onward gives
    them. latest[minute of the window]: when who leaves then must have arrived. enough[family, minute]: from when on a
    ticket of a family is good for every vehicle by which one is at the end by then, counted from the first of `latest`.
    """

    shape: Shape
    rules: Bits
    lanes: Lanes
    exits: Int32
    egress: Int16
    alighting: Int16
    staying: Int16
    latest: Int32
    to_come: ToCome
    enough: Int32


class Held(NamedTuple):
    """What a search has found. bags[kind, stop]: the first label there, -1 for none. tally: LABELS, ... of each.

    work: vehicles to board: (label before, lane, run, place). caps[2, vehicles]: the latest minutes at the end that are
    news of who goes on from a label, and from a ride after it. enough[family]: of Ways, for who
    sets out now.
    """

    labels: Rows[Label]
    amounts: Int32
    bags: Int32
    ends: Rows[End]
    prices: Int32
    asks: Int64
    work: Int32
    caps: Int32
    enough: Int32
    tally: Int64
