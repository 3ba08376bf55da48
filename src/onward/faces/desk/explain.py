"""Reading out what this desk is, in their language, and the yes, or one of the three other answers (P1, P2)."""

from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from onward.apps.accounts.models import Centre
from onward.apps.cases.actions import begin_interview
from onward.apps.people.actions import explain as keep_explanation
from onward.apps.people.models import Party
from onward.apps.people.queries import ReviewedWording, find_explanation, get_party, list_wordings
from onward.core.errors import OnwardError
from onward.faces.desk import languages
from onward.faces.desk.arrival import choices_of
from onward.faces.desk.pages import now
from onward.faces.desk.scope import StaffRequest
from onward.faces.desk.walking import identify, walk_page
from onward.faces.desk.words import INTERPRETERS
from onward.faces.forms_look import show_error


@dataclass(frozen=True, slots=True)
class BedSentence:
    """The centre's signed sentence on what saying no means for a bed, in the language it is shown in."""

    text: str
    language: str
    dir: str
    is_theirs: bool


class ExplainForm(forms.Form):
    """Who interpreted. The language is the one the page shows."""

    language = forms.CharField(widget=forms.HiddenInput, max_length=8)
    interpreter = forms.ChoiceField(
        label=_("Who interpreted?"),
        widget=forms.RadioSelect,
        choices=list(INTERPRETERS.items()),
        error_messages={"required": _("Choose who interpreted.")},
    )


def bed_sentence(centre: Centre, language: str) -> BedSentence | None:
    """The signed sentence in a language, else in English, else in whatever it was signed in; None where none is."""
    signed: dict[str, str] = centre.bed_sentence
    for code in (language, "en", *signed):
        if signed.get(code):
            return BedSentence(signed[code], code, languages.direction(code), code == language)
    return None


def _choose(wordings: list[ReviewedWording], wanted: str) -> ReviewedWording | None:
    """The reviewed wording in the wanted language, if there is one."""
    return next((one for one in wordings if one.wording.language == wanted and one.reviewed_by), None)


def _worker_wording(wordings: list[ReviewedWording]) -> ReviewedWording:
    """What the worker reads along: the wording in the page's language, else the English."""
    page = (get_language() or "en").split("-")[0]
    return next((one for one in wordings if one.wording.language == page), wordings[0])


@walk_page
def explain(request: HttpRequest, party_id: int) -> HttpResponse:
    """The purpose in their language in large type beside the worker's; a yes opens the interview."""
    staff, party, wordings = cast(StaffRequest, request), get_party(party_id), list_wordings()
    wanted = request.POST.get("language") or request.GET.get("in") or party.language
    theirs = _choose(wordings, wanted)
    form = ExplainForm(request.POST or None, initial={"language": wanted})
    if theirs is not None and wanted != party.language:
        choices_of(form, "interpreter", [one for one in INTERPRETERS.items() if one[0] != "not_needed"])
    if request.method == "POST" and form.is_valid():
        try:
            _keep(staff, party_id, form.cleaned_data)
        except OnwardError as error:
            show_error(form, error)
        else:
            return HttpResponseRedirect(reverse("desk:interview", args=[party_id]))
    context = _context(staff, party, theirs, wanted, form)
    context["reviewed"] = [
        (one.wording.language, languages.label_of(one.wording.language)) for one in wordings if one.reviewed_by
    ]
    context["mine"] = _worker_wording(wordings).wording
    return render(request, "desk/explain.html", context, status=422 if form.errors else 200)


def _keep(request: StaffRequest, party_id: int, given: dict[str, Any]) -> None:
    at, actor = now(), request.actor
    newest = find_explanation(get_party(party_id))
    # The same page sent twice: the wording was confirmed a moment ago, and one confirmation is enough.
    if newest is None or newest.language != given["language"] or newest.interpreter != given["interpreter"]:
        keep_explanation(party_id, language=given["language"], interpreter=given["interpreter"], actor=actor, now=at)
    begin_interview(party_id, actor=actor, now=at)


def _context(
    request: StaffRequest, party: Party, theirs: ReviewedWording | None, wanted: str, form: ExplainForm
) -> dict[str, Any]:
    shown = theirs.wording.language if theirs else wanted
    return {
        "party": party,
        "identity": identify(party),
        "form": form,
        "theirs": theirs.wording if theirs else None,
        "review": theirs,
        "dir": languages.direction(shown),
        "shown_name": languages.label_of(shown),
        "party_language": languages.label_of(party.language),
        "is_other": shown != party.language,
        "bed": bed_sentence(request.centre, shown),
    }
