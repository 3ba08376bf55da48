"""How amounts and foreign names stand among words written from the right."""

import pytest
from django.utils import translation

from onward.core.money import Money
from onward.faces.formats import apart, cash


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "$336.50"), ("es", "336,50\xa0US$"), ("ar", "\u2066336.50\xa0US$\u2069")],
)
def test_an_amount_is_one_unit_in_any_direction_of_text(language: str, written: str) -> None:
    with translation.override(language):
        assert cash(Money(33_650, "USD")) == written


def test_a_name_keeps_its_numbers_on_its_own_side_in_arabic_and_is_untouched_in_english() -> None:
    assert apart("Rosa 1") == "Rosa 1"
    with translation.override("ar"):
        assert (apart("Rosa 1"), apart("+1 212")) == ("\u2068Rosa 1\u2069", "\u2066+1 212\u2069")
