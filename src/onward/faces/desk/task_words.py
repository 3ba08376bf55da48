"""The task list of a case in words, and where each task is worked on."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from onward.apps.cases.queries import CaseView, list_tasks
from onward.apps.cases.tasks import INTERVIEW, Task, TaskCode, TaskStatus
from onward.apps.people.models import Party
from onward.faces.desk.steps import list_screens

TITLES = {
    TaskCode.EXPLAIN: _("Read out what this desk is"),
    TaskCode.PEOPLE: _("Who travels"),
    TaskCode.ORIGIN: _("How they came here"),
    TaskCode.WISHES: _("Where they want to go"),
    TaskCode.CONTACT: _("Whom they know there"),
    TaskCode.DATES: _("Dates that bind them"),
    TaskCode.NEEDS: _("What they need on the way"),
    TaskCode.SAFETY: _("Each adult, alone"),
    TaskCode.OFFERS: _("Journeys"),
    TaskCode.DECISION: _("What they decide"),
}
LOOKS = {
    TaskStatus.DONE: ("done", _("Done")),
    TaskStatus.STARTED: ("now", _("Begun")),
    TaskStatus.TO_DO: ("now", _("Next")),
    TaskStatus.NOT_ASKED: ("todo", _("Not asked")),
    TaskStatus.WAITS: ("later", _("Cannot start yet")),
    TaskStatus.STOPPED: ("stop", _("Stops the ticket")),
}
LISTED = {TaskCode.PEOPLE, TaskCode.NEEDS, TaskCode.SAFETY}
"""Tasks of several screens that have a screen listing them, named as the task."""


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A line of parts/task_list.html. is_open: something is left to ask."""

    code: str
    title: str
    url: str
    status: str
    word: str
    is_open: bool
    hint: str = ""


def interview_tasks(case: CaseView) -> list[TaskRow]:
    """The tasks of the interview, in any order."""
    return [_row(case, task) for task in list_tasks(case) if task.code in INTERVIEW]


def case_tasks(case: CaseView) -> list[TaskRow]:
    """Every task of the case."""
    return [_row(case, task) for task in list_tasks(case)]


def _row(case: CaseView, task: Task) -> TaskRow:
    # Over a shoulder, what one adult said alone must not be read from a list: it looks like any other work begun.
    is_private = task.code is TaskCode.SAFETY and task.status is TaskStatus.STOPPED
    status, word = LOOKS[TaskStatus.STARTED if is_private else task.status]
    url = "" if task.status is TaskStatus.WAITS else _address(case, task)
    is_open = task.status in {TaskStatus.STARTED, TaskStatus.TO_DO, TaskStatus.NOT_ASKED}
    return TaskRow(task.code.value, str(TITLES[task.code]), url, status, str(word), is_open)


def _address(case: CaseView, task: Task) -> str:
    party: Party = case.party
    if task.code is TaskCode.EXPLAIN:
        return reverse("desk:explain", args=[party.pk])
    if task.code in {TaskCode.OFFERS, TaskCode.DECISION}:
        return reverse("desk:offers", args=[party.pk])
    step = task.code.value
    if task.code not in LISTED or task.status is TaskStatus.NOT_ASKED:
        step = next((screen for code, screen in list_screens(case) if code is task.code), step)
    if task.code is TaskCode.SAFETY:
        step = task.code.value
    return reverse("desk:interview-step", args=[party.pk, step])
