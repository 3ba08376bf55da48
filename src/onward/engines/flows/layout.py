"""A scenario's network in numbers: sites, links, steps between stages, and which column of the series is which."""

from dataclasses import dataclass
from hashlib import sha256

import numpy as np

from onward.engines.flows.kernel_shapes import PER_PLACE, TOTALS, Floats, Ints, Keys
from onward.engines.flows.scenario import Scenario

OF_PLACE = ("present", "arrivals", "inflow", "stranded", "unmet", "settled", "left")
OF_SITE = ("present", "arrivals", "stranded")
OF_ALL = ("entered", "present", "travelling", "settled", "left")


@dataclass(frozen=True, slots=True)
class Layout:
    """Numbers of everything by name, and the arrays of the network. Shapes: see kernel_shapes."""

    place: dict[str, int]
    site: dict[str, int]
    link: dict[str, int]
    inflow: dict[str, int]
    stages: tuple[tuple[int, ...], ...]
    steps: int
    place_of: Ints
    link_from: Ints
    link_to: Ints
    order: Ints  # links by the site they start from, as the kernels take them
    delay_at: Ints
    delay_days: Ints
    delay_share: Floats
    inflow_share: Floats
    start: Ints
    series: tuple[str, ...]
    departures_cell: Ints
    waiting_cell: Ints
    stage_cell: Ints

    def sites_of(self, name: str) -> list[int]:
        """The sites a name means: all stages of a place, or one stage."""
        return list(self.stages[self.place[name]]) if name in self.place else [self.site[name]]


def lay_out(scenario: Scenario) -> Layout:
    """Number sites, links and series. The scenario must have passed its checks."""
    place = {p.id: n for n, p in enumerate(scenario.places)}
    site = {name: s for s, name in enumerate(scenario.sites)}
    place_of = np.array([n for n, p in enumerate(scenario.places) for _ in p.stages], np.int64)
    stages = tuple(tuple(int(s) for s in np.flatnonzero(place_of == n)) for n in range(len(place)))
    starts = [site.get(link.start, stages[place.get(link.start, 0)][-1]) for link in scenario.links]
    ends = [site.get(link.end, stages[place.get(link.end, 0)][0]) for link in scenario.links]
    steps = [(first, second) for sites in stages for first, second in zip(sites, sites[1:], strict=False)]
    delays = [link.day_shares or (1.0,) for link in scenario.links] + [(1.0,)] * len(steps)
    first_days = [link.days for link in scenario.links] + [0] * len(steps)
    series, departures, waiting, stage_cell = _columns(scenario, scenario.sites, steps, stages)
    link_from = np.array([*starts, *(a for a, _ in steps)], np.int64)
    return Layout(
        place=place,
        site=site,
        link={link.id: n for n, link in enumerate(scenario.links)},
        inflow={inflow.id: n for n, inflow in enumerate(scenario.inflows)},
        stages=stages,
        steps=len(steps),
        place_of=place_of,
        link_from=link_from,
        order=np.argsort(link_from, kind="stable").astype(np.int64),
        link_to=np.array([*ends, *(b for _, b in steps)], np.int64),
        delay_at=np.cumsum([0, *map(len, delays)]).astype(np.int64),
        delay_days=np.array([d + k for d, s in zip(first_days, delays, strict=True) for k in range(len(s))], np.int64),
        delay_share=np.array([share for shares in delays for share in shares], np.float64),
        inflow_share=_inflow_shares(scenario),
        start=_start(scenario, stages, len(site)),
        series=series,
        departures_cell=departures,
        waiting_cell=waiting,
        stage_cell=stage_cell,
    )


def _columns(
    scenario: Scenario, sites: tuple[str, ...], steps: list[tuple[int, int]], stages: tuple[tuple[int, ...], ...]
) -> tuple[tuple[str, ...], Ints, Ints, Ints]:
    """Names of the series; columns of departures and waiting by link, of stages by site (spare ones for others)."""
    series = [*OF_ALL, *(f"{what}:{p.id}" for p in scenario.places for what in OF_PLACE)]
    links = len(scenario.links)
    departures, waiting = np.full(links + len(steps), -1, np.int64), np.full(links + len(steps), -1, np.int64)
    stage_cell = np.full(len(sites), -1, np.int64)
    programmed = {programme.link for programme in scenario.programmes}
    for e, link in enumerate(scenario.links):
        departures[e] = len(series)
        series.append(f"departures:{link.id}")
        if link.seats is not None or link.programme_only or link.id in programmed:
            waiting[e] = len(series)
            series.append(f"waiting:{link.id}")
    limited = {f"{p.id}/{s.name}" for p in scenario.places for s in p.stages if s.seats is not None}
    for e, (first, _) in enumerate(steps, links):
        if sites[first] in limited:
            waiting[e] = len(series)
            series.append(f"waiting:{sites[first]}")
    for several in (s for s in stages if len(s) > 1):
        for s in several:
            stage_cell[s] = len(series)
            series.extend(f"{what}:{sites[s]}" for what in OF_SITE)
    if len(series) < TOTALS + PER_PLACE * len(stages):
        raise AssertionError("the series are laid out otherwise than the kernels take them")
    spare = len(series)
    cells = [np.where(cell < 0, spare, cell) for cell in (departures, waiting, stage_cell)]
    return tuple(series), cells[0], cells[1], cells[2]


def _inflow_shares(scenario: Scenario) -> Floats:
    """Cohorts' shares of every inflow, (G, C)."""
    own = [dict(inflow.cohorts) for inflow in scenario.inflows]
    rows = [[(shares.get(c.id, 0.0) if shares else c.share) for c in scenario.cohorts] for shares in own]
    return np.array(rows, np.float64).reshape(len(rows), len(scenario.cohorts))


def _start(scenario: Scenario, stages: tuple[tuple[int, ...], ...], sites: int) -> Ints:
    """Whole people at the beginning, in each place's last stage, by cohort (largest remainders): (S, C)."""
    shares = np.array([cohort.share for cohort in scenario.cohorts])
    start = np.zeros((sites, len(shares)), np.int64)
    for n, place in enumerate(scenario.places):
        exact = round(place.start) * shares
        whole = np.floor(exact).astype(np.int64)
        order = np.argsort(whole - exact, kind="stable")
        whole[order[: round(place.start) - int(whole.sum())]] += 1
        start[stages[n][-1]] = whole
    return start


def key_of(name: str) -> np.uint64:
    """A stream's key from a name: the same whatever else a scenario holds."""
    return np.uint64(int.from_bytes(sha256(name.encode()).digest()[:8], "little"))


def keys_of(names: list[str]) -> Keys:
    """The keys of some names, in order."""
    return np.array([key_of(name) for name in names], np.uint64)
