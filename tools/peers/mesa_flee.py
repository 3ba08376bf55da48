"""Flee's rules as a Mesa model, one agent a person (or one for several): a peer to measure counts against.

Reads one line of JSON, the days of a scenario as arrays and the people entering by day and place; answers one line:
seconds to make and run the model, and the people at each place by day. Run in the peers' environment.
"""

import json
import random
import sys
import time

import mesa
import numpy as np


class Traveller(mesa.Agent):
    """A person at a place or on a link."""

    def __init__(self, model, place):
        super().__init__(model)
        self.place, self.link = place, -1
        self.along = self.today = self.lately = 0.0

    def morning(self):
        """Whoever is at a place stays or sets out."""
        if self.link < 0:
            self.choose(self.model.leave[self.place])

    def choose(self, chance):
        """Stay, or take a link by its pull and the room at its end."""
        model = self.model
        ways = model.ways[self.place]
        if not ways or model.random.random() >= chance:
            return
        pull = [weight * model.room(end) for _, end, weight in ways]
        chosen = model.random.choices(ways, pull if sum(pull) > 0 else None)[0]
        if not (model.is_camp[chosen[1]] and model.room(chosen[1]) < 0.5):
            model.there[self.place] -= 1
            self.link, self.along = chosen[0], 0.0

    def travel(self):
        """A day's way on the link; from its end on, with less than a day's way behind."""
        model = self.model
        while self.link >= 0:
            link, speed = self.link, model.speed
            self.along += speed
            self.today += speed
            if self.along <= model.km[link]:
                return
            self.today += model.km[link] - self.along
            self.link = -1
            turned = model.turns_back[link]
            self.place = model.begin[link] if turned else model.end[link]
            model.there[self.place] += 1
            if turned or self.today >= speed:
                return
            must = model.is_town[self.place] and self.lately + self.today / speed < 1.0
            self.choose(1.0 if must else model.leave[self.place])

    def night(self):
        """What is remembered of the day's way."""
        self.lately, self.today = (self.lately + self.today / self.model.speed) / 2.0, 0.0


class Flee(mesa.Model):
    """The network of one scenario."""

    def __init__(self, world):
        super().__init__(seed=world["seed"])
        self.world, self.day = world, -1
        self.km, self.begin, self.end = world["km"], world["begin"], world["end"]
        self.speed, self.buffer = world["numbers"][0], world["numbers"][1]
        self.capacity = world["capacity"]
        self.there = [0] * len(world["start"])
        self.begin_day()
        for place, people in enumerate(world["start"]):
            self.enter(place, people)
        self.day = -1

    def begin_day(self):
        """The rules of the next day."""
        self.day += 1
        world, day = self.world, self.day
        self.leave, self.is_town, self.is_camp = world["leave"][day], world["is_town"][day], world["is_camp"][day]
        self.turns_back = world["turns_back"][day]
        self.ways = [[] for _ in self.there]
        for link, (start, end) in enumerate(zip(self.begin, self.end, strict=True)):
            if world["is_open"][day][link]:
                self.ways[start].append((link, end, world["weight"][day][link]))

    def enter(self, place, people):
        """People appear at a place."""
        Traveller.create_agents(self, people, [place] * people)
        self.there[place] += people

    def room(self, place):
        """1 where there is room, 0 where it is full."""
        limit = self.capacity[place]
        if limit < 1:
            return 1.0
        return min(1.0, max(0.0, (limit - self.there[place]) / (limit * (1.0 - self.buffer))))

    def step(self):
        """One day."""
        self.begin_day()
        for place, people in enumerate(self.world["coming"][self.day]):
            self.enter(place, people)
        self.agents.do("morning")
        self.agents.do("travel")
        self.agents.do("night")


def run(world):
    """Seconds of the processor, and people by day and place."""
    begun = time.process_time()
    random.seed(world["seed"])
    np.random.seed(world["seed"])
    model, there = Flee(world), []
    for _ in world["coming"]:
        model.step()
        there.append(list(model.there))
    return {"seconds": time.process_time() - begun, "mesa": mesa.__version__, "there": there}


def main():
    """One line in, one line out."""
    print(json.dumps(run(json.loads(sys.stdin.readline()))))


if __name__ == "__main__":
    main()
