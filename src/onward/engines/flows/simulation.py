"""Running a scenario: the exact mean pass, and the sampled ensemble with any concurrent.futures.Executor."""

import pickle
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from importlib import import_module
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from onward import __version__
from onward.core.errors import BadInput, message
from onward.engines.flows.kernel_shapes import Floats, Ints
from onward.engines.flows.parameters import centres
from onward.engines.flows.reporting import Reporting, reporting
from onward.engines.flows.results import Counts, ReportedRow, Run
from onward.engines.flows.scenario import Scenario

CHUNK = 25
"""Members a job: enough to be worth sending, few enough to share out and to hold in memory."""
FEW = 5
"""Members computed before what is not kept of them is dropped."""
MOVEMENTS = {"choice": "onward.engines.flows.arrays", "flee": "onward.engines.flows.flee.movement"}
"""The module of each rule of movement; it has `movement(scenario)`, which gives a Movement."""


type _Sampled = tuple[Counts, Floats, Floats]
"""Members: counts kept, what each row expects before its noise, and what would be reported."""


class Movement(Protocol):
    """One rule of movement for one scenario: series by day, expected and sampled."""

    @property
    def series(self) -> tuple[str, ...]:
        """Names of the series (B)."""
        ...

    def mean(self, theta: Floats) -> Floats:
        """Expectations for parameters on the working scale, shape (T, B)."""
        ...

    def members(self, theta: Floats, *, members: Ints, seed: int) -> NDArray[np.int64]:
        """Members by number, shape (members, T, B); each depends on its number and the seed alone."""
        ...


@dataclass(frozen=True, slots=True)
class Prepared:
    """A scenario with all that does not depend on parameters done once."""

    scenario: Scenario
    movement: Movement
    reporting: Reporting

    @property
    def rows(self) -> tuple[ReportedRow, ...]:
        """The rows of all observations, in the order of every prediction."""
        return self.reporting.reported


@dataclass(frozen=True, slots=True)
class Predicted:
    """Expectation and size (of the negative binomial) of every observation row, shape (rows,) or (draws, rows)."""

    mean: Floats
    size: Floats


@dataclass(frozen=True, slots=True)
class _Job:
    """One chunk of members, as it is sent to a worker."""

    scenario: bytes
    draws: Floats
    members: Ints
    seed: int
    keep: tuple[int, ...]


def prepare(scenario: Scenario) -> Prepared:
    """Do once what a fit would else do for every parameter vector. Raises BadInput for an unknown movement."""
    module = MOVEMENTS.get(scenario.movement)
    if module is None:
        raise BadInput(
            "flows.movement_unknown",
            message("There is no rule of movement “%(movement)s”."),
            remedy=message("Choose one of %(known)s."),
            field="movement",
            values={"movement": scenario.movement, "known": ", ".join(MOVEMENTS)},
        )
    make = cast(Callable[[Scenario], Movement], import_module(module).movement)
    movement = make(scenario)
    return Prepared(scenario, movement, reporting(scenario, movement.series))


def predict(prepared: Prepared, theta: Floats) -> Predicted:
    """What every observation row is expected to say; theta (parameters,) on the working scale."""
    daily = prepared.reporting.daily(prepared.movement.mean(theta)[None])[0]
    return Predicted(*prepared.reporting.expected(daily, theta))


def predict_many(prepared: Prepared, thetas: Floats) -> Predicted:
    """The same for rows of thetas (draws, parameters)."""
    all_of = [predict(prepared, theta) for theta in thetas]
    return Predicted(np.array([one.mean for one in all_of]), np.array([one.size for one in all_of]))


def mean(scenario: Scenario, theta: Floats | None = None) -> Run:
    """One pass of expectations as a Run with a single member; theta None: the priors' centres."""
    prepared = prepare(scenario)
    at = centres(scenario.parameters) if theta is None else _vectors(scenario, theta)[0]
    counts = prepared.movement.mean(at)[None]
    daily = prepared.reporting.daily(counts)
    expected, _ = prepared.reporting.expected(daily[0].astype(np.float64), at)
    run = _run(prepared, _keep(prepared, None), at[None], 0)
    both = np.concatenate([counts, daily], axis=2)
    return replace(run, counts=both, expected=expected[None], reported=expected[None])


def simulate(
    scenario: Scenario,
    *,
    members: int,
    draws: Floats | None = None,
    seed: int | None = None,
    executor: Executor | None = None,
    keep: tuple[str, ...] | None = None,
) -> Run:
    """A sampled ensemble: the same bytes for the same scenario, draws and seed, whoever computes it.

    draws: parameter vectors (n, parameters) on the working scale, member m takes draw m modulo n; None: all take the
    priors' centres, and the bands then hold the noise of movement alone. seed: None takes the scenario's. executor:
    any concurrent.futures.Executor; None computes here. keep: series to hold by name or measure ("present"), None all.
    Raises BadInput for draws of another scenario.
    """
    prepared = prepare(scenario)
    vectors = centres(scenario.parameters)[None] if draws is None else _vectors(scenario, draws)
    seed = scenario.seed if seed is None else seed
    kept = _keep(prepared, keep)
    sent = pickle.dumps(scenario)
    jobs = [
        _Job(sent, vectors, np.arange(first, min(first + CHUNK, members), dtype=np.int64), seed, kept)
        for first in range(0, members, CHUNK)
    ]
    done = map(_sample, jobs) if executor is None else _all(executor, jobs)
    counts, expected, reported = _gather(done, (members, scenario.period.days, len(kept)), len(prepared.rows))
    return replace(_run(prepared, kept, vectors, seed), counts=counts, expected=expected, reported=reported)


