"""What each kind of dated record does, and that its opposite does the opposite."""

from dataclasses import replace

import numpy as np
import pytest

from onward.engines.flows.scenario import (
    Amount,
    CapacityChange,
    Closure,
    Cohort,
    Inflow,
    Link,
    Programme,
    ReturnFlow,
    Rule,
    Scenario,
    Stage,
)
from onward.engines.flows.simulation import mean, simulate
from tests.engines.flows.core.small_worlds import day, place, road

MEMBERS = 200


def two_roads(**more) -> Scenario:
    """From the border to the city by road or by bus; from the city back."""
    links = (
        Link("road", "border", "city", days=2),
        Link("bus", "border", "city", days=1, programme_only=True),
        Link("detour", "border", "city", days=4),
        Link("back", "city", "border", days=1, weight=Amount(0.2)),
    )
    return road(days=40, links=links, **more)


def total(world: Scenario, name: str, first: int = 0, last: int = 40) -> float:
    return float(mean(world).of(name)[0, first:last].sum())


def test_those_under_way_when_a_road_shuts_are_back_at_its_start():
    shut = Closure("shut", ("road", "detour"), day(20), None, returns_in_transit=True)
    world = road(days=40, links=(Link("road", "border", "city", days=2), Link("detour", "border", "city", days=4)))
    run = simulate(replace(world, closures=(shut,)), members=3, seed=1)

    assert (run.of("travelling")[:, 19] > 0).all()
    assert not run.of("travelling")[:, 20:].any()
    assert not run.of("arrivals:city")[:, 20:].any()
    assert (run.of("stranded:border")[:, 20:] > 0).any()


def test_without_returning_those_under_way_still_arrive():
    shut = Closure("shut", ("road",), day(20), None)
    run = simulate(road(days=40, closures=(shut,)), members=3, seed=1)

    assert run.of("arrivals:city")[:, 20:22].any()
    assert not run.of("arrivals:city")[:, 22:].any()


def test_a_leak_a_fade_and_an_anticipation_shape_a_closing():
    base = two_roads()
    hard = replace(base, closures=(Closure("shut", ("road",), day(20), None),))
    leaky = replace(base, closures=(Closure("shut", ("road",), day(20), None, leak=Amount(0.1)),))
    slow = replace(base, closures=(Closure("shut", ("road",), day(20), None, fade_days=3.0),))
    rush = replace(
        base,
        closures=(Closure("shut", ("road",), day(20), None, announced=day(17), anticipation=Amount(4.0)),),
    )
    departures = {
        name: mean(w).of("departures:road")[0] for name, w in (("base", base), ("hard", hard), ("leaky", leaky))
    }

    assert not departures["hard"][20:].any()
    assert 0 < departures["leaky"][25] < 0.3 * departures["base"][25]
    fading = mean(slow).of("departures:road")[0]
    assert fading[20] > fading[22] > fading[26] > 0
    assert mean(rush).of("departures:road")[0, 17] > departures["base"][17]


def test_of_those_shut_out_some_take_the_substitute_some_wait_and_the_rest_choose():
    shut = Closure("shut", ("road",), day(20), None)
    substituted = replace(shut, substitute="detour", substitution=Amount(0.6))
    waiting = replace(shut, waits=Amount(0.5))
    onwards = {
        name: total(replace(two_roads(), closures=(closure,)), "departures:detour", 20)
        for name, closure in (("alone", shut), ("substituted", substituted), ("waiting", waiting))
    }
    stranded = total(replace(two_roads(), closures=(waiting,)), "stranded:border")

    assert onwards["waiting"] < onwards["alone"]
    assert stranded > 0
    assert total(replace(two_roads(), closures=(shut,)), "stranded:border") == 0
    assert onwards["substituted"] == pytest.approx(onwards["alone"]), "with one way left all take it, substitute or not"


def test_diverted_riders_come_from_other_roads_and_induced_ones_from_those_who_stayed():
    seats = ((day(10), 8.0),)
    diverted = replace(
        two_roads(), programmes=(Programme("buses", "bus", day(10), day(30), seats, weight=Amount(50.0)),)
    )
    induced = replace(
        two_roads(),
        programmes=(Programme("buses", "bus", day(10), day(30), seats, weight=Amount(1e-9), induced=Amount(0.5)),),
    )
    on_road = total(two_roads(), "departures:road", 10, 30)

    assert mean(diverted).of("departures:bus")[0, 12] == pytest.approx(8.0)
    assert total(diverted, "departures:bus", 0, 10) == total(diverted, "departures:bus", 30) == 0
    assert total(diverted, "departures:road", 10, 30) < 0.9 * on_road
    assert mean(diverted).of("waiting:bus")[0, 12] > 0
    present = mean(induced).of("present:border")[0, 29]
    assert present < mean(two_roads()).of("present:border")[0, 29] - 20
    assert mean(induced).of("departures:bus")[0, 20] == pytest.approx(8.0)


