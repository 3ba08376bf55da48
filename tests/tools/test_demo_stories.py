"""The demonstration's stories and the people drawn for them."""

from random import Random
from typing import Any

import pytest

from tools.demo_setting import read_setting
from tools.demo_stories import draw_people, read_stories


def test_another_seed_draws_other_people() -> None:
    family, names = read_stories()[0], read_setting()["names"]
    drawn = [draw_people(family, names, year=2026, draw=Random(seed)) for seed in (5, 5, 6)]
    assert drawn[0] == drawn[1] != drawn[2]


@pytest.mark.parametrize("story", read_stories(), ids=lambda story: f"{story.centre}-{story.began}-{story.people}")
def test_drawn_people_are_as_many_and_as_old_as_the_story_says(story: Any) -> None:
    drawn = draw_people(story, read_setting()["names"], year=2026, draw=Random(1))
    assert [person.band for person in drawn] == list(story.bands)
    assert len({person.name for person in drawn}) == len(drawn)
    assert not story.bands or len(drawn) == story.heads
