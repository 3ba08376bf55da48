"""Prices of the search, worked out by hand: ages, tickets in force, hours, quotes, currencies, and what to say."""

from dataclasses import replace
from datetime import date, timedelta

from onward.core.money import Money
from onward.core.window import Window
from onward.engines.journeys import Feed, Journey, Linking, Query, StopKey, Timetable
from onward.engines.journeys.fares import fast, plain
from onward.engines.journeys.fares.book import fare_book
from onward.engines.journeys.fares.party import Party
from onward.engines.journeys.fares.priced import explain
from onward.engines.journeys.fares.quotes import Quote
from onward.engines.journeys.fast.compiling import compile_network
from tests.engines.journeys.small_feeds import at, minutes, read, rows, tables

ATTRIBUTES = "fare_id,price,currency_type,payment_method,transfers,agency_id,transfer_duration"
QUOTE = Quote(
    "small", "X", "A", "B", 8000, 4000, 0, 300, 250, "USD", date(2025, 3, 3), date(2025, 6, 1), date(2025, 6, 30)
)
FAMILY = Party(2, 1, 1)


def find(
    files: dict[str, str], ends: str, quotes: tuple[Quote, ...] = (), party: Party = FAMILY, **limits: timedelta
) -> list[Journey]:
    """Journeys on 2025-06-11 from 08:00 on, however slow: by the plain search, after the compiled one said the same."""
    return find_in([read(files)[0]], ends, quotes, party, **limits)


def find_in(
    feeds: list[Feed], ends: str, quotes: tuple[Quote, ...], party: Party, **limits: timedelta
) -> list[Journey]:
    """As `find`, between stops of the feed "small" on several feeds whose near stops are linked."""
    start, end = (StopKey(f"small:{stop}") for stop in ends.split())
    query = Query((start,), (end,), Window(at("08:00"), at("10:00")), **limits)
    timetable, book = Timetable(feeds, Linking.NEARBY if len(feeds) > 1 else Linking.FEED), fare_book(feeds, quotes)
    found = plain.search(timetable, query, party, book, slack=None)
    compiled = fast.search(compile_network(timetable), query, party, book, slack=None)
    assert sorted(map(repr, compiled.journeys)) == sorted(map(repr, found.journeys))
    return list(found.journeys)


def two_agencies(files: dict[str, str], second: str) -> dict[str, str]:
    """The feed with a second carrier Y that runs those trips."""
    head = "agency_id,agency_name,agency_url,agency_timezone"
    names = [f"{key},Carrier {key},http://x.example,America/New_York" for key in "XY"]
    runs = files["trips.txt"].splitlines()[1:]
    moved = [run.replace("R,S", "Q,S", 1) if run.split(",")[2] in second.split() else run for run in runs]
    routes = ["R,X,,The Line,2", "Q,Y,,The Other Line,2"]
    return files | {
        "agency.txt": rows(head, names),
        "routes.txt": rows("route_id,agency_id,route_short_name,route_long_name,route_type", routes),
        "trips.txt": rows("route_id,service_id,trip_id,trip_headsign", moved),
    }


def test_a_family_pays_by_age_a_tax_a_seat_and_the_day_of_the_quote_is_kept() -> None:
    (journey,) = find(tables({"t": [("A", "09:00"), ("B", "10:00")]}), "A B", (QUOTE,))
    assert (journey.fare, journey.tax, journey.fee) == (Money(20000, "USD"), Money(900, "USD"), Money(250, "USD"))
    assert journey.quoted_on == date(2025, 3, 3)
    assert journey.warnings == ()
    assert [str(reason) for reason in explain(journey, FAMILY)] == [
        "2 adults, 1 child and 1 infant on a lap: 209.00 USD, quoted 2025-03-03"
    ]


