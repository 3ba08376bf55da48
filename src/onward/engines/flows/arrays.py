"""A scenario's choice movement as arrays: the network once, and cheaply the rates of each parameter vector."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onward.core.errors import BrokenPromise, message
from onward.engines.flows.amounts import Amounts
from onward.engines.flows.interventions import Effects, Plan, plan, programme_seats
from onward.engines.flows.kernel_ensemble import WALK_BOUND, sample_member
from onward.engines.flows.kernel_mean import mean_pass
from onward.engines.flows.kernel_random import keyed
from onward.engines.flows.kernel_shapes import (
    P_ARRIVALS,
    PER_PLACE,
    SPARE,
    TOTALS,
    Floats,
    Ints,
    Network,
    Rates,
)
from onward.engines.flows.layout import Layout, keys_of, lay_out
from onward.engines.flows.parameters import Amount
from onward.engines.flows.scenario import NOTHING, ONE, Inflow, Row, Scenario

_GRID = np.linspace(-WALK_BOUND, WALK_BOUND, 481)
NO_LIMIT = Amount(np.inf)


@dataclass(frozen=True, slots=True)
class _LinkAmounts:
    weight: Ints  # (E,)
    attraction: Ints  # (E,)
    of_cohort: Ints  # (E, C)
    effects: Ints  # (K,)
    features: Floats  # (E, K)
    cost: Floats  # (E,)
    cost_effect: Ints  # (C,)
    may: Floats  # (E, C)


@dataclass(frozen=True, slots=True)
class _InflowAmounts:
    level: Ints  # (G,)
    record: Floats  # (G, T)
    weekday: Ints  # (G, T)
    basis: Floats  # (G, T, J)
    steps: Ints  # (G, J)
    size: Ints
    walk_sd: Ints
    walk_df: Floats  # (G,)
    walk_law: Floats  # (G, Z) chances on the grid
    walk_days: Floats  # (T, G) days walked


@dataclass(frozen=True, slots=True)
class Choice:
    """The choice movement of one scenario: gives means and members for any parameter vector."""

    series: tuple[str, ...]
    network: Network
    layout: Layout
    amounts: Amounts
    plan: Plan
    links: _LinkAmounts
    inflows: _InflowAmounts
    stays: Ints  # (S,)
    stay_of: Ints  # (C,)
    ending: Ints  # (2, S)
    limits: Ints  # (2, P)
    seated: tuple[tuple[int, int, tuple[tuple[Floats, int], ...]], ...]
    noise: Ints  # (2,)

    def mean(self, theta: Floats) -> Floats:
        """Expectations of every series by day, shape (T, B)."""
        return mean_pass(self.network, self.rates(theta))[:, : len(self.series)]

    def members(self, theta: Floats, *, members: Ints, seed: int) -> NDArray[np.int64]:
        """Sampled members by number, shape (members, T, B); a member's bytes depend on its number and the seed."""
        out = np.zeros((len(members), len(self.network.regime), len(self.series) + SPARE), np.int64)
        rates, base = self.rates(theta), np.uint64(keyed(np.uint64(seed), np.uint64(0)))
        for own, member in zip(out, members, strict=True):
            lost = sample_member(self.network, rates, np.uint64(keyed(base, np.uint64(member))), own)
            if lost >= 0:
                raise BrokenPromise(
                    "flows.not_conserved", message("People were lost or made on day %(day)s."), values={"day": lost}
                )
        return out[:, :, : len(self.series)]

    def rates(self, theta: Floats) -> Rates:
        """All that depends on parameters, for one vector on the working scale."""
        values = self.amounts.values(theta)
        effects = self._effects(values)
        for apply in self.plan.apply:
            apply(effects, values)
        shares = self.layout.inflow_share * effects.inflow
        total, order = shares.sum(axis=2), self.layout.order
        sd, law = values[self.inflows.walk_sd], self.inflows
        return Rates(
            leaving=-np.expm1(-effects.hazard),
            weight=np.take(np.maximum(effects.weight, 0.0), order, axis=1),
            waiting=effects.waiting,
            ending=np.ascontiguousarray(values[self.ending].T),
            induced=np.take(-np.expm1(-effects.induced), order, axis=1),
            turned_back=np.take(effects.turned_back, order, axis=1),
            inflow_share=shares / np.where(total > 0, total, 1.0)[:, :, None],
            limits=np.stack([effects.capacity, effects.beds]),
            seats=self._seats(values),
            intensity=self._intensity(values) * total[self.network.regime],
            inflow_laws=np.column_stack([values[law.size], sd, law.walk_df]),
            walk_mean=_walk_mean(sd, law) if sd.any() else np.ones(law.walk_days.shape),
            leave_concentration=float(values[self.noise[0]]),
            choose_concentration=float(values[self.noise[1]]),
        )

    def _effects(self, values: Floats) -> Effects:
        """The rates as they are without any dated record, for every regime."""
        links, regimes = self.links, self.plan.regimes
        log = links.features @ values[links.effects] if len(links.effects) else np.zeros(len(links.cost))
        bent = log[:, None] - links.cost[:, None] * values[links.cost_effect]
        weight = links.may * (values[links.weight] * values[links.attraction])[:, None]
        weight = weight * values[links.of_cohort] * np.exp(bent)
        hazard = 1.0 / (values[self.stays][:, None] * values[self.stay_of])
        return Effects(
            weight=weight * self.plan.is_open[:, :, None],
            waiting=np.zeros((regimes, *hazard.shape)),
            hazard=np.repeat(hazard[None], regimes, axis=0),
            induced=np.zeros((regimes, len(weight))),
            turned_back=np.zeros((regimes, *weight.shape)),
            inflow=np.ones((regimes, *self.layout.inflow_share.shape)),
            capacity=np.repeat(values[self.limits[0]][None], regimes, axis=0),
            beds=np.repeat(values[self.limits[1]][None], regimes, axis=0),
        )

    def _seats(self, values: Floats) -> Floats:
        """Seats a day of links that have any, (T, seated)."""
        seats = np.zeros((len(self.network.regime), len(self.seated)))
        for column, (_, own, programmes) in enumerate(self.seated):
            seats[:, column] = values[own]
            for offered, fill in programmes:
                seats[:, column] += offered * values[fill]
        return seats

    def _intensity(self, values: Floats) -> Floats:
        """People a day before rules and walk, (T, G)."""
        law = self.inflows
        level = values[law.level][:, None] * law.record * values[law.weekday]
        if law.steps.shape[1]:
            level = level * np.exp((law.basis @ values[law.steps][:, :, None])[:, :, 0])
        return np.ascontiguousarray(level.T)


