"""One feed with every oddity of GTFS at once: it loads, and each answer over it is right."""

import pytest

from onward.core.errors import BadInput
from onward.engines.journeys import Feed, Finding, Reading, Stop, StopKey, read_feed
from onward.engines.journeys.feedfile import from_bytes, to_bytes
from onward.engines.journeys.links import Linking
from onward.engines.journeys.timetable import Timetable
from tests.engines.journeys.small_feeds import find, minutes, rows, shown, zipped

# Two carriers in two zones. A byte order mark, spaces and capitals in the header, a name over two lines in quotes.
AGENCY = (
    '\ufeffagency_id, agency_name ,"AGENCY_TIMEZONE"\n'
    'E,"East\nRail",America/New_York\n'
    "C,Central Coach,America/Chicago\n"
)

STOPS = rows(
    "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station,stop_timezone,wheelchair_boarding",
    [
        "A,Alder,40.0,-74,,,,1",
        "B,Birch,40.5,-74,0,,,",
        "S,Sycamore Station,41.0,-74,1,,,1",  # a station, step-free
        "S1,Sycamore track 1,41.0,-74,0,S,,",  # as the station
        "S2,Sycamore track 2,41.0005,-74,0,S,,2",  # not step-free itself
        "Sdoor,Sycamore door,41.0,-74,2,S,,1",  # an entrance
        "Snode,,,,3,S,,",  # a generic node, nameless and nowhere
        "Sarea,Boarding area,,,4,S1,,",  # a boarding area of a track
        "D,Dogwood,41.5,-74,,,,",
        "W,Willow,42.0,-87,,,America/Chicago,",  # its clock is an hour behind its train's timetable
        "X,Yew,42.5,-87,,,,",
        "Z,Zelkova,,,,,,",  # no place on the map
    ],
)

ROUTES = rows(
    "route_id,agency_id,route_short_name,route_long_name,route_type,continuous_pickup",
    ["R,E,,Valley Line,2,", "L,E,7,,100.0,", "K,C,900,,208,0", "F,E,F,,1200,"],
)

TRIPS = rows(
    "route_id,service_id,trip_id,trip_headsign,trip_short_name,direction_id,block_id,wheelchair_accessible",
    [
        "R,WEEK,blank,Sycamore,1,0,,1",
        "R,WEEK,later,Dogwood,3,0,,2",
        "R,WEEK,soon,Dogwood,5,0,,",
        "L,ONLY,night,Willow,9,0,,",
        "L,ONLY,long,Yew,11,0,,",
        "L,WEEK,loop,Round,13,0,,",
        "K,WEEK,coach,Yew,,0,,",
        "F,WEEK,exact,Ferry,,0,,",
        "F,WEEK,about,Ferry,,0,,",
        "R,WEEK,block1,Birch,21,0,b1,",
        "L,WEEK,block2,Sycamore,23,0,b1,",
        "L,WEEK,block3,Dogwood,25,1,b1,",
        "R,WEEK,ghostly,Nowhere,,,,",  # stops where no vehicle calls
    ],
)

STOP_TIMES = rows(
    "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type,timepoint",
    [
        # Out of order, with gaps, seconds, one-digit hours and a spreadsheet's decimals; B is not timed.
        "blank,09:00:30,09:00:30,S1,30.0,1,0,1",
        "blank,8:00:45,8:00:45,A,10,0,1,1",
        "blank,,,B,20,,,",
        "soon,09:04:00,09:04:00,S2,1,,,1",
        "soon,09:30:00,09:30:00,D,2,,,1",
        "later,09:20:00,09:20:00,S2,1,,,1",
        "later,09:50:00,09:50:00,D,2,3,2,1",  # to get off at D one tells the driver
        # Past midnight, and over four days.
        "night,23:30:00,23:40:00,A,0,,,",
        "night,25:10:00,25:10:00,D,1,,,",
        "night,31:00:00,31:00:00,W,2,,,",
        "long,06:00:00,06:00:00,A,0,,,",
        "long,107:00:00,107:30:00,W,1,,,",
        "long,109:00:00,109:00:00,X,2,,,",
        # A loop, and a stop that is called at twice in a row.
        "loop,12:00:00,12:00:00,A,0,,,",
        "loop,12:10:00,12:10:00,B,1,,,",
        "loop,12:10:00,12:12:00,B,2,,,",
        "loop,12:30:00,12:30:00,D,3,,,",
        "loop,12:50:00,12:50:00,A,4,,,",
        # The coach's times are Chicago's; at W nobody gets off, at D nobody gets on.
        "coach,06:00:00,06:00:00,D,0,1,,0",
        "coach,07:00:00,07:00:00,W,1,,1,0",
        "coach,08:00:00,08:00:00,X,2,,,0",
        "exact,05:00:00,05:00:00,A,0,,,",
        "exact,05:10:00,05:10:00,D,1,,,",
        "about,05:00:00,05:00:00,D,0,,,",
        "about,05:20:00,05:20:00,B,1,,,",
        "block1,14:00:00,14:00:00,A,0,,,",
        "block1,14:30:00,14:30:00,B,1,,,",
        "block2,14:31:00,14:31:00,B,0,,,",
        "block2,15:00:00,15:00:00,S1,1,,,",
        "block3,15:11:00,15:11:00,S1,0,,,",
        "block3,15:30:00,15:30:00,D,1,,,",
        "ghostly,10:00:00,10:00:00,A,0,,,",
        "ghostly,10:30:00,10:30:00,Sdoor,1,,,",
    ],
)

