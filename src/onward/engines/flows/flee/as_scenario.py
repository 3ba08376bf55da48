"""A Flee folder in the words of a scenario: the TOML and the two CSV files beside it. docs/reference/flee.md."""

from datetime import date, timedelta
from itertools import pairwise

from onward.engines.flows.flee.as_known import Row, list_known
from onward.engines.flows.flee.counts import at_day
from onward.engines.flows.flee.days import FORCED, LINK
from onward.engines.flows.flee.folder import FleeClosure, FleeFolder, FleePlace
from onward.engines.flows.flee.network import Edge, list_edges, name_places
from onward.engines.flows.flee.push import list_spells, people
from onward.engines.flows.flee.rules import NAMES

TOML, INFLOW, CAMPS = "scenario.toml", "inflow.csv", "camps.csv"


def texts(flee: FleeFolder, quirks: tuple[str, ...], movement: str) -> dict[str, str]:
    """The files of a scenario by name. quirks: Flee's own behaviour to follow; movement: "flee" or "choice"."""
    ids = name_places(place.name for place in flee.places)
    edges = list_edges(flee, ids)
    coming = list_known(flee)
    toml = [
        *_head(flee, movement),
        *_flee_table(flee, ids, quirks),
        *_cohort(),
        *(line for place in flee.places if place.kind != "marker" for line in _place(flee, place, ids)),
        *(line for edge in edges for line in _link(flee, edge, ids)),
        *(line for name in coming for line in _inflow(ids[name])),
        *_closures(flee, edges),
        *_forced(flee, edges),
        *_rules(flee, ids, edges),
        *(line for name in _observed(flee) for line in _observation(name, ids[name])),
    ]
    return {
        TOML: "\n".join(toml) + "\n",
        INFLOW: _inflow_rows(flee, ids, coming),
        CAMPS: _camp_rows(flee, ids),
    }


