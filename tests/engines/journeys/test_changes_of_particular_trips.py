"""Rules of transfers.txt that name trips or routes hold for those, the most particular first; and staying seated."""

import random
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onward.core.window import Window
from onward.engines.journeys import Journey, Linking, Query, StopKey, Timetable, search
from onward.engines.journeys.clock import minute_of
from onward.engines.journeys.fast import compile_network
from onward.engines.journeys.fast import search as fast_search
from tests.engines.journeys.small_feeds import at, find, minutes, read, rows, shown, tables, timetable

HEAD = "from_stop_id,to_stop_id,transfer_type,min_transfer_time,from_trip_id,to_trip_id,from_route_id,to_route_id"

CHANGE = {
    "t1": [("A", "08:00"), ("B", "09:00")],
    "t2": [("B", "09:05"), ("C", "10:00")],
    "t3": [("B", "09:20"), ("C", "10:30")],
    "t4": [("B", "10:30"), ("C", "11:00")],
}


def changing(*rules: str) -> dict[str, str]:
    """t1 of route R; t2, t3 and t4 of route Q."""
    files = tables(CHANGE)
    files["routes.txt"] += "Q,X,,The Branch,2\n"
    files["trips.txt"] = rows("route_id,service_id,trip_id", ["R,S,t1", "Q,S,t2", "Q,S,t3", "Q,S,t4"])
    files["transfers.txt"] = rows(HEAD, list(rules))
    return files


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([], "08:00-10:00 x2"),
        (["B,B,3,,t1,t2,,"], "08:00-10:30 x2"),  # not from t1 to t2, but to t3
        (["B,B,3,,,t2,,"], "08:00-10:30 x2"),  # nobody to t2
        (["B,B,2,3000,t1,,,"], "08:00-11:00 x2"),  # fifty minutes from t1, whatever comes
        (["B,B,2,600,,,R,Q"], "08:00-10:30 x2"),  # ten minutes from R to Q
        (["B,B,2,600,,,,Q", "B,B,1,,t1,t2,,"], "08:00-10:00 x2"),  # but t2 waits for t1
        (["B,B,3,,,,,", "B,B,1,,t1,t3,,"], "08:00-10:30 x2"),  # no change at B but this one
        (["B,B,1,,t1,t2,,", "B,B,3,,t1,,,Q", "B,B,2,60,,,R,Q"], "08:00-10:00 x2"),  # two trips before trip and route
        (["B,B,3,,,,R,Q", "B,B,2,600,t1,,,", "B,B,3,,,,,Q"], "08:00-10:30 x2"),  # a trip before two routes
        (["B,B,3,,,,R,Q", "B,B,1,,,,,Q"], None),  # two routes before one
        (["B,B,2,600,t1,t2,,", "B,B,2,60,t1,t2,,"], "08:00-10:30 x2"),  # of equals the first
    ],
)
def test_the_most_particular_rule_about_two_trips_holds(rules: list[str], expected: str | None) -> None:
    files = changing(*rules)
    assert shown(find(timetable(files), "A C", "07:00")) == ([expected] if expected else [])
    assert read(files)[1].findings == ()
    assert shown(find(timetable(files, linking=Linking.OFF), "A C", "07:00")) == ["08:00-10:00 x2"]


def test_who_starts_or_ends_at_a_stop_with_particular_rules_is_not_bound_by_them() -> None:
    table = timetable(changing("B,B,3,,t1,t2,,", "B,B,2,3000,,,R,Q"))
    assert shown(find(table, "A B", "07:00")) == ["08:00-09:00 x1"]
    assert [leg.trip_id for one in find(table, "B C", "09:00") for leg in one.legs] == ["t2", "t3", "t4"]
    change = find(table, "A C", "07:00")[0]
    assert [leg.trip_id for leg in change.legs] == ["t1", "t4"]  # and no walk from B to B
    assert len({stop.key for stop in table.stops}) == 3


