"""The search that weighs fares, compiled: every journey of a window that none beats, with the tickets bought."""

import numpy as np

from onward.engines.jit import loop
from onward.engines.journeys.fares.kernel_bags import may_be_news, set_caps
from onward.engines.journeys.fares.kernel_paying import group_of, pay
from onward.engines.journeys.fares.kernel_words import (
    BY_ARRIVAL,
    BY_DEPARTURE,
    IS_FULL,
    KNOWN,
    LABELS,
    MAY_LAST,
    ROOT,
    Answers,
    Clocks,
    Held,
    Places,
    Ways,
    Whole,
)
from onward.engines.journeys.fast.kernel_arrays import NO_CHANGE, Int32, Lanes, first_from
from onward.engines.journeys.gtfs.stop_times import NO_PICKUP

type Fares = tuple[Places, Clocks, Answers]
type Span = tuple[Whole, Whole, Whole]
type Standing = tuple[Whole, Whole, Whole, Whole, Whole]
type Leaving = tuple[Whole, Whole, Whole]
"""The minute of setting out, the latest to be at the end, which vehicle this one is."""


@loop
def set_out(held: Held, minute: Whole) -> None:
    """Make the root the label of who sets out at a minute."""
    root = held.labels[ROOT]
    root.arrive = root.since_depart = root.since_arrive = root.began = minute
    root.kind, root.state, root.vehicles, root.night = KNOWN, 0, 0, 0
    root.fees = root.closed_fees = 0
    root.before = -1
    for column in range(held.amounts.shape[1]):
        held.amounts[ROOT, column] = 0


@loop
def ride(ways: Ways, fares: Fares, held: Held, boarding: Int32, leaving: Leaving) -> None:
    """Offer the labels of riding a vehicle to wherever it may be left. boarding: the label before, lane, run, place."""
    before, lane, run, board = np.int64(boarding[0]), boarding[1], np.int64(boarding[2]), np.int64(boarding[3])
    minute, latest, vehicle = leaving
    lanes, clocks, caps = ways.lanes, fares[1], held.caps[0]
    call_first = ways.shape.place_first[lanes.lane_pattern[lane]]
    length = ways.shape.place_first[lanes.lane_pattern[lane] + 1] - call_first
    runs = lanes.run_first[lane + 1] - lanes.run_first[lane]
    times = lanes.time_first[lane] + run
    depart = np.int64(lanes.departures[times + board * runs])
    group = group_of(ways, fares[0], lane, run, board)
    night = np.int64(0)
    if before != ROOT:
        clock = clocks.night[clocks.stop_clock[ways.shape.place_stop[call_first + board]]]
        night = np.int64(held.labels[before].night + clock[depart] - clock[held.labels[before].arrive])
    for place in range(board + 1, length):
        if not may_be_news(ways.staying[times + (place - 1) * runs], vehicle, caps):
            return
        soonest = ways.alighting[times + place * runs]
        if not may_be_news(soonest, vehicle, caps):
            continue
        if held.tally[LABELS] + 1 >= len(held.labels):
            held.tally[IS_FULL] = 1
            return
        label = held.labels[held.tally[LABELS]]
        label.arrive = lanes.arrivals[times + place * runs]
        label.vehicles, label.night, label.began = vehicle, night, minute
        label.stop, label.before = ways.shape.place_stop[call_first + place], before
        label.lane, label.run, label.board, label.alight = lane, run, board, place
        label.is_kept = 1
        pay(ways, fares, held, group, (depart, latest, soonest))


@loop
def next_run(lanes: Lanes, span: Span, clocks: tuple[Int32, Int32], bits: Whole, latest: Whole) -> Whole:
    """Where in lanes.departures the next run worth boarding stands.

    span: where this one does, where those of its lane end, how far on its arrival at the last place stands. clocks: the
    periods by the clock there, any_night. bits: of its fares. A later run may save a night wait, be another day's, let
    a ticket begin later that else is not good for all to come, or be at the end when somebody receives: else whoever
    boards a sooner one can do all that who boards the later one can.
    """
    here, end, to_last = span
    period, any_night = clocks
    depart = lanes.departures[here]
    later = here + 1
    while later < end and not bits & (BY_ARRIVAL | MAY_LAST):
        leaves = lanes.departures[later]
        if leaves > latest or (bits & BY_DEPARTURE and period[leaves] != period[depart]):
            break
        # At the last place it arrives by the span's end: a night further on counts as one.
        if any_night[lanes.arrivals[later + to_last]] != any_night[depart]:
            break
        later += 1
    return int(later)


