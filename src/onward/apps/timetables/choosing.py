"""Which of many journeys to show, and what a party needs on the way: pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from onward.apps.people.models import AgeBand
from onward.apps.timetables.rules import JourneyWarning
from onward.core.money import Money

MAX_TRAVEL = timedelta(hours=96)
"""From El Paso to Québec by coach is three days and a night."""
LEAST_CHANGE = timedelta(minutes=10)
DAY_STARTS_H, DAY_ENDS_H = 6, 22


@dataclass(frozen=True, slots=True)
class PricedJourney:
    """A journey with its price for a whole party. journey: its JSON form. depart_at, arrive_at: on each end's clock.

    changes: between vehicles. fare, tax, fee: None where the carrier must be asked, and a warning says why. quoted_on:
    of the oldest quote used. countries: of the stops in order, those passed through too, each change of country once.
    """

    journey: dict[str, object]
    depart_at: datetime
    arrive_at: datetime
    changes: int
    fare: Money | None
    tax: Money | None
    fee: Money | None
    quoted_on: date | None
    warnings: tuple[JourneyWarning, ...]
    countries: tuple[str, ...]
    modes: frozenset[str]

    @property
    def total(self) -> Money | None:
        """Fare, tax and fee together; None where they are not known."""
        if self.fare is None or self.tax is None or self.fee is None:
            return None
        return self.fare + self.tax + self.fee

    @property
    def duration(self) -> timedelta:
        """From leaving to arriving."""
        return self.arrive_at - self.depart_at


def change_time(bands: Mapping[AgeBand, int]) -> timedelta:
    """The least time between two vehicles: ten minutes, five more with small children, five more above four people."""
    small = bands.get(AgeBand.CHILD, 0) + bands.get(AgeBand.INFANT, 0)
    return LEAST_CHANGE + timedelta(minutes=5 * bool(small) + 5 * (sum(bands.values()) > 4))


def is_by_day(journey: PricedJourney) -> bool:
    """Whether it leaves and arrives between six in the morning and ten at night, on the clocks there."""
    return all(DAY_STARTS_H <= at.hour < DAY_ENDS_H for at in (journey.depart_at, journey.arrive_at))


def leave_out_detours(journeys: Sequence[PricedJourney]) -> list[PricedJourney]:
    """Without those that leave a country only to come back to it, as long as others remain."""
    straight = [one for one in journeys if len(set(one.countries)) == len(one.countries)]
    return straight or list(journeys)


def trim(journeys: Iterable[PricedJourney], limit: int) -> list[PricedJourney]:
    """At most `limit` journeys that differ in what they are good for, by departure.

    In turn the best not yet taken: arriving first, fewest changes, by day, cheapest, shortest on the way. Ties go to
    the earlier arrival, so that the same journeys give the same choice.
    """
    left = sorted(journeys, key=_arriving_first)
    chosen: list[PricedJourney] = []
    while left and len(chosen) < limit:
        best = min(left, key=_MERITS[len(chosen) % len(_MERITS)])
        left.remove(best)
        chosen.append(best)
    return sorted(chosen, key=lambda one: (one.depart_at, one.arrive_at, one.changes))


def _arriving_first(one: PricedJourney) -> tuple[object, ...]:
    return one.arrive_at, -one.depart_at.timestamp(), one.changes


def _few_changes(one: PricedJourney) -> tuple[object, ...]:
    return one.changes, one.duration, one.arrive_at


def _by_day(one: PricedJourney) -> tuple[object, ...]:
    return not is_by_day(one), one.changes, one.arrive_at


def _cheap(one: PricedJourney) -> tuple[object, ...]:
    total = one.total
    return total is None, total.currency if total else "", total.minor if total else 0, one.arrive_at


def _short(one: PricedJourney) -> tuple[object, ...]:
    return one.duration, one.changes, one.arrive_at


_MERITS: tuple[Callable[[PricedJourney], tuple[object, ...]], ...] = (
    _arriving_first,
    _few_changes,
    _by_day,
    _cheap,
    _short,
)
