"""What is done with one person alone: a number of their own (P5), lifting the stop of what they said (P6)."""

from typing import cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onward.apps.cases.actions import lift_safety_stop
from onward.apps.people.actions import leave_party
from onward.apps.people.models import Party, Person
from onward.core.actor import Role
from onward.core.errors import NotFound, OnwardError, message
from onward.faces.desk.pages import now
from onward.faces.desk.scope import StaffRequest
from onward.faces.desk.walking import act_once, identify, once_token, walk_page
from onward.faces.forms_look import show_error


class OwnNumberForm(forms.Form):
    """One tick: what is asked of every adult."""

    is_alone = forms.BooleanField(
        label=_("I have spoken with this person alone, as with every adult"),
        error_messages={"required": _("Speak with them alone first.")},
    )


class LiftForm(forms.Form):
    """Why the stop is lifted, in words that stay with the case."""

    why = forms.CharField(
        label=_("What was agreed with them"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )


def _get_person(person_id: int) -> tuple[Person, Party]:
    person = Person.objects.select_related("party__centre").filter(pk=person_id).first()
    if person is None:
        raise NotFound("person.unknown", message("There is no such person in this case."))
    return person, person.party


@walk_page
def own_number(request: HttpRequest, person_id: int) -> HttpResponse:
    """Give a person a case of their own. The page says only that; nothing of it shows in the case they leave."""
    staff = cast(StaffRequest, request)
    form = OwnNumberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = act_once(request, lambda: [leave_party(person_id, actor=staff.actor, now=now()).pk])
        except OnwardError as error:
            show_error(form, error)
        else:
            return HttpResponseRedirect(reverse("desk:explain", args=made))
    person, party = _get_person(person_id)
    context = {
        "form": form,
        "party": party,
        "position": person.position,
        "identity": identify(party),
        "once": once_token(request),
    }
    return render(request, "desk/own_number.html", context, status=422 if form.errors else 200)


@walk_page
def lift_safety(request: HttpRequest, person_id: int) -> HttpResponse:
    """The protection lead, after speaking with the person alone, lets tickets be bought again."""
    staff = cast(StaffRequest, request)
    staff.actor.require(Role.PROTECTION_LEAD)
    person, party = _get_person(person_id)
    form = LiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            lift_safety_stop(person_id, why=form.cleaned_data["why"], actor=staff.actor, now=now())
        except OnwardError as error:
            show_error(form, error)
        else:
            messages.success(request, gettext("Kept. Tickets can be bought again."))
            return HttpResponseRedirect(reverse("desk:interview-step", args=[party.pk, f"safety-{person_id}"]))
    context = {"form": form, "party": party, "person": person, "identity": identify(party)}
    return render(request, "desk/lift_safety.html", context, status=422 if form.errors else 200)