def test_a_journey_without_any_known_fare_says_whom_to_ask() -> None:
    (journey,) = find(tables({"t": [("A", "09:00"), ("B", "10:00")]}), "A B")
    assert (journey.fare, journey.tax, journey.fee, journey.quoted_on) == (None, None, None, None)
    assert [str(warning) for warning in journey.warnings] == [
        "No fare is on file for A Place to B Place (Almanac): ask the carrier."
    ]


def test_a_dearer_ticket_good_for_the_next_ride_is_not_lost_to_a_cheaper_one_that_is_not() -> None:
    # The trap of r5r's issue 349. Both reach B at 09:30; the carrier Y takes 2.00, X takes 3.00 and a change on to C.
    trips = {
        "cheap": [("A", "09:00"), ("B", "09:30")],
        "dear": [("A", "09:00"), ("B", "09:30")],
        "on": [("B", "10:00"), ("C", "11:00")],
    }
    files = two_agencies(tables(trips), "cheap")
    files["fare_attributes.txt"] = rows(ATTRIBUTES, ["x,3.00,USD,1,1,X,", "y,2.00,USD,1,0,Y,"])
    found = find(files, "A C", party=Party(1))
    assert [(one.legs[0].trip_id, one.fare) for one in found] == [("dear", Money(300, "USD"))]
    assert [ticket.rides for ticket in found[0].tickets] == [(0, 1)]


def test_a_ticket_that_has_run_out_is_bought_anew() -> None:
    trips = {"one": [("A", "09:00"), ("B", "09:30")], "on": [("B", "10:31"), ("C", "11:00")]}
    files = tables(trips)
    files["fare_attributes.txt"] = rows(ATTRIBUTES, ["x,3.00,USD,1,1,,5400"])
    assert [one.fare for one in find(files, "A C", party=Party(1))] == [Money(600, "USD")], "91 minutes, not 90"
    in_time = files | {"stop_times.txt": files["stop_times.txt"].replace("10:31", "10:30")}
    assert [one.fare for one in find(in_time, "A C", party=Party(1))] == [Money(300, "USD")]


def test_two_carriers_in_two_currencies_are_never_added_up() -> None:
    files = two_agencies(tables({"t": [("A", "09:00"), ("B", "10:00")], "u": [("B", "11:00"), ("C", "12:00")]}), "u")
    onward = replace(QUOTE, agency_id="Y", from_stop="B", to_stop="C", currency="CAD")
    (journey,) = find(files, "A C", (QUOTE, onward))
    assert journey.fare is None
    assert [str(warning) for warning in journey.warnings] == [
        "The carriers quote in different currencies (CAD, USD): ask each for its price."
    ]
    assert [ticket.fare for ticket in journey.tickets] == [Money(20000, "USD"), Money(20000, "CAD")]


def test_a_later_journey_a_day_on_is_kept_where_its_quote_is_the_cheaper() -> None:
    dear = replace(QUOTE, valid_to=date(2025, 6, 11))
    cheap = replace(QUOTE, valid_from=date(2025, 6, 12), adult_minor=5000)
    files = tables(
        {"in": [("O", "09:00"), ("A", "10:00")], "t": [("A", "12:00"), ("B", "13:00")]}, days="20250611 20250612"
    )
    files["trips.txt"] += ""
    there = replace(QUOTE, from_stop="O", to_stop="A")
    found = find(files, "O B", (dear, cheap, there), max_travel=minutes(36 * 60))
    arrivals = [(one.arrive_at.day, [ticket.fare for ticket in one.tickets][1]) for one in found]
    assert arrivals == [(11, Money(20000, "USD")), (12, Money(14000, "USD"))]


