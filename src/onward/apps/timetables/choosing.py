"""Which of many journeys to show, and what a party needs on the way: pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from onward.apps.people.models import AgeBand
from onward.apps.timetables.rules import JourneyWarning
from onward.core.money import Money
from onward.engines.journeys.party import PartyNeeds

MAX_TRAVEL = timedelta(hours=96)
"""From El Paso to Québec by coach is three days and a night."""
HARD_STEP_MIN = 30
DAY_STARTS_H, DAY_ENDS_H = 6, 22


@dataclass(frozen=True, slots=True)
class PricedJourney:
    """A journey with its price for a whole party. journey: its JSON form. depart_at, arrive_at: on each end's clock.

    changes: between vehicles. fare, tax, fee: None where the carrier must be asked, and a warning says why. quoted_on:
    of the oldest quote used. countries: of the stops in order, those passed through too, each change of country once;
    "" among them where a stop's is not known. hard_min: how hard it is (engines/journeys/hardship.py), in minutes.
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
    hard_min: int = 0

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


def needs_of(bands: Mapping[AgeBand, int], *, step_free: bool) -> PartyNeeds:
    """What a party needs at a change. Everyone travels with what they have: luggage, not much; children are walked for.

    bands: how many people of each age. step_free: somebody needs a way without steps.
    """
    small = bands.get(AgeBand.CHILD, 0) + bands.get(AgeBand.INFANT, 0)
    return PartyNeeds(sum(bands.values()), small, has_wheelchair=step_free)


def is_by_day(journey: PricedJourney) -> bool:
    """Whether it leaves and arrives between six in the morning and ten at night, on the clocks there."""
    return all(DAY_STARTS_H <= at.hour < DAY_ENDS_H for at in (journey.depart_at, journey.arrive_at))


def leave_out_detours(journeys: Sequence[PricedJourney]) -> list[PricedJourney]:
    """Without those that leave a country only to come back to it, as long as others remain."""
    straight = [one for one in journeys if len(set(one.countries)) == len(one.countries)]
    return straight or list(journeys)


def trim(journeys: Iterable[PricedJourney], limit: int) -> list[PricedJourney]:
    """At most `limit` journeys that differ in what they are good for, the least hard first, then the cheapest.

    In turn the best not yet taken: arriving first, fewest changes, by day, cheapest, shortest on the way, least hard.
    Ties go to the earlier arrival, so that the same journeys give the same choice. Hardship is weighed in half hours:
    nobody pays fifty dollars more to wait ten minutes less at night. One whose price is not known comes after
    those whose price is.
    """
    left = sorted(journeys, key=_arriving_first)
    chosen: list[PricedJourney] = []
    while left and len(chosen) < limit:
        best = min(left, key=_MERITS[len(chosen) % len(_MERITS)])
        left.remove(best)
        chosen.append(best)
    return sorted(chosen, key=_rank)


def _rank(one: PricedJourney) -> tuple[object, ...]:
    return one.hard_min // HARD_STEP_MIN, *_cheap(one), one.duration, one.depart_at, one.changes


def _arriving_first(one: PricedJourney) -> tuple[object, ...]:
    return one.arrive_at, -one.depart_at.timestamp(), one.changes


def _few_changes(one: PricedJourney) -> tuple[object, ...]:
    return one.changes, one.duration, one.arrive_at


def _by_day(one: PricedJourney) -> tuple[object, ...]:
    return not is_by_day(one), one.changes, one.arrive_at


def _cheap(one: PricedJourney) -> tuple[object, ...]:
    total = one.total
    return total is None, total.currency if total else "", total.minor if total else 0, one.arrive_at


def _easy(one: PricedJourney) -> tuple[object, ...]:
    return one.hard_min // HARD_STEP_MIN, one.changes, one.arrive_at


def _short(one: PricedJourney) -> tuple[object, ...]:
    return one.duration, one.changes, one.arrive_at


_MERITS: tuple[Callable[[PricedJourney], tuple[object, ...]], ...] = (
    _arriving_first,
    _few_changes,
    _by_day,
    _cheap,
    _short,
    _easy,
)
