"""The steps of a day that draw nothing: the mean pass takes them with expectations, the ensemble with whole people.

Each is compiled twice, for counts in float64 and in int64. People on links are kept by the site they come to, but for
links whose people a closure turns back: those have a line of their own.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from onward.engines.flows import kernel_shapes as at
from onward.engines.flows.kernel_shapes import Floats, Ints
from onward.engines.jit import kernel

Counts = NDArray[Any]
"""Expected people (float64) or whole ones (int64)."""


class State(NamedTuple):
    """People while a day passes.

    here (S, C): this morning; ahead (S, C): tonight; go (S, C): who leaves; wish (E, C): who wants to take a link.
    under_way (slots, L, C): who comes in on a day, by the day's number modulo slots. draw (P + 1,): the factor of each
    place's room on its weights, the last for steps.
    """

    here: Counts
    ahead: Counts
    go: Counts
    wish: Counts
    under_way: Counts
    draw: Floats


@kernel
def arrive(lines: Ints, returning: Ints, slot: int, state: State, cells: Counts) -> None:
    """Those due today come in; where a closure turns a link back, all under way are at their start again."""
    here, under_way = state.here, state.under_way
    for line in range(lines.shape[1]):
        for c in range(here.shape[1]):
            if returning[line]:
                for k in range(len(under_way)):
                    here[lines[at.BACK, line], c] += under_way[k, line, c]
                    under_way[k, line, c] = 0
            came = under_way[slot, line, c]
            if came > 0:
                here[lines[at.TO, line], c] += came
                under_way[slot, line, c] = 0
                cells[lines[at.CAME_CELL, line]] += came
                cells[lines[at.CAME_STAGE, line]] += came


@kernel
def draw_of(occupied: float, capacity: float) -> float:
    """Factor on a place's weights: 1 / (1 + (occupied / capacity)^8), smooth: 0.91 three quarters full, half when full.

    A place is never closed by being full. A steeper fall makes the expectations swing from day to day where many
    choose at once (they fill it past its capacity, then all stay away).
    """
    ratio = occupied / capacity
    square = ratio * ratio
    return 1.0 / (1.0 + square * square * square * square)


@kernel
def occupy(sites: Ints, capacity: Floats, here: Counts, draw: Floats) -> None:
    """What every place draws this day, from the people present this morning."""
    for p in range(len(draw)):
        draw[p] = 0.0
    for s in range(sites.shape[1]):
        for c in range(here.shape[1]):
            draw[sites[at.SITE_PLACE, s]] += here[s, c]
    for p in range(len(capacity)):
        draw[p] = draw_of(draw[p], capacity[p]) if capacity[p] < np.inf else 1.0
    draw[-1] = 1.0


@kernel
def close_day(sites: Ints, beds: Floats, state: State, cells: Counts, before: Counts) -> bool:
    """The night: who is ahead is here. Present, unmet and totals of the day, on from those before (or zeros).

    Whether everybody who entered is somewhere, to the last person: expectations are but for rounding.
    """
    here, ahead, under_way = state.here, state.ahead, state.under_way
    present, travelling = cells[at.PRESENT], cells[at.TRAVELLING]
    for s in range(sites.shape[1]):
        for c in range(here.shape[1]):
            here[s, c] = ahead[s, c]
            cells[sites[at.SITE_CELL, s] + at.P_PRESENT] += here[s, c]
            cells[sites[at.STAGE_CELL, s]] += here[s, c]
            present += here[s, c]
    settled, left = before[at.SETTLED], before[at.LEFT]
    for p in range(len(beds)):
        place = at.TOTALS + at.PER_PLACE * p
        if cells[place + at.P_PRESENT] > beds[p]:
            cells[place + at.P_UNMET] = cells[place + at.P_PRESENT] - beds[p]
        settled += cells[place + at.P_SETTLED]
        left += cells[place + at.P_LEFT]
    for k in range(under_way.shape[0]):
        for line in range(under_way.shape[1]):
            for c in range(under_way.shape[2]):
                travelling += under_way[k, line, c]
    cells[at.ENTERED] += before[at.ENTERED]
    cells[at.PRESENT], cells[at.TRAVELLING], cells[at.SETTLED], cells[at.LEFT] = present, travelling, settled, left
    return bool(cells[at.ENTERED] == present + travelling + settled + left)
