"""Minutes and vehicles that no journey between two stops takes less than: what a search need not look at."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from onward.engines.journeys.fast.kernel_arrays import Int32
from onward.engines.journeys.fast.kernel_lower import Lines, Links, fewest_to, least_to
from onward.engines.journeys.fast.tables import Column

MOST_STOPS = 6000
"""Up to so many stops, what lies between each two is kept; beyond, what lies before an end is worked out anew."""


def least_between(columns: Mapping[str, Column]) -> NDArray[np.int16]:
    """least[end, stop], as `least_to` gives them; of shape (0, 0) where there are too many stops."""
    stops = len(columns["station_of"])
    if stops > MOST_STOPS:
        return np.zeros((0, 0), np.int16)
    least = np.empty((stops, stops), np.int16)
    hops, walks = links_of(columns)
    for stop in range(stops):
        least_to(hops, walks, np.array([stop], np.int32), least[stop])
    return least


def fewest_between(columns: Mapping[str, Column]) -> NDArray[np.uint8]:
    """fewest[end, stop], as `fewest_to` gives them; of shape (0, 0) where there are too many stops."""
    stops = len(columns["station_of"])
    if stops > MOST_STOPS:
        return np.zeros((0, 0), np.uint8)
    fewest = np.empty((stops, stops), np.uint8)
    lines = lines_of(columns)
    for stop in range(stops):
        fewest_to(lines, np.array([stop], np.int32), fewest[stop])
    return fewest


def lines_of(columns: Mapping[str, Column]) -> Lines:
    """Patterns and the places of stops, as `fewest_to` reads them."""
    first, stops = columns["place_first"], columns["place_stop"]
    patterns = np.repeat(np.arange(len(first) - 1, dtype=np.int32), np.diff(first))
    at_first: Int32 = np.zeros(len(columns["station_of"]) + 1, np.int32)
    np.cumsum(np.bincount(stops, minlength=len(at_first) - 1), out=at_first[1:])
    calls = np.argsort(stops, kind="stable").astype(np.int32)
    walks = columns["enter_first"], columns["enter_from"]
    given = first, stops, columns["place_rules"], at_first, calls, patterns, *walks
    for array in given:
        array.flags.writeable = False
    return Lines(*given)


def links_of(columns: Mapping[str, Column]) -> tuple[Links, Links]:
    """Hops and walks by the stop they lead to, as `least_to` reads them."""
    return (
        (columns["hop_first"], columns["hop_from"], columns["hop_minutes"]),
        (columns["enter_first"], columns["enter_from"], columns["enter_minutes"]),
    )
