"""The search that weighs fares, compiled: labels with the ticket in force, and every journey none beats.

It knows no fare. It reads what a tariff has answered by number, and where it needs an answer that is not there it asks
(`asks`) and goes on without that ride; who called it answers and runs it again. So the rules of fares stand in one
place (tariff.py), and a search that has nothing left to ask found what the plain one finds.
"""

from typing import Any

import numpy as np

from onward.engines.jit import kernel
from onward.engines.journeys.fares.kernel_words import (
    ABOVE,
    ADD_FEE,
    ADD_UNKNOWN,
    ALIGHT,
    ARRIVE,
    ASK_COLUMNS,
    ASK_FEE,
    ASK_GO_ON,
    ASK_RIDE,
    ASKED,
    BEFORE,
    BEGAN,
    BOARD,
    BY_ARRIVAL,
    BY_DEPARTURE,
    CLOSED_FEES,
    CLOSED_UNKNOWN,
    EMPTY,
    END_BEGAN,
    END_CLOSED,
    END_COLUMNS,
    END_EXIT,
    END_LABEL,
    END_MINUTE,
    END_NIGHT,
    END_UNKNOWN,
    END_VEHICLES,
    FEES,
    IS_KEPT,
    IS_NEW,
    IS_TIMED,
    LABEL_COLUMNS,
    LANE,
    LIMIT,
    LIMIT_KIND,
    MAY_LAST,
    NEXT,
    NIGHT,
    OPEN_FEE,
    OPEN_UNKNOWN,
    RENEWS,
    RUN,
    SINCE_ARRIVE,
    SINCE_DEPART,
    STATE,
    STEP,
    STOP,
    TO_STATE,
    UNKNOWN,
    VEHICLES,
    Answers,
    Clocks,
    Int32,
    Int64,
    Places,
)
from onward.engines.journeys.fares.steps import NO_FEE, NO_LIMIT, NO_TICKET, PENDING
from onward.engines.journeys.fast.kernel_arrays import CLOSED, NEVER, NO_CHANGE, Bits, Int16, Lanes, Shape
from onward.engines.journeys.gtfs.stop_times import NO_DROP_OFF, NO_PICKUP, SECOND_TRIP

type Ends = tuple[Int32, Int16]
type Whole = int | np.signedinteger[Any]
type Limits = tuple[int, int, int, int, int, int]
type Least = tuple[Whole, Whole, Whole, Whole, Whole]
type Found = tuple[Int32, Int32, int]
"""Journeys found: END_... columns, prices, and how many there are."""


@kernel
def slot_of(keys: Int64, values: Int32, one: Whole, two: Whole) -> int:
    """Where a key stands in an open-addressed table of 2^n rows, or where it would."""
    mask = len(values) - 1
    mixed = one * 0x2545F4914F6CDD1D ^ two * 0x5851F42D4C957F2D
    at = (mixed ^ (mixed >> 29)) & mask
    while values[at] != EMPTY and (keys[at, 0] != one or keys[at, 1] != two):
        at = (at + 1) & mask
    return int(at)


@kernel
def grown(rows: Int32) -> Int32:
    """The rows with as much room again."""
    more = np.empty((2 * rows.shape[0], rows.shape[1]), np.int32)
    for row in range(rows.shape[0]):
        for column in range(rows.shape[1]):
            more[row, column] = rows[row, column]
    return more


