"""The exact mean pass: expectations of every count, one loop over days.

Without seats and capacities every step is linear in the counts or independent of them, so these are the expectations
of the ensemble. A limit of seats or of beds is applied to the expectation: min(seats, E X) in place of E min(seats, X).
The difference is never above half the standard deviation of X (Scarf 1958), and none where demand is far from it. The
soft capacity draws on the expected occupancy, with an error of second order in its spread.
"""

import numpy as np

from onward.engines.flows.kernel_shapes import (
    CAME_CELL,
    CAME_STAGE,
    DELAY,
    DELAY_END,
    ENTERED,
    FROM,
    LEFT,
    OUT,
    OUT_END,
    P_ARRIVALS,
    P_INFLOW,
    P_LEFT,
    P_PRESENT,
    P_SETTLED,
    P_STRANDED,
    P_UNMET,
    PER_PLACE,
    PRESENT,
    SEATED,
    SETTLED,
    SITE_CELL,
    SITE_PLACE,
    SPARE,
    STAGE_CELL,
    TO,
    TO_PLACE,
    TOTALS,
    TRAVELLING,
    WAIT_CELL,
    WENT_CELL,
    Floats,
    Ints,
    Network,
    Rates,
)
from onward.engines.jit import kernel


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
def _arrive(links: Ints, returning: Ints, slot: int, here: Floats, under_way: Floats, cells: Floats) -> None:
    """Those due today come in; where a closure turns a link back, all under way are at their start again."""
    for e in range(len(links)):
        for c in range(here.shape[1]):
            if returning[e]:
                for k in range(len(under_way)):
                    here[links[e, FROM], c] += under_way[k, e, c]
                    under_way[k, e, c] = 0.0
            came = under_way[slot, e, c]
            if came > 0.0:
                here[links[e, TO], c] += came
                under_way[slot, e, c] = 0.0
                cells[links[e, CAME_CELL]] += came
                cells[links[e, CAME_STAGE]] += came


@kernel
def _flow_in(
    inflows: Ints, sites: Ints, intensity: Floats, walk_mean: Floats, share: Floats, here: Floats, cells: Floats
) -> None:
    for g in range(len(inflows)):
        site = inflows[g, 0]
        came = intensity[g] * walk_mean[g]
        for c in range(here.shape[1]):
            here[site, c] += came * share[g, c]
        cells[sites[site, SITE_CELL] + P_INFLOW] += came
        cells[sites[site, SITE_CELL] + P_ARRIVALS] += came
        cells[ENTERED] += came
        cells[sites[site, STAGE_CELL] + 1] += came


@kernel
def _occupy(sites: Ints, capacity: Floats, here: Floats, draw: Floats) -> None:
    """What every place draws this day, from the people present this morning; draw (P + 1,): the last for steps."""
    draw[:] = 0.0
    for s in range(len(sites)):
        for c in range(here.shape[1]):
            draw[sites[s, SITE_PLACE]] += here[s, c]
    for p in range(len(capacity)):
        draw[p] = draw_of(draw[p], capacity[p])
    draw[-1] = 1.0


@kernel
def _choose(
    sites: Ints,
    links: Ints,
    out_link: Ints,
    chances: tuple[Floats, Floats, Floats, Floats, Floats],
    draw: Floats,
    here: Floats,
    ahead: Floats,
    wish: Floats,
    cells: Floats,
) -> None:
    """Leave, choose, and those who are drawn away: wish (E, C) is filled, ahead (S, C) holds who stays."""
    leaving, weights, waiting, induced, ending = chances
    for s in range(len(sites)):
        first, last, place = sites[s, OUT], sites[s, OUT_END], sites[s, SITE_CELL]
        for c in range(here.shape[1]):
            people = here[s, c]
            if people <= 0.0:
                continue
            go = people * leaving[s, c]
            total = ending[s, 0] + ending[s, 1] + waiting[s, c]
            for i in range(first, last):
                e = out_link[i]
                wish[e, c] = weights[e, c] * draw[links[e, TO_PLACE]]
                total += wish[e, c]
            share = go / total if total > 0.0 else 0.0
            waits = waiting[s, c] * share if total > 0.0 else go
            cells[place + P_SETTLED] += ending[s, 0] * share
            cells[place + P_LEFT] += ending[s, 1] * share
            cells[place + P_STRANDED] += waits
            cells[sites[s, STAGE_CELL] + 2] += waits
            stay = people - go + waits
            for i in range(first, last):
                e = out_link[i]
                drawn = stay * induced[e] if wish[e, c] > 0.0 else 0.0
                wish[e, c] = wish[e, c] * share + drawn
                stay -= drawn
            ahead[s, c] += stay