def test_seats_by_the_step_and_how_many_are_filled():
    steps = ((day(10), 4.0), (day(20), 10.0))
    buses = Programme("buses", "bus", day(10), day(30), steps, fill=Amount(0.5), weight=Amount(1e6))
    run = simulate(replace(two_roads(), programmes=(buses,)), members=MEMBERS, seed=2)
    riders = run.of("departures:bus")

    assert riders[:, :10].max() == riders[:, 30:].max() == 0
    assert riders[:, 12:20].max() == 2
    assert riders[:, 22:30].max() == 5


def test_a_stage_lets_through_no_more_than_its_seats_a_day():
    border = replace(
        road().places[0], stages=(Stage("stopped", Amount(1.0), Amount(15.0)), Stage("released", Amount(2.0)))
    )
    run = simulate(road(places=(border, road().places[1])), members=5, seed=1)

    assert run.of("arrivals:border/released").max() == 15
    assert (run.of("waiting:border/stopped")[:, 10:] > 0).any()
    both = run.of("present:border/stopped") + run.of("present:border/released")
    assert np.array_equal(run.of("present:border"), both)
    assert np.array_equal(run.of("arrivals:border"), run.of("inflow:border")), "steps within a place are no arrivals"


def test_a_rule_bars_some_cohorts_from_a_link_and_turns_others_back():
    cohorts = (Cohort("adults", 0.5), Cohort("families", 0.5))
    bar = Rule("bar", day(20), None, links=("road",), cohorts=("adults",), factor=Amount(0.0))
    back = Rule("back", day(20), None, links=("road",), turned_back=Amount(0.4))
    base = road(days=40, cohorts=cohorts)

    barred = mean(replace(base, rules=(bar,)))
    assert barred.of("departures:road")[0, 21] == pytest.approx(mean(base).of("departures:road")[0, 21] / 2, rel=0.2)
    assert barred.of("stranded:border")[0, 21] > 0
    turned = mean(replace(base, rules=(back,)))
    share = turned.of("stranded:border")[0, 20:] / turned.of("departures:road")[0, 20:]
    assert np.allclose(share, 0.4)


def test_a_rule_on_an_inflow_touches_the_cohorts_it_names():
    cohorts = (Cohort("adults", 0.7), Cohort("families", 0.3))
    rule = Rule("expelled", day(10), None, inflows=("in",), cohorts=("adults",), factor=Amount(0.5))
    run = mean(road(cohorts=cohorts, rules=(rule,)))

    assert run.of("inflow:border")[0, 9] == pytest.approx(40.0)
    assert run.of("inflow:border")[0, 10] == pytest.approx(40.0 * (0.35 + 0.3))


def test_a_factor_and_its_inverse_move_people_opposite_ways():
    def arrivals(factor: float) -> float:
        rule = Rule(
            "visas",
            day(10),
            None,
            inflows=("in",),
            announced=day(8),
            anticipation=Amount(factor),
            factor=Amount(factor),
        )
        return total(road(days=40, rules=(rule,)), "arrivals:city")

    assert arrivals(0.5) < arrivals(1.0) < arrivals(2.0)


def test_beds_taken_away_are_unmet_need_and_beds_added_are_not():
    city = place("city", 10.0, settle=Amount(0.1), leave=Amount(1.0), beds=Amount(150.0))
    world = road(days=40, places=(place("border", 3.0), city))

    def unmet(change: float) -> float:
        beds = CapacityChange("beds", "city", day(25), None, beds=Amount(change))
        return float(simulate(replace(world, capacities=(beds,)), members=20, seed=1).of("unmet:city")[:, 30].mean())

    assert unmet(20.0) > unmet(150.0) > unmet(10_000.0) == 0


def test_a_full_place_draws_less_and_is_never_shut():
    links = (Link("road", "border", "city", days=2), Link("other", "border", "town", days=2))
    town = place("town", 10.0, settle=Amount(1.0), leave=Amount(1.0))

    def share(capacity: Amount | None) -> float:
        places = (place("border", 3.0), replace(road().places[1], capacity=capacity), town)
        run = mean(road(days=60, links=links, places=places))
        return float(run.of("arrivals:city")[0, 40:].sum() / run.of("arrivals:town")[0, 40:].sum())

    assert share(None) == pytest.approx(1.0)
    assert 0 < share(Amount(100.0)) < 0.6


def test_a_return_flow_takes_people_who_would_have_stayed():
    home = ReturnFlow("home", "back", day(20), None, Amount(0.1))
    assert (
        total(replace(two_roads(), returns=(home,)), "arrivals:border", 21)
        > total(two_roads(), "arrivals:border", 21) + 50
    )


def test_the_walk_begins_after_what_is_known():
    restless = Inflow("in", "border", Amount(1e6), dispersion=Amount(1e6), walk_sd=Amount(0.3))
    world = road(days=30, inflows=(restless,))
    world = replace(world, period=replace(world.period, known_until=day(14)))
    spread = simulate(world, members=60, seed=1).of("inflow:border").std(axis=0) / 1e6

    assert spread[:15].max() < 0.01
    assert spread[15] > 0.1
    assert spread[29] > spread[15]
