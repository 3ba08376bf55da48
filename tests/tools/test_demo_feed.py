"""The demonstration's made-up feeds: valid, served every day, connected, lawful, and the same from the same seed."""

import csv
import re
import shutil
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from onward.core.errors import BadInput
from onward.core.window import Window
from onward.engines.journeys.journey import Query, StopKey
from onward.engines.journeys.search import search
from onward.engines.journeys.store import FeedStore
from tests.tools.reading import GtfsFeed, earliest_arrivals, instant, km_between, read_feed, seconds, timeline
from tools.demo_feed import DAYS_AFTER, DAYS_BEFORE, FARES_NAME, write_feeds
from tools.demo_world import DATA, load_world

START = date(2026, 11, 21)
CENTRES = ("new-york", "denver", "el-paso", "san-antonio")
RECEIVERS = ("montreal", "toronto", "chicago", "minneapolis", "plattsburgh", "atlanta")


@pytest.fixture(scope="module")
def out_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("feeds")
    write_feeds(folder, seed=7, start_on=START)
    return folder


@pytest.fixture(scope="module")
def feeds(out_dir: Path) -> list[GtfsFeed]:
    return [read_feed(out_dir / name) for name in ("demo_coaches.zip", "demo_rail.zip")]


@pytest.fixture(scope="module")
def fares(out_dir: Path) -> list[dict[str, str]]:
    with (out_dir / FARES_NAME).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def country_of() -> dict[tuple[str, str], str]:
    return {(station.feed, station.stop_id): station.country for station in load_world().stations}


def _home_of(feed: GtfsFeed) -> dict[str, str]:
    homes = {agency.agency_id: agency.country for agency in load_world().agencies}
    routes = feed.by_id("routes", "route_id")
    return {trip["trip_id"]: homes[routes[trip["route_id"]]["agency_id"]] for trip in feed.tables["trips"]}


def _lawful_pairs(feed: GtfsFeed) -> set[tuple[str, str, str]]:
    """(agency, from, to) for every pair the feed lets somebody ride between."""
    routes, trips = feed.by_id("routes", "route_id"), feed.by_id("trips", "trip_id")
    return {
        (routes[trips[trip_id]["route_id"]]["agency_id"], board["stop_id"], alight["stop_id"])
        for trip_id, calls in feed.calls.items()
        for index, board in enumerate(calls)
        for alight in calls[index + 1 :]
        if board["pickup_type"] == "0" and alight["drop_off_type"] == "0"
    }


def test_every_call_route_agency_and_service_named_is_there_and_used(feeds):
    for feed in feeds:
        trips = feed.by_id("trips", "trip_id")
        routes = feed.by_id("routes", "route_id")
        assert {row["stop_id"] for row in feed.tables["stop_times"]} == set(feed.by_id("stops", "stop_id"))
        assert {row["trip_id"] for row in feed.tables["stop_times"]} == set(trips)
        assert {trip["route_id"] for trip in trips.values()} == set(routes)
        assert {route["agency_id"] for route in routes.values()} == set(feed.by_id("agency", "agency_id"))
        assert {trip["service_id"] for trip in trips.values()} <= set(feed.by_id("calendar", "service_id"))
        assert {row["from_stop_id"] for row in feed.tables["transfers"]} == set(feed.by_id("stops", "stop_id"))


def test_a_feed_keeps_one_zone_and_its_stops_keep_their_own(feeds):
    for feed in feeds:
        assert len({row["agency_timezone"] for row in feed.tables["agency"]}) == 1
        zones = {row["stop_id"]: row["stop_timezone"] for row in feed.tables["stops"]}
        assert {"America/New_York", "America/Chicago", "America/Denver", "America/Toronto"} <= set(zones.values())


def test_times_only_go_forward_along_a_trip(feeds):
    for feed in feeds:
        for trip_id, calls in feed.calls.items():
            times = [seconds(row[key]) for row in calls for key in ("arrival_time", "departure_time")]
            assert times == sorted(times), trip_id
            assert (
                all(arrive < leave for leave, arrive in zip(times[2::2], times[1::2], strict=False)) or len(calls) == 2
            )
            assert [int(row["stop_sequence"]) for row in calls] == list(range(1, len(calls) + 1))


def test_vehicles_go_at_the_speed_of_coaches_and_trains(feeds):
    for feed in feeds:
        stops = feed.by_id("stops", "stop_id")
        for trip_id, calls in feed.calls.items():
            for here, there in zip(calls, calls[1:], strict=False):
                hours = (seconds(there["arrival_time"]) - seconds(here["departure_time"])) / 3600
                speed_kmh = km_between(stops[here["stop_id"]], stops[there["stop_id"]]) / hours
                assert 15 <= speed_kmh <= 120, (trip_id, here["stop_id"], there["stop_id"], speed_kmh)


