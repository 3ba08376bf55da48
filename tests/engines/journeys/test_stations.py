"""Stations by name, forgiving, and by place."""

import pytest

from onward.core.errors import NotFound
from onward.engines.journeys import (
    Linking,
    StopKey,
    Timetable,
    find_stations_by_name,
    find_stations_near,
    get_station,
)
from onward.engines.journeys.wording import is_misspelt, plain_words, slips
from tests.engines.journeys.small_feeds import read, rows, tables

HEAD = "stop_id,stop_name,stop_lat,stop_lon"
RAIL = [
    "NYP,Moynihan Train Hall At Penn Station - NYP,40.7503,-73.9944",
    "MTR,Montréal Gare Centrale - MTR,45.5001,-73.5657",
    "ALB,Albany,42.6410,-73.7411",
    "ALY,Albany Station - ALY,44.6303,-123.1030",
    "PLB,Plattsburgh,44.6967,-73.4464",
]
COMMUTER = ["105,NEW YORK PENN STATION,40.7500,-73.9923", "107,NEWARK PENN STATION,40.7342,-74.1645"]
BUS = ["b1,W 31 ST/8 AV,40.7498,-73.9946", "b2,PENN STATION BUS STOP,40.7502,-73.9940"]


def world(linking: Linking = Linking.NEARBY) -> Timetable:
    feeds = []
    for name, stops, kind in (("rail", RAIL, 2), ("commuter", COMMUTER, 2), ("bus", BUS, 3)):
        files = tables({"t": [(stop.split(",")[0], f"{8 + n:02}:00") for n, stop in enumerate(stops)]})
        files["stops.txt"] = rows(HEAD, [*stops, f"x{name},Nobody Calls Here,41,-74"])
        files["routes.txt"] = rows("route_id,agency_id,route_short_name,route_long_name,route_type", [f"R,X,,L,{kind}"])
        feeds.append(read(files, name=name)[0])
    return Timetable(feeds, linking)


TABLE = world()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Plattsburgh", "rail:PLB"),
        ("plattsburgh station", "rail:PLB"),
        ("PLATSBURGH", "rail:PLB"),
        ("plattsbrugh", "rail:PLB"),
        ("plat", "rail:PLB"),
        ("montreal", "rail:MTR"),
        ("  Montréal,  gare centrale ", "rail:MTR"),
        ("MTR", "rail:MTR"),
        ("new york penn", "rail:NYP"),
        ("Newark Penn Station", "commuter:107"),
    ],
)
def test_a_name_is_found_however_it_is_typed(typed: str, expected: str) -> None:
    assert find_stations_by_name(TABLE, typed)[0].stops[0] == expected


@pytest.mark.parametrize("typed", ["Chicago", "", "   ", "👪👪👪👪", "x" * 400, "👪" * 400, "Nobody Calls Here"])
def test_what_no_station_is_called_is_not_found(typed: str) -> None:
    assert find_stations_by_name(TABLE, typed) == []


def test_one_name_of_two_towns_gives_both_as_equally_good() -> None:
    found = find_stations_by_name(TABLE, "albany")
    assert {one.stops for one in found} == {("rail:ALB",), ("rail:ALY",)}
    assert max(one.closeness for one in found) <= 1


def test_stations_of_several_feeds_at_one_place_are_one_station() -> None:
    station = find_stations_by_name(TABLE, "NYP")[0]
    assert station.stops == ("rail:NYP", "commuter:105", "bus:b2")  # the bus stop at the corner is not the station
    assert station.feeds == ("rail", "commuter", "bus")
    apart = find_stations_by_name(world(Linking.FEED), "NYP")[0]
    assert apart.stops == ("rail:NYP",)


def test_stations_near_a_place_come_nearest_first_with_their_distance() -> None:
    near = find_stations_near(TABLE, 40.7503, -73.9944, within_m=20_000)
    assert [one.name.split()[0] for one in near] == ["Moynihan", "W", "NEWARK"]
    assert near[0].away_m == 0
    assert 14_000 < near[-1].away_m < 15_000
    assert find_stations_near(TABLE, 0, 0, within_m=100_000) == []


def test_a_stop_asked_for_by_key_stands_by_itself() -> None:
    assert get_station(TABLE, StopKey("rail:NYP")).stops == ("rail:NYP",)
    with pytest.raises(NotFound):
        get_station(TABLE, StopKey("rail:QQQ"))


def test_words_are_compared_without_accents_case_and_punctuation() -> None:
    assert plain_words("Gare Lucien-L'Allier (Métro)") == ("gare", "lucien", "l", "allier", "metro")
    assert plain_words("Łódź  Fabryczna") == ("łodz", "fabryczna")


def test_slips_are_letters_changed_missing_added_or_swapped() -> None:
    assert [slips("albany", other, 3) for other in ("albany", "albani", "alban", "allbany", "ablany")] == [
        0,
        1,
        1,
        1,
        1,
    ]
    assert slips("albany", "boston", 2) == 3
    assert not is_misspelt("erie", "ohio")
    assert not is_misspelt("rye", "ryf")
