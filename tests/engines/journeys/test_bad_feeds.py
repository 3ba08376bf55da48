"""What is wrong with a feed is said by file, line, field, value and consequence; nothing is half loaded."""

import io
import zipfile
from pathlib import Path

import pytest

from onward.core.errors import BadInput
from onward.engines.journeys import FeedRefused, FeedStore, read_feed
from tests.engines.journeys.small_feeds import Calls, find, read, rows, shown, tables, timetable, zipped

GOOD: dict[str, Calls] = {"good": [("A", "08:00"), ("B", "09:00")]}


def refused(files: dict[str, str]) -> BadInput:
    with pytest.raises(BadInput) as caught:
        read(files)
    return caught.value


def with_trip(*stop_times: str) -> dict[str, str]:
    """A good trip, and one called bad with those rows; the first of them is line 4 of stop_times.txt."""
    files = tables(GOOD)
    files["trips.txt"] += "R,S,bad,\n"
    files["stop_times.txt"] += "".join(f"bad,{row}\n" for row in stop_times)
    return files


BAD_TRIPS = [
    (["07:00:00,07:00:00,A,0", "07:30:00,07:30:00,Z,1"], 5, "stop_id", "Z", "names stops that stops.txt lacks"),
    (["07:00:00,07:00:00,A,0", "06:30:00,06:30:00,B,1"], 5, "arrival_time, departure_time", "06:30", "out of order"),
    (["07:00:00,06:59:00,A,0", "07:30:00,07:30:00,B,1"], 4, "arrival_time, departure_time", "06:59", "out of order"),
    (["07:00:00,07:00:00,A,0", "7h30,07:30:00,B,1"], 5, "arrival_time", "7h30", "cannot be read"),
    (["07:00:00,07:00:00,A,0", "07:30:00,07:61:00,B,1"], 5, "departure_time", "07:61:00", "cannot be read"),
    (["07:00:00,07:00:00,A,0", "07:30:00,٠٧:30:00,B,1"], 5, "departure_time", "٠٧:30:00", "cannot be read"),
    (["07:00:00,07:00:00,A,0", "999:00:00,999:00:00,B,1"], 5, "arrival_time", "999:00:00", "cannot be read"),
    (["07:00:00,07:00:00,A,3", "07:30:00,07:30:00,B,3"], 5, "stop_sequence", "3", "repeat"),
    (["07:00:00,07:00:00,A,-1", "07:30:00,07:30:00,B,1"], 4, "stop_sequence", "-1", "repeat or cannot be read"),
    ([",,A,0", "07:30:00,07:30:00,B,1"], 4, "arrival_time, departure_time", "", "first or last stop"),
    (["07:00:00,07:00:00,A,0", ",,B,1"], 5, "arrival_time, departure_time", "", "first or last stop"),
    (["07:00:00,07:00:00,A,0"], 4, "trip_id", "", "fewer than two stops"),
]


@pytest.mark.parametrize(("stop_times", "line", "field", "value", "reason"), BAD_TRIPS)
def test_a_bad_trip_is_left_out_whole_with_a_finding_and_the_good_one_serves(
    stop_times: list[str], line: int, field: str, value: str, reason: str
) -> None:
    files = with_trip(*stop_times)
    feed, reading = read(files)
    finding = reading.findings[0]
    assert (finding.file, finding.line, finding.field) == ("stop_times.txt", line, field)
    assert value in finding.value
    assert finding.consequence.endswith("trip bad is left out.")
    assert reading.summary()[0].startswith("Almanac: 1 of 2 trips left out: ")
    assert reason in reading.summary()[0]
    assert feed.summary.trips_kept == 1
    assert shown(find(timetable(files), "A B", "06:00")) == ["08:00-09:00 x1"]


def test_trips_of_unknown_routes_or_services_and_trips_without_stop_times_are_left_out() -> None:
    files = tables(GOOD)
    files["trips.txt"] += "Q,S,lost,\nR,T,never,\nR,S,empty,\nR,S,good,\n"
    _, reading = read(files)
    assert [(one.file, one.line, one.field, one.value) for one in reading.findings] == [
        ("trips.txt", 3, "route_id", "Q"),
        ("trips.txt", 4, "service_id", "T"),
        ("trips.txt", 5, "trip_id", "empty"),
        ("trips.txt", 6, "trip_id", "good"),
    ]
    assert len(reading.left_out) == 3
    assert reading.trips_kept == 1


