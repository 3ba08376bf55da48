"""What Flee's rules read of a scenario: its [flee] table checked, and the arrays of every day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

import numpy as np
from numpy.typing import NDArray

from onward.engines.flows.faults import Fault, ScenarioRefused
from onward.engines.flows.flee.kernel_flee import FleeDays
from onward.engines.flows.flee.rules import NAMES, QUIRKS, MoveRules, fits
from onward.engines.flows.interventions import running
from onward.engines.flows.kernel_shapes import Floats
from onward.engines.flows.scenario import Closure, Scenario

TABLE = "[flee]"
LINK, FORCED = "link-", "forced-"
"""What the ids of closures of single links and of forced redirections begin with."""

TURNING = ("town", "camp", "idpcamp")


@dataclass(frozen=True, slots=True)
class Spell:
    """Something that holds at a place between dates: a conflict of some intensity, or another kind of place."""

    place: int
    since: date
    until: date | None
    intensity: float = 0.0
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """The [flee] table of a scenario. home: the country that is not foreign."""

    home: str
    quirks: frozenset[str]
    rules: MoveRules
    conflicts: tuple[Spell, ...]
    kinds: tuple[Spell, ...]


def read_table(scenario: Scenario) -> Settings:
    """The settings of a scenario's movement. Raises ScenarioRefused with all that is wrong with them."""
    given, faults = scenario.movement_settings, list[Fault]()
    quirks, rules = _list(given.get("quirks", [])), given.get("rules", {})
    faults += [
        _wrong(f"There is no quirk “{name}”.", f"Choose of {', '.join(QUIRKS)}.") for name in _not_in(quirks, QUIRKS)
    ]
    known = cast(Mapping[str, object], rules) if isinstance(rules, Mapping) else {"rules": rules}
    of_flee = {name: tuple(v) if isinstance(v, list) else v for name, v in known.items()}
    for name, value in of_flee.items():
        if name not in NAMES or not fits(name, value):
            faults.append(_wrong(f"The rule {name} = {value} is none.", "See the rules in the reference of Flee."))
    conflicts = _spells(scenario, "conflicts", faults)
    kinds = _spells(scenario, "kinds", faults)
    unknown = _not_in(given, ("home", "quirks", "rules", "conflicts", "kinds"))
    faults += [_wrong(f"Nothing reads “{name}” here.", "Check its spelling.") for name in unknown]
    faults += _of_choice(scenario)
    if faults:
        raise ScenarioRefused(tuple(sorted(set(faults))))
    home = str(given.get("home", scenario.places[0].country))
    return Settings(home, frozenset(map(str, quirks)), MoveRules(**of_flee), conflicts, kinds)  # type: ignore[arg-type]


def _wrong(what: str, remedy: str) -> Fault:
    return Fault(f"scenario.toml {TABLE}", 0, what, remedy)


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _not_in(names: Mapping[str, object] | list[object], known: tuple[str, ...]) -> list[object]:
    return [name for name in names if name not in known]


def _of_choice(scenario: Scenario) -> list[Fault]:
    """Dated records that Flee's rules have no place for."""
    here = {"programmes": scenario.programmes, "returns": scenario.returns, "capacities": scenario.capacities}
    staged = any(len(place.stages) > 1 for place in scenario.places)
    what = [f"[[{name}]] stands there, which Flee's rules do not know." for name, records in here.items() if records]
    what += ["A place has several stages, which Flee's rules do not know."] if staged else []
    return [_wrong(each, 'Leave it out, or choose movement = "choice".') for each in what]


def _spells(scenario: Scenario, key: str, faults: list[Fault]) -> tuple[Spell, ...]:
    number = {place.id: n for n, place in enumerate(scenario.places)}
    spells = []
    for given in _list(scenario.movement_settings.get(key, [])):
        row = given if isinstance(given, dict) else {}
        place, since, until = row.get("place"), row.get("from"), row.get("until")
        intensity, kind = row.get("intensity", 1.0), row.get("kind", "town")
        if place not in number:
            faults.append(_wrong(f"A row of “{key}” is at “{place}”, which is no place.", "Check the name."))
        elif not isinstance(since, date) or not isinstance(until, date | None) or (until and until < since):
            faults.append(_wrong(f"“{key}” at “{place}”: from {since} until {until}.", "Write dates in order."))
        elif not isinstance(intensity, int | float) or intensity < 0 or kind not in TURNING:
            faults.append(_wrong(f"“{key}” at “{place}”: {intensity}, {kind}.", f"Kinds are {', '.join(TURNING)}."))
        else:
            spells.append(Spell(number[place], since, until, float(intensity), str(kind)))
    return tuple(sorted(spells, key=lambda spell: (spell.place, spell.since)))


