"""Whole numbers drawn: binomial, Poisson and their mixtures, exact at a cost that does not grow with the count.

A few are drawn person by person (of a mixture: from Polya's urn, which has the same law), others by inversion or
rejection.
"""

from typing import NamedTuple

import numpy as np

from onward.engines.flows.kernel_random import Stream, gamma, uniform
from onward.engines.flows.kernel_shapes import Floats, Ints
from onward.engines.jit import kernel

_LOG_FACTORIALS = np.cumsum(np.log(np.maximum(np.arange(16.0), 1.0)))
_INVERSES = 1.0 / np.maximum(np.arange(400.0), 1.0)
_CORRECTIONS = np.array(
    [
        0.08106146679532726,
        0.04134069595540929,
        0.02767792568499834,
        0.02079067210376509,
        0.01664469118982119,
        0.01387612882307075,
        0.01189670994589177,
        0.01041126526197209,
        0.009255462182712733,
        0.008330563433362871,
    ]
)
ONE_BY_ONE = 12
"""Up to so many people a binomial is drawn person by person."""
URN = 24
"""Up to so many people a beta-binomial is drawn from the urn."""
URN_OF_EACH = 8
"""Up to so many people for each way to go a Dirichlet-multinomial is drawn from the urn."""
LIKELY = 10.0
"""From so many expected on a binomial is drawn by rejection, as BTRD asks."""


@kernel
def log_factorial(k: float) -> float:
    """Logarithm of k! for whole k: a table below 16, then Stirling's series."""
    if k < 16.0:
        return float(_LOG_FACTORIALS[int(k)])
    z = 1.0 / (k * k)
    return float((k + 0.5) * np.log(k) - k + 0.9189385332046727 + (1.0 - z * (1.0 / 30.0 - z / 105.0)) / (12.0 * k))


@kernel
def _few(stream: Stream, n: int, p: float) -> int:
    """Binomial by inversion, where few are expected."""
    ratio = p / (1.0 - p)
    step = (n + 1) * ratio
    first = np.exp(n * np.log(1.0 - p))
    while True:
        u, term, k = uniform(stream), first, 0
        while u > term and k < len(_INVERSES) - 1:
            u -= term
            k += 1
            term *= step * _INVERSES[k] - ratio
        if k <= n:
            return k


@kernel
def _correction(k: float) -> float:
    """What Stirling's formula for k! leaves out, fc(k) of Hormann 1993."""
    if k < len(_CORRECTIONS):
        return float(_CORRECTIONS[int(k)])
    z = 1.0 / (k + 1.0)
    return (1.0 / 12.0 - (1.0 / 360.0 - z * z / 1260.0) * z * z) * z


@kernel
def _is_under(v: float, k: float, n: float, p: float) -> bool:
    """Whether a point at height v over k lies under the binomial histogram scaled to 1 at its mode (BTRD, step 3)."""
    mode, ratio, variance = np.floor((n + 1.0) * p), p / (1.0 - p), n * p * (1.0 - p)
    apart = abs(k - mode)
    if apart <= 15.0:
        step, under = (n + 1.0) * ratio, 1.0
        for i in range(int(min(k, mode)) + 1, int(max(k, mode)) + 1):
            under *= step / i - ratio
        return v <= under if k >= mode else v * under <= 1.0
    height = np.log(v)
    rho = (apart / variance) * (((apart / 3.0 + 0.625) * apart + 1.0 / 6.0) / variance + 0.5)
    bell = -apart * apart / (2.0 * variance)
    if height < bell - rho:
        return True
    if height > bell + rho:
        return False
    above, beyond = n - mode + 1.0, n - k + 1.0
    top = (mode + 0.5) * np.log((mode + 1.0) / (ratio * above)) + _correction(mode) + _correction(n - mode)
    here = (n + 1.0) * np.log(above / beyond) + (k + 0.5) * np.log(beyond * ratio / (k + 1.0))
    return bool(height <= top + here - _correction(k) - _correction(n - k))


@kernel
def _binomial_half(stream: Stream, n: int, p: float) -> int:
    """Binomial for p up to 1/2: inversion where few are expected, else Hormann's BTRD (1993)."""
    mean = n * p
    if mean < LIKELY:
        return _few(stream, n, p)
    spread = np.sqrt(mean * (1.0 - p))
    b = 1.15 + 2.53 * spread
    a = -0.0873 + 0.0248 * b + 0.01 * p
    box = 0.92 - 4.2 / b
    while True:
        v = uniform(stream)
        if v <= 0.86 * box:
            u = v / box - 0.43
            return int(np.floor((2.0 * a / (0.5 - abs(u)) + b) * u + mean + 0.5))
        if v >= box:
            u = uniform(stream) - 0.5
        else:
            u = v / box - 0.93
            u = (0.5 if u >= 0.0 else -0.5) - u
            v = uniform(stream) * box
        us = 0.5 - abs(u)
        k = np.floor((2.0 * a / us + b) * u + mean + 0.5)
        if 0.0 <= k <= n and _is_under(v * (2.83 + 5.1 / b) * spread / (a / (us * us) + b), k, float(n), p):
            return int(k)


