"""The tables of onward flow: what follows each chart, number for number."""

from collections.abc import Sequence
from datetime import date

import numpy as np
from rich.table import Table

from onward.engines.flows.compare import Comparison
from onward.engines.flows.fit import Fit
from onward.engines.flows.likelihood import Count, gather
from onward.engines.flows.results import Run
from onward.engines.flows.rhythm import stocks
from onward.engines.flows.scenario import Scenario
from onward.engines.flows.summary import HIGH, LOW, MIDDLE, count, percent
from onward.engines.flows.verdict import Record
from onward.faces.cli.flow_showing import table_of

SHOWN_AHEAD = 4
"""Steps ahead of each series that are shown."""


def reported_table(run: Run, scenario: Scenario) -> Table | None:
    """What would be published next of each series: 80 % band and middle; without bands the expectation."""
    evidence = gather(run.rows, stocks(scenario), date.max)
    said = evidence.expected(run.reported)
    titles = {one.id: one.title for one in scenario.observations}
    rows, shown = [], dict.fromkeys(titles, 0)
    for place, one in enumerate(evidence.counts):
        if np.isnan(one.value) and shown[one.name] < SHOWN_AHEAD:
            shown[one.name] += 1
            low, middle, high = np.quantile(said[:, place], (0.1, 0.5, 0.9))
            band = f"{count(low)} to {count(high)}" if run.members > 1 else "none"
            rows.append([titles[one.name], _days(one), band, count(middle)])
    return table_of("What would be published next", ["series", "days", "80 % band", "middle"], rows) if rows else None


def _days(one: Count) -> str:
    return str(one.end) if one.first >= one.end else f"{one.first} to {one.end}"


def fit_table(fit: Fit) -> Table:
    """Every parameter before and after, in its own unit."""
    bands = fit.quantiles((0.1, 0.5, 0.9))
    learned = set(fit.learned)
    rows = [
        [
            one.name,
            f"{one.centre:.3g}",
            f"{bands[0, n]:.3g} to {bands[2, n]:.3g}",
            f"{bands[1, n]:.3g}",
            "learned" if one.name in learned else "prior stands",
        ]
        for n, one in enumerate(fit.parameters)
    ]
    return table_of("Parameters", ["parameter", "prior", "80 % band", "middle", ""], rows)


def record_table(record: Record) -> Table:
    """Every model on every series."""
    rows = [
        [
            one.title,
            worth.model,
            count(one.counts),
            f"{worth.crps:,.4g}",
            f"{worth.log_crps:.3f}",
            f"{worth.tail_crps:,.4g}",
            " / ".join(percent(share) for share in worth.coverage.values()),
        ]
        for one in record.verdicts
        for worth in one.worths
    ]
    columns = ["series", "model", "counts", "CRPS", "log CRPS", "upper tail", "50 / 80 / 90 % bands held"]
    return table_of("Scores: less is better", columns, rows)


def what_ifs_table(comparisons: Sequence[Comparison]) -> Table:
    """Arrivals, stranding and unmet need of every place, for every what-if."""
    rows = [
        [
            comparison.title,
            f"{change.title}, {change.measure}",
            *(f"{count(side[LOW])} to {count(side[HIGH])}" for side in (change.as_is, change.as_if)),
            f"{change.difference[LOW]:+,.0f} to {change.difference[HIGH]:+,.0f}",
            f"{change.difference[MIDDLE]:+,.0f}",
        ]
        for comparison in comparisons
        for measure in ("arrivals", "stranded", "unmet")
        for change in comparison.of(measure)
        if change.difference.any() and "/" not in change.of
    ]
    columns = ["what if", "place", "as it is, 80 %", "as if, 80 %", "difference, 80 %", "middle"]
    return table_of("Paired differences", columns, rows)
