"""Each oddity of real GTFS in a tiny feed: read right, and the journey over it right."""

import pytest

from onward.core.errors import BadInput
from onward.engines.journeys import Linking, read_feed
from tests.engines.journeys.small_feeds import DAY, find, minutes, read, rows, shown, tables, timetable, zipped

TWO_STOPS = {"t1": [("A", "08:00"), ("B", "09:00")]}


def test_a_trip_is_found_with_its_names_and_local_times() -> None:
    journey = find(timetable(tables(TWO_STOPS)), "A B", "07:00")[0]
    leg = journey.legs[0]
    assert (leg.trip_id, leg.agency, leg.route, leg.mode, leg.headsign) == (
        "t1",
        "Almanac",
        "The Line",
        "rail",
        "To the end",
    )
    assert (leg.from_stop.name, leg.to_stop.name) == ("A Place", "B Place")
    assert (journey.depart_at.isoformat(), journey.arrive_at.isoformat()) == (
        "2025-06-11T08:00:00-04:00",
        "2025-06-11T09:00:00-04:00",
    )
    assert [warning.code for warning in journey.warnings] == ["fare_unknown"]


def test_a_byte_order_mark_spaces_quotes_and_capitals_in_headers_do_not_matter() -> None:
    files = tables(TWO_STOPS)
    head, _, rest = files["stops.txt"].partition("\n")
    spaced = ", ".join(f'"{name.upper()}"' for name in head.split(","))
    files["stops.txt"] = "\ufeff" + spaced + "\r\n" + rest.replace(",", " , ").replace("\n", "\r\n")
    assert shown(find(timetable(files), "A B", "07:00")) == ["08:00-09:00 x1"]


def test_a_feed_in_a_folder_of_the_zip_and_in_an_older_encoding_is_read() -> None:
    files = tables(TWO_STOPS)
    raw = {f"feed/{name}": text for name, text in files.items()}
    assert read(raw)[0].summary.trips_kept == 1
    latin = dict(files, **{"stops.txt": files["stops.txt"].replace("A Place", "Montr\xe9al")})
    data = zipped({name: text.encode("cp1252") for name, text in latin.items()})
    feed, reading = read_feed(data, name="small")
    assert feed.stops[0].name == "Montréal"
    assert [(one.file, one.line) for one in reading.findings] == [("stops.txt", 2)]


def test_blank_times_are_spread_evenly_between_timed_stops() -> None:
    calls = [("A", "08:00"), ("B", ""), ("C", ""), ("D", "09:00"), ("E", "09:30")]
    table = timetable(tables({"t1": calls}))
    found = find(table, "B C", "07:00")
    assert shown(found) == ["08:20-08:40 x1"]
    assert [warning.code for warning in found[0].warnings] == ["fare_unknown", "times_approximate"]
    assert [warning.code for warning in find(table, "A E", "07:00")[0].warnings] == ["fare_unknown"]


def test_times_past_midnight_belong_to_the_service_day() -> None:
    table = timetable(tables({"night": [("A", "23:30"), ("B", "25:10")], "owl": [("B", "25:30"), ("C", "26:00")]}))
    journey = find(table, "A C", "22:00")[0]
    assert journey.depart_at.isoformat() == "2025-06-11T23:30:00-04:00"
    assert journey.arrive_at.isoformat() == "2025-06-12T02:00:00-04:00"
    assert shown(find(table, "B C", "2025-06-12 01:00")) == ["01:30-02:00 x1"]


def test_a_trip_that_began_four_days_before_is_boarded_on_its_way() -> None:
    table = timetable(tables({"long": [("A", "08:00"), ("B", "104:00"), ("C", "110:00")]}))
    found = find(table, "B C", "2025-06-15 07:00")
    assert [one.depart_at.isoformat() for one in found] == ["2025-06-15T08:00:00-04:00"]


