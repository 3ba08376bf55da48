"""What holds for a party and its people, with no database."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onward.apps.people.models import AgeBand, Known, Party
from onward.apps.people.rules import (
    BEFORE_TICKETS,
    MOVES,
    NO_JOURNEY,
    check_heads,
    check_known,
    check_language,
    check_text,
    choose_band,
    count_bands,
    move,
)
from tests.apps.refused import refused

TODAY = date(2026, 3, 2)
State = Party.State


def test_every_state_has_its_row_in_the_table() -> None:
    assert set(MOVES) == set(State)


@pytest.mark.parametrize("at", sorted(BEFORE_TICKETS))
@pytest.mark.parametrize("to", sorted(NO_JOURNEY))
def test_stay_later_and_decline_are_one_move_away_from_every_state_before_tickets(at: str, to: str) -> None:
    assert move(at, State(to)) == to


@pytest.mark.parametrize("at", sorted(NO_JOURNEY))
def test_who_said_no_may_look_at_journeys_and_take_one(at: str) -> None:
    assert {State.IN_INTERVIEW, State.OFFERED, State.ACCEPTED} <= MOVES[State(at)]


@given(st.sampled_from(list(State)), st.lists(st.sampled_from(list(State)), max_size=20))
def test_no_way_leads_to_tickets_but_through_accepting_a_journey(start: State, tries: list[State]) -> None:
    at = start
    for to in tries:
        if to in MOVES[at]:
            assert to != State.TICKETED or at == State.ACCEPTED
            assert to != State.LEFT or at == State.TICKETED
            at = to
        else:
            with refused("party.cannot_move"):
                move(at, to)


def test_from_every_state_a_party_can_come_back_to_the_interview() -> None:
    for start in State:
        met, todo = {start}, [start]
        while todo:
            for to in MOVES[todo.pop()]:
                if to not in met:
                    met.add(to)
                    todo.append(to)
        assert State.IN_INTERVIEW in met


@pytest.mark.parametrize("heads", [0, -1, 61, 10_000, True, 2.5, "4"])
def test_a_party_of_nobody_or_of_a_crowd_is_refused_by_its_field(heads: object) -> None:
    with refused("party.heads") as problem:
        check_heads(heads)  # type: ignore[arg-type]
    assert problem.value.field == "heads"
    assert "60" in str(problem.value)


@pytest.mark.parametrize("language", ["en", "es", "zh-Hant", "prs", "ht"])
def test_languages_are_taken_by_their_code(language: str) -> None:
    assert check_language(language) == language


@pytest.mark.parametrize("language", ["", "Spanish", "e", "EN", "en_US", "x" * 20, "es\n"])
def test_what_is_no_language_code_is_refused(language: str) -> None:
    with refused("party.language"):
        check_language(language)


def test_words_are_never_cut_and_the_limit_is_in_characters() -> None:
    assert check_text("👩‍👩‍👧" * 80, 400, "words") == "👩‍👩‍👧" * 80
    with refused("text.too_long") as problem:
        check_text("😀" * 401, 400, "words")
    assert str(problem.value).startswith("This has 401 characters; at most 400 fit.")


def test_unknown_declined_and_not_asked_are_three_answers() -> None:
    assert len({check_known(one, "bed") for one in ("unknown", "declined", "not_asked")}) == 3
    with refused("answer.not_one") as problem:
        check_known("", "bed")
    assert problem.value.field == "bed"


def test_a_year_of_birth_gives_the_age_band_where_it_leaves_no_doubt() -> None:
    assert choose_band(1990, None, TODAY) is AgeBand.ADULT
    assert choose_band(2010, None, TODAY) is AgeBand.YOUTH
    assert choose_band(2020, None, TODAY) is AgeBand.CHILD
    assert choose_band(2026, None, TODAY) is AgeBand.INFANT


def test_a_year_of_birth_that_leaves_two_ages_open_asks_which() -> None:
    with refused("person.age_band_open") as problem:
        choose_band(2008, None, TODAY)
    assert str(problem.value).startswith("Somebody born in 2008 is 17 or 18 years old this year.")
    assert choose_band(2008, "youth", TODAY) is AgeBand.YOUTH
    assert choose_band(2008, "adult", TODAY) is AgeBand.ADULT


def test_a_year_of_birth_to_come_or_long_gone_is_refused() -> None:
    for year, code in (
        (2027, "person.birth_year_future"),
        (1899, "person.birth_year_early"),
        (-4, "person.birth_year_early"),
    ):
        with refused(code) as problem:
            choose_band(year, "adult", TODAY)
        assert problem.value.field == "birth_year"


def test_an_age_that_does_not_fit_the_year_is_refused() -> None:
    with refused("person.age_band_differs"):
        choose_band(1990, "child", TODAY)
    with refused("person.age_missing"):
        choose_band(None, None, TODAY)
    with refused("person.age_band_unknown"):
        choose_band(None, "elderly", TODAY)


@given(st.integers(1900, 2026), st.sampled_from([None, *AgeBand.values]))
def test_a_chosen_band_is_one_the_year_allows(year: int, band: str | None) -> None:
    from onward.core.errors import BadInput

    try:
        chosen = choose_band(year, band, TODAY)
    except BadInput:
        return
    assert band in (None, chosen)
    least = {AgeBand.INFANT: 0, AgeBand.CHILD: 2, AgeBand.YOUTH: 12, AgeBand.ADULT: 18}[chosen]
    assert 2026 - year >= least


def test_bands_are_counted_in_their_order() -> None:
    assert count_bands(["adult", "child", "adult"]) == {"child": 1, "adult": 2}
    assert list(count_bands(["adult", "infant"])) == ["infant", "adult"]
    assert count_bands([]) == {}


def test_an_answer_is_one_of_five() -> None:
    assert [one.value for one in Known] == ["yes", "no", "unknown", "declined", "not_asked"]
