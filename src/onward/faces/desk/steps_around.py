"""The screens about what surrounds a journey: contacts, dates that bind, needs on the way."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onward.apps.cases.actions import record_answers, record_obligation
from onward.apps.cases.models import Answer, Obligation
from onward.apps.cases.queries import CaseView
from onward.apps.cases.tasks import TaskCode
from onward.apps.people.actions import record_contact
from onward.apps.people.models import Contact, Known
from onward.core.actor import Actor
from onward.core.errors import NotFound, message
from onward.faces.desk.placing import PlaceForm
from onward.faces.desk.questions import QUESTIONS
from onward.faces.desk.steps import LINE_BOX, Step, answer_field
from onward.faces.desk.walking import place_name
from onward.faces.desk.words import CONTACTS, OBLIGATIONS
from onward.faces.forms_look import DateBox

BINDING = Answer.Question.BINDING_DATES


class ContactForm(PlaceForm):
    """Somebody they know there, and how far that person was reached."""

    field_order = ("state", "name", "phone", "address", "place", "place_key")
    state = forms.ChoiceField(
        label=_("How far were they reached?"),
        widget=forms.RadioSelect,
        choices=list(CONTACTS.items()),
        error_messages={"required": _("Choose how far they were reached, or “Not given”.")},
    )
    name = forms.CharField(label=_("Name"), required=False, widget=forms.TextInput(attrs=LINE_BOX))
    phone = forms.CharField(
        label=_("Telephone"),
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "dir": "ltr", **{"class": "w12"}}),
    )
    address = forms.CharField(
        label=_("Address"), required=False, widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"})
    )


class ContactStep(Step):
    """Whom they know in a place. argument: the id of the contact to correct, "" for one more, or the only one."""

    task, question, template, after = TaskCode.CONTACT, "contact", "desk/step_contact.html", "contact"
    is_adding = True
    fields = {"place_key": "place"}  # noqa: RUF012

    def __init__(self, case: CaseView, argument: str) -> None:
        super().__init__(case, argument)
        self.contact = next((one for one in case.contacts if str(one.id) == argument), None)
        if argument and self.contact is None:
            raise NotFound("contact.unknown", message("There is no such contact in this case."))

    def make_form(self, data: Any) -> forms.Form:
        one = self.contact
        if one is None:
            wished = next((place_name(wish.place) for wish in self.case.wishes if wish.place), "")
            return ContactForm(data, initial={"place": wished})
        words = {"name": one.name, "phone": one.phone, "address": one.address}
        return ContactForm(data, initial={"state": one.state, "place": one.place_name, **words})

    def save(self, form: forms.Form, *, actor: Actor, now: datetime) -> str:
        given = form.cleaned_data
        is_nobody = given["state"] == Contact.State.NOT_GIVEN
        record_contact(
            self.case.party.pk,
            contact_id=self.contact.id if self.contact else None,
            place_key=None if is_nobody else given["key"],
            name=given["name"],
            phone=given["phone"],
            address=given["address"],
            state=given["state"],
            actor=actor,
            now=now,
        )
        return ""

    def context(self) -> dict[str, Any]:
        listed = [(one, CONTACTS[Contact.State(one.state)], f"contact-{one.id}") for one in self.case.contacts]
        return {"contacts": listed, "is_correcting": self.contact is not None}


class DateForm(PlaceForm):
    """Whether a date binds them, and one such date."""

    field_order = ("has_dates", "kind", "on", "place", "place_key", "person_id")
    has_dates = answer_field(_("Do they have a hearing, a check-in or another date they must keep?"))
    kind = forms.ChoiceField(
        label=_("What kind of date?"), required=False, choices=[("", _("Choose")), *OBLIGATIONS.items()]
    )
    on = forms.DateField(
        label=_("Day"),
        required=False,
        widget=DateBox,
        error_messages={"invalid": _("Choose a day, such as 2026-03-02.")},
    )
    person_id = forms.TypedChoiceField(label=_("Whose?"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, case: CaseView, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].label = gettext("In which town, as the paper says it?")
        self.fields["place"].help_text = ""
        field = self.fields["person_id"]
        assert isinstance(field, forms.ChoiceField)
        people = [
            (one.id, gettext("Person %(n)s %(name)s") % {"n": one.position, "name": one.name}) for one in case.persons
        ]
        field.choices = [("", gettext("The whole party's")), *people]

    def clean(self) -> dict[str, Any]:
        """A date needs its kind and day; either of them says that there is one."""
        given = super().clean()
        kind, on = given.get("kind"), given.get("on")
        if on and not kind:
            self.add_error("kind", gettext("Choose what kind of date this is."))
        if kind and not on and "on" not in self.errors:
            self.add_error("on", gettext("Choose the day."))
        return given

    def _is_in_words(self) -> bool:
        """The town is kept as the paper gives it, whether the list knows it or not."""
        return True


class DatesStep(Step):
    """Dates that bind."""

    task, question, template, after = TaskCode.DATES, "dates", "desk/step_dates.html", "dates"
    is_adding = True
    fields = {"place_words": "place", "place_key": "place", BINDING.value: "has_dates"}  # noqa: RUF012

    def make_form(self, data: Any) -> forms.Form:
        return DateForm(data, case=self.case, initial={"has_dates": self.case.answers[BINDING]})

    def save(self, form: forms.Form, *, actor: Actor, now: datetime) -> str:
        given, party_id = form.cleaned_data, self.case.party.pk
        answer = Known.YES if given["on"] else given["has_dates"]
        if given["on"]:
            record_obligation(
                party_id,
                kind=given["kind"],
                on=given["on"],
                place_key=given["key"],
                place_words=given["place"],
                person_id=given["person_id"],
                actor=actor,
                now=now,
            )
        if answer != self.case.answers[BINDING]:
            record_answers(party_id, {BINDING: answer}, actor=actor, now=now)
        return ""

    def context(self) -> dict[str, Any]:
        listed = [(one, OBLIGATIONS[Obligation.Kind(one.kind)], f"date-{one.id}") for one in self.case.obligations]
        return {"dates": listed, "has_answer": self.case.answers[BINDING] != Known.NOT_ASKED}


class NeedForm(forms.Form):
    """One plain question."""

    def __init__(self, *args: Any, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"] = answer_field(label)


class NeedStep(Step):
    """One need on the way. argument: the question's code."""

    task = TaskCode.NEEDS

    def __init__(self, case: CaseView, argument: str) -> None:
        super().__init__(case, argument)
        if argument not in case.answers or argument == BINDING:
            raise NotFound("answer.question", message("This question is not asked here."))

    @property
    def asked(self) -> str:
        return f"need-{self.argument}"

    def make_form(self, data: Any) -> forms.Form:
        label = gettext(QUESTIONS[self.asked].text)
        return NeedForm(data, label=label, initial={"answer": self.case.answers[self.argument]})

    def save(self, form: forms.Form, *, actor: Actor, now: datetime) -> str:
        record_answers(self.case.party.pk, {self.argument: form.cleaned_data["answer"]}, actor=actor, now=now)
        return ""
