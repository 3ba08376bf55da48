"""The fast search: a timetable compiled into arrays that processes share, and compiled loops over them."""

from onward.engines.journeys.fast.compiling import compile_network
from onward.engines.journeys.fast.network import Network
from onward.engines.journeys.fast.networkfile import open_network
from onward.engines.journeys.fast.search import search
from onward.engines.journeys.fast.store import compile_stored, load_network

__all__ = ["Network", "compile_network", "compile_stored", "load_network", "open_network", "search"]