def lay_days(scenario: Scenario, settings: Settings) -> tuple[FleeDays, NDArray[np.int64]]:
    """The arrays of all days with every attraction at 1, and the links in their order (sorted by start)."""
    rules, quirks = settings.rules, settings.quirks
    number = {place.id: n for n, place in enumerate(scenario.places)}
    starts = np.array([number[link.start.partition("/")[0]] for link in scenario.links], np.int64)
    order = np.argsort(starts, kind="stable")
    begin = starts[order]
    end = np.array([number[scenario.links[e].end.partition("/")[0]] for e in order], np.int64)
    km = np.array([scenario.links[e].distance_km for e in order], np.float64)
    leave, is_town, is_camp, score = _places(scenario, settings)
    shut = np.array([_shut(scenario, closures_followed(scenario, quirks), e) for e in order], np.bool_)
    shut = shut.reshape(len(order), 2, scenario.period.days)
    is_open = np.ascontiguousarray(~shut[:, 0].T)
    pull = (rules.weight_softening + score[:, end]) / (rules.softening + km) ** rules.distance_power
    stands_there = "day-0-counts-twice" in quirks
    capacity = [
        max(0.0, (place.capacity.value - (place.start if stands_there else 0.0)) * rules.capacity_scaling)
        if place.capacity
        else 0.0
        for place in scenario.places
    ]
    days = FleeDays(
        weight=np.ascontiguousarray(pull**rules.weight_power * is_open),
        is_open=is_open,
        leave=leave,
        is_town=is_town,
        is_camp=is_camp,
        turns_back=np.ascontiguousarray(shut[:, 1].T),
        km=km,
        speed=np.full(len(order), rules.max_move_speed),
        capacity=np.array(capacity),
        start=np.array([float(round(place.start)) for place in scenario.places]),
        first=np.searchsorted(begin, np.arange(len(number) + 1)).astype(np.int64),
        begin=begin,
        end=end,
        numbers=np.array([rules.max_move_speed, rules.capacity_buffer, rules.weight_power, rules.avoid_short_stints]),
    )
    return days, order


def closures_followed(scenario: Scenario, quirks: frozenset[str]) -> list[Closure]:
    """The closures Flee's rules follow: all, but for those a quirk passes over."""
    passed = [LINK] if "link-closures-do-nothing" in quirks else []
    passed += [FORCED] if "forced-redirection-does-nothing" in quirks else []
    return [closure for closure in scenario.closures if not closure.id.startswith(tuple(passed))]


def _shut(scenario: Scenario, closures: list[Closure], link: int) -> Floats:
    """Whether a link is shut on each day, and whether those under way turn back: (2, T)."""
    shut = np.zeros((2, scenario.period.days))
    for closure in closures:
        if scenario.links[link].id in closure.links:
            days = running(scenario, closure.since, closure.until)
            shut[0] += days
            shut[1] += days * closure.returns_in_transit
    return shut


def _places(scenario: Scenario, settings: Settings) -> tuple[Floats, NDArray[np.bool_], NDArray[np.bool_], Floats]:
    """By day and place: the chance of leaving, whether it is a town, a camp, and its score; each (T, n)."""
    rules, days = settings.rules, scenario.period.days
    kind = np.array([[place.kind for place in scenario.places]] * days, dtype="U8").reshape(days, -1)
    for spell in settings.kinds:
        kind[running(scenario, spell.since, spell.until) > 0, spell.place] = spell.kind
    intensity, decay = _conflicts(scenario, settings)
    kind[kind == "conflict"] = "town"
    is_camp = np.isin(kind, ("camp", "idpcamp"))
    kind[(intensity > 0) & ~is_camp] = "conflict"
    score = np.where(is_camp, rules.camp_weight, 1.0)
    score *= [1.0 if place.country == settings.home else rules.foreign_weight for place in scenario.places]
    score *= np.where(intensity > 0, rules.conflict_weight ** (decay * intensity), 1.0)
    leave = np.vectorize(rules.leave, otypes=[np.float64])(kind)
    leave[is_camp & (intensity > 0)] = rules.conflict_movechance
    return leave, kind == "town", is_camp, score


def _conflicts(scenario: Scenario, settings: Settings) -> tuple[Floats, Floats]:
    """Intensity and decay by day and place, (T, n) each. A conflict that goes on with another intensity is one."""
    intensity = np.zeros((scenario.period.days, len(scenario.places)))
    age = np.zeros_like(intensity)
    for spell in settings.conflicts:
        on = np.flatnonzero(running(scenario, spell.since, spell.until))
        if not len(on):
            continue
        before = on[0] - 1
        goes_on = before >= 0 and intensity[before, spell.place] > 0
        stays = goes_on and "intensity-stays" in settings.quirks
        intensity[on, spell.place] = intensity[before, spell.place] if stays else spell.intensity
        age[on, spell.place] = np.arange(len(on)) + (age[before, spell.place] + 1 if goes_on else 0)
    return intensity, decays(settings.rules, age)


def decays(rules: MoveRules, age: Floats) -> Floats:
    """What is left of a conflict's push and pull so many days after it broke out."""
    if not rules.conflict_spawn_decay:
        return np.ones_like(age)
    steps = np.minimum(age // rules.conflict_spawn_decay_interval, len(rules.conflict_spawn_decay) - 1)
    return np.array(rules.conflict_spawn_decay, np.float64)[steps.astype(np.int64)]