@pytest.mark.parametrize("start_on", [START, date(2024, 2, 29), date(2026, 3, 8), date(2022, 12, 20)])
def test_every_day_from_a_fortnight_before_to_a_year_after_is_served(tmp_path, start_on):
    for path in write_feeds(tmp_path, seed=7, start_on=start_on):
        feed = read_feed(path)
        for offset in range(-DAYS_BEFORE, DAYS_AFTER + 1):
            running = feed.services_on(start_on + timedelta(offset))
            assert sum(trip["service_id"] in running for trip in feed.tables["trips"]) >= 50


def test_a_departure_keeps_its_wall_clock_at_its_first_station_in_summer_and_winter(feeds):
    coaches = feeds[0]
    stop_zone = ZoneInfo(coaches.by_id("stops", "stop_id")["denver-union-bus"]["stop_timezone"])
    for day in (date(2027, 1, 20), date(2027, 7, 20)):
        leave_at = instant(coaches, day, coaches.calls["M44-back-1"][0]["departure_time"])
        assert f"{leave_at.astimezone(stop_zone):%H:%M}" == "07:00"


def test_every_centre_reaches_every_receiving_place_on_any_day_of_the_week(feeds):
    place_of = {(station.feed, station.stop_id): station.place for station in load_world().stations}
    for offset in (0, 1, 2, 3, 4, 5, 6, 107, 345):
        leave_at = datetime(2026, 11, 21, 14, tzinfo=UTC) + timedelta(offset)
        lines = timeline(feeds, leave_at.date())
        for centre in CENTRES:
            starts = [stop for stop, place in place_of.items() if place == centre]
            reached = earliest_arrivals(lines, starts, leave_at=leave_at)
            for receiver in RECEIVERS:
                times = [at for stop, at in reached.items() if place_of[stop] == receiver]
                assert times, (centre, receiver, leave_at)
                assert min(times) - leave_at < timedelta(days=4, hours=12), (centre, receiver, leave_at)


def test_nobody_is_carried_between_two_points_of_a_country_foreign_to_the_carrier(feeds, country_of):
    crossing = Counter()
    for feed in feeds:
        home_of = _home_of(feed)
        for trip_id, calls in feed.calls.items():
            home = home_of[trip_id]
            countries = [country_of[feed.name, row["stop_id"]] for row in calls]
            crossing[home] += len(set(countries)) > 1
            for index, board in enumerate(calls):
                for later, alight in enumerate(calls[index + 1 :], index + 1):
                    if board["pickup_type"] == "0" and alight["drop_off_type"] == "0":
                        assert home in (countries[index], countries[later]), (trip_id, board["stop_id"])
    assert crossing["US"] >= 10 and crossing["CA"] >= 10


def test_the_rule_of_carriage_takes_no_seat_from_those_who_may_ride(feeds, country_of):
    for feed in feeds:
        home_of = _home_of(feed)
        for trip_id, calls in feed.calls.items():
            for index, board in enumerate(calls):
                for alight in calls[index + 1 :]:
                    ends = {country_of[feed.name, row["stop_id"]] for row in (board, alight)}
                    may_ride = board["pickup_type"] == "0" and alight["drop_off_type"] == "0"
                    assert may_ride == (home_of[trip_id] in ends), (trip_id, board["stop_id"], alight["stop_id"])


def test_phone_numbers_and_addresses_cannot_exist_and_names_say_made_up(feeds):
    for feed in feeds:
        for agency in feed.tables["agency"]:
            assert re.fullmatch(r"\+1 [2-9]\d\d-555-01\d\d", agency["agency_phone"]), agency
            assert agency["agency_url"].startswith("https://example.org/"), agency
            assert agency["agency_name"].endswith("(made up)"), agency


def test_coaches_and_trains_meet_at_plattsburgh_and_one_coach_stops_elsewhere_at_night(feeds):
    coaches, rail = (feed.by_id("stops", "stop_id") for feed in feeds)
    assert km_between(coaches["plattsburgh-station"], rail["plattsburgh-station"]) < 0.1
    night = [seconds(row["arrival_time"]) % 86400 / 3600 for row in feeds[0].calls["L11-out-1"]]
    assert [row["stop_id"] for row in feeds[0].calls["L11-out-1"]][1:3] == [
        "albany-bus-terminal",
        "plattsburgh-route-3",
    ]
    assert 0 <= night[1] < 5 and 4 <= night[2] < 5.5


def test_some_journeys_last_days_and_some_changes_are_tight(feeds):
    coaches = feeds[0]
    through = coaches.calls["M47-out-1"]
    assert (through[0]["stop_id"], through[-1]["stop_id"]) == ("el-paso-bus", "new-york-port-authority")
    assert seconds(through[-1]["arrival_time"]) - seconds(through[0]["departure_time"]) > 2 * 86400
    change_s = {row["from_stop_id"]: int(row["min_transfer_time"]) for row in coaches.tables["transfers"]}
    day_s = 86400
    tight = 0
    for arrive in coaches.tables["stop_times"]:
        for leave in coaches.tables["stop_times"]:
            if arrive["stop_id"] == leave["stop_id"] and arrive["trip_id"] != leave["trip_id"]:
                wait_s = (seconds(leave["departure_time"]) - seconds(arrive["arrival_time"])) % day_s
                tight += 0 <= wait_s - change_s[arrive["stop_id"]] <= 300
    assert tight >= 20


