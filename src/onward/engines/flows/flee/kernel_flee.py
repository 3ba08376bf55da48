"""Flee's rules of movement on counts, one member at a time: the expectation, or whole people drawn.

People are kept by place and by how far they came lately (memory class), and on links by days under way. Counts are
float64 in both modes: whole numbers are exact in it up to 9e15. Source of the rules: docs/reference/flee.md.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from onward.engines.flows.kernel_counts import binomial
from onward.engines.jit import kernel

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]

BINS = 8
"""How finely the kilometres of a day are told apart."""

ALL = 1.0 - 1e-12
"""A chance above this is 1: what is left of others' chances after rounding is nobody's."""


class FleeDays(NamedTuple):
    """What every day of a run reads. T days, n places, e links sorted by start; first[i]:first[i+1] are i's links.

    weight (T, e): pull of each link without fullness, 0 where shut; is_open (T, e); leave (T, n): chance of setting
    out; is_town, is_camp (T, n); turns_back (T, e): shut, and those under way are back at its start; km, speed (e,):
    kilometres and kilometres a day; capacity (n,): 0 without limit; start (n,): people on day 0.
    numbers: kilometres a day that count as a full day, buffer, power of the fullness, 1 to go on after a short stint.
    """

    weight: Floats
    is_open: Flags
    leave: Floats
    is_town: Flags
    is_camp: Flags
    turns_back: Flags
    km: Floats
    speed: Floats
    capacity: Floats
    start: Floats
    first: Whole
    begin: Whole
    end: Whole
    numbers: Floats


class State(NamedTuple):
    """People of one member while a day passes.

    here, here_km (BINS + 1, n, memory): people at places by kilometres done today, and those kilometres times people;
    bin 0 holds the morning. rest (n, memory): at places when the day is over. on, tonight (e, days, memory): on links
    since this morning, and when the day is over. taken, taken_km (e, memory): who takes each link now, and their
    kilometres of today times people. pull (e,): chance of each link; free (n,): 1 where there is room, 0
    where a place is full; gone (e,), arrived (n,): who took each link, who came by one today. draw: the state of
    the generator, and 1 where people are drawn, 0 for the expectation.
    """

    here: Floats
    here_km: Floats
    rest: Floats
    on: Floats
    tonight: Floats
    taken: Floats
    taken_km: Floats
    pull: Floats
    free: Floats
    gone: Floats
    arrived: Floats
    draw: NDArray[np.uint64]


@kernel
def share(n: float, p: float, draw: NDArray[np.uint64]) -> float:
    """How many of n people do what each does with chance p, drawn."""
    if n <= 0.0 or p <= 0.0:
        return 0.0
    if p > ALL:
        return n
    return float(binomial(draw, int(n), p))


@kernel
def _memory(before: int, days_of_travel: float, classes: int) -> int:
    """The memory class after a day: half of what was, half of today's travel."""
    if classes == 1:
        return 0
    value = 0.5 * (before / (classes - 1.0) + days_of_travel)
    return min(classes - 1, int(value * (classes - 1.0) + (0.5 if days_of_travel > 0.0 else 0.0)))


@kernel
def _look(days: FleeDays, state: State, day: int, bin_: int) -> None:
    """What those of a bin see now: the room at each place, and the chance of each link for those who leave its start.

    Nobody is left in earlier bins.
    """
    here, rest, free, pull, capacity = state.here, state.rest, state.free, state.pull, days.capacity
    weight, is_open, first, end = days.weight[day], days.is_open[day], days.first, days.end
    buffer, power = days.numbers[1], days.numbers[2]
    n, classes = rest.shape
    for i in range(n):
        free[i] = 1.0
        if capacity[i] >= 1.0:
            there = 0.0
            for memory in range(classes):
                there += rest[i, memory]
                for later in range(bin_, BINS + 1):
                    there += here[later, i, memory]
            free[i] = min(1.0, max(0.0, (capacity[i] - there) / (capacity[i] * (1.0 - buffer))))
    for i in range(n):
        choosing, total, ways = 0.0, 0.0, 0
        for memory in range(classes):
            choosing += here[bin_, i, memory]
        if choosing <= 0.0:
            continue
        for e in range(first[i], first[i + 1]):
            room = free[end[e]]
            pull[e] = weight[e] if room == 1.0 else weight[e] * (room if power == 1.0 else room**power)
            total += pull[e]
            ways += is_open[e]
        for e in range(first[i], first[i + 1]):
            if total > 0.0:
                pull[e] /= total
            else:
                pull[e] = 1.0 / ways if is_open[e] else 0.0


@kernel
def _set_out(days: FleeDays, state: State, day: int, bin_: int) -> None:
    """Everybody of one bin stays or takes a link; after a short stint in a town they must go on.

    Nobody sets out for a camp that is nearly full: they stay.
    """
    full_day, must = days.numbers[0], bin_ > 0 and days.numbers[3] > 0.0
    n, classes = state.rest.shape
    here, here_km, rest, draw = state.here[bin_], state.here_km[bin_], state.rest, state.draw
    taken, taken_km, pull, free = state.taken, state.taken_km, state.pull, state.free
    leave, is_town, is_camp, end, first = days.leave[day], days.is_town[day], days.is_camp[day], days.end, days.first
    is_mean = draw[1] == 0
    for i in range(n):
        for memory in range(classes):
            people = here[i, memory]
            if people <= 0.0:
                continue
            done = here_km[i, memory] / people
            here[i, memory] = here_km[i, memory] = 0.0
            recent = memory / max(classes - 1.0, 1.0) + done / full_day
            chance = 1.0 if must and is_town[i] and recent < 1.0 else leave[i]
            going, left = people * chance if is_mean else share(people, chance, draw), 1.0
            stay = people - going
            for e in range(first[i], first[i + 1]):
                if pull[e] <= 0.0 or going <= 0.0:
                    continue
                x = pull[e] / left
                x = going * min(1.0, x) if is_mean else share(going, x, draw)
                going -= x
                left -= pull[e]
                if is_camp[end[e]] and free[end[e]] < 0.5:
                    stay += x
                else:
                    taken[e, memory] = x
                    taken_km[e, memory] = x * done
            rest[i, _memory(memory, done / full_day, classes)] += stay + going