def test_a_fare_by_the_hour_holds_in_its_hours_on_its_days() -> None:
    trips = {"early": [("A", "08:59"), ("B", "09:30")], "late": [("A", "09:00"), ("B", "09:31")]}
    files = tables(trips) | {
        "timeframes.txt": rows("timeframe_group_id,start_time,end_time,service_id", ["peak,06:00:00,09:00:00,S"]),
        "fare_products.txt": rows("fare_product_id,amount,currency", ["p,9,USD", "q,6,USD"]),
        "fare_leg_rules.txt": rows(
            "leg_group_id,from_timeframe_group_id,fare_product_id,rule_priority", ["g,peak,p,2", "g,,q,1"]
        ),
    }
    found = find(files, "A B", party=Party(1))
    assert [(one.legs[0].trip_id, one.fare) for one in found] == [
        ("early", Money(900, "USD")),
        ("late", Money(600, "USD")),
    ]


def test_each_pays_the_cheapest_product_of_their_age_that_needs_no_account() -> None:
    files = tables({"t": [("A", "09:00"), ("B", "10:00")]}) | {
        "rider_categories.txt": rows(
            "rider_category_id,rider_category_name,is_default_fare_category,min_age,max_age",
            ["adult,Adult,1,,", "child,Child,0,0,12", "senior,Senior,0,65,", "vip,Members,0,,"],
        ),
        "fare_media.txt": rows("fare_media_id,fare_media_name,fare_media_type", ["app,App,4", "cash,Cash,0"]),
        "fare_products.txt": rows(
            "fare_product_id,fare_product_name,rider_category_id,fare_media_id,amount,currency",
            [
                "p,Single,adult,cash,10,USD",
                "p,Single,adult,app,7,USD",
                "p,Single,child,cash,4,USD",
                "p,Single,senior,cash,2,USD",
                "p,Single,vip,cash,1,USD",
            ],
        ),
        "fare_leg_rules.txt": rows("leg_group_id,fare_product_id", ["g,p"]),
    }
    (journey,) = find(files, "A B")
    assert journey.fare == Money(2 * 1000 + 400 + 400, "USD"), "the child's product names the infant's age too"
    assert [str(reason) for reason in explain(journey, FAMILY)] == [
        "2 adults, 1 child and 1 infant on a lap: 28.00 USD, as the timetable says (Single)"
    ]


def test_waiting_for_the_later_train_is_offered_where_the_ticket_then_lasts_to_the_last_one() -> None:
    # On the 08:45 the ticket of Y has run out when the last train leaves at 10:30; on the 09:45 it has not.
    trips = {
        "out": [("A", "08:00"), ("M", "08:30")],
        "soon": [("M", "08:45"), ("B", "09:15")],
        "later": [("M", "09:45"), ("B", "10:15")],
        "last": [("B", "10:30"), ("C", "11:00")],
    }
    files = two_agencies(tables(trips), "soon later last")
    files["fare_attributes.txt"] = rows(ATTRIBUTES, ["x,5.00,USD,1,0,X,", "y,3.00,USD,1,1,Y,5400"])
    found = find(files, "A C", party=Party(1))
    assert [([leg.trip_id for leg in one.legs], one.fare) for one in found] == [
        (["out", "later", "last"], Money(800, "USD"))
    ]


def test_a_carriers_fee_is_not_forgotten_where_its_fare_is_the_lower() -> None:
    trips = {
        "mine": [("A", "09:00"), ("B", "09:30")],
        "theirs": [("A", "09:00"), ("B", "09:30")],
        "on": [("B", "10:00"), ("C", "11:00")],
    }
    files = two_agencies(tables(trips), "theirs on")
    lower = replace(QUOTE, adult_minor=1200, tax_minor=0, fee_minor=500)
    higher = replace(lower, agency_id="Y", adult_minor=1400, fee_minor=0)
    onward = replace(higher, from_stop="B", to_stop="C", adult_minor=1000)
    found = find(files, "A C", (lower, higher, onward), party=Party(1))
    assert [(one.legs[0].trip_id, one.fare, one.fee) for one in found] == [
        ("theirs", Money(2400, "USD"), Money(0, "USD"))
    ]


