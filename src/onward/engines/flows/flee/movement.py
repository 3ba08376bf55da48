"""Flee's rules as a movement of a scenario: means and members of its series for any parameter vector."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onward.core.errors import BrokenPromise, message
from onward.engines.flows.arrays import Choice
from onward.engines.flows.arrays import movement as choice_of
from onward.engines.flows.flee.days import lay_days, read_table
from onward.engines.flows.flee.kernel_flee import BINS, FleeDays, State, run_member
from onward.engines.flows.kernel_ensemble import WALK_BOUND
from onward.engines.flows.kernel_shapes import ENTERED, PRESENT, TRAVELLING, Floats, Ints
from onward.engines.flows.parameters import natural
from onward.engines.flows.scenario import Scenario

CLASSES = 3
"""Memory classes of how far people came lately; the parity in docs/reference/flee.md is measured with these."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where in the series each place's and link's numbers stand: (n,), (n,), (n,), (e,)."""

    present: Ints
    arrivals: Ints
    inflow: Ints
    departures: Ints


@dataclass(frozen=True, slots=True)
class FleeMovement:
    """Flee's rules for one scenario. choice: its inflows; days: every attraction at 1; at: the inflows' places (G,)."""

    scenario: Scenario
    choice: Choice
    days: FleeDays
    columns: Columns
    at: Ints
    power: float

    @property
    def series(self) -> tuple[str, ...]:
        """Names of the series, as for the choice movement; what Flee's rules do not know stays zero."""
        return self.choice.series

    def mean(self, theta: Floats) -> Floats:
        """Expectations for parameters on the working scale, shape (T, series)."""
        rates = self.choice.rates(theta)
        coming = self._by_place(rates.intensity * rates.walk_mean)
        return self._run(self._attracted(theta), coming, np.zeros(2, np.uint64))

    def members(self, theta: Floats, *, members: Ints, seed: int) -> NDArray[np.int64]:
        """Whole people of members by number, shape (members, T, series); each depends on its number and the seed."""
        days, rates = self._attracted(theta), self.choice.rates(theta)
        out = np.zeros((len(members), self.scenario.period.days, len(self.series)), np.int64)
        for n, member in enumerate(members):
            generator = np.random.default_rng(np.random.SeedSequence((seed, int(member))))
            draw = np.array([generator.integers(2**64, dtype=np.uint64), 1], np.uint64)
            coming = self._coming(generator, rates.intensity, rates.inflow_laws)
            out[n] = self._run(days, self._by_place(coming), draw)
        return out

    def _attracted(self, theta: Floats) -> FleeDays:
        """The days with the attraction of each place as the parameters have it."""
        values = dict(
            zip((p.name for p in self.scenario.parameters), natural(self.scenario.parameters, theta), strict=True)
        )
        amounts = [place.attraction for place in self.scenario.places]
        factor = np.array([values.get(amount.parameter, amount.value) for amount in amounts])
        return self.days._replace(weight=self.days.weight * factor[self.days.end] ** self.power)

    def _coming(self, generator: np.random.Generator, expected: Floats, laws: Floats) -> Floats:
        """Whole people entering by day and inflow, (T, G): while the record is known its total, divided by chance.

        After it: a Student-t walk of the log-intensity and negative binomial counts. laws (G, 3): see Rates.
        """
        size, walk_sd, walk_df = laws.T
        is_known = np.arange(len(expected))[:, None] <= self.choice.network.inflows[:, 1]
        out = _whole(generator, expected * is_known)
        if not is_known.all():
            steps = generator.standard_t(walk_df, expected.shape).clip(-WALK_BOUND, WALK_BOUND)
            walk = np.cumsum(np.where(is_known, 0.0, steps * walk_sd), axis=0)
            likely = expected * np.exp(walk) * generator.gamma(size, 1.0 / size, expected.shape)
            out += np.where(is_known, 0, generator.poisson(likely))
        return out

    def _by_place(self, coming: Floats) -> Floats:
        """People by inflow (T, G) as people by place (T, n)."""
        out = np.zeros((len(coming), len(self.scenario.places)))
        for g, place in enumerate(self.at):
            out[:, place] += coming[:, g]
        return out

    def _run(self, days: FleeDays, coming: Floats, draw: NDArray[np.uint64]) -> Floats:
        at_places = np.zeros((2, *coming.shape))
        on_links = np.zeros((2, len(coming), len(days.km)))
        run_member(days, _nobody(days, draw), coming, (at_places, on_links))
        out = np.zeros((len(coming), len(self.series)))
        out[:, ENTERED] = days.start.sum() + np.cumsum(coming.sum(axis=1))
        out[:, PRESENT], out[:, TRAVELLING] = at_places[0].sum(axis=1), on_links[0].sum(axis=1)
        self._check(out)
        out[:, self.columns.present] = at_places[0]
        out[:, self.columns.arrivals] = at_places[1] + coming
        out[:, self.columns.inflow] = coming
        out[:, self.columns.departures] = on_links[1]
        return out

    def _check(self, out: Floats) -> None:
        lost = np.abs(out[:, ENTERED] - out[:, PRESENT] - out[:, TRAVELLING]) > 1e-9 * out[:, ENTERED]
        if lost.any():
            raise BrokenPromise(
                "flows.not_conserved",
                message("People were lost or made on day %(day)s."),
                values={"day": int(np.argmax(lost))},
            )


