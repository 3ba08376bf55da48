"""The range search on timetables small enough to answer by hand."""

import pytest

from onward.core.errors import BadInput, NotFound
from onward.core.window import Window
from onward.engines.journeys import Feed, Linking, Query, StopKey, Timetable, journey_values, search
from tests.engines.journeys.small_feeds import at, find, minutes, read, rows, shown, tables, timetable

CHOICES = {
    "direct": [("A", "08:00"), ("C", "11:00")],
    "first": [("A", "08:30"), ("B", "09:00")],
    "second": [("B", "09:02"), ("C", "10:00")],
    "slow": [("A", "07:00"), ("C", "11:30")],
    "late": [("A", "12:30"), ("C", "13:30")],
}


def test_journeys_are_kept_that_no_other_beats_in_leaving_arriving_and_vehicles() -> None:
    found = find(timetable(tables(CHOICES)), "A C", "06:00", hours=8)
    assert shown(found) == ["08:00-11:00 x1", "08:30-10:00 x2", "12:30-13:30 x1"]


def test_a_journey_that_a_departure_after_the_window_beats_is_dropped() -> None:
    table = timetable(tables(CHOICES))
    assert shown(find(table, "A C", "06:00", hours=1.5)) == []  # "slow" is beaten by "direct", which leaves at 08:00
    assert shown(find(table, "A C", "06:00", hours=2.25)) == ["08:00-11:00 x1"]


def test_the_window_holds_its_first_minute_and_not_its_last() -> None:
    table = timetable(tables(CHOICES))
    assert shown(find(table, "A C", "12:30", hours=1)) == ["12:30-13:30 x1"]
    assert find(table, "A C", "12:00", hours=0.5) == []


def test_a_change_takes_the_least_time_asked_for() -> None:
    table = timetable(tables(CHOICES))
    assert shown(find(table, "A C", "08:10")) == ["08:30-10:00 x2"]
    assert find(table, "A C", "08:10", min_change=minutes(3)) == []


def test_a_walk_takes_no_less_than_the_least_change_asked_for() -> None:
    files = tables({"t1": [("A", "08:00"), ("B", "09:00")], "t2": [("C", "09:04"), ("D", "10:00")]})
    files["transfers.txt"] = "from_stop_id,to_stop_id,transfer_type,min_transfer_time\nB,C,2,60\n"
    assert shown(find(timetable(files), "A D", "07:00", min_change=minutes(4))) == ["08:00-10:00 x2"]
    assert find(timetable(files), "A D", "07:00", min_change=minutes(5)) == []


def test_neither_more_vehicles_nor_more_time_than_allowed() -> None:
    table = timetable(tables(CHOICES))
    assert shown(find(table, "A C", "06:00", hours=6, max_vehicles=1)) == ["08:00-11:00 x1"]
    assert shown(find(table, "A C", "06:00", hours=6, max_travel=minutes(90))) == ["08:30-10:00 x2"]
    assert find(table, "A C", "06:00", hours=6, max_travel=minutes(89)) == []


def test_several_starts_and_ends_are_one_question() -> None:
    table = timetable(tables(CHOICES))
    window = Window(at("06:00"), at("13:00"))
    found = search(table, Query((StopKey("small:A"), StopKey("small:B")), (StopKey("small:C"),), window))
    started = [(one.legs[0].from_stop.stop_id, *shown([one])) for one in found]
    assert started == [("B", "09:02-10:00 x1"), ("A", "12:30-13:30 x1")]


def test_a_faster_trip_that_overtakes_is_taken() -> None:
    trips = {
        "slow": [("A", "08:00"), ("B", "08:30"), ("C", "10:00")],
        "fast": [("A", "08:10"), ("B", "08:35"), ("C", "09:00")],
    }
    table = timetable(tables(trips))
    assert shown(find(table, "A C", "07:00")) == ["08:10-09:00 x1"]
    assert shown(find(table, "A B", "07:00")) == ["08:00-08:30 x1", "08:10-08:35 x1"]


def test_a_start_where_a_passing_trip_may_not_be_boarded_is_passed_through() -> None:
    files = tables(
        {"out": [("A", "08:00"), ("B", "08:10")], "through": [("B", "08:30"), ("A", "08:40"), ("C", "09:00")]}
    )
    files["stop_times.txt"] = files["stop_times.txt"].replace("stop_sequence\n", "stop_sequence,pickup_type\n")
    files["stop_times.txt"] = files["stop_times.txt"].replace(",A,1\n", ",A,1,1\n")
    assert shown(find(timetable(files), "A C", "07:00")) == ["08:00-09:00 x2"]


