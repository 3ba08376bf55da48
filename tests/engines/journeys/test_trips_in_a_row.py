"""Trips that one vehicle runs in a row, three and more, are one seat on the days all of them run."""

import random
from datetime import date
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onward.core.window import Window
from onward.engines.journeys import Journey, Linking, Query, StopKey, Timetable, search
from onward.engines.journeys.carriage import CarriageRule
from onward.engines.journeys.clock import minute_of
from onward.engines.journeys.fast import compile_network
from onward.engines.journeys.fast import search as fast_search
from onward.engines.journeys.law import Law
from tests.engines.journeys.small_feeds import at, find, minutes, read, rows, shown, tables, timetable

HEAD = "from_stop_id,to_stop_id,transfer_type,from_trip_id,to_trip_id"
ROW = {
    "one": [("A", "08:00"), ("B", "08:30"), ("C", "09:00")],
    "two": [("C", "09:02"), ("D", "09:30")],
    "three": [("D", "09:31"), ("E", "10:00"), ("F", "10:30")],
    "four": [("F", "10:31"), ("G", "11:00")],
}
LEGS = ["one A-C 08:00-09:00", "two C-D 09:02-09:30", "three D-F 09:31-10:30", "four F-G 10:31-11:00"]


def in_a_row(*, days: str = "S S S S") -> dict[str, str]:
    """Four trips of four lines and one block, of those services; nobody can change in the minutes between."""
    files = tables(ROW)
    files["routes.txt"] += "".join(f"{trip},X,,The {trip.capitalize()},2\n" for trip in ROW)
    lines = [f"{trip},{service},{trip},7" for trip, service in zip(ROW, days.split(), strict=True)]
    files["trips.txt"] = rows("route_id,service_id,trip_id,block_id", lines)
    return files


def legs_of(journey: Journey) -> list[str]:
    return [
        f"{leg.trip_id} {leg.from_stop.stop_id}-{leg.to_stop.stop_id} {leg.depart_at:%H:%M}-{leg.arrive_at:%H:%M}"
        for leg in journey.legs
    ]


def seated(table: Timetable, ends: str, day: int = 11) -> list[Journey]:
    """The journeys of a day for who needs ten minutes to change."""
    return find(table, ends, f"2025-06-{day} 07:00", min_change=minutes(10))


def test_four_trips_of_a_block_are_one_seat_and_each_is_named() -> None:
    table = timetable(in_a_row())
    (whole,) = seated(table, "A G")
    assert (shown([whole]), legs_of(whole)) == (["08:00-11:00 x1"], LEGS)
    assert [leg.stays_seated for leg in whole.legs] == [False, True, True, True]
    assert [leg.route for leg in whole.legs] == ["The One", "The Two", "The Three", "The Four"]
    assert [stop.stop_id for leg in whole.legs for stop in leg.passed] == ["B", "E"]
    (part,) = seated(table, "B E")
    assert legs_of(part) == ["one B-C 08:30-09:00", LEGS[1], "three D-E 09:31-10:00"]
    query = Query((StopKey("small:A"),), (StopKey("small:G"),), Window(at("07:00"), at("09:00")))
    assert fast_search(compile_network(table), query) == search(table, query) == [whole]
    assert find(timetable(in_a_row(), linking=Linking.OFF), "A G", "07:00", min_change=minutes(10)) == []


def test_the_row_holds_on_the_days_all_of_its_trips_run() -> None:
    files = in_a_row(days="S T S U")
    files["calendar_dates.txt"] += (
        "S,20250612,1\nT,20250611,1\nT,20250612,1\nT,20250613,1\nU,20250612,1\nU,20250613,1\n"
    )
    table = timetable(files)
    assert [day for day in (11, 12, 13) if seated(table, "A G", day)] == [12]
    assert [day for day in (11, 12, 13) if seated(table, "A F", day)] == [11, 12]
    assert [day for day in (11, 12, 13) if seated(table, "C G", day)] == [12]


def test_where_one_must_get_off_in_the_middle_the_row_ends() -> None:
    files = in_a_row()
    files["transfers.txt"] = rows(HEAD, ["D,D,5,two,three"])
    table = timetable(files)
    assert seated(table, "A G") == []
    assert [shown(seated(table, ends)) for ends in ("A D", "D G")] == [["08:00-09:30 x1"], ["09:31-11:00 x1"]]


