"""What a party needs at a change: how long at least, and how fast it walks. The one place for these rules."""

from dataclasses import dataclass
from datetime import timedelta

LEAST_CHANGE_MIN = 10
"""Minutes between two vehicles that anyone is given: to get off, find the way and be there before the doors close."""

MORE_MIN = 5
"""Minutes more for each thing that makes it longer: small children, more than four people, luggage, a wheelchair."""

MANY_PEOPLE = 5
GROWN_UP, WITH_CHILDREN, WITH_LUGGAGE, WITH_WHEELCHAIR = 100, 150, 125, 200
"""Hundredths of the time a walk takes a grown-up at 1.2 m/s; a wheelchair's way is longer too: lifts and ramps."""


@dataclass(frozen=True, slots=True)
class PartyNeeds:
    """A party as far as changing matters. children: under twelve. Any of it unknown is taken for not there."""

    people: int = 1
    children: int = 0
    has_luggage: bool = False
    has_wheelchair: bool = False

    @property
    def min_change(self) -> timedelta:
        """The least time between two vehicles, for `Query.min_change`; a feed may ask for more, never for less."""
        harder = (self.children > 0, self.people >= MANY_PEOPLE, self.has_luggage, self.has_wheelchair)
        return timedelta(minutes=LEAST_CHANGE_MIN + MORE_MIN * sum(harder))

    @property
    def pace(self) -> int:
        """How long a walk takes it in hundredths, for `Query.pace`: that of its slowest."""
        paces = [GROWN_UP]
        paces += [WITH_CHILDREN] * (self.children > 0)
        paces += [WITH_LUGGAGE] * self.has_luggage
        paces += [WITH_WHEELCHAIR] * self.has_wheelchair
        return max(paces)


def paced(minutes: int, pace: int) -> int:
    """Whole minutes a walk of so many takes at a pace, rounded up. minutes: at a grown-up's pace, not below 0."""
    return -(-minutes * pace // 100)
