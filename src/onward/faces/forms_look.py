"""How forms look: the renderer, our bound field, the few widgets of our own, and putting an error beside its field."""

from collections.abc import Mapping
from typing import Any, Self

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting

from onward.core.errors import OnwardError
from onward.faces.inputs import draw
from onward.faces.problems import sentence


class ChoiceLabel(str):
    """A choice's label with a second, quieter line under it ("General fund" / "$12,300.00 left")."""

    __slots__ = ("hint",)
    hint: str

    def __new__(cls, label: object, hint: object = "") -> Self:
        made = super().__new__(cls, str(label))
        made.hint = str(hint)
        return made


class Answers(forms.RadioSelect):
    """Yes, no and the three answers that are neither (P9), side by side with the same weight."""


class Keys(forms.RadioSelect):
    """Large keys for the counter: heads, language, bed tonight, urgent."""


class DateBox(forms.DateInput):
    """A day, in the browser's own date box; kept and sent as 2025-06-11."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class TimeBox(forms.TimeInput):
    """A time of day, in the browser's own time box; kept and sent as 07:15."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


class WholeNumberBox(forms.TextInput):
    """A whole number typed as text: the phone shows digits, the wheel changes nothing, what was typed is kept."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "numeric", "autocomplete": "off", "class": "w4", **(attrs or {})})


class OnwardBoundField(BoundField):
    """A field that leaves checking to the server, so that the page speaks its own language."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """Django's attributes without `required`: the browser's bubbles know neither our words nor our language."""
        built: dict[str, Any] = super().build_widget_attrs(attrs, widget)
        built.pop("required", None)
        if self.use_fieldset:
            built.pop("aria-invalid", None)
        return built

    @property
    def first_id(self) -> str:
        """The id an error summary can link to: the input, or the first of a group."""
        return self.id_for_label or (f"{self.auto_id}_0" if self.use_fieldset else self.auto_id)


class OnwardRenderer(TemplatesSetting):
    """Every form and field in our markup: `{{ form }}`, `{{ form.heads.as_field_group }}`."""

    form_template_name = "parts/form.html"
    field_template_name = "parts/field.html"
    bound_field_class = OnwardBoundField

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        """Inputs are drawn in Python (inputs.py); everything else by its template."""
        drawn = draw(template_name, context)
        return super().render(template_name, context, request) if drawn is None else drawn


def show_error(form: forms.BaseForm, error: OnwardError, *, fields: Mapping[str, str] | None = None) -> None:
    """Put an act's error on the form, in the page's language, beside its field where the form has it.

    fields: the form's name for the error's field, where the two differ.
    """
    name = (fields or {}).get(error.field, error.field)
    form.add_error(name if name in form.fields else None, forms.ValidationError(sentence(error), code=error.code))
