"""Journeys: GTFS in, lawful journeys out. Given a compiled timetable and a window, every Pareto-best journey."""

from onward.engines.journeys.asjson import journey_values
from onward.engines.journeys.corrections import NO_CORRECTIONS, Corrections, CorrectionsRefused, LinkCorrection
from onward.engines.journeys.feed import Feed, FeedSummary
from onward.engines.journeys.gtfs.findings import Finding, Reading
from onward.engines.journeys.gtfs.read import FeedRefused, read_feed
from onward.engines.journeys.journey import Journey, JourneyWarning, Leg, Query, Stop, StopKey, stop_key
from onward.engines.journeys.link_report import Link, link_values, list_links
from onward.engines.journeys.links import Linking
from onward.engines.journeys.party import PartyNeeds
from onward.engines.journeys.search import search
from onward.engines.journeys.station_index import Station
from onward.engines.journeys.stations import find_stations_by_name, find_stations_near, get_station
from onward.engines.journeys.stop_book import StopBook, book_of_network
from onward.engines.journeys.store import Added, Expiring, FeedStore, feed_name
from onward.engines.journeys.timetable import Timetable
from onward.engines.journeys.validity import require_valid_on, valid_feeds

__all__ = [
    "NO_CORRECTIONS",
    "Added",
    "Corrections",
    "CorrectionsRefused",
    "Expiring",
    "Feed",
    "FeedRefused",
    "FeedStore",
    "FeedSummary",
    "Finding",
    "Journey",
    "JourneyWarning",
    "Leg",
    "Link",
    "LinkCorrection",
    "Linking",
    "PartyNeeds",
    "Query",
    "Reading",
    "Station",
    "Stop",
    "StopBook",
    "StopKey",
    "Timetable",
    "book_of_network",
    "feed_name",
    "find_stations_by_name",
    "find_stations_near",
    "get_station",
    "journey_values",
    "link_values",
    "list_links",
    "read_feed",
    "require_valid_on",
    "search",
    "stop_key",
    "valid_feeds",
]
