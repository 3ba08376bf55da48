"""Nobody is lost and nobody is made, whatever dated records hold; what is nothing changes nothing."""

from dataclasses import replace

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onward.engines.flows.scenario import Amount, Closure, Link, Programme, ReturnFlow, Rule, Scenario
from onward.engines.flows.simulation import mean, simulate
from tests.engines.flows.core.small_worlds import FIRST, day, road, worlds

TOTALS = ("entered", "present", "travelling", "settled", "left")
QUIET = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@QUIET
@given(worlds(), st.integers(0, 2**63))
def test_everybody_who_entered_is_present_travelling_settled_or_left(world: Scenario, seed: int):
    run = simulate(world, members=3, seed=seed)

    entered, *somewhere = (
        run.of(name).astype(np.int64) for name in ("entered", "present", "travelling", "settled", "left")
    )
    assert np.array_equal(entered, sum(somewhere))
    assert (run.counts >= 0).all()
    inflow = sum(run.of(f"inflow:{place.id}").astype(np.int64) for place in world.places)
    assert np.array_equal(entered - entered[:, :1], np.cumsum(inflow, axis=1) - inflow[:, :1])
    for place in world.places:
        assert (run.of(f"unmet:{place.id}") <= run.of(f"present:{place.id}")).all()


@QUIET
@given(worlds())
def test_expectations_are_conserved_too(world: Scenario):
    run = mean(world)
    gap = run.of("entered") - sum(run.of(name) for name in ("present", "travelling", "settled", "left"))
    assert np.abs(gap).max() <= 1e-9 * run.of("entered").max() + 1e-9


def same_bytes(world: Scenario, other: Scenario) -> bool:
    ours, theirs = (simulate(one, members=5, seed=9) for one in (world, other))
    names = [name for name in ours.series if name in theirs.series]
    sampled = all(ours.of(name).tobytes() == theirs.of(name).tobytes() for name in names)
    expected = all(mean(world).of(name).tobytes() == mean(other).of(name).tobytes() for name in names)
    return sampled and expected


SHUT = Closure("none", ("road",), day(5), day(5), returns_in_transit=True, announced=day(1), anticipation=Amount(2.0))
NO_SEATS = Programme("none", "bus", day(5), day(20), ((day(5), 0.0),), weight=Amount(9.0), induced=Amount(0.5))
RULE = Rule("none", day(5), None, links=("road",), inflows=("in",), places=("city",))
NOTHING = (
    ("closures", SHUT),
    ("programmes", NO_SEATS),
    ("programmes", replace(NO_SEATS, until=day(5), seats=((day(5), 50.0),))),
    ("rules", RULE),
    ("rules", replace(RULE, until=day(5), factor=Amount(0.0), turned_back=Amount(1.0))),
    ("returns", ReturnFlow("none", "road", day(5), day(5), Amount(0.9))),
)


def test_closing_and_reopening_on_one_day_seats_of_nobody_and_rules_of_nothing_change_not_one_byte():
    links = (Link("road", "border", "city", days=2), Link("bus", "border", "city", programme_only=True))
    world = road(days=25, links=links)
    for kind, record in NOTHING:
        assert same_bytes(world, replace(world, **{kind: (record,)})), record


def test_a_closure_of_a_day_changes_something():
    world = road(days=25)
    shut = Closure("shut", ("road",), day(5), day(6))
    assert not same_bytes(world, replace(world, closures=(shut,)))


def test_before_a_record_holds_a_what_if_is_its_base_byte_for_byte():
    world = road(days=25)
    shut = replace(world, closures=(Closure("shut", ("road",), day(12), None),))
    base, other = simulate(world, members=4, seed=5), simulate(shut, members=4, seed=5)

    assert base.counts[:, :12].tobytes() == other.counts[:, :12].tobytes()
    assert base.of("inflow:border").tobytes() == other.of("inflow:border").tobytes(), "the same people enter in both"
    assert (base.of("arrivals:city")[:, 14:] != 0).any()
    assert not other.of("arrivals:city")[:, 14:].any()


def test_a_place_added_elsewhere_leaves_the_others_draws_alone():
    world = road(days=25)
    elsewhere = replace(world.places[0], id="elsewhere", start=50.0)
    more = replace(world, places=(elsewhere, *world.places))
    base, other = simulate(world, members=4, seed=5), simulate(more, members=4, seed=5)
    for name in ("present:border", "present:city", "departures:road"):
        assert base.of(name).tobytes() == other.of(name).tobytes()


def test_the_first_day_holds_who_was_there_and_who_came():
    run = simulate(road(), members=2, seed=1)
    assert (run.of("entered")[:, 0] == run.of("inflow:border")[:, 0]).all()
    assert run.start == FIRST
