"""The task list of a case: what is done, what is open, what waits. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from onward.apps.cases import stops
from onward.apps.cases.facts import CaseFacts
from onward.apps.cases.models import Answer
from onward.apps.cases.rules import NEEDS
from onward.apps.people.models import Known


class TaskStatus(StrEnum):
    """How a task stands. WAITS: another comes first. STOPPED: its answer stops the ticket (P6)."""

    DONE = "done"
    STARTED = "started"
    TO_DO = "todo"
    NOT_ASKED = "not_asked"
    WAITS = "waits"
    STOPPED = "stopped"


class TaskCode(StrEnum):
    """The steps of a case, in the order they are usually taken."""

    EXPLAIN = "explain"
    PEOPLE = "people"
    ORIGIN = "origin"
    WISHES = "wishes"
    CONTACT = "contact"
    DATES = "dates"
    NEEDS = "needs"
    SAFETY = "safety"
    OFFERS = "offers"
    DECISION = "decision"


INTERVIEW = (
    TaskCode.PEOPLE,
    TaskCode.ORIGIN,
    TaskCode.WISHES,
    TaskCode.CONTACT,
    TaskCode.DATES,
    TaskCode.NEEDS,
    TaskCode.SAFETY,
)
"""The steps of the interview, in any order."""


@dataclass(frozen=True, slots=True)
class Task:
    """A step of the case and how it stands."""

    code: TaskCode
    status: TaskStatus


@dataclass(frozen=True, slots=True)
class Progress:
    """What tasks look at beside the coded facts: how many of each thing are written down."""

    chose_to_come: str
    wishes: int
    placed_wishes: int
    contacts: int
    dates: int
    has_offers: bool


def list_tasks(case: CaseFacts, so_far: Progress) -> list[Task]:
    """Every task of a case in order. Before the explanation all others wait (P1)."""
    if case.explanation is None:
        waiting = [Task(code, TaskStatus.WAITS) for code in TaskCode if code is not TaskCode.EXPLAIN]
        return [Task(TaskCode.EXPLAIN, TaskStatus.TO_DO), *waiting]
    in_force = {stop.code for stop in stops.list_stops(case)}
    statuses = {
        TaskCode.EXPLAIN: TaskStatus.DONE,
        TaskCode.PEOPLE: _stopped(in_force, {stops.MINOR_ALONE}, _people(case)),
        TaskCode.ORIGIN: _asked(so_far.chose_to_come != Known.NOT_ASKED),
        TaskCode.WISHES: _asked(so_far.wishes > 0),
        TaskCode.CONTACT: _asked(so_far.contacts > 0),
        TaskCode.DATES: _dates(case, so_far),
        TaskCode.NEEDS: _stopped(in_force, {stops.UNFIT, stops.MOVE_RESTRICTED}, _needs(case)),
        TaskCode.SAFETY: _stopped(in_force, {stops.UNSAFE}, _safety(case)),
        TaskCode.OFFERS: _offers(case, so_far),
        TaskCode.DECISION: _decision(case, so_far),
    }
    return [Task(code, statuses[code]) for code in TaskCode]


def _asked(is_done: bool) -> TaskStatus:  # noqa: FBT001  (a fact turned into a status, not a switch)
    return TaskStatus.DONE if is_done else TaskStatus.NOT_ASKED


def _stopped(in_force: set[str], here: set[str], otherwise: TaskStatus) -> TaskStatus:
    if otherwise is TaskStatus.NOT_ASKED:
        return otherwise
    return TaskStatus.STOPPED if in_force & here else otherwise


def _counted(done: Iterable[bool], of: int) -> TaskStatus:
    count = sum(done)
    if not count:
        return TaskStatus.NOT_ASKED
    return TaskStatus.DONE if count >= of else TaskStatus.STARTED


def _people(case: CaseFacts) -> TaskStatus:
    if not case.persons:
        return TaskStatus.NOT_ASKED
    is_whole = len(case.persons) == case.heads and all(person.has_name for person in case.persons)
    return TaskStatus.DONE if is_whole else TaskStatus.STARTED


def _dates(case: CaseFacts, so_far: Progress) -> TaskStatus:
    if so_far.dates:
        return TaskStatus.DONE
    answer = case.answer(Answer.Question.BINDING_DATES)
    if answer == Known.YES:
        return TaskStatus.STARTED
    return _asked(answer != Known.NOT_ASKED)


def _needs(case: CaseFacts) -> TaskStatus:
    return _counted((case.answer(question) != Known.NOT_ASKED for question in NEEDS), len(NEEDS))


def _safety(case: CaseFacts) -> TaskStatus:
    adults = [person for person in case.persons if person.is_adult]
    alone = (person.is_asked_alone and person.safety != Known.NOT_ASKED for person in adults)
    if any(person.is_unsafe for person in case.persons):
        return TaskStatus.STARTED
    return _counted(alone, len(adults))


def _offers(case: CaseFacts, so_far: Progress) -> TaskStatus:
    if so_far.has_offers:
        return TaskStatus.DONE
    is_ready = so_far.placed_wishes > 0 and len(case.persons) == case.heads
    return TaskStatus.TO_DO if is_ready else TaskStatus.WAITS


def _decision(case: CaseFacts, so_far: Progress) -> TaskStatus:
    if case.decision is not None:
        return TaskStatus.DONE
    return TaskStatus.TO_DO if so_far.has_offers else TaskStatus.WAITS