def test_a_rule_for_a_trip_between_tracks_comes_before_the_stations_own() -> None:
    files = changing("P,P,2,60,t1,,,", "B,D,2,1200,t1,,,")
    files["stops.txt"] = rows(
        "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station",
        ["A,A,40,-74,,", "P,P,41,-74,1,", "B,B,41,-74,,P", "D,D,41,-74,,P", "C,C,42,-74,,"],
    )
    files["stop_times.txt"] = files["stop_times.txt"].replace(",B,0", ",D,0")
    found = find(timetable(files), "A C", "07:00")
    assert shown(found) == ["08:00-10:30 x2"]
    assert [leg.mode for leg in found[0].legs] == ["rail", "walk", "rail"]


def test_a_rule_that_names_a_trip_or_route_that_is_not_there_is_a_finding() -> None:
    _, reading = read(changing("B,B,3,,ghost,t2,,", "B,B,3,,,,,Z"))
    assert [(one.line, one.field, one.value) for one in reading.findings] == [
        (2, "from_trip_id", "ghost"),
        (3, "to_route_id", "Z"),
    ]
    assert all(one.consequence == "Not in the feed: the rule is passed over." for one in reading.findings)


THROUGH = {
    "out": [("A", "08:00"), ("B", "08:30"), ("C", "09:00")],
    "on": [("C", "09:01"), ("D", "09:30"), ("E", "10:00")],
}


def test_who_stays_seated_rides_one_vehicle_on_two_trips() -> None:
    files = tables(THROUGH)
    files["transfers.txt"] = rows(HEAD, ["C,C,4,,out,on,,"])
    table = timetable(files)
    found = find(table, "A E", "07:00", min_change=minutes(10))
    assert shown(found) == ["08:00-10:00 x1"]
    assert [(leg.trip_id, leg.from_stop.stop_id, leg.to_stop.stop_id, leg.stays_seated) for leg in found[0].legs] == [
        ("out", "A", "C", False),
        ("on", "C", "E", True),
    ]
    assert [f"{leg.depart_at:%H:%M}-{leg.arrive_at:%H:%M}" for leg in found[0].legs] == ["08:00-09:00", "09:01-10:00"]
    assert [leg.trip_id for one in find(table, "A C", "07:00") for leg in one.legs] == ["out"]
    assert [leg.trip_id for one in find(table, "C E", "07:00") for leg in one.legs] == ["on"]
    assert find(timetable(files, linking=Linking.OFF), "A E", "07:00", min_change=minutes(10)) == []
    query = Query(
        (StopKey("small:A"),), (StopKey("small:E"),), Window(at("07:00"), at("09:00")), min_change=minutes(10)
    )
    assert fast_search(compile_network(table), query)[0].legs == found[0].legs


def with_blocks(*trips: str) -> dict[str, str]:
    files = tables(THROUGH)
    files["routes.txt"] += "Q,X,,The Branch,2\n"
    files["trips.txt"] = rows("route_id,service_id,trip_id,block_id,direction_id", list(trips))
    return files


def test_trips_of_one_block_are_one_vehicle_unless_the_feed_says_one_must_get_off() -> None:
    files = with_blocks("R,S,out,7,0", "Q,S,on,7,0")
    found = find(timetable(files), "B D", "07:00", min_change=minutes(10))
    assert shown(found) == ["08:30-09:30 x1"]
    assert [leg.route for leg in found[0].legs] == ["The Line", "The Branch"]
    files["transfers.txt"] = rows(HEAD, ["C,C,5,,out,on,,"])
    assert find(timetable(files), "B D", "07:00", min_change=minutes(10)) == []
    assert find(timetable(with_blocks("R,S,out,7,0", "Q,S,on,8,0")), "B D", "07:00", min_change=minutes(10)) == []


def test_a_vehicle_that_turns_round_on_its_line_takes_nobody_further() -> None:
    files = with_blocks("R,S,out,7,0", "R,S,on,7,1")
    assert read(files)[0].trips.second_route.tolist() == [-1, -1]


def test_a_block_is_followed_on_the_days_both_trips_run() -> None:
    files = with_blocks("R,S,out,7,0", "Q,T,on,7,0")
    files["calendar_dates.txt"] += "S,20250612,1\nT,20250612,1\nT,20250613,1\n"
    table = timetable(files)
    days = [day for day in (11, 12, 13) if find(table, "A E", f"2025-06-{day} 07:00", min_change=minutes(10))]
    assert days == [12]


