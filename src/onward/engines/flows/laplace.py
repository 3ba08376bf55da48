"""The most likely parameters and how sure they are: Fisher scoring to the mode, then its curvature."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onward.engines.flows.likelihood import LEAST, Evidence, log_density, slopes, steepness
from onward.engines.flows.parameters import Floats, Parameter, centres, log_prior

type Model = Callable[[Floats], tuple[Floats, Floats]]
"""A vector theta -> what is expected of each count, and the size of its negative binomial: (n,), (n,)."""

type Curvature = Callable[[Evidence, Floats, Floats], Floats]
"""Counts, what is expected of each and its size -> how sharply its log-probability bends by log mean: (n,)."""

NUDGE = 1e-4
"""Width of numeric slopes, in standard deviations of the prior."""
MOST_STEPS = 200
NEAR = 1e-3
"""Done when the next step promises less than this of log-probability."""
STALLED = 0.05
"""Done as well when no step helps any more and less than this was promised: the mean pass has small kinks."""
LONGEST = 2.0
"""No step moves a parameter by more standard deviations of its prior."""
FIRST_DAMPING, MOST_DAMPING = 1e-3, 1e8


@dataclass(frozen=True, slots=True)
class Climb:
    """One way up: where it began, where it ended, its log-probability there, and whether that is a top."""

    begun_at: Floats
    theta: Floats
    height: float
    steps: int
    outcome: str

    @property
    def has_arrived(self) -> bool:
        """Whether it ended at a top."""
        return self.outcome == "converged"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is fitted to what. live: (parameters,), those that can move a count; of the others the prior stands.

    each: maps the model over several vectors, as `map` does, perhaps on several threads.
    """

    parameters: tuple[Parameter, ...]
    evidence: Evidence
    model: Model
    live: NDArray[np.bool_]
    each: Callable[[Model, Iterable[Floats]], Iterable[tuple[Floats, Floats]]] = map

    def height(self, theta: Floats) -> float:
        """Log-probability of the counts and the prior together; minus infinity where the model has no number."""
        expected, size = self.model(theta)
        held = float(log_density(self.evidence, expected, size).sum()) + log_prior(self.parameters, theta)
        return held if np.isfinite(held) else -np.inf


def climb(problem: Problem, begun_at: Floats) -> Climb:
    """Levenberg and Marquardt's damped Fisher scoring from one start. Never raises: the outcome says how it ended."""
    theta, height, damping = begun_at, problem.height(begun_at), FIRST_DAMPING
    if not np.isfinite(height):
        return Climb(begun_at, theta, height, 0, "no finite probability at the start")
    for steps in range(MOST_STEPS):
        slope, bend = slope_and_bend(problem, theta, steepness)
        if not (np.isfinite(slope).all() and np.isfinite(bend).all()):
            return Climb(begun_at, theta, height, steps, "no finite slope")
        promised = float(slope @ np.linalg.solve(bend, slope)) / 2
        if promised < NEAR:
            return Climb(begun_at, theta, height, steps, "converged")
        found, damping = _step(problem, (theta, height), (slope, bend), damping)
        if found is None:
            outcome = "converged" if promised < STALLED else "no step helped"
            return Climb(begun_at, theta, height, steps, outcome)
        theta, height = found
    return Climb(begun_at, theta, height, MOST_STEPS, f"still climbing after {MOST_STEPS} steps")


def _step(
    problem: Problem, at: tuple[Floats, float], shape: tuple[Floats, Floats], damping: float
) -> tuple[tuple[Floats, float] | None, float]:
    """The first step that leads up, damped ever more until one does; None where none does."""
    (theta, height), (slope, bend) = at, shape
    sd = np.array([one.sd for one in problem.parameters])
    while damping < MOST_DAMPING:
        step = np.linalg.solve(bend + damping * np.diag(np.diag(bend)), slope)
        tried = theta + step / max(1.0, float(np.abs(step / sd).max()) / LONGEST)
        reached = problem.height(tried)
        if reached > height:
            return (tried, reached), max(damping / 10, 1e-9)
        damping *= 10
    return None, damping


