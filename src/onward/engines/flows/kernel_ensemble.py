"""The sampled ensemble: the mean pass's steps drawn in whole people, conserved exactly every day."""

import numpy as np

from onward.engines.flows.kernel_mean import draw_of
from onward.engines.flows.kernel_random import (
    URN,
    Stream,
    beta_binomial,
    binomial,
    gamma,
    keyed,
    negative_binomial,
    truncated_t,
    uniform,
)
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
    STAGE_CELL,
    TO,
    TO_PLACE,
    TOTALS,
    TRAVELLING,
    WAIT_CELL,
    WENT_CELL,
    Floats,
    Ints,
    Keys,
    Network,
    Rates,
)
from onward.engines.jit import kernel

WALK_BOUND = 6.0
"""Steps of the walk are drawn again beyond so many scales, so that its exponential has an expectation."""
_CHOOSE, _BOARD, _DELAY, _BACK = np.uint64(1), np.uint64(2), np.uint64(3), np.uint64(4)


@kernel
def _arrive(links: Ints, returning: Ints, slot: int, here: Ints, under_way: Ints, cells: Ints) -> None:
    for e in range(len(links)):
        for c in range(here.shape[1]):
            if returning[e]:
                for k in range(len(under_way)):
                    here[links[e, FROM], c] += under_way[k, e, c]
                    under_way[k, e, c] = 0
            came = under_way[slot, e, c]
            if came > 0:
                here[links[e, TO], c] += came
                under_way[slot, e, c] = 0
                cells[links[e, CAME_CELL]] += came
                cells[links[e, CAME_STAGE]] += came


@kernel
def _flow_in(
    inflows: Ints,
    keys: Keys,
    when: tuple[int, np.uint64],
    sites: Ints,
    laws: tuple[Floats, Floats, Floats],
    walk: Floats,
    here: Ints,
    cells: Ints,
    stream: Stream,
) -> None:
    """Negative binomial inflow about an intensity whose logarithm takes a Student-t step a day."""
    day, base = when
    intensity, share, law = laws
    for g in range(len(inflows)):
        stream[0] = keyed(base, keys[g])
        if day > inflows[g, 1] and law[g, 1] > 0.0:
            walk[g] += law[g, 1] * truncated_t(stream, law[g, 2], WALK_BOUND)
        came = negative_binomial(stream, intensity[g] * np.exp(walk[g]), law[g, 0])
        site = inflows[g, 0]
        cells[sites[site, SITE_CELL] + P_INFLOW] += came
        cells[sites[site, SITE_CELL] + P_ARRIVALS] += came
        cells[ENTERED] += came
        cells[sites[site, STAGE_CELL] + 1] += came
        rest = 1.0
        for c in range(here.shape[1]):
            part = came
            if c < here.shape[1] - 1:
                part = binomial(stream, came, min(1.0, share[g, c] / rest)) if rest > 1e-12 else 0
            here[site, c] += part
            came -= part
            rest -= share[g, c]


@kernel
def _occupy(sites: Ints, capacity: Floats, here: Ints, draw: Floats) -> None:
    """What every place draws this day, from the people present this morning; draw (P + 1,): the last for steps."""
    draw[:] = 0.0
    for s in range(len(sites)):
        for c in range(here.shape[1]):
            draw[sites[s, SITE_PLACE]] += here[s, c]
    for p in range(len(capacity)):
        draw[p] = draw_of(draw[p], capacity[p])
    draw[-1] = 1.0


@kernel
def _split(stream: Stream, people: int, weight: Floats, counts: Ints, options: int, concentration: float) -> None:
    """Dirichlet-multinomial split of people over the first `options` weights; both are overwritten.

    A few are drawn from the Polya urn of the same law; for more the shares are drawn, then binomials in turn.
    """
    total, last = 0.0, 0
    for j in range(options):
        counts[j] = 0
        total += weight[j]
        if weight[j] > 0.0:
            last = j
    for j in range(options):
        weight[j] *= concentration / total
    if people <= URN:
        for drawn in range(people):
            at, j = uniform(stream) * (concentration + drawn), 0
            while j < last:
                at -= weight[j] + counts[j]
                if at < 0.0:
                    break
                j += 1
            counts[j] += 1
        return
    total = 0.0
    for j in range(options):
        if weight[j] > 0.0:
            weight[j] = gamma(stream, weight[j])
            total += weight[j]
    for j in range(last):
        if people > 0 and weight[j] > 0.0:
            counts[j] = binomial(stream, people, min(1.0, weight[j] / total))
            people -= counts[j]
            total -= weight[j]
    counts[last] = people


