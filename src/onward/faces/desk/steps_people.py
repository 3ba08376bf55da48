"""The screens about the people: each one's name and age, and each adult, alone, on feeling safe."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onward.apps.cases.actions import record_safety
from onward.apps.cases.queries import CaseView
from onward.apps.cases.tasks import TaskCode
from onward.apps.people.actions import describe_person
from onward.apps.people.models import AgeBand, Known
from onward.apps.people.queries import PersonWords
from onward.core.actor import Actor
from onward.core.errors import NotFound, message
from onward.faces.desk.steps import LINE_BOX, Step, answer_field
from onward.faces.desk.words import BANDS
from onward.faces.forms_look import WholeNumberBox


class PersonForm(forms.Form):
    """A person of the party."""

    name = forms.CharField(
        label=_("Name, as it stands on their papers or as they say it"),
        required=False,
        widget=forms.TextInput(attrs=LINE_BOX),
    )
    birth_year = forms.IntegerField(
        label=_("Year of birth"),
        required=False,
        widget=WholeNumberBox(),
        error_messages={"invalid": _("Write a year with four digits, such as 1987.")},
    )
    age_band = forms.ChoiceField(
        label=_("Age on the day of travel"),
        help_text=_("Needed where the year is not known, or leaves the age group open."),
        required=False,
        widget=forms.RadioSelect,
        choices=[("", _("As the year says")), *BANDS.items()],
    )
    is_guardian = answer_field(_("Is this person the parent or guardian of the children who travel?"))


class PersonStep(Step):
    """One person's name and age."""

    task, question, template = TaskCode.PEOPLE, "person", "desk/step_person.html"

    def __init__(self, case: CaseView, argument: str) -> None:
        super().__init__(case, argument)
        self.position = int(argument) if argument.isascii() and argument.isdigit() and len(argument) < 4 else 0
        if not 1 <= self.position <= case.party.heads:
            raise NotFound("person.unknown", message("There is no such person in this case."))
        self.person = next((one for one in case.persons if one.position == self.position), None)

    @property
    def is_kept(self) -> bool:
        return self.person is not None

    def make_form(self, data: Any) -> forms.Form:
        person = self.person
        initial: dict[str, Any] = {"age_band": "", "is_guardian": Known.NOT_ASKED}
        if person:
            initial = {
                "name": person.name,
                "birth_year": person.birth_year,
                "age_band": person.age_band,
                "is_guardian": person.is_guardian,
            }
        return PersonForm(data, initial=initial)

    def save(self, form: forms.Form, *, actor: Actor, now: datetime) -> str:
        given = form.cleaned_data
        describe_person(
            self.case.party.pk,
            self.position,
            name=given["name"],
            birth_year=given["birth_year"],
            age_band=given["age_band"] or None,
            is_guardian=given["is_guardian"],
            actor=actor,
            now=now,
        )
        return ""

    def context(self) -> dict[str, Any]:
        key = f"person-{self.person.id}" if self.person else ""
        is_adult = self.person is not None and self.person.age_band == AgeBand.ADULT
        return {
            "person": self.person,
            "position": self.position,
            "is_last": self.case.party.heads == 1,
            "person_key": key,
            "is_adult": is_adult,
        }


class SafetyForm(forms.Form):
    """What an adult said, and whether they were alone."""

    is_asked_alone = forms.BooleanField(
        label=_("They are alone with me; whoever interprets is no relative"), required=False
    )
    answer = answer_field(_("Do they feel safe with the people they travel with, and where they are going?"))


class SafetyStep(Step):
    """One adult, asked alone."""

    task, question, template, after = TaskCode.SAFETY, "safety", "desk/step_safety.html", "safety"

    def __init__(self, case: CaseView, argument: str) -> None:
        super().__init__(case, argument)
        found = (one for one in case.persons if str(one.id) == argument and one.age_band == AgeBand.ADULT)
        person = next(found, None)
        if person is None:
            raise NotFound("person.unknown", message("There is no such person in this case."))
        self.person: PersonWords = person

    def make_form(self, data: Any) -> forms.Form:
        said = self.case.safety[self.person.id]
        return SafetyForm(data, initial={"is_asked_alone": said.is_asked_alone, "answer": said.safety})

    def save(self, form: forms.Form, *, actor: Actor, now: datetime) -> str:
        given = form.cleaned_data
        record_safety(
            self.person.id, answer=given["answer"], is_asked_alone=given["is_asked_alone"], actor=actor, now=now
        )
        if not given["is_asked_alone"] and given["answer"] != Known.NOT_ASKED:
            return gettext("Kept. It counts as asked once they were alone with you.")
        return ""

    def context(self) -> dict[str, Any]:
        title = self.person.name or gettext("Person %(n)s") % {"n": self.person.position}
        return {"person": self.person, "called": title, "said": self.case.safety[self.person.id]}
