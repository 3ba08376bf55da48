"""How rides are paid, compiled: what a tariff answered by number, what it is asked, and the labels that come of it.

It knows no fare. Where it needs an answer that is not there it asks and goes on without that ride; who called it
answers and runs it again. So the rules of fares stand in one place (tariff.py).
"""

import numpy as np

from onward.engines.jit import loop
from onward.engines.journeys.fares.kernel_bags import arrive, count_label, keep, may_be_news, set_caps
from onward.engines.journeys.fares.kernel_words import (
    ASK_FEE,
    ASK_GO_ON,
    ASK_RIDE,
    ASKED,
    ASKS,
    BY_ARRIVAL,
    BY_DEPARTURE,
    EMPTY,
    FAR,
    KNOWN,
    LABELS,
    UNKNOWN,
    Answers,
    Clocks,
    Held,
    Label,
    Places,
    StepRow,
    ToCome,
    Ways,
    Whole,
)
from onward.engines.journeys.fares.steps import NO_FEE, NO_LIMIT, NO_TICKET, PENDING
from onward.engines.journeys.fast.kernel_arrays import Int16, Int32, Int64, Lanes, Shape
from onward.engines.journeys.gtfs.stop_times import SECOND_TRIP


@loop
def slot_of(keys: Int64, values: Int32, one: Whole, two: Whole) -> Whole:
    """Where a key stands in an open-addressed table of 2^n rows, or where it would."""
    mask = len(values) - 1
    mixed = one * 0x2545F4914F6CDD1D ^ two * 0x5851F42D4C957F2D
    at = (mixed ^ (mixed >> 29)) & mask
    while values[at] != EMPTY and (keys[at, 0] != one or keys[at, 1] != two):
        at = (at + 1) & mask
    return int(at)


@loop
def group_of(ways: Ways, places: Places, lane: Whole, run: Whole, board: Whole) -> Whole:
    """The number of all rides whose fares follow the same rules as one boarded there."""
    trip = ways.lanes.run_trip[ways.lanes.run_first[lane] + run]
    call = ways.shape.place_first[ways.lanes.lane_pattern[lane]] + board
    return int(places.second_group[trip] if ways.rules[call] & SECOND_TRIP else places.trip_group[trip])


@loop
def class_of(
    ways: tuple[Lanes, Shape], fares: tuple[Places, Clocks, Answers], held: Held, group: Whole, label: Label
) -> Whole:
    """The number of the rides that cost what a label's does; below 0 where nobody has said it yet."""
    lanes, shape = ways
    places, clocks, answers = fares
    bits = places.group_bits[group]
    lane = label.lane
    pattern = lanes.lane_pattern[lane]
    runs = lanes.run_first[lane + 1] - lanes.run_first[lane]
    depart = np.int64(lanes.departures[lanes.time_first[lane] + label.board * runs + label.run])
    start = shape.place_stop[shape.place_first[pattern] + label.board]
    key = (np.int64(group) << 40) | (np.int64(places.stop_place[start]) << 20)
    key |= np.int64(places.stop_place[label.stop])
    hours = np.int64(0)
    if bits & BY_DEPARTURE:
        hours |= np.int64(clocks.period[clocks.stop_clock[start], depart])
    if bits & BY_ARRIVAL:
        hours |= np.int64(clocks.period[clocks.stop_clock[label.stop], label.arrive]) << 12
    if places.is_exact[pattern]:
        hours |= ((np.int64(shape.place_first[pattern] + label.board) << 10) | np.int64(label.alight)) << 24
    slot = slot_of(answers.ride_keys, answers.ride_class, key, hours)
    asked = held.tally[ASKS]
    if answers.ride_class[slot] == EMPTY and asked < len(held.asks):
        answers.ride_keys[slot, 0], answers.ride_keys[slot, 1] = key, hours
        answers.ride_class[slot] = ASKED
        ask = held.asks[asked]
        ask[0], ask[1], ask[2] = ASK_RIDE, key, hours
        ask[3], ask[4] = pattern, lanes.run_first[lane] + label.run
        ask[5], ask[6], ask[7], ask[8] = label.board, label.alight, depart, label.arrive
        held.tally[ASKS] += 1
    return int(answers.ride_class[slot])


