"""What carriers say on the day, laid over a copy of the timetable: real protobuf messages, tiny feeds."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from google.transit import gtfs_realtime_pb2 as pb
from hypothesis import given, settings
from hypothesis import strategies as st

from onward.core.errors import BadInput
from onward.core.window import Window
from onward.engines.journeys import Feed, FeedStore, Journey, Linking, Query, StopKey, Timetable, search
from onward.engines.journeys.fast import compile_network
from onward.engines.journeys.fast import search as fast_search
from onward.engines.journeys.live import with_live_warnings
from onward.engines.journeys.realtime import apply
from tests.engines.journeys.small_feeds import at, find, minutes, read, rows, shown, tables, zipped

NOW = at("07:00")
TRIPS = {
    "t1": [("A", "08:00"), ("B", "08:30-08:35"), ("C", "09:00")],
    "t2": [("C", "09:10"), ("D", "10:00")],
    "t3": [("C", "09:40"), ("D", "10:30")],
}
Stop = pb.TripUpdate.StopTimeUpdate
Trip = pb.TripDescriptor


def message(*, made_at: datetime = NOW) -> pb.FeedMessage:
    said = pb.FeedMessage()
    said.header.gtfs_realtime_version = "2.0"
    said.header.timestamp = int(made_at.timestamp())
    return said


def about(said: pb.FeedMessage, trip_id: str, *, on: str = "20250611", **trip: object) -> pb.TripUpdate:
    entity = said.entity.add(id=f"e{len(said.entity)}")
    entity.trip_update.trip.trip_id = trip_id
    if on:
        entity.trip_update.trip.start_date = on
    for name, value in trip.items():
        setattr(entity.trip_update.trip, name, value)
    return entity.trip_update


def told(feed: Feed, said: pb.FeedMessage) -> Feed:
    return apply(feed, said.SerializeToString(), now=NOW)


def found(feed: Feed, ends: str, begin: str = "07:00", **limits: object) -> list[Journey]:
    return find(Timetable([feed], Linking.FEED), ends, begin, **limits)


def feed_of(**changes: str) -> Feed:
    files = tables(TRIPS, days="20250611 20250612")
    return read(files | {name.replace("_txt", ".txt"): text for name, text in changes.items()})[0]


def test_a_delay_is_carried_to_the_stops_after_it_and_costs_the_change() -> None:
    feed, said = feed_of(), message()
    about(said, "t1").stop_time_update.add(stop_id="B").arrival.delay = 600
    late = told(feed, said)
    assert shown(found(feed, "A D")) == ["08:00-10:00 x2"]
    assert shown(found(late, "A D")) == ["08:00-10:30 x2"]
    assert shown(found(late, "A C")) == ["08:00-09:10 x1"]
    assert shown(found(late, "B C")) == ["08:45-09:10 x1"]
    assert shown(found(late, "A D", "2025-06-12 07:00")) == ["08:00-10:00 x2"]


def test_a_time_is_a_time_and_a_later_stop_may_be_back_on_time() -> None:
    said = message()
    update = about(said, "t1")
    update.stop_time_update.add(stop_sequence=0).departure.time = int(at("08:12").timestamp())
    update.stop_time_update.add(stop_sequence=2).arrival.delay = 0
    feed = told(feed_of(), said)
    assert shown(found(feed, "A B")) == ["08:12-08:42 x1"]
    assert shown(found(feed, "A C")) == ["08:12-09:00 x1"]


def test_nobody_arrives_before_leaving_however_the_message_has_it() -> None:
    said = message()
    update = about(said, "t1")
    update.stop_time_update.add(stop_id="B").departure.delay = 3600
    update.stop_time_update.add(stop_id="C").arrival.delay = 0
    assert shown(found(told(feed_of(), said), "A C")) == ["08:00-09:35 x1"]


def test_where_there_is_no_data_the_timetable_holds_again() -> None:
    said = message()
    update = about(said, "t1")
    update.delay = 300
    update.stop_time_update.add(stop_id="C").schedule_relationship = Stop.NO_DATA
    feed = told(feed_of(), said)
    assert shown(found(feed, "A B")) == ["08:05-08:35 x1"]
    assert shown(found(feed, "A C")) == ["08:05-09:00 x1"]


@pytest.mark.parametrize("how", [Trip.CANCELED, Trip.DELETED, Trip.REPLACEMENT])
def test_a_cancelled_trip_runs_on_other_days_only(how: int) -> None:
    said = message()
    about(said, "t2", schedule_relationship=how)
    feed = told(feed_of(), said)
    assert shown(found(feed, "A D")) == ["08:00-10:30 x2"]
    assert shown(found(feed, "A D", "2025-06-12 07:00")) == ["08:00-10:00 x2"]
    assert feed.live is not None
    assert len(feed.live.findings) == (how == Trip.REPLACEMENT)


def test_a_skipped_stop_is_passed_by() -> None:
    said = message()
    about(said, "t1").stop_time_update.add(stop_id="B").schedule_relationship = Stop.SKIPPED
    feed = told(feed_of(), said)
    assert found(feed, "A B") == []
    assert found(feed, "B C") == []
    assert shown(found(feed, "A C")) == ["08:00-09:00 x1"]


def test_what_cannot_be_offered_or_found_is_a_finding_with_its_consequence() -> None:
    said = message()
    about(said, "x9", schedule_relationship=Trip.ADDED)
    about(said, "ghost")
    about(said, "t1", on="20250613")
    about(said, "t1").stop_time_update.add(stop_id="Z").arrival.delay = 60
    about(said, "t1").stop_time_update.add(stop_sequence=9).arrival.delay = 60
    feed = told(feed_of(), said)
    assert feed.live is not None
    assert [(one.file, one.line, one.field, one.value) for one in feed.live.findings] == [
        ("GTFS-RT", 1, "trip_id", "x9"),
        ("GTFS-RT", 2, "trip", "ghost 20250611"),
        ("GTFS-RT", 3, "trip", "t1 20250613"),
        ("GTFS-RT", 4, "stop_time_update", "Z"),
        ("GTFS-RT", 5, "stop_time_update", "9"),
    ]
    assert feed.live.findings[0].consequence == "It is a trip beside the timetable: it is not offered. Ask the carrier."
    assert feed.live.findings[1].consequence == "No such trip that day: the timetable holds."
    assert shown(found(feed, "A D")) == ["08:00-10:00 x2"]


def test_a_message_without_a_day_is_about_the_day_the_trip_is_under_way() -> None:
    files = tables({"night": [("A", "23:30"), ("B", "25:30")]}, days="20250610 20250611 20250612")
    said = message(made_at=at("2025-06-12 01:00"))
    about(said, "night", on="").stop_time_update.add(stop_id="B").arrival.delay = 900
    feed = apply(read(files)[0], said.SerializeToString(), now=at("2025-06-12 01:01"))
    assert shown(found(feed, "A B", "2025-06-11 22:00")) == ["23:30-01:45 x1"]
    assert shown(found(feed, "A B", "2025-06-10 22:00")) == ["23:30-01:30 x1"]
    assert shown(found(feed, "A B", "2025-06-12 22:00")) == ["23:30-01:30 x1"]


def test_of_a_trip_that_is_repeated_the_one_that_starts_then_is_meant() -> None:
    feed = feed_of(
        frequencies_txt=rows("trip_id,start_time,end_time,headway_secs,exact_times", ["t1,08:00:00,10:00:00,3600,1"])
    )
    said = message()
    about(said, "t1", start_time="09:00:00").stop_time_update.add(stop_id="A").departure.delay = 300
    about(said, "t1").stop_time_update.add(stop_id="A").departure.delay = 600
    late = told(feed, said)
    assert shown(found(late, "A C")) == ["08:00-09:00 x1", "09:05-10:05 x1"]
    assert late.live is not None
    assert "does not say which" in late.live.findings[0].consequence


def test_stop_sequences_with_gaps_and_a_stop_called_at_twice_are_told_apart() -> None:
    files = tables({"loop": [("A", "08:00"), ("B", "08:10"), ("A", "08:20"), ("B", "08:30")]})
    head, *lines = files["stop_times.txt"].splitlines()
    places = [line.rsplit(",", 1)[0] + f",{7 * n + 3}" for n, line in enumerate(lines)]
    files["stop_times.txt"] = rows(head, places)
    said = message()
    about(said, "loop").stop_time_update.add(stop_sequence=17).departure.delay = 120
    assert shown(found(told(read(files)[0], said), "A B")) == ["08:00-08:10 x1", "08:22-08:32 x1"]
    twice = message()
    update = about(twice, "loop")
    update.stop_time_update.add(stop_id="B").arrival.delay = 60
    update.stop_time_update.add(stop_id="B").arrival.delay = 240
    assert shown(found(told(read(files)[0], twice), "A B")) == ["08:00-08:11 x1", "08:21-08:34 x1"]


def test_who_stays_seated_is_late_with_the_vehicle_and_left_behind_with_it() -> None:
    feed = feed_of(transfers_txt=rows("from_stop_id,to_stop_id,transfer_type,from_trip_id,to_trip_id", ["C,C,4,t1,t2"]))
    said = message()
    about(said, "t1").stop_time_update.add(stop_id="C").arrival.delay = 1200
    late = found(told(feed, said), "A D", min_change=minutes(60))
    assert shown(late) == ["08:00-10:00 x1"]
    assert f"{late[0].legs[0].arrive_at:%H:%M}" == "09:20"
    about(said, "t2", schedule_relationship=Trip.CANCELED)
    assert found(told(feed, said), "A D", min_change=minutes(60)) == []


def test_who_sits_through_three_trips_is_late_and_left_behind_with_the_one_in_the_middle() -> None:
    row = {"t1": [("A", "08:00"), ("B", "09:00")], "t2": [("B", "09:01"), ("C", "10:00")]}
    files = tables(row | {"t3": [("C", "10:01"), ("D", "11:00")]}, days="20250611 20250612")
    pairs = ["B,B,4,t1,t2", "C,C,4,t2,t3"]
    files["transfers.txt"] = rows("from_stop_id,to_stop_id,transfer_type,from_trip_id,to_trip_id", pairs)
    feed, said = read(files)[0], message()
    about(said, "t2").stop_time_update.add(stop_id="C").arrival.delay = 1200
    (late,) = found(told(feed, said), "A D", min_change=minutes(60))
    assert [f"{leg.arrive_at:%H:%M}" for leg in late.legs] == ["09:00", "10:20", "11:00"]
    about(said, "t2", schedule_relationship=Trip.CANCELED)
    assert found(told(feed, said), "A D", min_change=minutes(60)) == []
    assert shown(found(told(feed, said), "A D", "2025-06-12 07:00", min_change=minutes(60))) == ["08:00-11:00 x1"]


def alert(said: pb.FeedMessage, header: str, **entity: str) -> pb.Alert:
    made = said.entity.add(id=f"a{len(said.entity)}").alert
    made.header_text.translation.add(text=f"fr {header}", language="fr")
    made.header_text.translation.add(text=header, language="en-US")
    informed = made.informed_entity.add()
    for name, value in entity.items():
        if name == "trip_id":
            informed.trip.trip_id = value
        else:
            setattr(informed, name, value)
    return made


def said_of(journey: Journey) -> list[str]:
    return [str(one) for one in journey.warnings if one.code in ("carrier_alert", "times_reported")]


def test_alerts_warn_of_the_trips_routes_and_stops_they_are_about() -> None:
    said = message()
    alert(said, "No lift at C", stop_id="C")
    alert(said, "Slow on The Line", route_id="R")
    alert(said, "No heating", trip_id="t1")
    alert(said, "B is closed", stop_id="B")
    alert(said, "Other people's trouble", agency_id="Y")
    feed = told(feed_of(), said)
    first, second = (said_of(found(feed, ends)[0]) for ends in ("A C", "C D"))
    assert first == ["Almanac says: No lift at C", "Almanac says: Slow on The Line", "Almanac says: No heating"]
    assert second == ["Almanac says: No lift at C", "Almanac says: Slow on The Line"]


def test_an_alert_warns_only_of_journeys_in_its_time() -> None:
    said = message()
    period = alert(said, "Ice", route_id="R").active_period.add()
    period.start, period.end = int(at("2025-06-12 00:00").timestamp()), int(at("2025-06-12 12:00").timestamp())
    feed = told(feed_of(), said)
    assert said_of(found(feed, "A C")[0]) == []
    assert said_of(found(feed, "A C", "2025-06-12 07:00")[0]) == ["Almanac says: Ice"]


def test_a_journey_says_that_its_times_are_those_the_carrier_reported() -> None:
    said = message()
    about(said, "t1").stop_time_update.add(stop_id="C").arrival.delay = 60
    journeys = [found(told(feed_of(), said), ends)[0] for ends in ("A C", "C D")]
    assert [said_of(one) for one in journeys] == [["The Line: times as the carrier reported at 07:00."], []]


@pytest.mark.parametrize(
    ("made_at", "words"),
    [
        (NOW - timedelta(minutes=11), "was made at 2025-06-11 10:49 UTC, more than 10 minutes ago"),
        (NOW + timedelta(minutes=3), "has not come yet"),
        (datetime(1970, 1, 1, tzinfo=UTC), "does not say when it was made"),
    ],
)
def test_a_message_that_may_not_be_true_any_more_is_refused_with_what_to_do(made_at: datetime, words: str) -> None:
    with pytest.raises(BadInput, match=words) as caught:
        told(feed_of(), message(made_at=made_at))
    assert caught.value.code == "live.stale"
    assert "Fetch it again" in caught.value.remedy


@pytest.mark.parametrize("data", [b"\xff\xff\xff", b"<html>", b"", b"\n\x04\n\x022"])
def test_damaged_bytes_say_so(data: bytes) -> None:
    with pytest.raises(BadInput) as caught:
        apply(feed_of(), data, now=NOW)
    assert caught.value.code in ("live.damaged", "live.stale")


def test_a_message_of_changes_only_is_refused() -> None:
    said = message()
    said.header.incrementality = pb.FeedHeader.DIFFERENTIAL
    with pytest.raises(BadInput, match="only what changed"):
        told(feed_of(), said)


def test_the_stored_file_is_never_touched(tmp_path: Path) -> None:
    store = FeedStore(tmp_path / "feeds")
    (tmp_path / "small.zip").write_bytes(zipped(tables(TRIPS)))
    store.add(tmp_path / "small.zip")
    before, feed = (store.root / "small.feed").read_bytes(), store.load("small")
    said = message()
    about(said, "t1", schedule_relationship=Trip.CANCELED)
    changed = told(feed, said)
    assert found(changed, "A C") == []
    assert changed.summary.sha256 != feed.summary.sha256  # what is compiled from it is not taken for the timetable's
    assert (store.root / "small.feed").read_bytes() == before
    assert shown(found(store.load("small"), "A C")) == ["08:00-09:00 x1"]


@settings(max_examples=60)
@given(delays=st.lists(st.integers(0, 90), min_size=3, max_size=3), cancelled=st.sampled_from(["", "t1", "t2", "t3"]))
def test_a_feed_with_a_message_over_it_is_the_feed_with_those_times_written_in(
    delays: list[int], cancelled: str
) -> None:
    """delays: minutes each trip is late all along."""
    said = message()
    later = {}
    for (trip, calls), delay in zip(TRIPS.items(), delays, strict=True):
        about(said, trip, schedule_relationship=Trip.CANCELED if trip == cancelled else Trip.SCHEDULED).delay = (
            60 * delay
        )
        if trip != cancelled:
            later[trip] = [(stop, "-".join(_later(part, delay) for part in text.split("-"))) for stop, text in calls]
    feed = told(feed_of(), said)
    written = read(tables(later))[0]
    assert shown(found(feed, "A D", hours=6)) == (shown(found(written, "A D", hours=6)) if "t1" in later else [])


def _later(clock: str, delay: int) -> str:
    total = int(clock[:2]) * 60 + int(clock[3:]) + delay
    return f"{total // 60:02}:{total % 60:02}"


def test_the_compiled_search_gives_the_same_journeys_with_the_same_warnings() -> None:
    said = message()
    about(said, "t1").stop_time_update.add(stop_id="B").arrival.delay = 600
    about(said, "t3").stop_time_update.add(stop_id="C").schedule_relationship = Stop.SKIPPED
    alert(said, "Ice", route_id="R")
    table = Timetable([told(feed_of(), said)], Linking.FEED)
    query = Query((StopKey("small:A"),), (StopKey("small:C"),), Window(at("07:00"), at("12:00")))
    compiled = with_live_warnings(table.feeds, fast_search(compile_network(table), query))
    assert compiled == search(table, query)
    assert len(said_of(compiled[0])) == 2
