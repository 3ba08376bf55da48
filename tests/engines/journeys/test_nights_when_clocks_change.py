"""Hand-worked: the nights of 2025-03-09 and 2025-11-02 in New York, when clocks go forward and back."""

from tests.engines.journeys.small_feeds import find, shown, tables, timetable

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
