"""What templates need to draw the look: shapes, statuses, hints, and the formats as filters."""

from datetime import datetime
from functools import cache

from django import template
from django.forms.boundfield import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from onward.core.money import Money
from onward.faces import formats

register = template.Library()
for _name, _format in formats.FORMATS.items():
    register.filter(_name, _format)

SHAPES = {
    "done": '<path d="M8 0a8 8 0 1 0 0 16A8 8 0 0 0 8 0Zm4.7 6-5.6 6-3.6-3.4 1.4-1.5 2.1 2 4.3-4.6Z"/>',
    "now": '<path d="M3 1.5v13L14 8Z"/>',
    "todo": '<path d="M8 0a8 8 0 1 0 0 16A8 8 0 0 0 8 0Zm0 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2Z"/>',
    "later": '<path d="M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Z" fill="none" stroke="currentColor" stroke-width="1.6"'
    ' stroke-dasharray="2.6 2.9"/>',
    "waiting": '<path d="M8 0a8 8 0 1 0 0 16A8 8 0 0 0 8 0Zm0 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2Z"/>'
    '<path d="M7 4v5l3.6 2 .9-1.6L9 8V4Z"/>',
    "parked": '<path d="M3 2h3.5v12H3ZM9.5 2H13v12H9.5Z"/>',
    "stop": '<path d="M4.7 0h6.6L16 4.7v6.6L11.3 16H4.7L0 11.3V4.7ZM3.5 7v2h9V7Z"/>',
    "warn": '<path d="M8 .5 16 15H0ZM7 5.5v5h2v-5ZM7 11.5v2h2v-2Z"/>',
    "told": '<path d="M0 2h16v12H0Zm1.8 2L8 8.6 14.2 4Z"/>',
    "note": '<path d="M8 3a5 5 0 1 0 0 10A5 5 0 0 0 8 3Z"/>',
    "none": '<path d="M2 7h12v2H2Z"/>',
    "late": '<path d="M8 0a8 8 0 1 0 0 16A8 8 0 0 0 8 0ZM7 3.5h2v5.5H7ZM7 10.5h2v2H7Z"/>',
}
MIRRORED = frozenset({"now"})
WORDS = {
    "done": _("Done"),
    "now": _("Do this now"),
    "todo": _("Not started"),
    "later": _("Cannot start yet"),
    "waiting": _("Waiting"),
    "parked": _("Parked"),
    "stop": _("Stopped"),
    "warn": _("Look at this"),
    "told": _("Told"),
    "none": _("Not needed"),
    "late": _("Late"),
}
KINDS = {"success": "done", "error": "stop", "warning": "warn", "info": "told", "debug": "note"}


@register.simple_tag
@cache
def shape(kind: str) -> SafeString:
    """The shape that goes with a word: `{% shape "done" %}`. Never alone: hidden from screen readers."""
    mirrors = " shape-mirrors" if kind in MIRRORED else ""
    return format_html(
        '<svg class="shape{}" viewBox="0 0 16 16" aria-hidden="true" focusable="false">{}</svg>',
        mirrors,
        mark_safe(SHAPES.get(kind, SHAPES["note"])),  # noqa: S308  (our own drawings above)
    )


@register.simple_tag
def status(kind: str, word: object = "") -> SafeString:
    """A word with its shape and colour: `{% status "parked" %}`, `{% status "late" "Late by 40 min" %}`."""
    return format_html('<span class="status status-{}">{} {}</span>', kind, shape(kind), word or WORDS.get(kind, kind))


@register.simple_tag
def moment(at: datetime, zone: str, place: str = "") -> SafeString:
    """An instant as a time element on the place's wall clock: `{% moment leg.depart_at stop.zone stop.city %}`."""
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), formats.moment(at, zone, place))


@register.filter
def cash_for(money: Money, heads: int) -> str:
    """`{{ offer.price|cash_for:party.heads }}`: "$592.00 for 4"."""
    return formats.cash_for(money, heads)


@register.filter
def kind(level_tag: str) -> str:
    """The kind of message block for a Django message level: success is done, error is stop."""
    return KINDS.get(level_tag, "told")


@register.filter
def hinted(field: BoundField, hint: object) -> BoundField:
    """The field with this hint instead of its own, if one is given; what the input is described by follows."""
    if hint:
        field.help_text = str(hint)
    return field
