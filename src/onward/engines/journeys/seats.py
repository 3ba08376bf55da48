"""Whether a whole party finds seats, and whether a wheelchair gets through: yes, no and not known are three answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from onward.engines.journeys.journey import Leg


class Departure(NamedTuple):
    """One run of a trip: the trip of a feed on one of its service days."""

    feed: str
    trip_id: str
    service_on: date


@dataclass(frozen=True, slots=True)
class SeatCount:
    """How many seats are left on a departure. said_on: when the source said so."""

    left: int
    said_on: date
    source: str


class Seats(StrEnum):
    """Whether a party finds seats on a vehicle."""

    ENOUGH = "enough"
    TOO_FEW = "too_few"
    UNKNOWN = "unknown"


def seats_on(leg: Leg, heads: int, counts: Mapping[Departure, SeatCount]) -> tuple[Seats, SeatCount | None]:
    """Whether so many find seats on a leg's vehicle, and what was counted. Infants on a lap take none: not in heads."""
    count = counts.get(Departure(leg.feed, leg.trip_id, leg.service_on)) if leg.service_on else None
    if count is None:
        return Seats.UNKNOWN, None
    return Seats.ENOUGH if count.left >= heads else Seats.TOO_FEW, count


class StepFree(StrEnum):
    """Whether a leg can be ridden with a wheelchair, its vehicle and both stops taken together."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


def step_free(leg: Leg) -> StepFree:
    """The answer for one leg: no where the vehicle or either stop is not, yes only where all three are said to be."""
    said = [leg.from_stop.wheelchair, leg.to_stop.wheelchair] + ([] if leg.is_walk else [leg.wheelchair])
    if False in said:
        return StepFree.NO
    return StepFree.UNKNOWN if None in said else StepFree.YES
