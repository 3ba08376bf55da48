"""Stations by name, forgiving, and by place. A station here is what a traveller would call one, across feeds."""

from dataclasses import replace

from onward.engines.journeys.journey import StopKey
from onward.engines.journeys.station_index import Station, station_index
from onward.engines.journeys.stop_book import StopBook
from onward.engines.journeys.timetable import Timetable
from onward.engines.journeys.wording import is_misspelt, plain_words, telling_words


def find_stations_by_name(known: StopBook | Timetable, text: str, *, limit: int = 10) -> list[Station]:
    """Stations whose name fits, the closest first; empty where none does.

    Forgives case, accents, punctuation, words like "station", missing words, beginnings of words and small slips.
    """
    typed = plain_words(text[:200])
    if not typed:
        return []
    index = station_index(known)
    fits: dict[int, tuple[int, int, str]] = {}
    for number, name, words in index.names:
        closeness = _closeness(typed, words)
        if closeness is not None:
            fit = closeness, len(words), name
            fits[number] = min(fit, fits.get(number, fit))
    ordered = sorted(fits.items(), key=lambda item: (item[1], item[0]))
    return [replace(index.stations[at], name=fit[2], closeness=fit[0]) for at, fit in ordered[:limit]]


def find_stations_near(
    known: StopBook | Timetable, lat: float, lon: float, *, within_m: float, limit: int = 5
) -> list[Station]:
    """Stations within so many metres as the crow flies, the nearest first."""
    index = station_index(known)
    nearest: dict[int, float] = {}
    for away, number in index.grid.within(lat, lon, within_m):
        station = index.station_at[number]
        nearest[station] = min(away, nearest.get(station, away))
    ordered = sorted(nearest.items(), key=lambda item: (item[1], item[0]))
    return [replace(index.stations[at], away_m=away) for at, away in ordered[:limit]]


def get_station(known: StopBook | Timetable, key: StopKey) -> Station:
    """The stop or station of that key by itself, nothing linked to it; raises NotFound where no feed has it."""
    stop = known.get_stop(key)
    return Station(stop.name, (key,), stop.lat, stop.lon, stop.zone, (stop.feed,))


def _closeness(typed: tuple[str, ...], words: tuple[str, ...]) -> int | None:
    """0 the same; 1 but for words that tell nothing; 2 every word is there; 3 begun words; 4 slips; None otherwise."""
    if typed == words:
        return 0
    asked, there = telling_words(typed), telling_words(words)
    if sorted(asked) == sorted(there):
        return 1
    if set(asked) <= set(words):
        return 2
    if all(any(word.startswith(part) for word in words) for part in asked):
        return 3
    if all(any(word.startswith(part) or is_misspelt(part, word) for word in words) for part in asked):
        return 4
    return None
