"""Random numbers that depend on what they are for, not on the order of drawing: streams keyed by member, day and site.

The generator is SplitMix64 (Steele, Lea and Flood 2014): a stream begins at the hash of its key and takes as many
numbers as it needs. So a what-if and its base draw the same numbers wherever they do the same, members can be computed
in any order, and a site without people draws nothing. Draws of few are made person by person (a Polya urn), others by
inversion or rejection at a cost that does not grow with the count.
"""

import numpy as np
from numpy.typing import NDArray

from onward.engines.jit import kernel

Stream = NDArray[np.uint64]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_30, _27, _31, _11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
_UNIT = 2.0**-53
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
_127 = np.uint64(127)
_TAIL, _AREA = 3.442619855899, 9.91256303526217e-3


def _ziggurat() -> NDArray[np.float64]:
    """Edges of 128 layers of equal area under exp(-x^2 / 2), the widest first."""
    edges = [_AREA / np.exp(-0.5 * _TAIL * _TAIL), _TAIL]
    for _ in range(126):
        edges.append(np.sqrt(-2.0 * np.log(_AREA / edges[-1] + np.exp(-0.5 * edges[-1] * edges[-1]))))
    return np.array([*edges, 0.0])


_EDGES = _ziggurat()
_RATIOS = _EDGES[1:] / _EDGES[:-1]
URN = 24
"""Up to so many people an urn is drawn from person by person."""


@kernel
def mixed(z: np.uint64) -> np.uint64:
    """SplitMix64's finishing hash."""
    z = (z ^ (z >> _30)) * _FIRST
    z = (z ^ (z >> _27)) * _SECOND
    return z ^ (z >> _31)


@kernel
def keyed(base: np.uint64, key: np.uint64) -> np.uint64:
    """The hash of a key under another: member under seed, day under member, site under day."""
    return mixed(base + _GOLDEN * (key + np.uint64(1)))


@kernel
def uniform(stream: Stream) -> float:
    """Uniform on the open interval (0, 1); moves the stream on."""
    stream[0] += _GOLDEN
    return (np.float64(mixed(stream[0]) >> _11) + 0.5) * _UNIT


@kernel
def normal(stream: Stream) -> float:
    """Standard normal by the ziggurat (Marsaglia and Tsang 2000, as Doornik 2005 gives it)."""
    while True:
        stream[0] += _GOLDEN
        bits = mixed(stream[0])
        i = int(bits & _127)
        u = (np.float64(bits >> _11) + 0.5) * (2.0 * _UNIT) - 1.0
        x = u * _EDGES[i]
        if abs(u) < _RATIOS[i]:
            return float(x)
        if i > 0:
            outer = np.exp(-0.5 * (_EDGES[i] * _EDGES[i] - x * x))
            inner = np.exp(-0.5 * (_EDGES[i + 1] * _EDGES[i + 1] - x * x))
            if inner + uniform(stream) * (outer - inner) < 1.0:
                return float(x)
            continue
        while True:
            beyond = -np.log(uniform(stream)) / _TAIL
            if -2.0 * np.log(uniform(stream)) > beyond * beyond:
                return float(_TAIL + beyond if u > 0.0 else -_TAIL - beyond)


@kernel
def gamma(stream: Stream, shape: float) -> float:
    """Gamma of scale 1 (Marsaglia and Tsang 2000)."""
    boost = 1.0
    if shape < 1.0:
        boost = uniform(stream) ** (1.0 / shape)
        shape += 1.0
    d = shape - 1.0 / 3.0
    c = 1.0 / np.sqrt(9.0 * d)
    while True:
        x = normal(stream)
        v = 1.0 + c * x
        if v <= 0.0:
            continue
        v = v * v * v
        u = uniform(stream)
        if u < 1.0 - 0.0331 * x * x * x * x or np.log(u) < 0.5 * x * x + d * (1.0 - v + np.log(v)):
            return float(d * v * boost)


@kernel
def truncated_t(stream: Stream, df: float, bound: float) -> float:
    """Student-t with df degrees of freedom, drawn again while beyond +-bound."""
    while True:
        x = normal(stream) / np.sqrt(2.0 * gamma(stream, 0.5 * df) / df)
        if -bound <= x <= bound:
            return float(x)


@kernel
def log_factorial(k: float) -> float:
    """Logarithm of k! for whole k: a table below 16, then Stirling's series."""
    if k < 16.0:
        return float(_LOG_FACTORIALS[int(k)])
    z = 1.0 / (k * k)
    return float((k + 0.5) * np.log(k) - k + 0.9189385332046727 + (1.0 - z * (1.0 / 30.0 - z / 105.0)) / (12.0 * k))


@kernel
def _few(stream: Stream, n: int, p: float) -> int:
    """Binomial by inversion, where fewer than 12 are expected."""
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
    if mean < 12.0:
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
    return n - _binomial_half(stream, n, 1.0 - p) if p > 0.5 else _binomial_half(stream, n, p)


@kernel
def beta_binomial(stream: Stream, n: int, p: float, concentration: float) -> int:
    """Beta-binomial of n with mean n p; two people agree with correlation 1 / (1 + concentration)."""
    if n <= 0 or p <= 0.0:
        return 0
    if p >= 1.0:
        return n
    if n <= URN:
        k = 0
        for drawn in range(n):
            if uniform(stream) * (concentration + drawn) < p * concentration + k:
                k += 1
        return k
    yes, no = gamma(stream, p * concentration), gamma(stream, (1.0 - p) * concentration)
    return binomial(stream, n, yes / (yes + no) if yes + no > 0.0 else p)


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