@kernel
def dominates(answers: Answers, clocks: Clocks, labels: Int32, amounts: Int32, one: int, other: int) -> bool:
    """labels.dominates, of two labels at one stop."""
    if (
        labels[one, ARRIVE] > labels[other, ARRIVE]
        or labels[one, VEHICLES] > labels[other, VEHICLES]
        or labels[one, BEGAN] < labels[other, BEGAN]
        or labels[one, NIGHT] > labels[other, NIGHT]
    ):
        return False
    state = labels[other, STATE]
    currencies = amounts.shape[1] // 3
    if labels[one, STATE] == state:
        if answers.states[state, IS_TIMED] and (
            labels[one, SINCE_DEPART] < labels[other, SINCE_DEPART]
            or labels[one, SINCE_ARRIVE] < labels[other, SINCE_ARRIVE]
        ):
            return False
        unknown, fees, shift = labels[one, UNKNOWN], labels[one, FEES], 0
    elif state == NO_TICKET:
        unknown, fees, shift = labels[one, CLOSED_UNKNOWN], labels[one, CLOSED_FEES], currencies
    else:
        return False
    if unknown > labels[other, UNKNOWN]:
        return False
    taken = labels[other, FEES]
    for currency in range(currencies):
        paid = amounts[one, shift + currency] + answers.fee_more[fees, taken, currency]
        if paid > amounts[other, currency]:
            return False
    if labels[one, ARRIVE] < labels[other, ARRIVE]:
        stop = labels[other, STOP]
        for at in range(clocks.near_first[stop], clocks.near_first[stop + 1]):
            night = clocks.night[clocks.near[at]]
            if labels[one, NIGHT] + night[labels[other, ARRIVE]] - night[labels[one, ARRIVE]] > labels[other, NIGHT]:
                return False
    return True


@kernel
def is_beaten(fee_total: Int32, found: Found, paid: Int32, row: Whole, fees: Whole, least: Least) -> bool:
    """Whether a journey found is as good as the best a label may lead to.

    paid[row], fees: what it comes to at the least; nothing where row is -1. least: when it began, when it may arrive at
    the soonest, vehicles, rides of unknown fare, minutes of night.
    """
    ends, prices, count = found
    for end in range(count):
        if (
            ends[end, END_BEGAN] >= least[0]
            and ends[end, END_MINUTE] <= least[1]
            and ends[end, END_VEHICLES] <= least[2]
            and ends[end, END_UNKNOWN] <= least[3]
            and ends[end, END_NIGHT] <= least[4]
            and not ends[end, END_CLOSED]
        ):
            beaten = True
            for currency in range(prices.shape[1]):
                settled = fee_total[fees, currency]
                if row >= 0:
                    settled += paid[row, 2 * prices.shape[1] + currency]
                if prices[end, currency] > settled:
                    beaten = False
                    break
            if beaten:
                return True
    return False


@kernel
def no_worse(found: Found, one: Whole, other: Whole) -> bool:
    """Whether one journey found is as good as another in all things, or better."""
    ends, prices, _ = found
    if ends[one, END_BEGAN] < ends[other, END_BEGAN]:
        return False
    for column in range(END_MINUTE, END_CLOSED + 1):
        if ends[one, column] > ends[other, column]:
            return False
    dearer = 0
    for currency in range(prices.shape[1]):
        dearer += prices[one, currency] > prices[other, currency]
    return dearer == 0


@kernel
def hold(found: Found) -> int:
    """Keep the journey written after those found unless one of them is no worse, and none it makes needless.

    Gives how many there are then.
    """
    ends, prices, count = found
    for other in range(count):
        if no_worse(found, other, count):
            return count
    here = 0
    for other in range(count + 1):
        if other == count or not no_worse(found, count, other):
            if here < other:
                for column in range(END_COLUMNS):
                    ends[here, column] = ends[other, column]
                for currency in range(prices.shape[1]):
                    prices[here, currency] = prices[other, currency]
            here += 1
    return here


