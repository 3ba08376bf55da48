"""A made world of any size for the flows engine: a ring of places with some ways across, one gateway, counts."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from onward.engines.flows.parameters import Amount, Parameter
from onward.engines.flows.scenario import Cohort, Inflow, Link, Observation, Period, Place, Row, Scenario, Stage
from onward.engines.flows.simulation import simulate

START = date(2022, 1, 1)
FITTED = 8


def made_world(*, places: int, days: int, people: int = 100_000) -> Scenario:
    """`people` enter over the days at five gateways. Ten parameters: eight attractions, the level, one dispersion.

    Eight places are counted weekly; the counts are those of a member drawn from the world itself.
    """
    end = START + timedelta(days=days - 1)
    fitted = [f"attraction_{n}" for n in range(FITTED)]
    parameters = [Parameter(name, "lognormal", 1.0, 0.7) for name in fitted]
    parameters += [
        Parameter("level", "lognormal", people / days / 5, 0.5),
        Parameter("scatter", "lognormal", 20.0, 0.7),
    ]
    each = max(1, places // FITTED)
    world = Scenario(
        title=f"{places} places",
        period=Period(START, end, end),
        places=tuple(
            _place(n, fitted[n // each] if n % each == 0 and n // each < FITTED else "") for n in range(places)
        ),
        links=tuple(
            Link(f"p{a}..p{b}", f"p{a}", f"p{b}", days=1 + step % 3, cost=50.0 * step)
            for a in range(places)
            for step in (1, 2, 7)
            for b in ((a + step) % places, (a - step) % places)
        ),
        cohorts=(Cohort("everybody", cost_effect=Amount(0.002)),),
        inflows=tuple(Inflow(f"gate-{n}", f"p{n * places // 5}", Amount(people / days / 5, "level")) for n in range(5)),
        parameters=tuple(parameters),
    )
    return _counted(world, [n * each for n in range(FITTED)])


def _place(number: int, attraction: str) -> Place:
    return Place(
        id=f"p{number}",
        title=f"Place {number}",
        stages=(Stage("", Amount(5.0 + number % 20)),),
        capacity=Amount(20_000.0) if number % 10 == 3 else None,
        attraction=Amount(1.0, attraction),
        settle=Amount(0.2),
    )


def _counted(world: Scenario, where: list[int]) -> Scenario:
    run = simulate(world, members=1, seed=7, keep=("present",))
    days = range(6, world.period.days, 7)
    observations = []
    for number in where:
        daily = np.asarray(run.of(f"present:p{number}")[0])
        on = [(world.period.start + timedelta(days=day), float(daily[day])) for day in days]
        rows = tuple(Row(day, day, value, day) for day, value in on)
        seen = Observation(
            f"p{number}", f"People at place {number}", "present", (f"p{number}",), "people", rows,
            dispersion=Amount(20.0, "scatter"),
        )  # fmt: skip
        observations.append(seen)
    return replace(world, observations=tuple(observations))
