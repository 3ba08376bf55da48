"""fare_attributes.txt and fare_rules.txt: what a ride costs by carrier, route and zones (GTFS fares, first version)."""

from collections.abc import Sequence

from onward.engines.journeys.fares.cells import LEFT_OUT, RULE_LEFT_OUT, Cells
from onward.engines.journeys.fares.tables import UNLIMITED, Fare, FareRule, FareTables, Member
from onward.engines.journeys.gtfs.archive import Archive
from onward.engines.journeys.gtfs.findings import Findings

FILE, RULES_FILE, STOPS_FILE = "fare_attributes.txt", "fare_rules.txt", "stops.txt"
TRANSFERS = {"": UNLIMITED, "0": 0, "1": 1, "2": 2, "3": 3, "4": 4, "5": 5}
"""GTFS names 0, 1, 2 and empty; some feeds count further."""

_ATTRIBUTES = ("fare_id", "price", "currency_type", "payment_method", "transfers", "agency_id", "transfer_duration")
_RULES = ("fare_id", "route_id", "origin_id", "destination_id", "contains_id")


def read_attributes(
    archive: Archive, findings: Findings, agencies: frozenset[str], routes: frozenset[str]
) -> FareTables:
    """Fares with their rules and the zones of stops. Rows that cannot be used are findings, and left out.

    agencies, routes: the ids that rows may name. A fare whose rules are all left out is left out with them: without
    any it would hold everywhere.
    """
    fares = _read_fares(archive, findings, agencies)
    if not fares:
        return FareTables()
    zones = _read_zones(archive)
    rules, broken = _read_rules(archive, findings, (frozenset(fares), routes, frozenset(member.of for member in zones)))
    ruled = {rule.fare_id for rule in rules}
    kept = tuple(fare for key, fare in fares.items() if key in ruled or key not in broken)
    return FareTables(fares=kept, fare_rules=tuple(rules), zones=zones)


def _read_fares(archive: Archive, findings: Findings, agencies: frozenset[str]) -> dict[str, Fare]:
    table = archive.table(FILE)
    fares: dict[str, Fare] = {}
    for line, row in table.rows(*_ATTRIBUTES) if table else ():
        cells = Cells((FILE, line), findings)
        if not row[0] or row[0] in fares:
            cells.fault(("fare_id", row[0]), "The row is passed over: its fare_id is missing or was used before.")
            continue
        fare = _fare(cells, row, agencies)
        if fare:
            fares[fare.fare_id] = fare
    return fares


def _fare(cells: Cells, row: Sequence[str], agencies: frozenset[str]) -> Fare | None:
    fare_id, price, currency, payment, transfers_text, agency_id, duration_text = row
    minor = cells.money(("price", price), ("currency_type", currency))
    if minor is not None and minor < 0:
        cells.fault(("price", price), f"Less than nothing. {LEFT_OUT}")
        minor = None
    transfers = cells.choice(("transfers", transfers_text), TRANSFERS, f"Not a known number of transfers. {LEFT_OUT}")
    duration = cells.count(("transfer_duration", duration_text), f"Not a number of seconds. {LEFT_OUT}")
    if agency_id and agency_id not in agencies:
        cells.fault(("agency_id", agency_id), f"No such agency. {LEFT_OUT}")
        return None
    aboard = payment.removesuffix(".0")
    if aboard not in ("0", "1"):
        cells.fault(("payment_method", payment), "Nobody says whether to pay aboard or before.")
    if minor is None or transfers is None or duration is None:
        return None
    return Fare(fare_id, minor, currency, transfers, duration, agency_id, aboard == "0")


def _read_zones(archive: Archive) -> tuple[Member, ...]:
    table = archive.table(STOPS_FILE)
    if table is None or "zone_id" not in table.columns:
        return ()
    return tuple(Member(stop_id, zone) for _, (stop_id, zone) in table.rows("stop_id", "zone_id") if zone)


Known = tuple[frozenset[str], frozenset[str], frozenset[str]]
"""The fares, routes and zones a rule may name."""


def _read_rules(archive: Archive, findings: Findings, known: Known) -> tuple[list[FareRule], set[str]]:
    """The rules that can be used, and the fares some rule of which cannot.

    Rows that name zones to be met belong together: without one of them the others would ask for too little.
    """
    table = archive.table(RULES_FILE)
    rules: list[FareRule] = []
    broken: set[str] = set()
    torn: set[tuple[str, ...]] = set()
    for line, row in table.rows(*_RULES) if table else ():
        fault = _rule_fault(row, known)
        if fault:
            Cells((RULES_FILE, line), findings).fault(*fault)
            broken.add(row[0])
            torn |= {tuple(row[:4])} if row[4] else set()
        else:
            rules.append(FareRule(*row))
    return [rule for rule in rules if not rule.contains or _group(rule) not in torn], broken


def _group(rule: FareRule) -> tuple[str, ...]:
    return rule.fare_id, rule.route_id, rule.origin, rule.destination


def _rule_fault(row: Sequence[str], known: Known) -> tuple[tuple[str, str], str] | None:
    fares, routes, zones = known
    fare_id, route_id, *places = row
    if fare_id not in fares:
        return ("fare_id", fare_id), f"No such fare, or it was left out. {RULE_LEFT_OUT}"
    if route_id and route_id not in routes:
        return ("route_id", route_id), f"No such route. {RULE_LEFT_OUT}"
    for field, zone in zip(_RULES[2:], places, strict=True):
        if zone and zone not in zones:
            return (field, zone), f"No stop is in this zone. {RULE_LEFT_OUT}"
    return None
