"""The wordings read out before an interview, beside the English, and the review that lets one be used (P1)."""

from typing import cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onward.apps.accounts.models import Account
from onward.apps.people.actions import review_wording
from onward.apps.people.queries import ReviewedWording, list_wordings
from onward.core.actor import Role
from onward.core.errors import NotFound, OnwardError, message
from onward.faces.desk import languages
from onward.faces.desk.pages import now, staff_page
from onward.faces.desk.scope import StaffRequest
from onward.faces.formats import day
from onward.faces.forms_look import show_error

REVIEWERS = frozenset({Role.COORDINATOR, Role.PROTECTION_LEAD})


class ReviewForm(forms.Form):
    """A named person's word that the wording says what the English says."""

    reviewed_by = forms.CharField(
        label=_("Who has read it"),
        help_text=_("A person who speaks both languages. The name is kept with the review."),
        error_messages={"required": _("Write who has read it.")},
    )
    is_same = forms.BooleanField(
        label=_("I have read this and it says the same"),
        error_messages={"required": _("Without this the wording is not used.")},
    )


@staff_page
def wordings(request: HttpRequest) -> HttpResponse:
    """Every wording with who reviewed it, and the centre's own sentence on beds."""
    centre = cast(StaffRequest, request).centre
    beds = [
        (languages.label_of(code), code, languages.direction(code), text) for code, text in centre.bed_sentence.items()
    ]
    return render(request, "desk/wordings.html", {"tasks": [_task(one) for one in list_wordings()], "beds": beds})


def _task(one: ReviewedWording) -> dict[str, object]:
    if one.reviewed_by and one.reviewed_on:
        values = {"name": one.reviewed_by, "on": day(one.reviewed_on)}
        status, word, hint = "done", gettext("Reviewed"), gettext("by %(name)s, %(on)s") % values
    else:
        status, word, hint = "warn", gettext("Not reviewed"), gettext("Not used to ask for a yes until it is reviewed.")
    language = one.wording.language
    url = reverse("desk:wording", args=[language])
    return {"title": languages.label_of(language), "url": url, "status": status, "word": word, "hint": hint}


@staff_page
def wording(request: HttpRequest, language: str) -> HttpResponse:
    """One wording beside the English; a coordinator says that it is right."""
    staff, listed = cast(StaffRequest, request), list_wordings()
    chosen = next((one for one in listed if one.wording.language == language), None)
    if chosen is None:
        raise NotFound("wording.unknown", message("There is no wording in this language yet."))
    account = cast(Account, request.user)
    form = ReviewForm(request.POST or None, initial={"reviewed_by": account.name})
    if request.method == "POST" and form.is_valid():
        try:
            review_wording(language, reviewed_by=form.cleaned_data["reviewed_by"], actor=staff.actor, now=now())
        except OnwardError as error:
            show_error(form, error)
        else:
            messages.success(request, gettext("Kept. This wording can be used from now on."))
            return HttpResponseRedirect(reverse("desk:wordings"))
    context = {
        "form": form,
        "chosen": chosen,
        "theirs": chosen.wording,
        "english": listed[0].wording,
        "name": languages.label_of(language),
        "dir": languages.direction(language),
        "may_review": bool(staff.actor.roles & REVIEWERS) and not chosen.reviewed_by,
    }
    return render(request, "desk/wording.html", context, status=422 if form.errors else 200)
