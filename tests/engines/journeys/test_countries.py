"""Which country a stop lies in, and that a search within some countries neither stops in another nor passes it."""

from pathlib import Path

import pytest

from onward.core.errors import BadInput
from onward.engines.journeys import Linking, Timetable
from onward.engines.journeys.countries import (
    Countries,
    KnownPlace,
    border_places,
    countries_from,
    read_countries,
    touched,
)
from onward.engines.journeys.law import Law, read_law
from tests.engines.journeys.small_feeds import find, read, rows, shown, tables

PLACES = Path(__file__).parents[3] / "data" / "places.csv"

BORDER_STATIONS = {
    "Niagara Falls, New York": (43.1099, -79.0553, "US"),
    "Niagara Falls, Ontario": (43.1087, -79.0633, "CA"),
    "Fort Erie": (42.9010, -78.9250, "CA"),
    "Buffalo, Exchange Street": (42.8783, -78.8738, "US"),
    "Detroit": (42.3681, -83.0724, "US"),
    "Windsor": (42.3249, -83.0071, "CA"),
    "Port Huron": (42.9604, -82.4438, "US"),
    "Sarnia": (42.9571, -82.3889, "CA"),
    "Rouses Point": (44.9949, -73.3711, "US"),
    "Plattsburgh": (44.6967, -73.4463, "US"),
    "Lacolle": (45.0830, -73.3700, "CA"),
    "Saint-Lambert": (45.4989, -73.5073, "CA"),
    "St. Albans": (44.8124, -73.0862, "US"),
    "Massena": (44.9280, -74.8920, "US"),
    "Cornwall": (45.0430, -74.7440, "CA"),
    "Havre, Montana": (48.5545, -109.6784, "US"),
    "Sioux Lookout": (50.0974, -91.9163, "CA"),
    "Vancouver": (49.2737, -123.0983, "CA"),
    "Abbotsford": (49.1168, -122.2778, "CA"),
    "Bellingham": (48.7203, -122.5113, "US"),
    "El Paso": (31.7573, -106.4956, "US"),
    "Ciudad Juárez": (31.7390, -106.4870, "MX"),
}


@pytest.mark.parametrize("station", BORDER_STATIONS)
def test_stations_on_both_sides_of_the_lines_lie_in_their_own_country(station: str) -> None:
    lat, lon, country = BORDER_STATIONS[station]
    known = border_places().with_more(read_countries(PLACES))
    assert known.at(lat, lon) == country


def test_far_from_all_that_is_known_or_as_near_to_two_countries_the_country_is_not_known() -> None:
    known = Countries((KnownPlace(45.0, -75.0, "US"), KnownPlace(46.0, -75.0, "CA")))
    assert known.at(45.4, -75.0) == "US"
    assert known.at(45.5, -75.0) == ""
    assert known.at(20.0, -75.0) == ""
    assert Countries().at(45.0, -75.0) == ""


def test_what_is_named_for_a_station_holds_for_its_stops_and_goes_before_places() -> None:
    files = tables({"t": [("A", "08:00"), ("B", "09:00")]})
    files["stops.txt"] = rows(
        "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station",
        ["S,Station,40,-74,1,", "A,Track 1,40,-74,,S", "B,Elsewhere,41,-74,,"],
    )
    known = Countries((KnownPlace(40.0, -74.0, "US"),), {"small:S": "CA"})
    table = Timetable([read(files)[0]], Linking.FEED, law=Law(known))
    assert {stop.name: stop.country for stop in table.stops} == {"Station": "CA", "Track 1": "CA", "Elsewhere": "US"}


def test_a_vehicle_is_left_behind_at_the_border_not_ridden_through() -> None:
    trips = {
        "through": [("A", "08:00"), ("X", "09:00"), ("B", "10:00")],
        "within": [("A", "07:00"), ("Y", "09:00"), ("B", "12:00")],
    }
    known = Countries(by_stop={"small:A": "US", "small:B": "US", "small:Y": "US", "small:X": "CA"})
    table = Timetable([read(tables(trips))[0]], Linking.FEED, law=Law(known))
    assert shown(find(table, "A B", "06:00")) == ["08:00-10:00 x1"]
    within = find(table, "A B", "06:00", countries=frozenset({"US"}))
    assert shown(within) == ["07:00-12:00 x1"], "the quicker way through Canada does not hide the one at home"
    assert touched(within[0]) == ("US",)
    assert touched(find(table, "A B", "06:00")[0]) == ("US", "CA", "US")


def test_a_stop_of_unknown_country_is_outside_unless_asked_for() -> None:
    known = Countries(by_stop={"small:A": "US", "small:B": "US"})
    trips = {"t": [("A", "08:00"), ("U", "09:00"), ("B", "10:00")]}
    table = Timetable([read(tables(trips))[0]], Linking.FEED, law=Law(known))
    assert find(table, "A B", "06:00", countries=frozenset({"US"})) == []
    assert shown(find(table, "A B", "06:00", countries=frozenset({"US", ""}))) == ["08:00-10:00 x1"]


def test_nobody_is_walked_over_a_border() -> None:
    files = tables({"t1": [("A", "08:00"), ("B", "09:00")], "t2": [("C", "09:30"), ("D", "10:00")]})
    files["transfers.txt"] = "from_stop_id,to_stop_id,transfer_type,min_transfer_time\nB,C,2,300\n"
    feed = read(files)[0]
    assert shown(find(Timetable([feed], Linking.FEED), "A D", "07:00")) == ["08:00-10:00 x2"]
    known = Countries(by_stop={"small:A": "US", "small:B": "US", "small:C": "CA", "small:D": "CA"})
    assert find(Timetable([feed], Linking.FEED, law=Law(known)), "A D", "07:00") == []


def test_a_file_of_countries_says_every_line_that_cannot_be_used() -> None:
    with pytest.raises(BadInput) as problem:
        countries_from("country,name,lat,lon,stop\nus,x,1,2,\nUS,x,one,2,\nCA,x,,,small:A\nCA,x,,,A\n", "countries.csv")
    assert "line 2, country" in str(problem.value)
    assert "line 3, lat" in str(problem.value)
    assert "line 5, stop" in str(problem.value)
    with pytest.raises(BadInput, match="line 1, country: the column is missing"):
        countries_from("name\nx\n", "countries.csv")


def test_the_operators_own_files_are_read_beside_the_products(tmp_path: Path) -> None:
    plain = read_law(tmp_path, Countries())
    (tmp_path / "countries.csv").write_text("country,name,stop\nCA,The annex,small:A\n")
    (tmp_path / "carriage.toml").write_text(
        '[[rule]]\nwhy = "x"\nsource = "y"\nsaid_on = 2026-01-01\npairs = [["A", "B"]]\n'
    )
    law = read_law(tmp_path, Countries())
    assert law.countries.by_stop == {"small:A": "CA"}
    assert len(law.carriage) == len(plain.carriage) + 1
    assert law.digest() != plain.digest()
    assert law.digest() == read_law(tmp_path, Countries()).digest()