@kernel
def boardings_of(lanes: Lanes, shape: Shape, rules: Bits, access: Ends, limits: Limits) -> tuple[Int32, Int32]:
    """The vehicles one may set out with, by the minute of setting out: (head, rows).

    head[minute - start]: the first row, -1 for none. rows:
    (next row of the minute, lane, run, place).
    """
    start, end = limits[:2]
    head = np.full(end - start, -1, np.int32)
    rows = np.empty((256, 4), np.int32)
    count = 0
    for at in range(len(access[0])):
        stop = access[0][at]
        walk = access[1][at]
        for call in range(lanes.call_first[stop], lanes.call_first[stop + 1]):
            pattern = lanes.call_pattern[call]
            place = lanes.call_place[call]
            if rules[shape.place_first[pattern] + place] & NO_PICKUP:
                continue
            for lane in range(lanes.lane_first[pattern], lanes.lane_first[pattern + 1]):
                runs = lanes.run_first[lane + 1] - lanes.run_first[lane]
                first = lanes.time_first[lane] + place * runs
                low, high = first, first + runs
                while low < high:
                    middle = (low + high) >> 1
                    if lanes.departures[middle] < start + walk:
                        low = middle + 1
                    else:
                        high = middle
                while low < first + runs and lanes.departures[low] < end + walk:
                    minute = lanes.departures[low] - walk
                    if count == len(rows):
                        rows = grown(rows)
                    rows[count, 0] = head[minute - start]
                    rows[count, 1] = lane
                    rows[count, 2] = low - first
                    rows[count, 3] = place
                    head[minute - start] = count
                    count += 1
                    low += 1
    return head, rows