@loop
def going_on(answers: Answers, held: Held, state: Whole, ride_class: Whole) -> Whole:
    """The row of the steps of a ride on the ticket in force; below 0 where nobody has said it yet."""
    key = (np.int64(state) << 32) | np.int64(ride_class)
    slot = slot_of(answers.go_keys, answers.go_rows, key, np.int64(0))
    asked = held.tally[ASKS]
    if answers.go_rows[slot] == EMPTY and asked < len(held.asks):
        answers.go_keys[slot, 0], answers.go_keys[slot, 1] = key, 0
        answers.go_rows[slot] = ASKED
        ask = held.asks[asked]
        ask[0], ask[1], ask[2], ask[3] = ASK_GO_ON, key, state, ride_class
        held.tally[ASKS] += 1
    return int(answers.go_rows[slot])


@loop
def fee_after(answers: Answers, held: Held, taken: Whole, fee: Whole) -> Whole:
    """The set of fees taken when one more is; below 0 where nobody has said it yet."""
    if fee == NO_FEE:
        return int(taken)
    after = answers.fee_after[taken, fee]
    asked = held.tally[ASKS]
    if after == EMPTY and asked < len(held.asks):
        ask = held.asks[asked]
        ask[0], ask[1], ask[2] = ASK_FEE, taken, fee
        held.tally[ASKS] += 1
    return int(after)


@loop
def fits(before: Label, step: StepRow, depart: Whole, arrive: Whole) -> bool:
    """Whether a ride is soon enough for a step on the ticket in force (steps.Step.fits)."""
    if step.limit == NO_LIMIT and step.above == NO_LIMIT:
        return True
    began = before.since_depart if step.limit_kind < 2 else before.since_arrive
    lasted = (arrive if step.limit_kind == 0 or step.limit_kind == 3 else depart) - began
    return bool(lasted > step.above and (step.limit == NO_LIMIT or lasted <= step.limit))


@loop
def still_to_pay(to_come: ToCome, stop: Whole, family: Whole, currency: Whole) -> Whole:
    """The least that who stands at a stop with a ticket of a family is still to pay; FAR where nobody will know."""
    least = np.int64(to_come.anew[stop, currency])
    if to_come.boards[family, stop]:
        least = min(least, np.int64(to_come.on_ticket[family, currency]))
    return least


@loop
def settle(to_come: ToCome, answers: Answers, held: Held, step: Whole, is_new: Whole) -> bool:
    """Write what the ride of the label after all others comes to, paid by a step; False where a fee must be asked."""
    count = held.tally[LABELS]
    label, row = held.labels[count], answers.steps[step]
    before = held.labels[label.before]
    amounts, currencies = held.amounts, held.prices.shape[1]
    taken = np.int64(before.closed_fees if is_new else before.fees)
    fees = fee_after(answers, held, taken, np.int64(row.fee))
    if fees < 0:
        return False
    closed_fees = fee_after(answers, held, fees, np.int64(answers.states[row.to_state].fee))
    if closed_fees < 0:
        return False
    shift = currencies if is_new else 0
    for currency in range(currencies):
        settled = amounts[label.before, shift + currency] + answers.step_add[step, currency]
        amounts[count, currency] = settled
        amounts[count, currencies + currency] = settled + answers.state_open[row.to_state, currency]
        floor = answers.state_open[row.to_state, currencies + currency]
        onward = still_to_pay(to_come, np.int64(label.stop), np.int64(answers.states[row.to_state].family), currency)
        amounts[count, 2 * currencies + currency] = settled + floor + onward
    label.kind = KNOWN
    label.state = row.to_state
    label.fees = fees
    label.closed_fees = closed_fees
    label.step = step
    label.is_new = is_new
    return True


