"""Flee's rules person by person, plainly: the oracle for counts. One agent after another, as Flee does it."""

from dataclasses import dataclass

import numpy as np

from onward.engines.flows.flee.days import lay_days, read_table
from onward.engines.flows.flee.kernel_flee import FleeDays
from onward.engines.flows.parameters import Floats
from onward.engines.flows.scenario import Scenario
from onward.engines.flows.simulation import simulate


@dataclass(slots=True)
class Agent:
    """A person. on: the link they are on, or -1; along: kilometres on it; today, lately: how far they came."""

    place: int
    on: int = -1
    along: float = 0.0
    today: float = 0.0
    lately: float = 0.0


class World:
    """One run: everybody, and how many are at each place now."""

    def __init__(self, days: FleeDays, generator: np.random.Generator) -> None:
        self.days, self.draw = days, generator
        self.agents: list[Agent] = []
        self.there = np.zeros(len(days.start))

    def enter(self, place: int, people: int) -> None:
        """People appear at a place."""
        self.agents += [Agent(place) for _ in range(people)]
        self.there[place] += people

    def room(self, place: int) -> float:
        """1 where there is room, 0 where it is full."""
        limit, buffer = self.days.capacity[place], self.days.numbers[1]
        if limit < 1:
            return 1.0
        return float(np.clip((limit - self.there[place]) / (limit * (1.0 - buffer)), 0.0, 1.0))

    def choose(self, agent: Agent, day: int, chance: float) -> None:
        """An agent at a place stays or takes a link."""
        ways = [e for e in range(*self.days.first[agent.place : agent.place + 2]) if self.days.is_open[day, e]]
        if not ways or self.draw.random() >= chance:
            return
        pull = np.array([self.days.weight[day, e] * self.room(self.days.end[e]) for e in ways])
        pull = pull / pull.sum() if pull.sum() > 0 else np.full(len(ways), 1.0 / len(ways))
        link = ways[min(int(np.searchsorted(np.cumsum(pull), self.draw.random())), len(ways) - 1)]
        end = self.days.end[link]
        if not (self.days.is_camp[day, end] and self.room(end) < 0.5):
            self.there[agent.place] -= 1
            agent.on, agent.along = link, 0.0

    def travel(self, agent: Agent, day: int) -> None:
        """An agent on a link goes a day's way, and from its end on if they came less than a day's way."""
        if agent.on < 0:
            return
        full_day, link = self.days.numbers[0], agent.on
        agent.along += full_day
        agent.today += full_day
        if agent.along <= self.days.km[link]:
            return
        agent.today += self.days.km[link] - agent.along
        agent.on = -1
        agent.place = self.days.begin[link] if self.days.turns_back[day, link] else self.days.end[link]
        self.there[agent.place] += 1
        if not self.days.turns_back[day, link] and agent.today < full_day:
            must = self.days.is_town[day, agent.place] and agent.lately + agent.today / full_day < 1.0
            self.choose(agent, day, 1.0 if must else self.days.leave[day, agent.place])
            self.travel(agent, day)


def walk(scenario: Scenario, seed: int) -> Floats:
    """People at each place at the end of each day, (T, n), with the inflow of the member of the same number."""
    days, _ = lay_days(scenario, read_table(scenario))
    inflow = simulate(scenario, members=seed + 1, keep=("inflow",))
    world = World(days, np.random.default_rng(seed))
    out = np.zeros((scenario.period.days, len(scenario.places)))
    for place, people in enumerate(days.start):
        world.enter(place, int(people))
    for day in range(len(out)):
        for n, place in enumerate(scenario.places):
            world.enter(n, int(inflow.of(f"inflow:{place.id}")[seed, day]))
        for agent in world.agents:
            if agent.on < 0:
                world.choose(agent, day, days.leave[day, agent.place])
        for agent in world.agents:
            world.travel(agent, day)
        for agent in world.agents:
            agent.lately, agent.today = (agent.lately + agent.today / days.numbers[0]) / 2.0, 0.0
        out[day] = world.there
    return out
