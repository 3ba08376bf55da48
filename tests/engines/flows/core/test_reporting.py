"""What would be published: rates, delays, sums and means over a row's days, cumulative readings, noise."""

from dataclasses import replace

import numpy as np

from onward.engines.flows.parameters import Parameter
from onward.engines.flows.scenario import Amount, Observation, Row
from onward.engines.flows.simulation import mean, predict, predict_many, prepare, simulate
from tests.engines.flows.core.small_worlds import FIRST, day, road


def row(first: int, last: int, value: float = 0.0) -> Row:
    return Row(day(first), day(last), value, day(last + 1))


def seen(measure: str = "arrivals", rows: tuple[Row, ...] = (row(10, 16),), **more) -> Observation:
    of = ("road",) if measure in ("departures", "waiting") else ("city",)
    return Observation("seen", "Seen", measure, of, "people", rows, **more)


def test_a_flow_is_summed_and_a_stock_is_averaged_over_the_days_of_a_row():
    run = mean(road(observations=(seen(), replace(seen("present"), id="there"))))

    assert np.isclose(run.reported[0, 0], run.of("arrivals:city")[0, 10:17].sum())
    assert np.isclose(run.reported[0, 1], run.of("present:city")[0, 10:17].mean())
    assert [r.observation for r in run.rows] == ["seen", "there"]


def test_a_rate_an_offset_and_a_delay_come_between_what_happens_and_what_is_published():
    delayed = seen(rows=(row(10, 10),), rate=Amount(0.5), offset=Amount(100.0), delay=(0.0, 0.25, 0.75))
    run = mean(road(observations=(delayed,)))
    arrivals = run.of("arrivals:city")[0]

    assert np.isclose(run.reported[0, 0], 100 + 0.5 * (0.25 * arrivals[9] + 0.75 * arrivals[8]))


def test_a_cumulative_reading_counts_from_its_first_day_and_never_falls():
    rows = tuple(row(n, n) for n in (12, 15, 20, 25))
    running = seen(rows=rows, window="cumulative", since=day(5), dispersion=Amount(2.0))
    world = road(observations=(running,))
    run = simulate(world, members=50, seed=1)

    assert np.isclose(mean(world).reported[0, 1], mean(world).of("arrivals:city")[0, 5:16].sum())
    assert (np.diff(run.reported, axis=1) >= 0).all()
    assert run.rows[0].start == day(5)


def test_reports_scatter_about_what_happened():
    world = road(observations=(seen("present", (row(25, 25),), dispersion=Amount(5.0), rate=Amount(0.8)),))
    run = simulate(world, members=3_000, seed=1)
    present = run.of("present:city")[:, 25]

    assert abs(run.reported.mean() - 0.8 * present.mean()) < 5 * run.reported.std() / np.sqrt(3_000)
    assert run.reported.std() > 2 * present.std()
    assert np.isclose(run.reported.mean(), mean(world).reported[0, 0], rtol=0.05)


def test_rows_added_leave_the_others_as_they_were():
    one, two = (road(observations=(seen(rows=rows),)) for rows in ((row(10, 16),), (row(3, 9), row(10, 16))))
    assert np.array_equal(
        simulate(one, members=5, seed=1).reported[:, 0], simulate(two, members=5, seed=1).reported[:, 1]
    )


def test_predictions_for_a_fit_are_those_of_the_mean_pass():
    parameters = (Parameter("level", "lognormal", 40.0, 0.3), Parameter("rate", "logitnormal", 0.5, 0.3))
    world = road(observations=(seen(rate=Amount(0.5, "rate"), dispersion=Amount(7.0)),), parameters=parameters)
    world = replace(world, inflows=(replace(world.inflows[0], level=Amount(40.0, "level")),))
    thetas = np.array([[np.log(40.0), 0.0], [np.log(80.0), 0.0], [np.log(40.0), 2.0]])
    prepared = prepare(world)
    many = predict_many(prepared, thetas)

    for theta, expected in zip(thetas, many.mean, strict=True):
        assert np.array_equal(expected, mean(world, theta).reported[0])
        assert np.array_equal(expected, predict(prepared, theta).mean)
    assert np.isclose(many.mean[1, 0], 2 * many.mean[0, 0])
    assert np.isclose(many.mean[2, 0], many.mean[0, 0] / 0.5 / (1 + np.exp(-2.0)))
    assert (many.size == 7.0).all()
    assert prepared.rows[0].start == day(10)


def test_links_and_several_places_can_be_counted():
    both = replace(seen("present"), of=("border", "city"))
    run = mean(road(observations=(replace(both, id="both"), replace(seen("departures"), id="out"))))

    total = run.of("present:border") + run.of("present:city")
    assert np.allclose(run.of("observed:both"), total)
    assert np.allclose(run.of("observed:out"), run.of("departures:road"))
    assert run.start == FIRST