def test_a_calendar_with_exceptions_runs_on_its_days_only() -> None:
    files = tables(TWO_STOPS)
    head = "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date"
    files["calendar.txt"] = rows(head, ["S,1,1,1,1,1,0,0,20250609,20250620"])
    files["calendar_dates.txt"] = rows("service_id,date,exception_type", ["S,20250611,2", "S,20250614,1"])
    feed = read(files)[0]
    table = timetable(files)
    on = {day: bool(find(table, "A B", f"2025-06-{day:02} 00:00", hours=24)) for day in range(8, 22)}
    assert [day for day, runs in on.items() if runs] == [9, 10, 12, 13, 14, 16, 17, 18, 19, 20]
    assert (feed.summary.first_on.isoformat(), feed.summary.last_on.isoformat()) == ("2025-06-09", "2025-06-20")


def test_frequencies_repeat_a_trip_and_say_when_they_are_not_exact() -> None:
    files = tables({"t1": [("A", "06:00"), ("B", "06:10")]})
    head = "trip_id,start_time,end_time,headway_secs,exact_times"
    files["frequencies.txt"] = rows(head, ["t1,08:00:00,09:00:00,1800,1", "t1,09:00:00,09:50:00,1200,0"])
    found = find(timetable(files), "A B", "05:00", hours=6)
    assert shown(found) == ["08:00-08:10 x1", "08:30-08:40 x1", "09:00-09:10 x1", "09:20-09:30 x1", "09:40-09:50 x1"]
    about = ["times_approximate" in [warning.code for warning in one.warnings] for one in found]
    assert about == [False, False, True, True, True]


def test_nobody_boards_or_alights_where_the_trip_does_not_allow_it() -> None:
    files = tables({"t1": [("A", "08:00"), ("B", "08:30"), ("C", "09:00"), ("D", "09:30")]})
    head = "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type"
    files["stop_times.txt"] = rows(
        head,
        [
            "t1,08:00:00,08:00:00,A,0,0,0",
            "t1,08:30:00,08:30:00,B,1,1.0,0",
            "t1,09:00:00,09:00:00,C,2,3,1",
            "t1,09:30:00,09:30:00,D,3,,2",
        ],
    )
    table = timetable(files)
    assert shown(find(table, "A B", "07:00")) == ["08:00-08:30 x1"]
    assert find(table, "B D", "07:00") == []
    assert find(table, "A C", "07:00") == []
    assert "arrange_with_carrier" in [warning.code for warning in find(table, "C D", "07:00")[0].warnings]


def test_a_loop_that_calls_twice_at_a_stop_is_ridden_the_right_way_round() -> None:
    table = timetable(
        tables({"loop": [("A", "08:00"), ("B", "08:10"), ("C", "08:20"), ("A", "08:30"), ("B", "08:40")]})
    )
    assert shown(find(table, "C B", "07:00")) == ["08:20-08:40 x1"]
    assert shown(find(table, "A B", "07:00")) == ["08:00-08:10 x1", "08:30-08:40 x1"]
    assert shown(find(table, "B A", "07:00")) == ["08:10-08:30 x1"]


def test_stop_times_may_come_in_any_order_with_gaps_in_their_sequence() -> None:
    files = tables({"t1": [("A", "08:00"), ("B", "08:30"), ("C", "09:00")]})
    head, *lines = files["stop_times.txt"].splitlines()
    renumbered = [line.rsplit(",", 1)[0] + f",{10 * n}" for n, line in enumerate(lines)]
    files["stop_times.txt"] = rows(head, renumbered[::-1])
    assert shown(find(timetable(files), "A C", "07:00")) == ["08:00-09:00 x1"]


STATION = {"t1": [("A", "08:00"), ("P1", "09:00")], "t2": [("P2", "09:10"), ("B", "10:00")]}


