"""P19: erasure keeps a published schedule and destroys the key; a hold stops it. P18: the rest proves itself."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from onward.apps.accounts.scopes import centre_scope
from onward.apps.cases.actions import record_answers, record_obligation, record_safety
from onward.apps.cases.models import Answer, Obligation, SafetyAnswer
from onward.apps.funds.queries import is_balanced
from onward.apps.people import sealing
from onward.apps.people.actions import (
    arrive,
    close_case,
    close_due,
    describe_person,
    erase_case,
    erase_due,
    explain,
    hold_case,
    lift_hold,
    record_contact,
    review_wording,
)
from onward.apps.people.models import Contact, Party
from onward.apps.people.queries import find_parties, open_words
from onward.apps.people.rules import CLOSES_AFTER, ERASED_AFTER
from onward.apps.record.actions import case_chain
from onward.apps.record.queries import find_broken_link, list_entries
from onward.core.errors import Conflict, NotAllowed
from onward.core.keys import KeyGone
from tests.conftest import NOW, World

DAY = timedelta(days=1)


@pytest.fixture
def party(world: World) -> Any:
    """A party of one, described, waiting at New York."""
    with centre_scope(world.new_york.pk):
        review_wording("en", reviewed_by="Ada Specimen", actor=world.coordinator, now=NOW)
        made = arrive(1, "en", actor=world.worker, now=NOW)
        explain(made.pk, language="en", interpreter="not_needed", actor=world.worker, now=NOW)
        describe_person(
            made.pk,
            1,
            name="Otis Sample",
            birth_year=1990,
            age_band=None,
            is_guardian="not_asked",
            actor=world.worker,
            now=NOW,
        )
        return Party.objects.get(pk=made.pk)


def _words(world: World, party: Any, now: datetime) -> str:
    with centre_scope(world.new_york.pk):
        return open_words(party, what="case_page", actor=world.worker, now=now).persons[0].name


def _closed(world: World, party: Any) -> datetime:
    with centre_scope(world.new_york.pk):
        close_case(party.pk, actor=world.worker, now=NOW)
    return NOW


def test_ninety_days_after_closing_the_words_are_gone_and_not_a_day_before(world: World, party: Any) -> None:
    closed = _closed(world, party)
    assert erase_due(now=closed + ERASED_AFTER - DAY) == 0
    assert _words(world, party, closed + DAY) == "Otis Sample"
    assert erase_due(now=closed + ERASED_AFTER) == 1
    with pytest.raises(KeyGone):
        _words(world, party, closed + ERASED_AFTER)
    with centre_scope(world.new_york.pk):
        assert find_parties("Otis", actor=world.worker, now=NOW + ERASED_AFTER) == []
    assert erase_due(now=closed + ERASED_AFTER + DAY) == 0


def test_after_erasure_the_record_and_the_books_still_prove_themselves(world: World, party: Any) -> None:
    closed = _closed(world, party)
    erase_due(now=closed + ERASED_AFTER)
    entries = list_entries(case_chain(party.pk))
    assert find_broken_link(case_chain(party.pk)) is None
    assert entries[-1].act == "case.erased"
    assert all("Otis" not in entry.facts for entry in entries)
    with centre_scope(world.new_york.pk):
        assert is_balanced()


def test_what_they_answered_and_the_dates_that_bind_them_go_with_the_words(world: World, party: Any) -> None:
    by: dict[str, Any] = {"actor": world.worker, "now": NOW}
    with centre_scope(world.new_york.pk):
        person = party.persons.get()
        record_safety(person.pk, answer="no", is_asked_alone=True, **by)
        record_answers(party.pk, {"fit_to_travel": "yes"}, **by)
        kept = {
            "kind": "hearing",
            "on": (NOW + 9 * DAY).date(),
            "place_key": None,
            "place_words": "Newark",
            "person_id": None,
        }
        record_obligation(party.pk, **kept, **by)
        given = {"place_key": None, "name": "Ada", "phone": "", "address": "", "state": "reached"}
        record_contact(party.pk, **given, **by)
        models = (SafetyAnswer, Answer, Obligation, Contact)
        assert [model.objects.count() for model in models] == [1, 1, 1, 1]
    erase_due(now=_closed(world, party) + ERASED_AFTER)
    with centre_scope(world.new_york.pk):
        assert [model.objects.count() for model in models] == [0, 0, 0, 0]
    assert find_broken_link(case_chain(party.pk)) is None


def test_a_case_left_alone_closes_by_itself_on_the_schedule(world: World, party: Any) -> None:
    with centre_scope(world.new_york.pk):
        row = Party.objects.get(pk=party.pk)
    patience = CLOSES_AFTER[Party.State(row.state)]
    assert close_due(now=row.changed_at + patience - DAY) == 0
    assert close_due(now=row.changed_at + patience) == 1
    assert close_due(now=row.changed_at + patience) == 0


def test_a_legal_hold_stops_erasure_until_it_is_lifted(world: World, party: Any) -> None:
    closed = _closed(world, party)
    with centre_scope(world.new_york.pk):
        hold_case(party.pk, actor=world.coordinator, now=closed)
    assert erase_due(now=closed + 10 * ERASED_AFTER) == 0
    with centre_scope(world.new_york.pk):
        with pytest.raises(Conflict):
            erase_case(party.pk, actor=world.coordinator, now=closed)
        assert _words(world, party, closed) == "Otis Sample"
        lift_hold(party.pk, actor=world.coordinator, now=closed)
    assert erase_due(now=closed + ERASED_AFTER) == 1


def test_a_traveller_may_ask_to_be_erased_at_once_but_an_open_case_is_not(world: World, party: Any) -> None:
    with centre_scope(world.new_york.pk):
        with pytest.raises(Conflict):
            erase_case(party.pk, actor=world.coordinator, now=NOW)
        close_case(party.pk, actor=world.worker, now=NOW)
        with pytest.raises(NotAllowed):
            erase_case(party.pk, actor=world.worker, now=NOW)
        first = erase_case(party.pk, actor=world.coordinator, now=NOW)
        again = erase_case(party.pk, actor=world.coordinator, now=NOW + DAY)
    assert (first.wrapped_sha256, first.destroyed_at) == (again.wrapped_sha256, again.destroyed_at)
    assert [entry.act for entry in list_entries(case_chain(party.pk))].count("case.erased") == 1


def test_a_round_that_died_after_the_key_went_is_finished_by_the_next(world: World, party: Any) -> None:
    closed = _closed(world, party)
    sealing.ring().destroy(party.key_id, legal_holds=(), now=closed)
    assert erase_due(now=closed + ERASED_AFTER) == 1
    assert list_entries(case_chain(party.pk))[-1].act == "case.erased"


def test_a_hold_is_the_coordinators(world: World, party: Any) -> None:
    with centre_scope(world.new_york.pk), pytest.raises(NotAllowed):
        hold_case(party.pk, actor=world.worker, now=NOW)
    with centre_scope(world.denver.pk), pytest.raises(Exception, match="no such case"):
        close_case(party.pk, actor=world.denver_worker, now=NOW)
