"""From which days a scenario is forecast again, and how far ahead, where nobody says."""

from datetime import date, timedelta

import pytest

from onward.core.errors import BadInput
from onward.engines.flows.scenario import Amount, Cohort, Observation, Period, Place, Row, Scenario, Stage
from onward.engines.flows.scoring import FORECASTS, Asked, ahead_of, origins_of

START = date(2022, 1, 1)
ASKED = Asked(None, None, None, None, 100, 1)


def camps(*read: range, known: int = 400) -> Scenario:
    """Camps read on these days."""
    observations = []
    for number, days in enumerate(read):
        rows = [Row(at, at, 100.0, at) for at in (START + timedelta(days=day) for day in days)]
        observations.append(Observation(f"camp-{number}", "camp", "present", ("camp",), "people", tuple(rows)))
    period = Period(START, START + timedelta(days=400), START + timedelta(days=known))
    places = (Place("camp", "Camp", (Stage("there", Amount(5.0)),)),)
    return Scenario("Camps", period, places, (), (Cohort("everybody"),), observations=tuple(observations))


def test_forecasts_begin_when_half_of_the_series_were_read_often_enough_and_are_spread_evenly() -> None:
    origins = origins_of(camps(range(0, 400, 10), range(0, 400, 10), range(200, 400, 10)), ASKED)
    assert origins[0] == START + timedelta(days=40)
    assert len(origins) in (FORECASTS, FORECASTS + 1)
    assert len({later - earlier for earlier, later in zip(origins, origins[1:], strict=False)}) == 1


def test_forecasts_begin_at_the_scenario_s_own_origin_where_numbers_came_after_it() -> None:
    assert origins_of(camps(range(0, 400, 10), known=300), ASKED)[0] == START + timedelta(days=300)


def test_series_read_every_day_are_forecast_five_weeks_ahead_and_those_read_each_quarter_beyond_the_next_reading() -> (
    None
):
    assert ahead_of(camps(range(0, 60))) == 35
    assert ahead_of(camps(range(0, 400, 90))) == 108


def test_a_scenario_without_a_number_after_the_first_day_asked_is_told_so() -> None:
    with pytest.raises(BadInput, match="No observed number ends after"):
        origins_of(camps(range(0, 60)), Asked(date(2022, 12, 1), None, None, None, 100, 1))
