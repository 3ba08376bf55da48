"""New arrivals: four keys and a number, one party or a bus; no names."""

from functools import lru_cache
from typing import Any, cast

from django import forms
from django.forms.utils import flatatt
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onward.apps.people.actions import arrive, arrive_group
from onward.apps.people.models import Known, Party
from onward.apps.people.rules import GROUP_MOST
from onward.core.errors import OnwardError
from onward.faces.desk import languages
from onward.faces.desk.pages import now
from onward.faces.desk.scope import StaffRequest
from onward.faces.desk.walking import act_once, once_token, walk_page
from onward.faces.desk.words import ANSWERS
from onward.faces.forms_look import Answers, Keys, WholeNumberBox, show_error

KEYS_MOST = 8
BEYOND_KEYS = ("heads_more", "other_language")
ROWS = 12
ROWS_ADDED = 12


class LanguageBox(forms.Select):
    """A select of every language, drawn once a page language: Django's own draws each option by a template."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The select as markup; choices may be grouped, one level deep."""
        drawn = flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name}))
        options = _draw_options(_frozen(self.choices))
        if value:
            plain = format_html('<option value="{}">', value)
            options = options.replace(plain, plain[:-1] + " selected>", 1)
        return format_html("<select{}>{}</select>", drawn, mark_safe(options))  # noqa: S308  (escaped as it was drawn)


def _frozen(choices: Any) -> tuple[tuple[Any, Any], ...]:
    return tuple((code, _frozen(label) if isinstance(label, list) else label) for code, label in choices)


@lru_cache(maxsize=32)
def _draw_options(choices: tuple[tuple[Any, Any], ...]) -> str:
    drawn = [
        format_html('<optgroup label="{}">{}</optgroup>', code, mark_safe(_draw_options(label)))  # noqa: S308
        if isinstance(label, tuple)
        else format_html('<option value="{}">{}</option>', code, label)
        for code, label in choices
    ]
    return "".join(drawn)