def movement(scenario: Scenario) -> FleeMovement:
    """Flee's rules for a scenario that has passed its checks. Raises ScenarioRefused for a [flee] table with faults."""
    settings = read_table(scenario)
    days, order = lay_days(scenario, settings)
    choice = choice_of(scenario)
    column = {name: n for n, name in enumerate(choice.series)}
    place = {one.id: n for n, one in enumerate(scenario.places)}

    def of(what: str, ids: list[str]) -> Ints:
        return np.array([column[f"{what}:{id_}"] for id_ in ids], np.int64)

    columns = Columns(
        present=of("present", list(place)),
        arrivals=of("arrivals", list(place)),
        inflow=of("inflow", list(place)),
        departures=of("departures", [scenario.links[e].id for e in order]),
    )
    at = np.array([place[inflow.place.partition("/")[0]] for inflow in scenario.inflows], np.int64)
    return FleeMovement(scenario, choice, days, columns, at, settings.rules.weight_power)


def _whole(generator: np.random.Generator, expected: Floats) -> Floats:
    """Expected people by day and inflow as whole ones: each day's total rounded as it adds up, divided by chance."""
    total = expected.sum(axis=1)
    whole = np.diff(np.floor(np.cumsum(total) + 0.5 + 1e-6), prepend=0.0).astype(np.int64)
    whole[total <= 0.0] = 0
    shares = expected / np.where(total > 0.0, total, 1.0)[:, None]
    shares[total <= 0.0, 0] = 1.0
    return generator.multinomial(whole, shares).astype(np.float64)


def _nobody(days: FleeDays, draw: NDArray[np.uint64]) -> State:
    """A state without people."""
    n, links = len(days.start), len(days.km)
    nights = int(max(1.0, (days.km // days.speed).max(initial=0.0)))
    return State(
        here=np.zeros((BINS + 1, n, CLASSES)),
        here_km=np.zeros((BINS + 1, n, CLASSES)),
        rest=np.zeros((n, CLASSES)),
        on=np.zeros((links, nights, CLASSES)),
        tonight=np.zeros((links, nights, CLASSES)),
        taken=np.zeros((links, CLASSES)),
        taken_km=np.zeros((links, CLASSES)),
        pull=np.zeros(links),
        free=np.zeros(n),
        gone=np.zeros(links),
        arrived=np.zeros(n),
        draw=draw,
    )
