"""Journeys from a centre to a place, priced for a party; and the sentences where there is none."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from onward.apps.accounts.models import Centre
from onward.apps.people.models import AgeBand
from onward.apps.places.queries import get_place
from onward.apps.timetables import loaded
from onward.apps.timetables.loading import COLUMNS, add_fares
from onward.apps.timetables.queries import Needs, PricedJourney, find_journeys
from onward.apps.timetables.rules import WARNING_TEXTS
from onward.core.errors import BadInput, NotFound, OnwardError, Unavailable
from onward.core.money import Money
from onward.engines.journeys import FeedStore
from onward.engines.journeys.hardship import OpenHours
from tests.apps.timetables.small_feed import SmallTrip, write_feed
from tests.conftest import NOW, lay_places
from tools.demo_feed import write_feeds

FAMILY = {AgeBand.ADULT: 1, AgeBand.CHILD: 2}
NEW_YORK = Centre(name="New York", place_key="new-york", zone="America/New_York", currency="USD")
TO_MONTREAL = SmallTrip("81", [("ny", "08:00"), ("alb", "11:00"), ("mtl", "16:00")])
TO_ALBANY = SmallTrip("21", [("ny", "20:00"), ("alb", "23:00")])
NOWHERE = SmallTrip("7", [("ny", "06:00"), ("sea", "13:00"), ("det", "21:00")])
NIGHT_ON = SmallTrip("92", [("alb", "02:00"), ("mtl", "04:00")], agency="B")
FROM_ALBANY = SmallTrip("91", [("alb", "23:12"), ("mtl", "28:00")], agency="B")


@pytest.fixture
def feeds(db: None, tmp_path: Path) -> Iterator[Path]:
    """The places, and an empty store of feeds handed in."""
    lay_places()
    before = list(loaded._stores)
    loaded.hand_in(tmp_path / "feeds")
    yield tmp_path
    loaded._stores[:] = before
    loaded._held.clear()


def add_feed(folder: Path, trips: Sequence[SmallTrip], *, last: str = "20260430") -> None:
    loaded.store().add(write_feed(folder / "small.zip", trips, last=last))


def quote(start: str, end: str, adult: int, *, agency: str = "A", currency: str = "USD") -> None:
    row = {
        "feed": "small",
        "agency_id": agency,
        "from_stop_id": start,
        "to_stop_id": end,
        "adult_minor": adult,
        "child_minor": adult // 2,
        "infant_minor": 0,
        "tax_minor": 100,
        "fee_minor": 250,
        "currency": currency,
        "quoted_on": "2026-03-01",
        "valid_from": "2026-03-01",
        "valid_to": "2026-04-30",
        "source": "telephone",
    }
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerow(row)
    add_fares(text.getvalue(), now=NOW)


def ask(place: str = "montreal", *, centre: Centre = NEW_YORK, days: int = 1) -> list[PricedJourney]:
    return find_journeys(centre, get_place(place), earliest_at=NOW, days=days, bands=FAMILY)


def refused(place: str = "montreal", *, centre: Centre = NEW_YORK) -> OnwardError:
    with pytest.raises(OnwardError) as problem:
        ask(place, centre=centre)
    return problem.value


def test_a_journey_comes_with_its_price_in_local_time_and_with_its_countries(feeds: Path) -> None:
    add_feed(feeds, [TO_MONTREAL])
    quote("ny", "mtl", 8000)
    (found,) = ask()
    assert found.depart_at.isoformat() == "2026-03-03T08:00:00-05:00"
    assert found.arrive_at.isoformat() == "2026-03-03T16:00:00-05:00"
    assert (found.fare, found.tax, found.fee) == (Money(16000, "USD"), Money(300, "USD"), Money(250, "USD"))
    assert found.total == Money(16550, "USD")
    assert (found.changes, found.countries, found.modes) == (0, ("US", "CA"), frozenset({"coach"}))
    assert found.warnings == ()
    assert found.quoted_on is not None
    assert found.quoted_on.isoformat() == "2026-03-01"


def test_fares_of_the_feed_itself_are_prices_too_until_a_quote_says_otherwise(feeds: Path) -> None:
    path = write_feed(feeds / "small.zip", [TO_MONTREAL], last="20260430")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(
            "fare_attributes.txt",
            "fare_id,price,currency_type,payment_method,transfers,agency_id\none,12.50,USD,0,0,A\n",
        )
    loaded.store().add(path)
    (found,) = ask()
    assert (found.fare, found.total) == (Money(3 * 1250, "USD"), Money(3 * 1250, "USD"))
    assert (found.quoted_on, found.warnings) == (None, ())
    quote("ny", "mtl", 8000)
    (found,) = ask()
    assert found.total == Money(16550, "USD")


def test_the_journey_is_kept_in_the_form_the_command_line_prints(feeds: Path) -> None:
    add_feed(feeds, [TO_MONTREAL])
    quote("ny", "mtl", 8000)
    (found,) = ask()
    assert found.journey.keys() == {
        "depart_at",
        "arrive_at",
        "vehicles",
        "fare_cents",
        "tax_cents",
        "fee_cents",
        "currency",
        "quoted_on",
        "legs",
        "reasons",
        "warnings",
    }
    assert (found.journey["vehicles"], found.journey["fare_cents"], found.journey["currency"]) == (1, 16000, "USD")
    assert found.journey["warnings"] == []


def test_without_a_quote_the_price_is_unknown_and_says_whom_to_ask(feeds: Path) -> None:
    add_feed(feeds, [TO_MONTREAL])
    (found,) = ask()
    assert (found.fare, found.tax, found.fee, found.total, found.quoted_on) == (None,) * 5
    (warning,) = found.warnings
    assert WARNING_TEXTS[warning.code] % warning.values == (
        "No fare is on file for New York Coach Station to Montréal Gare d'autocars (Almanac Coaches): ask the carrier."
    )


def test_two_carriers_with_two_currencies_are_not_added_up(feeds: Path) -> None:
    add_feed(feeds, [TO_ALBANY, FROM_ALBANY])
    quote("ny", "alb", 3000)
    quote("alb", "mtl", 5000, agency="B", currency="CAD")
    found = find_journeys(NEW_YORK, get_place("montreal"), earliest_at=NOW, days=1, bands={AgeBand.ADULT: 1})
    assert [(one.changes, one.fare) for one in found] == [(1, None)]
    assert [warning.code for warning in found[0].warnings] == ["fare_currencies_differ", "change_tight_later"]


def test_a_family_is_not_sent_through_a_change_it_cannot_make(feeds: Path) -> None:
    add_feed(feeds, [TO_ALBANY, FROM_ALBANY])
    grown_up = find_journeys(NEW_YORK, get_place("montreal"), earliest_at=NOW, days=1, bands={AgeBand.ADULT: 1})
    assert grown_up[0].arrive_at - grown_up[0].depart_at == timedelta(hours=8)
    assert ask()[0].duration > timedelta(hours=24), "twelve minutes are too few with two children"


def test_a_country_only_passed_through_is_named_too(feeds: Path) -> None:
    add_feed(feeds, [SmallTrip("7", [("ny", "06:00"), ("buf", "13:00"), ("lon", "16:00"), ("det", "19:00")])])
    assert ask("detroit")[0].countries == ("US", "CA", "US")


def test_a_quicker_way_through_another_country_does_not_hide_the_one_within(feeds: Path) -> None:
    through_canada = SmallTrip("7", [("ny", "06:00"), ("lon", "16:00"), ("det", "19:00")])
    within = SmallTrip("8", [("ny", "05:00"), ("buf", "13:00"), ("det", "21:00")])
    add_feed(feeds, [through_canada, within])
    assert {one.countries for one in ask("detroit", days=2)} == {("US",)}
    add_feed(feeds, [through_canada])
    assert {one.countries for one in ask("detroit", days=2)} == {("US", "CA", "US")}, "it is said, and never sold"


def test_a_stop_whose_country_nobody_knows_is_never_taken_for_one_at_home(feeds: Path) -> None:
    add_feed(feeds, [SmallTrip("7", [("ny", "06:00"), ("buf", "13:00"), ("det", "21:00")])])
    (feeds / "countries.csv").write_text("country,name,stop\nUS,Detroit,small:det\n")
    assert ask("detroit")[0].countries == ("US",)
    loaded.store().add(write_feed(feeds / "small.zip", [NOWHERE]))
    assert ask("detroit")[0].countries == ("US", "")


def test_a_rule_of_carriage_is_obeyed_as_soon_as_it_is_written(feeds: Path) -> None:
    add_feed(feeds, [SmallTrip("7", [("ny", "06:00"), ("alb", "10:00"), ("mtl", "16:00")])])
    assert ask("albany")
    rule = 'why = "x"\nsource = "the carrier"\nsaid_on = 2026-01-01\npairs = [["ny", "alb"]]\n'
    (feeds / "carriage.toml").write_text(f"[[rule]]\n{rule}")
    assert refused("albany").code == "journeys.none"
    assert ask("montreal")
    (feeds / "carriage.toml").write_text("[[rule]]\n")
    assert refused("montreal").code == "timetable.rules_unreadable", "nobody is offered what may be closed"


def test_each_journey_says_why_it_is_there_and_what_is_hard(feeds: Path) -> None:
    add_feed(feeds, [TO_MONTREAL, SmallTrip("20", [("ny", "19:00"), ("alb", "23:00")]), NIGHT_ON])
    hours = OpenHours("America/Toronto", tuple((day * 1440 + 480, day * 1440 + 1200) for day in range(7)), "the desk")
    found = find_journeys(
        NEW_YORK, get_place("montreal"), earliest_at=NOW, days=1, bands=FAMILY, needs=Needs(hours=hours)
    )
    easy, hard = found
    assert (easy.hard_min, hard.hard_min) == (0, 180 + 240)
    assert easy.depart_at > hard.depart_at, "the least hard comes first, not the first to leave"
    assert [one["code"] for one in easy.journey["reasons"]] == [
        "no_change",
        "shortest",
        "no_night_wait",
        "arrives_open",
    ]  # type: ignore[attr-defined]
    said = [WARNING_TEXTS[one.code] % one.values for one in hard.warnings]
    assert "A wait of 3 h 00 at night with children in Albany Coach Station, from 23:00 to 02:00." in said
    assert "Arrives at 04:00, when the desk is closed; it next opens on 2026-03-03 at 08:00." in said


def test_a_centre_may_name_the_stops_it_sends_people_from(feeds: Path) -> None:
    add_feed(feeds, [TO_MONTREAL, SmallTrip("5", [("alb", "18:00"), ("mtl", "23:00")])])
    from_albany = Centre(
        name="Annex", place_key="new-york", zone="America/New_York", currency="USD", stop_codes=["stop:small:alb"]
    )
    assert {one.depart_at.hour for one in ask(centre=from_albany)} == {11, 18}
    from_albany.stop_codes = ["stop:small:gone"]
    assert refused(centre=from_albany).code == "journeys.centre_stop_unknown"


def test_a_place_without_a_station_of_its_own_is_served_by_one_in_reach(feeds: Path) -> None:
    add_feed(feeds, [TO_MONTREAL])
    assert ask("laval")[0].journey["vehicles"] == 1


def test_a_place_out_of_reach_is_told_with_the_nearest_station(feeds: Path) -> None:
    add_feed(feeds, [TO_MONTREAL])
    problem = refused("plattsburgh")
    assert isinstance(problem, NotFound)
    assert "No timetable reaches Plattsburgh; the nearest station is Montréal Gare d'autocars, 90 km away." in str(
        problem
    )
    assert "nor any station within 150 km" in str(refused("miami"))


def test_without_any_timetable_or_with_one_that_ended_it_says_so(feeds: Path) -> None:
    assert refused().code == "timetable.none"
    add_feed(feeds, [TO_MONTREAL], last="20260301")
    problem = refused()
    assert isinstance(problem, Unavailable)
    assert problem.code == "timetable.expired"
    assert "2026-03-02" in str(problem)


def test_a_window_without_a_journey_is_a_sentence_with_its_days(feeds: Path) -> None:
    add_feed(feeds, [SmallTrip("6", [("mtl", "08:00"), ("ny", "16:00")])])
    problem = refused()
    assert (problem.code, problem.field) == ("journeys.none", "place")
    assert "from New York to Montréal leaves between 2026-03-02 and 2026-03-03" in str(problem)


def test_the_centres_own_place_is_no_place_to_go(feeds: Path) -> None:
    add_feed(feeds, [TO_MONTREAL])
    assert isinstance(refused("new-york"), BadInput)


def test_a_timetable_that_ends_within_two_weeks_is_warned_of(feeds: Path) -> None:
    add_feed(feeds, [TO_MONTREAL], last="20260316")
    quote("ny", "mtl", 8000)
    (found,) = ask()
    assert [(warning.code, warning.values["on"]) for warning in found.warnings] == [("feed_expires_soon", "2026-03-16")]
    add_feed(feeds, [TO_MONTREAL], last="20260317")
    assert ask()[0].warnings == ()


def test_more_days_than_one_search_may_take_are_searched_in_turn(feeds: Path) -> None:
    add_feed(feeds, [TO_MONTREAL])
    assert sorted(one.depart_at.day for one in ask(days=7)) == [3, 4, 5, 6, 7, 8, 9]


def test_the_demonstrations_centres_reach_its_places_with_few_queries(
    feeds: Path, django_assert_max_num_queries: object
) -> None:
    for path in write_feeds(feeds, seed=2023, start_on=NOW.date()):
        FeedStore(feeds / "feeds").add(path)
    add_fares((feeds / "fares.csv").read_text(), now=NOW)
    for key, zone in (("new-york", "America/New_York"), ("denver", "America/Denver"), ("el-paso", "America/Denver")):
        centre = Centre(name=key, place_key=key, zone=zone, currency="USD")
        for place_key in ("montreal", "toronto", "chicago", "minneapolis", "plattsburgh", "atlanta"):
            place = get_place(place_key)
            with django_assert_max_num_queries(5):  # type: ignore[operator]  # pytest-django's fixture has no type
                found = find_journeys(centre, place, earliest_at=NOW, bands=FAMILY, limit=8)
            assert 1 <= len(found) <= 8
            assert any(one.total is not None for one in found)
            assert [one.hard_min // 30 for one in found] == sorted(one.hard_min // 30 for one in found)
            assert found[0].countries[-1] == place.country
            assert all(one.depart_at >= NOW and one.depart_at < NOW + timedelta(days=3) for one in found)


def test_the_same_question_gives_the_same_answer(feeds: Path) -> None:
    add_feed(feeds, [TO_MONTREAL, TO_ALBANY, FROM_ALBANY])
    assert ask(days=3) == ask(days=3)
    assert ask(days=3) == find_journeys(
        NEW_YORK,
        get_place("montreal"),
        earliest_at=datetime.fromtimestamp(NOW.timestamp(), UTC),
        days=3,
        bands=FAMILY,
    )


QUICK_TRAIN = SmallTrip("q", [("ny", "08:00"), ("mtl", "14:00")], agency="A")
SLOW_COACH = SmallTrip("s", [("ny", "08:00"), ("mtl", "16:30")], agency="B")


def test_a_slower_coach_that_costs_less_is_offered_beside_the_quick_one_and_says_why(feeds: Path) -> None:
    add_feed(feeds, [QUICK_TRAIN, SLOW_COACH])
    quote("ny", "mtl", 20000)
    quote("ny", "mtl", 6000, agency="B")
    found = {one.arrive_at.hour: one for one in ask()}
    assert found.keys() == {14, 16}
    assert found[16].fare == Money(12000, "USD")
    assert [reason["code"] for reason in found[16].journey["reasons"]] == ["cheapest"]  # type: ignore[attr-defined]


def test_two_adults_and_two_children_pay_by_age_on_the_cheapest_way(feeds: Path) -> None:
    add_feed(feeds, [QUICK_TRAIN, SLOW_COACH])
    quote("ny", "mtl", 20000)
    quote("ny", "mtl", 6000, agency="B")
    four = {AgeBand.ADULT: 2, AgeBand.CHILD: 2}
    found = find_journeys(NEW_YORK, get_place("montreal"), earliest_at=NOW, days=1, bands=four)
    assert [one.fare for one in found] == [Money(18000, "USD"), Money(60000, "USD")]


def test_a_quicker_way_whose_fare_nobody_knows_is_offered_with_whom_to_ask(feeds: Path) -> None:
    add_feed(feeds, [QUICK_TRAIN, SLOW_COACH])
    quote("ny", "mtl", 6000, agency="B")
    found = {one.arrive_at.hour: one for one in ask()}
    assert (found[14].fare, found[16].fare) == (None, Money(12000, "USD"))
    (warning,) = [one for one in found[14].warnings if one.code == "fare_unknown"]
    assert warning.values["agency"] == "Almanac Coaches"


def test_a_coach_far_slower_than_the_quickest_way_is_not_weighed(feeds: Path) -> None:
    add_feed(feeds, [QUICK_TRAIN, SmallTrip("s", [("ny", "08:00"), ("mtl", "18:00")], agency="B")])
    quote("ny", "mtl", 20000)
    quote("ny", "mtl", 6000, agency="B")
    assert [one.arrive_at.hour for one in ask()] == [14]


def test_where_there_are_too_many_ways_to_weigh_the_best_by_time_are_offered_and_say_so(
    feeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_feed(feeds, [QUICK_TRAIN, SLOW_COACH])
    quote("ny", "mtl", 20000)
    quote("ny", "mtl", 6000, agency="B")
    monkeypatch.setattr("onward.engines.journeys.fares.found.MOST_LABELS", 1)
    (only,) = ask()
    assert (only.arrive_at.hour, only.fare) == (14, Money(40000, "USD"))
    assert [one.code for one in only.warnings] == ["fares_not_all_weighed"]