@pytest.mark.parametrize(
    ("stop_times", "why"),
    [
        ("on,08:59:00,08:59:00,C,0\non,10:00:00,10:00:00,E,1\n", "leaves before the first arrives"),
        ("", "one of the trips is not there"),
    ],
)
def test_staying_seated_that_cannot_be_is_a_finding_with_its_consequence(stop_times: str, why: str) -> None:
    files = tables(THROUGH)
    head, *lines = files["stop_times.txt"].splitlines()
    files["stop_times.txt"] = rows(head, [line for line in lines if line.startswith("out,")]) + stop_times
    files["transfers.txt"] = rows(HEAD, ["C,C,4,,out,on,,", "C,C,4,,,,R,R"])
    found = [one for one in read(files)[1].findings if one.file == "transfers.txt"]
    assert [one.line for one in found] == [2, 3]
    assert why in found[0].consequence
    assert "one changes as between any trips" in found[0].consequence


class Call(NamedTuple):
    """minute: after midnight."""

    stop: str
    minute: int


class Rule(NamedTuple):
    """A row of transfers.txt; least: minutes, None where the change is forbidden."""

    start: str
    end: str
    least: int | None
    from_trip: str
    to_trip: str
    from_route: str
    to_route: str

    def rank(self) -> int:
        """How particular it is, by the order of the GTFS reference."""
        trips = bool(self.from_trip) + bool(self.to_trip)
        routes = bool(self.from_route) + bool(self.to_route)
        return [(2, 0), (1, 1), (1, 0), (0, 2), (0, 1), (0, 0)].index((trips, routes))


STOPS, ROUTES = "ABCD", "PQ"


class World(NamedTuple):
    """Trips by id with their routes, and rules in the order of the file."""

    trips: dict[str, list[Call]]
    route_of: dict[str, str]
    rules: list[Rule]


def random_world(chance: random.Random) -> World:
    trips: dict[str, list[Call]] = {}
    for number in range(chance.randint(6, 12)):
        minute, calls = chance.randint(0, 30), []
        for stop in chance.sample(STOPS, chance.choice([2, 2, 3])):
            calls.append(Call(stop, minute))
            minute += chance.randint(1, 8)
        trips[f"t{number}"] = calls
    route_of = {trip: chance.choice(ROUTES) for trip in trips}
    rules = {}
    for _ in range(chance.randint(1, 9)):
        start = chance.choice(STOPS)
        end = start if chance.random() < 0.7 else chance.choice(STOPS)
        from_trip, from_route = side(chance, trips)
        to_trip, to_route = side(chance, trips)
        rule = Rule(start, end, chance.choice([None, 0, 3, 6]), from_trip, to_trip, from_route, to_route)
        rules.setdefault(rule._replace(least=0), rule)
    return World(trips, route_of, list(rules.values()))


def side(chance: random.Random, trips: dict[str, list[Call]]) -> tuple[str, str]:
    """The trip or the route that one end of a rule names, or neither."""
    kind = chance.choice(["trip", "trip", "route", "none"])
    return chance.choice(list(trips)) if kind == "trip" else "", chance.choice(ROUTES) if kind == "route" else ""


@settings(max_examples=150)
@given(seed=st.integers(0, 1 << 40))
def test_with_particular_rules_the_search_finds_exactly_the_best_journeys(seed: int) -> None:
    chance = random.Random(seed)
    world = random_world(chance)
    ends, least = chance.sample(STOPS, 2), chance.choice([0, 2])
    table = Timetable([read(files_of(world))[0]], Linking.FEED)
    begin = at("00:00")
    keys = [(StopKey(f"small:{stop}"),) for stop in ends]
    query = Query(keys[0], keys[1], Window(begin, begin + minutes(60)), min_change=minutes(least), max_vehicles=3)
    expected = best(list(everything(world, (ends[0], ends[1]), least)))
    assert sorted(map(signature, search(table, query))) == expected
    assert sorted(map(signature, fast_search(compile_network(table), query))) == expected


def signature(journey: Journey) -> tuple[int, int, int]:
    midnight = minute_of(at("00:00"))
    return minute_of(journey.depart_at) - midnight, minute_of(journey.arrive_at) - midnight, journey.vehicles


