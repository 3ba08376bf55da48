"""Hand-worked: the nights of 2025-03-09 and 2025-11-02, when clocks go forward and back, to Montréal and to Chicago."""

from datetime import timedelta

from onward.core.window import Window
from onward.engines.journeys import Feed, Journey, Query, StopKey, Timetable, search
from tests.engines.journeys.small_feeds import Calls, at, find, minutes, read, rows, shown, tables, timetable

# GTFS counts a service day's times from noon less twelve hours. On 9 March noon is 16:00 UTC, so its times count from
# 04:00 UTC, which is 23:00 on the 8th; on 8 March they count from 05:00 UTC, midnight. On 1 November they count from
# 04:00 UTC, midnight; on 2 November from 05:00 UTC, which is 01:00 in summer time.


def test_in_spring_a_night_train_arrives_an_hour_later_on_the_clock() -> None:
    table = timetable(tables({"night": [("A", "23:30"), ("B", "27:30")]}, days="20250308"))
    journey = find(table, "A B", "2025-03-08 22:00")[0]
    # 23:30 is 04:30 UTC on the 9th; 27:30 is 08:30 UTC, 04:30 on clocks that have gone forward: four hours' ride.
    assert journey.depart_at.isoformat() == "2025-03-08T23:30:00-05:00"
    assert journey.arrive_at.isoformat() == "2025-03-09T04:30:00-04:00"
    assert (journey.arrive_at.timestamp() - journey.depart_at.timestamp()) / 3600 == 4


def test_in_spring_a_train_of_the_new_day_is_met_after_the_change() -> None:
    trips = {"night": [("A", "23:30"), ("B", "27:30")]}
    files = tables(trips, days="20250308")
    files["trips.txt"] += "R,T,early,\nR,T,late,\n"
    files["stop_times.txt"] += "early,04:31:00,04:31:00,B,0\nearly,05:00:00,05:00:00,A,1\n"
    files["stop_times.txt"] += "late,05:15:00,05:15:00,B,0\nlate,06:00:00,06:00:00,A,1\n"
    files["calendar_dates.txt"] += "T,20250309,1\n"
    # "early" leaves B at 04:31 on the 9th: 04:00 UTC + 4:31 = 08:31 UTC, one minute after the night train arrives.
    back = find(timetable(files), "B A", "2025-03-09 03:00")
    assert [one.depart_at.isoformat() for one in back] == ["2025-03-09T04:31:00-04:00", "2025-03-09T05:15:00-04:00"]


def test_in_autumn_the_hour_that_comes_twice_is_told_apart() -> None:
    table = timetable(tables({"night": [("A", "23:30"), ("B", "25:30"), ("C", "26:30")]}, days="20251101"))
    journey = find(table, "A C", "2025-11-01 22:00")[0]
    # 25:30 is 05:30 UTC: 01:30 summer time. 26:30 is 06:30 UTC: 01:30 again, standard time.
    assert journey.depart_at.isoformat() == "2025-11-01T23:30:00-04:00"
    assert journey.arrive_at.isoformat() == "2025-11-02T01:30:00-05:00"
    assert shown(find(table, "B C", "2025-11-02 00:00", hours=6)) == ["01:30-01:30 x1"]


def test_in_autumn_a_change_across_the_night_waits_the_hours_that_really_pass() -> None:
    files = tables({"night": [("A", "23:30"), ("B", "27:30")]}, days="20251101")
    files["stops.txt"] += "C,Chicago,41.9,-87.6\n"
    files["trips.txt"] += "R,T,day,\n"
    files["stop_times.txt"] += "day,03:00:00,03:00:00,B,0\nday,15:00:00,15:00:00,C,1\n"
    files["calendar_dates.txt"] += "T,20251102,1\n"
    files["stops.txt"] = (
        files["stops.txt"]
        .replace("stop_lon\n", "stop_lon,stop_timezone\n")
        .replace("-87.6\n", "-87.6,America/Chicago\n")
    )
    journey = find(timetable(files), "A C", "2025-11-01 22:00")[0]
    arrive_b, depart_b = journey.legs[0].arrive_at, journey.legs[1].depart_at
    # 27:30 from 04:00 UTC is 07:30 UTC, 02:30 standard time; 03:00 from 05:00 UTC is 08:00 UTC, 03:00: half an hour.
    assert (arrive_b.isoformat(), depart_b.isoformat()) == ("2025-11-02T02:30:00-05:00", "2025-11-02T03:00:00-05:00")
    assert journey.arrive_at.isoformat() == "2025-11-02T14:00:00-06:00"
    assert (journey.arrive_at.timestamp() - journey.depart_at.timestamp()) / 3600 == 16.5


# Two carriers, each with its own zone: "us" has its times in New York's, "ca" in Toronto's, and a coach in Chicago's.
# All three zones change their clocks at two in the morning of the same night, Chicago's an hour after the others.
# Service day 8 March counts from 05:00 UTC in New York and Toronto, from 06:00 UTC in Chicago; 9 March, whose noon is
# an hour earlier in UTC, from 04:00 and 05:00 UTC; 1 November from 04:00 and 05:00; 2 November from 05:00 and 06:00.

PLACES = {
    "NYP": "New York,40.750,-73.994,America/New_York",
    "ALB": "Albany,42.641,-73.741,America/New_York",
    "RSP": "Rouses Point,44.995,-73.371,America/New_York",
    "MTR": "Montréal,45.500,-73.566,America/Toronto",
    "BUF": "Buffalo,42.878,-78.874,America/New_York",
    "CHI": "Chicago,41.879,-87.639,America/Chicago",
}


