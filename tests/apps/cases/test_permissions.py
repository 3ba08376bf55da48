"""Who may not do it: every act of people and cases, by an auditor and by somebody of another centre."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from onward.apps.accounts.scopes import centre_scope
from onward.apps.cases import actions as cases
from onward.apps.cases.queries import get_case
from onward.apps.people import actions as people
from onward.apps.people.models import Party
from onward.apps.people.queries import find_parties
from onward.apps.record.models import Entry
from onward.core.errors import NotAllowed, NotFound, OnwardError
from tests.apps.cases.walking import Desk, described, person_at

CONTACT: dict[str, Any] = {"place_key": "chicago", "name": "Rosa", "phone": "1", "address": "", "state": "reached"}
PERSON: dict[str, Any] = {"name": "Ana", "birth_year": 1990, "age_band": None, "is_guardian": "yes"}
DOOR: dict[str, Any] = {"language": "fr", "bed_tonight": "no", "is_urgent": False}
ORIGIN: dict[str, Any] = {"chose_to_come": "yes", "meant_words": "", "meant_place_key": None}
HEARING: dict[str, Any] = {"kind": "hearing", "on": date(2026, 6, 11)}


@dataclass(frozen=True)
class Rows:
    """A case with one of everything an act may be about; its first adult said no to safe."""

    party: Party
    person: int
    wish: int
    hearing: int
    owner: int
    later: Any


@pytest.fixture
def rows(desk: Desk) -> Rows:
    party = described(desk)
    person = person_at(party, 1).pk
    cases.record_safety(person, answer="no", is_asked_alone=True, **desk.worker)
    wish = cases.record_wish(party.pk, 1, words="somewhere warm", **desk.worker)
    hearing = cases.record_obligation(party.pk, **HEARING, **desk.worker)
    later = desk.now + timedelta(hours=1)
    return Rows(party, person, wish.pk, hearing.pk, int(desk.world.worker.id), later)


ACTS: dict[str, Callable[[Rows, dict[str, Any]], object]] = {
    "change_heads": lambda r, by: people.change_heads(r.party.pk, 4, **by),
    "close_case": lambda r, by: people.close_case(r.party.pk, **by),
    "erase_case": lambda r, by: people.erase_case(r.party.pk, **by),
    "hold_case": lambda r, by: people.hold_case(r.party.pk, **by),
    "lift_hold": lambda r, by: people.lift_hold(r.party.pk, **by),
    "lock_open_party": lambda r, by: people.lock_open_party(r.party.pk, **by),
    "correct_arrival": lambda r, by: people.correct_arrival(r.party.pk, **DOOR, **by),
    "describe_person": lambda r, by: people.describe_person(r.party.pk, 1, **PERSON, **by),
    "explain": lambda r, by: people.explain(r.party.pk, language="es", interpreter="staff", **by),
    "leave_party": lambda r, by: people.leave_party(r.person, **by),
    "lock_party": lambda r, by: people.lock_party(r.party.pk, actor=by["actor"]),
    "move_party": lambda r, by: people.move_party(r.party, Party.State.IN_INTERVIEW, **by),
    "park": lambda r, by: people.park(r.party.pk, until=r.later, owner_id=r.owner, why="rest", **by),
    "record_contact": lambda r, by: people.record_contact(r.party.pk, **CONTACT, **by),
    "remove_person": lambda r, by: people.remove_person(r.person, **by),
    "resume": lambda r, by: people.resume(r.party.pk, **by),
    "begin_interview": lambda r, by: cases.begin_interview(r.party.pk, **by),
    "decide": lambda r, by: cases.decide(r.party.pk, "stay", **by),
    "find_offers": lambda r, by: cases.find_offers(r.party.pk, earliest_on=r.later.date(), **by),
    "lift_safety_stop": lambda r, by: cases.lift_safety_stop(r.person, why="spoke with her", **by),
    "place_wish": lambda r, by: cases.place_wish(r.wish, place_key="chicago", **by),
    "record_answers": lambda r, by: cases.record_answers(r.party.pk, {"phone": "yes"}, **by),
    "record_consent": lambda r, by: cases.record_consent(r.party.pk, "purchase", is_yes=True, **by),
    "record_obligation": lambda r, by: cases.record_obligation(r.party.pk, **HEARING, **by),
    "record_origin": lambda r, by: cases.record_origin(r.party.pk, **ORIGIN, **by),
    "record_safety": lambda r, by: cases.record_safety(r.person, answer="yes", is_asked_alone=True, **by),
    "record_wish": lambda r, by: cases.record_wish(r.party.pk, 1, words="Chicago", **by),
    "remove_obligation": lambda r, by: cases.remove_obligation(r.hearing, **by),
    "withdraw_wish": lambda r, by: cases.withdraw_wish(r.wish, **by),
    "get_case": lambda r, by: get_case(r.party.pk, **by),
}
WITHOUT_A_CASE = {"arrive", "arrive_group", "review_wording", "close_due", "erase_due"}
STEPS = {"lock_party", "lock_open_party"}
"""No acts of their own but steps of each: they look at the centre, the act at the role."""
CHECKS = {"require_open", "require_words"}
OF_ONE_ROLE = {
    "lift_safety_stop": "lead",
    "close_case": "worker",
    "erase_case": "coordinator",
    "hold_case": "coordinator",
    "lift_hold": "coordinator",
}
"""Whom to let in by role, to see that the door still holds."""


def test_every_act_is_tried_here() -> None:
    assert set(people.__all__) | set(cases.__all__) | {"get_case"} == set(ACTS) | WITHOUT_A_CASE | CHECKS


def test_an_auditor_may_not_do_any_of_it(desk: Desk, rows: Rows) -> None:
    for act in sorted(set(ACTS) - STEPS):
        refused_for(desk.auditor, act, rows, NotAllowed)


def test_somebody_of_another_centre_may_not_do_any_of_it(desk: Desk, rows: Rows) -> None:
    for act in sorted(ACTS):
        refused_for(desk.stranger, act, rows, NotAllowed)


def test_behind_another_centres_door_the_case_is_not_there(desk: Desk, rows: Rows) -> None:
    with centre_scope(desk.world.denver.pk):
        for act in sorted(set(ACTS) - {"move_party"}):
            refused_for(getattr(desk, OF_ONE_ROLE.get(act, "stranger")), act, rows, NotFound)


def test_holding_and_erasing_are_not_a_case_workers(desk: Desk, rows: Rows) -> None:
    for act in ("erase_case", "hold_case", "lift_hold"):
        refused_for(desk.worker, act, rows, NotAllowed)


def refused_for(by: dict[str, Any], act: str, rows: Rows, kind: type[OnwardError]) -> None:
    """The act raises and leaves nothing in the record."""
    before = Entry.objects.count()
    try:
        ACTS[act](rows, by)
    except OnwardError as problem:
        assert isinstance(problem, kind), (act, str(problem))
    else:
        pytest.fail(f"{act} was let through")
    assert Entry.objects.count() == before, act


def test_an_auditor_gives_no_numbers_and_a_case_worker_reviews_no_wording(desk: Desk) -> None:
    for act in (
        lambda: people.arrive(1, "es", **desk.auditor),
        lambda: people.arrive_group([(1, "es")], **desk.auditor),
        lambda: people.review_wording("fr", reviewed_by="Me", **desk.worker),
        lambda: people.review_wording("fr", reviewed_by="Me", **desk.auditor),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert not Party.objects.exists()


def test_a_search_finds_the_cases_of_ones_own_centre_only(desk: Desk, rows: Rows) -> None:
    assert find_parties("person", **desk.worker)
    assert find_parties("person", **desk.stranger) == []
    assert find_parties("1", **desk.stranger) == []


def test_only_the_protection_lead_lifts_and_only_the_lead_takes_a_child_out_of_a_party(desk: Desk, rows: Rows) -> None:
    child = person_at(rows.party, 3).pk
    for by in (desk.worker, desk.coordinator):
        with pytest.raises(NotAllowed):
            cases.lift_safety_stop(rows.person, why="it is fine", **by)
        with pytest.raises(NotAllowed):
            people.leave_party(child, **by)
    cases.lift_safety_stop(rows.person, why="spoke with her alone", **desk.lead)
    assert people.leave_party(child, **desk.lead).heads == 1
