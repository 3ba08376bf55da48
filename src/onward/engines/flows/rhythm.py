"""How often a series is published: its steps, what comes next, and its past as an even row of steps."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from statistics import median

import numpy as np

from onward.engines.flows.likelihood import Count
from onward.engines.flows.parameters import Floats
from onward.engines.flows.scenario import STOCKS, Observation, Row, Scenario

MOST_STEPS = 400
"""Steps of the past that are looked at: further back says little of the next."""
SEASON_DAYS = 365.25
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Steps of so many days, or calendar months (0 days)."""

    days: int

    @property
    def season(self) -> int:
        """Steps after which the same comes again: a week of days, else a year."""
        return 12 if not self.days else 7 if self.days == 1 else max(1, round(SEASON_DAYS / self.days))

    def place(self, end: date) -> int:
        """The number of the step that ends on or about a day."""
        return end.year * 12 + end.month if not self.days else end.toordinal() // self.days

    def step_days(self, end: date) -> float:
        """How many days the step that ends there has."""
        return float(end.day) if not self.days else float(self.days)

    def after(self, end: date) -> tuple[date, date]:
        """First and last day of the step after the one that ends there."""
        start = end + DAY
        if self.days:
            return start, end + self.days * DAY
        return start, (start.replace(day=1) + 31 * DAY).replace(day=1) - DAY


def find_rhythm(ends: Sequence[date], starts: Sequence[date]) -> Rhythm:
    """The rhythm of readings: months where each is a whole month, else the middle gap between their ends, in days."""
    spans = list(zip(starts, ends, strict=True))
    if spans and all(start.day == 1 and (end + DAY).day == 1 and (end - start).days < 31 for start, end in spans):
        return Rhythm(0)
    days = sorted({end.toordinal() for end in ends})
    gaps = [later - earlier for earlier, later in zip(days, days[1:], strict=False)]
    lengths = [(end - start).days + 1 for start, end in spans]
    return Rhythm(max(1, round(median(gaps or lengths or [1]))))


def past_steps(counts: Sequence[Count], rhythm: Rhythm, *, is_stock: bool) -> tuple[Floats, int]:
    """Counts as an even row of steps, gaps not a number, and the number of its last step.

    A flow over more or fewer days than its step is brought to the step's length; of a stock the reading is taken.
    """
    places = [rhythm.place(one.end) for one in counts]
    first, last = max(min(places), max(places) - MOST_STEPS + 1), max(places)
    past = np.full(last - first + 1, np.nan)
    for place, one in zip(places, counts, strict=True):
        if place >= first:
            past[place - first] = one.value / scale(one, rhythm, is_stock=is_stock)
    return past, last


def scale(one: Count, rhythm: Rhythm, *, is_stock: bool) -> float:
    """How many steps' worth of people a count holds: 1 for a stock."""
    if is_stock:
        return 1.0
    return max(one.days, 1) / rhythm.step_days(one.end)


def ask_ahead(scenario: Scenario) -> Scenario:
    """The scenario with a question for every step of each series from what is known to the end of the period.

    A question is a row without a number: a run answers it with what would be reported, noise and delay included.
    """
    return replace(scenario, observations=tuple(_asked(one, scenario) for one in scenario.observations))


def _asked(observation: Observation, scenario: Scenario) -> Observation:
    known = [row for row in observation.rows if row.published_on <= scenario.period.known_until]
    if not known:
        return observation
    rhythm = find_rhythm([row.end for row in known], [row.start for row in known])
    questions, last = [], max(row.end for row in known)
    start, end = rhythm.after(last)
    while end <= scenario.period.end:
        questions.append(Row(end if observation.window == "cumulative" else start, end, np.nan, date.max))
        start, end = rhythm.after(end)
    return replace(observation, rows=(*known, *questions))


def stocks(scenario: Scenario) -> frozenset[str]:
    """The observations that count who is there, not who came."""
    return frozenset(one.id for one in scenario.observations if one.measure in STOCKS)
