"""Dated records as effects on the rates: programmes, closures, rules, capacities, returns; and the days they hold.

A record holds on a day with a strength from 0 to 1 that depends on no parameter; its effect at full strength does. An
effect of strength 0 multiplies by exactly 1, so a closure that opens again on its day, or a programme of no seats,
leaves every byte as it was. Each kind has its opposite: a closure is ended or removed, a factor is taken the other way
about 1, seats are added or removed, a capacity is raised or lowered.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

import numpy as np

from onward.engines.flows.kernel_shapes import Floats, Ints
from onward.engines.flows.layout import Layout
from onward.engines.flows.parameters import Amount
from onward.engines.flows.scenario import NOTHING, CapacityChange, Closure, Dated, Programme, Rule, Scenario


@dataclass(slots=True)
class Effects:
    """Rates while dated records are applied: by regime (R) first; hazards are not yet chances."""

    weight: Floats  # (R, E, C)
    waiting: Floats  # (R, S, C)
    hazard: Floats  # (R, S, C)
    induced: Floats  # (R, E)
    turned_back: Floats  # (R, E, C)
    inflow: Floats  # (R, G, C)
    capacity: Floats  # (R, P)
    beds: Floats  # (R, P)


Apply = Callable[[Effects, Floats], None]
"""Changes the effects in place, given the values of all amounts."""
Act = Callable[[Floats, Effects, Floats], None]
"""The same, given first how strongly it holds in each regime (R,)."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Regimes: days that share every strength. regime: (T,); apply: in order; returning: (T, E)."""

    regime: Ints
    regimes: int
    is_open: Floats
    apply: tuple[Apply, ...]
    returning: Ints


def days_of(scenario: Scenario, since: date, until: date | None) -> slice:
    """The days, counted from the period's first, on which since <= day < until; empty where until is not later."""
    last = scenario.period.end + timedelta(days=1)
    end = min(until, last) if until else last
    first = (since - scenario.period.start).days
    return slice(max(0, first), max(0, first, (end - scenario.period.start).days))


def running(scenario: Scenario, since: date, until: date | None) -> Floats:
    """Strength 1 on the days of a record, else 0; shape (T,)."""
    strength = np.zeros(scenario.period.days)
    strength[days_of(scenario, since, until)] = 1.0
    return strength


def programme_seats(scenario: Scenario, programme: Programme) -> Floats:
    """Seats a day before filling, shape (T,)."""
    seats = np.zeros(scenario.period.days)
    for since, number in programme.seats:
        seats[days_of(scenario, since, None)] = number
    return seats * running(scenario, programme.since, programme.until)


def closing(scenario: Scenario, closure: Closure) -> Floats:
    """How far links are closed, shape (T,): 1 at once, or nearing 1 with fade_days."""
    strength = running(scenario, closure.since, closure.until)
    if closure.fade_days > 0:
        age = np.arange(len(strength)) - (closure.since - scenario.period.start).days + 1.0
        strength *= 1.0 - np.exp(-np.maximum(age, 0.0) / closure.fade_days)
    return strength


def ahead_of(scenario: Scenario, record: Closure | Rule) -> Floats:
    """Strength of the anticipation: 1 from the announcement to the day it holds; 0 where it never holds."""
    never = record.until is not None and record.until <= record.since
    if record.announced is None or never:
        return np.zeros(scenario.period.days)
    return running(scenario, record.announced, record.since)


def plan(scenario: Scenario, layout: Layout, index: Callable[[Amount], int]) -> Plan:
    """What the dated records do and when. index: where an amount stands among all values."""
    planner = _Planner(scenario, layout, index)
    for programme in scenario.programmes:
        planner.programme(programme)
    for flow in scenario.returns:
        planner.induce(planner.running(flow), layout.link[flow.link], flow.chance)
    for rule in scenario.rules:
        planner.rule(rule)
    for change in scenario.capacities:
        planner.limit("capacity", change, change.capacity)
        planner.limit("beds", change, change.beds)
    for closure in scenario.closures:
        planner.closure(closure)
    return planner.plan()


