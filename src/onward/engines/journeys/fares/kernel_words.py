"""The columns that the compiled search with fares and its callers share. Plain numbers: compiled code reads them."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

type Int32 = NDArray[np.int32]
type Int64 = NDArray[np.int64]
type Bits = NDArray[np.uint8]

(
    ARRIVE,
    VEHICLES,
    UNKNOWN,
    FEES,
    STATE,
    SINCE_DEPART,
    SINCE_ARRIVE,
    NIGHT,
    BEGAN,
    LANE,
    RUN,
    BOARD,
    ALIGHT,
    BEFORE,
    STEP,
    IS_NEW,
    IS_KEPT,
    NEXT,
    CLOSED_UNKNOWN,
    CLOSED_FEES,
    STOP,
) = range(21)
"""Columns of a label (labels.Label). NEXT: the next label of its stop; CLOSED_...: what it is if its ticket ends here.

Beside them amounts, C currencies: C columns settled, C closed, C of what it comes to at the least.
"""
LABEL_COLUMNS = 21

END_BEGAN, END_MINUTE, END_VEHICLES, END_UNKNOWN, END_NIGHT, END_CLOSED, END_LABEL, END_EXIT = range(8)
"""Columns of a journey found. END_EXIT: place in egress. Beside them its price, fees in it."""
END_COLUMNS = 8

TO_STATE, ADD_UNKNOWN, ADD_FEE, ABOVE, LIMIT, LIMIT_KIND, RENEWS = range(7)
"""Columns of a step (steps.Step). Beside them what it settles."""
STEP_COLUMNS = 7

OPEN_UNKNOWN, OPEN_FEE, IS_TIMED = range(3)
"""Columns of a ticket state (steps.State). Beside them its open price, and what it comes to at the least."""

EMPTY, ASKED = -1, -2
"""Values of a table of answers: no such key; asked for, and to be answered before the search runs again."""

BY_DEPARTURE, BY_ARRIVAL, MAY_LAST = 1, 2, 4
"""Bits of a group of rides: fares depend on when it leaves, on when it arrives; a ticket of it may end at an hour."""

ASK_RIDE, ASK_GO_ON, ASK_FEE = range(3)
ASK_COLUMNS = 9


class Places(NamedTuple):
    """What of a network fares depend on: numbers alike cost alike.

    stop_place[S]; trip_group[T], second_group[T]: of a run's trip, and of the one its vehicle goes on as; group_bits.
    is_exact[P]: patterns of which every ride is looked at by itself, for the zones it meets.
    """

    stop_place: Int32
    trip_group: Int32
    second_group: Int32
    group_bits: Bits
    is_exact: Bits


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
    steps: Int32
    step_add: Int32
    states: Int32
    state_open: Int32
    fee_after: Int32
    fee_total: Int32
    fee_more: Int32
