"""What-ifs: the same members with and without a change, their differences with bands, who is displaced or stranded."""

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass, fields, replace
from datetime import date

import numpy as np

from onward.core.errors import BadInput, message
from onward.engines.flows.parameters import Amount, Floats, Parameter, draw_prior, natural
from onward.engines.flows.results import Run
from onward.engines.flows.scenario import FLOWS, Dated, Scenario, WhatIf
from onward.engines.flows.simulation import simulate

LEVELS = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
FEWEST_MEMBERS, FEWEST_DRAWS = 100, 20
AT_END = ("present", "unmet", "travelling")


@dataclass(frozen=True, slots=True)
class Change:
    """What a change does to one series over the days compared: quantiles (7,) at LEVELS.

    is_end: a stock, read on the last day; else summed over the days. less, more: share of members with fewer, with
    more; the rest are equal.
    """

    measure: str
    of: str
    title: str
    is_end: bool
    as_is: Floats
    as_if: Floats
    difference: Floats
    less: float
    more: float


@dataclass(frozen=True, slots=True)
class Daily:
    """One series day by day: quantiles (7, days) as it is, as if, and of the paired difference."""

    name: str
    days: tuple[date, ...]
    as_is: Floats
    as_if: Floats
    difference: Floats


@dataclass(frozen=True, slots=True)
class Assumed:
    """An effect without a precedent in the record, and in words the numbers that were assumed for it."""

    record: str
    title: str
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A what-if against the scenario as it is, over the days since..until."""

    id: str
    title: str
    question: str
    opposite: str
    since: date
    until: date
    members: int
    seed: int
    as_is_sha256: str
    as_if_sha256: str
    assumed: tuple[Assumed, ...]
    changes: tuple[Change, ...]
    daily: tuple[Daily, ...]

    def of(self, measure: str) -> tuple[Change, ...]:
        """The changes of one measure, the largest first."""
        chosen = (one for one in self.changes if one.measure == measure)
        return tuple(sorted(chosen, key=lambda one: -abs(one.difference[3])))


@dataclass(frozen=True, slots=True)
class Pairing:
    """How the two are run: draws (n, P) of the scenario's parameters, members, seed, until which day, and where.

    daily: series wanted day by day, such as "arrivals:montreal".
    """

    draws: Floats
    members: int
    seed: int
    until: date | None = None
    daily: tuple[str, ...] = ()
    executor: Executor | None = None


def compare(base: Scenario, what_ifs: Iterable[WhatIf], pairing: Pairing) -> tuple[Comparison, ...]:
    """Every what-if against the same run of the scenario as it is.

    Member m takes the same draw and the same chances on both sides, so that what differs is the change alone. New
    parameters of a what-if are drawn from their priors. Raises BadInput for a comparison without bands: a single draw
    of the parameters, or too few members.
    """
    _refuse_points(pairing)
    as_is = _run(base, pairing.draws, pairing)
    return tuple(_against(base, as_is, one, pairing) for one in what_ifs)


def _refuse_points(pairing: Pairing) -> None:
    distinct = len(np.unique(pairing.draws, axis=0)) if pairing.draws.shape[1] else FEWEST_DRAWS
    if pairing.members < FEWEST_MEMBERS or distinct < FEWEST_DRAWS:
        raise BadInput(
            "flow.point_only",
            message("%(members)s members of %(draws)s draws have no honest band; a what-if is not told without one."),
            remedy=message("Take at least %(fewest)s members of a fit or of the priors."),
            field="members",
            values={"members": pairing.members, "draws": distinct, "fewest": FEWEST_MEMBERS},
        )


def _run(scenario: Scenario, draws: Floats, pairing: Pairing) -> Run:
    end = min(pairing.until or scenario.period.end, scenario.period.end)
    cut = replace(scenario, period=replace(scenario.period, end=end), observations=())
    vectors = draws if draws.shape[1] else None
    keep = (*FLOWS, *AT_END)
    return simulate(
        cut, members=pairing.members, draws=vectors, seed=pairing.seed, executor=pairing.executor, keep=keep
    )


def _against(base: Scenario, as_is: Run, what_if: WhatIf, pairing: Pairing) -> Comparison:
    changed = what_if.scenario
    new = changed.parameters[len(base.parameters) :]
    rng = np.random.default_rng((pairing.seed, *what_if.id.encode()))
    draws = np.concatenate([pairing.draws, draw_prior(new, len(pairing.draws), rng)], axis=1)
    as_if = _run(changed, draws, pairing)
    first = _begins(base, changed) or as_is.start
    days = tuple(day for day in as_is.days if day >= first) or as_is.days[-1:]
    titles = {one.id: one.title for one in base.places} | {one.id: one.id.replace("-", " ") for one in base.links}
    shared = [name for name in as_is.series if name in as_if.series]
    return Comparison(
        what_if.id,
        what_if.title,
        what_if.question,
        what_if.opposite,
        days[0],
        days[-1],
        pairing.members,
        pairing.seed,
        as_is.inputs_sha256,
        as_if.inputs_sha256,
        tuple(_assumed(one, changed) for one in changed.dated if one.id in what_if.assumed),
        tuple(_change(name, titles, _paired(as_is, as_if, name, len(days))) for name in shared),
        tuple(_daily(name, days, _paired(as_is, as_if, name, len(days))) for name in shared if name in pairing.daily),
    )


type _Pair = tuple[Floats, Floats]


def _paired(as_is: Run, as_if: Run, name: str, days: int) -> _Pair:
    """The last so many days of a series on both sides, (members, days) each."""
    one, other = (run.of(name)[:, -days:].astype(np.float64) for run in (as_is, as_if))
    return one, other


def _change(name: str, titles: dict[str, str], pair: _Pair) -> Change:
    measure, _, of = name.partition(":")
    is_end = measure in AT_END
    reduce: Callable[[Floats], Floats] = (lambda days: days[:, -1]) if is_end else (lambda days: days.sum(axis=1))
    as_is, as_if = (reduce(one) for one in pair)
    difference = as_if - as_is
    return Change(
        measure,
        of,
        titles.get(of, of.replace("/", ", ")) or "all places",
        is_end,
        np.quantile(as_is, LEVELS),
        np.quantile(as_if, LEVELS),
        np.quantile(difference, LEVELS),
        float((difference < 0).mean()),
        float((difference > 0).mean()),
    )


def _daily(name: str, days: tuple[date, ...], pair: _Pair) -> Daily:
    as_is, as_if = pair
    return Daily(name, days, *(np.quantile(one, LEVELS, axis=0) for one in (as_is, as_if, as_if - as_is)))


def _begins(base: Scenario, other: Scenario) -> date | None:
    """The first day of any dated record, or of its announcement, that only one of the two has or has otherwise."""
    differing = [
        *(one for one in base.dated if one not in other.dated),
        *(one for one in other.dated if one not in base.dated),
    ]
    return min((getattr(one, "announced", None) or one.since for one in differing), default=None)


def _assumed(record: Dated, scenario: Scenario) -> Assumed:
    by_name = {one.name: one for one in scenario.parameters}
    numbers = []
    for place in fields(record):
        value = getattr(record, place.name)
        if isinstance(value, Amount) and value.parameter:
            numbers.append(f"{place.name.replace('_', ' ')} {describe(by_name[value.parameter])}")
        elif isinstance(value, Amount) and value != place.default:
            numbers.append(f"{place.name.replace('_', ' ')} {value.value:g} as written")
    return Assumed(record.id, record.title or record.id, tuple(numbers))


def describe(parameter: Parameter) -> str:
    """A prior in words: its middle and the range that holds 80 % of it, in its own unit."""
    reach = parameter.location + np.array([[-1.2816], [1.2816]]) * parameter.sd
    low, high = natural((parameter,), reach)[:, 0]
    return f"about {parameter.centre:.3g}, {low:.2g} to {high:.2g} in 80 % of its prior"
