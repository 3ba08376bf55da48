"""What a scenario is: places, links, cohorts, inflows, dated records and observations, all as values.

docs/reference/scenario.md is the format's reference. Counts are people unless an observation says otherwise; days are
whole days; `until` is the first day on which a dated record no longer holds. How a field stands in the file, within
which bounds and naming what, is said once, beside it: see `written`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, Literal

from onward.engines.flows.parameters import Amount, Parameter
from onward.engines.flows.written import REAL, SHARE, As

NOTHING = Amount(0.0)
ONE = Amount(1.0)

Measure = Literal["inflow", "present", "arrivals", "departures", "waiting", "stranded", "unmet", "settled", "left"]
FLOWS = ("inflow", "arrivals", "departures", "stranded", "settled", "left")
STOCKS = ("present", "waiting", "unmet")
Window = Literal["day", "cumulative"]
Unit = Literal["people", "events"]
Share = Annotated[Amount, As(within=SHARE)]
Real = Annotated[Amount, As(within=REAL)]
Since = Annotated[date, As("from")]
Links = Annotated[tuple[str, ...], As(names="link")]
Cohorts = Annotated[tuple[str, ...], As(names="cohort")]


@dataclass(frozen=True, slots=True)
class Period:
    """The days simulated, `start` to `end` inclusive, and the origin of a forecast.

    known_until: the last day on which anything published counts as known. Records published later are not read, and
    the random walk of every inflow begins after its last known day.
    """

    start: date
    end: date
    known_until: date

    @property
    def days(self) -> int:
        """How many days are simulated."""
        return (self.end - self.start).days + 1


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of a stay at a place, such as "stopped" or "claimed". seats: how many a day may pass to the next."""

    name: str
    stay_days: Amount
    seats: Amount | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where people stay. Each stage is a site of the model; a place without stages is one site.

    capacity: people from which on it draws less (soft, for choice). beds: what there is; people beyond them are
    counted as unmet need (hard). attraction: factor on the weight of every link that ends here. settle, leave: weights
    of staying for good and of leaving the system, against the weights of the links out of the last stage.
    """

    id: str
    title: str
    stages: tuple[Stage, ...]
    country: str = ""
    kind: str = ""
    start: float = 0.0
    capacity: Amount | None = None
    beds: Amount | None = None
    attraction: Amount = ONE
    settle: Amount = NOTHING
    leave: Amount = NOTHING
    latitude: Annotated[float | None, As(within=(-90.0, 90.0))] = None
    longitude: Annotated[float | None, As(within=(-180.0, 180.0))] = None


@dataclass(frozen=True, slots=True)
class Link:
    """A way from one site to another. start, end: "place" or "place/stage".

    days: days under way of the quickest; day_shares: shares arriving after days, days + 1, ... (empty: all at once).
    seats: seats a day, None without end. programme_only: open only while a programme runs on it. cost: in the unit
    of the cohorts' cost_effect. cohorts: who may take it (empty: all).
    """

    id: str
    start: Annotated[str, As("from", names="site")]
    end: Annotated[str, As("to", names="site")]
    days: int = 1
    day_shares: tuple[float, ...] = ()
    weight: Amount = ONE
    cost: Annotated[float, As(within=REAL)] = 0.0
    distance_km: float = 0.0
    features: Annotated[tuple[tuple[str, float], ...], As(within=REAL, names="effect")] = ()
    seats: Amount | None = None
    programme_only: bool = False
    mode: str = ""
    cohorts: Cohorts = ()


@dataclass(frozen=True, slots=True)
class Cohort:
    """People who choose alike. share: of those who start, and of inflows that do not say. stay: factor on stays."""

    id: str
    share: Annotated[float, As(within=SHARE)] = 1.0
    stay: Amount = ONE
    cost_effect: Real = NOTHING
    attraction: Annotated[tuple[tuple[str, Amount], ...], As(names="place")] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One published number for the days start..end inclusive.

    qualifier keeps the source's hedge ("over", "nearly"): a bound or a rounded number. file, line: where it stands.
    """

    start: date
    end: date
    value: float
    published_on: date
    qualifier: str = ""
    unit: str = ""
    status: str = ""
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Covariate:
    """A daily quantity whose effect on the log-intensity is effect x value; its last known value holds on."""

    name: str
    effect: Real
    rows: Annotated[tuple[Row, ...], As("file")]