@kernel
def _choose(
    sites: Ints,
    links: Ints,
    out_link: Ints,
    keys: tuple[np.uint64, Keys, Keys],
    chances: tuple[Floats, Floats, Floats, Floats, Floats],
    concentrations: tuple[float, float],
    work: tuple[Floats, Floats, Ints, Stream],
    here: Ints,
    ahead: Ints,
    wish: Ints,
    cells: Ints,
) -> None:
    """Leave, choose, and those who are drawn away: wish (E, C) is filled, ahead (S, C) holds who stays."""
    base, site_key, link_key = keys
    leaving, weights, waiting, induced, ending = chances
    draw, weight, counts, stream = work
    for s in range(len(sites)):
        first, last, place = sites[s, OUT], sites[s, OUT_END], sites[s, SITE_CELL]
        for c in range(here.shape[1]):
            people = here[s, c]
            if people <= 0:
                continue
            own = keyed(base, site_key[s, c])
            stream[0] = own
            go = beta_binomial(stream, people, leaving[s, c], concentrations[0])
            stay = people - go
            if go > 0:
                weight[0], weight[1], weight[2] = ending[s, 0], ending[s, 1], waiting[s, c]
                total = weight[0] + weight[1] + weight[2]
                for i in range(first, last):
                    e = out_link[i]
                    weight[3 + i - first] = weights[e, c] * draw[links[e, TO_PLACE]]
                    total += weight[3 + i - first]
                if total > 0.0:
                    stream[0] = keyed(own, _CHOOSE)
                    _split(stream, go, weight, counts, 3 + last - first, concentrations[1])
                    cells[place + P_SETTLED] += counts[0]
                    cells[place + P_LEFT] += counts[1]
                    go = counts[2]
                    for i in range(first, last):
                        wish[out_link[i], c] = counts[3 + i - first]
                stay += go
                cells[place + P_STRANDED] += go
                cells[sites[s, STAGE_CELL] + 2] += go
            for i in range(first, last):
                e = out_link[i]
                if induced[e] > 0.0 and weights[e, c] > 0.0 and stay > 0:
                    stream[0] = keyed(own ^ link_key[e], _BOARD)
                    drawn = beta_binomial(stream, stay, induced[e], concentrations[0])
                    wish[e, c] += drawn
                    stay -= drawn
            ahead[s, c] += stay


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
def _depart(
    sites: Ints,
    links: Ints,
    delays: tuple[Ints, Floats],
    when: tuple[int, np.uint64],
    keys: Keys,
    seats: Floats,
    turned_back: Floats,
    wish: Ints,
    ahead: Ints,
    under_way: Ints,
    cells: Ints,
    stream: Stream,
) -> None:
    """Seats, those turned back, and the days under way; wish (E, C) is emptied."""
    day, base = when
    delay_days, delay_share = delays
    for e in range(len(links)):
        wanted = 0
        for c in range(wish.shape[1]):
            wanted += wish[e, c]
        if wanted <= 0:
            continue
        start, own, aboard = links[e, FROM], keyed(base, keys[e]), wanted
        if links[e, SEATED] >= 0:
            stream[0] = keyed(own, _BOARD)
            aboard = min(wanted, _seats(seats[links[e, SEATED]], stream))
        if aboard < wanted:
            _board(wish, e, wanted, aboard, day, ahead, start)
        cells[links[e, WAIT_CELL]] += wanted - aboard
        cells[links[e, WENT_CELL]] += aboard
        first, last = links[e, DELAY], links[e, DELAY_END]
        stream[0] = keyed(own, _DELAY)
        for c in range(wish.shape[1]):
            gone = wish[e, c]
            wish[e, c] = 0
            if gone > 0 and turned_back[e, c] > 0.0:
                back = binomial(stream, gone, turned_back[e, c])
                ahead[start, c] += back
                gone -= back
                cells[sites[start, SITE_CELL] + P_STRANDED] += back
                cells[sites[start, STAGE_CELL] + 2] += back
            rest = 1.0
            for i in range(first, last):
                part = gone if i == last - 1 else binomial(stream, gone, min(1.0, delay_share[i] / rest))
                rest -= delay_share[i]
                gone -= part
                if delay_days[i] > 0:
                    under_way[(day + delay_days[i]) % len(under_way), e, c] += part
                else:
                    ahead[links[e, TO], c] += part
                    cells[links[e, CAME_CELL]] += part
                    cells[links[e, CAME_STAGE]] += part


