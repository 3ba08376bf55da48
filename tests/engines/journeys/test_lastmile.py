"""The last mile to an address: walked where it is short, ridden where something runs, else how far it is."""

from collections.abc import Sequence

from onward.core.window import Window
from onward.engines.journeys import Linking, Query, StopKey, Timetable, find_stations_near, search
from onward.engines.journeys.lastmile import By, LastMile, Spot, last_mile
from tests.engines.journeys.small_feeds import at, read, rows, tables

TRIPS = {
    "train": [("A", "08:00"), ("B", "10:00")],
    "tram": [("B", "10:15"), ("C", "10:30")],
    "early": [("B", "09:15"), ("C", "09:30")],
}


def asked(spot: Spot, trips: dict[str, list[tuple[str, str]]] = TRIPS, *, pace: int = 100) -> LastMile | None:
    """Stops lie on a line, 2.2 km apart."""
    files = tables(trips)
    stops = list(dict.fromkeys(stop for calls in trips.values() for stop, _ in calls))
    files["stops.txt"] = rows(
        "stop_id,stop_name,stop_lat,stop_lon", [f"{s},{s},{40 + n / 50},-74" for n, s in enumerate(stops)]
    )
    table = Timetable([read(files)[0]], Linking.FEED)
    query = Query((StopKey("small:A"),), (StopKey("small:B"),), Window(at("06:00"), at("12:00")), pace=pace)

    def near(lat: float, lon: float, metres: float) -> Sequence[StopKey]:
        return [key for one in find_stations_near(table, lat, lon, within_m=metres) for key in one.stops]

    return last_mile(search(table, query)[0], spot, query, lambda one: search(table, one), near)


def test_a_short_way_is_walked_at_the_partys_pace() -> None:
    near = Spot(40.026, -74.0)
    found = asked(near)
    assert found is not None
    assert (found.by, found.minutes, found.metres) == (By.FOOT, 13, 667)
    slow = asked(near, pace=150)
    assert slow is not None
    assert (slow.by, slow.minutes) == (By.FOOT, 20)


def test_a_longer_way_is_ridden_from_when_they_arrive() -> None:
    found = asked(Spot(40.041, -74.0))
    assert found is not None
    assert found.ride is not None
    assert (found.by, found.ride.legs[0].trip_id, found.minutes) == (By.RIDE, "tram", 33)


def test_where_nothing_runs_it_says_how_far_it_is() -> None:
    found = asked(Spot(40.1, -74.0))
    assert found == LastMile(By.NOTHING, 8896, None)
    gone = {name: TRIPS[name] for name in ("train", "early")}
    assert asked(Spot(40.041, -74.0), gone) == LastMile(By.NOTHING, 2335, None)