def with_station() -> dict[str, str]:
    files = tables(STATION)
    files["stops.txt"] = rows(
        "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station,stop_timezone,wheelchair_boarding",
        [
            "A,Alder,40,-74,,,,",
            "P,Great Station,41,-74,1,,America/Chicago,1",
            "P1,Great Station track 1,41,-74,0,P,,",
            "P2,Great Station track 2,41.001,-74,0,P,,2",
            "P3,Great Station door,41,-74,2,P,,",
            "B,Birch,42,-74,,,,",
        ],
    )
    return files


def test_one_changes_between_the_tracks_of_a_station_on_foot() -> None:
    found = find(timetable(with_station()), "A B", "07:00")
    assert shown(found) == ["08:00-10:00 x2"]
    ride, walk, _ = found[0].legs
    assert (walk.mode, walk.from_stop.stop_id, walk.to_stop.stop_id) == ("walk", "P1", "P2")
    assert ride.arrive_at.isoformat() == "2025-06-11T08:00:00-05:00"  # the station's own clock


def test_a_station_stands_for_its_tracks_and_gives_them_zone_and_access() -> None:
    table = timetable(with_station())
    assert shown(find(table, "A P", "07:00")) == ["08:00-08:00 x1"]
    access = {stop.stop_id: stop.wheelchair for stop in table.stops}
    assert access == {"A": None, "P": True, "P1": True, "P2": False, "B": None}


def test_with_linking_off_tracks_are_apart() -> None:
    assert find(timetable(with_station(), linking=Linking.OFF), "A B", "07:00") == []


def transfers(*lines: str) -> str:
    head = "from_stop_id,to_stop_id,transfer_type,min_transfer_time,from_trip_id,to_trip_id"
    return rows(head, list(lines))


CHANGE = {
    "t1": [("A", "08:00"), ("B", "09:00")],
    "t2": [("B", "09:05"), ("C", "10:00")],
    "t3": [("B", "09:20"), ("C", "10:30")],
}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("B,B,0,", "08:00-10:00 x2"),
        ("B,B,2,600", "08:00-10:30 x2"),
        ("B,B,2,60", "08:00-10:00 x2"),
        ("B,B,2,601", "08:00-10:30 x2"),
        ("B,B,3,", None),
    ],
)
def test_a_feed_lengthens_or_forbids_a_change_at_a_stop(rule: str, expected: str | None) -> None:
    files = tables(CHANGE)
    files["transfers.txt"] = transfers(f"{rule},,")
    assert shown(find(timetable(files), "A C", "07:00")) == ([expected] if expected else [])
    assert shown(find(timetable(files, linking=Linking.OFF), "A C", "07:00")) == ["08:00-10:00 x2"]


def test_a_party_that_needs_longer_is_never_given_the_feeds_shorter_change() -> None:
    files = tables(CHANGE)
    files["transfers.txt"] = transfers("B,B,2,60,,")
    assert shown(find(timetable(files), "A C", "07:00", min_change=minutes(10))) == ["08:00-10:30 x2"]


def test_transfers_join_two_stops_and_a_stations_rule_holds_for_its_tracks() -> None:
    files = with_station()
    files["transfers.txt"] = transfers("P,P,2,900,,")
    assert find(timetable(files), "A B", "07:00") == []
    files["transfers.txt"] = transfers("P1,P2,3,,,")
    assert find(timetable(files), "A B", "07:00") == []
    apart = tables({"t1": [("A", "08:00"), ("B", "09:00")], "t2": [("C", "09:10"), ("D", "10:00")]})
    assert find(timetable(apart), "A D", "07:00") == []
    apart["transfers.txt"] = transfers("B,C,2,300,,")
    assert shown(find(timetable(apart), "A D", "07:00")) == ["08:00-10:00 x2"]


