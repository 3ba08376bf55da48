"""Each journey says why it is there and what is hard about it; what nobody recorded is not known."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from onward.core.errors import BadInput
from onward.core.window import Window
from onward.engines.journeys import Journey, Query, StopKey, Timetable, search
from onward.engines.journeys.asjson import journey_values
from onward.engines.journeys.hardship import OpenHours, waits
from onward.engines.journeys.kept import read_delays, read_seats
from onward.engines.journeys.reasons import Circumstances, changes_of, remarked
from onward.engines.journeys.risk import DelayRecord, Delays, Watched, odds_of_missing
from onward.engines.journeys.seats import Departure, SeatCount
from tests.engines.journeys.small_feeds import at, rows, tables, timetable

TRIPS = {
    "day": [("NYC", "08:00"), ("Montreal", "18:00")],
    "t1": [("NYC", "20:00"), ("Albany", "23:30")],
    "t2": [("Albany", "26:30"), ("Montreal", "30:10")],
    "late": [("NYC", "12:00"), ("Albany", "14:51")],
    "on": [("Albany", "15:00"), ("Montreal", "19:00")],
    "after": [("Albany", "20:00"), ("Montreal", "24:00")],
}
ENDS = (StopKey("small:NYC"),), (StopKey("small:Montreal"),)
QUERY = Query(*ENDS, Window(at("06:00"), at("22:00")))
DESK = OpenHours("America/New_York", tuple((day * 1440 + 480, day * 1440 + 1320) for day in range(7)), "the desk")
RECORD = DelayRecord((0, 5, 10, 30), (60, 15, 15, 10), date(2025, 1, 1), date(2025, 5, 31), "the carrier's own log")


def judged(table: Timetable, **given: object) -> list[Journey]:
    return remarked(
        search(table, QUERY),
        Circumstances(QUERY, searching=lambda query: search(table, query), **given),  # type: ignore[arg-type]
    )


def said(journey: Journey) -> list[str]:
    return [str(one) for one in journey.warnings if one.code != "fare_unknown"]


def test_a_night_wait_in_albany_with_children_is_named() -> None:
    night = judged(timetable(tables(TRIPS)), has_children=True)[-1]
    assert "A wait of 3 h 00 at night with children in Albany Place, from 23:30 to 02:30." in said(night)
    alone = judged(timetable(tables(TRIPS)))[-1]
    assert "A wait of 3 h 00 at night in Albany Place, from 23:30 to 02:30." in said(alone)


def test_arriving_before_the_place_opens_is_said_with_both_times() -> None:
    night = judged(timetable(tables(TRIPS)), open_hours=DESK)[-1]
    assert "Arrives at 06:10, when the desk is closed; it next opens on 2025-06-12 at 08:00." in said(night)


def test_a_tight_change_is_named_with_the_way_on_if_it_is_missed() -> None:
    table = timetable(tables(TRIPS))
    (tight,) = [one for one in judged(table) if one.depart_at.hour == 12]
    expected = "how many miss it is not known. The next way on leaves 5 h 00 after it."
    assert said(tight) == [f"Change of 9 min in Albany Place: {expected}"]


def test_the_odds_of_a_change_come_from_a_record_and_name_it() -> None:
    delays = Delays({Watched("small"): RECORD})
    (tight,) = [one for one in judged(timetable(tables(TRIPS)), delays=delays) if one.depart_at.hour == 12]
    assert said(tight) == [
        "Change of 9 min in Albany Place: one in 4 miss it (the carrier's own log, 2025-01-01 to 2025-05-31). "
        "The next way on leaves 5 h 00 after it."
    ]


def test_a_record_of_few_runs_says_nothing_and_the_closest_one_is_used() -> None:
    (tight,) = [one for one in search(timetable(tables(TRIPS)), QUERY) if one.depart_at.hour == 12]
    (wait,) = waits(tight.legs)
    few = DelayRecord((0, 30), (1, 18), RECORD.first_on, RECORD.last_on, "x")
    assert odds_of_missing(wait, Delays({Watched("small"): few})) is None
    exact = DelayRecord((0, 30), (90, 10), RECORD.first_on, RECORD.last_on, "x")
    odds = odds_of_missing(wait, Delays({Watched("small"): RECORD, Watched("small", "", "Albany"): exact}))
    assert odds is not None
    assert (odds.missed, odds.runs, odds.one_in) == (10, 100, 10)


def test_being_as_late_as_the_slack_still_makes_the_change() -> None:
    assert RECORD.later_than(9) == 25
    assert RECORD.later_than(10) == 10
    assert RECORD.later_than(30) == 0
    assert RECORD.later_than(-1) == 100


def test_walking_takes_from_the_slack() -> None:
    files = tables({"t1": [("NYC", "12:00"), ("P", "14:00")], "t2": [("Q", "14:20"), ("Montreal", "19:00")]})
    files["transfers.txt"] = "from_stop_id,to_stop_id,transfer_type,min_transfer_time\nP,Q,2,480\n"
    (journey,) = search(timetable(files), QUERY)
    (wait,) = waits(journey.legs)
    assert (wait.minutes, wait.walk, wait.slack) == (20, 8, 12)


def test_where_nothing_goes_on_within_a_day_it_says_so() -> None:
    trips = {name: TRIPS[name] for name in ("late", "on")}
    (tight,) = judged(timetable(tables(trips)))
    assert said(tight) == [
        "Change of 9 min in Albany Place: how many miss it is not known. There is no other way on within a day."
    ]


def test_the_last_way_on_of_a_day_is_named() -> None:
    trips = {
        "t1": [("NYC", "12:00"), ("Albany", "14:00")],
        "t2": [("Albany", "15:00"), ("Montreal", "19:00")],
        "t3": [("Albany", "32:00"), ("Montreal", "36:00")],
    }
    table = timetable(tables(trips))
    first = judged(table)[0]
    assert said(first) == [
        "In Albany Place they board at 15:00, the last way on that day: the next one leaves 17 h 00 after it."
    ]
    (change,) = changes_of(first, Circumstances(QUERY, searching=lambda query: search(table, query)))
    assert change.missed is not None
    assert (change.missed.minutes, change.missed.was_last) == (17 * 60, True)


def test_seats_known_too_few_and_unknown_are_three_answers() -> None:
    departure = Departure("small", "day", date(2025, 6, 11))
    counted = {departure: SeatCount(3, date(2025, 6, 10), "the charter's list")}
    day = judged(timetable(tables(TRIPS)), seated=4, seats=counted)[0]
    assert said(day) == [
        "Almanac The Line on 2025-06-11 has 3 seats left for 4 people (the charter's list, 2025-06-10)."
    ]
    assert said(judged(timetable(tables(TRIPS)), seated=3, seats=counted)[0]) == []
    assert said(judged(timetable(tables(TRIPS)), seated=5)[0]) == [
        "Whether 5 seats are free is not known: ask the carrier before paying."
    ]


def test_steps_known_and_unknown_are_told_apart_for_whoever_needs_none() -> None:
    files = tables({"t": [("NYC", "08:00"), ("Montreal", "18:00")]})
    unknown = "Somebody needs a way without steps: ask the carrier about each change and vehicle."
    assert said(judged(timetable(files), needs_step_free=True)[0]) == [unknown]
    assert said(judged(timetable(files))[0]) == []
    stops = ["NYC,NYC,40,-74,1", "Montreal,Montreal,45,-73,2"]
    files["stops.txt"] = rows("stop_id,stop_name,stop_lat,stop_lon,wheelchair_boarding", stops)
    assert said(judged(timetable(files), needs_step_free=True)[0]) == [
        "Almanac The Line from NYC to Montreal cannot be used with a wheelchair throughout."
    ]


def test_a_reason_is_said_only_where_it_tells_journeys_apart() -> None:
    reasons = [[one.code for one in journey.reasons] for journey in judged(timetable(tables(TRIPS)), open_hours=DESK)]
    assert reasons == [
        ["earliest", "no_change", "no_night_wait", "arrives_open"],
        ["shortest", "no_night_wait", "arrives_open"],
        [],
    ]
    only = {"day": TRIPS["day"]}
    assert [journey.reasons for journey in judged(timetable(tables(only)))] == [()]


def test_reasons_and_warnings_stand_in_the_json_with_their_sentences() -> None:
    values = journey_values(judged(timetable(tables(TRIPS)))[0])
    assert values["reasons"] == [
        {"code": "earliest", "text": "Arrives first.", "values": {}},
        {"code": "no_change", "text": "No change.", "values": {}},
        {"code": "no_night_wait", "text": "No wait at night.", "values": {}},
    ]


def test_files_an_operator_keeps_are_read_whole_or_refused_with_their_lines(tmp_path: Path) -> None:
    delays = tmp_path / "delays.csv"
    assert read_delays(delays) == Delays()
    head = "feed,number,stop_id,late_minutes,runs,first_on,last_on,source\n"
    delays.write_text(head + "small,,,0,75,2025-01-01,2025-05-31,log\nsmall,,,12,25,2025-01-01,2025-05-31,log\n")
    record = read_delays(delays).records[Watched("small")]
    assert (record.total, record.later_than(9), record.source) == (100, 25, "log")
    delays.write_text(head + "small,,,soon,75,2025-01-01,2025-05-31,log\n,,,1,0,2025-01-01,2024-05-31,log\n")
    with pytest.raises(BadInput) as problem:
        read_delays(delays)
    assert "line 2, late_minutes: “soon” is no whole number" in str(problem.value)
    assert "line 3, feed: it is empty" in str(problem.value)
    seats = tmp_path / "seats.csv"
    seats.write_text(
        "feed,trip_id,service_on,seats_left,said_on,source\n"
        "small,day,2025-06-11,9,2025-06-09,phone\nsmall,day,2025-06-11,2,2025-06-10,phone\n"
    )
    assert read_seats(seats)[Departure("small", "day", date(2025, 6, 11))].left == 2
    seats.write_text("feed,trip_id\n")
    with pytest.raises(BadInput, match="service_on: the column is missing"):
        read_seats(seats)


def test_a_missed_change_is_looked_for_once_however_many_journeys_share_it() -> None:
    table = timetable(tables(TRIPS))
    asked: list[Query] = []

    def searching(query: Query) -> list[Journey]:
        asked.append(query)
        return search(table, query)

    found = search(table, QUERY)
    remarked([*found, *found], Circumstances(QUERY, searching=searching))
    assert len(asked) == 2
    assert all(query.window.end_at - query.window.start_at == timedelta(hours=24) for query in asked)
