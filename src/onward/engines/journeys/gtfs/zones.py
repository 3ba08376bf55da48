"""Time zone names: is this one known."""

from functools import cache
from zoneinfo import ZoneInfo


@cache
def is_zone(name: str) -> bool:
    """Whether the name is in the zone database (tzdata), such as "America/Toronto"."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return bool(name)
