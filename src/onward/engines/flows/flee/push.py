"""Who is pushed where in a Flee folder: conflicts as spells, and the share of people setting out from each place."""

from collections.abc import Iterable
from itertools import groupby

import numpy as np

from onward.engines.flows.flee.counts import Count
from onward.engines.flows.flee.days import decays
from onward.engines.flows.flee.folder import FleeFolder
from onward.engines.flows.kernel_shapes import Floats

Spell = tuple[str, int, int, float]
"""Place, first day, first day after, intensity."""


def list_spells(flee: FleeFolder) -> list[Spell]:
    """Conflicts as (place, since, until, intensity). A place in conflict from the first day stays so until its end."""
    spells: list[Spell] = []
    for place in flee.places:
        if place.kind == "marker":
            continue
        daily = list(flee.conflicts.get(place.name, ()))
        if place.kind == "conflict" and (not flee.conflicts or (place.conflict_day == 0 and not (daily and daily[0]))):
            first = next((day for day, value in enumerate(daily) if value > 0), flee.days)
            since = 0 if flee.conflicts else place.conflict_day
            daily = [0.0] * since + [1.0] * (first - since) + daily[first:]
        day = 0
        for value, run in groupby(daily):
            length = len(list(run))
            if value > 1e-6:
                spells.append((place.name, day, day + length, value))
            day += length
    return spells


def people(counts: Iterable[Count]) -> list[tuple[int, float]]:
    """(day, people) of counts."""
    return [(count.day, count.people) for count in counts]


def growth(total: Floats) -> Floats:
    """What a total (days,) grows each day, less what it fell before: never below nothing (Flee, DataTable.py)."""
    grown, debt = np.diff(total, prepend=total[0]), 0.0
    for day in range(len(grown)):
        grown[day] -= debt
        debt, grown[day] = max(-grown[day], 0.0), max(grown[day], 0.0)
    return grown


def list_shares(flee: FleeFolder) -> dict[str, Floats]:
    """The share of those setting out who do so from each place, by day; without a conflict as on the last day with one.

    Places from which nobody ever sets out are left out.
    """
    days = np.arange(flee.days)
    weight = {place.name: np.zeros(flee.days) for place in flee.places if place.kind != "marker"}
    living = {place.name: place.people for place in flee.places if "camp" not in place.kind}
    ended: dict[str, int] = {}
    broke: dict[str, int] = {}
    for name, since, until, intensity in list_spells(flee):
        if ended.get(name) != since:
            broke[name] = since
        ended[name] = until
        age = np.arange(since, until) - broke[name]
        weight[name][since:until] = living.get(name, 0.0) * intensity * decays(flee.rules, age.astype(np.float64))
    whole = np.sum(list(weight.values()), axis=0)
    last = np.maximum.accumulate(np.where(whole > 0, days, 0))
    if not whole.any():
        return {}
    last[whole[last] <= 0] = int(np.argmax(whole > 0))
    return {name: own[last] / whole[last] for name, own in weight.items() if own.any()}