@dataclass(frozen=True, slots=True)
class Inflow:
    """People entering the system at a site.

    Daily intensity = level x record (people a day; 1 without a record) x exp(knots + weekday + season + covariates +
    walk). Knots are steps of the log-level, each reached linearly from the day of the one before. The walk adds
    Student-t steps of walk_sd a day with walk_df degrees of freedom after the last known day. dispersion: size of the
    negative binomial.
    """

    id: str
    place: Annotated[str, As(names="site")]
    level: Amount
    cohorts: Annotated[tuple[tuple[str, float], ...], As(within=SHARE, names="cohort")] = ()
    record: tuple[Row, ...] = ()
    knots: tuple[tuple[date, Amount], ...] = ()
    weekday: tuple[Amount, ...] = ()
    season: Annotated[Amount, As("season.amplitude", within=REAL, needed=True)] = NOTHING
    season_peak: Annotated[date | None, As("season.peak", needed=True)] = None
    covariates: tuple[Covariate, ...] = ()
    dispersion: Amount = Amount(20.0)
    walk_sd: Annotated[Amount, As("walk.sd", needed=True)] = NOTHING
    walk_df: Annotated[float, As("walk.df")] = 4.0


@dataclass(frozen=True, slots=True)
class Programme:
    """Seats on a link between dates. Diverted riders choose it (weight); induced ones would have stayed.

    seats: dated steps (from day, seats a day). fill: share of seats that can be filled. induced: chance a day that
    somebody who would have stayed takes it (a hazard).
    """

    id: str
    link: Annotated[str, As(names="link")]
    since: Since
    until: date | None
    seats: tuple[tuple[date, float], ...]
    fill: Share = ONE
    weight: Amount = ONE
    induced: Amount = NOTHING
    title: str = ""
    precedent: str = ""


