"""Stops of different feeds linked by distance and name; a report a person can correct; walks at a party's pace."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path

import pytest

from onward.core.errors import BadInput
from onward.core.window import Window
from onward.engines.journeys import (
    CorrectionsRefused,
    FeedStore,
    Linking,
    PartyNeeds,
    Query,
    StopBook,
    StopKey,
    Timetable,
    book_of_network,
    find_stations_by_name,
    list_links,
    search,
)
from onward.engines.journeys.corrections import read_corrections
from onward.engines.journeys.countries import Countries
from onward.engines.journeys.fast import compile_network
from onward.engines.journeys.law import Law
from onward.engines.journeys.station_index import station_index
from onward.engines.journeys.stop_book import book_of_timetable
from tests.engines.journeys.small_feeds import at, minutes, read, rows, tables, zipped

HEAD = "stop_id,stop_name,stop_lat,stop_lon"
# A thousandth of a degree of latitude is 111 m. Walks: 1.3 times the line at 72 m a minute, rounded up.
RAIL = ["A,Alder,40,-74", "M,Mill Station,41,-74"]
COACH = ["m,Mill,41.002,-74", "n,Nutmeg Lane,41.003,-74", "f,Mill Coach Terminal,41.005,-74", "g,Far Off,41.009,-74"]


def files_of(stops: list[str], times: list[tuple[str, str]]) -> dict[str, str]:
    files = tables({"t": times})
    files["stops.txt"] = rows(HEAD, stops)
    return files


def feeds() -> dict[str, dict[str, str]]:
    coach = [("m", "09:10"), ("n", "09:20"), ("f", "09:30"), ("g", "10:00")]
    return {"rail": files_of(RAIL, [("A", "08:00"), ("M", "09:00")]), "coach": files_of(COACH, coach)}


def merged(*lines: str, linking: Linking = Linking.NEARBY) -> Timetable:
    made = [read(files, name=name)[0] for name, files in feeds().items()]
    return Timetable(made, linking, corrections=read_corrections(table(*lines), "mine.csv"))


def table(*lines: str) -> bytes:
    return rows("from,to,action,minutes,why,by,on", list(lines)).encode()


def legs_to(timetable: Timetable, end: str, **limits: object) -> list[str]:
    """The legs of the one best journey from A, as "rail A-M"."""
    window = Window(at("07:00"), at("09:00"))
    query = Query((StopKey("rail:A"),), (StopKey(f"coach:{end}"),), window, **limits)  # type: ignore[arg-type]
    return [
        f"{leg.mode} {leg.from_stop.stop_id}-{leg.to_stop.stop_id}"
        for journey in search(timetable, query)
        for leg in journey.legs
    ]


def test_stops_of_two_feeds_are_linked_when_near_and_from_further_when_their_names_agree() -> None:
    links = {(one.from_stop.stop_id, one.to_stop.stop_id): one for one in list_links(merged())}
    assert {ends: (one.metres, one.minutes, one.why) for ends, one in links.items()} == {
        ("M", "m"): (222, 5, "near, names agree"),
        ("M", "n"): (334, 7, "near"),
        ("M", "f"): (556, 11, "near, names agree"),
    }


def test_the_report_has_the_doubtful_links_first_the_longest_of_them_first() -> None:
    links = list_links(merged())
    assert [(one.to_stop.stop_id, one.doubt) for one in links] == [
        ("f", "far apart, linked for their names"),
        ("n", "their names share nothing"),
        ("m", ""),
    ]


def test_a_correction_parts_stops_or_links_them_with_its_own_minutes() -> None:
    assert legs_to(merged(), "n") == ["rail A-M", "walk M-n"]
    parted = merged("rail:M,coach:n,unlink,,a river lies between,Anna,2025-06-01")
    assert legs_to(parted, "n") == ["rail A-M", "walk M-m", "rail m-n"]
    linked = merged("coach:g,rail:M,link,20,there is a footbridge,Anna,2025-06-01")
    assert legs_to(linked, "g") == ["rail A-M", "walk M-g"]
    assert legs_to(merged("rail:M,coach:g,link,,by the river,Anna,2025-06-01"), "g") == ["rail A-M", "walk M-g"]
    shown = {one.to_stop.stop_id: (one.minutes, one.why) for one in list_links(parted)}
    assert shown["n"] == (None, "corrected: not linked, a river lies between (Anna)")


def test_the_last_correction_of_two_stops_holds_and_one_about_no_stop_waits() -> None:
    timetable = merged(
        "rail:M,coach:n,unlink,,closed,Anna,2025-06-01",
        "rail:M,coach:n,link,9,open again,Anna,2025-06-03",
        "rail:M,gone:x,unlink,,it was another feed,Anna,2025-06-03",
    )
    number = timetable.number(StopKey("rail:M"))
    assert timetable.changes.walks[number][timetable.number(StopKey("coach:n"))] == 9
    assert len(timetable.corrected) == 1


def test_parted_stops_are_two_stations_by_name_too() -> None:
    together = find_stations_by_name(merged(), "Mill")[0]
    assert set(together.stops) == {"rail:M", "coach:m", "coach:n"}  # all near, and trains call at all
    parted = [f"rail:M,coach:{stop},unlink,,not the same Mill,Anna,2025-06-01" for stop in "mn"]
    apart = find_stations_by_name(merged(*parted), "Mill")
    assert {one.stops for one in apart} >= {("rail:M",), ("coach:m",)}


CORRECTED = [
    "rail:M,coach:m,unlink,,a motorway lies between,Anna,2025-06-01",
    "coach:g,rail:M,link,20,there is a footbridge,Anna,2025-06-01",
    "rail:M,coach:nowhere,unlink,,it was closed,Anna,2025-06-01",
]


@pytest.mark.parametrize("lines", [CORRECTED, CORRECTED[:1], []])
@pytest.mark.parametrize("linking", list(Linking))
def test_stations_of_a_compiled_network_are_those_of_its_timetable(lines: list[str], linking: Linking) -> None:
    timetable = merged(*lines, linking=linking)
    corrections = read_corrections(table(*lines), "mine.csv")
    of_network = book_of_network(compile_network(timetable), corrections)
    of_timetable = book_of_timetable(timetable)
    for field in fields(StopBook):
        one, other = (getattr(book, field.name) for book in (of_network, of_timetable))
        assert one == (type(one)(other) if isinstance(one, Sequence) else other), field.name
    assert station_index(of_network).stations == station_index(timetable).stations
    assert station_index(of_network).names == station_index(timetable).names


def test_no_correction_walks_anybody_over_a_border() -> None:
    made = [read(files, name=name)[0] for name, files in feeds().items()]
    by_stop = {
        f"{feed.name}:{stop.stop_id}": "US" if feed.name == "rail" else "CA" for feed in made for stop in feed.stops
    }
    corrections = read_corrections(table("rail:M,coach:m,link,3,it is not far,Anna,2025-06-01"), "mine.csv")
    timetable = Timetable(made, law=Law(Countries(by_stop=by_stop)), corrections=corrections)
    assert legs_to(timetable, "m") == []
    assert [one.doubt for one in list_links(timetable)] == ["not walked: it would cross a border"]


def test_corrections_hold_only_where_stops_are_linked_by_distance() -> None:
    line = "coach:g,rail:M,link,20,there is a footbridge,Anna,2025-06-01"
    assert legs_to(merged(line, linking=Linking.FEED), "g") == []


BAD_ROWS = [
    ("M,coach:m,unlink,,why,Anna,2025-06-01", "from", "M"),
    ("rail:M,rail:M,unlink,,why,Anna,2025-06-01", "to", "rail:M"),
    ("rail:M,coach:m,join,,why,Anna,2025-06-01", "action", "join"),
    ("rail:M,coach:m,link,-3,why,Anna,2025-06-01", "minutes", "-3"),
    ("rail:M,coach:m,link,121,why,Anna,2025-06-01", "minutes", "121"),
    ("rail:M,coach:m,unlink,5,why,Anna,2025-06-01", "minutes", "5"),
    ("rail:M,coach:m,unlink,,,Anna,2025-06-01", "why", ""),
    ("rail:M,coach:m,unlink,,why,,2025-06-01", "by", ""),
    ("rail:M,coach:m,unlink,,why,Anna,1 June", "on", "1 June"),
]


@pytest.mark.parametrize(("row", "field", "value"), BAD_ROWS)
def test_a_row_that_cannot_be_used_is_named_and_none_is_taken(row: str, field: str, value: str) -> None:
    with pytest.raises(CorrectionsRefused) as caught:
        read_corrections(table("rail:M,coach:n,unlink,,good,Anna,2025-06-01", row, row), "mine.csv")
    assert [(one.file, one.line, one.field, one.value) for one in caught.value.findings] == [
        ("mine.csv", 3, field, value),
        ("mine.csv", 4, field, value),
    ]


@pytest.mark.parametrize("data", [b"", b"from,to\n", b"from,to,action,minutes,why,by,on\n\xff\xfe\n", b'from,"to'])
def test_what_is_no_table_of_corrections_is_refused(data: bytes) -> None:
    with pytest.raises(BadInput):
        read_corrections(data, "mine.csv")


def test_corrections_are_kept_whole_beside_the_feeds_and_change_its_version(tmp_path: Path) -> None:
    store = FeedStore(tmp_path / "feeds")
    for name, files in feeds().items():
        (tmp_path / f"{name}.zip").write_bytes(zipped(files))
        store.add(tmp_path / f"{name}.zip")
    before = store.version()
    mine = tmp_path / "mine.csv"
    mine.write_bytes(table("rail:M,coach:n,unlink,,a river lies between,Anna,2025-06-01"))
    assert store.correct(mine).rows[0].on == date(2025, 6, 1)
    assert store.version() != before
    assert store.corrections().data == mine.read_bytes()
    assert store.load_timetable().corrections.digest() != Timetable([]).corrections.digest()
    assert legs_to(store.load_timetable(), "n") == ["rail A-M", "walk M-m", "rail m-n"]
    kept = store.version()
    mine.write_bytes(table("rail:M,coach:q,unlink,,a slip of the pen,Anna,2025-06-01"))
    with pytest.raises(CorrectionsRefused, match=r"mine.csv, line 2: to “coach:q”: No feed has this stop"):
        store.correct(mine)
    assert store.version() == kept
    assert [summary.name for summary in store.list_feeds()] == ["coach", "rail"]


def test_feeds_that_end_soon_or_have_ended_are_named_the_soonest_first(tmp_path: Path) -> None:
    store = FeedStore(tmp_path)
    for name, days in (("a", "20250611 20250620"), ("b", "20250611"), ("c", "20250611 20250701")):
        (tmp_path / f"{name}.zip").write_bytes(zipped(tables({"t": [("A", "08:00"), ("B", "09:00")]}, days=days)))
        store.add(tmp_path / f"{name}.zip")
    found = store.expiring(date(2025, 6, 13))
    assert [(one.summary.name, one.days_left) for one in found] == [("b", -2), ("a", 7)]
    assert [one.summary.name for one in store.expiring(date(2025, 6, 13), within_days=0)] == ["b"]


@pytest.mark.parametrize(
    ("needs", "change", "pace"),
    [
        (PartyNeeds(), 10, 100),
        (PartyNeeds(people=4), 10, 100),
        (PartyNeeds(people=5), 15, 100),
        (PartyNeeds(people=3, children=1), 15, 150),
        (PartyNeeds(has_luggage=True), 15, 125),
        (PartyNeeds(people=6, children=2, has_luggage=True), 25, 150),
        (PartyNeeds(has_wheelchair=True), 15, 200),
    ],
)
def test_who_has_more_to_carry_gets_longer_to_change_and_to_walk(needs: PartyNeeds, change: int, pace: int) -> None:
    assert (needs.min_change, needs.pace) == (timedelta(minutes=change), pace)


def test_a_slower_party_misses_what_a_grown_up_walks_to_in_time() -> None:
    timetable = merged()  # the walk of 5 minutes from M to m ends five minutes before the coach, at 09:10
    assert legs_to(timetable, "g", min_change=minutes(2)) == ["rail A-M", "walk M-m", "rail m-g"]
    assert legs_to(timetable, "g", min_change=minutes(2), pace=200) == ["rail A-M", "walk M-m", "rail m-g"]
    assert legs_to(timetable, "g", min_change=minutes(2), pace=201) == ["rail A-M", "walk M-n", "rail n-g"]


def test_walks_before_between_and_after_take_the_partys_time() -> None:
    timetable = merged()
    window = Window(at("07:00"), at("09:30"))
    between = search(timetable, Query((StopKey("rail:A"),), (StopKey("coach:g"),), window, pace=150))[0]
    assert between.legs[1].arrive_at - between.legs[1].depart_at == timedelta(minutes=8)
    before = search(timetable, Query((StopKey("rail:M"),), (StopKey("coach:g"),), window, pace=150))
    assert [(one.legs[0].mode, f"{one.depart_at:%H:%M}") for one in before] == [("walk", "09:13")]
    after = search(timetable, Query((StopKey("rail:A"),), (StopKey("coach:n"),), window, pace=150))[0]
    assert after.arrive_at - after.legs[0].arrive_at == timedelta(minutes=11)


@pytest.mark.parametrize("pace", [99, 401, 0, -1])
def test_nobody_walks_faster_than_a_grown_up_or_for_ever(pace: int) -> None:
    with pytest.raises(BadInput, match="100 to 400 hundredths"):
        Query((StopKey("a:A"),), (StopKey("a:B"),), Window(at("07:00"), at("08:00")), pace=pace)