def slope_and_bend(problem: Problem, theta: Floats, curvature: Curvature | None = None) -> tuple[Floats, Floats]:
    """Slope (parameters,) and curvature (parameters, parameters) of the log-probability, counts and prior together.

    curvature: by log mean, of each count; None takes the expected information.
    """
    expected, size = problem.model(theta)
    by_mean, by_size, of_mean, of_size = slopes(problem.evidence, expected, size)
    of_mean = of_mean if curvature is None else curvature(problem.evidence, expected, size)
    mean_moves, size_moves = moves(problem, theta, (expected, size))
    prior_slope, prior_bend = _prior_shape(problem.parameters, theta)
    slope = mean_moves.T @ by_mean + size_moves.T @ by_size + prior_slope
    bend = mean_moves.T @ (of_mean[:, None] * mean_moves) + size_moves.T @ (of_size[:, None] * size_moves)
    return slope, bend + np.diag(prior_bend)


def moves(problem: Problem, theta: Floats, here: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    """How the logs of mean and size of each count move with each parameter: (n, parameters) twice.

    Parameters that are not live move nothing and are not tried.
    """
    at = np.log(np.maximum(here, LEAST))
    moved = np.zeros((*at.shape, len(theta)))
    live = np.flatnonzero(problem.live)
    nudged = np.tile(theta, (len(live), 1))
    nudged[np.arange(len(live)), live] += [NUDGE * problem.parameters[place].sd for place in live]
    for place, vector, there in zip(live, nudged, problem.each(problem.model, nudged), strict=True):
        moved[..., place] = (np.log(np.maximum(there, LEAST)) - at) / (vector[place] - theta[place])
    return moved[0], moved[1]


def find_live(problem: Problem, theta: Floats) -> NDArray[np.bool_]:
    """Which parameters move what is expected of any count, or how scattered it is, about a vector."""
    by_mean, by_size = moves(problem, theta, problem.model(theta))
    found: NDArray[np.bool_] = (by_mean != 0).any(axis=0) | (by_size != 0).any(axis=0)
    return found


def _prior_shape(parameters: tuple[Parameter, ...], theta: Floats) -> tuple[Floats, Floats]:
    """Slope and curvature (parameters,) of the log-prior; of a heavy tail the curvature that never turns negative."""
    sd = np.array([one.sd for one in parameters])
    z = (theta - centres(parameters)) / sd
    df = np.array([one.df if one.prior == "student_t" else np.inf for one in parameters])
    pull = np.where(np.isinf(df), 1.0, (df + 1) / (np.where(np.isinf(df), 1.0, df) + z * z))
    return -pull * z / sd, pull / sd**2


def spread(problem: Problem, theta: Floats, height: float) -> tuple[Floats, Floats, Floats]:
    """How far the probability reaches about its mode: axes (parameters, parameters), reach down and up each axis.

    The curvature's principal axes, each side stretched until the fall one standard deviation out is that of a normal:
    the split normal of Rue, Martino and Chopin (JRSS B 2009, section 6.5).
    """
    _, bend = slope_and_bend(problem, theta)
    strength, axes = np.linalg.eigh(bend)
    reach = 1 / np.sqrt(strength)
    sides = []
    for way in (-1.0, 1.0):
        falls = [height - problem.height(theta + way * out * axis) for out, axis in zip(reach, axes.T, strict=True)]
        sides.append(reach * np.clip(1 / np.sqrt(2 * np.maximum(falls, 1e-9)), 0.5, 2.0))
    return axes, sides[0], sides[1]


def draw(theta: Floats, shape: tuple[Floats, Floats, Floats], draws: int, rng: np.random.Generator) -> Floats:
    """Draws (draws, parameters) about the mode, a split normal along each axis."""
    axes, down, up = shape
    out = np.abs(rng.standard_normal((draws, len(theta))))
    is_down = rng.random(out.shape) < down / (down + up)
    return theta + np.where(is_down, -down * out, up * out) @ axes.T