def test_rows_are_made_of_what_transfers_and_blocks_say_together() -> None:
    files = in_a_row()
    files["trips.txt"] = files["trips.txt"].replace("three,7", "three,8").replace("four,7", "four,8")
    assert seated(timetable(files), "A G") == []
    files["transfers.txt"] = rows(HEAD, ["D,D,4,two,three"])
    assert [legs_of(one) for one in seated(timetable(files), "A G")] == [LEGS]


def test_a_line_that_goes_round_all_day_joins_each_round_to_the_next_and_no_further() -> None:
    rounds = {f"r{n}": [(stop, f"{8 + n:02}:{12 * m:02}") for m, stop in enumerate("ABCDA")] for n in range(6)}
    files = tables(rounds)
    files["trips.txt"] = rows("route_id,service_id,trip_id,block_id", [f"R,S,{trip},7" for trip in rounds])
    feed = read(files)[0]
    rows_made = [len(feed.trips.parts(trip)) for trip in range(len(feed.trips.id))]
    assert sorted(rows_made) == [1] * 6 + [2] * 5
    assert legs_of(seated(Timetable([feed], Linking.FEED), "C B")[0]) == ["r0 C-A 08:24-08:48", "r1 A-B 09:00-09:12"]


def test_a_rule_of_carriage_about_the_trip_in_the_middle_holds_for_who_sits_through_it() -> None:
    feed = read(in_a_row())[0]
    about = "It carries nobody so far.", "the carrier", date(2025, 1, 1)
    rule = CarriageRule(*about, trips=("two",), pairs=(("A", "G"),))
    table = Timetable([feed], Linking.FEED, law=Law(carriage=(rule,)))
    assert seated(table, "A G") == []
    assert shown(seated(table, "B G")) == ["08:30-11:00 x1"]


class Ride(NamedTuple):
    """In minutes after midnight."""

    board: str
    depart: int
    alight: str
    arrive: int


class World(NamedTuple):
    """trips: (stop, minute, whether one may board, whether one may get off). runs: whether each runs on the day asked.

    after: for each trip those its vehicle goes on as.
    """

    trips: list[list[tuple[str, int, bool, bool]]]
    runs: list[bool]
    after: dict[int, list[int]]


def random_world(chance: random.Random) -> World:
    """A few vehicles, each with two to five trips in a row, and some that part on the way."""
    trips: list[list[tuple[str, int, bool, bool]]] = []
    after: dict[int, list[int]] = {}
    for _ in range(chance.randint(1, 3)):
        stop, clock, before = chance.choice("ABCDEF"), chance.randint(0, 30), -1
        for _ in range(chance.randint(2, 5)):
            calls = []
            for place in range(chance.randint(2, 4)):
                stop = stop if place == 0 else chance.choice([one for one in "ABCDEF" if one != stop])
                calls.append((stop, clock, chance.random() > 0.1, chance.random() > 0.1))
                clock += chance.randint(0, 6)
            clock = calls[-1][1] + chance.randint(0, 4)
            if before >= 0 and chance.random() > 0.1:
                after.setdefault(before, []).append(len(trips))
            before = len(trips) if chance.random() > 0.15 else before
            trips.append(calls)
            if before != len(trips) - 1:
                stop, clock = trips[before][-1][0], trips[before][-1][1] + 2
    return World(trips, [chance.random() > 0.15 for _ in trips], after)


def files_of(world: World) -> dict[str, str]:
    files = tables({f"t{n}": [(call[0], "00:00") for call in calls] for n, calls in enumerate(world.trips)})
    files["stops.txt"] = rows(
        "stop_id,stop_name,stop_lat,stop_lon", [f"{stop},{stop},{40 + n},-74" for n, stop in enumerate("ABCDEF")]
    )
    lines = [f"R,{'S' if runs else 'T'},t{n}" for n, runs in enumerate(world.runs)]
    files["trips.txt"] = rows("route_id,service_id,trip_id", lines)
    files["calendar_dates.txt"] = rows(
        "service_id,date,exception_type", ["S,20250611,1", "S,20250612,1", "T,20250612,1"]
    )
    files["stop_times.txt"] = rows(
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type",
        [
            f"t{n},{clock(minute)},{clock(minute)},{stop},{place},{int(not board)},{int(not alight)}"
            for n, calls in enumerate(world.trips)
            for place, (stop, minute, board, alight) in enumerate(calls)
        ],
    )
    pairs = [f"A,A,4,t{one},t{other}" for one, others in world.after.items() for other in others]
    files["transfers.txt"] = rows(HEAD, pairs)
    return files


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}:00"


