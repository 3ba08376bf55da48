"""The compiled passes against the plain walk, and the mean pass against the mean of the ensemble."""

from dataclasses import replace

import numpy as np
from hypothesis import HealthCheck, Phase, given, settings
from scipy.stats import ks_2samp

from onward.engines.flows.scenario import Amount, Inflow, Link, Scenario
from onward.engines.flows.simulation import mean, simulate
from tests.engines.flows.core.plain_walk import Drawn, Expected, Walk
from tests.engines.flows.core.small_worlds import FIRST, day, place, road, scenario, worlds

MEMBERS = 2_000


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(worlds())
def test_the_mean_pass_is_the_plain_walk_in_expectations(world: Scenario):
    plain, run = Walk(world, Expected()).run(), mean(world)

    for number, name in enumerate(run.series):
        np.testing.assert_allclose(
            run.counts[0, :, number], plain[name], rtol=1e-9, atol=1e-6, err_msg=f"{name} differs"
        )


@settings(max_examples=3, derandomize=True, phases=[Phase.generate])  # shrinking would take minutes
@given(worlds())
def test_members_scatter_as_plain_walks_do(world: Scenario):
    last = world.period.days - 1
    plain = [Walk(world, Drawn(seed)).run() for seed in range(100)]
    run = simulate(world, members=400, seed=3, keep=("present", "arrivals", "settled", "left", "unmet"))

    for number, name in enumerate(run.series):
        theirs = np.array([walk[name][last] for walk in plain])
        ours = run.counts[:, last, number]
        spread = np.hypot(theirs.std() / np.sqrt(len(theirs)), ours.std() / np.sqrt(len(ours)))
        assert abs(theirs.mean() - ours.mean()) < 5 * spread + 0.1, name
        low, high = sorted((ours.std(), theirs.std()))
        # a deviation says little of a heavy tail: there the two must have one law
        assert high < 1.6 * low + 1.5 or ks_2samp(ours, theirs).pvalue > 1e-5, name


def assert_means_agree(world: Scenario, *, sigmas: float = 4.5) -> None:
    """Each series on each day within its standard error; 4.5 of them, for some 2,000 numbers are compared."""
    expected, run = mean(world), simulate(world, members=MEMBERS, seed=11)
    sampled = run.counts.mean(axis=0)
    error = run.counts.std(axis=0) / np.sqrt(MEMBERS)
    off = np.abs(sampled - expected.counts[0]) / (error + 0.02)
    worst = np.unravel_index(np.argmax(off), off.shape)
    assert off.max() < sigmas, f"{run.series[worst[1]]} on day {worst[0]}: {off.max():.1f} standard errors"


def test_the_mean_pass_is_the_mean_of_two_thousand_members():
    assert_means_agree(road(days=60))


def test_the_mean_pass_takes_the_walk_of_the_intensity_into_account():
    heavy = Inflow("in", "border", Amount(400.0), walk_sd=Amount(0.05), walk_df=3.0)
    assert_means_agree(road(days=25, inflows=(heavy,)))


def test_full_buses_make_the_two_differ_by_no_more_than_half_a_standard_deviation():
    """Scarf's bound: E min(seats, X) is at most half of X's deviation under min(seats, E X)."""
    world = road(days=40, links=(Link("road", "border", "city", days=2, seats=Amount(40.0)),))
    free = replace(world, links=(Link("road", "border", "city", days=2),))
    wanted = simulate(free, members=MEMBERS, seed=11).of("departures:road")
    expected, run = mean(world).of("departures:road")[0], simulate(world, members=MEMBERS, seed=11)

    first = slice(0, 8)  # later days differ in who waited, too
    short = expected - run.of("departures:road").mean(axis=0)
    assert (short[first] <= 0.5 * wanted.std(axis=0)[first] + 0.5).all()
    assert (short >= -0.5).all()
    assert short.max() > 0.5, "with demand about as large as the seats the two do differ"


def test_a_limit_far_from_demand_leaves_the_two_equal():
    links = (Link("road", "border", "city", days=2, seats=Amount(10_000.0)),)
    crowded = place("city", 10.0, settle=Amount(1.0), beds=Amount(5.0), start=500.0)
    assert_means_agree(road(days=40, links=links, places=(place("border", 3.0), crowded)))


def test_members_are_whole_people_and_the_seed_decides_them():
    run, other = simulate(road(), members=3, seed=1), simulate(road(), members=3, seed=2)

    assert run.counts.dtype == np.int32
    assert not np.array_equal(run.counts, other.counts)
    assert run.days[0] == FIRST
    assert run.days[-1] == day(29)


def test_a_place_without_people_or_ways_stays_empty():
    lonely = scenario(5, places=(place("here"),))
    assert not simulate(lonely, members=2, seed=1).counts.any()