@loop
def settle_unknown(held: Held) -> None:
    """Write that the price of the label after all others is not known: all else of its tickets matters no more."""
    label = held.labels[held.tally[LABELS]]
    label.kind = UNKNOWN
    label.state = NO_TICKET
    label.fees = label.closed_fees = 0
    label.step = -1
    label.is_new = 1


@loop
def is_hopeless(to_come: ToCome, stop: Whole) -> bool:
    """Whether no price will be known of any way on from a stop, whatever ticket one has."""
    for family in range(len(to_come.on_ticket)):  # noqa: SIM110 - compiled code has no generators
        if still_to_pay(to_come, stop, family, 0) < FAR:
            return False
    return True


@loop
def offer(ways: Ways, fares: tuple[Clocks, Answers], held: Held, soonest: Int16, latest: Whole) -> None:
    """Keep the label written after all others, and its journey where it ends one, if they are worth it."""
    clocks, answers = fares
    count = held.tally[LABELS]
    found = held.labels, held.amounts, held.ends, held.prices, held.tally
    caps = held.caps[1]
    set_caps(answers.fee_total, found, count, latest, caps)
    if not may_be_news(soonest, np.int64(held.labels[count].vehicles), caps):
        return
    if keep(answers, clocks, held, count):
        arrive(ways, answers, clocks, held, (count, latest))
    elif clocks.is_shut[len(clocks.is_shut) - 1] and arrive(ways, answers, clocks, held, (count, latest)):
        # To go on from it is needless, but who comes later may be received.
        held.labels[count].is_kept = 0
        count_label(held)


@loop
def pay(
    ways: Ways, fares: tuple[Places, Clocks, Answers], held: Held, group: Whole, bounds: tuple[Whole, Whole, Int16]
) -> None:
    """Offer the label after all others in every way its ride can be paid.

    bounds: when the ride leaves, the latest minute to be at the end, how soon one is there (a row of Ways.alighting).
    """
    _, clocks, answers = fares
    depart, latest, soonest = bounds
    label = held.labels[held.tally[LABELS]]
    came_from = label.before
    before = held.labels[came_from]
    if before.kind == UNKNOWN or is_hopeless(ways.to_come, np.int64(label.stop)):
        settle_unknown(held)
        offer(ways, (clocks, answers), held, soonest, latest)
        return
    ride_class = class_of((ways.lanes, ways.shape), fares, held, group, label)
    if ride_class < 0:
        return
    template = held.tally[LABELS]
    for is_new in (1, 0):
        if is_new:
            if answers.states[before.state].unknown >= PENDING:
                continue
            first, steps = answers.start_rows[ride_class, 0], answers.start_rows[ride_class, 1]
        else:
            if before.state == NO_TICKET:
                continue
            row = going_on(answers, held, before.state, ride_class)
            if row < 0:
                continue
            first, steps = answers.rows[row, 0], answers.rows[row, 1]
        for at in range(first, first + steps):
            if not is_new and not fits(before, answers.steps[at], depart, held.labels[template].arrive):
                continue
            count = held.tally[LABELS]
            if count + 1 >= len(held.labels):
                return
            if count != template:
                held.labels[count] = held.labels[template]  # type: ignore[index]  # A row is copied whole.
            label = held.labels[count]
            label.is_kept = 1
            renews = is_new or answers.steps[at].renews
            label.since_depart = depart if renews else before.since_depart
            label.since_arrive = label.arrive if renews else before.since_arrive
            family = np.int64(answers.states[answers.steps[at].to_state].family)
            if answers.steps[at].unknown or still_to_pay(ways.to_come, np.int64(label.stop), family, 0) >= FAR:
                settle_unknown(held)
            elif not settle(ways.to_come, answers, held, at, is_new):
                continue
            offer(ways, (clocks, answers), held, soonest, latest)