class ArrivalForm(forms.Form):
    """Heads, language, a bed tonight, urgent: four presses. What the keys lack is folded away below them."""

    heads = forms.ChoiceField(
        label=_("How many people travel together?"),
        widget=Keys,
        choices=[(str(n), str(n)) for n in range(1, KEYS_MOST + 1)],
        error_messages={"required": _("Press how many they are.")},
    )
    heads_more = forms.IntegerField(
        label=_("More than that: how many?"),
        required=False,
        widget=WholeNumberBox(attrs={"class": "w4"}),
        error_messages={"invalid": _("Write a whole number, such as 11.")},
    )
    language = forms.ChoiceField(
        label=_("Which language do they speak?"),
        widget=Keys,
        error_messages={"required": _("Press the language they speak.")},
    )
    other_language = forms.ChoiceField(label=_("Another language"), required=False, widget=LanguageBox)
    bed_tonight = forms.ChoiceField(
        label=_("Do they need a bed tonight?"),
        widget=Answers,
        choices=list(ANSWERS.items()),
        initial=Known.NOT_ASKED,
        error_messages={"required": _("Choose one of the answers.")},
    )
    is_urgent = forms.BooleanField(
        label=_("Urgent: ill, hurt, about to give birth, a child alone, afraid"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices_of(self, "language", [(code, languages.label_of(code)) for code in languages.COUNTER])
        choices_of(self, "other_language", [("", gettext("Choose a language")), *languages.list_languages()])

    @property
    def is_beyond_keys(self) -> bool:
        """Whether what the keys lack is in use, so that it is shown unfolded."""
        return any(self[name].value() or name in self.errors for name in BEYOND_KEYS if name in self.fields)

    def clean(self) -> dict[str, Any]:
        """A number or a language that was written out counts before the key."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        for key, beyond in (("heads", "heads_more"), ("language", "other_language")):
            if given.get(beyond):
                self.errors.pop(key, None)
                given[key] = given[beyond]
        return given


def choices_of(form: forms.Form, name: str, choices: list[tuple[str, Any]]) -> None:
    """Give a form's choice field its choices, which depend on the page's language or the case."""
    cast(forms.ChoiceField, form.fields[name]).choices = choices


@walk_page
def new_arrival(request: HttpRequest) -> HttpResponse:
    """The counter: a party gets its number."""
    form = ArrivalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = act_once(request, lambda: [_arrive(cast(StaffRequest, request), form.cleaned_data)])
        except OnwardError as error:
            show_error(form, error, fields=_where_given(form))
        else:
            return HttpResponseRedirect(reverse("desk:arrived", args=[made[0], made[0]]))
    context = {"form": form, "once": once_token(request)}
    return render(request, "desk/arrive.html", context, status=422 if form.errors else 200)


def _where_given(form: forms.Form) -> dict[str, str]:
    """The field that was used for what an act refuses."""
    pairs = {"heads": "heads_more", "language": "other_language"}
    return {key: beyond for key, beyond in pairs.items() if form.cleaned_data.get(beyond)}


def _arrive(request: StaffRequest, given: dict[str, Any]) -> int:
    party = arrive(
        int(given["heads"]),
        given["language"],
        bed_tonight=given["bed_tonight"],
        is_urgent=given["is_urgent"],
        actor=request.actor,
        now=now(),
    )
    return party.number


class GroupForm(forms.Form):
    """Several parties at once, a row each: heads_1, language_1, heads_2, ..."""

    def __init__(self, *args: Any, rows: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = range(1, rows + 1)
        keys = [(code, languages.label_of(code)) for code in languages.COUNTER]
        known = [("", gettext("As above")), *keys, (gettext("Other languages"), languages.list_languages())]
        for row in self.rows:
            self.fields[f"heads_{row}"] = forms.IntegerField(
                label=gettext("Party %(row)s: people") % {"row": row},
                required=False,
                widget=WholeNumberBox(attrs={"class": "w2"}),
                error_messages={"invalid": gettext("Write a whole number, such as 4.")},
            )
            self.fields[f"language_{row}"] = forms.ChoiceField(
                label=gettext("Party %(row)s: language") % {"row": row},
                required=False,
                choices=known,
                widget=LanguageBox,
            )

    def list_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The fields of each row, for the table."""
        return [(self[f"heads_{row}"], self[f"language_{row}"]) for row in self.rows]

    def clean(self) -> dict[str, Any]:
        """Rows without heads are empty; a language left out is the one of the row above."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        parties, above = [], ""
        for row in self.rows:
            heads, spoken = given.get(f"heads_{row}"), given.get(f"language_{row}") or above
            if heads is not None and not spoken:
                self.add_error(f"language_{row}", gettext("Choose the language of the first row."))
            above = spoken
            if heads is not None:
                parties.append((heads, spoken))
        if not parties and not self.errors:
            self.add_error("heads_1", gettext("Write how many people the first party has."))
        given["parties"] = parties
        return given


@walk_page
def new_group(request: HttpRequest) -> HttpResponse:
    """A bus: a number for every party in one go, all or none."""
    rows = _rows_of(request)
    is_adding = "add_rows" in request.POST
    form = GroupForm(request.POST or None, rows=min(GROUP_MOST, rows + ROWS_ADDED) if is_adding else rows)
    if request.method == "POST" and not is_adding and form.is_valid():
        staff = cast(StaffRequest, request)
        try:
            made = act_once(
                request,
                lambda: [
                    one.number for one in arrive_group(form.cleaned_data["parties"], actor=staff.actor, now=now())
                ],
            )
        except OnwardError as error:
            show_error(form, error, fields={"heads": _first_wrong(form), "language": "language_1"})
        else:
            return HttpResponseRedirect(reverse("desk:arrived", args=[made[0], made[-1]]))
    if is_adding:
        form = GroupForm(initial={name: request.POST.get(name, "") for name in form.fields}, rows=len(form.rows))
    context = {"form": form, "rows": len(form.rows), "most": GROUP_MOST, "once": once_token(request)}
    return render(request, "desk/arrive_group.html", context, status=422 if form.errors else 200)


def _rows_of(request: HttpRequest) -> int:
    given = request.POST.get("rows", "")
    return min(GROUP_MOST, max(ROWS, int(given))) if given.isascii() and given.isdigit() and len(given) < 4 else ROWS


def _first_wrong(form: GroupForm) -> str:
    """The row whose heads no party may have, for the act's error."""
    wrong = (row for row in form.rows if not 1 <= (form.cleaned_data.get(f"heads_{row}") or 1) <= 60)
    return f"heads_{next(wrong, 1)}"


@walk_page
def arrived(request: HttpRequest, first: int, last: int) -> HttpResponse:
    """The numbers just given, large, to show and to print."""
    if not first <= last < first + GROUP_MOST:
        raise Http404
    parties = list(Party.objects.filter(number__gte=first, number__lte=last).order_by("number"))
    if not parties:
        raise Http404
    return render(request, "desk/arrived.html", {"slips": [_slip(one) for one in parties]})


def _slip(party: Party) -> dict[str, Any]:
    """A number to take along, in their own language where the product speaks it."""
    with languages.speaking(party.language) as spoken:
        words = gettext("This is your place in the queue. Please keep it: we will call this number.")
        asked = gettext("We will not ask your name before we have told you what this desk is.")
    return {"party": party, "words": words, "asked": asked, "spoken": spoken, "dir": languages.direction(spoken)}
