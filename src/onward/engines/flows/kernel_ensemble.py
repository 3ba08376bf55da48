"""The sampled ensemble: the mean pass's steps drawn in whole people, conserved exactly every day."""

from typing import NamedTuple

import numpy as np

from onward.engines.flows import kernel_shapes as at
from onward.engines.flows.kernel_counts import (
    URN_OF_EACH,
    Split,
    beta_binomial,
    binomial,
    dirichlet_multinomial,
    negative_binomial,
)
from onward.engines.flows.kernel_day import State, arrive, close_day, occupy
from onward.engines.flows.kernel_random import Stream, keyed, truncated_t, uniform
from onward.engines.flows.kernel_shapes import Floats, Ints, Network, Rates
from onward.engines.jit import kernel

WALK_BOUND = 6.0
"""Steps of the walk are drawn again beyond so many scales, so that its exponential has an expectation."""
_CHOOSE, _BOARD, _DELAY, _BACK = np.uint64(1), np.uint64(2), np.uint64(3), np.uint64(4)
_SETTLE, _LEAVE, _WAIT, _LINKS = range(4)
"""Ways to go from a site, before its links."""


class _When(NamedTuple):
    """The day, its regime, and the key of the member's day."""

    day: int
    regime: int
    base: np.uint64


@kernel
def _flow_in(
    network: Network, rates: Rates, when: _When, walk: Floats, here: Ints, cells: Ints, stream: Stream
) -> None:
    """Negative binomial inflow about an intensity whose logarithm takes a Student-t step a day."""
    law, sites, inflows, key, base = rates.inflow_laws, network.sites, network.inflows, network.inflow_key, when.base
    intensity, shares = rates.intensity[when.day], rates.inflow_share[when.regime]
    for g in range(len(inflows)):
        site = inflows[g, 0]
        stream[0] = keyed(base, key[g])
        if when.day > inflows[g, 1] and law[g, 1] > 0.0:
            walk[g] += law[g, 1] * truncated_t(stream, law[g, 2], WALK_BOUND)
        came = negative_binomial(stream, intensity[g] * np.exp(walk[g]), law[g, 0])
        cells[sites[at.SITE_CELL, site] + at.P_INFLOW] += came
        cells[sites[at.SITE_CELL, site] + at.P_ARRIVALS] += came
        cells[at.ENTERED] += came
        cells[sites[at.STAGE_CELL, site] + 1] += came
        rest = 1.0
        for c in range(here.shape[1]):
            part = came
            if c < here.shape[1] - 1:
                part = binomial(stream, came, min(1.0, shares[g, c] / rest)) if rest > 1e-12 else 0
            here[site, c] += part
            came -= part
            rest -= shares[g, c]


@kernel
def _leave(network: Network, rates: Rates, when: _When, state: State, stream: Stream) -> None:
    """How many leave each site today: go (S, C) is filled; ahead (S, C) holds who stays."""
    here, ahead, go, key = state.here, state.ahead, state.go, network.site_key
    leaving, concentration, base = rates.leaving[when.regime], rates.leave_concentration, when.base
    for s in range(here.shape[0]):
        for c in range(here.shape[1]):
            people, go[s, c] = here[s, c], 0
            if people > 0:
                stream[0] = keyed(base, key[s, c])
                go[s, c] = beta_binomial(stream, people, leaving[s, c], concentration)
            ahead[s, c] = people - go[s, c]