def rides(world: World) -> list[Ride]:
    """Every ride on a vehicle: from a call of a trip to a later one of it, or of a trip its vehicle goes on as."""
    found = []
    for trip, calls in enumerate(world.trips):
        for place, (stop, depart, may_board, _) in enumerate(calls[:-1]):
            if world.runs[trip] and may_board:
                found += [Ride(stop, depart, *end) for end in ends(world, trip, place + 1)]
    return found


def ends(world: World, trip: int, first: int) -> list[tuple[str, int]]:
    """Where and when one may get off who sits in a trip at its place `first`, or before its second where it goes on."""
    there = [(stop, minute) for stop, minute, _, may_alight in world.trips[trip][first:] if may_alight]
    on = [end for after in world.after.get(trip, []) if world.runs[after] for end in ends(world, after, 1)]
    return there + on


def everything(world: World, start: str, end: str, change: int) -> set[tuple[int, int, int]]:
    """(depart, arrive, vehicles) of every journey of three vehicles at most."""
    all_rides = rides(world)

    def on(stop: str, ready: int, left: int) -> set[tuple[int, int]]:
        ways = set()
        for ride in all_rides if left else []:
            if ride.board == stop and ride.depart >= ready:
                ways |= {(ride.arrive, left - 1)} if ride.alight == end else set()
                ways |= on(ride.alight, ride.arrive + change, left - 1)
        return ways

    departs = {ride.depart for ride in all_rides if ride.board == start}
    return {(depart, arrive, 3 - left) for depart in departs for arrive, left in on(start, depart, 3)}


@settings(max_examples=200)
@given(seed=st.integers(0, 1 << 40))
def test_rows_of_trips_are_found_as_by_trying_everything_by_both_searches(seed: int) -> None:
    chance = random.Random(seed)
    world = random_world(chance)
    start, end = chance.sample("ABCDEF", 2)
    change = chance.choice([1, 5, 60])
    journeys = everything(world, start, end, change)
    best = sorted(one for one in journeys if not any(beats(other, one) for other in journeys))
    feed, _ = read(files_of(world))
    table = Timetable([feed], Linking.FEED)
    window = Window(at("00:00"), at("12:00"))
    query = Query(
        (StopKey(f"small:{start}"),),
        (StopKey(f"small:{end}"),),
        window,
        min_change=minutes(change),
        max_vehicles=3,
        max_travel=minutes(600),
    )
    plain = search(table, query)
    assert sorted(map(signature, plain)) == best
    assert sorted(map(signature, fast_search(compile_network(table), query))) == best
    for journey in plain:
        for leg, after in zip(journey.legs, journey.legs[1:], strict=False):
            if after.stays_seated:
                assert int(after.trip_id[1:]) in world.after[int(leg.trip_id[1:])]
            assert leg.to_stop == after.from_stop and leg.arrive_at <= after.depart_at


def signature(journey: Journey) -> tuple[int, int, int]:
    midnight = minute_of(at("00:00"))
    return minute_of(journey.depart_at) - midnight, minute_of(journey.arrive_at) - midnight, journey.vehicles


def beats(one: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    return one != other and one[0] >= other[0] and one[1] <= other[1] and one[2] <= other[2]


@pytest.mark.parametrize("gone", ["one", "two", "three"])
def test_a_trip_that_is_left_out_takes_no_other_with_it(gone: str) -> None:
    files = in_a_row()
    head, *lines = files["stop_times.txt"].splitlines()
    files["stop_times.txt"] = rows(head, [line for line in lines if not line.startswith(f"{gone},")])
    table = timetable(files)
    assert seated(table, "A G") == []
    assert shown(seated(table, "F G")) == ["10:31-11:00 x1"]
