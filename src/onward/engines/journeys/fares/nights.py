"""Hardship as the searches with fares count it: minutes of night between two minutes on the clock of a zone."""

from collections.abc import Callable

from onward.engines.journeys.hardship import nights

Hardship = Callable[[str, int, int], int]
"""Minutes of hardship of waiting from one minute (since 1970, UTC) to another on the clock of a zone.

It must add up: over a wait cut in two it is the sum of both parts, and never less than nothing.
"""


def night_between(zone: str, start: int, end: int) -> int:
    """Minutes of night between two minutes; night as hardship.py defines it."""
    return nights(zone, start // 1440 - 1, end // 1440 + 1).between(start, end) if end > start else 0


def no_hardship(zone: str, start: int, end: int) -> int:
    """None: for searches that do not weigh it."""
    return 0
