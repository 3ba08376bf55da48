"""What a journey costs a party, from dated quotes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time

from hypothesis import given
from hypothesis import strategies as st

from onward.apps.people.models import AgeBand
from onward.apps.timetables.rules import Price, Quote, party_of, price_rides
from onward.core.money import Money
from onward.engines.journeys.fares.book import FareBook
from onward.engines.journeys.fares.quotes import QuoteBook, SoldLeg, find_quote
from onward.engines.journeys.fares.steps import Ridden
from onward.engines.journeys.fares.tariff import Tariff

DAY = date(2026, 3, 5)
LEG = SoldLeg("coaches", "A", ("ny",), ("mtl",), DAY, "New York", "Montréal", "Almanac Coaches")
ONWARD_LEG = replace(LEG, from_stops=("mtl",), to_stops=("que",), from_name="Montréal", to_name="Québec")
QUOTE = Quote(
    feed="coaches",
    agency_id="A",
    from_stop="ny",
    to_stop="mtl",
    adult_minor=8000,
    child_minor=4000,
    infant_minor=100,
    tax_minor=300,
    fee_minor=250,
    currency="USD",
    quoted_on=date(2026, 3, 1),
    valid_from=date(2026, 3, 1),
    valid_to=date(2026, 3, 31),
)
ONWARD_QUOTE = replace(QUOTE, from_stop="mtl", to_stop="que", adult_minor=3000, quoted_on=date(2026, 2, 20))


def price_party(legs: Sequence[SoldLeg], bands: Mapping[AgeBand, int], quotes: Iterable[Quote]) -> Price:
    """What some legs cost by quotes alone; these ask for the day, so its noon will do."""
    names = [{"from": leg.from_name, "to": leg.to_name, "agency": leg.agency} for leg in legs]
    return price_rides(
        Tariff(FareBook(quotes=QuoteBook(quotes)), party_of(bands)), [_ridden(leg) for leg in legs], names
    )


def _ridden(leg: SoldLeg) -> Ridden:
    noon = int(datetime.combine(leg.on, time(12), UTC).timestamp()) // 60
    ends = leg.from_stops, leg.to_stops
    return Ridden(leg.feed, leg.agency_id, "", *ends, (), noon, noon, "UTC", "UTC")


FAMILY = {AgeBand.ADULT: 1, AgeBand.YOUTH: 1, AgeBand.CHILD: 2, AgeBand.INFANT: 1}


def test_a_family_pays_by_age_a_tax_a_seat_and_one_fee() -> None:
    price = price_party([LEG], FAMILY, [QUOTE])
    assert price.fare == Money(8000 + 8000 + 2 * 4000 + 100, "USD")
    assert price.tax == Money(4 * 300, "USD"), "the infant on a lap takes no seat"
    assert price.fee == Money(250, "USD")
    assert (price.quoted_on, price.warnings) == (date(2026, 3, 1), ())


def test_two_legs_add_up_with_one_fee_for_one_carrier_and_the_older_day_shown() -> None:
    price = price_party([LEG, ONWARD_LEG], {AgeBand.ADULT: 1}, [QUOTE, ONWARD_QUOTE])
    assert price.fare == Money(11000, "USD")
    assert price.tax == Money(600, "USD")
    assert price.fee == Money(250, "USD")
    assert price.quoted_on == date(2026, 2, 20)


def test_two_carriers_take_a_fee_each() -> None:
    other = replace(ONWARD_LEG, agency_id="B")
    price = price_party([LEG, other], {AgeBand.ADULT: 1}, [QUOTE, replace(ONWARD_QUOTE, agency_id="B", fee_minor=100)])
    assert price.fee == Money(350, "USD")


def test_a_leg_without_a_quote_leaves_the_whole_price_unknown_and_says_which() -> None:
    price = price_party([LEG, ONWARD_LEG], FAMILY, [QUOTE])
    assert (price.fare, price.tax, price.fee, price.quoted_on) == (None, None, None, None)
    assert [warning.code for warning in price.warnings] == ["fare_unknown"]
    assert price.warnings[0].values["from"] == "Montréal"


def test_quotes_in_two_currencies_are_not_added_up() -> None:
    price = price_party([LEG, ONWARD_LEG], FAMILY, [QUOTE, replace(ONWARD_QUOTE, currency="CAD")])
    assert (price.fare, price.tax, price.fee) == (None, None, None)
    assert [(warning.code, warning.values["currencies"]) for warning in price.warnings] == [
        ("fare_currencies_differ", "CAD, USD")
    ]


def test_the_newest_quote_valid_on_the_day_counts() -> None:
    newer = replace(QUOTE, quoted_on=date(2026, 3, 4), adult_minor=9000)
    too_late = replace(QUOTE, quoted_on=date(2026, 3, 5), valid_from=date(2026, 3, 6))
    too_early = replace(QUOTE, quoted_on=date(2026, 3, 5), valid_to=date(2026, 3, 4))
    assert find_quote(LEG, [newer, QUOTE, too_late, too_early]) == newer
    assert find_quote(LEG, [too_late, too_early]) is None


def test_a_quote_counts_on_its_first_and_on_its_last_day() -> None:
    assert find_quote(replace(LEG, on=QUOTE.valid_from), [QUOTE]) == QUOTE
    assert find_quote(replace(LEG, on=QUOTE.valid_to), [QUOTE]) == QUOTE


def test_a_quote_of_another_carrier_feed_or_direction_does_not_count() -> None:
    for other in (
        replace(QUOTE, agency_id="B"),
        replace(QUOTE, feed="rail"),
        replace(QUOTE, from_stop="mtl", to_stop="ny"),
    ):
        assert find_quote(LEG, [other]) is None


def test_a_quote_for_the_stop_itself_comes_before_one_for_its_station() -> None:
    leg = replace(LEG, from_stops=("ny-gate-1", "ny"))
    for_gate = replace(QUOTE, from_stop="ny-gate-1", quoted_on=date(2026, 2, 1))
    assert find_quote(leg, [QUOTE, for_gate]) == for_gate
    assert find_quote(leg, [QUOTE]) == QUOTE


def test_a_journey_without_any_sold_leg_has_no_price() -> None:
    assert price_party([], FAMILY, [QUOTE]).fare is None


@given(st.dictionaries(st.sampled_from(list(AgeBand)), st.integers(0, 9)))
def test_a_party_pays_what_its_people_would_pay_one_by_one(bands: dict[AgeBand, int]) -> None:
    together = price_party([LEG], bands, [QUOTE])
    alone = [price_party([LEG], {band: 1}, [QUOTE]) for band, count in bands.items() for _ in range(count)]
    assert together.fare == Money(sum(price.fare.minor for price in alone if price.fare), "USD")
    assert together.tax == Money(sum(price.tax.minor for price in alone if price.tax), "USD")


def test_a_through_quote_of_one_carrier_is_taken_where_it_costs_less() -> None:
    through = replace(QUOTE, to_stop="que", adult_minor=9000, quoted_on=date(2026, 3, 2))
    price = price_party([LEG, ONWARD_LEG], {AgeBand.ADULT: 1}, [QUOTE, ONWARD_QUOTE, through])
    assert price.fare == Money(9000, "USD"), "not 80.00 and 30.00"
    assert (price.tax, price.quoted_on) == (Money(300, "USD"), date(2026, 3, 2)), "one ticket, one seat tax"


def test_a_through_quote_prices_a_leg_that_has_no_quote_of_its_own() -> None:
    through = replace(QUOTE, to_stop="que", adult_minor=9000)
    price = price_party([LEG, ONWARD_LEG], {AgeBand.ADULT: 1}, [through])
    assert (price.fare, price.warnings) == (Money(9000, "USD"), ())
