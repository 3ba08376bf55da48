"""The arrays the compiled passes read: the network once, the rates anew for each parameter vector.

T days, R regimes (days that share every dated record), S sites, P places, E links (those of the file and the steps
between stages), L delay lines, C cohorts, G inflows, B series. Cells are columns of the series; what has none writes
into SPARE more behind them. What sites and links are lies in one table of whole numbers each, a row for each thing to
know: few arrays compile quickly, and a step through all links reads only what it needs.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]

TOTALS = 5
"""The first series: entered, present, travelling, settled, left."""
ENTERED, PRESENT, TRAVELLING, SETTLED, LEFT = 0, 1, 2, 3, 4
PER_PLACE = 7
"""Then for each place: present, arrivals, inflow, stranded, unmet, settled, left."""
P_PRESENT, P_ARRIVALS, P_INFLOW, P_STRANDED, P_UNMET, P_SETTLED, P_LEFT = 0, 1, 2, 3, 4, 5, 6

SPARE = 3
"""Columns behind the series into which goes what has no column of its own."""

SITE_PLACE, SITE_CELL, STAGE_CELL, OUT, OUT_END = range(5)
"""Rows of sites: its place, the first cell of its place, of its own (present, arrivals, stranded), its links."""
FROM, TO_PLACE, LINE, WENT_CELL, WAIT_CELL, DELAY, DELAY_END = range(7)
"""Rows of links: its site, the place it ends at (P for a step), its line, cells, its delays."""
BACK, TO, CAME_CELL, CAME_STAGE = range(4)
"""Rows of lines: the site those turned back are at, the site reached, cells of who comes there."""


class Network(NamedTuple):
    """What does not depend on parameters."""

    regime: Ints  # (T,)
    sites: Ints  # (5, S)
    links: Ints  # (7, E) sorted by the site they start from
    lines: Ints  # (4, L) delay lines: one for all links into a site, one of its own for a link that turns back
    seated: Ints  # links with seats
    delay_days: Ints
    delay_share: Floats
    returning: Ints  # (T, L) 1 where those under way are back at their start that day
    start: Ints  # (S, C)
    inflows: Ints  # (G, 2) site, the last day before the walk
    site_key: Keys  # (S, C)
    link_key: Keys  # (E,)
    inflow_key: Keys  # (G,)
    shape: tuple[int, int, int]  # slots of the delay lines, places, series


class Rates(NamedTuple):
    """What depends on parameters: probabilities and weights by regime, seats and intensities by day."""

    leaving: Floats  # (R, S, C) chance a day
    weight: Floats  # (R, E, C)
    waiting: Floats  # (R, S, C) weight of waiting where one is
    ending: Floats  # (S, 2) weights of settling and of leaving the system
    induced: Floats  # (R, E) chance a day of those who would have stayed
    turned_back: Floats  # (R, E, C)
    inflow_share: Floats  # (R, G, C)
    limits: Floats  # (2, R, P) capacity and beds, infinite where there is none
    seats: Floats  # (T, seated)
    intensity: Floats  # (T, G)
    walk_mean: Floats  # (T, G) expectation of the exponential of the walk
    inflow_laws: Floats  # (G, 3) size, sd and degrees of freedom of the walk
    leave_concentration: float
    choose_concentration: float
