"""Same seed, same bytes: in one process or many, whatever the chunks and the order."""

import random
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from onward.core.errors import BadInput, NotFound
from onward.engines.flows.kernel_ensemble import sample_member
from onward.engines.flows.kernel_mean import mean_pass
from onward.engines.flows.parameters import Parameter, draw_prior
from onward.engines.flows.results import Run
from onward.engines.flows.scenario import Amount, Inflow, Observation, Row
from onward.engines.flows.simulation import inputs_sha256, mean, simulate
from onward.engines.flows.warm import tiny_scenario, warm
from tests.engines.flows.core.small_worlds import FIRST, day, road

SEEN = Observation("seen", "Seen", "arrivals", ("city",), "people", (Row(FIRST, day(19), 30.0, day(20)),))


def same(run: Run, other: Run) -> bool:
    return run.counts.tobytes() == other.counts.tobytes() and run.reported.tobytes() == other.reported.tobytes()


class Backwards(Executor):
    """Computes the jobs in another order than they were sent, each when its answer is asked for."""

    def __init__(self) -> None:
        self.jobs: list[tuple[Future, object]] = []

    def submit(self, function, job):
        future: Future = Future()
        self.jobs.append((future, (function, job)))
        if len(self.jobs) == 4:
            random.Random(1).shuffle(self.jobs)
            for waiting, (call, given) in self.jobs:
                waiting.set_result(call(given))
        return future


def test_a_thousand_members_on_two_dask_workers_are_the_bytes_of_one_process():
    from distributed import Client

    world = road(days=20, observations=(SEEN,))
    alone = simulate(world, members=1_000, seed=4)
    with Client(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1") as client:
        spread = simulate(world, members=1_000, seed=4, executor=client.get_executor())
    assert same(alone, spread)


def test_threads_and_any_order_give_the_same_bytes():
    world = road(days=20, observations=(SEEN,))
    alone = simulate(world, members=90, seed=4)
    with ThreadPoolExecutor(2) as threads:
        for executor in (threads, Backwards()):
            assert same(alone, simulate(world, members=90, seed=4, executor=executor))


def test_more_members_leave_the_first_as_they_were():
    few, many = simulate(road(), members=7, seed=4), simulate(road(), members=60, seed=4)
    assert few.counts.tobytes() == many.counts[:7].tobytes()


def test_members_take_the_draws_in_turn():
    heavy = (Parameter("level", "lognormal", 40.0, 0.5),)
    world = road(days=10, parameters=heavy)
    world = replace(world, inflows=(replace(world.inflows[0], level=Amount(40.0, "level")),))
    draws = draw_prior(heavy, 4, np.random.default_rng(1))
    run = simulate(world, members=27, seed=4, draws=draws)

    for member in (0, 3, 4, 25):  # the last in a chunk of its own
        alone = simulate(world, members=member + 1, seed=4, draws=draws[[member % 4]])
        assert run.counts[member].tobytes() == alone.counts[member].tobytes()
    other = simulate(world, members=1, seed=4, draws=draws[[1]])
    assert run.counts[0].tobytes() != other.counts[0].tobytes()
    centre = mean(world, draws[0]).of("inflow:border")[0]
    assert np.allclose(centre, np.exp(draws[0, 0]))


def test_draws_of_another_scenario_are_refused():
    with pytest.raises(BadInput) as refused:
        simulate(road(), members=1, draws=np.zeros((2, 3)))
    assert refused.value.code == "flows.draws_do_not_fit"


def test_an_unknown_movement_is_refused():
    with pytest.raises(BadInput) as refused:
        mean(road(movement="magic"))
    assert refused.value.code == "flows.movement_unknown"


def test_only_the_series_asked_for_are_kept():
    run = simulate(road(observations=(SEEN,)), members=2, seed=1, keep=("present", "observed:seen", "arrivals:city"))

    assert set(run.series) == {"present", "present:border", "present:city", "arrivals:city", "observed:seen"}
    assert np.array_equal(run.of("observed:seen"), run.of("arrivals:city"))
    assert run.quantiles("arrivals:city", (0.05, 0.95)).shape == (2, 30)
    with pytest.raises(NotFound):
        run.of("departures:road")


def test_a_run_says_what_it_was_made_of():
    world = road()
    run = simulate(world, members=1, seed=8)

    assert run.seed == 8
    assert run.inputs_sha256 == inputs_sha256(replace(world, folder="elsewhere"))
    assert run.inputs_sha256 != inputs_sha256(road(days=29))
    assert len(run.draws_sha256) == 64


def test_a_hundred_million_people_are_counted_exactly():
    world = road(days=3, places=tuple(replace(place, start=2e9) for place in road().places))
    run = simulate(world, members=1, seed=1)
    assert run.counts.dtype == np.int64
    assert run.of("entered")[0, 0] == 4_000_000_000 + run.of("inflow:border")[0, 0]


def test_several_inflows_that_walk_run_what_set_up_compiled():
    walks = tuple(Inflow(name, "border", Amount(40.0), walk_sd=Amount(0.1)) for name in ("by-road", "by-air"))
    world = road(days=3, inflows=walks)
    warm()
    mean(world)
    simulate(world, members=1, seed=1)
    assert len(mean_pass.made) == len(sample_member.made) == 1


def test_warming_runs_the_tiny_scenario():
    warm()
    assert mean(tiny_scenario()).reported.shape == (1, 1)