def _text(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _value(value: object) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    return (
        str(value).lower() if isinstance(value, bool) else _text(value) if isinstance(value, str) else f"{value:.12g}"
    )


def _day(flee: FleeFolder, day: int) -> date:
    return flee.start + timedelta(days=day)


def _until(flee: FleeFolder, day: int | None) -> str:
    return f", until = {_day(flee, day)}" if day is not None and day < flee.days else ""


def _head(flee: FleeFolder, movement: str) -> list[str]:
    end = _day(flee, flee.days - 1)
    return [
        f"title = {_text(flee.name)}",
        f"movement = {_text(movement)}",
        "",
        "# Made from a folder of the Flee simulator. All of the record counts as known: a run is a split of the known",
        "# total, no forecast. Set known_until earlier, and only what was published by then is read.",
        "[period]",
        f"start = {flee.start}",
        f"end = {end}",
        f"known_until = {end}",
        "",
        "[parameters.count_dispersion]",
        'prior = "lognormal"',
        "median = 10",
        "sd = 0.5",
        'note = "camp counts scatter by about a third"',
        "",
        "[parameters.closure_leak]",
        'prior = "logitnormal"',
        "median = 0.05",
        "sd = 1.5",
        "note = \"weak: what is left of a way's pull while it is shut; Flee's rules let nobody through\"",
        "",
    ]


def _flee_table(flee: FleeFolder, ids: dict[str, str], quirks: tuple[str, ...]) -> list[str]:
    conflicts = [
        f"  {{ place = {_text(ids[name])}, intensity = {much:.12g}, from = {_day(flee, since)}{_until(flee, until)} }},"
        for name, since, until, much in list_spells(flee)
    ]
    kinds = [
        f'  {{ place = {_text(ids[c.first])}, kind = "town", from = {_day(flee, c.since)}{_until(flee, c.until)} }},'
        for c in _of_kind(flee, "camp", "idpcamp")
    ]
    return [
        "[flee]",
        f"home = {_text(flee.places[0].country)}",
        f"quirks = {_value(tuple(quirks))}",
        "conflicts = [",
        *conflicts,
        "]",
        "kinds = [",
        *kinds,
        "]",
        "[flee.rules]",
        *(f"{name} = {_value(getattr(flee.rules, name))}" for name in NAMES),
        "",
    ]


def _of_kind(flee: FleeFolder, *kinds: str) -> list[FleeClosure]:
    """Closures of these kinds that hold on some day of the period."""
    held = [c for c in flee.closures if c.kind in kinds and c.since < flee.days and c.until != c.since]
    return [FleeClosure(c.kind, c.first, c.second, max(0, c.since), c.until, c.line) for c in held]


def _cohort() -> list[str]:
    note = "the pull of distance is Flee's; this is what differs from it, per kilometre"
    return [
        "[[cohorts]]",
        'id = "everybody"',
        f'cost_effect = {{ prior = "normal", mean = 0, sd = 0.003, note = "{note}" }}',
        "",
    ]


def _place(flee: FleeFolder, place: FleePlace, ids: dict[str, str]) -> list[str]:
    is_camp = "camp" in place.kind
    kind = "town" if place.kind == "conflict" else place.kind
    start = (int(at_day(people(flee.counts[place.name]), 0)) if place.name in flee.counts else 0) + int(place.initial)
    lines = [
        "[[places]]",
        f"id = {_text(ids[place.name])}",
        f"title = {_text(place.name)}",
        f"country = {_text(place.country)}",
        f"kind = {_text(place.kind)}",
        f"stay_days = {1.0 / max(flee.rules.leave(kind), 1e-9):.12g}",
    ]
    if is_camp:
        lines += [f"start = {start}", f"capacity = {place.people:.12g}"] if place.people else [f"start = {start}"]
        lines.append('attraction = { prior = "lognormal", median = 1, sd = 1, note = "camps differ by up to e-fold" }')
    if place.latitude is not None and place.longitude is not None:
        lines += [f"latitude = {place.latitude:.12g}", f"longitude = {place.longitude:.12g}"]
    return [*lines, ""]


def _link(flee: FleeFolder, edge: Edge, ids: dict[str, str]) -> list[str]:
    rules = flee.rules
    return [
        "[[links]]",
        f"id = {_text(edge.id)}",
        f"from = {_text(ids[edge.start])}",
        f"to = {_text(ids[edge.end])}",
        f"days = {int(edge.km // rules.max_move_speed)}",
        f"distance_km = {edge.km:.12g}",
        f"cost = {edge.km:.12g}",
        f"weight = {(rules.softening + edge.km) ** (-rules.distance_power * rules.weight_power):.12g}",
        "",
    ]


def _inflow(id_: str) -> list[str]:
    return [
        "[[inflows]]",
        f"id = {_text(id_)}",
        f"place = {_text(id_)}",
        "level = 1",
        f"record = {{ file = {_text(INFLOW)}, where = {{ place = {_text(id_)} }} }}",
        "walk = { sd = 0.1, df = 4 }",
        "",
    ]


def _inflow_rows(flee: FleeFolder, ids: dict[str, str], coming: dict[str, list[Row]]) -> str:
    rows = ["date,place,value,published_on"]
    for name, known in coming.items():
        for first, last, much, look in known:
            rows.append(f"{_day(flee, first)}..{_day(flee, last)},{ids[name]},{much:.6f},{_day(flee, look)}")
    return "\n".join(rows) + "\n"


def _observed(flee: FleeFolder) -> list[str]:
    """Camps with a count in the period."""
    places = {place.name for place in flee.places}
    return [n for n, rows in flee.counts.items() if n in places and any(0 <= row.day < flee.days for row in rows)]


def _observation(name: str, id_: str) -> list[str]:
    return [
        "[[observations]]",
        f"id = {_text(id_)}",
        f"title = {_text('People counted at ' + name)}",
        'measure = "present"',
        f"of = [{_text(id_)}]",
        'unit = "people"',
        f"file = {_text(CAMPS)}",
        f"where = {{ camp = {_text(id_)} }}",
        'dispersion = "$count_dispersion"',
        'offset = { prior = "lognormal", median = 10, sd = 2, note = "weak: people whom no way shown here brought" }',
        "",
    ]


def _camp_rows(flee: FleeFolder, ids: dict[str, str]) -> str:
    """Every count as published on its day, and again as a later registration corrected it."""
    rows = ["date,camp,value,unit,published_on,status"]
    for name in _observed(flee):
        for count in flee.counts[name]:
            if not 0 <= count.day < flee.days:
                continue
            on = _day(flee, count.day)
            rows.append(f"{on},{ids[name]},{count.was:.6g},people,{on},as counted")
            if count.corrected_on is not None:
                later = _day(flee, count.corrected_on)
                rows.append(f"{on},{ids[name]},{count.people:.12g},people,{later},corrected")
    return "\n".join(rows) + "\n"


def _closures(flee: FleeFolder, edges: list[Edge]) -> list[str]:
    """Shut borders, places and links; those under way turn back, as in Flee."""
    country = {place.name: place.country for place in flee.places}
    lines = []
    for number, closure in enumerate(_of_kind(flee, "country", "location", "link"), 1):
        links = [edge.id for edge in edges if any(_is_shut(closure, leg, country) for leg in pairwise(edge.path))]
        prefix = LINK if closure.kind == "link" else f"{closure.kind}-"
        if links:
            lines += _closure(flee, f"{prefix}{number}", links, closure)
    return lines


def _is_shut(closure: FleeClosure, leg: tuple[str, str], country: dict[str, str]) -> bool:
    """Whether a closure shuts the way between two neighbouring places."""
    if closure.kind == "location":
        return closure.first in leg
    ends = {country[name] for name in leg} if closure.kind == "country" else set(leg)
    return ends == {closure.first, closure.second}


def _closure(flee: FleeFolder, id_: str, links: list[str], closure: FleeClosure) -> list[str]:
    between = closure.first if closure.kind == "location" else f"{closure.first} and {closure.second}"
    title = f"{closure.kind} {between}, line {closure.line} of closures.csv"
    until = [f"until = {_day(flee, closure.until)}"] if closure.until is not None and closure.until < flee.days else []
    return [
        "[[closures]]",
        f"id = {_text(id_)}",
        f"title = {_text(title)}",
        f"links = {_value(tuple(links))}",
        f"from = {_day(flee, closure.since)}",
        *until,
        'leak = "$closure_leak"',
        *(['in_transit = "return"'] if not id_.startswith(FORCED) else []),
        "",
    ]


def _forced(flee: FleeFolder, edges: list[Edge]) -> list[str]:
    """Forced redirection: while it holds, every other way out of the place is shut."""
    toward: dict[str, list[tuple[str, int, int | None, int]]] = {}
    for route in flee.routes:
        if route.forced:
            start, end = (route.end, route.start) if route.forced == 1 else (route.start, route.end)
            lifted = [c for c in _of_kind(flee, "remove_forced_redirection") if (c.first, c.second) == (start, end)]
            until = min((c.since for c in lifted), default=None)
            toward.setdefault(start, []).append((end, 0, until, route.line))
            again = [c.until for c in lifted if c.until is not None]
            toward[start] += [(end, day, None, route.line) for day in again]
    lines, number = [], 0
    for start, ways in toward.items():
        for since, until in _stretches(flee, ways):
            kept = {end for end, first, last, _ in ways if first <= since and (last is None or since < last)}
            others = [edge.id for edge in edges if edge.start == start and edge.path[1] not in kept]
            if kept and others:
                number += 1
                closure = FleeClosure("forced redirection", start, " or ".join(sorted(kept)), since, until, 0)
                lines += _closure(flee, f"{FORCED}{number}", others, closure)
    return lines


def _stretches(flee: FleeFolder, ways: list[tuple[str, int, int | None, int]]) -> list[tuple[int, int | None]]:
    """The stretches of days over which the same redirections hold."""
    marks = {0, flee.days, *(first for _, first, _, _ in ways), *(last for _, _, last, _ in ways if last is not None)}
    ends = sorted(mark for mark in marks if mark <= flee.days)
    return list(zip(ends, ends[1:], strict=False))


def _rules(flee: FleeFolder, ids: dict[str, str], edges: list[Edge]) -> list[str]:
    """What conflicts and closed camps mean to the choice movement; Flee's own rules read the [flee] table."""
    town = flee.rules.leave("town")
    kinds = {place.name: place.kind for place in flee.places}
    lines: list[str] = []
    for number, (name, since, until, intensity) in enumerate(list_spells(flee), 1):
        pull = flee.rules.conflict_weight**intensity
        into = tuple(edge.id for edge in edges if edge.end == name)
        factor = f"factor = {pull:.12g}"
        lines += _rule(flee, f"shunned-{number}", (since, until), [f"links = {_value(into)}", factor]) if into else []
        if "camp" not in kinds[name] and flee.rules.conflict_movechance != town:
            factor = f"factor = {flee.rules.conflict_movechance / town:.12g}"
            lines += _rule(flee, f"fled-{number}", (since, until), [f"places = [{_text(ids[name])}]", factor])
    for number, closure in enumerate(_of_kind(flee, "camp", "idpcamp"), 1):
        factor = f"factor = {town / flee.rules.leave(kinds[closure.first]):.12g}"
        span = closure.since, closure.until
        lines += _rule(flee, f"no-camp-{number}", span, [f"places = [{_text(ids[closure.first])}]", factor])
    return lines


def _rule(flee: FleeFolder, id_: str, span: tuple[int, int | None], what: list[str]) -> list[str]:
    since, until = span
    ends = [f"until = {_day(flee, until)}"] if until is not None and until < flee.days else []
    return ["[[rules]]", f"id = {_text(id_)}", f"from = {_day(flee, since)}", *ends, *what, ""]