@kernel
def _travel(days: FleeDays, state: State, bin_: int) -> None:
    """Those who took a link just now are at its end today, or on it tonight."""
    full_day = days.numbers[0]
    links, classes = state.taken.shape
    taken, taken_km, tonight, gone = state.taken, state.taken_km, state.tonight, state.gone
    here, here_km, rest, arrived = state.here, state.here_km, state.rest, state.arrived
    km, speed, end = days.km, days.speed, days.end
    for e in range(links):
        for memory in range(classes):
            people = taken[e, memory]
            if people <= 0.0:
                continue
            done = taken_km[e, memory] / people
            taken[e, memory] = 0.0
            gone[e] += people
            if speed[e] <= km[e]:
                tonight[e, 0, _memory(memory, (done + speed[e]) / full_day, classes)] += people
                continue
            done += km[e]
            arrived[end[e]] += people
            later = _later(bin_, done, full_day) if done < speed[e] else BINS + 1
            if later <= BINS:
                here[later, end[e], memory] += people
                here_km[later, end[e], memory] += people * done
            else:
                rest[end[e], _memory(memory, done / full_day, classes)] += people


@kernel
def _later(bin_: int, done: float, full_day: float) -> int:
    """The bin in which people who have done so many kilometres today choose again: always a later one."""
    return max(bin_ + 1, 1 + min(BINS - 1, int(done * BINS / full_day)))


@kernel
def _on_the_road(days: FleeDays, state: State, day: int) -> None:
    """Those who were on a link last night stay on it, arrive, or find it shut and are back at its start."""
    links, longest, classes = state.on.shape
    full_day, on, tonight, rest = days.numbers[0], state.on, state.tonight, state.rest
    km, speeds, begin, end = days.km, days.speed, days.begin, days.end
    here, here_km, arrived, turns_back = state.here, state.here_km, state.arrived, days.turns_back[day]
    for e in range(links):
        speed = speeds[e]
        for k in range(longest):
            done = km[e] - speed * (k + 1.0)
            for memory in range(classes):
                people = on[e, k, memory]
                if people <= 0.0:
                    continue
                if done >= speed:
                    tonight[e, k + 1, _memory(memory, speed / full_day, classes)] += people
                elif not turns_back[e]:
                    j, later = end[e], _later(0, done, full_day)
                    arrived[j] += people
                    here[later, j, memory] += people
                    here_km[later, j, memory] += people * done
                else:
                    rest[begin[e], _memory(memory, done / full_day, classes)] += people


@kernel
def _begin_day(state: State, coming: Floats) -> None:
    """Last night is this morning, and those coming (n,) are there."""
    here, rest, on, tonight = state.here, state.rest, state.on, state.tonight
    for i in range(rest.shape[0]):
        state.arrived[i] = 0.0
        for memory in range(rest.shape[1]):
            here[0, i, memory] = rest[i, memory] + (coming[i] if memory == 0 else 0.0)
            rest[i, memory] = 0.0
    for e in range(on.shape[0]):
        state.gone[e] = 0.0
        for k in range(on.shape[1]):
            for memory in range(on.shape[2]):
                on[e, k, memory] = tonight[e, k, memory]
                tonight[e, k, memory] = 0.0


@kernel
def _end_day(state: State, day: int, at_places: Floats, on_links: Floats) -> None:
    rest, tonight = state.rest, state.tonight
    for i in range(rest.shape[0]):
        at_places[1, day, i] = state.arrived[i]
        for memory in range(rest.shape[1]):
            at_places[0, day, i] += rest[i, memory]
    for e in range(tonight.shape[0]):
        on_links[1, day, e] = state.gone[e]
        for k in range(tonight.shape[1]):
            for memory in range(tonight.shape[2]):
                on_links[0, day, e] += tonight[e, k, memory]


@kernel
def _in_bin(here: Floats, bin_: int) -> bool:
    for i in range(here.shape[1]):
        for memory in range(here.shape[2]):
            if here[bin_, i, memory] > 0.0:
                return True
    return False


@kernel
def run_member(days: FleeDays, state: State, coming: Floats, out: tuple[Floats, Floats]) -> None:
    """All days of one member. coming (T, n): people entering the system there. State comes in empty but for draw.

    out: at_places, on_links, both zeros.
    at_places (2, T, n): people there when the day is over, people who came by a link; on_links (2, T, e): people on
    it when the day is over, people who took it.
    """
    at_places, on_links = out
    for i in range(len(days.start)):
        state.rest[i, 0] = days.start[i]
    for day in range(len(coming)):
        _begin_day(state, coming[day])
        for bin_ in range(BINS + 1):
            if _in_bin(state.here, bin_):
                _look(days, state, day, bin_)
                _set_out(days, state, day, bin_)
                _travel(days, state, bin_)
            if bin_ == 0:
                _on_the_road(days, state, day)
        _end_day(state, day, at_places, on_links)
