"""Random numbers that depend on what they are for, not on the order of drawing: streams keyed by member, day and site.

The generator is SplitMix64 (Steele, Lea and Flood 2014): a stream begins at the hash of its key and takes as many
numbers as it needs. So a what-if and its base draw the same numbers wherever they do the same, members can be computed
in any order, and a site without people draws nothing.
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
