"""Fields and errors as markup: labels, hints, what the input is described by, what was typed."""

from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.template import engines
from django.utils import translation

from onward.core.errors import BadInput, message
from onward.core.money import Money
from onward.faces import formats
from onward.faces.forms_look import Answers, ChoiceLabel, show_error


class WishForm(forms.Form):
    """A hinted field, a group, an optional one."""

    wish = forms.CharField(label="Where to", help_text="A place or a person.")
    safe = forms.ChoiceField(label="Safe", choices=[("yes", "Yes"), ("declined", "Declined")], widget=Answers)
    note = forms.CharField(label="Note", required=False)


def rendered(source: str, **context: object) -> str:
    """A piece of template, rendered."""
    return str(engines["django"].from_string(source).render(context))


def test_an_input_is_described_by_its_hint_and_its_error() -> None:
    html = str(WishForm({"wish": ""})["wish"].as_field_group())
    assert 'aria-describedby="id_wish_helptext id_wish_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_wish_error"' in html


def test_a_hint_given_by_the_page_is_announced_too() -> None:
    html = rendered(
        '{% include "parts/field.html" with field=form.note hint=hint %}', form=WishForm(), hint="Kept & read"
    )
    assert 'aria-describedby="id_note_helptext"' in html
    assert "Kept &amp; read" in html


def test_checking_is_left_to_the_server() -> None:
    assert " required" not in str(WishForm())


def test_what_was_typed_comes_back_escaped() -> None:
    html = str(WishForm({"wish": "<b>“Montréal”"})["wish"].as_field_group())
    assert 'value="&lt;b&gt;“Montréal”"' in html


def test_only_what_may_stay_empty_says_optional() -> None:
    form = WishForm()
    assert "(optional)" in form["note"].as_field_group()
    assert "(optional)" not in form["wish"].as_field_group()


def test_a_choice_may_carry_a_second_line() -> None:
    form = WishForm()
    form.fields["safe"].choices = [("a", ChoiceLabel("General fund", "$3.00 left"))]  # type: ignore[attr-defined]
    assert 'General fund<span class="hint">$3.00 left</span>' in form["safe"].as_field_group()


def test_the_error_summary_leads_to_the_first_of_a_group() -> None:
    html = rendered('{% include "parts/error_summary.html" %}', form=WishForm({"wish": "x"}))
    assert 'href="#id_safe_0"' in html
    assert 'id="id_safe_0"' in str(WishForm())


def test_an_error_of_an_act_stands_by_its_field_in_the_language_of_the_page() -> None:
    form = WishForm({"wish": "Atlantis", "safe": "yes"})
    assert form.is_valid()
    error = BadInput("x", message("Nobody knows %(place)s."), field="place", values={"place": "Atlantis"})
    show_error(form, error, fields={"place": "wish"})
    assert form.errors["wish"] == ["Nobody knows Atlantis."]


def test_an_error_that_belongs_to_no_field_stands_above_the_form() -> None:
    form = WishForm({"wish": "x", "safe": "yes"})
    assert form.is_valid()
    show_error(form, BadInput("x", message("Too late."), field="elsewhere"))
    assert form.non_field_errors() == ["Too late."]


def test_a_status_is_a_word_with_a_shape() -> None:
    html = rendered('{% load onward_look %}{% status "parked" word %}', word="until <14:00>")
    assert "<svg" in html
    assert "until &lt;14:00&gt;" in html


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "Wed 11 Jun 07:15, New York"),
        ("es", "mié 11 jun 07:15, New York"),
        ("fr", "mer. 11 juin 07:15, New York"),
    ],
)
def test_a_moment_is_written_with_its_day_and_place(language: str, written: str) -> None:
    with translation.override(language):
        assert formats.moment(datetime(2025, 6, 11, 11, 15, tzinfo=UTC), "America/New_York", "New York") == written


def test_hours_run_to_twelve_where_the_language_names_a_place_that_writes_so() -> None:
    with translation.override("en-us"):
        assert formats.clock(datetime(2025, 6, 11, 19, 5, tzinfo=UTC)) == "7:05 PM"


@pytest.mark.parametrize(("seconds", "written"), [(46_860, "13 h 01"), (2_700, "45 min"), (59, "0 min"), (-5, "0 min")])
def test_a_length_of_time_is_hours_and_minutes(seconds: int, written: str) -> None:
    with translation.override("en"):
        assert formats.duration(seconds) == formats.duration(timedelta(seconds=seconds)) == written


def test_money_is_for_the_whole_party() -> None:
    with translation.override("en"):
        assert formats.cash_for(Money(59_200, "USD"), 4) == "$592.00 for 4"


def test_the_age_of_a_fact_is_said() -> None:
    now = datetime(2026, 3, 2, 15, tzinfo=UTC)
    with translation.override("en"):
        assert formats.age(now - timedelta(days=3), now) == "3 days ago"