class _Planner:
    """Gathers every record's strength by day and what it does, in order."""

    def __init__(self, scenario: Scenario, layout: Layout, index: Callable[[Amount], int]) -> None:
        self.scenario, self.layout, self.index = scenario, layout, index
        days, links = scenario.period.days, len(layout.link_from)
        self.acts: list[tuple[Floats, Act]] = []
        is_open = np.array([not link.programme_only for link in scenario.links] + [True] * layout.steps)
        self.open_days = np.repeat(is_open[None, :].astype(np.float64), days, axis=0)
        self.returning = np.zeros((days, links), np.int64)

    def running(self, record: Dated) -> Floats:
        """Strength 1 on the days of a record, else 0."""
        return running(self.scenario, record.since, record.until)

    def add(self, strength: Floats, act: Act) -> None:
        """Keep an act that holds on some day."""
        if strength.any():
            self.acts.append((strength, act))

    def plan(self) -> Plan:
        """Days of equal strengths become one regime."""
        strengths = [strength for strength, _ in self.acts]
        table = np.column_stack([np.zeros(self.scenario.period.days), *strengths, self.open_days])
        unique, first, regime = np.unique(table, axis=0, return_index=True, return_inverse=True)
        apply = tuple(partial(act, unique[:, 1 + n].copy()) for n, (_, act) in enumerate(self.acts))
        return Plan(regime.reshape(-1).astype(np.int64), len(unique), self.open_days[first], apply, self.returning)

    def _cohorts(self, names: tuple[str, ...]) -> Floats:
        return np.array([1.0 if not names or c.id in names else 0.0 for c in self.scenario.cohorts])

    def factor(self, strength: Floats, target: tuple[str, Sequence[int]], of: tuple[str, ...], amount: Amount) -> None:
        """Multiply weights, hazards or inflows of some cohorts (none named: all) by 1 + strength x (amount - 1)."""
        name, numbers = target
        at, mask, where = self.index(amount), self._cohorts(of), np.array(numbers, np.int64)

        def act(by_regime: Floats, effects: Effects, values: Floats) -> None:
            change = by_regime * (values[at] - 1.0)
            getattr(effects, name)[:, where] *= 1.0 + change[:, None, None] * mask

        if numbers:
            self.add(strength, act)

    def induce(self, strength: Floats, link: int, chance: Amount) -> None:
        """Add a hazard of being drawn away from staying."""
        at = self.index(chance)

        def act(by_regime: Floats, effects: Effects, values: Floats) -> None:
            effects.induced[:, link] += by_regime * values[at]

        self.add(strength, act)

    def programme(self, programme: Programme) -> None:
        """Open the link while there are seats, make it draw more, and draw away some who would have stayed."""
        strength = (programme_seats(self.scenario, programme) > 0).astype(np.float64)
        link = self.layout.link[programme.link]
        self.open_days[:, link] = np.maximum(self.open_days[:, link], strength)
        self.factor(strength, ("weight", [link]), (), programme.weight)
        self.induce(strength, link, programme.induced)

    def rule(self, rule: Rule) -> None:
        """A factor on links, inflows and leaving, those turned back, and what comes before it."""
        layout, now = self.layout, self.running(rule)
        links = [layout.link[name] for name in rule.links]
        inflows = [layout.inflow[name] for name in rule.inflows]
        sites = [site for name in rule.places for site in layout.sites_of(name)]
        for strength, amount in ((now, rule.factor), (ahead_of(self.scenario, rule), rule.anticipation)):
            self.factor(strength, ("weight", links), rule.cohorts, amount)
            self.factor(strength, ("inflow", inflows), rule.cohorts, amount)
        self.factor(now, ("hazard", sites), rule.cohorts, rule.factor)
        at, mask, where = self.index(rule.turned_back), self._cohorts(rule.cohorts), np.array(links, np.int64)

        def act(by_regime: Floats, effects: Effects, values: Floats) -> None:
            back = by_regime[:, None, None] * values[at] * mask
            effects.turned_back[:, where] = 1.0 - (1.0 - effects.turned_back[:, where]) * (1.0 - back)

        if links and rule.turned_back != NOTHING:
            self.add(now, act)

    def limit(self, name: str, change: CapacityChange, amount: Amount | None) -> None:
        """Another capacity or number of beds while it holds; the later record wins."""
        if amount is None:
            return
        at, place = self.index(amount), self.layout.place[change.place]

        def act(by_regime: Floats, effects: Effects, values: Floats) -> None:
            array: Floats = getattr(effects, name)
            array[:, place] = np.where(by_regime > 0, values[at], array[:, place])

        self.add(self.running(change), act)

    def closure(self, closure: Closure) -> None:
        """Take weight off the links; shares of what is taken go to the substitute and to waiting where one is."""
        scenario, layout = self.scenario, self.layout
        links = [layout.link[name] for name in closure.links]
        self.factor(ahead_of(scenario, closure), ("weight", links), (), closure.anticipation)
        strength = closing(scenario, closure)
        held = np.flatnonzero(strength)
        if closure.returns_in_transit and len(held) and closure.since >= scenario.period.start:
            self.returning[held[0], links] = 1
        to = layout.link[closure.substitute] if closure.substitute else -1
        amounts = [self.index(a) for a in (closure.leak, closure.substitution, closure.waits)]

        def act(by_regime: Floats, effects: Effects, values: Floats) -> None:
            leak, substitution, waits = values[amounts]
            for link in links:
                taken = effects.weight[:, link] * (by_regime * (1.0 - leak))[:, None]
                effects.weight[:, link] -= taken
                effects.waiting[:, layout.link_from[link]] += waits * taken
                if to >= 0:
                    effects.weight[:, to] += substitution * taken

        self.add(strength, act)
