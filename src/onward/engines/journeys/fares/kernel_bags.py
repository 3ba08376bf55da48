"""Labels and journeys that none beats, compiled: which makes which needless, and what is kept."""

import numpy as np

from onward.engines.jit import loop
from onward.engines.journeys.fares.kernel_words import (
    ENDS,
    IS_FULL,
    KNOWN,
    LABELS,
    UNKNOWN,
    Answers,
    Clocks,
    End,
    Held,
    Label,
    Rows,
    StateRow,
    Ways,
    Whole,
)
from onward.engines.journeys.fares.steps import NO_TICKET, PENDING
from onward.engines.journeys.fast.kernel_arrays import Int16, Int32, Int64

type Prices = tuple[Rows[StateRow], Int32, Int32]
"""answers.states, answers.fee_more, held.enough"""

type Found = tuple[Rows[Label], Int32, Rows[End], Int32, Int64]
"""held.labels, held.amounts, held.ends, held.prices, held.tally"""

type Nights = tuple[Int32, Int32, Int32]
"""clocks.near_first, clocks.near, clocks.night"""


@loop
def costs_no_more(answers: Prices, labels: Rows[Label], amounts: Int32, one: Whole, other: Whole) -> bool:
    """Whether a label of known price never comes to more than another at its stop, whatever is ridden next."""
    states, fee_more, enough = answers
    state = labels[other].state
    currencies = amounts.shape[1] // 3
    if labels[one].state == state:
        may_end_sooner = states[state].is_timed and labels[one].since_depart < enough[states[state].family]
        if may_end_sooner and (
            labels[one].since_depart < labels[other].since_depart
            or labels[one].since_arrive < labels[other].since_arrive
        ):
            return False
        fees, shift = labels[one].fees, 0
    elif state == NO_TICKET and states[labels[one].state].unknown < PENDING:
        fees, shift = labels[one].closed_fees, currencies
    else:
        return False
    taken = labels[other].fees
    for currency in range(currencies):
        more = fee_more[fees, taken, currency]
        if amounts[one, shift + currency] + more > amounts[other, currency]:
            return False
    return True


@loop
def is_as_good(labels: Rows[Label], one: Whole, other: Whole) -> bool:
    """Whether one label is no worse than another of its stop in all that can be compared at a glance."""
    this, that = labels[one], labels[other]
    return bool(
        this.arrive <= that.arrive
        and this.vehicles <= that.vehicles
        and this.began >= that.began
        and this.night <= that.night
    )


@loop
def stays_as_good(
    answers: Prices, clocks: Nights, labels: Rows[Label], amounts: Int32, pair: tuple[Whole, Whole]
) -> bool:
    """Whether one label that is as good as another of its kind stays so whatever is ridden next (labels.dominates)."""
    one, other = pair
    if labels[other].kind == KNOWN and not costs_no_more(answers, labels, amounts, one, other):
        return False
    start, end = labels[one].arrive, labels[other].arrive
    if start < end:
        near_first, near, nights = clocks
        stop = labels[other].stop
        for at in range(near_first[stop], near_first[stop + 1]):
            night = nights[near[at]]
            if labels[one].night + night[end] - night[start] > labels[other].night:
                return False
    return True


@loop
def set_caps(fee_total: Int32, held: Found, label: Whole, latest: Whole, caps: Int32) -> None:
    """Fill caps[vehicles]: the latest minute at the end that is still news of who goes on from a label.

    Later than that some journey found is as good as any that goes on from it. latest: the minute without regard to
    those.
    """
    labels, amounts, ends, prices, tally = held
    one = labels[label]
    currencies = prices.shape[1]
    caps[:] = latest
    for at in range(tally[ENDS]):
        end = ends[at]
        if end.kind > one.kind or end.began < one.began or end.night > one.night or end.is_closed:
            continue
        dearer = 0
        for currency in range(currencies if one.kind == KNOWN else 0):
            least = amounts[label, 2 * currencies + currency] + fee_total[one.fees, currency]
            dearer += prices[at, currency] > least
        for vehicles in range(end.vehicles if dearer == 0 else len(caps), len(caps)):
            caps[vehicles] = min(caps[vehicles], end.minute - 1)


@loop
def may_be_news(soonest: Int16, vehicles: Whole, caps: Int32) -> bool:
    """Whether being at the end so soon, by vehicles more than those taken, may be news."""
    for taken in range(vehicles, len(caps)):  # noqa: SIM110 - compiled code has no generators
        if soonest[taken - vehicles] <= caps[taken]:
            return True
    return False


