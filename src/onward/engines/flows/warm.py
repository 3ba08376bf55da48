"""Compiling every kernel of both movements ahead of time, on a tiny scenario: set-up calls it."""

from dataclasses import replace
from datetime import date, timedelta

from onward.engines.flows.parameters import Amount
from onward.engines.flows.scenario import Cohort, Inflow, Link, Observation, Period, Place, Row, Scenario, Stage
from onward.engines.flows.simulation import mean, simulate


def tiny_scenario() -> Scenario:
    """A border, a road and a city for three days, with one published number."""
    first = date(2022, 8, 1)
    day = Row(first, first, 1.0, first)
    return Scenario(
        title="tiny",
        period=Period(first, first + timedelta(days=2), first - timedelta(days=1)),
        places=(
            Place("border", "Border", (Stage("", Amount(2.0)),)),
            Place("city", "City", (Stage("", Amount(2.0)),), settle=Amount(1.0), leave=Amount(1.0)),
        ),
        links=(Link("road", "border", "city"),),
        cohorts=(Cohort("everybody"),),
        inflows=(Inflow("in", "border", Amount(50.0), walk_sd=Amount(0.1)),),
        observations=(Observation("seen", "Seen", "arrivals", ("city",), "people", (day,)),),
    )


def warm() -> None:
    """Run both passes once. What is compiled is kept (engines/jit.py); later starts only load it."""
    for movement in ("choice", "flee"):
        scenario = replace(tiny_scenario(), movement=movement)
        mean(scenario)
        simulate(scenario, members=1, seed=1)
