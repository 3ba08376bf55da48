"""What a run leaves: counts by member, day and series, what would be reported, and how it was made."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from onward.core.errors import NotFound, message
from onward.engines.flows.parameters import Floats

Counts = NDArray[np.int32] | NDArray[np.int64] | Floats


@dataclass(frozen=True, slots=True)
class ReportedRow:
    """One row of an observation: what it is compared with in the `reported` array, column by column."""

    observation: str
    start: date
    end: date
    value: float
    published_on: date
    qualifier: str
    window: str


@dataclass(frozen=True, slots=True)
class Run:
    """A sampled ensemble (integers) or one mean pass (floats, a single member).

    counts: (member, day, series), axes named by `series` and `start`. Series are named MEASURE:ID, such as
    "present:montreal", "arrivals:montreal", "unmet:montreal", "stranded:plattsburgh", "settled:montreal",
    "left:montreal", "inflow:el-paso", "departures:LINK", "waiting:LINK", and "observed:OBSERVATION" (the counted
    quantity of a day, before reporting rate, delay and noise); "entered", "travelling", "settled", "left" and
    "present" without an id are totals. reported: (member, row), one column for each of `rows`; expected: the same
    before the noise of reporting.
    """

    series: tuple[str, ...]
    start: date
    counts: Counts
    rows: tuple[ReportedRow, ...]
    expected: Floats
    reported: Floats
    seed: int
    version: str
    inputs_sha256: str
    draws_sha256: str

    @property
    def members(self) -> int:
        """How many members there are; 1 for a mean pass."""
        return int(self.counts.shape[0])

    @property
    def days(self) -> tuple[date, ...]:
        """The days of the second axis."""
        return tuple(self.start + timedelta(days=day) for day in range(self.counts.shape[1]))

    def of(self, name: str) -> Counts:
        """The counts of one series, shape (member, day). Raises NotFound where the run did not keep it."""
        if name not in self.series:
            raise NotFound(
                "flows.series_unknown",
                message("This run has no series “%(name)s”."),
                remedy=message("It has %(some)s ..."),
                values={"name": name, "some": ", ".join(self.series[:8])},
            )
        return self.counts[:, :, self.series.index(name)]

    def quantiles(self, name: str, levels: tuple[float, ...]) -> Floats:
        """Quantiles of one series over members, shape (level, day)."""
        return np.quantile(self.of(name), levels, axis=0)
