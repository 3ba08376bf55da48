"""A closed case takes no more words; an erased one never again; work on a case keeps the schedule away."""

from datetime import date, timedelta
from typing import Any

import pytest

from onward.apps.accounts.scopes import no_scope
from onward.apps.cases import actions as cases
from onward.apps.people import actions as people
from onward.apps.people.actions import closing
from onward.apps.people.actions.closing import erase_due
from onward.apps.people.models import Party
from onward.apps.people.rules import CLOSES_AFTER, ERASED_AFTER
from tests.apps.cases.walking import Desk, described, fresh, person_at
from tests.apps.refused import refused

CONTACT: dict[str, Any] = {"place_key": None, "name": "Rosa", "phone": "", "address": "", "state": "reached"}
PERSON: dict[str, Any] = {"name": "Ana", "birth_year": 1990, "age_band": None, "is_guardian": "yes"}
ORIGIN: dict[str, Any] = {"chose_to_come": "yes", "meant_words": "", "meant_place_key": None}


def writings(desk: Desk, party: Party) -> list[Any]:
    """Everything that writes into a case."""
    person, by = person_at(party, 1).pk, desk.worker
    return [
        lambda: people.describe_person(party.pk, 1, **PERSON, **by),
        lambda: people.record_contact(party.pk, **CONTACT, **by),
        lambda: people.change_heads(party.pk, 5, **by),
        lambda: people.remove_person(person, **by),
        lambda: people.leave_party(person, **by),
        lambda: cases.record_origin(party.pk, **ORIGIN, **by),
        lambda: cases.record_wish(party.pk, 1, words="Chicago", **by),
        lambda: cases.record_obligation(party.pk, kind="hearing", on=date(2026, 6, 11), **by),
        lambda: cases.record_answers(party.pk, {"phone": "yes"}, **by),
        lambda: cases.record_safety(person, answer="yes", is_asked_alone=True, **by),
        lambda: cases.find_offers(party.pk, earliest_on=desk.now.date(), **by),
    ]


def test_a_closed_case_takes_no_words_until_they_come_back(desk: Desk) -> None:
    party = described(desk)
    people.close_case(party.pk, **desk.worker)
    for write in writings(desk, party):
        with refused("party.closed"):
            write()
    cases.begin_interview(party.pk, **desk.worker)
    cases.record_wish(party.pk, 1, words="Chicago", **desk.worker)


def test_an_erased_case_is_not_begun_again(desk: Desk) -> None:
    party = described(desk)
    people.close_case(party.pk, **desk.worker)
    people.erase_case(party.pk, **desk.coordinator)
    again = [
        lambda: cases.begin_interview(party.pk, **desk.worker),
        lambda: people.explain(party.pk, language="es", interpreter="staff", **desk.worker),
    ]
    for write in [*again, *writings(desk, party)]:
        with refused("party.erased") as problem:
            write()
        assert "give them a new number" in str(problem.value)


def test_a_case_that_is_worked_on_is_not_closed_by_the_schedule(desk: Desk) -> None:
    worked_on, left_alone = described(desk), described(desk)
    desk.wait(days=CLOSES_AFTER[Party.State.WAITING].days - 1)
    cases.record_answers(worked_on.pk, {"phone": "yes"}, **desk.worker)
    desk.wait(days=2)
    with no_scope():
        assert people.close_due(now=desk.now) == 1
    assert fresh(worked_on).state != Party.State.CLOSED
    assert fresh(left_alone).state == Party.State.CLOSED


def test_acts_within_an_hour_write_the_touch_once(desk: Desk) -> None:
    party = described(desk)
    touched = fresh(party).changed_at
    desk.wait(minutes=59)
    cases.record_answers(party.pk, {"phone": "yes"}, **desk.worker)
    assert fresh(party).changed_at == touched
    desk.wait(minutes=1)
    cases.record_answers(party.pk, {"phone": "no"}, **desk.worker)
    assert fresh(party).changed_at == touched + timedelta(hours=1)


def test_a_case_whose_key_is_not_in_the_store_holds_up_no_other_erasure(desk: Desk) -> None:
    broken, other = described(desk), described(desk)
    for party in (broken, other):
        people.close_case(party.pk, **desk.worker)
        desk.wait(days=1)
    Party.objects.filter(pk=broken.pk).update(key_id="f" * 32)
    desk.wait(days=ERASED_AFTER.days)
    with no_scope():
        assert erase_due(now=desk.now) == 1
    assert fresh(other).erased_at is not None
    assert fresh(broken).erased_at is None


def test_cases_kept_open_hold_up_no_other_closing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closing, "ROUND_MOST", 1)
    owed, other = described(desk), described(desk)
    Party.objects.filter(pk=owed.pk).update(changed_at=desk.now - timedelta(days=1))
    monkeypatch.setattr(closing.keepers, "keeps_open", lambda party_id: party_id == owed.pk)
    desk.wait(days=CLOSES_AFTER[Party.State.WAITING].days + 1)
    with no_scope():
        assert people.close_due(now=desk.now) == 1
    assert fresh(other).state == Party.State.CLOSED
