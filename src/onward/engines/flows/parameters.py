"""Numbers with a prior: the working scale on which they are fitted, their densities and draws.

A parameter vector theta holds every parameter on its working scale, in the order of Scenario.parameters: the value
itself (normal, student_t), its logarithm (lognormal) or its log-odds (logitnormal).
"""

from dataclasses import dataclass
from math import lgamma, log, log1p, pi
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Prior = Literal["normal", "lognormal", "logitnormal", "student_t"]
PRIORS: tuple[Prior, ...] = ("normal", "lognormal", "logitnormal", "student_t")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of the scenario: fixed, or the parameter named, of which `value` is then the prior's centre."""

    value: float
    parameter: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number with a prior. centre: in its own unit. sd: on the working scale. df: of student_t.

    note: where the prior comes from; without one it is an assumption and is printed as one.
    """

    name: str
    prior: Prior
    centre: float
    sd: float
    df: float = 4.0
    note: str = ""

    @property
    def location(self) -> float:
        """The prior's centre on the working scale."""
        return _to_working(self.prior, self.centre)


def _to_working(prior: Prior, value: float) -> float:
    if prior == "lognormal":
        return log(value)
    return log(value / (1.0 - value)) if prior == "logitnormal" else value


def centres(parameters: tuple[Parameter, ...]) -> Floats:
    """The vector of all prior centres on the working scale, shape (parameters,)."""
    return np.array([parameter.location for parameter in parameters], dtype=np.float64)


def natural(parameters: tuple[Parameter, ...], theta: Floats) -> Floats:
    """A vector or rows of vectors on the working scale, in their own units; same shape."""
    out = np.array(theta, dtype=np.float64)
    for column, parameter in enumerate(parameters):
        if parameter.prior == "lognormal":
            out[..., column] = np.exp(out[..., column])
        elif parameter.prior == "logitnormal":
            out[..., column] = 1.0 / (1.0 + np.exp(-out[..., column]))
    return out


def log_prior(parameters: tuple[Parameter, ...], theta: Floats) -> float:
    """Log-density of theta on the working scale (normal or Student-t about each location)."""
    total = 0.0
    for parameter, value in zip(parameters, theta, strict=True):
        z = (float(value) - parameter.location) / parameter.sd
        total += _log_student(z, parameter.df) if parameter.prior == "student_t" else -0.5 * (z * z + log(2 * pi))
        total -= log(parameter.sd)
    return total


def _log_student(z: float, df: float) -> float:
    return lgamma((df + 1) / 2) - lgamma(df / 2) - 0.5 * log(df * pi) - (df + 1) / 2 * log1p(z * z / df)


def draw_prior(parameters: tuple[Parameter, ...], draws: int, generator: np.random.Generator) -> Floats:
    """Draws from the prior on the working scale, shape (draws, parameters)."""
    out = np.empty((draws, len(parameters)))
    for column, parameter in enumerate(parameters):
        is_heavy = parameter.prior == "student_t"
        noise = generator.standard_t(parameter.df, draws) if is_heavy else generator.standard_normal(draws)
        out[:, column] = parameter.location + parameter.sd * noise
    return out
