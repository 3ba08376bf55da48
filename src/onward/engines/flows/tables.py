"""The tables of a scenario read as its dataclasses say: each field by its type and mark; faults within one table."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, Literal, cast, get_args, get_origin

from onward.engines.flows.fields import Table
from onward.engines.flows.parameters import Amount
from onward.engines.flows.records import rows_of
from onward.engines.flows.scenario import (
    KINDS,
    CapacityChange,
    Closure,
    Covariate,
    Dated,
    Inflow,
    Link,
    Observation,
    Place,
    Programme,
    Rule,
    Scenario,
    Stage,
)
from onward.engines.flows.written import POSITIVE, REAL, Range, Written, list_written


def read[Record](cls: type[Record], table: Table) -> Record:
    """One table as a record: every field by its own rule where it has one, else by its type."""
    values = {}
    for field in list_written(cls):
        own = OWN.get((cls, field.name))
        values[field.name] = own(table) if own else _value(field, table)
    record = cls(**values)
    for check in (check for kind, check in WITHIN if isinstance(record, kind)):
        check(table, record)
    return record


def read_all[Record](cls: type[Record], top: Table, key: str) -> tuple[Record, ...]:
    """A list of tables as records."""
    return tuple(read(cls, table) for table in top.tables(key))


def read_dated(top: Table, scenario: Scenario) -> dict[str, tuple[Dated, ...]]:
    """Every dated record of a file, by kind; closures of places and borders are resolved to the scenario's links."""
    records: dict[str, tuple[Dated, ...]] = {kind: read_all(cls, top, kind) for kind, cls in KINDS.items()}
    closures = cast(tuple[Closure, ...], records["closures"])
    records["closures"] = tuple(
        replace(closure, links=_closed_links(table, closure.links, scenario))
        for table, closure in zip(top.within["closures"], closures, strict=True)
    )
    return records


def read_named(table: Table, key: str, within: Range = REAL) -> tuple[tuple[str, Amount], ...]:
    """Every key of an inner table as an amount."""
    inner = table.inner(key)
    return tuple((name, inner.amount(name, None, within)) for name in inner.given) if inner else ()


def read_numbers(table: Table, key: str, within: Range = POSITIVE) -> tuple[tuple[str, float], ...]:
    """Every key of an inner table as a number."""
    inner = table.inner(key)
    return tuple((name, inner.number(name, None, within)) for name in inner.given) if inner else ()


BY_TYPE: dict[object, Callable[[Table, str, Any, Range], object]] = {
    str: lambda table, key, default, within: table.text(key, default),
    int: lambda table, key, default, within: table.whole(key, default),
    bool: lambda table, key, default, within: table.truth(key),
    float: lambda table, key, default, within: table.number(key, default, within),
    float | None: lambda table, key, default, within: table.number(key, None, within),
    Amount: lambda table, key, default, within: table.amount(key, default, within),
    Amount | None: lambda table, key, default, within: table.amount(key, None, within),
    date: lambda table, key, default, within: table.day(key, default),
    date | None: lambda table, key, default, within: table.find_day(key),
    tuple[str, ...]: lambda table, key, default, within: table.texts(key),
    tuple[float, ...]: lambda table, key, default, within: table.shares(key, default),
    tuple[tuple[str, Amount], ...]: lambda table, key, default, within: read_named(table, key, within),
    tuple[tuple[str, float], ...]: lambda table, key, default, within: read_numbers(table, key, within),
}


def _value(field: Written, table: Table) -> object:
    if field.name == "id":
        return table.id()
    outer, _, key = field.key.rpartition(".")
    at = table.inner(outer) if outer else table
    if at is None:
        return field.default
    default = None if field.mark.needed else field.default
    if type(None) in get_args(field.kind) and key not in at.given and not field.mark.needed:
        return None
    if get_origin(field.kind) is Literal:
        return at.one_of(key, get_args(field.kind), cast(str | None, default))
    return BY_TYPE[field.kind](at, key, default, field.mark.within)


def _stages(table: Table) -> tuple[Stage, ...]:
    if "stages" not in table.given:
        return (Stage("", table.amount("stay_days", None)),)
    return read_all(Stage, table, "stages") or (Stage("", Amount(1.0)),)


def _knots(table: Table) -> tuple[tuple[date, Amount], ...]:
    return tuple((knot.day("on"), knot.amount("step", None, REAL)) for knot in table.tables("knots"))


