"""The tables of GTFS Fares v2: products, who may buy them, what a leg takes, and what a transfer costs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from onward.engines.journeys.fares.cells import LEFT_OUT, RULE_LEFT_OUT, Cells, seconds_of_day
from onward.engines.journeys.fares.tables import (
    UNLIMITED,
    FareTables,
    LegRule,
    Medium,
    Member,
    Product,
    Rider,
    Timeframe,
    TransferRule,
)
from onward.engines.journeys.gtfs.archive import Archive
from onward.engines.journeys.gtfs.findings import Findings

PRODUCTS, LEG_RULES, TRANSFER_RULES = "fare_products.txt", "fare_leg_rules.txt", "fare_transfer_rules.txt"
RIDERS, MEDIA, TIMEFRAMES = "rider_categories.txt", "fare_media.txt", "timeframes.txt"
JOIN_RULES = "fare_leg_join_rules.txt"

_FLAGS = {"": 0, "0": 0, "1": 1}
_MEDIA_KINDS = {str(kind): kind for kind in range(5)}
_LIMIT_KINDS = {str(kind): kind for kind in range(4)}


@dataclass(frozen=True, slots=True)
class Known:
    """What the other tables of the feed have: ids of stops and routes, and the days of each service."""

    stops: frozenset[str]
    routes: frozenset[str]
    days: Mapping[str, int]


def read_products(archive: Archive, findings: Findings, known: Known) -> FareTables:
    """Fares v2, empty where no leg rule can be used. Rows that cannot be used are findings, and left out."""
    riders = _rows(archive, findings, (RIDERS, _RIDER), _rider)
    media = _rows(archive, findings, (MEDIA, _MEDIUM), _medium)
    ids = {rider.rider_id for rider in riders} | {""}, {medium.media_id for medium in media} | {""}
    products = _rows(archive, findings, (PRODUCTS, _PRODUCT), lambda cells, row: _product(cells, row, ids))
    sold = {product.product_id for product in products}
    timeframes = _rows(
        archive, findings, (TIMEFRAMES, _TIMEFRAME), lambda cells, row: _timeframe(cells, row, known.days)
    )
    areas = _members(archive, findings, ("stop_areas.txt", "area_id", "stop_id"), known.stops)
    networks = _networks(archive, findings, known.routes)
    names = sold, {member.of for member in networks}, {member.of for member in areas}, {one.group for one in timeframes}
    leg_rules = _rows(archive, findings, (LEG_RULES, _LEG_RULE), lambda cells, row: _leg_rule(cells, row, names))
    if not leg_rules:
        return FareTables()
    groups = {rule.group for rule in leg_rules} - {""}
    transfer_rules = _rows(
        archive, findings, (TRANSFER_RULES, _TRANSFER_RULE), lambda cells, row: _transfer_rule(cells, row, sold, groups)
    )
    if archive.table(JOIN_RULES):
        findings.note((JOIN_RULES, 0), ("", ""), "Not read: rides that it joins are priced each for itself.")
    return FareTables(
        areas=areas,
        networks=networks,
        timeframes=timeframes,
        riders=riders,
        media=media,
        products=products,
        leg_rules=leg_rules,
        transfer_rules=transfer_rules,
    )


_RIDER = ("rider_category_id", "rider_category_name", "is_default_fare_category", "min_age", "max_age")
_MEDIUM = ("fare_media_id", "fare_media_name", "fare_media_type")
_PRODUCT = ("fare_product_id", "fare_product_name", "rider_category_id", "fare_media_id", "amount", "currency")
_TIMEFRAME = ("timeframe_group_id", "start_time", "end_time", "service_id")
_LEG_RULE = (
    "leg_group_id",
    "network_id",
    "from_area_id",
    "to_area_id",
    "from_timeframe_group_id",
    "to_timeframe_group_id",
    "fare_product_id",
    "rule_priority",
)
_TRANSFER_RULE = (
    "from_leg_group_id",
    "to_leg_group_id",
    "transfer_count",
    "duration_limit",
    "duration_limit_type",
    "fare_transfer_type",
    "fare_product_id",
)


def _rows[Row](
    archive: Archive,
    findings: Findings,
    wanted: tuple[str, tuple[str, ...]],
    made: Callable[[Cells, Sequence[str]], Row | None],
) -> tuple[Row, ...]:
    file, columns = wanted
    table = archive.table(file)
    rows: list[Row] = []
    for line, row in table.rows(*columns) if table else ():
        one = made(Cells((file, line), findings), row)
        if one is not None:
            rows.append(one)
    return tuple(rows)


def _rider(cells: Cells, row: Sequence[str]) -> Rider | None:
    rider_id, name, flag, *ages = row
    if not rider_id:
        cells.fault(("rider_category_id", ""), "The row is passed over: products that name nobody hold for all.")
        return None
    why = "Not known who this is: nobody is counted among them."
    is_default = cells.choice(("is_default_fare_category", flag), _FLAGS, why)
    bounds = [cells.count((field, age), why) if age else -1 for field, age in zip(_RIDER[3:], ages, strict=True)]
    if is_default is None or None in bounds:
        return None
    lower, upper = (None if bound == -1 else bound for bound in bounds)
    if lower is None and upper is None and not is_default:
        cells.fault(("min_age", ""), f"No ages say who is “{name or rider_id}”: nobody is counted among them.")
    return Rider(rider_id, name, lower, upper, bool(is_default))


def _medium(cells: Cells, row: Sequence[str]) -> Medium | None:
    media_id, name, kind_text = row
    why = "Not a known kind of ticket: products sold on it are left out."
    kind = cells.choice(("fare_media_type", kind_text), _MEDIA_KINDS, why)
    return Medium(media_id, name, kind) if media_id and kind is not None else None


def _product(cells: Cells, row: Sequence[str], ids: tuple[set[str], set[str]]) -> Product | None:
    product_id, name, rider_id, media_id, amount, currency = row
    riders, media = ids
    if not product_id or rider_id not in riders or media_id not in media:
        field = "fare_product_id" if not product_id else _PRODUCT[2] if rider_id not in riders else _PRODUCT[3]
        cells.fault((field, dict(zip(_PRODUCT, row, strict=True))[field]), f"Nothing known of that name. {LEFT_OUT}")
        return None
    minor = cells.money(("amount", amount), ("currency", currency))
    return None if minor is None else Product(product_id, name, minor, currency, rider_id, media_id)


def _timeframe(cells: Cells, row: Sequence[str], days: Mapping[str, int]) -> Timeframe | None:
    group, start_text, end_text, service_id = row
    start, end = seconds_of_day(start_text or "00:00:00"), seconds_of_day(end_text or "24:00:00")
    why = "The time is left out: rules hold then that name no time."
    if start is None or end is None or end <= start:
        cells.fault(("start_time, end_time", f"{start_text}, {end_text}"), f"Not a part of a day. {why}")
        return None
    if not group or service_id not in days:
        field = ("timeframe_group_id", "") if not group else ("service_id", service_id)
        cells.fault(field, f"Nothing known of that name. {why}")
        return None
    return Timeframe(group, start, end, f"{days[service_id]:x}")


def _members(
    archive: Archive, findings: Findings, columns: tuple[str, str, str], known: frozenset[str]
) -> tuple[Member, ...]:
    file, of, member = columns

    def made(cells: Cells, row: Sequence[str]) -> Member | None:
        if not row[0] or row[1] not in known:
            field = (of, row[0]) if not row[0] else (member, row[1])
            cells.fault(field, "Nothing known of that name: the row is passed over.")
            return None
        return Member(row[1], row[0])

    return _rows(archive, findings, (file, (of, member)), made)


def _networks(archive: Archive, findings: Findings, routes: frozenset[str]) -> tuple[Member, ...]:
    named = _members(archive, findings, ("route_networks.txt", "network_id", "route_id"), routes)
    table = archive.table("routes.txt")
    if named or table is None or "network_id" not in table.columns:
        return named
    return tuple(Member(route, network) for _, (route, network) in table.rows("route_id", "network_id") if network)


Names = tuple[set[str], set[str], set[str], set[str]]
"""The products, networks, areas and times a leg rule may name."""


def _leg_rule(cells: Cells, row: Sequence[str], names: Names) -> LegRule | None:
    products, networks, areas, timeframes = names
    group, network, from_area, to_area, from_time, to_time, product, priority_text = row
    checked = (networks, areas, areas, timeframes, timeframes, products)
    for field, value, allowed in zip(_LEG_RULE[1:7], row[1:7], checked, strict=True):
        if value not in allowed and (value or field == "fare_product_id"):
            cells.fault((field, value), f"Nothing known of that name, or it was left out. {RULE_LEFT_OUT}")
            return None
    priority = None
    if priority_text:
        priority = cells.count(("rule_priority", priority_text), f"Not a number. {RULE_LEFT_OUT}")
        if priority is None:
            return None
    return LegRule(group, network, from_area, to_area, from_time, to_time, product, priority)


def _transfer_rule(cells: Cells, row: Sequence[str], products: set[str], groups: set[str]) -> TransferRule | None:
    from_group, to_group, count_text, limit_text, limit_kind_text, kind_text, product = row
    why = "The rule is left out: rides after such a transfer cost as much as without it."
    for field, value, allowed in zip(
        ("from_leg_group_id", "to_leg_group_id", "fare_product_id"), (from_group, to_group, product),
        (groups, groups, products), strict=True,
    ):  # fmt: skip
        if value and value not in allowed:
            cells.fault((field, value), f"Nothing known of that name, or it was left out. {why}")
            return None
    same = bool(from_group) and from_group == to_group
    count = UNLIMITED if count_text == "-1" else cells.count(("transfer_count", count_text), f"Not a number. {why}")
    limit = cells.count(("duration_limit", limit_text), f"Not a number of seconds. {why}")
    limit_kind = cells.choice(("duration_limit_type", limit_kind_text or "1"), _LIMIT_KINDS, f"Not a known type. {why}")
    kind = cells.choice(("fare_transfer_type", kind_text), {"0": 0, "1": 1, "2": 2}, f"Not a known type. {why}")
    if count is None or limit is None or limit_kind is None or kind is None:
        return None
    if same and count == 0:
        cells.fault(("transfer_count", count_text), f"It says not how many transfers. {why}")
        return None
    return TransferRule(from_group, to_group, count, limit, limit_kind, kind, product)