@kernel
def binomial(stream: Stream, n: int, p: float) -> int:
    """Binomial(n, p), exact, at a cost that does not grow with n."""
    if n <= 0 or p <= 0.0:
        return 0
    if p >= 1.0:
        return n
    if n <= ONE_BY_ONE:
        k = 0
        for _ in range(n):
            k += uniform(stream) < p
        return k
    return n - _binomial_half(stream, n, 1.0 - p) if p > 0.5 else _binomial_half(stream, n, p)


@kernel
def beta_binomial(stream: Stream, n: int, p: float, concentration: float) -> int:
    """Beta-binomial of n with mean n p; two people agree with correlation 1 / (1 + concentration)."""
    if n <= 0 or p <= 0.0:
        return 0
    if p >= 1.0:
        return n
    if n <= URN:
        k, likely = 0, p * concentration
        for drawn in range(n):
            k += uniform(stream) * (concentration + drawn) < likely + k
        return k
    yes, no = gamma(stream, p * concentration), gamma(stream, (1.0 - p) * concentration)
    return binomial(stream, n, yes / (yes + no) if yes + no > 0.0 else p)


class Split(NamedTuple):
    """Room for one draw of a Dirichlet-multinomial: weight and counts of each way, whom each of a few follows."""

    weight: Floats
    counts: Ints
    chosen: Ints  # as long as the urn serves: URN_OF_EACH x ways


@kernel
def _urn(stream: Stream, people: int, split: Split, ways: int, concentration: float) -> None:
    """Each in turn goes where one drawn from those before went, or, with weight `concentration`, by the weights.

    Polya's urn as Hoppe 1984 has it: nobody is asked but the one followed. split.weight holds running sums.
    """
    upto, counts, chosen = split.weight, split.counts, split.chosen
    for drawn in range(people):
        at = uniform(stream) * (concentration + drawn)
        j = 0
        if at >= concentration:
            j = chosen[min(drawn - 1, int(at - concentration))]
        else:
            for k in range(ways - 1):
                j += at >= upto[k]
        chosen[drawn] = j
        counts[j] += 1


@kernel
def dirichlet_multinomial(
    stream: Stream, people: int, split: Split, ways: tuple[int, float], concentration: float
) -> None:
    """Split people into split.counts over the first ways[0] of its weights, which sum to ways[1] > 0.

    Two people agree as if drawn from shares that are Dirichlet(concentration x weight / all weights). The weights are
    overwritten.
    """
    weight, counts = split.weight, split.counts
    count, total = ways
    last, factor = 0, concentration / total
    for j in range(count):
        counts[j] = 0
        if weight[j] > 0.0:
            last = j
    if people <= URN_OF_EACH * (last + 1):
        upto = 0.0
        for j in range(last + 1):
            upto += weight[j] * factor
            weight[j] = upto
        _urn(stream, people, split, last + 1, concentration)
        return
    rest = 0.0
    for j in range(last + 1):
        if weight[j] > 0.0:
            weight[j] = gamma(stream, weight[j] * factor)
            rest += weight[j]
    for j in range(last):
        if people > 0 and weight[j] > 0.0:
            counts[j] = binomial(stream, people, min(1.0, weight[j] / rest))
            people -= counts[j]
            rest -= weight[j]
    counts[last] = people


@kernel
def poisson(stream: Stream, mean: float) -> int:
    """Poisson: inversion below 12, else Hormann's PTRS (1993)."""
    if mean <= 0.0:
        return 0
    if mean < 12.0:
        u, term, k = uniform(stream), np.exp(-mean), 0
        while u > term and k < 400:
            u -= term
            k += 1
            term *= mean / k
        return k
    b = 0.931 + 2.53 * np.sqrt(mean)
    a = -0.059 + 0.02483 * b
    accept = 0.9277 - 3.6224 / (b - 2.0)
    while True:
        u = uniform(stream) - 0.5
        v = uniform(stream)
        us = 0.5 - abs(u)
        k = np.floor((2.0 * a / us + b) * u + mean + 0.43)
        if us >= 0.07 and v <= accept:
            return int(k)
        if k < 0.0 or (us < 0.013 and v > us):
            continue
        scale = 1.1239 + 1.1328 / (b - 3.4)
        if np.log(v * scale / (a / (us * us) + b)) <= k * np.log(mean) - mean - log_factorial(k):
            return int(k)


@kernel
def negative_binomial(stream: Stream, mean: float, size: float) -> int:
    """Negative binomial with a mean and a size: variance mean + mean^2 / size."""
    if mean <= 0.0:
        return 0
    return poisson(stream, mean * gamma(stream, size) / size)