@kernel
def _depart(
    sites: Ints,
    links: Ints,
    delays: tuple[Ints, Floats],
    day: int,
    seats: Floats,
    turned_back: Floats,
    wish: Floats,
    ahead: Floats,
    under_way: Floats,
    cells: Floats,
) -> None:
    """Seats, those turned back, and the days under way; wish (E, C) is emptied."""
    delay_days, delay_share = delays
    for e in range(len(links)):
        wanted = 0.0
        for c in range(wish.shape[1]):
            wanted += wish[e, c]
        if wanted <= 0.0:
            continue
        start = links[e, FROM]
        aboard = min(1.0, seats[links[e, SEATED]] / wanted) if links[e, SEATED] >= 0 else 1.0
        cells[links[e, WAIT_CELL]] += wanted * (1.0 - aboard)
        cells[links[e, WENT_CELL]] += wanted * aboard
        for c in range(wish.shape[1]):
            gone = wish[e, c] * aboard
            back = gone * turned_back[e, c]
            ahead[start, c] += wish[e, c] - gone + back
            wish[e, c] = 0.0
            cells[sites[start, SITE_CELL] + P_STRANDED] += back
            cells[sites[start, STAGE_CELL] + 2] += back
            for i in range(links[e, DELAY], links[e, DELAY_END]):
                part = (gone - back) * delay_share[i]
                if delay_days[i] > 0:
                    under_way[(day + delay_days[i]) % len(under_way), e, c] += part
                else:
                    ahead[links[e, TO], c] += part
                    cells[links[e, CAME_CELL]] += part
                    cells[links[e, CAME_STAGE]] += part


@kernel
def _close_day(sites: Ints, beds: Floats, day: int, here: Floats, under_way: Floats, out: Floats) -> None:
    """Present, unmet and the totals of a day; entered, settled and left run on from the day before."""
    cells, before = out[day], out[max(0, day - 1)]
    for s in range(len(sites)):
        for c in range(here.shape[1]):
            cells[sites[s, SITE_CELL] + P_PRESENT] += here[s, c]
            cells[sites[s, STAGE_CELL]] += here[s, c]
            cells[PRESENT] += here[s, c]
    for p in range(len(beds)):
        place = TOTALS + PER_PLACE * p
        cells[place + P_UNMET] = max(0.0, cells[place + P_PRESENT] - beds[p])
        cells[SETTLED] += cells[place + P_SETTLED]
        cells[LEFT] += cells[place + P_LEFT]
    for k in range(under_way.shape[0]):
        for e in range(under_way.shape[1]):
            for c in range(under_way.shape[2]):
                cells[TRAVELLING] += under_way[k, e, c]
    if day > 0:
        cells[ENTERED] += before[ENTERED]
        cells[SETTLED] += before[SETTLED]
        cells[LEFT] += before[LEFT]


@kernel
def mean_pass(network: Network, rates: Rates) -> Floats:
    """Expectations of every series, shape (T, B + SPARE)."""
    slots, places, series = network.shape
    sites, links, start = network.sites, network.links, network.start
    out = np.zeros((len(network.regime), series + SPARE))
    here, ahead = np.zeros(start.shape), np.zeros(start.shape)
    under_way, wish = np.zeros((slots, len(links), start.shape[1])), np.zeros((len(links), start.shape[1]))
    draw = np.zeros(places + 1)
    for s in range(len(sites)):
        for c in range(start.shape[1]):
            here[s, c] = start[s, c]
            out[0, ENTERED] += start[s, c]
    for day in range(len(network.regime)):
        r, cells = network.regime[day], out[day]
        _arrive(links, network.returning[day], day % slots, here, under_way, cells)
        _flow_in(network.inflows, sites, rates.intensity[day], rates.walk_mean[day], rates.inflow_share[r], here, cells)
        _occupy(sites, rates.limits[0, r], here, draw)
        ahead[:] = 0.0
        chances = rates.leaving[r], rates.weight[r], rates.waiting[r], rates.induced[r], rates.ending
        _choose(sites, links, network.out_link, chances, draw, here, ahead, wish, cells)
        delays = network.delay_days, network.delay_share
        _depart(sites, links, delays, day, rates.seats[day], rates.turned_back[r], wish, ahead, under_way, cells)
        here, ahead = ahead, here
        _close_day(sites, rates.limits[1, r], day, here, under_way, out)
    return out