@pytest.mark.parametrize(
    "row", ["t,08:00:00,09:00:00,0,1", "t,09:00:00,08:00:00,600,1", "t,x,09:00:00,600,", "t,00:00:00,99:00:00,1,1"]
)
def test_a_trip_with_a_frequency_that_cannot_be_read_is_left_out(row: str) -> None:
    files = tables(GOOD)
    head = "trip_id,start_time,end_time,headway_secs,exact_times"
    files["frequencies.txt"] = rows(head, [row.replace("t,", "good,", 1)])
    error = refused(files)
    assert isinstance(error, FeedRefused)
    assert (error.reading.findings[0].file, error.reading.findings[0].line) == ("frequencies.txt", 2)


def test_rows_that_name_no_trip_stop_or_day_are_findings_that_cost_nothing_else() -> None:
    files = tables(GOOD)
    files["stop_times.txt"] += "ghost,07:00:00,07:00:00,A,0\n"
    files["stops.txt"] += "A,Again,1,1\nC,Nowhere,95,-74\n,No id,1,1\n"
    files["calendar_dates.txt"] += "S,20250230,1\nS,20250612,3\n"
    _, reading = read(files)
    assert [(one.file, one.line, one.field) for one in reading.findings] == [
        ("calendar_dates.txt", 3, "date"),
        ("calendar_dates.txt", 4, "exception_type"),
        ("stop_times.txt", 4, "trip_id"),
        ("stops.txt", 4, "stop_id"),
        ("stops.txt", 5, "stop_lat, stop_lon"),
        ("stops.txt", 6, "stop_id"),
    ]
    assert reading.trips_kept == 1


def test_a_feed_of_which_no_trip_is_left_is_refused_with_its_findings() -> None:
    files = tables(GOOD)
    files["stops.txt"] = files["stops.txt"].replace("B,B Place", "Q,Q Place")
    error = refused(files)
    assert isinstance(error, FeedRefused)
    assert error.code == "feed.no_trips_left"
    summary = "Almanac: 1 of 1 trips left out: stop_times.txt names stops that stops.txt lacks"
    assert error.reading.summary() == (summary,)
    assert summary in str(error)


@pytest.mark.parametrize("dates", [["S,20250611,2"], ["S,soon,1"], []])
def test_a_feed_without_a_valid_date_is_refused(dates: list[str]) -> None:
    files = tables(GOOD)
    files["calendar_dates.txt"] = rows("service_id,date,exception_type", dates)
    assert refused(files).code == "feed.no_valid_dates"


@pytest.mark.parametrize("table", ["stops.txt", "routes.txt", "trips.txt", "stop_times.txt", "calendar_dates.txt"])
def test_a_feed_that_lacks_a_table_or_a_column_says_which(table: str) -> None:
    files = tables(GOOD)
    whole = files.pop(table)
    error = refused(files)
    assert error.code == "feed.table_missing"
    assert table.replace("_dates", "") in str(error)
    if table != "calendar_dates.txt":
        files[table] = whole.replace(whole.split(",", 1)[0], "something", 1)
        assert refused(files).code == "feed.column_missing"
        files[table] = ""
        assert refused(files).code == "feed.column_missing"