FEED = {
    "agency.txt": AGENCY,
    "stops.txt": STOPS,
    "routes.txt": ROUTES,
    "trips.txt": TRIPS,
    "stop_times.txt": STOP_TIMES,
    # WEEK runs on weekdays but not on Thursday the 12th; ONLY is in calendar_dates.txt alone.
    "calendar.txt": rows(
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date",
        ["WEEK,1,1,1,1,1,0,0,20250609,20250613"],
    ),
    "calendar_dates.txt": rows("service_id,date,exception_type", ["WEEK,20250612,2", "ONLY,20250611,1"]),
    "frequencies.txt": rows(
        "trip_id,start_time,end_time,headway_secs,exact_times",
        ["exact,10:00:00,11:00:00,1800,1", "about,11:00:00,11:45:00,1200,0"],
    ),
    # Ten minutes between the tracks of Sycamore, but "later" waits for "blank"; nobody changes at Birch; block3 is the
    # vehicle of block2, where one must get off; Zelkova is joined to Yew by the feed alone.
    "transfers.txt": rows(
        "from_stop_id,to_stop_id,transfer_type,min_transfer_time,from_trip_id,to_trip_id,from_route_id,to_route_id",
        [
            "S,S,2,600,,,,",
            "S1,S2,2,1320,,,R,R",
            "S1,S2,1,,blank,later,,",
            "B,B,3,,,,,",
            ",,5,,block2,block3,,",
            "X,Z,0,,,,,",
        ],
    ),
    "feed_info.txt": "feed_publisher_name,feed_publisher_url,feed_lang,feed_version\nAlmanac,http://x.example,en,7\n",
}


@pytest.fixture(scope="module")
def made() -> tuple[Feed, Reading]:
    feed, reading = read_feed(zipped(FEED), name="small")
    return from_bytes(to_bytes(feed), "small"), reading


@pytest.fixture(scope="module")
def table(made: tuple[Feed, Reading]) -> Timetable:
    return Timetable([made[0]], Linking.FEED)


def test_it_loads_without_its_one_bad_trip_and_says_what_is_odd(made: tuple[Feed, Reading]) -> None:
    feed, reading = made
    assert reading.summary() == ("East Rail: 1 of 13 trips left out: stop_times.txt names stops that stops.txt lacks",)
    assert (feed.summary.first_on.isoformat(), feed.summary.last_on.isoformat()) == ("2025-06-09", "2025-06-13")
    places = [(one.file, one.line, one.field, one.value) for one in reading.findings]
    assert places == [
        ("agency.txt", 0, "agency_timezone", "America/Chicago, America/New_York"),
        ("routes.txt", 4, "continuous_pickup", "0"),
        ("stop_times.txt", 34, "stop_id", "Sdoor"),
        ("stops.txt", 13, "stop_lat, stop_lon", ", "),
    ]
    assert all(one.consequence.endswith(".") for one in reading.findings)
    assert says(reading.findings, "Sdoor") == (
        "An entrance or another part of a station, where no vehicle calls: trip ghostly is left out."
    )


def says(findings: tuple[Finding, ...], value: str) -> str:
    return next(one.consequence for one in findings if one.value == value)


def codes(table: Timetable, ends: str, begin: str) -> set[str]:
    return {one.code for one in find(table, ends, begin)[0].warnings} - {"fare_unknown"}


def test_blank_times_are_spread_and_seconds_cut_off(table: Timetable) -> None:
    assert shown(find(table, "A B", "07:00", hours=2)) == ["08:00-08:31 x1"]  # midway, 08:30:37, to the minute
    assert codes(table, "A B", "07:00") == {"times_approximate"}
    assert shown(find(table, "A S1", "07:00", hours=2)) == ["08:00-09:00 x1"]
    assert codes(table, "A S1", "07:00") == set()
    assert find(table, "B A", "07:00", hours=2) == []


def test_the_most_particular_rule_holds_between_the_tracks_of_a_station(table: Timetable) -> None:
    found = find(table, "A D", "07:00", hours=2)
    assert shown(found) == ["08:00-09:50 x2"]  # ten minutes miss 09:04; twenty-two would miss 09:20, which waits
    assert [leg.trip_id for leg in found[0].legs] == ["blank", "", "later"]
    assert codes(table, "A D", "07:00") == {"arrange_with_carrier"}


