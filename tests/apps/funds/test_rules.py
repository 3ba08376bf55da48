"""What a fund may pay for, and how what comes back falls on fare, tax and fee."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onward.apps.funds.rules import FundRules, Parts, Purchase, read_rules, split_lost, why_not
from onward.core.errors import BadInput
from onward.core.money import Money


def usd(minor: int) -> Money:
    return Money(minor, "USD")


COACH = Purchase(usd(30_000), 3, ("US",), frozenset({"coach"}), date(2026, 3, 4))
STRICT = FundRules(12_000, frozenset({"US"}), frozenset({"coach", "rail"}), date(2026, 6, 30))
LEFT = usd(100_000)


def refusal(rules: FundRules, purchase: Purchase, left: Money = LEFT) -> tuple[str, str]:
    error = why_not(rules, purchase, left)
    assert error is not None
    return error.code, str(error)


def test_a_fund_without_rules_pays_for_anything_it_has_money_for() -> None:
    assert why_not(FundRules(), COACH, LEFT) is None


def test_a_fund_pays_for_what_its_rules_allow_to_the_last_cent() -> None:
    assert why_not(STRICT, replace(COACH, total=usd(36_000), on=date(2026, 6, 30)), usd(36_000)) is None


def test_the_most_per_head_is_named_with_what_it_comes_to() -> None:
    code, words = refusal(STRICT, replace(COACH, total=usd(36_001)))
    assert code == "fund.max_per_head"
    assert "120.00 USD a head: 360.00 USD for 3" in words
    assert "360.01 USD" in words


def test_a_country_outside_the_rule_is_named() -> None:
    code, words = refusal(STRICT, replace(COACH, countries=("US", "CA")))
    assert code == "fund.country"
    assert "within US; this one touches CA" in words


def test_a_vehicle_outside_the_rule_is_named() -> None:
    code, words = refusal(STRICT, replace(COACH, modes=frozenset({"coach", "ferry"})))
    assert code == "fund.mode"
    assert "coach, rail; this journey goes by ferry" in words


def test_a_departure_after_the_last_day_is_named() -> None:
    code, words = refusal(STRICT, replace(COACH, on=date(2026, 7, 1)))
    assert code == "fund.until"
    assert "2026-06-30" in words


def test_a_fund_in_another_currency_says_both() -> None:
    code, words = refusal(STRICT, COACH, Money(100_000, "CAD"))
    assert code == "fund.currency"
    assert "USD" in words
    assert "CAD" in words


def test_a_fund_with_too_little_left_says_how_much() -> None:
    code, words = refusal(FundRules(), COACH, usd(29_999))
    assert code == "fund.not_enough"
    assert "299.99 USD left; 300.00 USD is needed" in words


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        ({"max_per_head_minor": 0}, "max_per_head_minor"),
        ({"max_per_head_minor": True}, "max_per_head_minor"),
        ({"max_per_head_minor": 120.5}, "max_per_head_minor"),
        ({"countries": []}, "countries"),
        ({"countries": "US"}, "countries"),
        ({"countries": ["us"]}, "countries"),
        ({"modes": ["Coach!"]}, "modes"),
        ({"until": "30 June"}, "until"),
        ({"colour": "blue"}, "colour"),
    ],
)
def test_a_rule_nobody_can_read_is_refused_by_its_name(raw: dict[str, object], rule: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_rules(raw)
    assert caught.value.field == rule


def test_a_rule_left_empty_does_not_bind() -> None:
    assert read_rules({"countries": None, "until": None}) == FundRules()


@given(st.tuples(*[st.integers(0, 50_000)] * 3), st.data())
def test_what_came_back_and_what_is_lost_make_up_what_was_asked(minor: tuple[int, ...], data: st.DataObject) -> None:
    asked = Parts(*(usd(one) for one in minor))
    received = usd(data.draw(st.integers(0, asked.total.minor)))
    lost = split_lost(asked, received)
    assert lost.total + received == asked.total
    assert lost.fare <= asked.fare
    assert lost.tax <= asked.tax
    assert lost.fee <= asked.fee


def test_a_price_of_two_currencies_or_below_zero_is_no_price() -> None:
    with pytest.raises(BadInput):
        Parts(usd(1), Money(1, "CAD"), usd(1))
    with pytest.raises(BadInput) as caught:
        Parts(usd(1), usd(-1), usd(1))
    assert caught.value.field == "tax"