def test_rules_that_cannot_be_read_are_findings_and_the_others_hold() -> None:
    files = tables(CHANGE)
    files["transfers.txt"] = transfers("B,B,3,,t1,t2", "B,B,1,,t1,t3", "B,Z,2,60,,", "B,B,9,,,", "B,B,2,soon,,")
    feed, reading = read(files)
    assert shown(find(timetable(files), "A C", "07:00")) == ["08:00-10:30 x2"]
    assert [(one.kind, one.from_trip, one.to_trip) for one in feed.transfers] == [(3, "t1", "t2"), (1, "t1", "t3")]
    assert [(one.file, one.line, one.field, one.value) for one in reading.findings] == [
        ("transfers.txt", 4, "to_stop_id", "Z"),
        ("transfers.txt", 5, "transfer_type", "9"),
        ("transfers.txt", 6, "min_transfer_time", "soon"),
    ]


def test_a_feed_without_agency_asks_for_its_zone_and_is_read_with_one() -> None:
    files = tables(TWO_STOPS)
    del files["agency.txt"]
    files["stops.txt"] = (
        files["stops.txt"].replace("stop_lon\n", "stop_lon,stop_timezone\n").replace(",-74\n", ",-74,America/Halifax\n")
    )
    with pytest.raises(BadInput) as caught:
        read(files)
    assert (caught.value.code, caught.value.field) == ("feed.zone_missing", "zone")
    assert "--zone America/Halifax" in str(caught.value)
    with pytest.raises(BadInput, match="“Mars/Olympus” .* is not a time zone"):
        read(files, zone="Mars/Olympus")
    feed, reading = read(files, name="ne_vre", zone="America/Toronto")
    assert (feed.summary.zone, feed.summary.title, feed.routes[0].agency) == ("America/Toronto", "VRE", "VRE")
    assert [(one.file, one.line) for one in reading.findings] == [("agency.txt", 0)]


def test_each_agency_keeps_its_own_zone_where_a_feed_has_several() -> None:
    files = tables({"t1": [("A", "08:00"), ("B", "09:00")], "t2": [("A", "08:00"), ("B", "09:00")]})
    files["agency.txt"] += "Y,Other,http://y.example,America/Chicago\n"
    files["routes.txt"] += "Q,Y,7,,200\n"
    files["trips.txt"] = files["trips.txt"].replace("R,S,t2", "Q,S,t2")
    found = find(timetable(files), "A B", "07:00")
    assert [(one.legs[0].trip_id, one.legs[0].mode, f"{one.depart_at:%H:%M}") for one in found] == [
        ("t1", "rail", "08:00"),
        ("t2", "coach", "09:00"),
    ]
    assert any(one.field == "agency_timezone" for one in read(files)[1].findings)


def test_feed_info_and_wheelchairs_are_read() -> None:
    files = tables(TWO_STOPS)
    files["feed_info.txt"] = (
        "feed_publisher_name,feed_publisher_url,feed_lang,feed_version\nAlmanac Press,http://x.example,en,7b\n"
    )
    files["trips.txt"] = rows("route_id,service_id,trip_id,trip_short_name,wheelchair_accessible", ["R,S,t1,69,1"])
    summary = read(files)[0].summary
    assert (summary.publisher, summary.publisher_version) == ("Almanac Press", "7b")
    leg = find(timetable(files), "A B", "07:00")[0].legs[0]
    assert (leg.number, leg.wheelchair) == ("69", True)


def test_seconds_are_rounded_down_as_printed_timetables_do() -> None:
    files = tables(TWO_STOPS)
    files["stop_times.txt"] = files["stop_times.txt"].replace("08:00:00,08:00:00", " 8:00:59,8:00:59")
    assert shown(find(timetable(files), "A B", "07:00")) == ["08:00-09:00 x1"]


def test_the_same_feed_gives_the_same_compiled_feed() -> None:
    assert read(tables(TWO_STOPS)) == read(tables(TWO_STOPS))
    assert read(tables(TWO_STOPS))[0].summary.first_on.strftime("%Y%m%d") == DAY
