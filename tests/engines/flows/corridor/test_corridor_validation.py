"""The experiments on small worlds: what an origin may see, what plain rules say, errors as Flee counts them."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from onward.engines.flows.conflicts import averaged_relative_difference, daily_counts
from onward.engines.flows.experiments import About, Event, Rolling, Scored
from onward.engines.flows.likelihood import Count
from onward.engines.flows.reading import read_scenario
from onward.engines.flows.rolling import NETWORK, Said
from onward.engines.flows.scenario import Scenario
from onward.engines.flows.scores import Skill
from onward.engines.flows.validation import LAST_KNOWN, SHUT, Sampling, group, run_event, run_rolling
from onward.engines.flows.verdict import Verdict

WORLD = """
title = "A road"
[period]
start = 2022-01-01
end = 2022-12-31
known_until = 2022-06-30
[[places]]
id = "station"
title = "Station"
stay_days = 1
leave = 0.01
[[places]]
id = "crossing"
title = "Crossing"
stay_days = 1
settle = 1
[[links]]
id = "road"
from = "station"
to = "crossing"
days = 0
[[inflows]]
id = "people"
place = "station"
level = { prior = "lognormal", median = 20, sd = 0.5, note = "test" }
walk = { sd = 0.01, df = 4 }
[[closures]]
id = "shut"
links = ["road"]
from = 2022-08-01
[[observations]]
id = "stopped"
title = "Stopped"
measure = "arrivals"
of = ["crossing"]
unit = "people"
file = "rows.csv"
"""
ABOUT = About("x", "x", "x?", "", 200)


def still(done: int, of: int) -> None:
    pass


@pytest.fixture
def world(tmp_path: Path) -> Scenario:
    """Thirty a day until the end of July, nobody after; each month is published five days later."""
    rows = ["date,value,published_on"]
    for month in range(1, 13):
        start = date(2022, month, 1)
        after = (start + timedelta(days=31)).replace(day=1)
        people = 30 * (after - start).days if month < 8 else 0
        rows.append(f"2022-{month:02d},{people},{after + timedelta(days=4)}")
    (tmp_path / "rows.csv").write_text("\n".join(rows) + "\n")
    (tmp_path / "scenario.toml").write_text(WORLD)
    return read_scenario(tmp_path)


def test_a_closing_that_was_told_is_foreseen_and_its_plain_rules_stand_beside(world: Scenario) -> None:
    scored = Scored("stopped", date(2022, 7, 1), date(2022, 12, 31), closed_from=date(2022, 8, 1))
    event = Event(ABOUT, world, date(2022, 6, 10), date(2022, 12, 30), ("stopped",), (scored,))
    outcome = run_event(event, Sampling(1, starts=1), still)
    by_month = {line.count.start.month: line for line in outcome.lines}
    assert by_month[7].bands[0] < 930 < by_month[7].bands[-1]
    assert by_month[9].bands[-1] < 5
    assert by_month[9].plain[LAST_KNOWN] == 30 * 30
    assert by_month[9].plain[SHUT] == 0
    assert by_month[7].plain[SHUT] == 930


def test_what_came_after_the_origin_moves_nothing_that_was_said(world: Scenario) -> None:
    scored = Scored("stopped", date(2022, 7, 1), date(2022, 12, 31))
    event = Event(ABOUT, world, date(2022, 6, 10), date(2022, 12, 30), ("stopped",), (scored,))
    (observation,) = world.observations
    doubled = tuple(
        replace(row, value=row.value * 2 + 7) if row.published_on > event.known_until else row
        for row in observation.rows
    )
    other = replace(world, observations=(replace(observation, rows=doubled),))
    said = run_event(event, Sampling(1, starts=1), still).lines
    again = run_event(replace(event, scenario=other), Sampling(1, starts=1), still).lines
    assert [line.bands for line in said] == [line.bands for line in again]
    assert [line.count.value for line in said] != [line.count.value for line in again]


def test_rolling_origins_begin_when_there_are_enough_readings_and_repeat_to_the_byte(world: Scenario) -> None:
    stretch = ((date(2022, 1, 1), date(2022, 8, 1)),)
    rolling = Rolling(ABOUT, replace(world, closures=()), stretch, 35, (1,), 1, 5, 1, 0.3, 4.0)
    first = run_rolling(rolling, Sampling(3, starts=1), still)
    assert repr(first) == repr(run_rolling(rolling, Sampling(3, starts=1), still))
    assert first.left_out == ()


def test_the_error_is_flees_scaled_to_the_total_of_the_day() -> None:
    seen = np.array([[60.0, 40.0], [50.0, 50.0]])
    assert averaged_relative_difference(seen * 3, seen) == 0
    assert averaged_relative_difference(np.array([[40.0, 60.0], [50.0, 50.0]]), seen) == pytest.approx(0.2)


def test_counts_between_two_readings_lie_on_the_line_between_them(world: Scenario) -> None:
    daily = daily_counts(world)
    assert daily.shape == (365, 1)
    assert daily[date(2022, 6, 30).timetuple().tm_yday - 1, 0] == 900


def test_skill_needs_every_plain_rule_beaten_by_the_same_model() -> None:
    better, worse = Skill("a", 0.5, 0.3, 0.9, 9), Skill("b", 0.9, 0.7, 1.1, 9)
    unknown = Skill("a", 0.5, float("nan"), float("nan"), 1)

    def has_skill(*skills: Skill) -> bool:
        return Verdict("x", "x", 9, 9, (), tuple((NETWORK, skill) for skill in skills)).has_skill()

    assert has_skill(better)
    assert not has_skill(better, worse)
    assert not has_skill(unknown)
    assert not has_skill()


def test_a_network_that_is_certain_still_says_whether_it_held() -> None:
    count = Count("buses", date(2023, 1, 1), date(2023, 1, 7), date(2023, 1, 8), 0, 0, 99, 0)
    sure = Said(count, date(2022, 12, 31), {NETWORK: np.zeros(50), LAST_KNOWN: np.full(50, 300.0)}, {})
    held = {one.model: one.coverage for one in group("buses", [sure], 1).worths}
    assert held == {NETWORK: {0.5: 1.0, 0.8: 1.0, 0.9: 1.0}, LAST_KNOWN: {}}
