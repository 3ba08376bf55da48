"""Inputs drawn in Python, to the letter what Django's widget templates draw, many times faster (held by a test).

A page of the walk has up to a few hundred radio buttons and options; a template for each took most of its time.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

type Widget = Mapping[str, Any]


def _attributes(attrs: Mapping[str, Any]) -> str:
    parts = []
    for name, value in attrs.items():
        if value is True:
            parts.append(f" {conditional_escape(name)}")
        elif value is not False:
            parts.append(f' {conditional_escape(name)}="{conditional_escape(str(value))}"')
    return "".join(parts)


def _input(widget: Widget) -> str:
    value = "" if widget["value"] is None else f' value="{conditional_escape(str(widget["value"]))}"'
    name, attributes = conditional_escape(widget["name"]), _attributes(widget["attrs"])
    return f'<input type="{conditional_escape(widget["type"])}" name="{name}"{value}{attributes}>'


def _option(widget: Widget) -> str:
    value, label = conditional_escape(str(widget["value"])), conditional_escape(widget["label"])
    return f'<option value="{value}"{_attributes(widget["attrs"])}>{label}</option>'


def _select(widget: Widget) -> str:
    lines = [f'<select name="{conditional_escape(widget["name"])}"{_attributes(widget["attrs"])}>']
    for group, options, _ in widget["optgroups"]:
        drawn = [_option(option) for option in options]
        lines += [f'<optgroup label="{conditional_escape(group)}">', *drawn, "</optgroup>"] if group else drawn
    return "\n".join([*lines, "</select>"])


DRAWN: dict[str, Callable[[Widget], str]] = {
    "django/forms/widgets/select.html": _select,
    **{
        f"django/forms/widgets/{name}.html": _input
        for name in ("text", "hidden", "number", "email", "password", "date", "time", "radio_option", "checkbox_option")
    },
}
"""Widget templates that are drawn here instead."""


def draw(template_name: str, context: Mapping[str, Any]) -> SafeString | None:
    """The widget's HTML, or None where its template must be used (a label around it, or a template of another kind)."""
    drawing = DRAWN.get(template_name)
    widget = context.get("widget")
    if drawing is None or widget is None or widget.get("wrap_label"):
        return None
    return mark_safe(drawing(widget))  # noqa: S308  (every part was escaped)
