"""The interview: a task list in any order, one question a screen in two languages, parking always in reach."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onward.apps.cases.actions import begin_interview, remove_obligation, withdraw_wish
from onward.apps.cases.actions.interviewing import COME_BACK
from onward.apps.cases.queries import CaseView, get_case
from onward.apps.cases.tasks import TaskCode
from onward.apps.people.actions import change_heads, remove_person
from onward.apps.people.models import Party
from onward.core.errors import NotFound, OnwardError, message
from onward.faces.desk import questions, task_words
from onward.faces.desk.pages import now
from onward.faces.desk.people_page import HeadsForm, list_needs, list_people, list_safety
from onward.faces.desk.scope import StaffRequest
from onward.faces.desk.steps import Step, list_screens
from onward.faces.desk.steps_around import ContactStep, DatesStep, NeedStep
from onward.faces.desk.steps_people import PersonStep, SafetyStep
from onward.faces.desk.steps_wishes import MeantStep, OriginStep, WishesStep, WishPlaceStep
from onward.faces.desk.walking import act_once, draw_identity, once_token, place_name, walk_page
from onward.faces.forms_look import show_error
from onward.faces.problems import sentence

STEPS: dict[str, type[Step]] = {
    "person": PersonStep,
    "origin": OriginStep,
    "meant": MeantStep,
    "wishes": WishesStep,
    "wish": WishPlaceStep,
    "contact": ContactStep,
    "dates": DatesStep,
    "need": NeedStep,
    "safety": SafetyStep,
}
GROUPS = {"people": list_people, "needs": list_needs, "safety": list_safety}
"""Screens that list the screens of one task, by the step's name."""


def _open(request: HttpRequest, party_id: int) -> CaseView:
    return get_case(party_id, actor=cast(StaffRequest, request).actor, now=now(), what="interview")


def _goto(name: str, *args: object) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(f"desk:{name}", args=args))


def _base(case: CaseView) -> dict[str, Any]:
    wished = next((place_name(wish.place) for wish in case.wishes if wish.place), "")
    return {"party": case.party, "identity": draw_identity(case.party, going=wished, following="")}


def is_at_rest(party: Party) -> bool:
    """Whether the interview has to be taken up before it goes on."""
    return party.state == Party.State.PARKED or party.state in COME_BACK


@walk_page
def interview(request: HttpRequest, party_id: int) -> HttpResponse:
    """The task list of the interview; a post takes the interview up."""
    if request.method == "POST":
        begin_interview(party_id, actor=cast(StaffRequest, request).actor, now=now())
        return _goto("interview", party_id)
    case = _open(request, party_id)
    if case.explanation is None:
        return _goto("explain", party_id)
    tasks = task_words.interview_tasks(case)
    following = next((task for task in tasks if task.is_open), None)
    context = {**_base(case), "tasks": tasks, "following": following, "is_at_rest": is_at_rest(case.party)}
    return render(request, "desk/interview.html", context)


@walk_page
def step(request: HttpRequest, party_id: int, step: str) -> HttpResponse:
    """One screen: a question, or the list of one task's screens."""
    case = _open(request, party_id)
    if case.explanation is None:
        return _goto("explain", party_id)
    if step in GROUPS:
        return _group(request, case, step)
    name, _, argument = step.partition("-")
    if name not in STEPS:
        raise NotFound("step.unknown", message("There is no such question."))
    return _screen(request, case, STEPS[name](case, argument), step)


def _screen(request: HttpRequest, case: CaseView, current: Step, name: str) -> HttpResponse:
    form = current.make_form(request.POST if request.method == "POST" else None)
    is_parking = "park" in request.POST
    is_untouched = request.method == "POST" and not form.has_changed()
    if is_parking and is_untouched:
        return _goto("park", case.party.pk)
    if is_untouched and (current.is_kept or "next" in request.POST):
        return _on(request, case, current, name)
    if request.method == "POST" and form.is_valid():
        try:
            kept: list[str] = []
            act_once(request, lambda: _save(request, current, form, kept))
        except OnwardError as error:
            show_error(form, error, fields=current.fields)
        else:
            for words in filter(None, kept):
                messages.info(request, words)
            return _goto("park", case.party.pk) if is_parking else _on(request, case, current, name)
    screens = [screen for _, screen in list_screens(case)]
    context = {
        **_base(case),
        "step": name,
        "form": form,
        "asked": questions.ask(current.asked, case.party.language, **current.values()),
        "at": screens.index(name) + 1 if name in screens else 0,
        "of": len(screens),
        "once": once_token(request),
        **current.context(),
    }
    return render(request, current.template, context, status=422 if form.errors else 200)


def _save(request: HttpRequest, current: Step, form: Any, kept: list[str]) -> list[int]:
    kept.append(current.save(form, actor=cast(StaffRequest, request).actor, now=now()))
    return []


def _on(request: HttpRequest, case: CaseView, current: Step, name: str) -> HttpResponse:
    """The screen after this one; a screen that lists what it adds to is come back to, unless they pressed on."""
    if current.after and "next" not in request.POST:
        return _goto("interview-step", case.party.pk, current.after)
    return HttpResponseRedirect(_following(case, current, name))


def _following(case: CaseView, current: Step, name: str) -> str:
    """The address of the next screen in order; who is asked alone is chosen from the list, by name."""
    screens = [screen for _, screen in list_screens(case)]
    here = name if name in screens else current.task.value
    place = screens.index(here) + 1 if here in screens else len(screens)
    following = screens[place] if place < len(screens) else "safety" if current.task is TaskCode.NEEDS else ""
    if not following:
        return reverse("desk:interview", args=[case.party.pk])
    step = "safety" if following.startswith("safety") else following
    return reverse("desk:interview-step", args=[case.party.pk, step])


def _group(request: HttpRequest, case: CaseView, name: str) -> HttpResponse:
    form = HeadsForm(request.POST or None, initial={"heads": case.party.heads}) if name == TaskCode.PEOPLE else None
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            actor = cast(StaffRequest, request).actor
            change_heads(case.party.pk, form.cleaned_data["heads"], actor=actor, now=now())
        except OnwardError as error:
            show_error(form, error)
        else:
            return _goto("interview-step", case.party.pk, name)
    context = {**_base(case), "step": name, "form": form, **GROUPS[name](case)}
    return render(request, "desk/step_list.html", context, status=422 if form is not None and form.errors else 200)


@require_POST
@walk_page
def take_back(request: HttpRequest, party_id: int, step: str) -> HttpResponse:
    """Withdraw a wish, remove a date or a description: what one line of a screen's list says."""
    staff, at = cast(StaffRequest, request), now()
    case = _open(request, party_id)
    what, _, number = step.partition("-")
    try:
        if what == "wish" and number in {str(one.id) for one in case.wishes}:
            withdraw_wish(int(number), actor=staff.actor, now=at)
            messages.info(request, gettext("Withdrawn. What they said then is kept."))
        elif what == "date" and number in {str(one.id) for one in case.obligations}:
            remove_obligation(int(number), actor=staff.actor, now=at)
        elif what == "person" and number in {str(one.id) for one in case.persons}:
            remove_person(int(number), actor=staff.actor, now=at)
    except OnwardError as error:
        messages.error(request, sentence(error))
    return _goto("interview-step", party_id, {"wish": "wishes", "date": "dates"}.get(what, "people"))
