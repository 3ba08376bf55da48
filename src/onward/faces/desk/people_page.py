"""The screens that list other screens: the people, the needs, and who was asked alone."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onward.apps.cases.queries import CaseView
from onward.apps.cases.rules import NEEDS
from onward.apps.people.models import AgeBand, Known
from onward.faces.desk.questions import QUESTIONS
from onward.faces.desk.words import ANSWERS, BANDS, word
from onward.faces.forms_look import WholeNumberBox


class HeadsForm(forms.Form):
    """How many travel together."""

    heads = forms.IntegerField(
        label=_("How many people travel together?"),
        widget=WholeNumberBox(attrs={"class": "w2"}),
        error_messages={
            "required": _("Write how many they are."),
            "invalid": _("Write a whole number, such as 4."),
        },
    )


def _task(case: CaseView, screen: str, title: str, *, status: str, word_: str, hint: str = "") -> dict[str, str]:
    url = reverse("desk:interview-step", args=[case.party.pk, screen])
    return {"title": title, "url": url, "status": status, "word": word_, "hint": hint}


def _answered(answer: str) -> tuple[str, str]:
    """A status and a word for an answer; the five are five (P9)."""
    return ("todo" if answer == Known.NOT_ASKED else "done"), word(ANSWERS, answer)


def list_people(case: CaseView) -> dict[str, Any]:
    """One line for each head: described, or not yet."""
    by_position = {one.position: one for one in case.persons}
    tasks = []
    for position in range(1, case.party.heads + 1):
        one, title = by_position.get(position), gettext("Person %(n)s") % {"n": position}
        if one is None:
            tasks.append(_task(case, f"person-{position}", title, status="todo", word_=gettext("Not asked")))
            continue
        band = word(BANDS, one.age_band)
        named = gettext("Described") if one.name else gettext("No name yet")
        status = "done" if one.name else "warn"
        tasks.append(_task(case, f"person-{position}", one.name or title, status=status, word_=named, hint=band))
    return {"title": gettext("The people"), "tasks": tasks, "first": _first_open(tasks)}


def list_needs(case: CaseView) -> dict[str, Any]:
    """One line for each question about the way."""
    tasks = []
    for question in NEEDS:
        status, said = _answered(case.answers[question])
        title = gettext(QUESTIONS[f"need-{question}"].text)
        tasks.append(_task(case, f"need-{question.value}", title, status=status, word_=said))
    return {"title": gettext("What they need on the way"), "tasks": tasks, "first": _first_open(tasks)}


def list_safety(case: CaseView) -> dict[str, Any]:
    """One line for each adult: asked alone, or not yet. What they said stands on their own screen only."""
    tasks = []
    for one in case.persons:
        if one.age_band != AgeBand.ADULT:
            continue
        said = case.safety[one.id]
        is_done = said.is_asked_alone and said.safety != Known.NOT_ASKED
        status, asked = ("done", gettext("Asked alone")) if is_done else ("todo", gettext("To be asked alone"))
        title = one.name or gettext("Person %(n)s") % {"n": one.position}
        tasks.append(_task(case, f"safety-{one.id}", title, status=status, word_=asked))
    lede = gettext(
        "Ask each adult alone, with an interpreter who is no relative. Open one name at a time, and only when the "
        "others have left the room."
    )
    empty = gettext("First describe the people: every adult will be listed here.")
    return {"title": gettext("Each adult, alone"), "tasks": tasks, "lede": lede, "empty": empty, "first": None}


def _first_open(tasks: list[dict[str, str]]) -> dict[str, str] | None:
    return next((task for task in tasks if task["status"] == "todo"), None)