def _weekday(table: Table) -> tuple[Amount, ...]:
    given = table.take("weekday") if "weekday" in table.given else []
    if not isinstance(given, list) or len(given) not in (0, 7):
        table.note("weekday", "“weekday” is no list of seven.", "Write seven factors, Monday first.")
        return ()
    return tuple(table.amount_of(f"weekday.{day}", value) for day, value in enumerate(given))


def _seats(table: Table) -> tuple[tuple[date, float], ...]:
    since = table.day("from")
    if not isinstance(table.given.get("seats"), list):
        return ((since, table.number("seats", None)),)
    steps = [(step.find_day("from") or since, step.number("seats", None)) for step in table.tables("seats")]
    if steps != sorted(steps, key=lambda step: step[0]):
        table.note("seats", "The steps of “seats” are not in the order of their days.", "Sort them.")
    return tuple(steps)


def _record(table: Table) -> object:
    record = table.inner("record")
    return rows_of(record) if record else ()


def _since(table: Table) -> date | None:
    is_needed = table.given.get("window") == "cumulative" or "since" in table.given
    return table.find_day("since") if is_needed else None


OWN: dict[tuple[type, str], Callable[[Table], object]] = {
    (Place, "title"): lambda table: table.text("title", str(table.given.get("id") or "?")),
    (Place, "stages"): _stages,
    (Inflow, "record"): _record,
    (Inflow, "knots"): _knots,
    (Inflow, "weekday"): _weekday,
    (Inflow, "covariates"): lambda table: read_all(Covariate, table, "covariates"),
    (Covariate, "rows"): rows_of,
    (Programme, "seats"): _seats,
    (Closure, "returns_in_transit"): lambda table: (
        table.one_of("in_transit", ("continue", "return"), "continue") == "return"
    ),
    (Observation, "title"): lambda table: table.text("title", "?"),
    (Observation, "rows"): rows_of,
    (Observation, "since"): _since,
}
"""Fields that stand in the file otherwise than their type says."""


def _check_days(table: Table, record: Dated) -> None:
    since, until, announced = record.since, record.until, getattr(record, "announced", None)
    if until and until < since:
        table.note("until", f"It ends on {until} before it starts on {since}.", "Turn the dates round.")
    if announced and announced > since:
        table.note("announced", f"It is announced on {announced}, after {since}.", "Turn the dates round.")
    if "anticipation" in table.given and not announced:
        table.note("anticipation", "An anticipation needs the day of the announcement.", "Add announced = DATE.")


def _check_closure(table: Table, closure: Closure) -> None:
    if closure.substitution.value + closure.waits.value > 1:
        table.note("substitution", "substitution and waits are more than 1 together.", "They are shares of the same.")
    if ("substitution" in table.given) != bool(closure.substitute):
        table.note("substitution", "substitute and substitution go together.", "Name both the link and the share.")


def _check_rule(table: Table, rule: Rule) -> None:
    if not (rule.links or rule.inflows or rule.places):
        table.note("", "The rule touches nothing.", "Name links, inflows or places.")
    if "turned_back" in table.given and not rule.links:
        table.note("turned_back", "People are turned back on links.", "Name the links.")


def _check_change(table: Table, change: CapacityChange) -> None:
    if change.capacity is None and change.beds is None:
        table.note("", "Nothing is changed.", "Give capacity or beds.")


WITHIN: tuple[tuple[Any, Callable[[Table, Any], None]], ...] = (
    (Dated, _check_days),
    (Closure, _check_closure),
    (Rule, _check_rule),
    (CapacityChange, _check_change),
)
"""What a record of a kind may not say against itself."""


def _closed_links(table: Table, links: tuple[str, ...], scenario: Scenario) -> tuple[str, ...]:
    place, between = table.text("place"), table.texts("between")
    if sum(map(bool, (links, place, between))) != 1:
        table.note("", "A closure names one of links, place and between.", "Keep one of them.")
    if between and len(between) != 2:
        table.note("between", "“between” names two countries.", 'Write between = ["USA", "CAN"].')
    country = {known.id: known.country for known in scenario.places}
    if place and place not in country:
        table.note("place", f"There is no place “{place}”.", "Check the id, or add the place.")

    def is_meant(link: Link) -> bool:
        ends = [end.partition("/")[0] for end in (link.start, link.end)]
        countries = {country.get(end, "") for end in ends}
        return link.id in links or place in ends or (len(between) == 2 and countries == set(between))

    meant = tuple(link.id for link in scenario.links if is_meant(link))
    if not meant and not links:
        table.note("between" if between else "place", "No link is closed by this.", "Check the places' countries.")
    return (*meant, *(link for link in links if link not in meant))