@loop
def count_label(held: Held) -> None:
    """The label written last is one to stay."""
    held.tally[LABELS] += 1
    if held.tally[LABELS] == len(held.labels):
        held.tally[IS_FULL] = 1


@loop
def keep(answers: Answers, clocks: Clocks, held: Held, label: Whole) -> bool:
    """Keep the label written last unless one of its stop makes it needless, and drop those it makes needless."""
    labels, amounts = held.labels, held.amounts
    bag = held.bags[labels[label].kind]
    prices = answers.states, answers.fee_more, held.enough
    nights = (clocks.near_first, clocks.near, clocks.night)
    stop = labels[label].stop
    if labels[label].kind == UNKNOWN:
        # A price known is better than one that is not, whatever it is.
        other = np.int64(held.bags[KNOWN][stop])
        while other >= 0:
            may_end = answers.states[labels[other].state].unknown < PENDING
            is_good = may_end and is_as_good(labels, other, label)
            if is_good and stays_as_good(prices, nights, labels, amounts, (other, label)):
                return False
            other = np.int64(labels[other].next)
    other = np.int64(bag[stop])
    while other >= 0:
        if is_as_good(labels, other, label) and stays_as_good(prices, nights, labels, amounts, (other, label)):
            return False
        other = np.int64(labels[other].next)
    last = np.int64(-1)
    other = np.int64(bag[stop])
    while other >= 0:
        following = np.int64(labels[other].next)
        if is_as_good(labels, label, other) and stays_as_good(prices, nights, labels, amounts, (label, other)):
            labels[other].is_kept = 0
            if last < 0:
                bag[stop] = following
            else:
                labels[last].next = following
        else:
            last = other
        other = following
    labels[label].next = bag[stop]
    bag[stop] = label
    count_label(held)
    return True


@loop
def no_worse(ends: Rows[End], prices: Int32, one: Whole, other: Whole) -> bool:
    """Whether one journey found is as good as another in all things, or better."""
    this, that = ends[one], ends[other]
    if (
        this.kind > that.kind
        or this.began < that.began
        or this.minute > that.minute
        or this.vehicles > that.vehicles
        or this.night > that.night
        or this.is_closed > that.is_closed
    ):
        return False
    dearer = 0
    for currency in range(prices.shape[1] if that.kind == KNOWN else 0):
        dearer += prices[one, currency] > prices[other, currency]
    return dearer == 0


@loop
def hold(ends: Rows[End], prices: Int32, tally: Int64) -> bool:
    """Keep the journey written after those found unless one of them is no worse, and none it makes needless."""
    count = tally[ENDS]
    for other in range(count):
        if no_worse(ends, prices, other, count):
            return False
    here = 0
    for other in range(count + 1):
        if other == count or not no_worse(ends, prices, count, other):
            if here < other:
                ends[here] = ends[other]  # type: ignore[index]  # A row is copied whole.
                for currency in range(prices.shape[1]):
                    prices[here, currency] = prices[other, currency]
            here += 1
    tally[ENDS] = here
    if here == len(ends) - 1:
        tally[IS_FULL] = 1
    return True


@loop
def arrive(ways: Ways, answers: Answers, clocks: Clocks, held: Held, at: tuple[Whole, Whole]) -> bool:
    """Note the journey of a label that may end where it is; gives whether it is worth it.

    at: the label, the latest minute to be at the end.
    """
    label, latest = at
    one = held.labels[label]
    way = ways.exits[one.stop]
    if way < 0 or (one.kind == KNOWN and answers.states[one.state].unknown >= PENDING):
        return False
    minute = one.arrive + ways.egress[way]
    if minute > latest:
        return False
    found = held.tally[ENDS]
    currencies = held.prices.shape[1]
    for currency in range(currencies):
        held.prices[found, currency] = 0
        if one.kind == KNOWN:
            closed = held.amounts[label, currencies + currency]
            held.prices[found, currency] = closed + answers.fee_total[one.closed_fees, currency]
    end = held.ends[found]
    end.began = one.began
    end.minute = minute
    end.vehicles = one.vehicles
    end.kind = one.kind
    end.night = one.night
    end.is_closed = clocks.is_shut[minute]
    end.label = label
    end.way = way
    return bool(hold(held.ends, held.prices, held.tally))
