"""The page of one notice: what it says, the answer, what was answered before."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from onward.apps.notices import actions
from onward.apps.notices.rules import STANDING_KINDS
from onward.apps.notices.showing import list_own_answers, show
from onward.core.errors import BadInput, Conflict
from onward.faces.forms_look import show_error
from onward.faces.receiver import wording
from onward.faces.receiver.door import Visit, by_link, replaced_page
from onward.faces.receiver.forms import AnswerForm


@by_link
def notice(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What was told, and the place's answer."""
    if visit.notice.superseded_by_id is not None:
        return replaced_page(request, visit)
    if request.method == "GET":
        actions.mark_seen(visit.notice.pk, actor=visit.actor, now=visit.now)
    return _page(request, visit, None)


@by_link
def answer(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Take an answer; what cannot be taken comes back with its words."""
    if request.method != "POST":
        return _back(visit)
    form = AnswerForm(request.POST)
    try:
        if form.is_valid():
            actions.answer(
                visit.notice.pk,
                form.cleaned_data["code"],
                form.cleaned_data["words"],
                actor=visit.actor,
                now=visit.now,
            )
            return _back(visit)
    except BadInput as problem:
        show_error(form, problem)
    except Conflict:
        visit.notice.refresh_from_db()
        return replaced_page(request, visit, words=str(request.POST.get("words", "")))
    return _page(request, visit, form)


@by_link
def acknowledge(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The place took a cancelled or withdrawn notice off its list."""
    if request.method == "POST" and visit.notice.superseded_by_id is None:
        actions.acknowledge(visit.notice.pk, actor=visit.actor, now=visit.now)
    return _back(visit)


def _back(visit: Visit) -> HttpResponse:
    return HttpResponseRedirect(reverse("receiver:notice", args=[visit.token]))


def _page(request: HttpRequest, visit: Visit, form: AnswerForm | None) -> HttpResponse:
    told = show(visit.notice)
    said = [
        {
            "code": one.code,
            "sentence": wording.ANSWERS[one.code],
            "words": one.words,
            "at": one.answered_at,
            "reference": one.notice.reference,
        }
        for one in reversed(list_own_answers(visit.notice))
    ]
    standing = [one for one in said if one["reference"] == visit.notice.reference]
    context = {
        **visit.here,
        "form": form or AnswerForm(initial=standing[0] if standing else None),
        "headline": wording.headline(told),
        "rows": wording.rows(told),
        "kind": told.kind.value,
        "is_open": told.kind in STANDING_KINDS,
        "is_cut": told.day_heads is not None,
        "acknowledged_at": visit.notice.acknowledged_at,
        "zone": told.place.zone,
        "newest": standing[0] if standing else None,
        "said": said,
    }
    return render(request, "receiver/notice.html", context, status=422 if form is not None else 200)