def test_a_broken_zip_says_so_in_one_sentence() -> None:
    data = zipped(tables(GOOD))
    for broken in (b"", b"PK", data[: len(data) // 2], b"\x00" * 1000, b"just words"):
        with pytest.raises(BadInput, match="not a zip file, or it is broken"):
            read_feed(broken, name="small")


def test_a_zip_damaged_inside_a_table_is_refused() -> None:
    data = bytearray(zipped(tables({f"t{n}": GOOD["good"] for n in range(200)})))
    place = data.index(b"t150,08:00:00")
    data[place] ^= 1
    with pytest.raises(BadInput, match=r"stop_times\.txt cannot be read: the zip is damaged"):
        read_feed(bytes(data), name="small")


def test_a_table_that_is_no_table_is_refused() -> None:
    files = tables(GOOD)
    files["stops.txt"] += '"' + "x" * 200_000
    with pytest.raises(BadInput, match=r"stops\.txt cannot be read: line"):
        read(files)


def test_a_table_packed_to_fill_the_memory_is_refused_unread() -> None:
    files = tables(GOOD)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text if name != "stop_times.txt" else text + "\n" * (80 * 1024**2))
    assert len(held.getvalue()) < 200_000
    with pytest.raises(BadInput, match=r"stop_times\.txt cannot be read: it is packed as no timetable is"):
        read_feed(held.getvalue(), name="small")


def test_a_zip_that_says_less_than_it_holds_is_refused() -> None:
    data = bytearray(zipped(tables({f"t{n}": GOOD["good"] for n in range(200)})))
    entry = data.index(b"stop_times.txt", data.index(b"PK\x01\x02")) - 46
    data[entry + 24 : entry + 28] = (100).to_bytes(4, "little")  # its unpacked size
    with pytest.raises(BadInput):
        read_feed(bytes(data), name="small")


def test_names_that_lead_out_of_the_zip_lead_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files = tables(GOOD)
    strange = {f"../../{name}": text for name, text in files.items()} | {"/etc/passwd": "no", "..\\x.txt": "no"}
    (tmp_path / "strange.zip").write_bytes(zipped(strange))
    FeedStore(tmp_path / "feeds").add(tmp_path / "strange.zip")
    there = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*"))
    assert there == ["feeds", "feeds/strange.feed", "strange.zip"]


def test_of_two_tables_of_one_name_the_one_further_out_is_read() -> None:
    files = tables(GOOD)
    older = {f"old/{name}": text.replace("08:00", "07:00") for name, text in files.items()}
    for both in (files | older, older | files):
        assert shown(find(timetable(both), "A B", "06:00")) == ["08:00-09:00 x1"]


@pytest.mark.parametrize("table", ["stops.txt", "trips.txt", "stop_times.txt", "routes.txt", "calendar_dates.txt"])
def test_hostile_rows_cost_findings_and_never_more(table: str) -> None:
    files = tables(GOOD)
    width = files[table].splitlines()[0].count(",") + 1
    hostile = [
        "," * 5000,
        '"' + "x\n" * 1000 + '"',
        ",".join(["=cmd()"] * width),
        ",".join(["\x1b[2J\x07"] * width),
        ",".join(["9" * 400] * width),
        ",".join(["\x00"] * width),
        ",".join(["NaN"] * width),
        ",".join(["-1"] * width),
        '""' * 20,
    ]
    files[table] += "\n".join([*hostile, ""])
    feed, reading = read(files)
    assert feed.summary.trips_kept == 1
    assert all(str(one).isprintable() and one.consequence for one in reading.findings)
    assert shown(find(timetable(files), "A B", "07:00")) == ["08:00-09:00 x1"]


def test_a_field_past_all_measure_is_refused_by_line() -> None:
    files = tables(GOOD)
    files["trips.txt"] += "R,S,huge," + "x" * 200_000 + "\n"
    with pytest.raises(BadInput, match=r"trips\.txt cannot be read: line 3"):
        read(files)


def test_names_do_not_play_tricks_on_a_terminal() -> None:
    files = tables(GOOD)
    files["stops.txt"] = files["stops.txt"].replace("A Place", "A\x1b[31m Place\x07")
    files["trips.txt"] = files["trips.txt"].replace("To the end", "To\x9b the end")
    feed = read(files)[0]
    assert feed.stops[0].name == "A [31m Place"
    assert all(text.isprintable() for text in feed.trips.texts)


def test_a_row_over_several_lines_is_named_by_its_first_and_those_after_it_rightly() -> None:
    files = tables(GOOD)
    files["stops.txt"] += '"C\n\nC",Cee,1,1\n,"No\nid",1,1\nD,Dee,95,1\n'
    _, reading = read(files)
    assert [(one.line, one.field) for one in reading.findings] == [(7, "stop_id"), (9, "stop_lat, stop_lon")]


def test_routes_without_an_agency_among_several_and_routes_named_twice_are_findings() -> None:
    files = tables(GOOD)
    files["agency.txt"] += "Y,Other,http://y.example,America/Chicago\n"
    files["routes.txt"] += "Q,,,No agency,2\nR,X,,Again,2\n"
    findings = [(one.line, one.field, one.consequence) for one in read(files)[1].findings if one.file == "routes.txt"]
    assert findings == [
        (3, "agency_id", "No agency is named; Almanac was used, with its zone."),
        (4, "route_id", "The row is passed over: its route_id is missing or was used before."),
    ]


def test_trips_of_services_that_come_when_called_say_so() -> None:
    files = with_trip("07:00:00,07:00:00,A,0", ",,,1")
    assert "as flexible services do" in read(files)[1].findings[0].consequence


@pytest.mark.shared
def test_the_real_feeds_that_lack_stops_are_refused_or_reported_as_they_are(shared: Path) -> None:
    def reading_of(name: str) -> tuple[str, ...]:
        data = (shared / "gtfs" / f"ne_{name}_2025-06.zip").read_bytes()
        try:
            return read_feed(data, name=f"ne_{name}", zone="America/New_York")[1].summary()
        except FeedRefused as error:
            return error.reading.summary()

    lacks = "trips left out: stop_times.txt names stops that stops.txt lacks"
    assert reading_of("mbta") == (f"MBTA: 1,688 of 1,688 {lacks}",)
    assert reading_of("vre") == (f"VRE: 48 of 48 {lacks}",)
    assert reading_of("njt") == (f"NJT: 43 of 3,421 {lacks}",)
    assert reading_of("amtrak") == ("Amtrak: all 2,515 trips kept",)


def test_a_feed_written_as_utf16_is_read_and_each_file_said_once() -> None:
    files = tables(GOOD)
    files["stops.txt"] = files["stops.txt"].replace("A Place", "Aéroport")
    feed, reading = read({name: text.encode("utf-16") for name, text in files.items()})  # type: ignore[arg-type]
    assert feed.stops[0].name == "Aéroport"
    said = [(one.file, one.line) for one in reading.findings if one.consequence.endswith("it was read as UTF-16.")]
    assert said == [(name, 1) for name in sorted(files)]


@pytest.mark.parametrize("mark", [";", "\t", "|"])
@pytest.mark.parametrize("table", ["agency.txt", "stops.txt", "calendar_dates.txt"])
def test_columns_with_other_marks_than_commas_between_them_are_named_as_that(table: str, mark: str) -> None:
    files = tables(GOOD)
    files[table] = files[table].replace(",", mark)
    problem = refused(files)
    assert str(problem).startswith(f"{table} cannot be read: its columns are not separated by commas.")


@pytest.mark.parametrize(
    ("dates", "why"),
    [("20250620,20250610", "it ends before it begins"), (",20250610", "its dates cannot be read")],
)
def test_a_service_without_usable_dates_is_said_to_have_none_not_to_be_missing(dates: str, why: str) -> None:
    files = with_trip("07:00:00,07:00:00,A,0", "07:30:00,07:30:00,B,1")
    files["trips.txt"] = files["trips.txt"].replace("R,S,bad", "R,T,bad")
    week = "monday,tuesday,wednesday,thursday,friday,saturday,sunday"
    files["calendar.txt"] = rows(f"service_id,{week},start_date,end_date", [f"T,1,1,1,1,1,1,1,{dates}"])
    _, reading = read(files)
    assert [(one.file, one.line) for one in reading.findings] == [("calendar.txt", 2), ("trips.txt", 3)]
    assert reading.findings[0].consequence.endswith(f"calendar_dates.txt: {why}.")
    assert reading.findings[1].consequence == "Its service has no dates that can be used: trip bad is left out."
    assert "calendar.txt gives their service no dates that can be used" in reading.summary()[0]


def test_of_two_tables_of_one_name_the_one_beside_the_rest_of_the_feed_is_read() -> None:
    files = tables(GOOD)
    inside = {f"gtfs/{name}": text for name, text in files.items()}
    feed, _ = read(inside | {"stops.txt": "x\n", "old/stops.txt": "y\n", "zz/trips.txt": "z\n"})
    assert [stop.stop_id for stop in feed.stops] == ["A", "B"]