def test_a_station_stands_for_its_tracks(table: Timetable) -> None:
    assert shown(find(table, "A S", "07:00", hours=2)) == ["08:00-09:00 x1"]
    assert [leg.number for one in find(table, "S D", "09:00", hours=1) for leg in one.legs] == ["5", "3"]
    assert "Sdoor" not in {stop.stop_id for stop in table.stops}


def test_step_free_access_is_the_stops_else_its_stations(table: Timetable) -> None:
    access = {stop.stop_id: stop.wheelchair for stop in table.stops}
    assert [access[stop] for stop in ("A", "B", "S", "S1", "S2")] == [True, None, True, True, False]
    aboard = {
        leg.trip_id: leg.wheelchair
        for ends in ("A S1", "S2 D")
        for one in find(table, ends, "08:00")
        for leg in one.legs
    }
    assert (aboard["blank"], aboard["later"], aboard["soon"]) == (True, False, None)


def test_a_night_train_belongs_to_the_day_before_and_shows_each_stops_own_clock(table: Timetable) -> None:
    journey = find(table, "A W", "23:00")[0]
    assert journey.depart_at.isoformat() == "2025-06-11T23:40:00-04:00"
    assert journey.arrive_at.isoformat() == "2025-06-12T06:00:00-05:00"  # 31:00 in New York is 07:00, 06:00 in Chicago
    assert shown(find(table, "D W", "2025-06-12 01:00")) == ["01:10-06:00 x1"]


def test_a_trip_of_four_days_is_boarded_on_its_fifth(table: Timetable) -> None:
    found = find(table, "W X", "2025-06-15 11:00")  # 107:30 is 11:30 on the fourth day after
    assert [one.depart_at.isoformat() for one in found] == ["2025-06-15T10:30:00-05:00"]
    assert [one.arrive_at.isoformat() for one in found] == ["2025-06-15T13:00:00-04:00"]


def test_a_loop_is_ridden_the_right_way_and_a_stop_twice_in_a_row_is_one(table: Timetable) -> None:
    assert shown(find(table, "A B", "12:00", hours=1)) == ["12:00-12:10 x1"]
    assert shown(find(table, "B D", "12:00", hours=1)) == ["12:12-12:30 x1"]
    assert shown(find(table, "D A", "12:00", hours=1)) == ["12:30-12:50 x1"]


def test_the_coach_keeps_its_own_zone_and_its_rules_for_getting_on_and_off(table: Timetable) -> None:
    assert find(table, "D W", "05:00", hours=6) == []
    assert find(table, "D X", "05:00", hours=6) == []
    found = find(table, "W X", "05:00", hours=6)
    assert [(one.depart_at.isoformat(), one.arrive_at.isoformat()) for one in found] == [
        ("2025-06-11T07:00:00-05:00", "2025-06-11T09:00:00-04:00")
    ]
    assert (found[0].legs[0].mode, found[0].legs[0].agency) == ("coach", "Central Coach")
    assert codes(table, "W X", "05:00") == {"times_approximate"}  # timepoint 0


def test_frequencies_exact_and_not(table: Timetable) -> None:
    assert shown(find(table, "A D", "10:00", hours=1)) == ["10:00-10:10 x1", "10:30-10:40 x1"]
    assert shown(find(table, "D B", "11:00", hours=1)) == ["11:00-11:20 x1", "11:20-11:40 x1", "11:40-12:00 x1"]
    assert codes(table, "A D", "10:00") == set()
    assert codes(table, "D B", "11:00") == {"times_approximate"}


def test_nobody_changes_at_birch_but_who_stays_seated_goes_through(table: Timetable) -> None:
    found = find(table, "A S1", "13:30", hours=1)
    assert shown(found) == ["14:00-15:00 x1"]
    assert [(leg.trip_id, leg.stays_seated) for leg in found[0].legs] == [("block1", False), ("block2", True)]
    # From block2 to block3 one must get off, so the station's ten minutes and the party's own hold.
    assert shown(find(table, "B D", "14:00", hours=1)) == ["14:31-15:30 x2"]
    assert find(table, "B D", "14:00", hours=1, min_change=minutes(12)) == []


def test_services_run_on_their_days(table: Timetable) -> None:
    days = [day for day in range(8, 16) if find(table, "A S1", f"2025-06-{day:02} 07:00", hours=2)]
    assert days == [9, 10, 11, 13]
    assert find(table, "A W", "2025-06-10 23:00") == []


def test_a_stop_without_a_place_is_reached_as_the_feed_says(table: Timetable) -> None:
    assert shown(find(table, "W Z", "05:00", hours=6)) == ["07:00-09:00 x1"]
    lost: Stop = table.get_stop(StopKey("small:Z"))
    assert (lost.lat, lost.lon) == (None, None)


def test_without_its_agencies_it_asks_in_which_zone_its_times_are() -> None:
    with pytest.raises(BadInput, match=r"no agency\.txt, so nothing says in which time zone") as caught:
        read_feed(zipped({name: text for name, text in FEED.items() if name != "agency.txt"}), name="small")
    assert "--zone America/Chicago" in str(caught.value)