@dataclass(frozen=True, slots=True)
class Closure:
    """Links shut between dates. leak: factor on their weight that remains.

    fade_days: how the rest fades (0: at once). returns_in_transit: those under way on the first day are back at their
    start. Of those who would have gone, `substitution` take the substitute link and `waits` wait where they are; the
    others choose among what is open. anticipation: factor on the links' weight from announced to since.
    """

    id: str
    links: Links
    since: Since
    until: date | None
    leak: Share = NOTHING
    fade_days: float = 0.0
    returns_in_transit: Annotated[bool, As("in_transit")] = False
    substitute: Annotated[str, As(names="link")] = ""
    substitution: Share = NOTHING
    waits: Share = NOTHING
    announced: date | None = None
    anticipation: Amount = ONE
    title: str = ""
    precedent: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that changes on a date: a factor on links, on inflows or on leaving places, for some cohorts or all.

    turned_back: share of those setting out on the links who are back at their start the same day. anticipation:
    factor on the same links and inflows from announced to since.
    """

    id: str
    since: Since
    until: date | None
    links: Links = ()
    inflows: Annotated[tuple[str, ...], As(names="inflow")] = ()
    places: Annotated[tuple[str, ...], As(names="site")] = ()
    cohorts: Cohorts = ()
    factor: Amount = ONE
    turned_back: Share = NOTHING
    announced: date | None = None
    anticipation: Amount = ONE
    title: str = ""
    precedent: str = ""


@dataclass(frozen=True, slots=True)
class CapacityChange:
    """Another capacity or number of beds at a place between dates; None leaves it as it is."""

    id: str
    place: Annotated[str, As(names="place")]
    since: Since
    until: date | None
    capacity: Amount | None = None
    beds: Amount | None = None
    title: str = ""
    precedent: str = ""


@dataclass(frozen=True, slots=True)
class ReturnFlow:
    """People who would have stayed take a link between dates: `chance` a day (a hazard), without a limit of seats."""

    id: str
    link: Annotated[str, As(names="link")]
    since: Since
    until: date | None
    chance: Amount
    title: str = ""
    precedent: str = ""


Dated = Programme | Closure | Rule | CapacityChange | ReturnFlow
KINDS: dict[str, type[Dated]] = {
    "programmes": Programme,
    "closures": Closure,
    "rules": Rule,
    "capacities": CapacityChange,
    "returns": ReturnFlow,
}
"""The dated records by the name of their tables."""


@dataclass(frozen=True, slots=True)
class Observation:
    """A published series and what of the model it counts: rate x (delayed sum over `of`) + offset.

    of: places or sites (inflow, present, arrivals, stranded, unmet, settled, left) or links (departures, waiting).
    window: "day" rows count their own days, "cumulative" rows count from `since` to their last day. A stock is the
    mean over the row's days. delay: shares reported 0, 1, 2, ... days later. dispersion: size of the negative binomial.
    """

    id: str
    title: str
    measure: Measure
    of: tuple[str, ...]
    unit: Unit
    rows: Annotated[tuple[Row, ...], As("file")]
    window: Window = "day"
    since: date | None = None
    rate: Share = ONE
    offset: Amount = NOTHING
    delay: tuple[float, ...] = (1.0,)
    dispersion: Amount = Amount(50.0)


@dataclass(frozen=True, slots=True)
class Noise:
    """Concentrations of the beta-binomial leaving and the Dirichlet-multinomial choice: less is more scattered."""

    leave: Amount = Amount(50.0)
    choose: Amount = Amount(50.0)


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read, as named in the scenario, and its SHA-256."""

    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """All that a run reads. parameters gives the order of every parameter vector.

    movement: "choice" (the rules above) or the name of another rule of movement, whose own settings are in
    movement_settings and whose files lie in folder.
    """

    title: str
    period: Period
    places: tuple[Place, ...]
    links: tuple[Link, ...]
    cohorts: tuple[Cohort, ...]
    inflows: tuple[Inflow, ...] = ()
    effects: tuple[tuple[str, Amount], ...] = ()
    programmes: tuple[Programme, ...] = ()
    closures: tuple[Closure, ...] = ()
    rules: tuple[Rule, ...] = ()
    capacities: tuple[CapacityChange, ...] = ()
    returns: tuple[ReturnFlow, ...] = ()
    observations: tuple[Observation, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    noise: Noise = Noise()
    seed: int = 1
    movement: str = "choice"
    movement_settings: Mapping[str, object] = field(default_factory=dict)
    folder: str = ""
    sources: tuple[Source, ...] = ()

    def between(self, start: date, end: date) -> "Scenario":
        """The scenario from one day to another at the most, with the observed rows that lie between."""
        start, end = max(start, self.period.start), min(end, self.period.end)
        kept = (tuple(row for row in one.rows if start <= row.start and row.end <= end) for one in self.observations)
        observed = tuple(replace(one, rows=rows) for one, rows in zip(self.observations, kept, strict=True))
        return replace(self, period=replace(self.period, start=start, end=end), observations=observed)

    @property
    def dated(self) -> tuple[Dated, ...]:
        """Every dated record, kind by kind."""
        return tuple(record for kind in KINDS for record in getattr(self, kind))

    @property
    def sites(self) -> tuple[str, ...]:
        """Every site's name in order: "place" where a place has one stage without a name, else "place/stage"."""
        return tuple(f"{p.id}/{s.name}" if s.name else p.id for p in self.places for s in p.stages)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A scenario changed by a small dated file: what it is called, its opposite's file, and what has no precedent.

    assumed: ids of its dated records without a precedent in the record; their effects are their priors.
    """

    id: str
    title: str
    opposite: str
    question: str
    scenario: Scenario
    assumed: tuple[str, ...]