def carrier(name: str, zone: str, day: str, trips: dict[str, Calls]) -> Feed:
    files = tables(trips, zone=zone, days=day)
    named = [f"{stop},{PLACES[stop]}" for stop in dict.fromkeys(stop for calls in trips.values() for stop, _ in calls)]
    files["stops.txt"] = rows("stop_id,stop_name,stop_lat,stop_lon,stop_timezone", named)
    return read(files, name=name)[0]


def night(day: str, after: str) -> Timetable:
    """A night train to Albany, from there a train of the new day to Montréal; a night coach to Chicago by Buffalo."""
    return Timetable(
        [
            carrier("us", "America/New_York", day, {"late": [("NYP", "22:15"), ("ALB", "24:45")]}),
            carrier("ca", "America/Toronto", after, {"early": [("ALB", "04:30"), ("RSP", "08:00"), ("MTR", "10:00")]}),
            carrier("lake", "America/New_York", day, {"coach": [("NYP", "21:00"), ("BUF", "26:30")]}),
            carrier("west", "America/Chicago", day, {"on": [("BUF", "27:00"), ("CHI", "35:00")]}),
        ]
    )


def asked(table: Timetable, end: str, begin: str) -> Journey:
    """The one best journey from any stop in New York within five hours."""
    origins = tuple(StopKey(f"{feed}:NYP") for feed in ("us", "lake"))
    start = at(begin)
    query = Query(origins, (StopKey(end),), Window(start, start + timedelta(hours=5)), min_change=minutes(10))
    (found,) = search(table, query)
    return found


def clocks(journey: Journey) -> list[str]:
    """When each leg leaves and arrives, on the clocks there."""
    return [at_.isoformat() for leg in journey.legs if not leg.is_walk for at_ in (leg.depart_at, leg.arrive_at)]


def hours(journey: Journey) -> float:
    return (journey.arrive_at.timestamp() - journey.depart_at.timestamp()) / 3600


def test_to_montreal_in_the_spring_night_the_wait_in_albany_is_an_hour_shorter() -> None:
    journey = asked(night("20250308", "20250309"), "ca:MTR", "2025-03-08 20:00")
    # 22:15 and 24:45 from 05:00 UTC are 03:15 and 05:45 UTC on the 9th: 22:15 and 00:45 in winter time.
    # 04:30 and 10:00 from 04:00 UTC are 08:30 and 14:00 UTC: 04:30 and 10:00 in summer time, which began at 07:00 UTC.
    assert clocks(journey) == [
        "2025-03-08T22:15:00-05:00",
        "2025-03-09T00:45:00-05:00",
        "2025-03-09T04:30:00-04:00",
        "2025-03-09T10:00:00-04:00",
    ]
    assert hours(journey) == 10.75  # 03:15 to 14:00 UTC; the clocks on the walls are 11:45 apart


def test_to_montreal_in_the_autumn_night_the_wait_in_albany_is_an_hour_longer() -> None:
    journey = asked(night("20251101", "20251102"), "ca:MTR", "2025-11-01 20:00")
    # 22:15 and 24:45 from 04:00 UTC are 02:15 and 04:45 UTC on the 2nd: 22:15 and 00:45 in summer time.
    # 04:30 and 10:00 from 05:00 UTC are 09:30 and 15:00 UTC: 04:30 and 10:00 in winter time, which began at 06:00 UTC.
    assert clocks(journey) == [
        "2025-11-01T22:15:00-04:00",
        "2025-11-02T00:45:00-04:00",
        "2025-11-02T04:30:00-05:00",
        "2025-11-02T10:00:00-05:00",
    ]
    assert hours(journey) == 12.75


def test_to_chicago_in_the_spring_night_the_coaches_meet_though_their_zones_count_apart() -> None:
    journey = asked(night("20250308", "20250309"), "west:CHI", "2025-03-08 20:00")
    # 21:00 and 26:30 from 05:00 UTC are 02:00 and 07:30 UTC: 21:00 winter time, and half past three in the summer time
    # that began at 07:00. 27:00 and 35:00 from 06:00 UTC are 09:00 and 17:00 UTC: 05:00 in Buffalo; noon in Chicago,
    # where summer time began at 08:00 UTC. The wait is an hour and a half.
    assert clocks(journey) == [
        "2025-03-08T21:00:00-05:00",
        "2025-03-09T03:30:00-04:00",
        "2025-03-09T05:00:00-04:00",
        "2025-03-09T12:00:00-05:00",
    ]
    assert hours(journey) == 15


def test_to_chicago_in_the_autumn_night_the_hour_that_comes_twice_is_counted_twice() -> None:
    journey = asked(night("20251101", "20251102"), "west:CHI", "2025-11-01 20:00")
    # 21:00 and 26:30 from 04:00 UTC are 01:00 and 06:30 UTC: 21:00 summer time, and half past one for the second time,
    # in the winter time that began at 06:00. 27:00 and 35:00 from 05:00 UTC are 08:00 and 16:00 UTC: 03:00 in Buffalo;
    # ten in Chicago, where winter time began at 07:00 UTC.
    assert clocks(journey) == [
        "2025-11-01T21:00:00-04:00",
        "2025-11-02T01:30:00-05:00",
        "2025-11-02T03:00:00-05:00",
        "2025-11-02T10:00:00-06:00",
    ]
    assert hours(journey) == 15


def test_the_nights_before_and_after_are_as_the_clocks_say() -> None:
    for day, after, offset in (("20250307", "20250308", "-05:00"), ("20251103", "20251104", "-05:00")):
        on = f"{day[:4]}-{day[4:6]}-{day[6:]}"
        journey = asked(night(day, after), "ca:MTR", f"{on} 20:00")
        assert clocks(journey)[0] == f"{on}T22:15:00{offset}"
        assert hours(journey) == 11.75
