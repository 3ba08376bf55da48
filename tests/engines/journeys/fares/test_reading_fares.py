"""Fare tables of a feed are read as they are; what is wrong is a finding, and never costs the feed its trips."""

from onward.engines.journeys import Finding, Reading
from onward.engines.journeys.fares.tables import FareTables
from onward.engines.journeys.feed import Feed
from onward.engines.journeys.feedfile import from_bytes, to_bytes
from tests.engines.journeys.small_feeds import read, rows, tables

FEED = tables({"t": [("A", "08:00"), ("B", "09:00")]})
FEED["stops.txt"] = rows("stop_id,stop_name,stop_lat,stop_lon,zone_id", ["A,A,40,-74,1", "B,B,41,-74,2"])
ATTRIBUTES = "fare_id,price,currency_type,payment_method,transfers,agency_id,transfer_duration"
RULES = "fare_id,route_id,origin_id,destination_id,contains_id"
PRODUCTS = "fare_product_id,amount,currency"
LEG_RULES = "leg_group_id,network_id,from_area_id,to_area_id,fare_product_id,rule_priority"


def read_with(**files: str) -> tuple[Feed, list[tuple[str, int, str]]]:
    feed, reading = read(FEED | {f"{name}.txt": text for name, text in files.items()})
    assert reading.trips_kept == 1, "no fare costs a trip"
    return feed, places(reading)


def places(reading: Reading) -> list[tuple[str, int, str]]:
    return [(finding.file, finding.line, finding.field) for finding in reading.findings]


def test_a_fare_with_its_rules_and_zones_is_read_and_kept_in_the_file() -> None:
    feed, findings = read_with(
        fare_attributes=rows(ATTRIBUTES, ["one,2.75,USD,1,2,X,5400", "any,3,USD,0,,,"]),
        fare_rules=rows(RULES, ["one,R,1,2,", "one,R,1,2,1"]),
    )
    assert findings == []
    assert [(fare.minor, fare.transfers, fare.duration_s, fare.pay_aboard) for fare in feed.fares.fares] == [
        (275, 2, 5400, False),
        (300, -1, 0, True),
    ]
    assert [(member.id, member.of) for member in feed.fares.zones] == [("A", "1"), ("B", "2")]
    assert from_bytes(to_bytes(feed), "small").fares == feed.fares


def test_a_feed_without_fares_says_nothing_of_them() -> None:
    feed, findings = read_with()
    assert feed.fares == FareTables()
    assert findings == []


def test_every_fare_that_cannot_be_used_is_a_finding_with_line_and_field() -> None:
    bad = [
        "a,two,USD,1,0,,",
        "b,2.755,USD,1,0,,",
        "c,2.75,JPY,1,0,,",
        "d,2.75,USD,1,9,,",
        "e,2.75,USD,1,0,Nobody,",
        "f,-1,USD,1,0,,",
        "g,1,USD,1,0,,soon",
        "ok,1,USD,1,0,,",
        "ok,2,USD,1,0,,",
    ]
    feed, findings = read_with(fare_attributes=rows(ATTRIBUTES, bad))
    assert [fare.fare_id for fare in feed.fares.fares] == ["ok"]
    assert [(line, field) for _, line, field in findings] == [
        (2, "price"),
        (3, "price"),
        (4, "currency_type"),
        (5, "transfers"),
        (6, "agency_id"),
        (7, "price"),
        (8, "transfer_duration"),
        (10, "fare_id"),
    ]


def test_a_fare_whose_rules_are_all_left_out_is_left_out_too_or_it_would_hold_everywhere() -> None:
    feed, findings = read_with(
        fare_attributes=rows(ATTRIBUTES, ["far,1,USD,1,0,,", "near,2,USD,1,0,,"]),
        fare_rules=rows(RULES, ["far,,1,9,", "near,,1,2,", "lost,,1,2,", "near,Nowhere,,,"]),
    )
    assert [fare.fare_id for fare in feed.fares.fares] == ["near"]
    assert findings == [
        ("fare_rules.txt", 2, "destination_id"),
        ("fare_rules.txt", 4, "fare_id"),
        ("fare_rules.txt", 5, "route_id"),
    ]


def test_zones_to_be_met_hold_together_or_not_at_all() -> None:
    feed, _ = read_with(
        fare_attributes=rows(ATTRIBUTES, ["all,1,USD,1,0,,"]),
        fare_rules=rows(RULES, ["all,,,,1", "all,,,,9", "all,R,,,2"]),
    )
    assert [(rule.route_id, rule.contains) for rule in feed.fares.fare_rules] == [("R", "2")]


def test_fares_by_leg_are_read_and_the_first_version_beside_them_is_not() -> None:
    feed, findings = read_with(
        fare_attributes=rows(ATTRIBUTES, ["one,2.75,USD,1,2,X,5400"]),
        fare_products=rows(PRODUCTS, ["p,2.90,USD", "q,1,XYZ"]),
        areas=rows("area_id,area_name", ["here,Here"]),
        stop_areas=rows("area_id,stop_id", ["here,A", "here,Nowhere"]),
        fare_leg_rules=rows(LEG_RULES, ["g,,here,,p,1", "g,,there,,p,", "g,,,,q,"]),
        fare_transfer_rules=rows(
            "from_leg_group_id,to_leg_group_id,transfer_count,duration_limit,duration_limit_type,fare_transfer_type",
            ["g,g,-1,5400,1,0", "g,g,,5400,1,0", "g,h,,,,0"],
        ),
    )
    assert feed.fares.fares == ()
    assert [(rule.from_area, rule.priority) for rule in feed.fares.leg_rules] == [("here", 1)]
    assert [(rule.count, rule.limit_s) for rule in feed.fares.transfer_rules] == [(-1, 5400)]
    assert findings == [
        ("fare_attributes.txt", 0, ""),
        ("fare_leg_rules.txt", 3, "from_area_id"),
        ("fare_leg_rules.txt", 4, "fare_product_id"),
        ("fare_products.txt", 3, "currency"),
        ("fare_transfer_rules.txt", 3, "transfer_count"),
        ("fare_transfer_rules.txt", 4, "to_leg_group_id"),
        ("stop_areas.txt", 3, "stop_id"),
    ]


def test_a_table_of_fares_that_cannot_be_read_at_all_leaves_the_timetable_whole() -> None:
    feed, findings = read_with(
        fare_attributes=rows(ATTRIBUTES, ["one,2.75,USD,1,2,X,5400"]),
        fare_rules='fare_id,route_id\none,"' + "x" * 200_000,
    )
    assert feed.fares == FareTables()
    assert findings == [("fare_attributes.txt", 0, "")]


def test_a_finding_says_what_follows() -> None:
    _, reading = read(FEED | {"fare_attributes.txt": rows(ATTRIBUTES, ["a,two,USD,1,0,,"])})
    assert reading.findings == (
        Finding(
            "fare_attributes.txt",
            2,
            "price",
            "two",
            "Not an amount of money in whole minor units. "
            "The fare is left out: rides it would price have no known fare.",
        ),
    )