def _walk_mean(sd: Floats, law: _InflowAmounts) -> Floats:
    """E exp(walk) by day: the expectation of one step's exponential, to the power of the days walked."""
    step = (law.walk_law * np.exp(sd[:, None] * _GRID)).sum(axis=1)
    powers: Floats = step**law.walk_days
    return powers


def movement(scenario: Scenario) -> Choice:
    """The choice movement of a scenario that has passed its checks."""
    layout, amounts = lay_out(scenario), Amounts(scenario.parameters)
    places, sites = scenario.places, layout.place_of
    last = [s == layout.stages[p][-1] for s, p in enumerate(sites)]
    settle = amounts.indices([places[p].settle if last[s] else NOTHING for s, p in enumerate(sites)])
    leave = amounts.indices([places[p].leave if last[s] else NOTHING for s, p in enumerate(sites)])
    seated = _seated(scenario, layout, amounts)
    records = plan(scenario, layout, amounts.index)
    return Choice(
        series=layout.series,
        network=_network(scenario, layout, records, [link for link, _, _ in seated]),
        layout=layout,
        amounts=amounts,
        plan=records,
        links=_link_amounts(scenario, layout, amounts),
        inflows=_inflow_amounts(scenario, amounts),
        stays=amounts.indices([stage.stay_days for place in places for stage in place.stages]),
        stay_of=amounts.indices([cohort.stay for cohort in scenario.cohorts]),
        ending=np.array([settle, leave]),
        limits=amounts.indices([p.capacity or NO_LIMIT for p in places] + [p.beds or NO_LIMIT for p in places]).reshape(
            2, -1
        ),
        seated=seated,
        noise=amounts.indices([scenario.noise.leave, scenario.noise.choose]),
    )


