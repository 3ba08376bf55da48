"""Inputs drawn in Python are to the letter what Django's own templates draw."""

import re
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from hypothesis import given
from hypothesis import strategies as st

from onward.faces.forms_look import DateBox, OnwardRenderer, TimeBox, WholeNumberBox

ODD = st.text(alphabet="aé<>&\"' ٣", max_size=12)
CHOICES = st.lists(st.tuples(ODD, ODD), min_size=1, max_size=4, unique_by=lambda row: row[0])


def _even(html: str) -> str:
    return re.sub(r">\s+<", "><", html.strip())


def _both(widget: forms.Widget, value: Any, attrs: dict[str, Any]) -> tuple[str, str]:
    context = widget.get_context("field", value, attrs)
    mine = OnwardRenderer().render(widget.template_name, context)
    theirs = DjangoTemplates().render(widget.template_name, context)
    return _even(mine), _even(theirs)


@pytest.mark.parametrize(
    "widget",
    [forms.TextInput, forms.HiddenInput, forms.EmailInput, forms.PasswordInput, DateBox, TimeBox, WholeNumberBox],
)
@given(value=ODD, hint=ODD)
def test_a_box_is_drawn_as_django_draws_it(widget: type[forms.Widget], value: str, hint: str) -> None:
    mine, theirs = _both(widget(), value, {"id": "id_field", "aria-label": hint, "autofocus": True, "disabled": False})
    assert mine == theirs


@given(choices=CHOICES, chosen=st.integers(0, 3))
def test_a_list_is_drawn_as_django_draws_it(choices: list[tuple[str, str]], chosen: int) -> None:
    value = choices[chosen % len(choices)][0]
    grouped = [("A <group>", choices)]
    for given_choices in (choices, grouped):
        mine, theirs = _both(forms.Select(choices=given_choices), value, {"id": "id_field"})
        assert mine == theirs


@given(choices=CHOICES, chosen=st.integers(0, 3))
def test_each_choice_of_a_group_is_drawn_as_django_draws_it(choices: list[tuple[str, str]], chosen: int) -> None:
    for widget in (forms.RadioSelect(choices=choices), forms.CheckboxSelectMultiple(choices=choices)):
        value = choices[chosen % len(choices)][0]
        for data in widget.subwidgets("field", value, {"id": "id_field"}):
            context = {"widget": {**data, "wrap_label": False}}
            mine = OnwardRenderer().render(data["template_name"], context)
            assert _even(mine) == _even(DjangoTemplates().render(data["template_name"], context))
