"""P1: nothing personal is asked before the purpose is explained in their language and confirmed; the wording's
version, language and interpreter are kept; a language whose wording no person reviewed is not used for consent."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from onward.apps.cases import actions as cases
from onward.apps.cases.models import Consent
from onward.apps.cases.queries import get_case, list_stops
from onward.apps.people import actions as people
from onward.apps.people.models import Contact, Explanation, Party, Person, WordingReview
from onward.apps.people.queries import has_explanation
from onward.apps.people.wordings import find_wording, list_texts
from onward.core.errors import OnwardError
from tests.apps.cases.walking import Desk, acts_of, consents_of, described, fresh, offered, person_at
from tests.apps.refused import refused

PERSON: dict[str, Any] = {"name": "Ana", "birth_year": 1990, "age_band": None, "is_guardian": "yes"}
CONTACT: dict[str, Any] = {"place_key": None, "name": "Rosa", "phone": "1", "address": "", "state": "reached"}
ORIGIN: dict[str, Any] = {"chose_to_come": "yes", "meant_words": "Chicago", "meant_place_key": None}

ASKING: dict[str, Callable[[int, dict[str, Any]], object]] = {
    "a person": lambda party, by: people.describe_person(party, 1, **PERSON, **by),
    "a contact": lambda party, by: people.record_contact(party, **CONTACT, **by),
    "an interview": lambda party, by: cases.begin_interview(party, **by),
    "where they meant to go": lambda party, by: cases.record_origin(party, **ORIGIN, **by),
    "a wish": lambda party, by: cases.record_wish(party, 1, words="Chicago", **by),
    "a date": lambda party, by: cases.record_obligation(party, kind="hearing", on=date(2026, 6, 11), **by),
    "answers": lambda party, by: cases.record_answers(party, {"phone": "yes"}, **by),
    "consent": lambda party, by: cases.record_consent(party, "record", is_yes=True, **by),
    "journeys": lambda party, by: cases.find_offers(party, earliest_on=date(2026, 3, 2), **by),
}


@pytest.mark.parametrize("what", sorted(ASKING))
def test_nothing_personal_is_asked_before_the_purpose_is_explained(desk: Desk, what: str) -> None:
    party = people.arrive(2, "es", **desk.worker)
    with refused("explanation.missing") as problem:
        ASKING[what](party.pk, desk.worker)
    assert "Read it out in their language" in str(problem.value)
    assert not Person.objects.exists()
    assert not Contact.objects.exists()
    assert acts_of(party) == ["party.arrived"]


def test_whether_they_feel_safe_is_not_asked_before_the_purpose_is_explained_to_them(desk: Desk) -> None:
    """A person is in a case without an explanation in one way only: they left a party, and are alone for the first
    time."""
    alone = people.leave_party(person_at(described(desk), 2).pk, **desk.worker)
    with refused("explanation.missing"):
        cases.record_safety(person_at(alone, 1).pk, answer="yes", is_asked_alone=True, **desk.worker)


def test_no_journey_is_accepted_before_the_purpose_is_explained(desk: Desk) -> None:
    party = described(desk)
    wish = cases.record_wish(party.pk, 1, words="Chicago", place_key="chicago", **desk.worker)
    offer = offered(desk, wish)
    Explanation.objects.all().delete()
    with refused("explanation.missing"):
        cases.decide(party.pk, "accept", offer_id=offer.pk, **desk.worker)


@pytest.mark.parametrize("what", sorted(set(ASKING) - {"journeys"}))
def test_after_it_everything_may_be_asked(desk: Desk, what: str) -> None:
    party = people.arrive(2, "es", **desk.worker)
    people.explain(party.pk, language="es", interpreter="not_needed", **desk.worker)
    ASKING[what](party.pk, desk.worker)


def test_the_wordings_version_language_and_interpreter_are_kept(desk: Desk) -> None:
    party = people.arrive(2, "prs", **desk.worker)
    people.explain(party.pk, language="en", interpreter="phone", **desk.worker)
    kept = Explanation.objects.get(party=party)
    wording = find_wording("en")
    assert wording is not None
    assert (kept.wording, kept.version, kept.language, kept.interpreter, kept.confirmed_at) == (
        "purpose",
        wording.version,
        "en",
        "phone",
        desk.now,
    )
    assert has_explanation(party)


def test_the_yes_at_recording_is_kept_with_it(desk: Desk) -> None:
    party = people.arrive(1, "es", **desk.worker)
    people.explain(party.pk, language="es", interpreter="not_needed", **desk.worker)
    assert consents_of(party, Consent.Step.RECORD) == [True]
    people.describe_person(party.pk, 1, **PERSON, **desk.worker)
    assert list_stops(party.pk) == []
    cases.record_consent(party.pk, "record", is_yes=False, **desk.worker)
    assert [stop.code for stop in list_stops(party.pk)] == ["consent_record"]


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_a_language_whose_wording_no_person_reviewed_is_not_used_for_consent(desk: Desk, language: str) -> None:
    party = people.arrive(1, language, **desk.worker)
    with refused("explanation.not_reviewed") as problem:
        people.explain(party.pk, language=language, interpreter="not_needed", **desk.worker)
    assert "in a reviewed language, through an interpreter" in str(problem.value)
    assert not Explanation.objects.exists()
    assert not Consent.objects.exists()
    people.explain(party.pk, language="en", interpreter="in_person", **desk.worker)
    assert get_case(party.pk, **desk.worker).consents["record"] is True


def test_a_review_is_a_named_persons_and_of_one_version_only(desk: Desk) -> None:
    with refused("wording.reviewer"):
        people.review_wording("fr", reviewed_by="  ", **desk.lead)
    WordingReview.objects.filter(language="es").update(version="2020-01")
    party = people.arrive(1, "es", **desk.worker)
    with refused("explanation.not_reviewed"):
        people.explain(party.pk, language="es", interpreter="not_needed", **desk.worker)
    people.review_wording("es", reviewed_by="Ana Reader", **desk.coordinator)
    people.explain(party.pk, language="es", interpreter="not_needed", **desk.worker)


def test_another_language_than_theirs_needs_somebody_who_interpreted(desk: Desk) -> None:
    party = people.arrive(1, "ht", **desk.worker)
    with refused("explanation.interpreter_needed"):
        people.explain(party.pk, language="en", interpreter="not_needed", **desk.worker)
    with refused("explanation.interpreter"):
        people.explain(party.pk, language="en", interpreter="a cousin", **desk.worker)
    with refused("explanation.no_wording"):
        people.explain(party.pk, language="ht", interpreter="phone", **desk.worker)
    assert fresh(party).state == Party.State.WAITING


def test_every_language_says_as_much_as_the_english_and_no_file_calls_itself_reviewed() -> None:
    english = list_texts()[0]
    assert [text.language for text in list_texts()] == ["en", "es", "fr", "ar"]
    for text in list_texts():
        assert len(text.sentences) == len(english.sentences)
        assert text.title
        assert text.question.endswith(("?", "؟"))
        assert all("90" in " ".join(one.sentences) for one in (text,))


def test_with_no_keeper_of_consents_the_purpose_is_not_taken_as_confirmed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails closed: were the cases room left out, an explanation without its yes must not stand."""
    from onward.apps.people import keepers

    party = people.arrive(1, "es", **desk.worker)
    monkeypatch.delitem(keepers._keepers, "cases")
    with pytest.raises(OnwardError):
        people.explain(party.pk, language="es", interpreter="not_needed", **desk.worker)
    assert not Explanation.objects.exists()
