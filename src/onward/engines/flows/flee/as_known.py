"""Who set out, as it was known at the time: no day's number leans on a count that was published after it."""

from collections.abc import Iterator

import numpy as np

from onward.engines.flows.flee.counts import Count
from onward.engines.flows.flee.folder import FleeFolder
from onward.engines.flows.flee.push import growth, list_shares
from onward.engines.flows.kernel_shapes import Floats

RECENT = 30
"""Days over which a camp's growth is taken to go on while its next count is not out, and for how long at the most."""

WORTH_A_ROW = 0.5
"""People by which a stretch must have changed for what was known meanwhile to be written again."""

type Row = tuple[int, int, float, int]
"""First and last day, people setting out on them together, and the day from which that was known."""


def list_known(flee: FleeFolder) -> dict[str, list[Row]]:
    """Rows of people setting out by place: the same days again wherever a later count changed them.

    On the day of a count each camp is known up to its own last count, and its growth of the last days is taken to go
    on until the next. From the last day of the period on all is as Flee has it, straight between all counts.
    """
    shares, last = list_shares(flee), flee.days - 1
    looks = sorted({day for rows in flee.counts.values() for one in rows for day in _published(one) if 0 <= day < last})
    totals = [(day, growth(_total_by(flee, day)[: day + 1])) for day in looks]
    totals.append((last, growth(_total_by(flee, None))))
    return {name: list(_rows(totals, share, _cuts(totals, share))) for name, share in shares.items()}


def _published(one: Count) -> tuple[int, ...]:
    return (max(one.day, 0),) if one.corrected_on is None else (max(one.day, 0), one.corrected_on)


def _total_by(flee: FleeFolder, look: int | None) -> Floats:
    """People in all camps together by day (days,), as known on a day; None: as known in the end."""
    days = np.arange(flee.days, dtype=np.float64)
    return np.sum([_camp_by(rows, days, look) for rows in flee.counts.values()], axis=0) + np.zeros(flee.days)


def _camp_by(rows: tuple[Count, ...], days: Floats, look: int | None) -> Floats:
    if look is None:
        return np.interp(days, [one.day for one in rows], [one.people for one in rows])
    out = [one for one in rows if one.day <= look]
    if not out:
        return np.zeros(len(days))
    at = [one.day for one in out]
    held = [one.was if one.corrected_on is not None and one.corrected_on > look else one.people for one in out]
    line = np.interp(days, at, held)
    a_day = (held[-1] - float(np.interp(at[-1] - RECENT, at, held))) / RECENT
    further = np.clip(days - at[-1], 0.0, RECENT) * a_day
    return np.maximum(line + further, 0.0)


def _cuts(totals: list[tuple[int, Floats]], share: Floats) -> list[int]:
    """The days on which a stretch of one rate begins: after each count, and wherever the final rate changes."""
    final = totals[-1][1] * share
    changed = np.flatnonzero(np.abs(np.diff(final)) > 1e-9 * np.maximum(final[:-1], 1.0)) + 1
    return sorted({0, *(day + 1 for day, _ in totals), *map(int, changed)})


def _rows(totals: list[tuple[int, Floats]], share: Floats, cuts: list[int]) -> Iterator[Row]:
    written = np.full(len(cuts) - 1, np.nan)
    before = np.zeros(0)
    for look, grown in totals:
        same = grown[: len(before)] == before
        is_last = look == totals[-1][0]
        first = 0 if is_last else len(before) if same.all() else int(np.argmin(same))
        begin, end = max(int(np.searchsorted(cuts, first, "right")) - 1, 0), int(np.searchsorted(cuts, look + 1))
        upto = np.concatenate([[0.0], np.cumsum(grown * share[: len(grown)])])
        people = np.diff(upto[np.minimum(cuts, len(grown))])[begin:end]
        least = 1e-6 if is_last else WORTH_A_ROW
        for at in begin + np.flatnonzero(~(np.abs(people - written[begin:end]) <= least)):
            written[at] = people[at - begin]
            yield cuts[at], cuts[at + 1] - 1, float(written[at]), look
        before = grown
