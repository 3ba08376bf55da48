"""The experiments as files, and the page that is written from what they gave."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from onward.core.errors import BadInput
from onward.engines.flows.experiments import Conflicts, Event, Rolling, read_experiments
from onward.engines.flows.likelihood import Count
from onward.engines.flows.reading import read_scenario
from onward.engines.flows.rolling import NETWORK, POOL
from onward.engines.flows.scores import Skill
from onward.engines.flows.validation import Line, Outcome, with_knots
from onward.engines.flows.validation_page import Page, as_markdown
from onward.engines.flows.verdict import Verdict, Worth

SCENARIOS = Path(__file__).parents[4] / "data" / "scenarios"


@pytest.fixture(scope="module")
def experiments() -> dict[str, Event | Rolling | Conflicts]:
    return {one.about.id: one for one in read_experiments(SCENARIOS / "experiments")}


def test_all_five_kinds_of_experiment_are_there_each_with_its_question(
    experiments: dict[str, Event | Rolling | Conflicts],
) -> None:
    assert {name[0] for name in experiments} == {"1", "2", "3", "4", "5"}
    assert all(one.about.question.endswith("?") and one.about.members for one in experiments.values())


def test_an_event_scores_only_what_came_after_its_origin(experiments: dict[str, Event | Rolling | Conflicts]) -> None:
    events = [one for one in experiments.values() if isinstance(one, Event)]
    for event in events:
        for scored in event.scored:
            rows = next(one.rows for one in event.scenario.observations if one.id == scored.observation)
            held = [row for row in rows if scored.since <= row.end < scored.until]
            assert held, (event.about.id, scored.observation)
            assert all(row.published_on > event.known_until for row in held), (event.about.id, scored.observation)


def test_a_fault_in_an_experiment_names_its_file(tmp_path: Path) -> None:
    (tmp_path / "1-broken.toml").write_text('title = "x"\nkind = "event"\nmembers = 5\n')
    (tmp_path / "2-broken.toml").write_text("title = \n")
    with pytest.raises(BadInput) as refused:
        read_experiments(tmp_path)
    assert "1-broken.toml" in str(refused.value)
    assert "2-broken.toml" in str(refused.value)


def test_knots_stand_at_what_was_known_and_nowhere_later(experiments: dict[str, Event | Rolling | Conflicts]) -> None:
    rolling = experiments["4a-quebec-rolling"]
    assert isinstance(rolling, Rolling)
    scenario = read_scenario(SCENARIOS / "crossing")

    then = replace(scenario, period=replace(scenario.period, known_until=date(2017, 8, 25)))
    (inflow,) = with_knots(then, rolling).inflows
    assert [day.month for day, _ in inflow.knots] == [2, 3, 4, 5, 6, 7]


def an_outcome(event: Event, *, shown: bool) -> Outcome:
    count = Count("quebec-stopped", date(2023, 4, 1), date(2023, 4, 30), date(2023, 9, 25), 69, 69, 69, 0)
    held = {0.5: 0.0, 0.8: 1.0, 0.9: 1.0}
    worths = (Worth(NETWORK, 12.0, 0.2, 0.0, held), Worth("persistence", 30.0, 0.9, 0.0, held))
    skill = Skill("persistence", 0.4, 0.3, 0.8 if shown else 1.2, 9)
    group = Verdict("quebec-stopped", "quebec-stopped", 9, 9, worths, ((NETWORK, skill),))
    return Outcome(event, (Line(count, (10, 40, 80, 110, 160), {"persistence": 4000.0}),), (group,), ())


def test_no_skill_is_said_first_and_skill_only_where_the_interval_allows(
    experiments: dict[str, Event | Rolling | Conflicts],
) -> None:
    event = experiments["1-roxham-closing"]
    assert isinstance(event, Event)
    without = as_markdown([an_outcome(event, shown=False)], Page(1, "0"))
    assert without.index("**No skill shown.**") < without.index("| quebec-stopped |")
    assert "no skill" in without
    shown = as_markdown([an_outcome(event, shown=True)], Page(1, "0"))
    assert "**No skill shown.**" not in shown
    assert "skill beyond chance on quebec-stopped" in shown


def test_the_page_shows_what_came_beside_the_bands_and_the_plain_rules(
    experiments: dict[str, Event | Rolling | Conflicts],
) -> None:
    event = experiments["1-roxham-closing"]
    assert isinstance(event, Event)
    page = as_markdown([an_outcome(event, shown=False)], Page(1, "0"))
    assert "| quebec-stopped | 2023-04 | 69 | 80 | 40 to 110 | 10 to 160 | 4,000 |" in page
    assert event.about.warning in page
    assert POOL in page.lower()
