"""Charts: the same bytes, words before the picture, a name and a description, nothing colour alone."""

from datetime import date, timedelta
from xml.etree import ElementTree

import numpy as np
import pytest

from onward.engines.flows.chart import LEVELS, Curve, Mark, Panel, draw

DAYS = [date(2023, 3, 1) + timedelta(days=day) for day in range(40)]
TOLD = ["Not scored yet.", "No skill over “the last count goes on”."]


def draw_anew() -> str:
    members = 100 + np.random.default_rng(1).normal(0, 9, (200, 40))
    curve = Curve("as it is", DAYS, np.quantile(members, LEVELS, axis=0))
    other = Curve("as if", DAYS, np.quantile(members * 0.7, LEVELS, axis=0))
    marks = [Mark(DAYS[0], DAYS[9], 90.0, True), Mark(DAYS[20], DAYS[20], 130.0, False)]
    return draw(
        "Montréal <arrivals> & more", TOLD, [Panel("Arrivals", "people a day", [curve, other], marks, DAYS[10])]
    )


@pytest.fixture(scope="module")
def drawn() -> str:
    """The chart, drawn once for all who look at it."""
    return draw_anew()


def test_the_same_values_draw_the_same_bytes(drawn: str) -> None:
    assert draw_anew() == drawn


def test_a_reader_of_screens_hears_what_stands_above_the_chart(drawn: str) -> None:
    root = ElementTree.fromstring(drawn)  # noqa: S314 - drawn here
    name, said = root[0], root[1]
    assert root.get("role") == "img" and root.get("aria-label") == "Montréal <arrivals> & more"
    assert name.tag.endswith("title") and name.text == "Montréal <arrivals> & more"
    assert said.tag.endswith("desc") and said.text == " ".join(TOLD)
    assert not [one for one in root.iter() if one is not root and one.get("aria-label")]


def test_what_it_is_worth_stands_in_the_picture_above_the_axes(drawn: str) -> None:
    assert all(line in drawn for line in TOLD)
    assert drawn.index(f">{TOLD[0]}<", drawn.index("</desc>")) > 0


def test_two_curves_differ_by_their_dashes_too(drawn: str) -> None:
    assert "stroke-dasharray" in drawn and ">as if<" in drawn and ">as it is<" in drawn


def test_nothing_is_fetched_to_draw_or_to_show_it(drawn: str) -> None:
    svg = drawn.replace("http://www.w3.org/2000/svg", "").replace("http://www.w3.org/1999/xlink", "")
    assert "http" not in svg
