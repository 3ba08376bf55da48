"""Observations against a run: which columns each counts, over which days, and with what rate, offset and noise."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onward.engines.flows.amounts import Amounts
from onward.engines.flows.kernel_report import Rows, draw_reports, row_quantities
from onward.engines.flows.kernel_shapes import Floats, Ints
from onward.engines.flows.layout import keys_of
from onward.engines.flows.results import ReportedRow
from onward.engines.flows.scenario import STOCKS, Observation, Scenario


@dataclass(frozen=True, slots=True)
class Reporting:
    """All observations of a scenario, laid on the series of its movement."""

    names: tuple[str, ...]
    rows: Rows
    reported: tuple[ReportedRow, ...]
    columns: Ints
    column_at: Ints
    amounts: Amounts
    laws: Ints  # (3, O) rate, offset, size

    def daily(self, counts: NDArray[np.int64] | Floats) -> NDArray[np.int64] | Floats:
        """What each observation counts by day: (members, T, B) to (members, T, O)."""
        if not self.names:
            return counts[:, :, :0]
        summed: NDArray[np.int64] | Floats = np.add.reduceat(counts[:, :, self.columns], self.column_at, axis=2)
        return summed

    def expected(self, daily: Floats, theta: Floats) -> tuple[Floats, Floats]:
        """Expectation and size of the negative binomial of every row: daily (T, O) to two of (W,)."""
        rate, offset, size = self.amounts.values(theta)[self.laws]
        quantity = row_quantities(self.rows, daily[None])[0]
        seen = self.rows.seen
        return rate[seen] * quantity + offset[seen], size[seen]

    def drawn(self, daily: NDArray[np.int64], theta: Floats, *, members: Ints, seed: int) -> tuple[Floats, Floats]:
        """What would be published, before its noise and with it: daily (members, T, O) to two of (members, W)."""
        rate, offset, size = self.amounts.values(theta)[self.laws]
        quantity = row_quantities(self.rows, daily.astype(np.float64))
        seen = self.rows.seen
        reports = draw_reports(self.rows, quantity, (rate, offset, size), np.uint64(seed), members)
        return rate[seen] * quantity + offset[seen], reports


def reporting(scenario: Scenario, series: tuple[str, ...]) -> Reporting:
    """The observations of a scenario over these series."""
    observations, amounts = scenario.observations, Amounts(scenario.parameters)
    at = {name: column for column, name in enumerate(series)}
    columns = [[at[_series_name(o, name, at)] for name in o.of] for o in observations]
    rows = [(n, row) for n, o in enumerate(observations) for row in _windows(o)]
    start = scenario.period.start
    return Reporting(
        names=tuple(observation.id for observation in observations),
        rows=Rows(
            seen=np.array([n for n, _ in rows], np.int64),
            first=np.array([(row.start - start).days for _, row in rows], np.int64),
            last=np.array([(row.end - start).days for _, row in rows], np.int64),
            is_mean=np.array([o.measure in STOCKS for o in observations], np.int64),
            is_running=np.array([o.window == "cumulative" for o in observations], np.int64),
            delay_at=np.cumsum([0, *(len(o.delay) for o in observations)]).astype(np.int64),
            delay=np.array([share for o in observations for share in o.delay], np.float64),
            key=keys_of([f"{row.observation}|{row.start}|{row.end}|{row.published_on}" for _, row in rows]),
        ),
        reported=tuple(row for _, row in rows),
        columns=np.array([column for of in columns for column in of], np.int64),
        column_at=np.cumsum([0, *map(len, columns)])[:-1].astype(np.int64),
        amounts=amounts,
        laws=np.array(
            [amounts.indices([getattr(o, law) for o in observations]) for law in ("rate", "offset", "dispersion")]
        ),
    )


def _series_name(observation: Observation, name: str, at: dict[str, int]) -> str:
    """The series of a place or stage; a stage that is its place's only one has the place's."""
    wanted = f"{observation.measure}:{name}"
    return wanted if wanted in at else wanted.partition("/")[0]


def _windows(observation: Observation) -> list[ReportedRow]:
    """Its rows with the days they count; a cumulative row counts from the observation's first day."""
    since = observation.since if observation.window == "cumulative" else None
    return [
        ReportedRow(
            observation=observation.id,
            start=since or row.start,
            end=row.end,
            value=row.value,
            published_on=row.published_on,
            qualifier=row.qualifier,
            window=observation.window,
        )
        for row in observation.rows
    ]