def _all(executor: Executor, jobs: list[_Job]) -> Iterator[_Sampled]:
    waiting = [executor.submit(_sample, job) for job in jobs]
    return (future.result() for future in waiting)


def _vectors(scenario: Scenario, given: Floats) -> Floats:
    vectors = np.atleast_2d(np.asarray(given, np.float64))
    expected = len(scenario.parameters)
    if vectors.ndim != 2 or vectors.shape[1] != expected or not len(vectors) or not np.isfinite(vectors).all():
        raise BadInput(
            "flows.draws_do_not_fit",
            message("The parameters given (%(shape)s) are not %(expected)s finite numbers each."),
            remedy=message("Use draws fitted to this scenario."),
            field="draws",
            values={"shape": "x".join(map(str, vectors.shape)), "expected": expected},
        )
    return vectors


def _keep(prepared: Prepared, keep: tuple[str, ...] | None) -> tuple[int, ...]:
    names = _series(prepared)
    if keep is None:
        return tuple(range(len(names)))
    return tuple(n for n, name in enumerate(names) if name in keep or name.partition(":")[0] in keep)


def _series(prepared: Prepared) -> tuple[str, ...]:
    return (*prepared.movement.series, *(f"observed:{name}" for name in prepared.reporting.names))


@lru_cache(maxsize=2)
def _prepared(scenario: bytes) -> Prepared:
    return prepare(cast(Scenario, pickle.loads(scenario)))  # noqa: S301  our own bytes, sent to our own worker


def _sample(job: _Job) -> _Sampled:
    """Compute one chunk: its kept counts (members, T, kept) in the smallest integers, and its reports."""
    prepared = _prepared(job.scenario)
    counts, expected, reports = zip(*(_sample_with(prepared, job, *part) for part in _parts(job)), strict=True)
    return np.concatenate(counts), np.concatenate(expected), np.concatenate(reports)


def _parts(job: _Job) -> list[tuple[Floats, Ints]]:
    """Members with the draw they take, a few together where there is but one draw."""
    if len(job.draws) == 1:
        return [(job.draws[0], job.members[first : first + FEW]) for first in range(0, len(job.members), FEW)]
    return [(job.draws[m % len(job.draws)], job.members[k : k + 1]) for k, m in enumerate(job.members)]


def _sample_with(prepared: Prepared, job: _Job, theta: Floats, members: Ints) -> _Sampled:
    counts = prepared.movement.members(theta, members=members, seed=job.seed)
    daily = cast(NDArray[np.int64], prepared.reporting.daily(counts))
    expected, reports = prepared.reporting.drawn(daily, theta, members=members, seed=job.seed)
    at, own = np.array(job.keep, np.int64), counts.shape[2]
    kept = np.concatenate([counts[:, :, at[at < own]], daily[:, :, at[at >= own] - own]], axis=2)
    return (kept.astype(np.int32) if kept.max(initial=0) < 2**31 else kept), expected, reports


def _gather(done: Iterable[_Sampled], shape: tuple[int, int, int], rows: int) -> _Sampled:
    """Chunks in order into one array, in wider integers as soon as one needs them."""
    counts: Counts = np.zeros(shape, np.int32)
    expected, reported, first = np.zeros((shape[0], rows)), np.zeros((shape[0], rows)), 0
    for part, before_noise, reports in done:
        if part.dtype == np.int64 and counts.dtype == np.int32:
            counts = counts.astype(np.int64)
        counts[first : first + len(part)] = part
        expected[first : first + len(part)] = before_noise
        reported[first : first + len(part)] = reports
        first += len(part)
    return counts, expected, reported


def _run(prepared: Prepared, kept: tuple[int, ...], draws: Floats, seed: int) -> Run:
    """A run without its arrays: names, days and what it was made of."""
    names, scenario = _series(prepared), prepared.scenario
    return Run(
        series=tuple(names[n] for n in kept),
        start=scenario.period.start,
        counts=np.zeros((0, 0, 0), np.int32),
        rows=prepared.rows,
        expected=np.zeros((0, 0)),
        reported=np.zeros((0, 0)),
        seed=seed,
        version=__version__,
        inputs_sha256=inputs_sha256(scenario),
        draws_sha256=sha256(np.ascontiguousarray(draws).tobytes()).hexdigest(),
    )


def inputs_sha256(scenario: Scenario) -> str:
    """The hash of all values of a scenario; where its files lie does not matter."""
    return sha256(repr(replace(scenario, folder="")).encode()).hexdigest()
