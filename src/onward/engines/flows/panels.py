"""What is drawn: published series with what a run says of them, places day by day, what-ifs and past forecasts."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from onward.core.errors import NotFound, message
from onward.engines.flows.chart import LEVELS, Curve, Mark, Panel
from onward.engines.flows.compare import Comparison, Daily
from onward.engines.flows.likelihood import Count, gather
from onward.engines.flows.parameters import Floats
from onward.engines.flows.results import ReportedRow, Run
from onward.engines.flows.rhythm import stocks
from onward.engines.flows.rolling import POOL, Rolled, Said
from onward.engines.flows.scenario import STOCKS, Observation, Scenario

MOST_PANELS = 4


def run_panels(run: Run, scenario: Scenario, names: Sequence[str]) -> list[Panel]:
    """A panel for each observation or series named; without names the first observations, else the first places.

    run: of the scenario with its questions asked (rhythm.ask_ahead). Raises NotFound for a name of neither.
    """
    held = {one.id: one for one in scenario.observations}
    chosen = list(names) or _best_known(scenario) or [one for one in run.series if one.startswith("arrivals:")]
    return [
        _observed(run, scenario, held[name]) if name in held else _series(run, scenario, name)
        for name in chosen[: max(MOST_PANELS, len(names))]
    ]


def _best_known(scenario: Scenario) -> list[str]:
    """The observations of which most was published by the origin."""
    until = scenario.period.known_until
    known = {one.id: sum(row.published_on <= until for row in one.rows) for one in scenario.observations}
    return sorted((name for name in known if known[name] > 1), key=lambda name: -known[name])


def _observed(run: Run, scenario: Scenario, observation: Observation) -> Panel:
    evidence = gather(run.rows, stocks(scenario), date.max)
    said = evidence.expected(run.reported)
    is_stock = observation.measure in STOCKS
    days: list[date] = []
    heights: list[Floats] = []
    for n, one in enumerate(evidence.counts):
        if one.name != observation.id or (days and _begun(one) <= days[-1]):
            continue
        height = np.quantile(said[:, n] / _length(one, is_stock=is_stock), LEVELS)
        ends = dict.fromkeys((one.end if is_stock else _begun(one), one.end))
        days += list(ends)
        heights += [height] * len(ends)
    curve = Curve("forecast", days, np.array(heights).reshape(-1, len(LEVELS)).T)
    unit = observation.unit if is_stock else f"{observation.unit} a day"
    return Panel(observation.title, unit, [curve], _marks(scenario, observation), _origin(scenario))


def _marks(scenario: Scenario, observation: Observation) -> list[Mark]:
    """What was published: known by the origin, or only later."""
    rows = [
        ReportedRow(
            observation.id,
            observation.since or row.start if observation.window == "cumulative" else row.start,
            row.end,
            row.value,
            row.published_on,
            row.qualifier,
            observation.window,
        )
        for row in observation.rows
    ]
    is_stock = observation.measure in STOCKS
    until = scenario.period.known_until
    return [
        Mark(_begun(one), one.end, one.value / _length(one, is_stock=is_stock), one.published_on <= until)
        for one in gather(rows, frozenset(), date.max).counts
    ]


def _begun(one: Count) -> date:
    """The first day of a count; a cumulative one begins the day after the reading before it."""
    return min(one.end, one.first)


def _length(one: Count, *, is_stock: bool) -> float:
    return 1.0 if is_stock else float((one.end - _begun(one)).days + 1)


def _origin(scenario: Scenario) -> date | None:
    period = scenario.period
    return period.known_until if period.start <= period.known_until < period.end else None


def _series(run: Run, scenario: Scenario, name: str) -> Panel:
    if name not in run.series:
        raise NotFound(
            "flow.nothing_called_so",
            message("There is neither an observation nor a series “%(name)s”."),
            remedy=message("There are %(some)s."),
            values={"name": name, "some": ", ".join([*(one.id for one in scenario.observations), *run.series[:6]])},
        )
    quantiles: Floats = np.quantile(run.of(name), LEVELS, axis=0)
    measure, _, of = name.partition(":")
    titles = {place.id: place.title for place in scenario.places}
    unit = "people" if measure in STOCKS else "people a day"
    curve = Curve("forecast", run.days, quantiles)
    return Panel(f"{titles.get(of, of)}: {measure}", unit, [curve], (), _origin(scenario))


def what_if_panels(comparison: Comparison, names: Sequence[str]) -> list[Panel]:
    """For each series named: as it is and as if on one chart, the paired difference with its band below."""
    return [panel for one in comparison.daily if one.name in names for panel in _pair(one, comparison.title)]


def _pair(one: Daily, what_if: str) -> list[Panel]:
    measure, _, of = one.name.partition(":")
    title = f"{what_if}. {of.replace('-', ' ').title()}: {measure}"
    unit = "people" if measure in STOCKS else "people a day"
    both = [Curve("as it is", one.days, one.as_is), Curve("as if", one.days, one.as_if)]
    difference = [Curve("difference", one.days, one.difference)]
    return [Panel(title, unit, both), Panel(f"{title}, difference of pairs", unit, difference)]


def scored_panels(rolled: Rolled, scenario: Scenario, names: Sequence[str]) -> list[Panel]:
    """For each series scored: what was said of each count from the nearest origin before it, and what came."""
    nearest: dict[tuple[str, date], Said] = {}
    for one in rolled.said:
        key = one.count.name, one.count.end
        if key not in nearest or one.origin > nearest[key].origin:
            nearest[key] = one
    scored = dict.fromkeys(name for name, _ in nearest)
    chosen = [name for name in names or scored if name in scored]
    panels = []
    for observation in scenario.observations:
        if observation.id in chosen[: max(MOST_PANELS, len(names))]:
            is_stock = observation.measure in STOCKS
            said = [nearest[key] for key in sorted(nearest) if key[0] == observation.id]
            bands = [np.quantile(one.members[POOL] / _length(one.count, is_stock=is_stock), LEVELS) for one in said]
            curve = Curve("forecast", [one.count.end for one in said], np.array(bands).T)
            marks = [
                Mark(
                    one.count.end,
                    one.count.end,
                    one.count.value / _length(one.count, is_stock=is_stock),
                    is_known=False,
                )
                for one in said
            ]
            unit = observation.unit if is_stock else f"{observation.unit} a day"
            panels.append(Panel(observation.title, unit, [curve], marks))
    return panels