@kernel
def _close_day(sites: Ints, beds: Floats, day: int, here: Ints, under_way: Ints, out: Ints) -> bool:
    """Present, unmet and totals of a day; whether everybody who entered is somewhere."""
    cells, before = out[day], out[max(0, day - 1)]
    for s in range(len(sites)):
        for c in range(here.shape[1]):
            cells[sites[s, SITE_CELL] + P_PRESENT] += here[s, c]
            cells[sites[s, STAGE_CELL]] += here[s, c]
            cells[PRESENT] += here[s, c]
    for p in range(len(beds)):
        place = TOTALS + PER_PLACE * p
        if cells[place + P_PRESENT] > beds[p]:
            cells[place + P_UNMET] = cells[place + P_PRESENT] - int(np.floor(beds[p]))
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
    return bool(cells[ENTERED] == cells[PRESENT] + cells[TRAVELLING] + cells[SETTLED] + cells[LEFT])


@kernel
def sample_member(network: Network, rates: Rates, own: np.uint64, out: Ints) -> int:
    """Draw the member of a key into out (T, B + SPARE), zeros before.

    Gives the day on which somebody was lost or made; -1 where nobody was, as it must be.
    """
    slots, places, _ = network.shape
    sites, links, start = network.sites, network.links, network.start
    here, ahead = np.zeros(start.shape, np.int64), np.zeros(start.shape, np.int64)
    wish, under_way = (
        np.zeros((len(links), start.shape[1]), np.int64),
        np.zeros((slots, len(links), start.shape[1]), np.int64),
    )
    walk, stream = np.zeros(len(network.inflows)), np.zeros(1, np.uint64)
    work = np.zeros(places + 1), np.zeros(len(links) + 3), np.zeros(len(links) + 3, np.int64), stream
    concentrations = rates.leave_concentration, rates.choose_concentration
    for s in range(len(sites)):
        for c in range(start.shape[1]):
            here[s, c] = start[s, c]
            out[0, ENTERED] += start[s, c]
    for day in range(len(network.regime)):
        r, cells, base = network.regime[day], out[day], keyed(own, np.uint64(day))
        _arrive(links, network.returning[day], day % slots, here, under_way, cells)
        laws = rates.intensity[day], rates.inflow_share[r], rates.inflow_laws
        _flow_in(network.inflows, network.inflow_key, (day, base), sites, laws, walk, here, cells, stream)
        _occupy(sites, rates.limits[0, r], here, work[0])
        ahead[:] = 0
        keys = base, network.site_key, network.link_key
        chances = rates.leaving[r], rates.weight[r], rates.waiting[r], rates.induced[r], rates.ending
        _choose(sites, links, network.out_link, keys, chances, concentrations, work, here, ahead, wish, cells)
        delays, seats, back = (network.delay_days, network.delay_share), rates.seats[day], rates.turned_back[r]
        key = network.link_key
        _depart(sites, links, delays, (day, base), key, seats, back, wish, ahead, under_way, cells, stream)
        here, ahead = ahead, here
        if not _close_day(sites, rates.limits[1, r], day, here, under_way, out):
            return day
    return -1
