"""What may be written in a case; what is withheld; the gap. No database."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onward.apps.cases import rules
from onward.apps.cases.models import Decision, Obligation
from onward.apps.cases.moving import AFTER_MOVING, list_moving_tasks
from onward.apps.people.models import Known
from onward.apps.places.models import Place
from tests.apps.refused import refused

TODAY = date(2026, 3, 2)
CHICAGO = Place(key="chicago", country="US")
PLATTSBURGH = Place(key="plattsburgh", country="US", is_border_town=True)
MONTREAL = Place(key="montreal", country="CA")


def test_a_journey_within_one_country_is_offered() -> None:
    assert rules.find_withheld(["US"], CHICAGO, ["US", "US"]) == ""


def test_a_journey_that_crosses_a_land_border_is_withheld() -> None:
    assert rules.find_withheld(["US", "CA"], MONTREAL, ["CA"]) == rules.LAND_BORDER
    assert rules.find_withheld(["US", "CA", "US"], CHICAGO, ["US"]) == rules.LAND_BORDER


def test_a_journey_to_another_country_is_withheld_even_where_no_stop_tells_its_country() -> None:
    assert rules.find_withheld(["US"], MONTREAL, ["CA"]) == rules.LAND_BORDER


def test_a_border_town_is_offered_to_who_wishes_to_stay_there_and_withheld_where_a_wish_lies_beyond() -> None:
    assert rules.find_withheld(["US"], PLATTSBURGH, ["US"]) == ""
    assert rules.find_withheld(["US"], PLATTSBURGH, ["US", "CA"]) == rules.LAND_BORDER


@given(st.lists(st.sampled_from(["US", "CA", "MX"]), max_size=4), st.sampled_from([CHICAGO, PLATTSBURGH, MONTREAL]))
def test_what_is_offered_never_leaves_the_country_it_ends_in(countries: list[str], end: Place) -> None:
    if not rules.find_withheld(countries, end, []):
        assert set(countries) <= {end.country}


@pytest.mark.parametrize(
    ("check", "code", "field"),
    [
        (lambda: rules.check_words("  ", "words"), "words.empty", "words"),
        (lambda: rules.check_words("😀" * 401, "words"), "text.too_long", "words"),
        (lambda: rules.check_rank(0), "wish.rank", "rank"),
        (lambda: rules.check_rank(10), "wish.rank", "rank"),
        (lambda: rules.check_binding_date(TODAY - timedelta(days=1), TODAY), "obligation.on", "on"),
        (lambda: rules.check_binding_date(date(2040, 1, 1), TODAY), "obligation.on", "on"),
        (lambda: rules.check_earliest(TODAY - timedelta(days=1), TODAY), "offers.earliest_on", "earliest_on"),
        (lambda: rules.check_earliest(TODAY + timedelta(days=61), TODAY), "offers.earliest_on", "earliest_on"),
        (lambda: rules.check_ask_again(TODAY - timedelta(days=1), TODAY), "decision.ask_again", "ask_again_on"),
        (lambda: rules.check_answers({"religion": "yes"}), "answer.question", "religion"),
        (lambda: rules.check_answers({"phone": "maybe"}), "answer.not_one", "phone"),
        (lambda: rules.check_kind("party"), "obligation.kind", "kind"),
        (lambda: rules.check_step("always"), "consent.step", "step"),
        (lambda: rules.check_decision("go"), "decision.kind", "kind"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(check: Any, code: str, field: str) -> None:
    with refused(code) as problem:
        check()
    assert problem.value.field == field
    assert str(problem.value)


def test_four_hundred_characters_of_emoji_are_words_like_any() -> None:
    assert rules.check_words("😀" * 400, "words") == "😀" * 400


def test_answers_keep_unknown_declined_and_not_asked_apart() -> None:
    given_ = {"phone": "unknown", "step_free": "declined", "interpreter": "not_asked"}
    assert list(rules.check_answers(given_).values()) == [Known.UNKNOWN, Known.DECLINED, Known.NOT_ASKED]


def test_every_kind_of_decision_takes_the_party_somewhere() -> None:
    assert set(rules.DECIDED) == set(Decision.Kind)


def test_the_gap_between_wish_and_journey_is_told_and_never_closed() -> None:
    wishes = [(2, "albany"), (1, "chicago")]
    assert rules.find_gap(wishes, "chicago") is None
    assert rules.find_gap(wishes, "albany") == rules.Gap("chicago", "albany", 2)
    assert rules.find_gap(wishes, "denver") == rules.Gap("chicago", "denver", 0)
    assert rules.find_gap([(1, None)], "denver") == rules.Gap("", "denver", 0)
    assert rules.find_gap([], "denver") is None


def test_what_follows_from_moving_is_listed_person_by_person_once() -> None:
    tasks = list_moving_tasks([("hearing", None), ("hearing", 2), ("check_in", 1)], [1, 2])
    assert [(task.position, task.code) for task in tasks] == [
        (1, "court_address"),
        (1, "court_place"),
        (1, "agency_before"),
        (1, "agency_address"),
        (2, "court_address"),
        (2, "court_place"),
    ]
    for kind in Obligation.Kind.values:
        assert all(task.code in AFTER_MOVING for task in list_moving_tasks([(kind, None)], [1]))