def _network(scenario: Scenario, layout: Layout, records: Plan, seated: list[int]) -> Network:
    sites, order = len(layout.place_of), layout.order
    out_at = np.searchsorted(layout.link_from[order], np.arange(sites + 1))
    first_cell = TOTALS + PER_PLACE * layout.place_of
    is_step = order >= len(scenario.links)
    end_place = np.where(is_step, len(scenario.places), layout.place_of[layout.link_to[order]])
    returns = records.returning[:, order]
    line_of, lines, returning = _lines(layout, is_step, returns)
    link_names = [f"link {link.id}" for link in scenario.links] + [f"step {n}" for n in range(layout.steps)]
    site_keys = keys_of([f"{site}|{cohort.id}" for site in layout.site for cohort in scenario.cohorts])
    inflow_sites = [layout.sites_of(inflow.place)[0] for inflow in scenario.inflows]
    known = [_known_day(scenario, inflow) for inflow in scenario.inflows]
    return Network(
        regime=records.regime,
        sites=_rows(layout.place_of, first_cell, layout.stage_cell, out_at[:-1], out_at[1:]),
        links=_rows(
            layout.link_from[order],
            end_place,
            line_of,
            layout.departures_cell[order],
            layout.waiting_cell[order],
            layout.delay_at[:-1][order],
            layout.delay_at[1:][order],
        ),
        lines=lines,
        seated=np.argsort(order)[np.array(seated, np.int64)],
        delay_days=layout.delay_days,
        delay_share=layout.delay_share,
        returning=returning,
        start=layout.start,
        inflows=_rows(np.array(inflow_sites, np.int64), np.array(known, np.int64)).T.copy(),
        site_key=site_keys.reshape(sites, len(scenario.cohorts)),
        link_key=keys_of(link_names)[order],
        inflow_key=keys_of([f"inflow {inflow.id}" for inflow in scenario.inflows]),
        shape=(1 + int(layout.delay_days.max(initial=0)), len(scenario.places), len(layout.series)),
    )


def _lines(layout: Layout, is_step: NDArray[np.bool_], returns: Ints) -> tuple[Ints, Ints, Ints]:
    """The line of each link in order, what each line is (4, L), and when its people turn back (T, L).

    Links into one site share a line; a step's arrivals are the stage's alone; a link that turns back has its own.
    """
    begin, end = layout.link_from[layout.order], layout.link_to[layout.order]
    own = np.where(returns.any(axis=0), np.arange(len(end)), -1)
    kinds, first, line_of = np.unique(_rows(end, is_step, own), axis=1, return_index=True, return_inverse=True)
    to, steps, _ = kinds
    came = np.where(steps, len(layout.series), TOTALS + PER_PLACE * layout.place_of[to] + P_ARRIVALS)
    lines = _rows(begin[first], to, came, layout.stage_cell[to] + 1)
    return line_of.reshape(-1), lines, np.ascontiguousarray(returns[:, first])


def _rows(*rows: NDArray[Any]) -> Ints:
    return np.array(rows, np.int64)


def _link_amounts(scenario: Scenario, layout: Layout, amounts: Amounts) -> _LinkAmounts:
    ends = [scenario.places[layout.place_of[to]] for to in layout.link_to[: len(scenario.links)]]
    steps, cohorts = [ONE] * layout.steps, scenario.cohorts
    drawn = [[dict(c.attraction).get(place.id, ONE) for c in cohorts] for place in ends]
    drawn += [[ONE] * len(cohorts)] * layout.steps
    features = [[dict(link.features).get(name, 0.0) for name, _ in scenario.effects] for link in scenario.links]
    features += [[0.0] * len(scenario.effects)] * layout.steps
    may = [[float(not link.cohorts or c.id in link.cohorts) for c in cohorts] for link in scenario.links]
    links = len(scenario.links) + layout.steps
    return _LinkAmounts(
        weight=amounts.indices([*(link.weight for link in scenario.links), *steps]),
        attraction=amounts.indices([*(place.attraction for place in ends), *steps]),
        of_cohort=np.array([amounts.indices(row) for row in drawn], np.int64).reshape(links, len(cohorts)),
        effects=amounts.indices([effect for _, effect in scenario.effects]),
        features=np.array(features, np.float64).reshape(links, len(scenario.effects)),
        cost=np.array([*(link.cost for link in scenario.links), *([0.0] * layout.steps)], np.float64),
        cost_effect=amounts.indices([cohort.cost_effect for cohort in cohorts]),
        may=np.array(may + [[1.0] * len(cohorts)] * layout.steps, np.float64).reshape(links, len(cohorts)),
    )


def _seated(
    scenario: Scenario, layout: Layout, amounts: Amounts
) -> tuple[tuple[int, int, tuple[tuple[Floats, int], ...]], ...]:
    """Links with seats: link, own seats, and (seats a day, fill) of each programme on it."""
    own = {layout.link[link.id]: link.seats for link in scenario.links if link.seats or link.programme_only}
    stage_seats = [s.seats for sites, place in zip(layout.stages, scenario.places, strict=True) for s in place.stages]
    for step in range(len(scenario.links), len(layout.link_from)):
        if limit := stage_seats[layout.link_from[step]]:
            own[step] = limit
    on_link: dict[int, list[tuple[Floats, int]]] = {link: [] for link in own}
    for programme in scenario.programmes:
        seats = programme_seats(scenario, programme)
        if layout.link[programme.link] in on_link and seats.any():
            on_link[layout.link[programme.link]].append((seats, amounts.index(programme.fill)))
    return tuple((e, amounts.index(seats or NOTHING), tuple(on_link[e])) for e, seats in own.items())


