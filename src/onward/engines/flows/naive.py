"""Forecasts anyone could make without a model: the bar a network must pass before it may speak."""

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from onward.core.errors import BadInput, message

type Floats = NDArray[np.float64]
type Rule = Callable[[Floats, int], Floats]
"""Past counts (n,), not a number where nothing was published, and how many steps ahead -> what comes (ahead,)."""

FEWEST_ERRORS = 3
"""Past forecasts a band is drawn from at the least."""
RECENT = 30
"""Days that are recent."""


def persistence(past: Floats, ahead: int) -> Floats:
    """The last count goes on."""
    return np.full(ahead, _known(past)[-1])


def seasonal(past: Floats, ahead: int, period: int) -> Floats:
    """The count of the same day one period ago; where that is a gap, the last count."""
    steps = len(past) - period + np.arange(ahead) % period
    before = np.where(steps >= 0, past[np.maximum(steps, 0)], np.nan)
    return np.asarray(np.where(np.isnan(before), _known(past)[-1], before), dtype=np.float64)


def drift(past: Floats, ahead: int) -> Floats:
    """The straight line through the first and the last count goes on; never below nothing."""
    known = np.flatnonzero(~np.isnan(past))
    first, last = float(past[known[0]]), float(past[known[-1]])
    slope = (last - first) / max(known[-1] - known[0], 1)
    from_last = np.arange(len(past), len(past) + ahead) - known[-1]
    line: Floats = np.maximum(last + slope * from_last, 0.0)
    return line


def recent_share(past: Floats, total_past: Floats, total_ahead: Floats) -> Floats:
    """The place's share of all over the last RECENT steps, of the total ahead (ahead,).

    With the true total this is a split given total and must be called so; with a forecast total it is a forecast.
    """
    both = ~np.isnan(past) & ~np.isnan(total_past)
    kept = np.flatnonzero(both)[-RECENT:]
    of_all = float(total_past[kept].sum())
    return (past[kept].sum() / of_all if of_all > 0 else 0.0) * total_ahead


def recent_share_of_persisting_total(past: Floats, ahead: int, total_past: Floats) -> Floats:
    """The recent share of a total that stays as it is. Only as much of the total is seen as of the place.

    Where no total is known yet, the place's last count goes on.
    """
    seen = total_past[: len(past)]
    if np.isnan(past + seen).all():
        return persistence(past, ahead)
    return recent_share(past, seen, persistence(seen, ahead))


def standard_rules(period: int) -> dict[str, Rule]:
    """The rules every forecast is held against. period: steps in a season (7 of days, 52 of weeks, 12 of months)."""
    return {"persistence": persistence, "seasonal naive": partial(seasonal, period=period), "drift": drift}


def sample(rule: Rule, past: Floats, ahead: int, *, members: int, rng: np.random.Generator) -> Floats:
    """An ensemble (members, ahead) about what a rule says, as wide as the rule's own past errors.

    Each member adds the whole run of errors the rule made from one earlier day, so that days ahead err together. Errors
    are kept on the square-root scale, where counts of every size spread alike. A step with too few errors of its own
    borrows those of the nearest step that has enough. Raises BadInput where the past is too short for any.
    """
    errors = past_errors(rule, past, ahead)
    counted = (~np.isnan(errors)).sum(axis=0)
    enough = np.flatnonzero(counted >= FEWEST_ERRORS)
    if not len(enough):
        raise BadInput(
            "flow.history_too_short",
            message(
                "%(counted)s past errors are too few to draw a band from, %(ahead)s steps ahead: it takes %(fewest)s."
            ),
            remedy=message("Begin later, or look fewer steps ahead."),
            field="ahead",
            values={"counted": int(counted.max()), "ahead": ahead, "fewest": FEWEST_ERRORS},
        )
    drawn = errors[rng.integers(0, len(errors), members)]
    for step in range(ahead):
        missing = np.isnan(drawn[:, step])
        known = _known(errors[:, enough[np.abs(enough - step).argmin()]])
        drawn[missing, step] = known[rng.integers(0, len(known), int(missing.sum()))]
    rooted = np.sqrt(rule(past, ahead)) + drawn
    return np.maximum(rooted, 0.0) ** 2


def past_errors(rule: Rule, past: Floats, ahead: int) -> Floats:
    """What a rule got wrong from each earlier step (origins, ahead): root of the count less root of what it said.

    Not a number where nothing was counted. An origin whose own count is a gap made no forecast.
    """
    origins = np.flatnonzero(~np.isnan(past))[1:-1] + 1
    padded = np.concatenate([past, np.full(ahead, np.nan)])
    missed = [np.sqrt(padded[at : at + ahead]) - np.sqrt(rule(past[:at], ahead)) for at in origins]
    return np.array(missed).reshape(len(missed), ahead)


def _known(values: Floats) -> Floats:
    return values[~np.isnan(values)]