@kernel
def frontier(
    network: tuple[Shape, Bits, Lanes],
    query: tuple[Int16, Ends, Ends],
    limits: Limits,
    places: Places,
    clocks: Clocks,
    answers: Answers,
) -> tuple[Int32, Int32, Int32, Int32, Int64]:
    """Every journey none beats, or what must be known first.

    network: shape, rule bits of all calls, lanes. query: least minutes to the end; access, egress as (stops, minutes of
    the walk). limits: the window's first minute and the one after its last, most minutes of travel, least minutes of a
    change, most vehicles, the rides of unknown fare that each ride adds at the least. Gives (labels, amounts, ends,
    prices, asks): where asks has rows, answer them and call again.
    """
    shape, rules, lanes = network
    least, access, egress = query
    start, end, travel, min_change, rounds, adds = limits
    currencies = answers.fee_total.shape[1]
    stops = len(least)
    exits = np.full(stops, -1, np.int32)
    for at in range(len(egress[0])):
        exits[egress[0][at]] = at
    bag = np.full(stops, -1, np.int32)
    labels = np.empty((1024, LABEL_COLUMNS), np.int32)
    amounts = np.empty((1024, 3 * currencies), np.int32)
    count = 0
    ends = np.empty((64, END_COLUMNS), np.int32)
    prices = np.empty((64, currencies), np.int32)
    found = 0
    asks = np.empty((4096, ASK_COLUMNS), np.int64)
    asked = 0
    work = np.empty((256, 4), np.int32)
    head, rows = boardings_of(lanes, shape, rules, access, limits)
    any_night = clocks.any_night
    has_hours = clocks.is_shut[len(clocks.is_shut) - 1]
    for minute in range(end - 1, start - 1, -1):
        latest = minute + travel
        waiting = 0
        row = head[minute - start]
        while row >= 0:
            if waiting == len(work):
                work = grown(work)
            work[waiting, 0] = -1
            work[waiting, 1] = rows[row, 1]
            work[waiting, 2] = rows[row, 2]
            work[waiting, 3] = rows[row, 3]
            waiting += 1
            row = rows[row, 0]
        fresh = count
        vehicles = 1
        while waiting:
            for item in range(waiting):
                before, lane = work[item, 0], work[item, 1]
                run, board = work[item, 2], work[item, 3]
                pattern = lanes.lane_pattern[lane]
                call_first = shape.place_first[pattern]
                length = shape.place_first[pattern + 1] - call_first
                runs = lanes.run_first[lane + 1] - lanes.run_first[lane]
                times = lanes.time_first[lane]
                from_stop = shape.place_stop[call_first + board]
                clock = clocks.night[clocks.stop_clock[from_stop]]
                second = rules[call_first + board] & SECOND_TRIP
                while run < runs:
                    depart = np.int64(lanes.departures[times + board * runs + run])
                    if depart >= NEVER or depart > latest:
                        break
                    trip = lanes.run_trip[lanes.run_first[lane] + run]
                    group = places.second_group[trip] if second else places.trip_group[trip]
                    bits = places.group_bits[group]
                    night = np.int64(0)
                    if before >= 0:
                        night = np.int64(labels[before, NIGHT] + clock[depart] - clock[labels[before, ARRIVE]])
                    is_useful = False
                    for place in range(board + 1, length):
                        rule = rules[call_first + place]
                        if rule & CLOSED:
                            break
                        arrive = np.int64(lanes.arrivals[times + place * runs + run])
                        if arrive >= NEVER:
                            break
                        stop = shape.place_stop[call_first + place]
                        soonest = arrive + least[stop]
                        if soonest > latest:
                            if least[stop] < NEVER:
                                break
                            continue
                        way = exits[stop]
                        if rule & NO_DROP_OFF or (way < 0 and vehicles == rounds):
                            is_useful = True
                            continue
                        more = 1 if way < 0 else 0  # Vehicles still to come, at the least.
                        fees = 0
                        unknown = np.int64(adds)
                        if before >= 0:
                            fees = labels[before, FEES]
                            unknown += np.int64(labels[before, UNKNOWN])
                        at_best = (minute, soonest, vehicles + more, unknown + more * adds, night)
                        if is_beaten(answers.fee_total, (ends, prices, found), amounts, before, fees, at_best):
                            break
                        is_useful = True
                        # What the ride is, as far as fares go.
                        key = (np.int64(group) << 40) | (np.int64(places.stop_place[from_stop]) << 20)
                        key |= np.int64(places.stop_place[stop])
                        hours = np.int64(0)
                        if bits & BY_DEPARTURE:
                            hours |= np.int64(clocks.period[clocks.stop_clock[from_stop], depart])
                        if bits & BY_ARRIVAL:
                            hours |= np.int64(clocks.period[clocks.stop_clock[stop], arrive]) << 12
                        if places.is_exact[pattern]:
                            hours |= ((np.int64(call_first + board) << 10) | np.int64(place)) << 24
                        slot = slot_of(answers.ride_keys, answers.ride_class, key, hours)
                        ride_class = answers.ride_class[slot]
                        if ride_class < 0:
                            if ride_class == EMPTY and asked < len(asks):
                                answers.ride_keys[slot, 0] = key
                                answers.ride_keys[slot, 1] = hours
                                answers.ride_class[slot] = ASKED
                                asks[asked, 0] = ASK_RIDE
                                asks[asked, 1] = key
                                asks[asked, 2] = hours
                                asks[asked, 3] = pattern
                                asks[asked, 4] = lanes.run_first[lane] + run
                                asks[asked, 5] = board
                                asks[asked, 6] = place
                                asks[asked, 7] = depart
                                asks[asked, 8] = arrive
                                asked += 1
                            continue
                        # Bought anew, then on the ticket in force.
                        for is_new in (1, 0):
                            if is_new:
                                if before >= 0 and labels[before, CLOSED_UNKNOWN] >= PENDING:
                                    continue
                                step = answers.start_rows[ride_class, 0]
                                steps = answers.start_rows[ride_class, 1]
                            else:
                                if before < 0 or labels[before, STATE] == NO_TICKET:
                                    continue
                                key = (np.int64(labels[before, STATE]) << 32) | np.int64(ride_class)
                                slot = slot_of(answers.go_keys, answers.go_rows, key, 0)
                                if answers.go_rows[slot] < 0:
                                    if answers.go_rows[slot] == EMPTY and asked < len(asks):
                                        answers.go_keys[slot, 0] = key
                                        answers.go_keys[slot, 1] = 0
                                        answers.go_rows[slot] = ASKED
                                        asks[asked, 0] = ASK_GO_ON
                                        asks[asked, 1] = key
                                        asks[asked, 2] = labels[before, STATE]
                                        asks[asked, 3] = ride_class
                                        asked += 1
                                    continue
                                step = answers.rows[answers.go_rows[slot], 0]
                                steps = answers.rows[answers.go_rows[slot], 1]
                            for at in range(step, step + steps):
                                facts = answers.steps[at]
                                if not is_new and (facts[LIMIT] != NO_LIMIT or facts[ABOVE] != NO_LIMIT):
                                    kind = facts[LIMIT_KIND]
                                    began = labels[before, SINCE_DEPART if kind < 2 else SINCE_ARRIVE]
                                    lasted = (arrive if kind == 0 or kind == 3 else depart) - began
                                    if lasted <= facts[ABOVE] or (facts[LIMIT] != NO_LIMIT and lasted > facts[LIMIT]):
                                        continue
                                if count == len(labels):
                                    labels = grown(labels)
                                    amounts = grown(amounts)
                                # The label, at the end of the list: it stays there if it is kept.
                                label = labels[count]
                                fees = 0
                                unknown = np.int64(facts[ADD_UNKNOWN])
                                for currency in range(currencies):
                                    amounts[count, currency] = answers.step_add[at, currency]
                                if before >= 0:
                                    fees = labels[before, CLOSED_FEES if is_new else FEES]
                                    unknown += labels[before, CLOSED_UNKNOWN if is_new else UNKNOWN]
                                    shift = currencies if is_new else 0
                                    for currency in range(currencies):
                                        amounts[count, currency] += amounts[before, shift + currency]
                                state = facts[TO_STATE]
                                shut_fees = -1
                                if facts[ADD_FEE] != NO_FEE:
                                    after = answers.fee_after[fees, facts[ADD_FEE]]
                                    if after == EMPTY and asked < len(asks):
                                        asks[asked, 0] = ASK_FEE
                                        asks[asked, 1] = fees
                                        asks[asked, 2] = facts[ADD_FEE]
                                        asked += 1
                                    fees = after
                                if fees >= 0:
                                    shut_fees = fees
                                    if answers.states[state, OPEN_FEE] != NO_FEE:
                                        shut_fees = answers.fee_after[fees, answers.states[state, OPEN_FEE]]
                                        if shut_fees == EMPTY and asked < len(asks):
                                            asks[asked, 0] = ASK_FEE
                                            asks[asked, 1] = fees
                                            asks[asked, 2] = answers.states[state, OPEN_FEE]
                                            asked += 1
                                if shut_fees < 0:
                                    continue
                                for currency in range(currencies):
                                    amounts[count, currencies + currency] = (
                                        amounts[count, currency] + answers.state_open[state, currency]
                                    )
                                    amounts[count, 2 * currencies + currency] = (
                                        amounts[count, currency] + answers.state_open[state, currencies + currency]
                                    )
                                label[ARRIVE] = arrive
                                label[VEHICLES] = vehicles
                                label[UNKNOWN] = unknown
                                label[FEES] = fees
                                label[STATE] = state
                                if is_new or facts[RENEWS]:
                                    label[SINCE_DEPART] = depart
                                    label[SINCE_ARRIVE] = arrive
                                else:
                                    label[SINCE_DEPART] = labels[before, SINCE_DEPART]
                                    label[SINCE_ARRIVE] = labels[before, SINCE_ARRIVE]
                                label[NIGHT] = night
                                label[BEGAN] = minute
                                label[LANE] = lane
                                label[RUN] = run
                                label[BOARD] = board
                                label[ALIGHT] = place
                                label[BEFORE] = before
                                label[STEP] = at
                                label[IS_NEW] = is_new
                                label[IS_KEPT] = 1
                                label[CLOSED_UNKNOWN] = unknown + answers.states[state, OPEN_UNKNOWN]
                                label[CLOSED_FEES] = shut_fees
                                label[STOP] = stop
                                at_best = (minute, soonest, vehicles + more, unknown + more * adds, night)
                                journeys = (ends, prices, found)
                                if is_beaten(answers.fee_total, journeys, amounts, count, fees, at_best):
                                    continue
                                other = bag[stop]
                                while other >= 0:
                                    if dominates(answers, clocks, labels, amounts, other, count):
                                        break
                                    other = labels[other, NEXT]
                                if other >= 0:
                                    continue
                                last = -1
                                other = bag[stop]
                                while other >= 0:
                                    following = labels[other, NEXT]
                                    if dominates(answers, clocks, labels, amounts, count, other):
                                        labels[other, IS_KEPT] = 0
                                        if last < 0:
                                            bag[stop] = following
                                        else:
                                            labels[last, NEXT] = following
                                    else:
                                        last = other
                                    other = following
                                label[NEXT] = bag[stop]
                                bag[stop] = count
                                count += 1
                                # A journey that ends here.
                                total = arrive + (egress[1][way] if way >= 0 else 0)
                                if way < 0 or label[CLOSED_UNKNOWN] >= PENDING or total > latest:
                                    continue
                                if found == len(ends):
                                    ends = grown(ends)
                                    prices = grown(prices)
                                for currency in range(currencies):
                                    prices[found, currency] = amounts[count - 1, currencies + currency]
                                    prices[found, currency] += answers.fee_total[shut_fees, currency]
                                ends[found, END_BEGAN] = minute
                                ends[found, END_MINUTE] = total
                                ends[found, END_VEHICLES] = vehicles
                                ends[found, END_UNKNOWN] = label[CLOSED_UNKNOWN]
                                ends[found, END_NIGHT] = night
                                ends[found, END_CLOSED] = clocks.is_shut[total]
                                ends[found, END_LABEL] = count - 1
                                ends[found, END_EXIT] = way
                                found = hold((ends, prices, found))
                    if not is_useful or before < 0:
                        break
                    # A later run may save a night wait, be another day's, let a ticket begin later, or arrive when
                    # somebody is there: else whoever boards this one can do all that who boards the later one can.
                    hours_now = clocks.period[clocks.stop_clock[from_stop], depart]
                    run += 1
                    while run < runs and not has_hours and not bits & (BY_ARRIVAL | MAY_LAST):
                        leaves = np.int64(lanes.departures[times + board * runs + run])
                        if leaves >= NEVER or leaves > latest:
                            break
                        if bits & BY_DEPARTURE and clocks.period[clocks.stop_clock[from_stop], leaves] != hours_now:
                            break
                        if any_night[lanes.arrivals[times + (length - 1) * runs + run]] != any_night[depart]:
                            break
                        run += 1
            # Whoever arrived changes here, then after each walk; the first of these "walks" stays.
            waiting = 0
            until = count
            for here in range(fresh, until):
                if vehicles == rounds or not labels[here, IS_KEPT]:
                    continue
                stop = labels[here, STOP]
                for walk in range(shape.walk_first[stop] - 1, shape.walk_first[stop + 1]):
                    if walk < shape.walk_first[stop]:
                        if shape.change_minutes[stop] == NO_CHANGE:
                            continue
                        other = stop
                        ready = labels[here, ARRIVE] + max(min_change, shape.change_minutes[stop])
                    else:
                        other = shape.walk_to[walk]
                        ready = labels[here, ARRIVE] + max(min_change, shape.walk_minutes[walk])
                    if ready + least[other] > latest:
                        continue
                    unknown = np.int64(labels[here, UNKNOWN]) + adds
                    at_best = (minute, ready + least[other], vehicles + 1, unknown, np.int64(labels[here, NIGHT]))
                    if is_beaten(answers.fee_total, (ends, prices, found), amounts, here, labels[here, FEES], at_best):
                        continue
                    for call in range(lanes.call_first[other], lanes.call_first[other + 1]):
                        pattern = lanes.call_pattern[call]
                        place = lanes.call_place[call]
                        if rules[shape.place_first[pattern] + place] & NO_PICKUP:
                            continue
                        for lane in range(lanes.lane_first[pattern], lanes.lane_first[pattern + 1]):
                            runs = lanes.run_first[lane + 1] - lanes.run_first[lane]
                            low = lanes.time_first[lane] + place * runs
                            first, high = low, low + runs
                            while low < high:
                                middle = (low + high) >> 1
                                if lanes.departures[middle] < ready:
                                    low = middle + 1
                                else:
                                    high = middle
                            if low < first + runs:
                                if waiting == len(work):
                                    work = grown(work)
                                work[waiting, 0] = here
                                work[waiting, 1] = lane
                                work[waiting, 2] = low - first
                                work[waiting, 3] = place
                                waiting += 1
            fresh = until
            vehicles += 1
    return labels[:count], amounts[:count], ends[:found], prices[:found], asks[:asked]
