"""What would be published of a run: delayed, summed or averaged over each row's days, and drawn with its noise."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from onward.engines.flows.kernel_counts import negative_binomial
from onward.engines.flows.kernel_random import keyed
from onward.engines.flows.kernel_shapes import Floats, Ints, Keys
from onward.engines.jit import kernel

_REPORT = np.uint64(2)


class Rows(NamedTuple):
    """The rows of all observations (W) and how each is counted (O observations)."""

    seen: Ints  # (W,) which observation
    first: Ints  # (W,) first and last day, from the period's first
    last: Ints
    is_mean: NDArray[np.int64]  # (O,) 1 for a stock
    is_running: NDArray[np.int64]  # (O,) 1 for a cumulative series, whose rows share their noise
    delay_at: Ints  # (O + 1,) into delay
    delay: Floats
    key: Keys  # (W,)


@kernel
def row_quantities(rows: Rows, daily: Floats) -> Floats:
    """Sums (of a stock: means) of the delayed daily quantities over each row's days; daily (M, T, O) gives (M, W)."""
    members, days, observations = daily.shape
    out = np.zeros((members, len(rows.seen)))
    upto = np.zeros((observations, days + 1))
    for m in range(members):
        for o in range(observations):
            first = rows.delay_at[o]
            for day in range(days):
                reported = 0.0
                for k in range(min(rows.delay_at[o + 1] - first, day + 1)):
                    reported += rows.delay[first + k] * daily[m, day - k, o]
                upto[o, day + 1] = upto[o, day] + reported
        for w in range(len(rows.seen)):
            o = rows.seen[w]
            first, end = max(0, rows.first[w]), min(days, rows.last[w] + 1)
            if end > first:
                span = float(end - first) if rows.is_mean[o] else 1.0
                out[m, w] = (upto[o, end] - upto[o, first]) / span
    return out


@kernel
def draw_reports(
    rows: Rows, quantity: Floats, rates: tuple[Floats, Floats, Floats], seed: np.uint64, members: Ints
) -> Floats:
    """Negative binomial reports about rate x quantity + offset; quantity (M, W); rates: rate, offset, size, each (O,).

    Rows of a cumulative series add their own noise to that of the row before, as the counts behind them do.
    """
    rate, offset, size = rates
    out = np.zeros(quantity.shape)
    stream = np.zeros(1, np.uint64)
    for m in range(len(members)):
        own = keyed(keyed(seed, _REPORT), np.uint64(members[m]))
        seen, before, total = -1, 0.0, 0.0
        for w in range(len(rows.seen)):
            o = rows.seen[w]
            if o != seen:
                seen, before, total = o, 0.0, 0.0
            stream[0] = keyed(own, rows.key[w])
            if rows.is_running[o]:
                step = max(0.0, quantity[m, w] - before)
                before = max(before, quantity[m, w])
                total += negative_binomial(stream, rate[o] * step, size[o])
                out[m, w] = total + offset[o]
            else:
                out[m, w] = negative_binomial(stream, rate[o] * quantity[m, w] + offset[o], size[o])
    return out