def files_of(world: World) -> dict[str, str]:
    files = tables({trip: [(call.stop, "00:00") for call in calls] for trip, calls in world.trips.items()})
    places = [f"{stop},{stop},{40 + n},-74" for n, stop in enumerate(STOPS)]
    files["stops.txt"] = rows("stop_id,stop_name,stop_lat,stop_lon", places)
    files["routes.txt"] = rows("route_id,agency_id,route_long_name,route_type", [f"{route},X,,2" for route in ROUTES])
    named = [f"{world.route_of[trip]},S,{trip}" for trip in world.trips]
    files["trips.txt"] = rows("route_id,service_id,trip_id", named)
    times = [
        f"{trip},00:{call.minute:02}:00,00:{call.minute:02}:00,{call.stop},{n}"
        for trip, calls in world.trips.items()
        for n, call in enumerate(calls)
    ]
    files["stop_times.txt"] = rows("trip_id,arrival_time,departure_time,stop_id,stop_sequence", times)
    lines = [
        f"{rule.start},{rule.end},{'3,' if rule.least is None else f'2,{60 * rule.least}'},{','.join(rule[3:])}"
        for rule in world.rules
    ]
    files["transfers.txt"] = rows(HEAD, lines)
    return files


def everything(world: World, ends: tuple[str, str], least: int) -> Iterator[tuple[int, int, int]]:
    """(depart, arrive, vehicles) of every journey of three vehicles or fewer, walks at its ends and changes."""

    def ride_on(trip: str, place: int, depart: int, vehicles: int) -> Iterator[tuple[int, int, int]]:
        for call in world.trips[trip][place + 1 :]:
            to_end = 0 if call.stop == ends[1] else change(world, (trip, call.stop), ("", ends[1]))
            if to_end is not None:
                yield depart, call.minute + to_end, vehicles
            for other, calls in world.trips.items() if vehicles < 3 else ():
                for at_, board in enumerate(calls[:-1]):
                    needed = change(world, (trip, call.stop), (other, board.stop))
                    if needed is not None and call.minute + max(least, needed) <= board.minute:
                        yield from ride_on(other, at_, depart, vehicles + 1)

    for trip, calls in world.trips.items():
        for place, call in enumerate(calls[:-1]):
            before = 0 if call.stop == ends[0] else change(world, ("", ends[0]), (trip, call.stop))
            if before is not None:
                yield from ride_on(trip, place, call.minute - before, 1)


def change(world: World, arriving: tuple[str, str], leaving: tuple[str, str]) -> int | None:
    """The least minutes from one (trip, stop) to another; None where one cannot. A trip "" is nobody's."""
    (one, start), (other, end) = arriving, leaving
    fitting = [
        rule
        for rule in world.rules
        if (rule.start, rule.end) == (start, end)
        and rule.from_trip in ("", one)
        and rule.to_trip in ("", other)
        and rule.from_route in ("", world.route_of.get(one))
        and rule.to_route in ("", world.route_of.get(other))
    ]
    if fitting:
        return min(fitting, key=Rule.rank).least
    return 0 if start == end else None


def best(journeys: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    found = {one for one in journeys if 0 <= one[0] < 60}
    beaten = {
        one
        for one in found
        for other in journeys
        if one != other and other[0] >= one[0] and other[1] <= one[1] and other[2] <= one[2]
    }
    return sorted(found - beaten)


def test_a_stop_with_rules_for_very_many_trips_says_what_becomes_of_the_rest() -> None:
    files = changing()
    files["trips.txt"] += "".join(f"R,S,n{number},\n" for number in range(300))
    files["stop_times.txt"] += "".join(
        f"n{number},07:00:00,07:00:00,A,0\nn{number},07:30:00,07:30:00,B,1\n" for number in range(300)
    )
    files["transfers.txt"] = rows(HEAD, [f"B,B,2,{60 * number},n{number},t2,," for number in range(300)])
    feed, reading = read(files)
    assert [(one.file, one.field, one.value) for one in reading.findings] == [
        ("transfers.txt", "from_trip_id, to_trip_id", "n249")
    ]
    assert "change there by its general rules" in reading.findings[0].consequence
    table = Timetable([feed], Linking.FEED)
    assert len(table.stops) - table.first_stand == 250
