"""Dated records read from a scenario or a what-if: programmes, closures, rules, capacities, returns."""

from datetime import date
from typing import cast

from onward.engines.flows.fields import SHARE, Table
from onward.engines.flows.scenario import (
    CapacityChange,
    Closure,
    Link,
    Programme,
    ReturnFlow,
    Rule,
    Scenario,
)

Dated = Programme | Closure | Rule | CapacityChange | ReturnFlow
_NO_DAY = date(2000, 1, 1)


def read_dated(top: Table, scenario: Scenario) -> dict[str, tuple[Dated, ...]]:
    """Every dated record of a file, by kind; closures of places and borders are resolved to the scenario's links."""
    read = {
        "programmes": [_programme(table) for table in top.tables("programmes")],
        "closures": [_closure(table, scenario) for table in top.tables("closures")],
        "rules": [_rule(table) for table in top.tables("rules")],
        "capacities": [_capacity(table) for table in top.tables("capacities")],
        "returns": [_return(table) for table in top.tables("returns")],
    }
    return {kind: tuple(cast(list[Dated], records)) for kind, records in read.items()}


def _days(table: Table) -> tuple[date, date | None]:
    since = table.day("from") or _NO_DAY
    until = table.day("until", needed=False)
    if until and until < since:
        table.note("until", f"It ends on {until} before it starts on {since}.", "Turn the dates round.")
    return since, until


def _announced(table: Table, since: date) -> date | None:
    announced = table.day("announced", needed=False)
    if announced and announced > since:
        table.note("announced", f"It is announced on {announced}, after {since}.", "Turn the dates round.")
    if table.has("anticipation") and not announced:
        table.note("anticipation", "An anticipation needs the day of the announcement.", "Add announced = DATE.")
    return announced


def _programme(table: Table) -> Programme:
    since, until = _days(table)
    programme = Programme(
        id=table.id(),
        link=table.text("link", None),
        since=since,
        until=until,
        seats=_seats(table, since),
        fill=table.amount("fill", 1.0, SHARE),
        weight=table.amount("weight", 1.0),
        induced=table.amount("induced", 0.0),
        title=table.text("title"),
        precedent=table.text("precedent"),
    )
    table.done()
    return programme


def _seats(table: Table, since: date) -> tuple[tuple[date, float], ...]:
    if not isinstance(table.given.get("seats"), list):
        return ((since, table.number("seats", None)),)
    steps = []
    for inner in table.tables("seats"):
        steps.append((inner.day("from") or since, inner.number("seats", None)))
        inner.done()
    if steps != sorted(steps, key=lambda step: step[0]):
        table.note("seats", "The steps of “seats” are not in the order of their days.", "Sort them.")
    return tuple(steps)


def _closure(table: Table, scenario: Scenario) -> Closure:
    since, until = _days(table)
    closure = Closure(
        id=table.id(),
        links=_closed_links(table, scenario),
        since=since,
        until=until,
        leak=table.amount("leak", 0.0, SHARE),
        fade_days=table.number("fade_days", 0.0),
        returns_in_transit=table.one_of("in_transit", ("continue", "return"), "continue") == "return",
        substitute=table.text("substitute"),
        substitution=table.amount("substitution", 0.0, SHARE),
        waits=table.amount("waits", 0.0, SHARE),
        announced=_announced(table, since),
        anticipation=table.amount("anticipation", 1.0),
        title=table.text("title"),
        precedent=table.text("precedent"),
    )
    if closure.substitution.value + closure.waits.value > 1:
        table.note("substitution", "substitution and waits are more than 1 together.", "They are shares of the same.")
    if table.has("substitution") != bool(closure.substitute):
        table.note("substitution", "substitute and substitution go together.", "Name both the link and the share.")
    table.done()
    return closure


def _closed_links(table: Table, scenario: Scenario) -> tuple[str, ...]:
    links, place, between = table.texts("links"), table.text("place"), table.texts("between")
    if sum(map(bool, (links, place, between))) != 1:
        table.note("", "A closure names one of links, place and between.", "Keep one of them.")
    if between and len(between) != 2:
        table.note("between", "“between” names two countries.", 'Write between = ["USA", "CAN"].')
    if place and place not in {known.id for known in scenario.places}:
        table.note("place", f"There is no place “{place}”.", "Check the id, or add the place.")
    country = {known.id: known.country for known in scenario.places}

    def is_meant(link: Link) -> bool:
        ends = [end.partition("/")[0] for end in (link.start, link.end)]
        countries = {country.get(end, "") for end in ends}
        return link.id in links or place in ends or (len(between) == 2 and countries == set(between))

    meant = tuple(link.id for link in scenario.links if is_meant(link))
    if not meant and not links:
        table.note("between" if between else "place", "No link is closed by this.", "Check the places' countries.")
    return (*meant, *(link for link in links if link not in meant))


def _rule(table: Table) -> Rule:
    since, until = _days(table)
    rule = Rule(
        id=table.id(),
        since=since,
        until=until,
        links=table.texts("links"),
        inflows=table.texts("inflows"),
        places=table.texts("places"),
        cohorts=table.texts("cohorts"),
        factor=table.amount("factor", 1.0),
        turned_back=table.amount("turned_back", 0.0, SHARE),
        announced=_announced(table, since),
        anticipation=table.amount("anticipation", 1.0),
        title=table.text("title"),
        precedent=table.text("precedent"),
    )
    if not (rule.links or rule.inflows or rule.places):
        table.note("", "The rule touches nothing.", "Name links, inflows or places.")
    if table.has("turned_back") and not rule.links:
        table.note("turned_back", "People are turned back on links.", "Name the links.")
    table.done()
    return rule


def _capacity(table: Table) -> CapacityChange:
    since, until = _days(table)
    change = CapacityChange(
        id=table.id(),
        place=table.text("place", None),
        since=since,
        until=until,
        capacity=table.optional_amount("capacity"),
        beds=table.optional_amount("beds"),
        title=table.text("title"),
        precedent=table.text("precedent"),
    )
    if change.capacity is None and change.beds is None:
        table.note("", "Nothing is changed.", "Give capacity or beds.")
    table.done()
    return change


def _return(table: Table) -> ReturnFlow:
    since, until = _days(table)
    flow = ReturnFlow(
        id=table.id(),
        link=table.text("link", None),
        since=since,
        until=until,
        chance=table.amount("chance", None),
        title=table.text("title"),
        precedent=table.text("precedent"),
    )
    table.done()
    return flow