def test_a_fee_of_one_carrier_is_taken_once_a_journey() -> None:
    files = tables({"t": [("A", "09:00"), ("B", "10:00")], "u": [("B", "11:00"), ("C", "12:00")]})
    onward = replace(QUOTE, from_stop="B", to_stop="C", fee_minor=100)
    (journey,) = find(files, "A C", (QUOTE, onward))
    assert (journey.fare, journey.fee) == (Money(40000, "USD"), Money(250, "USD"))


def two_ways() -> dict[str, str]:
    """A train of X from A to C, and two of Y by B that take as long."""
    trips = {
        "whole": [("A", "09:00"), ("C", "11:00")],
        "half": [("A", "09:00"), ("B", "10:00")],
        "rest": [("B", "10:10"), ("C", "11:00")],
    }
    return two_agencies(tables(trips), "half rest")


def test_two_quoted_tickets_that_cost_less_than_one_are_found_beside_it() -> None:
    whole = replace(QUOTE, to_stop="C", tax_minor=0, fee_minor=0)
    half = replace(whole, agency_id="Y", to_stop="B", adult_minor=3000)
    found = find(two_ways(), "A C", (whole, half, replace(half, from_stop="B", to_stop="C")), party=Party(1))
    assert [one.fare for one in found] == [Money(8000, "USD"), Money(6000, "USD")]


def test_two_quoted_tickets_of_two_feeds_that_cost_less_than_a_sooner_one_are_found_beside_it() -> None:
    here = {"whole": [("A", "09:00"), ("C", "10:30")], "half": [("A", "09:00"), ("B", "10:00")]}
    there = {"idle": [("A", "05:00"), ("C", "05:30"), ("B", "06:00")], "rest": [("B", "10:20"), ("C", "11:00")]}
    feeds = [read(tables(here))[0], read(tables(there), name="there")[0]]
    whole = replace(QUOTE, to_stop="C", tax_minor=0, fee_minor=0)
    half = replace(whole, to_stop="B", adult_minor=3000)
    rest = replace(half, feed="there", from_stop="B", to_stop="C")
    found = find_in(feeds, "A C", (whole, half, rest), Party(1))
    assert [one.fare for one in found] == [Money(8000, "USD"), Money(6000, "USD")]


def test_two_tickets_of_a_feed_that_cost_less_than_one_are_found_beside_it() -> None:
    fares = {"fare_attributes.txt": rows(ATTRIBUTES, ["x,12.00,USD,1,0,X,", "y,5.00,USD,1,0,Y,"])}
    found = find(two_ways() | fares, "A C", party=Party(1))
    assert [one.fare for one in found] == [Money(1200, "USD"), Money(1000, "USD")]


def test_a_ticket_is_good_for_a_way_that_passes_its_end_and_comes_back_there() -> None:
    trips = {
        "out": [("A", "09:00"), ("B", "23:30")],
        "round": [("B", "23:40"), ("C", "26:00")],
        "back": [("C", "26:10"), ("B", "28:50")],
        "on": [("B", "29:10"), ("Z", "30:00")],
    }
    found = find(tables(trips), "A Z", (QUOTE, replace(QUOTE, from_stop="B", to_stop="Z")))
    assert [([leg.trip_id for leg in one.legs], one.fare) for one in found] == [
        (["out", "on"], Money(40000, "USD")),
        (["out", "round", "back", "on"], Money(40000, "USD")),
    ]


def test_a_night_on_a_bench_is_saved_by_the_later_coach() -> None:
    trips = {
        "out": [("A", "09:00"), ("M", "10:00")],
        "noon": [("M", "12:00"), ("B", "15:00")],
        "soon": [("M", "19:30"), ("B", "22:30")],
        "later": [("M", "22:00"), ("B", "28:50")],
        "last": [("B", "29:10"), ("C", "30:00")],
    }
    (journey,) = find(tables(trips), "A C")
    assert [leg.trip_id for leg in journey.legs] == ["out", "later", "last"]