def test_every_pair_a_carrier_may_sell_has_one_fare_and_no_other_pair_has(feeds, fares):
    quoted = [(row["feed"], row["agency_id"], row["from_stop_id"], row["to_stop_id"]) for row in fares]
    sold = {(feed.name, *pair) for feed in feeds for pair in _lawful_pairs(feed)}
    assert quoted == sorted(sold)


def test_fares_are_whole_dated_and_in_the_carriers_own_currency(fares):
    home = {agency.agency_id: agency.country for agency in load_world().agencies}
    for row in fares:
        adult, child, tax = (int(row[f"{who}_minor"]) for who in ("adult", "child", "tax"))
        assert 0 < child < adult < 60_000, row
        assert row["infant_minor"] == "0" and 0 <= tax < adult / 5 and 0 <= int(row["fee_minor"]) <= 500, row
        assert row["currency"] == {"US": "USD", "CA": "CAD"}[home[row["agency_id"]]], row
        assert date.fromisoformat(row["valid_from"]) == START - timedelta(DAYS_BEFORE)
        assert date.fromisoformat(row["valid_to"]) == START + timedelta(DAYS_AFTER)
        assert row["quoted_on"] <= row["valid_from"] and row["source"] == "made up for the demonstration"


def test_a_longer_ride_with_the_same_carrier_costs_more(fares):
    adult = {(row["agency_id"], row["from_stop_id"], row["to_stop_id"]): int(row["adult_minor"]) for row in fares}
    near = adult["LAN", "new-york-port-authority", "albany-bus-terminal"]
    assert near < adult["LAN", "new-york-port-authority", "montreal-gare-autocars"]
    assert adult["MER", "el-paso-bus", "albuquerque-alvarado"] < adult["MER", "el-paso-bus", "new-york-port-authority"]


def test_the_same_seed_and_date_give_the_same_bytes(out_dir, tmp_path):
    names = [path.name for path in write_feeds(tmp_path, seed=7, start_on=START)]
    assert names == ["demo_coaches.zip", "demo_rail.zip"]
    for name in (*names, FARES_NAME):
        assert (tmp_path / name).read_bytes() == (out_dir / name).read_bytes(), name


def test_another_seed_or_date_gives_other_bytes(out_dir, tmp_path):
    for folder, seed, start_on in (("seed", 8, START), ("date", 7, START + timedelta(1))):
        write_feeds(tmp_path / folder, seed=seed, start_on=start_on)
        for name in ("demo_coaches.zip", "demo_rail.zip", FARES_NAME):
            assert (tmp_path / folder / name).read_bytes() != (out_dir / name).read_bytes(), (folder, name)


def test_our_own_reader_finds_nothing_wrong_and_leaves_no_trip_out(out_dir, tmp_path):
    store = FeedStore(tmp_path)
    for name in ("demo_coaches", "demo_rail"):
        reading = store.add(out_dir / f"{name}.zip").reading
        assert (reading.findings, reading.left_out) == ((), ())
        assert reading.trips_kept == reading.trips_total > 50


def test_our_own_search_arrives_when_a_plain_scan_does(out_dir, feeds, tmp_path):
    store = FeedStore(tmp_path)
    for name in ("demo_coaches.zip", "demo_rail.zip"):
        store.add(out_dir / name)
    timetable = store.load_timetable()
    leave_at = datetime(2026, 11, 23, 14, tzinfo=UTC)
    lines = timeline(feeds, leave_at.date())
    stations = load_world().stations
    for centre in CENTRES:
        starts = [(station.feed, station.stop_id) for station in stations if station.place == centre]
        reached = earliest_arrivals(lines, starts, leave_at=leave_at)
        for receiver in RECEIVERS:
            ends = [(station.feed, station.stop_id) for station in stations if station.place == receiver]
            query = Query(
                tuple(StopKey(f"{feed}:{stop_id}") for feed, stop_id in starts),
                tuple(StopKey(f"{feed}:{stop_id}") for feed, stop_id in ends),
                Window(leave_at, leave_at + timedelta(days=1)),
                max_travel=timedelta(days=5),
            )
            first = min(journey.arrive_at for journey in search(timetable, query))
            assert first == min(reached[end] for end in ends if end in reached), (centre, receiver)


def test_a_line_that_names_an_unknown_station_is_refused_by_file_and_line(tmp_path):
    shutil.copytree(DATA / "demo", tmp_path / "demo")
    shutil.copy(DATA / "places.csv", tmp_path)
    lines = tmp_path / "demo" / "lines.csv"
    lines.write_text(lines.read_text("utf-8").replace("albany-bus-terminal+30", "atlantis", 1), "utf-8")
    with pytest.raises(BadInput) as refused:
        load_world(tmp_path)
    assert "lines.csv, line 2" in str(refused.value) and "atlantis" in str(refused.value)
