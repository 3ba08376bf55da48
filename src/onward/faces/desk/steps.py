"""What a screen of the interview is made of: its question, its form, the act that keeps the answer."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from onward.apps.cases.queries import CaseView
from onward.apps.cases.rules import NEEDS
from onward.apps.cases.tasks import TaskCode
from onward.apps.people.models import AgeBand
from onward.core.actor import Actor
from onward.faces.desk.words import ANSWERS
from onward.faces.forms_look import Answers

WORDS_BOX = {"rows": 3, "dir": "auto"}
LINE_BOX = {"dir": "auto", "autocomplete": "off"}


def answer_field(label: Any) -> forms.ChoiceField:
    """A question with its five answers (P9). label: a sentence, lazy or not."""
    missing = {"required": _("Choose one of the answers.")}
    return forms.ChoiceField(label=label, widget=Answers, choices=list(ANSWERS.items()), error_messages=missing)


class Step(ABC):
    """One screen about one question. task: where it stands in the task list. question: its key in questions.py.

    fields: the form's names for an act's fields, where the two differ. after: the step to go on with, "" for the next
    in order. is_adding: each save adds to a list; otherwise a screen left as it was is passed over.
    """

    task: ClassVar[TaskCode]
    question: ClassVar[str]
    template: ClassVar[str] = "desk/step.html"
    fields: ClassVar[Mapping[str, str]] = {}
    after: ClassVar[str] = ""
    is_adding: ClassVar[bool] = False

    def __init__(self, case: CaseView, argument: str) -> None:
        self.case, self.argument = case, argument

    @property
    def is_kept(self) -> bool:
        """Whether leaving the screen as it is keeps what stands, so that there is nothing to save."""
        return not self.is_adding

    @property
    def asked(self) -> str:
        """The key of its question."""
        return self.question

    def values(self) -> dict[str, object]:
        """What fills the question."""
        return {}

    @abstractmethod
    def make_form(self, data: Any) -> forms.Form:
        """The form of the worker's side."""

    @abstractmethod
    def save(self, form: forms.Form, *, actor: Actor, now: datetime) -> str:
        """Keep the answer; a sentence to show, or ""."""

    def context(self) -> dict[str, Any]:
        """What the screen shows beside the form."""
        return {}


def list_screens(case: CaseView) -> Iterator[tuple[TaskCode, str]]:
    """Every screen of this interview in the order it is usually gone through."""
    for position in range(1, case.party.heads + 1):
        yield TaskCode.PEOPLE, f"person-{position}"
    yield TaskCode.ORIGIN, "origin"
    yield TaskCode.ORIGIN, "meant"
    for single in (TaskCode.WISHES, TaskCode.CONTACT, TaskCode.DATES):
        yield single, single.value
    for question in NEEDS:
        yield TaskCode.NEEDS, f"need-{question.value}"
    for person in case.persons:
        if person.age_band == AgeBand.ADULT:
            yield TaskCode.SAFETY, f"safety-{person.id}"
