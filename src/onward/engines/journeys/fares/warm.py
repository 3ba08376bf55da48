"""Compile what the search with fares needs, on a timetable of one train: set-up does it, so that nobody waits."""

import io
import zipfile
from datetime import UTC, datetime, timedelta

from onward.core.window import Window
from onward.engines.journeys.fares import fast
from onward.engines.journeys.fares.book import FareBook
from onward.engines.journeys.fares.nights import night_between
from onward.engines.journeys.fares.party import Party
from onward.engines.journeys.fast.compiling import compile_network
from onward.engines.journeys.gtfs.read import read_feed
from onward.engines.journeys.journey import Query, stop_key
from onward.engines.journeys.timetable import Timetable

_TABLES = {
    "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\nX,X,http://x.example,UTC\n",
    "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\nA,A,40,-74\nB,B,41,-74\n",
    "routes.txt": "route_id,agency_id,route_short_name,route_type\nR,X,R,2\n",
    "trips.txt": "route_id,service_id,trip_id\nR,S,T\n",
    "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
    "T,08:00:00,08:00:00,A,1\nT,09:00:00,09:00:00,B,2\n",
    "calendar_dates.txt": "service_id,date,exception_type\nS,20250611,1\n",
}


def warm() -> None:
    """Compile every kernel of this room, or read it from where it is kept."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, text in _TABLES.items():
            archive.writestr(name, text)
    feed, _ = read_feed(held.getvalue(), name="warm")
    begin = datetime(2025, 6, 11, 7, tzinfo=UTC)
    query = Query((stop_key("warm", "A"),), (stop_key("warm", "B"),), Window(begin, begin + timedelta(hours=2)))
    network = compile_network(Timetable([feed]))
    fast.Searcher(network, FareBook(), Party()).search(query, night_between)
