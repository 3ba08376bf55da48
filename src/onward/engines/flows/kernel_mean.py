"""The exact mean pass: expectations of every count, one loop over days.

Without seats and capacities every step is linear in the counts or independent of them, so these are the expectations
of the ensemble. A limit of seats or of beds is applied to the expectation: min(seats, E X) in place of E min(seats, X).
The difference is never above half the standard deviation of X (Scarf 1958), and none where demand is far from it. The
soft capacity draws on the expected occupancy, with an error of second order in its spread.
"""

import numpy as np

from onward.engines.flows import kernel_shapes as at
from onward.engines.flows.kernel_day import State, arrive, close_day, occupy
from onward.engines.flows.kernel_shapes import Floats, Network, Rates
from onward.engines.jit import kernel


@kernel
def _flow_in(network: Network, rates: Rates, day: int, here: Floats, cells: Floats) -> None:
    sites, inflows, shares = network.sites, network.inflows, rates.inflow_share[network.regime[day]]
    intensity, walk_mean = rates.intensity[day], rates.walk_mean[day]
    for g in range(len(inflows)):
        site = inflows[g, 0]
        came = intensity[g] * walk_mean[g]
        for c in range(here.shape[1]):
            here[site, c] += came * shares[g, c]
        cells[sites[at.SITE_CELL, site] + at.P_INFLOW] += came
        cells[sites[at.SITE_CELL, site] + at.P_ARRIVALS] += came
        cells[at.ENTERED] += came
        cells[sites[at.STAGE_CELL, site] + 1] += came


@kernel
def _choose(network: Network, rates: Rates, r: int, state: State, cells: Floats) -> None:
    """Leave, choose, and those who are drawn away: wish (E, C) is filled, ahead (S, C) holds who stays."""
    here, ahead, wish, draw = state.here, state.ahead, state.wish, state.draw
    sites, to_place, ending = network.sites, network.links[at.TO_PLACE], rates.ending
    leaving, weights, waiting, induced = rates.leaving[r], rates.weight[r], rates.waiting[r], rates.induced[r]
    for s in range(sites.shape[1]):
        first, last, place = sites[at.OUT, s], sites[at.OUT_END, s], sites[at.SITE_CELL, s]
        for c in range(here.shape[1]):
            people = here[s, c]
            ahead[s, c] = 0.0
            if people <= 0.0:
                continue
            go = people * leaving[s, c]
            total = ending[s, 0] + ending[s, 1] + waiting[s, c]
            for e in range(first, last):
                wish[e, c] = weights[e, c] * draw[to_place[e]]
                total += wish[e, c]
            share = go / total if total > 0.0 else 0.0
            waits = waiting[s, c] * share if total > 0.0 else go
            cells[place + at.P_SETTLED] += ending[s, 0] * share
            cells[place + at.P_LEFT] += ending[s, 1] * share
            if waits > 0.0:
                cells[place + at.P_STRANDED] += waits
                cells[sites[at.STAGE_CELL, s] + 2] += waits
            stay = people - go + waits
            for e in range(first, last):
                drawn = stay * induced[e] if induced[e] > 0.0 and wish[e, c] > 0.0 else 0.0
                wish[e, c] = wish[e, c] * share + drawn
                stay -= drawn
            ahead[s, c] = stay


@kernel
def _take_seats(network: Network, rates: Rates, day: int, state: State, cells: Floats) -> None:
    """On links with seats some may have to wait: wish keeps who is aboard."""
    ahead, wish, links, seated, seats = state.ahead, state.wish, network.links, network.seated, rates.seats[day]
    for n in range(len(seated)):
        e = seated[n]
        wanted = 0.0
        for c in range(wish.shape[1]):
            wanted += wish[e, c]
        if wanted > seats[n]:
            cells[links[at.WAIT_CELL, e]] += wanted - seats[n]
            for c in range(wish.shape[1]):
                aboard = wish[e, c] * (seats[n] / wanted)
                ahead[links[at.FROM, e], c] += wish[e, c] - aboard
                wish[e, c] = aboard


@kernel
def _depart(network: Network, rates: Rates, day: int, state: State, cells: Floats) -> None:
    """Those turned back, and the days under way of the others; wish (E, C) is emptied."""
    ahead, wish, under_way = state.ahead, state.wish, state.under_way
    links, lines, sites, turned_back = network.links, network.lines, network.sites, rates.turned_back
    delay_days, delay_share, r = network.delay_days, network.delay_share, network.regime[day]
    slots = len(under_way)
    today = day % slots
    for e in range(links.shape[1]):
        line, first, last = links[at.LINE, e], links[at.DELAY, e], links[at.DELAY_END, e]
        for c in range(wish.shape[1]):
            gone = wish[e, c]
            if gone <= 0.0:
                continue
            wish[e, c] = 0.0
            cells[links[at.WENT_CELL, e]] += gone
            if turned_back[r, e, c] > 0.0:
                back, start = gone * turned_back[r, e, c], links[at.FROM, e]
                ahead[start, c] += back
                gone -= back
                cells[sites[at.SITE_CELL, start] + at.P_STRANDED] += back
                cells[sites[at.STAGE_CELL, start] + 2] += back
            for i in range(first, last):
                part, slot = gone * delay_share[i], today + delay_days[i]
                if slot != today:
                    under_way[slot if slot < slots else slot - slots, line, c] += part
                else:
                    ahead[lines[at.TO, line], c] += part
                    cells[lines[at.CAME_CELL, line]] += part
                    cells[lines[at.CAME_STAGE, line]] += part


@kernel
def mean_pass(network: Network, rates: Rates) -> Floats:
    """Expectations of every series, shape (T, B + SPARE)."""
    slots, places, series = network.shape
    lines, cohorts = network.lines.shape[1], network.start.shape[1]
    out = np.zeros((len(network.regime), series + at.SPARE))
    state = State(
        network.start.astype(np.float64),
        np.zeros(network.start.shape),
        np.zeros(network.start.shape),
        np.zeros((network.links.shape[1], cohorts)),
        np.zeros((slots, lines, cohorts)),
        np.zeros(places + 1),
    )
    before = np.zeros(at.TOTALS)
    before[at.ENTERED] = state.here.sum()
    for day in range(len(network.regime)):
        r, cells = network.regime[day], out[day]
        arrive(network.lines, network.returning[day], day % slots, state, cells)
        _flow_in(network, rates, day, state.here, cells)
        occupy(network.sites, rates.limits[0, r], state.here, state.draw)
        _choose(network, rates, r, state, cells)
        _take_seats(network, rates, day, state, cells)
        _depart(network, rates, day, state, cells)
        close_day(network.sites, rates.limits[1, r], state, cells, before)
        before = cells
    return out
