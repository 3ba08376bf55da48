"""What stops a ticket, and that nothing else does (P6). Pure."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onward.apps.cases import stops
from onward.apps.cases.facts import CaseFacts, ConsentFact, ExplanationFact, PersonFacts
from onward.apps.cases.models import Answer, Decision
from onward.apps.cases.stops import list_stops
from onward.apps.cases.tasks import INTERVIEW, Progress, TaskCode, TaskStatus, list_tasks
from onward.apps.people.models import AgeBand, Known

AT = datetime(2026, 3, 2, 15, tzinfo=UTC)
TOLD = ExplanationFact("es", "phone", AT)
YES = ConsentFact(is_yes=True, given_at=AT)
NO = ConsentFact(is_yes=False, given_at=AT)
ACCEPTED = Decision(kind=Decision.Kind.ACCEPT, decided_at=AT)


def person(position: int = 1, band: str = AgeBand.ADULT, **given_: Any) -> PersonFacts:
    facts = {"is_guardian": Known.NO, "has_name": True, "safety": Known.YES, "is_asked_alone": True}
    return PersonFacts(position, position, band, **(facts | given_))


MOTHER = person(is_guardian=Known.YES)
CHILD = person(2, AgeBand.CHILD, safety=Known.NOT_ASKED)


def case(**given_: Any) -> CaseFacts:
    facts: dict[str, Any] = {"heads": 1, "persons": (person(),), "consents": {"record": YES}, "explanation": TOLD}
    return CaseFacts(**(facts | given_))


def codes(**given_: Any) -> list[str]:
    found = list_stops(case(**given_))
    assert all(stop.text % stop.values and stop.remedy % stop.values for stop in found)
    return [stop.code for stop in found]


def test_an_adult_who_said_yes_is_stopped_by_nothing() -> None:
    assert codes() == []
    assert codes(persons=(MOTHER, CHILD)) == []


@pytest.mark.parametrize("band", [AgeBand.INFANT, AgeBand.CHILD, AgeBand.YOUTH])
def test_a_party_without_an_adult_is_stopped(band: str) -> None:
    assert codes(persons=(person(band=band),)) == [stops.MINOR_ALONE]
    assert codes(persons=()) == [stops.MINOR_ALONE]


@pytest.mark.parametrize("answer", [Known.NO, Known.UNKNOWN, Known.DECLINED, Known.NOT_ASKED])
def test_children_with_adults_of_whom_none_is_known_to_be_a_guardian_are_stopped(answer: str) -> None:
    assert codes(persons=(person(is_guardian=answer), CHILD)) == [stops.MINOR_ALONE]


def test_somebody_unfit_is_stopped_and_only_a_clear_no_counts() -> None:
    assert codes(answers={Answer.Question.FIT_TO_TRAVEL: Known.NO}) == [stops.UNFIT]
    for answer in (Known.YES, Known.UNKNOWN, Known.DECLINED):
        assert codes(answers={Answer.Question.FIT_TO_TRAVEL: answer}) == []


def test_a_restriction_on_moving_stops_and_not_knowing_of_one_does_not() -> None:
    assert codes(answers={Answer.Question.MOVE_RESTRICTED: Known.YES}) == [stops.MOVE_RESTRICTED]
    assert codes(answers={Answer.Question.MOVE_RESTRICTED: Known.UNKNOWN}) == []


def test_no_yes_at_recording_stops() -> None:
    assert codes(consents={}) == [stops.NO_RECORD_CONSENT]
    assert codes(consents={"record": NO}) == [stops.NO_RECORD_CONSENT]


def test_a_journey_accepted_needs_a_yes_to_its_purchase() -> None:
    assert codes(decision=ACCEPTED) == [stops.NO_PURCHASE_CONSENT]
    assert codes(decision=ACCEPTED, consents={"record": YES, "purchase": NO}) == [stops.NO_PURCHASE_CONSENT]
    assert codes(decision=ACCEPTED, consents={"record": YES, "purchase": YES}) == []


def test_a_yes_to_an_earlier_purchase_is_none_to_this_one() -> None:
    earlier = ConsentFact(is_yes=True, given_at=AT - timedelta(minutes=1))
    assert codes(decision=ACCEPTED, consents={"record": YES, "purchase": earlier}) == [stops.NO_PURCHASE_CONSENT]


def test_who_does_not_feel_safe_is_stopped_whatever_their_age_until_it_is_lifted() -> None:
    for band in (AgeBand.ADULT, AgeBand.YOUTH):
        unsafe = person(2, band, safety=Known.NO)
        assert codes(persons=(MOTHER, unsafe)) == [stops.UNSAFE]
        assert codes(persons=(MOTHER, person(2, band, safety=Known.NO, is_lifted=True))) == []


@pytest.mark.parametrize("answer", [Known.UNKNOWN, Known.DECLINED, Known.NOT_ASKED])
def test_an_adult_not_asked_alone_yet_is_a_task_and_no_stop(answer: str) -> None:
    assert codes(persons=(person(safety=answer, is_asked_alone=False),)) == []


def test_an_accepted_journey_to_a_land_border_is_stopped() -> None:
    given_ = {"decision": ACCEPTED, "consents": {"record": YES, "purchase": YES}, "withheld": "land_border"}
    assert codes(**given_) == [stops.LAND_BORDER]


@given(
    st.fixed_dictionaries(
        {question: st.sampled_from(Known.values) for question in Answer.Question.values if question != "fit_to_travel"}
    )
)
def test_no_other_answer_stops_anything(answers: dict[str, str]) -> None:
    answers[Answer.Question.MOVE_RESTRICTED] = Known.NO
    assert codes(answers=answers) == []


def statuses(facts: CaseFacts, **given_: Any) -> dict[TaskCode, TaskStatus]:
    nothing: dict[str, Any] = {
        "chose_to_come": Known.NOT_ASKED,
        "wishes": 0,
        "placed_wishes": 0,
        "contacts": 0,
        "dates": 0,
        "has_offers": False,
    }
    return {task.code: task.status for task in list_tasks(facts, Progress(**(nothing | given_)))}


def test_before_the_explanation_everything_else_waits() -> None:
    found = statuses(case(explanation=None), wishes=1)
    assert found.pop(TaskCode.EXPLAIN) is TaskStatus.TO_DO
    assert set(found.values()) == {TaskStatus.WAITS}


def test_after_it_every_step_of_the_interview_is_not_asked_yet() -> None:
    found = statuses(case(persons=()))
    assert {found[code] for code in INTERVIEW} == {TaskStatus.NOT_ASKED}
    assert found[TaskCode.OFFERS] is found[TaskCode.DECISION] is TaskStatus.WAITS


def test_an_interview_taken_to_its_end_is_done() -> None:
    answers = dict.fromkeys(Answer.Question.values, Known.YES) | {"move_restricted": Known.NO}
    found = statuses(
        case(answers=answers, decision=ACCEPTED, consents={"record": YES, "purchase": YES}),
        chose_to_come=Known.DECLINED,
        wishes=2,
        placed_wishes=1,
        contacts=1,
        dates=1,
        has_offers=True,
    )
    assert set(found.values()) == {TaskStatus.DONE}


def test_what_is_half_done_is_started() -> None:
    found = statuses(
        case(heads=3, persons=(MOTHER, CHILD), answers={"phone": Known.NO, "binding_dates": Known.YES}), wishes=1
    )
    assert found[TaskCode.PEOPLE] is TaskStatus.STARTED
    assert found[TaskCode.NEEDS] is TaskStatus.STARTED
    assert found[TaskCode.DATES] is TaskStatus.STARTED
    assert found[TaskCode.OFFERS] is TaskStatus.WAITS
    assert statuses(case(persons=(person(has_name=False),)))[TaskCode.PEOPLE] is TaskStatus.STARTED


def test_no_dates_is_an_answer() -> None:
    assert statuses(case(answers={"binding_dates": Known.NO}))[TaskCode.DATES] is TaskStatus.DONE


def test_the_task_that_stops_says_so() -> None:
    assert statuses(case(persons=(CHILD,)))[TaskCode.PEOPLE] is TaskStatus.STOPPED
    assert statuses(case(answers={"fit_to_travel": Known.NO}))[TaskCode.NEEDS] is TaskStatus.STOPPED
    assert statuses(case(persons=(person(safety=Known.NO),)))[TaskCode.SAFETY] is TaskStatus.STOPPED
    alone = (person(), person(2, is_asked_alone=False))
    assert statuses(case(heads=2, persons=alone))[TaskCode.SAFETY] is TaskStatus.STARTED