def side_by_side(metres_north: float) -> list[Feed]:
    """Two feeds: one arrives at X at 09:00, the other leaves from Y, so far north of it, at 09:12."""
    one = tables({"t1": [("A", "08:00"), ("X", "09:00")]})
    two = tables({"t2": [("Y", "09:12"), ("B", "10:00")]})
    yard = f"Y,Yard,{40.1 + metres_north / 111_195},-74"
    two["stops.txt"] = rows("stop_id,stop_name,stop_lat,stop_lon", [yard, "B,Birch,45,-74"])
    return [read(one, name="one")[0], read(two, name="two")[0]]


def across(metres_north: float, linking: Linking) -> list[str]:
    """Journeys from A to B over the two feeds."""
    query = Query((StopKey("one:A"),), (StopKey("two:B"),), Window(at("07:00"), at("09:00")))
    return shown(search(Timetable(side_by_side(metres_north), linking), query))


def test_one_may_come_back_by_a_stop_beside_the_start_to_walk_on_from_there() -> None:
    trips = {"out": [("C", "08:00"), ("E", "08:10")], "back": [("E", "08:15"), ("B", "08:20")]}
    files = tables(trips | {"on": [("D", "08:30"), ("A", "08:40")]})
    head = "from_stop_id,to_stop_id,transfer_type,min_transfer_time"
    # B is no way off from C; but D, where the last trip leaves, can be walked to from B alone.
    files["transfers.txt"] = rows(head, ["C,B,2,0", "B,D,2,120"])
    assert shown(find(timetable(files), "C A", "07:50")) == ["08:00-08:40 x3"]


def test_one_walks_between_near_stations_of_two_feeds_unless_that_is_switched_off() -> None:
    assert across(300, Linking.NEARBY) == ["08:00-10:00 x2"]  # 300 m as the crow flies, 390 m to walk: six minutes
    assert across(300, Linking.FEED) == []
    assert across(300, Linking.OFF) == []
    assert across(2_000, Linking.NEARBY) == []


def test_walks_at_the_start_and_the_end_are_legs_with_their_time() -> None:
    feeds = side_by_side(300)
    table = Timetable(feeds)
    begin = search(table, Query((StopKey("one:X"),), (StopKey("two:B"),), Window(at("09:00"), at("10:00"))))
    assert [(leg.mode, f"{leg.depart_at:%H:%M}") for leg in begin[0].legs] == [("walk", "09:06"), ("rail", "09:12")]
    end = search(table, Query((StopKey("one:A"),), (StopKey("two:Y"),), Window(at("07:00"), at("09:00"))))
    assert [(leg.mode, f"{leg.arrive_at:%H:%M}") for leg in end[0].legs] == [("rail", "09:00"), ("walk", "09:06")]
    assert end[0].vehicles == 1


def test_the_json_form_has_the_keys_agreed_and_instants_with_offset() -> None:
    values = journey_values(find(timetable(tables(CHOICES)), "A C", "08:10")[0])
    price = ["fare_cents", "tax_cents", "fee_cents", "currency", "quoted_on"]
    keys = ["depart_at", "arrive_at", "vehicles", *price, "legs", "reasons", "warnings"]
    assert list(values) == keys
    assert values["fare_cents"] is None
    leg = values["legs"][0]  # type: ignore[index]
    names = ["mode", "agency", "route", "trip_id", "headsign", "service_on", "stays_seated"]
    assert list(leg) == [*names, "from", "to", "depart_at", "arrive_at"]
    assert leg["from"] == {"stop_id": "A", "name": "A Place", "lat": 40.0, "lon": -74.0}
    assert leg["depart_at"] == "2025-06-11T08:30:00-04:00"
    said = {"code": "fare_unknown", "text": "The fare is not known: ask the carrier.", "values": {}}
    assert values["warnings"] == [said]


def test_unknown_stops_and_limits_passed_are_said() -> None:
    table = timetable(tables(CHOICES))
    with pytest.raises(NotFound, match="There is no stop small:Q"):
        find(table, "A Q", "06:00")
    with pytest.raises(BadInput, match="longer than 72 hours"):
        find(table, "A C", "06:00", hours=24 * 365)
    with pytest.raises(BadInput, match="over 168 hours at most"):
        find(table, "A C", "06:00", max_travel=minutes(60 * 24 * 8))
    with pytest.raises(BadInput, match="from 1 to 8 vehicles"):
        find(table, "A C", "06:00", max_vehicles=9)
    with pytest.raises(BadInput, match="begins and ends at the same place"):
        find(table, "A A", "06:00")


def test_late_in_the_evening_a_train_of_that_day_is_found_where_utc_has_the_next_one_already() -> None:
    table = timetable(tables({"late": [("A", "22:30"), ("B", "23:30")]}))
    # 22:30 in New York is 02:30 UTC on the day after: the service day began two UTC days before that.
    assert shown(find(table, "A B", "21:30")) == ["22:30-23:30 x1"]
    assert shown(find(table, "A B", "2025-06-11 22:00", hours=1)) == ["22:30-23:30 x1"]
