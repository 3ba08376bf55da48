"""The fast search: a timetable compiled into arrays that processes share, and compiled loops over them."""

from onward.engines.journeys.fast.arrivals import NOT_REACHED, Arrivals, Outset, arrivals_from, travel_minutes
from onward.engines.journeys.fast.batch import search_many
from onward.engines.journeys.fast.compiling import compile_network
from onward.engines.journeys.fast.network import Network
from onward.engines.journeys.fast.networkfile import open_network
from onward.engines.journeys.fast.search import arrive_by, last_trip, profile, search
from onward.engines.journeys.fast.store import compile_stored, load_network

__all__ = [
    "NOT_REACHED",
    "Arrivals",
    "Network",
    "Outset",
    "arrivals_from",
    "arrive_by",
    "compile_network",
    "compile_stored",
    "last_trip",
    "load_network",
    "open_network",
    "profile",
    "search",
    "search_many",
    "travel_minutes",
]