def _inflow_amounts(scenario: Scenario, amounts: Amounts) -> _InflowAmounts:
    inflows, days = scenario.inflows, scenario.period.days
    laws = [_log_law(scenario, inflow) for inflow in inflows]
    width = max((len(law) for law in laws), default=0)
    basis, steps = np.zeros((len(inflows), days, width)), np.full((len(inflows), width), amounts.index(NOTHING))
    for g, law in enumerate(laws):
        for j, (amount, column) in enumerate(law):
            basis[g, :, j], steps[g, j] = column, amounts.index(amount)
    first = scenario.period.start.weekday()
    weekdays = [[amounts.index(i.weekday[(first + t) % 7] if i.weekday else ONE) for t in range(days)] for i in inflows]
    walked = [np.maximum(0, np.arange(days) - _known_day(scenario, inflow)) for inflow in inflows]
    density = [(1.0 + _GRID**2 / i.walk_df) ** (-(i.walk_df + 1.0) / 2.0) for i in inflows]
    return _InflowAmounts(
        level=amounts.indices([inflow.level for inflow in inflows]),
        record=np.array([_daily(scenario, i.record, 1.0) for i in inflows]).reshape(len(inflows), days),
        weekday=np.array(weekdays, np.int64).reshape(len(inflows), days),
        basis=basis,
        steps=steps.astype(np.int64),
        size=amounts.indices([inflow.dispersion for inflow in inflows]),
        walk_sd=amounts.indices([inflow.walk_sd for inflow in inflows]),
        walk_df=np.array([inflow.walk_df for inflow in inflows], np.float64),
        walk_law=np.array([d / d.sum() for d in density]).reshape(len(inflows), len(_GRID)),
        walk_days=np.ascontiguousarray(np.array(walked, np.float64).reshape(len(inflows), days).T),
    )


def _log_law(scenario: Scenario, inflow: Inflow) -> list[tuple[Amount, Floats]]:
    """What is linear in the log-intensity: knots, season and covariates, each with its daily column."""
    start, days = scenario.period.start, np.arange(scenario.period.days, dtype=np.float64)
    law, before = [], 0.0
    for on, step in inflow.knots:
        at = float((on - start).days)
        law.append((step, np.clip((days - before) / (at - before), 0.0, 1.0) if at > before else np.ones(len(days))))
        before = max(before, at)
    if inflow.season_peak:
        law.append((inflow.season, np.cos(2 * np.pi * (days - (inflow.season_peak - start).days) / 365.25)))
    law.extend((c.effect, _daily(scenario, c.rows, 0.0, per_day=False)) for c in inflow.covariates)
    return law


def _known(scenario: Scenario, rows: tuple[Row, ...]) -> list[Row]:
    """The rows published by known_until; of rows for the same days the last published."""
    by_days = {(r.start, r.end): r for r in rows if r.published_on <= scenario.period.known_until}
    return list(by_days.values())


def _known_day(scenario: Scenario, inflow: Inflow) -> int:
    """The last day whose intensity is known, counted from the period's first: the walk begins after it."""
    last = max((row.end for row in _known(scenario, inflow.record)), default=scenario.period.known_until)
    return (min(last, scenario.period.known_until) - scenario.period.start).days


def _daily(scenario: Scenario, rows: tuple[Row, ...], nothing: float, *, per_day: bool = True) -> Floats:
    """A record by day: a row's value over its days (or as it is), the last known held on, gaps as before them."""
    start, days = scenario.period.start, scenario.period.days
    daily = np.full(days, np.nan)
    level = 0.0 if rows else nothing  # of a record with nothing known yet, nobody
    for row in sorted(_known(scenario, rows), key=lambda row: row.start):
        first, end = (row.start - start).days, (row.end - start).days + 1
        level = row.value / (end - first) if per_day else row.value
        daily[max(0, first) : max(0, end)] = level
    return _held(daily, level if np.isnan(daily).all() else nothing)


def _held(daily: Floats, nothing: float) -> Floats:
    """Each gap takes the value before it; a gap at the beginning the first value there is."""
    known = np.flatnonzero(~np.isnan(daily))
    if not len(known):
        return np.full(len(daily), nothing)
    before = np.maximum.accumulate(np.where(np.isnan(daily), -1, np.arange(len(daily))))
    return daily[np.where(before < 0, known[0], before)]
