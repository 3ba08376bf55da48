"""The experiments run: a network fitted to what was known, told of dated records, held against plain rules."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from onward.engines.flows.discrepancy import begin_at_readings
from onward.engines.flows.experiments import Event, Rolling, Scored
from onward.engines.flows.fit import fit
from onward.engines.flows.likelihood import Count
from onward.engines.flows.parameters import Amount, Parameter
from onward.engines.flows.results import Run
from onward.engines.flows.rhythm import stocks
from onward.engines.flows.rolling import NETWORK, POOL, Plan, Rolled, Said, known_counts, roll
from onward.engines.flows.scenario import Row, Scenario
from onward.engines.flows.simulation import simulate
from onward.engines.flows.verdict import Verdict, Weighing, list_spoken, weigh

LAST_KNOWN, LAST_YEAR = "last known rate", "same days last year"
SHUT, BORDER = "shut, and nobody goes round", "encounters times a fixed share"
BANDS = (0.05, 0.25, 0.5, 0.75, 0.95)
type Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Sampling:
    """How runs are made: the seed, where members are computed, and from how many starts each fit climbs."""

    seed: int
    executor: Executor | None = None
    starts: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One count: what the network said (5, 25, 50, 75, 95 %), what plain rules said (their medians), what came."""

    count: Count
    bands: tuple[float, ...]
    plain: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an experiment gave: its lines (of an event), groups of scores, and origins that could not be forecast."""

    experiment: Event | Rolling
    lines: tuple[Line, ...]
    groups: tuple[Verdict, ...]
    left_out: tuple[tuple[date, str], ...]


def run_event(event: Event, sampling: Sampling, tell: Tell) -> Outcome:
    """One origin: everything published by then is fitted, the dated records are told, and what came is scored."""
    scenario = event.scenario.between(event.scenario.period.start, event.end)
    scenario = _only(scenario, {*event.fit, *(one.observation for one in event.scored)})

    def network(then: Scenario) -> Run:
        return fitted(_only(then, event.fit), then, event.about.members, sampling)

    plan = Plan((event.known_until,), (event.end - event.known_until).days, event.about.members, sampling.seed, tell)
    rolled = roll(scenario, network, plan)
    known = known_counts(scenario, event.known_until).counts
    said = [_with_plain(one, asked, event, known) for asked in event.scored for one in rolled.said if _is(asked, one)]
    groups = tuple(
        group(asked.observation, [one for one in said if _is(asked, one)], sampling.seed) for asked in event.scored
    )
    return Outcome(event, tuple(_line(one) for one in said), groups, rolled.left_out)


def run_rolling(rolling: Rolling, sampling: Sampling, tell: Tell) -> Outcome:
    """Every origin of every stretch, its own knots fitted to what was known; the counts grouped by how far ahead."""
    members = rolling.about.members

    def network(then: Scenario) -> Run:
        knotted = with_knots(then, rolling)
        return fitted(knotted, knotted, members, sampling)

    parts: list[Rolled] = []
    for start, until in rolling.stretches:
        scenario = rolling.scenario.between(start, until - timedelta(days=1))
        plan = Plan(_origins(scenario, rolling), rolling.ahead_days, members, sampling.seed, tell)
        parts.append(roll(scenario, network, plan))
    said = [one for part in parts for one in part.said if NETWORK in one.members and len(one.members) > 2]
    groups = [group("all", said, sampling.seed)]
    groups += [group(f"{n} ahead", [one for one in said if _steps(one) == n], sampling.seed) for n in rolling.steps]
    return Outcome(rolling, (), tuple(groups), tuple(gone for part in parts for gone in part.left_out))


def with_knots(then: Scenario, rolling: Rolling) -> Scenario:
    """The scenario with a step of its inflow's log-level in the middle of every so many readings known by then."""
    known = sorted({(row.start, row.end) for row in _rows(then) if row.published_on <= then.period.known_until})
    middles = [start + (end - start) // 2 for start, end in known[rolling.knot_every :: rolling.knot_every]]
    (inflow,) = then.inflows
    made = tuple(
        Parameter(f"{inflow.id}.{day}", "student_t", 0.0, rolling.knot_sd, rolling.knot_df, "knot") for day in middles
    )
    knots = tuple((day, Amount(0.0, one.name)) for day, one in zip(middles, made, strict=True))
    return replace(then, inflows=(replace(inflow, knots=knots),), parameters=(*then.parameters, *made))


def fitted(learn: Scenario, then: Scenario, members: int, sampling: Sampling) -> Run:
    """A run of `then` with parameters drawn from the fit of `learn` to what was known."""
    seed = sampling.seed
    found = fit(learn, draws=members, seed=seed, starts=sampling.starts, executor=sampling.executor)
    run = simulate(then, members=members, draws=found.draws, seed=seed, executor=sampling.executor, keep=())
    return begin_at_readings(run, then, seed)


def _only(scenario: Scenario, names: Iterable[str]) -> Scenario:
    wanted = set(names)
    return replace(scenario, observations=tuple(one for one in scenario.observations if one.id in wanted))


def _rows(scenario: Scenario) -> list[Row]:
    return [row for one in scenario.observations for row in one.rows]


def _origins(scenario: Scenario, rolling: Rolling) -> tuple[date, ...]:
    """The days on which every so many readings came out, once there are enough of them."""
    published: dict[date, date] = {}
    for row in sorted(_rows(scenario), key=lambda row: row.published_on, reverse=True):
        published[row.end] = row.published_on
    days = [published[end] for end in sorted(published)]
    return tuple(days[rolling.fewest - 1 : -1 : rolling.every])


def _is(asked: Scored, one: Said) -> bool:
    return one.count.name == asked.observation and asked.since <= one.count.end < asked.until


def _with_plain(one: Said, asked: Scored, event: Event, known: Sequence[Count]) -> Said:
    """What was said of a count, with what the experiment's own plain rules say: single values, without a band."""
    count, plain = one.count, dict[str, float]()
    own, alike = ([one for one in known if one.name == name] for name in (asked.observation, asked.like))
    past = own or alike
    is_stock = asked.observation in stocks(event.scenario)
    days = 1 if is_stock else count.days
    rate = past[-1].value / (1 if is_stock else past[-1].days) if past else None
    if rate is not None:
        plain[LAST_KNOWN] = rate * days
        plain |= _last_year(count, past)
        if asked.closed_from:
            plain[SHUT] = rate * max(min((asked.closed_from - count.start).days, days), 0)
        if asked.border:
            plain[BORDER] = _share_of_border(event.scenario, asked.border, past[-4:], count)
    points = {name: np.full(event.about.members, value) for name, value in plain.items()}
    return replace(one, members={**one.members, **points})


def _last_year(count: Count, past: Sequence[Count]) -> dict[str, float]:
    """What was counted on the same days a year before, where that was known."""
    year = timedelta(days=365)
    same = [one for one in past if abs(one.end - (count.end - year)).days <= 3 and one.days == count.days]
    return {LAST_YEAR: same[-1].value} if same else {}


def _share_of_border(scenario: Scenario, inflow: str, lately: Sequence[Count], count: Count) -> float:
    """The share of encounters that came over the last known counts, times the encounters of the days asked."""
    met = sum(_met(scenario, inflow, one.start, one.end) for one in lately)
    return sum(one.value for one in lately) / met * _met(scenario, inflow, count.start, count.end) if met else 0.0


def _met(scenario: Scenario, inflow: str, start: date, end: date) -> float:
    """The true number of encounters on some days, each month spread evenly."""
    record = next(one.record for one in scenario.inflows if one.id == inflow)
    met = 0.0
    for row in record:
        shared = (min(row.end, end) - max(row.start, start)).days + 1
        met += row.value * max(shared, 0) / ((row.end - row.start).days + 1)
    return met


def _line(one: Said) -> Line:
    bands = tuple(float(value) for value in np.quantile(one.members[NETWORK], BANDS))
    plain = {name: float(np.median(drawn)) for name, drawn in one.members.items() if name not in (NETWORK, POOL)}
    return Line(one.count, bands, plain)


def _steps(one: Said) -> int:
    """How many weeks, or months of thirty days, after the origin a count ends."""
    days = (one.count.end - one.origin).days
    return round(days / 7) if one.count.start == one.count.end else days // 30 + 1


def group(title: str, said: Sequence[Said], seed: int, *, on_logarithm: bool = False) -> Verdict:
    """Every model that spoke of all counts, judged on them. A pool of fewer than three bands says nothing of its own.

    on_logarithm: skills compare the CRPS of the logarithm, so that small and large places weigh alike.
    """
    if not said:
        return Verdict(title, title, 0, 0, (), ())
    models = list_spoken(said)
    banded = [name for name in models if any(np.ptp(one.members[name]) > 0 for one in said)]
    if len(banded) < 3:
        models = [name for name in models if name != POOL]
    top = np.full(len(said), np.quantile([one.count.value for one in said], 0.9))
    weighing = Weighing(models, top, (NETWORK, POOL), on_logarithm)
    found = weigh((title, title), said, weighing, np.random.default_rng(seed))
    points = [worth if worth.model in (*banded, NETWORK) else replace(worth, coverage={}) for worth in found.worths]
    return replace(found, worths=tuple(points))