@kernel
def _choose(
    network: Network, rates: Rates, when: _When, state: State, split: Split, cells: Ints, stream: Stream
) -> None:
    """Those who leave settle, leave the system, wait or wish for a link: wish (E, C) is filled."""
    sites, to_place, key, base = network.sites, network.links[at.TO_PLACE], network.site_key, when.base
    ahead, go, wish, draw, weight, counts = state.ahead, state.go, state.wish, state.draw, split.weight, split.counts
    weights, waiting, ending = rates.weight[when.regime], rates.waiting[when.regime], rates.ending
    for s in range(go.shape[0]):
        place, first, ways = sites[at.SITE_CELL, s], sites[at.OUT, s], sites[at.OUT_END, s] - sites[at.OUT, s]
        for c in range(go.shape[1]):
            if go[s, c] <= 0:
                continue
            weight[_SETTLE], weight[_LEAVE], weight[_WAIT] = ending[s, 0], ending[s, 1], waiting[s, c]
            total = ending[s, 0] + ending[s, 1] + waiting[s, c]
            for k in range(ways):
                weight[_LINKS + k] = weights[first + k, c] * draw[to_place[first + k]]
                total += weight[_LINKS + k]
            waits = go[s, c]
            if total > 0.0:
                stream[0] = keyed(keyed(base, key[s, c]), _CHOOSE)
                dirichlet_multinomial(stream, waits, split, (_LINKS + ways, total), rates.choose_concentration)
                for k in range(ways):
                    wish[first + k, c] = counts[_LINKS + k]
                cells[place + at.P_SETTLED] += counts[_SETTLE]
                cells[place + at.P_LEFT] += counts[_LEAVE]
                waits = counts[_WAIT]
            ahead[s, c] += waits
            cells[place + at.P_STRANDED] += waits
            cells[sites[at.STAGE_CELL, s] + 2] += waits


@kernel
def _drawn_away(network: Network, rates: Rates, when: _When, state: State, stream: Stream) -> None:
    """Some of those who stay are drawn to a link by a programme or a return flow."""
    ahead, wish, start, base = state.ahead, state.wish, network.links[at.FROM], when.base
    weights, induced, concentration = rates.weight[when.regime], rates.induced[when.regime], rates.leave_concentration
    site_key, link_key = network.site_key, network.link_key
    for e in range(len(induced)):
        if induced[e] <= 0.0:
            continue
        s = start[e]
        for c in range(wish.shape[1]):
            if weights[e, c] > 0.0 and ahead[s, c] > 0:
                stream[0] = keyed(keyed(base, site_key[s, c]) ^ link_key[e], _BOARD)
                drawn = beta_binomial(stream, ahead[s, c], induced[e], concentration)
                wish[e, c] += drawn
                ahead[s, c] -= drawn


@kernel
def _seats(seats: float, stream: Stream) -> int:
    """Whole seats of a day: a part of a seat is there with that chance."""
    whole = int(np.floor(seats))
    return whole + (1 if seats > whole and uniform(stream) < seats - whole else 0)


@kernel
def _board(wish: Ints, e: int, wanted: int, seats: int, day: int, ahead: Ints, start: int) -> None:
    """Seats shared among cohorts in proportion; what rounding leaves over goes round, another first each day."""
    cohorts = wish.shape[1]
    left = seats
    for c in range(cohorts):
        left -= int(np.floor(wish[e, c] * (seats / wanted)))
    for k in range(cohorts):
        c = (day + k) % cohorts
        aboard = int(np.floor(wish[e, c] * (seats / wanted)))
        if left > 0 and aboard < wish[e, c]:
            aboard += 1
            left -= 1
        ahead[start, c] += wish[e, c] - aboard
        wish[e, c] = aboard


@kernel
def _take_seats(network: Network, rates: Rates, when: _When, state: State, cells: Ints, stream: Stream) -> None:
    """On links with seats some may have to wait: wish keeps who is aboard."""
    ahead, wish, links, key, base = state.ahead, state.wish, network.links, network.link_key, when.base
    seated, seats = network.seated, rates.seats[when.day]
    for n in range(len(seated)):
        e = seated[n]
        wanted = 0
        for c in range(wish.shape[1]):
            wanted += wish[e, c]
        if wanted > 0:
            stream[0] = keyed(keyed(base, key[e]), _BOARD)
            aboard = min(wanted, _seats(seats[n], stream))
            if aboard < wanted:
                cells[links[at.WAIT_CELL, e]] += wanted - aboard
                _board(wish, e, wanted, aboard, when.day, ahead, links[at.FROM, e])


