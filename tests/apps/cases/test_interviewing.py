"""The interview: begun, broken off, taken up; what is said in it; the case read back in few queries."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from onward.apps.cases import actions as cases
from onward.apps.cases.models import Answer, Obligation, SafetyAnswer, Wish
from onward.apps.cases.queries import get_case, list_stops, list_tasks
from onward.apps.people import actions as people
from onward.apps.people import sealing
from onward.apps.people.models import AgeBand, Known, Look, Party
from onward.core.errors import NotFound
from onward.core.keys import KeyId
from tests.apps.cases.walking import Desk, acts_of, described, explained, fresh, offered, person_at
from tests.apps.refused import refused


def test_an_interview_begins_once_and_takes_the_party_out_of_the_queue(desk: Desk) -> None:
    party = explained(desk)
    first = cases.begin_interview(party.pk, **desk.worker)
    assert cases.begin_interview(party.pk, **desk.worker).pk == first.pk
    assert fresh(party).state == Party.State.IN_INTERVIEW
    assert acts_of(party).count("interview.begun") == 1


def test_sitting_down_with_a_parked_party_takes_it_up_where_it_was(desk: Desk) -> None:
    party = explained(desk)
    cases.begin_interview(party.pk, **desk.worker)
    until = desk.now + timedelta(hours=1)
    people.park(party.pk, until=until, owner_id=int(desk.world.worker.id), why="rest", **desk.worker)
    cases.begin_interview(party.pk, **desk.worker)
    assert fresh(party).state == Party.State.IN_INTERVIEW
    assert acts_of(party)[-1] == "party.resumed"


def test_where_they_had_meant_to_go_is_kept_in_their_words(desk: Desk) -> None:
    party = explained(desk)
    origin: dict[str, Any] = {"chose_to_come": "no", "meant_words": "à Chicago, chez ma sœur"}
    cases.record_origin(party.pk, meant_place_key="chicago", **origin, **desk.worker)
    interview = get_case(party.pk, **desk.worker).interview
    assert interview is not None
    assert (interview.chose_to_come, interview.meant_words) == ("no", "à Chicago, chez ma sœur")
    assert interview.meant_place is not None
    assert interview.meant_place.key == "chicago"


def test_a_wish_to_a_place_nobody_knows_is_kept_as_words(desk: Desk) -> None:
    party = explained(desk)
    cases.record_wish(party.pk, 1, words="somewhere warm 🌞", **desk.worker)
    case = get_case(party.pk, **desk.worker)
    assert [(wish.words, wish.place) for wish in case.unplaced] == [("somewhere warm 🌞", None)]
    placed = cases.place_wish(case.wishes[0].id, place_key="miami", **desk.worker)
    assert placed.place_id == "miami"
    assert get_case(party.pk, **desk.worker).unplaced == ()


def test_four_hundred_characters_of_emoji_are_kept_and_one_more_is_refused(desk: Desk) -> None:
    party = explained(desk)
    cases.record_wish(party.pk, 1, words="🌞" * 400, **desk.worker)
    assert get_case(party.pk, **desk.worker).wishes[0].words == "🌞" * 400
    with refused("text.too_long") as problem:
        cases.record_wish(party.pk, 2, words="🌞" * 401, **desk.worker)
    assert problem.value.field == "words"
    assert Wish.objects.filter(party=party).count() == 1


def test_a_wish_sent_twice_is_one_wish_and_another_at_its_rank_is_refused(desk: Desk) -> None:
    party = explained(desk)
    first = cases.record_wish(party.pk, 1, words="Chicago", place_key="chicago", **desk.worker)
    assert cases.record_wish(party.pk, 1, words="Chicago", place_key="chicago", **desk.worker).pk == first.pk
    for other in ({"words": "Denver", "place_key": "denver"}, {"words": "Chicago", "place_key": None}):
        with refused("wish.rank_taken"):
            cases.record_wish(party.pk, 1, **other, **desk.worker)  # type: ignore[arg-type]
    with refused("place.unknown"):
        cases.record_wish(party.pk, 2, words="Atlantis", place_key="atlantis", **desk.worker)


def test_a_date_that_binds_is_kept_removed_and_never_in_the_past(desk: Desk) -> None:
    party = described(desk)
    given: dict[str, Any] = {"kind": "hearing", "on": date(2026, 6, 11), "place_words": "Newark, 2nd floor"}
    person = person_at(party, 2)
    kept = cases.record_obligation(party.pk, place_key="newark", person_id=person.pk, **given, **desk.worker)
    again = cases.record_obligation(party.pk, place_key="newark", person_id=person.pk, **given, **desk.worker)
    assert again.pk == kept.pk
    shown = get_case(party.pk, **desk.worker)
    assert [(one.kind, one.place_words, one.person_id) for one in shown.obligations] == [
        ("hearing", "Newark, 2nd floor", person.pk)
    ]
    assert {task.position for task in shown.moving_tasks} == {2}
    with refused("obligation.on"):
        cases.record_obligation(party.pk, kind="hearing", on=date(2026, 3, 1), **desk.worker)
    cases.remove_obligation(kept.pk, **desk.worker)
    assert not Obligation.objects.exists()


def test_a_date_for_somebody_of_another_case_is_refused(desk: Desk) -> None:
    party, other = described(desk), described(desk)
    with refused("person.unknown"):
        cases.record_obligation(
            party.pk, kind="hearing", on=date(2026, 6, 11), person_id=person_at(other, 1).pk, **desk.worker
        )


def test_a_no_to_safe_stops_until_the_lead_lifts_it_and_is_never_answered_over(desk: Desk) -> None:
    party = described(desk)
    person = person_at(party, 2).pk
    cases.record_safety(person, answer="no", is_asked_alone=True, **desk.worker)
    assert [stop.code for stop in list_stops(party.pk)] == ["unsafe"]
    with refused("safety.stands"):
        cases.record_safety(person, answer="yes", is_asked_alone=True, **desk.worker)
    cases.record_safety(person, answer="no", is_asked_alone=True, **desk.worker)
    with refused("words.empty"):
        cases.lift_safety_stop(person, why=" ", **desk.lead)
    cases.lift_safety_stop(person, why="spoke with her alone; her brother is not here", **desk.lead)
    cases.lift_safety_stop(person, why="again", **desk.lead)
    assert list_stops(party.pk) == []
    safety = SafetyAnswer.objects.get(person_id=person)
    assert (safety.answer, str(safety.lifted_by_id)) == (Known.NO, desk.world.lead.id)
    assert b"brother" not in bytes(safety.lifted_why)
    assert acts_of(party).count("safety.lifted") == 1


def test_asked_again_after_lifting_a_new_no_stops_anew(desk: Desk) -> None:
    party = described(desk)
    person = person_at(party, 2).pk
    for _ in range(2):
        cases.record_safety(person, answer="no", is_asked_alone=True, **desk.worker)
        assert list_stops(party.pk)
        cases.lift_safety_stop(person, why="spoke with her", **desk.lead)
    cases.record_safety(person, answer="yes", is_asked_alone=True, **desk.worker)
    assert list_stops(party.pk) == []
    with refused("safety.no_stop"):
        cases.lift_safety_stop(person, why="why not", **desk.lead)


def test_the_record_keeps_that_they_were_asked_and_never_what_they_said(desk: Desk) -> None:
    from onward.apps.record.actions import case_chain
    from onward.apps.record.queries import list_entries

    party = described(desk, [AgeBand.ADULT])
    cases.record_safety(person_at(party, 1).pk, answer="no", is_asked_alone=True, **desk.worker)
    cases.record_answers(party.pk, {"move_restricted": "yes", "fit_to_travel": "no"}, **desk.worker)
    facts = [entry.facts for entry in list_entries(case_chain(party.pk))[-2:]]
    assert facts == ['{"is_asked_alone":true,"position":1}', '{"questions":["fit_to_travel","move_restricted"]}']


def test_a_whole_case_is_read_in_eight_queries_and_leaves_one_look(
    desk: Desk, django_assert_num_queries: Callable[[int], Any]
) -> None:
    party = described(desk)
    for rank, key in enumerate(("chicago", "denver", "albany"), start=1):
        wish = cases.record_wish(party.pk, rank, words=key, place_key=key, **desk.worker)
    for name in ("Rosa", "Juan"):
        people.record_contact(
            party.pk, place_key="chicago", name=name, phone="1", address="", state="agreed", **desk.worker
        )
    cases.record_obligation(party.pk, kind="check_in", on=date(2026, 6, 11), place_key="newark", **desk.worker)
    cases.record_answers(party.pk, dict.fromkeys(Answer.Question.values, "declined"), **desk.worker)
    cases.record_safety(person_at(party, 1).pk, answer="yes", is_asked_alone=True, **desk.worker)
    cases.decide(party.pk, "accept", offer_id=offered(desk, wish).pk, **desk.worker)
    before = Look.objects.count()
    with django_assert_num_queries(8):
        case = get_case(party.pk, what="interview", **desk.worker)
        assert len(list_tasks(case)) == 10
        assert case.decision is not None
        assert case.decision.offer is not None
        assert case.decision.offer.place.name == "Albany"
        assert case.gap is not None
        assert (case.gap.wished_place, case.gap.journey_place, case.gap.rank) == ("chicago", "albany", 3)
        assert {contact.place_name for contact in case.contacts} == {"Chicago"}
        assert case.party.centre.zone == "America/New_York"
    assert list(Look.objects.order_by("pk").values_list("what", flat=True))[before:] == ["interview"]


def test_a_case_just_arrived_reads_as_nothing_asked_yet(desk: Desk) -> None:
    party = people.arrive(2, "es", **desk.worker)
    case = get_case(party.pk, **desk.worker)
    assert case.interview is case.explanation is case.decision is case.gap is None
    assert set(case.answers.values()) == {Known.NOT_ASKED}
    assert set(case.consents.values()) == {None}


def test_an_erased_case_says_that_it_was_erased(desk: Desk) -> None:
    party = described(desk)
    sealing.ring().destroy(KeyId(party.key_id), legal_holds=(), now=desk.now)
    with refused("key.gone"):
        get_case(party.pk, **desk.worker)
    with pytest.raises(NotFound):
        people.describe_person(
            party.pk, 1, name="Ana", birth_year=1990, age_band=None, is_guardian="yes", **desk.worker
        )
