"""P9: "unknown", "declined" and "not asked" are three different answers."""

from typing import Any

import pytest

from onward.apps.cases import actions as cases
from onward.apps.cases.models import Answer
from onward.apps.cases.queries import TaskCode, TaskStatus, get_case, list_stops, list_tasks
from onward.apps.people import actions as people
from onward.apps.people.models import AgeBand, Party
from tests.apps.cases.walking import Desk, acts_of, described, explained, fresh, person_at
from tests.apps.refused import refused

THREE = ["unknown", "declined", "not_asked"]


def answers(desk: Desk, party: Party) -> dict[str, str]:
    return get_case(party.pk, **desk.worker).answers


@pytest.mark.parametrize("question", Answer.Question.values)
def test_each_question_keeps_the_three_answers_apart(desk: Desk, question: str) -> None:
    seen = []
    party = explained(desk)
    for answer in THREE:
        cases.record_answers(party.pk, {question: answer}, **desk.worker)
        seen.append(str(answers(desk, party)[question]))
    assert seen == THREE


def test_a_question_nobody_asked_reads_not_asked_and_not_no(desk: Desk) -> None:
    party = explained(desk)
    assert set(map(str, answers(desk, party).values())) == {"not_asked"}
    cases.record_answers(party.pk, {"phone": "no"}, **desk.worker)
    assert str(answers(desk, party)["phone"]) == "no"
    assert str(answers(desk, party)["step_free"]) == "not_asked"


def test_an_answer_can_be_taken_back_to_not_asked(desk: Desk) -> None:
    party = explained(desk)
    cases.record_answers(party.pk, {"phone": "declined", "step_free": "unknown"}, **desk.worker)
    cases.record_answers(party.pk, {"phone": "not_asked"}, **desk.worker)
    assert dict(Answer.objects.filter(party=party).values_list("question", "answer")) == {"step_free": "unknown"}


def test_an_empty_answer_is_refused_and_never_taken_for_one_of_the_three(desk: Desk) -> None:
    party = explained(desk)
    for nothing in ("", "None", "null", "No"):
        with refused("answer.not_one"):
            cases.record_answers(party.pk, {"phone": "yes", "step_free": nothing}, **desk.worker)
    assert not Answer.objects.exists()
    assert "answers.recorded" not in acts_of(party)


@pytest.mark.parametrize("answer", THREE)
def test_the_bed_tonight_the_origin_the_guardian_and_safety_know_all_three(desk: Desk, answer: str) -> None:
    arrived = people.arrive(1, "es", bed_tonight=answer, **desk.worker)
    assert fresh(arrived).bed_tonight == answer
    party = described(desk, [AgeBand.ADULT])
    origin: dict[str, Any] = {"chose_to_come": answer, "meant_words": "", "meant_place_key": None}
    assert cases.record_origin(party.pk, **origin, **desk.worker).chose_to_come == answer
    person: dict[str, Any] = {"name": "", "birth_year": None, "age_band": "adult", "is_guardian": answer}
    assert people.describe_person(party.pk, 1, **person, **desk.worker).is_guardian == answer
    safety = cases.record_safety(person_at(party, 1).pk, answer=answer, is_asked_alone=True, **desk.worker)
    assert safety.answer == answer


def test_unknown_and_declined_are_answers_and_not_asked_is_a_task(desk: Desk) -> None:
    party = described(desk, [AgeBand.ADULT])

    def dates() -> TaskStatus:
        tasks = {task.code: task.status for task in list_tasks(get_case(party.pk, **desk.worker))}
        return tasks[TaskCode.DATES]

    assert dates() is TaskStatus.NOT_ASKED
    for answer in ("unknown", "declined"):
        cases.record_answers(party.pk, {"binding_dates": answer}, **desk.worker)
        assert dates() is TaskStatus.DONE
    cases.record_answers(party.pk, {"binding_dates": "not_asked"}, **desk.worker)
    assert dates() is TaskStatus.NOT_ASKED


@pytest.mark.parametrize("answer", THREE)
def test_none_of_the_three_is_taken_for_a_no_to_fitness_or_a_yes_to_a_restriction(desk: Desk, answer: str) -> None:
    party = described(desk, [AgeBand.ADULT])
    cases.record_answers(party.pk, {"fit_to_travel": answer, "move_restricted": answer}, **desk.worker)
    assert list_stops(party.pk) == []


@pytest.mark.parametrize("answer", THREE)
def test_none_of_the_three_is_taken_for_a_yes_to_being_a_guardian(desk: Desk, answer: str) -> None:
    party = described(desk, [AgeBand.ADULT, AgeBand.CHILD])
    person: dict[str, Any] = {"name": "", "birth_year": None, "age_band": "adult", "is_guardian": answer}
    people.describe_person(party.pk, 1, **person, **desk.worker)
    assert [stop.code for stop in list_stops(party.pk)] == ["minor_unaccompanied"]


def test_consent_not_asked_is_neither_yes_nor_no(desk: Desk) -> None:
    party = explained(desk)
    assert get_case(party.pk, **desk.worker).consents == {
        "record": True,
        "purchase": None,
        "leave": None,
        "notice": None,
    }
    cases.record_consent(party.pk, "notice", is_yes=False, **desk.worker)
    desk.wait(minutes=1)
    assert get_case(party.pk, **desk.worker).consents["notice"] is False
    cases.record_consent(party.pk, "notice", is_yes=True, **desk.worker)
    assert get_case(party.pk, **desk.worker).consents["notice"] is True


def test_a_contact_not_given_is_another_thing_than_a_contact_nobody_asked_for(desk: Desk) -> None:
    party = explained(desk)
    assert get_case(party.pk, **desk.worker).contacts == ()
    nothing: dict[str, Any] = {"place_key": None, "name": "", "phone": "", "address": "", "state": "not_given"}
    people.record_contact(party.pk, **nothing, **desk.worker)
    assert [contact.state for contact in get_case(party.pk, **desk.worker).contacts] == ["not_given"]