@kernel
def _depart(network: Network, rates: Rates, when: _When, state: State, cells: Ints, stream: Stream) -> None:
    """Those turned back, and the days under way of the others; wish (E, C) is emptied."""
    ahead, wish, under_way = state.ahead, state.wish, state.under_way
    links, lines, sites, key, base = network.links, network.lines, network.sites, network.link_key, when.base
    delay_days, delay_share, turned_back = network.delay_days, network.delay_share, rates.turned_back[when.regime]
    slots = len(under_way)
    today = when.day % slots
    for e in range(links.shape[1]):
        line, first, last = links[at.LINE, e], links[at.DELAY, e], links[at.DELAY_END, e] - 1
        for c in range(wish.shape[1]):
            gone = wish[e, c]
            if gone <= 0:
                continue
            wish[e, c] = 0
            cells[links[at.WENT_CELL, e]] += gone
            if turned_back[e, c] > 0.0:
                stream[0] = keyed(keyed(base, key[e]) ^ np.uint64(c), _BACK)
                back, start = binomial(stream, gone, turned_back[e, c]), links[at.FROM, e]
                ahead[start, c] += back
                gone -= back
                cells[sites[at.SITE_CELL, start] + at.P_STRANDED] += back
                cells[sites[at.STAGE_CELL, start] + 2] += back
            rest = 1.0
            if first < last:
                stream[0] = keyed(keyed(base, key[e]) ^ np.uint64(c), _DELAY)
            for i in range(first, last + 1):
                part, slot = gone, today + delay_days[i]
                if i < last:
                    part = binomial(stream, gone, min(1.0, delay_share[i] / rest))
                    rest -= delay_share[i]
                    gone -= part
                if slot != today:
                    under_way[slot if slot < slots else slot - slots, line, c] += part
                else:
                    ahead[lines[at.TO, line], c] += part
                    cells[lines[at.CAME_CELL, line]] += part
                    cells[lines[at.CAME_STAGE, line]] += part


@kernel
def sample_member(network: Network, rates: Rates, own: np.uint64, out: Ints) -> int:
    """Draw the member of a key into out (T, B + SPARE), zeros before.

    Gives the day on which somebody was lost or made; -1 where nobody was, as it must be.
    """
    slots, places, _ = network.shape
    links, lines, cohorts = network.links.shape[1], network.lines.shape[1], network.start.shape[1]
    state = State(
        network.start.copy(),
        np.zeros(network.start.shape, np.int64),
        np.zeros(network.start.shape, np.int64),
        np.zeros((links, cohorts), np.int64),
        np.zeros((slots, lines, cohorts), np.int64),
        np.zeros(places + 1),
    )
    ways = links + _LINKS
    split = Split(np.zeros(ways), np.zeros(ways, np.int64), np.zeros(URN_OF_EACH * ways, np.int64))
    walk, stream = np.zeros(len(network.inflows)), np.zeros(1, np.uint64)
    whole_beds = np.floor(rates.limits[1])
    before = np.zeros(at.TOTALS, np.int64)
    before[at.ENTERED] = state.here.sum()
    for day in range(len(network.regime)):
        r, cells = network.regime[day], out[day]
        when = _When(day, r, keyed(own, np.uint64(day)))
        arrive(network.lines, network.returning[day], day % slots, state, cells)
        _flow_in(network, rates, when, walk, state.here, cells, stream)
        occupy(network.sites, rates.limits[0, r], state.here, state.draw)
        _leave(network, rates, when, state, stream)
        _choose(network, rates, when, state, split, cells, stream)
        _drawn_away(network, rates, when, state, stream)
        _take_seats(network, rates, when, state, cells, stream)
        _depart(network, rates, when, state, cells, stream)
        if not close_day(network.sites, whole_beds[r], state, cells, before):
            return day
        before = cells
    return -1
