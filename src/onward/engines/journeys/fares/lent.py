"""Arrays of a search's size that come and go: lent clean and given back clean, so that nobody fills them anew."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from onward.engines.journeys.fast.kernel_arrays import NEVER, Int16

MOST_KEPT = 2
"""Arrays kept for who comes next: searches that run side by side hardly ever are more."""

LARGEST_KEPT = 1 << 25
"""Numbers in an array worth keeping: 64 MB."""

_free: list[Int16] = []


@contextmanager
def lent_never(rows: int, columns: int) -> Iterator[tuple[Int16, Int16]]:
    """Two arrays of NEVER, to be left as they were found; after an error they are not lent again."""
    size = 2 * rows * columns
    held = _taken(size)
    first, second = held[:size].reshape(2, rows, columns)
    yield first, second
    if len(held) <= LARGEST_KEPT and len(_free) < MOST_KEPT:
        _free.append(held)


def _taken(size: int) -> Int16:
    """One that is large enough; one too small makes room for it."""
    try:
        held = _free.pop()  # in one go, whoever else takes one
    except IndexError:
        held = np.empty(0, np.int16)
    return held if len(held) >= size else np.full(size, NEVER, np.int16)
