"""Forecasts made again from earlier days: what each may see, and what the pool makes of them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from onward.core.errors import BadInput
from onward.engines.flows.results import ReportedRow, Run
from onward.engines.flows.rolling import NETWORK, POOL, SHARE, Plan, forecasts, roll
from onward.engines.flows.scenario import Amount, Cohort, Observation, Period, Place, Row, Scenario, Stage
from onward.engines.flows.scores import crps, relative_skill

START = date(2022, 1, 1)
DAYS = 200


def scenario(*series: tuple[str, np.ndarray], lag: int = 1) -> Scenario:
    """Cities with daily arrivals, each published so many days later."""
    end = START + timedelta(days=DAYS - 1)
    places = tuple(Place(name, name, (Stage("there", Amount(5.0)),)) for name, _ in series)
    observations = tuple(
        Observation(name, name, "arrivals", (name,), "people", tuple(rows(values, lag))) for name, values in series
    )
    cohorts = (Cohort("everybody"),)
    return Scenario("Cities", Period(START, end, START), places, (), cohorts, observations=observations)


def rows(values: np.ndarray, lag: int) -> list[Row]:
    days = [START + timedelta(days=i) for i in range(len(values))]
    return [Row(day, day, float(v), day + timedelta(days=lag)) for day, v in zip(days, values, strict=True)]


def network(means: dict[str, np.ndarray], spread: float = 1.0) -> Callable[[Scenario], Run]:
    """A network that says the same of a day from wherever it is asked: Poisson about its means."""

    def run(then: Scenario) -> Run:
        reported = tuple(
            ReportedRow(one.id, row.start, row.end, row.value, row.published_on, "", "day")
            for one in then.observations
            for row in one.rows
        )
        rng = np.random.default_rng(then.period.known_until.toordinal())
        levels = np.concatenate([means[one.id] for one in then.observations])
        said = levels + (rng.poisson(levels, (300, len(levels))) - levels) * spread
        counts = np.zeros((300, DAYS, 1))
        return Run(("present",), START, counts, reported, said, said, 1, "0", "", "")

    return run


def wave(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    mean = 200 + 150 * np.sin(np.arange(DAYS) / 9)
    return mean, rng.poisson(mean).astype(float)


ORIGINS = tuple(START + timedelta(days=day) for day in range(60, 180, 7))
PLAN = Plan(ORIGINS, ahead=10, members=200, seed=3)


def test_a_network_that_knows_the_wave_has_skill_and_the_pool_keeps_most_of_it() -> None:
    mean, seen = wave(np.random.default_rng(0))
    rolled = roll(scenario(("chicago", seen)), network({"chicago": mean}), PLAN)
    assert rolled.models[:2] == (POOL, NETWORK) and "persistence" in rolled.models
    scored = {name: forecasts(rolled, name, lambda one: True) for name in rolled.models}
    means = {name: crps(one.seen, one.members) for name, one in scored.items()}
    origins = scored[NETWORK].origins
    skill = relative_skill("drift", means[NETWORK], means["drift"], origins, np.random.default_rng(0))
    pooled = relative_skill("drift", means[POOL], means["drift"], origins, np.random.default_rng(0))
    assert skill.is_shown and pooled.is_shown and pooled.ratio < 0.5
    assert rolled.said[-1].weights[NETWORK] > 0.8 > rolled.said[0].weights[NETWORK]


def test_a_network_that_says_nonsense_loses_its_weight_and_shows_no_skill() -> None:
    mean, seen = wave(np.random.default_rng(0))
    rolled = roll(scenario(("chicago", seen)), network({"chicago": mean * 6}), PLAN)
    own, naive = (forecasts(rolled, name, lambda one: True) for name in (NETWORK, "persistence"))
    args = crps(own.seen, own.members), crps(naive.seen, naive.members), own.origins
    assert not relative_skill("persistence", *args, np.random.default_rng(0)).is_shown
    assert rolled.said[-1].weights[NETWORK] < 0.1


def test_nothing_that_came_after_an_origin_moves_what_was_said_there() -> None:
    """Counts after the last origin are swollen; what was said of them stays the same."""
    mean, seen = wave(np.random.default_rng(0))
    swollen = seen.copy()
    swollen[int((ORIGINS[-1] - START).days) :] *= 50
    told = [
        roll(scenario(("chicago", values)), network({"chicago": mean}), PLAN).said[-1].members
        for values in (seen, swollen)
    ]
    for name in told[0]:
        assert told[0][name].tobytes() == told[1][name].tobytes(), name


def test_what_was_not_yet_published_on_the_origin_was_not_known_there() -> None:
    mean, seen = wave(np.random.default_rng(0))
    early, late = (
        roll(scenario(("chicago", seen), lag=lag), network({"chicago": mean}), PLAN).said[0].members["persistence"]
        for lag in (0, 8)
    )
    day = int((ORIGINS[0] - START).days)
    assert np.median(early) == pytest.approx(seen[day], rel=0.2)
    assert np.median(late) == pytest.approx(seen[day - 8], rel=0.4) and late.std() > early.std()


def test_the_last_revision_is_what_a_forecast_is_scored_on() -> None:
    mean, seen = wave(np.random.default_rng(0))
    made = scenario(("chicago", seen))
    day = ORIGINS[0] + timedelta(days=3)
    revised = Row(day, day, 9_999.0, day + timedelta(days=90))
    chicago = replace(made.observations[0], rows=(*made.observations[0].rows, revised))
    means = np.append(mean, mean[(day - START).days])
    rolled = roll(replace(made, observations=(chicago,)), network({"chicago": means}), PLAN)
    assert [one.count.value for one in rolled.said if one.count.end == day] == [9_999.0]


def test_series_that_count_alike_have_a_share_of_their_total() -> None:
    rng = np.random.default_rng(4)
    mean, seen = wave(rng)
    both = scenario(("chicago", seen), ("denver", rng.poisson(mean / 3).astype(float)))
    rolled = roll(both, network({"chicago": mean, "denver": mean / 3}), PLAN)
    assert SHARE in rolled.models
    assert {one.count.name for one in rolled.said} == {"chicago", "denver"}


def test_an_origin_that_cannot_be_fitted_is_left_out_and_said() -> None:
    mean, seen = wave(np.random.default_rng(0))
    real = network({"chicago": mean})

    def fails_once(then: Scenario) -> Run:
        if then.period.known_until == ORIGINS[2]:
            raise BadInput("flow.fit_failed", "nothing to fit to")
        return real(then)

    rolled = roll(scenario(("chicago", seen)), fails_once, PLAN)
    assert rolled.left_out == ((ORIGINS[2], "nothing to fit to"),)
    assert len({one.origin for one in rolled.said}) == len(ORIGINS) - 1
