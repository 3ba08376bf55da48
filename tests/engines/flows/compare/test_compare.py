"""What-ifs: paired, with bands or not at all, displacement and stranding beside, assumptions in words."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from onward.core.errors import BadInput
from onward.engines.flows.compare import Comparison, Pairing, compare, describe
from onward.engines.flows.parameters import Parameter, draw_prior
from onward.engines.flows.reading import opposite_of, read_scenario, read_what_if
from onward.engines.flows.scenario import Scenario
from onward.engines.flows.summary import difference_words, most_changed, what_if_lines
from tests.engines.flows.small_scenario import write


def pairing(scenario: Scenario, **said: object) -> Pairing:
    draws = draw_prior(scenario.parameters, 150, np.random.default_rng(1))
    return replace(Pairing(draws, 150, 5), **said)  # type: ignore[arg-type]


def against(folder: Path, name: str, **said: object) -> Comparison:
    base = read_scenario(write(folder))
    (made,) = compare(base, [read_what_if(folder / f"{name}.toml", base)], pairing(base, **said))
    return made


def test_pairs_share_their_chances_so_that_the_difference_is_the_change_alone(tmp_path: Path) -> None:
    """The band of the difference is far narrower than those of the two sides, and all members agree on the sign."""
    made = against(tmp_path, "stopped")
    (chicago,) = [one for one in made.of("arrivals") if one.of == "chicago"]
    paired = chicago.difference[5] - chicago.difference[1]
    assert paired < 0.6 * (chicago.as_is[5] - chicago.as_is[1])
    assert chicago.less > 0.95 and chicago.difference[3] < 0
    assert made.since == date(2022, 8, 10)


def test_nobody_vanishes_the_fewer_there_are_more_elsewhere(tmp_path: Path) -> None:
    made = against(tmp_path, "stopped")
    assert [one for one in made.of("left") if one.of == "el-paso"][0].difference[3] > 0
    entered = [one for one in made.changes if one.measure == "inflow" and one.of == "el-paso"][0]
    assert not entered.difference.any(), "the change is no change of who came"


def test_a_what_if_that_changes_nothing_has_no_difference_at_all(tmp_path: Path) -> None:
    base = read_scenario(write(tmp_path))
    same = replace(read_what_if(tmp_path / "stopped.toml", base), scenario=base, assumed=())
    (made,) = compare(base, [same], pairing(base))
    assert not any(one.difference.any() for one in made.changes)
    assert "  No difference anywhere." in what_if_lines(made)


def test_days_before_the_change_are_not_compared_and_those_after_the_end_neither(tmp_path: Path) -> None:
    made = against(tmp_path, "longer", until=date(2022, 11, 20), daily=("arrivals:chicago",))
    assert made.until == date(2022, 11, 20)
    (daily,) = made.daily
    assert daily.days[0] == made.since and daily.days[-1] == made.until
    assert daily.difference.shape == (7, len(daily.days))


@pytest.mark.parametrize("wrong", [{"members": 20}, {"draws": np.zeros((300, 4))}])
def test_a_point_is_refused(tmp_path: Path, wrong: dict[str, object]) -> None:
    with pytest.raises(BadInput, match="no honest band"):
        against(tmp_path, "stopped", **wrong)


def test_an_effect_without_a_precedent_is_said_to_be_assumed_with_its_prior(tmp_path: Path) -> None:
    made = against(tmp_path, "longer")
    assert [one.record for one in made.assumed] == ["buses-on"]
    assert any("induced about 0.02" in number for number in made.assumed[0].numbers)
    assert "weight 4 as written" in made.assumed[0].numbers
    assert not against(tmp_path, "stopped").assumed


def test_what_if_files_name_opposites_that_are_there(tmp_path: Path) -> None:
    base = read_scenario(write(tmp_path))
    assert opposite_of(tmp_path / "stopped.toml", base) == tmp_path / "longer.toml"
    (tmp_path / "longer.toml").unlink()
    with pytest.raises(BadInput, match="no what-if is told alone"):
        opposite_of(tmp_path / "stopped.toml", base)


def test_the_places_that_change_most_are_drawn(tmp_path: Path) -> None:
    assert most_changed([against(tmp_path, "stopped")])[0] == "arrivals:chicago"


@pytest.mark.parametrize(
    ("bands", "words"),
    [
        ([-9, -8, -6, -5, -4, -2, -1], "2 to 8 fewer seen here, most likely 5"),
        ([1, 2, 3, 4, 5, 1_600, 1_700], "2 to 1,600 more, most likely 4"),
        ([-9, -8, -6, 1, 4, 7, 9], "between 8 fewer seen here and 7 more: which of the two is not known"),
        ([0, 0, 0, 0, 0, 0.2, 1], "no difference to speak of"),
    ],
)
def test_a_difference_in_words_has_its_band_and_says_where_its_sign_is_not_known(
    bands: list[float], words: str
) -> None:
    assert difference_words(np.array(bands, dtype=float)) == words


def test_a_prior_in_words() -> None:
    assert describe(Parameter("a", "logitnormal", 0.5, 1.0)) == "about 0.5, 0.22 to 0.78 in 80 % of its prior"
    assert describe(Parameter("a", "normal", 0.0, 1.0)) == "about 0, -1.3 to 1.3 in 80 % of its prior"
