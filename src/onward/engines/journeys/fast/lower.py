"""Minutes that no journey between two stops takes less than: what a search need not look at."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from onward.engines.journeys.fast.kernel_lower import Links, least_to
from onward.engines.journeys.fast.tables import Column

MOST_STOPS = 6000
"""Up to so many stops the minutes between each two of them are kept; beyond, those to an end are worked out anew."""


def least_between(columns: Mapping[str, Column]) -> NDArray[np.int16]:
    """least[end, stop], as `least_to` gives them; of shape (0, 0) where there are too many stops."""
    stops = len(columns["station_of"])
    if stops > MOST_STOPS:
        return np.zeros((0, 0), np.int16)
    least = np.empty((stops, stops), np.int16)
    hops, walks = links_of(columns)
    none = np.zeros(1, np.int16)
    for stop in range(stops):
        least_to(hops, walks, np.array([stop], np.int32), none, least[stop])
    return least


def links_of(columns: Mapping[str, Column]) -> tuple[Links, Links]:
    """Hops and walks by the stop they lead to, as `least_to` reads them."""
    return (
        (columns["hop_first"], columns["hop_from"], columns["hop_minutes"]),
        (columns["enter_first"], columns["enter_from"], columns["enter_minutes"]),
    )