@loop
def board(ways: Ways, fares: Fares, held: Held, standing: Standing, leaving: Leaving) -> Whole:
    """Append to held.work what is worth boarding at a stop from a minute on. Gives how many rows.

    standing: rows so far, the label that came and whether its price is known, the stop, the minute.
    """
    count, before, is_known, stop, ready = standing
    _, latest, vehicle = leaving
    lanes, clocks, work, caps = ways.lanes, fares[1], held.work, held.caps[0]
    has_hours = clocks.is_shut[len(clocks.is_shut) - 1]
    is_last = vehicle == len(caps) - 1
    for call in range(lanes.call_first[stop], lanes.call_first[stop + 1]):
        pattern, place = lanes.call_pattern[call], np.int64(lanes.call_place[call])
        call_first = ways.shape.place_first[pattern]
        if ways.rules[call_first + place] & NO_PICKUP:
            continue
        enough = held.enough[fares[0].family[pattern]]
        to_last = ways.shape.place_first[pattern + 1] - call_first - 1 - place
        for lane in range(lanes.lane_first[pattern], lanes.lane_first[pattern + 1]):
            runs = lanes.run_first[lane + 1] - lanes.run_first[lane]
            first = lanes.time_first[lane] + place * runs
            end = first + runs
            at = first_from(lanes.departures, first, end, ready)
            while at < end and count < len(work) and may_be_news(ways.staying[at], vehicle, caps):
                row = work[count]
                row[0], row[1], row[2], row[3] = before, lane, at - first, place
                count += 1
                bits = np.int64(0)
                if is_known:
                    group = group_of(ways, fares[0], lane, at - first, place)
                    bits = np.int64(fares[0].group_bits[group])
                    if is_last or lanes.departures[at] >= enough:
                        bits &= ~MAY_LAST
                if has_hours and ways.staying[at, 0] <= caps[vehicle]:
                    bits |= MAY_LAST
                at = next_run(
                    lanes,
                    (at, end, to_last * runs),
                    (clocks.period[clocks.stop_clock[stop]], clocks.any_night),
                    bits,
                    latest,
                )
    return count


@loop
def change(ways: Ways, fares: Fares, held: Held, here: Whole, leaving: tuple[Leaving, Whole]) -> Whole:
    """Fill held.work with what is worth boarding after a label, where it stands and after each walk; gives its rows.

    leaving: ..., least minutes of a change.
    """
    going, min_change = leaving
    shape, label = ways.shape, held.labels[here]
    found = held.labels, held.amounts, held.ends, held.prices, held.tally
    set_caps(fares[2].fee_total, found, here, going[1], held.caps[0])
    count = np.int64(0)
    # The first of these "walks" stays.
    for walk in range(shape.walk_first[label.stop] - 1, shape.walk_first[label.stop + 1]):
        stays = walk < shape.walk_first[label.stop]
        minutes = np.int64(shape.change_minutes[label.stop] if stays else shape.walk_minutes[walk])
        if stays and minutes == NO_CHANGE:
            continue
        stop = np.int64(label.stop if stays else shape.walk_to[walk])
        ready = np.int64(label.arrive) + max(min_change, minutes)
        count = board(ways, fares, held, (count, here, label.kind == KNOWN, stop, ready), going)
    if count == len(held.work):
        held.tally[IS_FULL] = 1
    return count


@loop
def first_boardings(rows: Int32, row: Whole, work: Int32) -> Whole:
    """Fill held.work with the vehicles met by who sets out at a minute; gives its rows. rows, row: of departures_of."""
    count = 0
    while row >= 0 and count < len(work):
        into = work[count]
        into[0], into[1], into[2], into[3] = ROOT, rows[row, 1], rows[row, 2], rows[row, 3]
        count += 1
        row = np.int64(rows[row, 0])
    return count


@loop
def frontier(ways: Ways, fares: Fares, held: Held, starts: tuple[Int32, Int32], limits: tuple[Whole, Whole]) -> None:
    """Fill `held` with every journey none beats, or with what must be asked first.

    starts: head and rows of departures_of. limits: the window's first minute, least minutes of a change.
    McRAPTOR, Delling, Pajor, Werneck 2015, within restricted Pareto sets, Delling, Dibbelt, Pajor 2019: plain.py.
    """
    head, rows = starts
    start, min_change = limits
    most = held.caps.shape[1] - 1
    held.tally[LABELS] = 1
    for minute in range(start + len(head) - 1, start - 1, -1):
        if head[minute - start] < 0:
            continue
        latest = np.int64(ways.latest[minute - start])
        for family in range(len(held.enough)):
            held.enough[family] = ways.enough[family, latest - ways.latest[0]]
        set_out(held, minute)
        fresh = np.int64(ROOT)
        until = np.int64(ROOT + 1)
        vehicle = np.int64(1)
        while fresh < until and vehicle <= most and not held.tally[IS_FULL]:
            following = held.tally[LABELS]
            for here in range(fresh, until):
                leaving = minute, latest, vehicle
                if here == ROOT:
                    held.caps[0] = latest
                    count = first_boardings(rows, np.int64(head[minute - start]), held.work)
                elif held.labels[here].is_kept:
                    count = change(ways, fares, held, here, (leaving, min_change))
                else:
                    count = np.int64(0)
                for at in range(count):
                    ride(ways, fares, held, held.work[at], leaving)
            fresh = following
            until = held.tally[LABELS]
            vehicle += 1
        if held.tally[IS_FULL]:
            return
