"""The functions between two matrices of an MLP, by the names that configs have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import erfc, pi, sqrt

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, capped, sigmoid, softplus, unknown

EPSILON = 1e-6
"""Added to a mean square before its root: of what a polynomial norms."""
_ERFC = np.frompyfunc(erfc, 1, 1)


def silu(x: Array) -> Array:
    """x times its sigmoid. Paper: https://arxiv.org/abs/1702.03118"""
    return x * sigmoid(x)


def gelu(x: Array) -> Array:
    """x times the normal distribution's share below x. Paper: https://arxiv.org/abs/1606.08415"""
    return np.asarray(x * 0.5 * np.asarray(_ERFC(-x / sqrt(2)), dtype=x.dtype))


def gelu_tanh(x: Array) -> Array:
    """GELU, approximated by a hyperbolic tangent."""
    return np.asarray(0.5 * x * (1 + np.tanh(sqrt(2 / pi) * (x + 0.044715 * x**3))))


def gelu_rounded(x: Array) -> Array:
    """The same with the factor rounded to eight digits, as BLOOM was trained."""
    return np.asarray(0.5 * x * (1 + np.tanh(0.79788456 * (x + 0.044715 * x**3))))


def quick_gelu(x: Array) -> Array:
    """GELU, approximated by a sigmoid."""
    return x * sigmoid(1.702 * x)


def relu(x: Array) -> Array:
    """What is positive of x."""
    return np.maximum(x, 0)


def relu2(x: Array) -> Array:
    """The square of what is positive. Paper: https://arxiv.org/abs/2109.08668"""
    return np.asarray(np.maximum(x, 0) ** 2)


def xielu(x: Array, above: Array, below: Array) -> Array:
    """A parabola above 0 and ELU below, each as steep as a learned number says. Paper: https://arxiv.org/abs/2411.13010"""
    curved = softplus(above) * x**2
    bent = (0.5 + softplus(below)) * (np.expm1(np.minimum(x, -1e-6)) - x)
    return np.asarray(np.where(x > 0, curved, bent) + 0.5 * x)


def situ(x: Array, cap: float) -> Array:
    """SiLU, whose x is bent between -cap and cap. Report: https://github.com/MoonshotAI/Kimi-K3/blob/main/k3_tech_report.pdf"""
    return capped(x, cap) * sigmoid(x)


def poly_norm(x: Array, weight: Array, bias: Array) -> Array:
    """A sum of x, its square and its cube, each divided by its root mean square. Paper: https://arxiv.org/abs/2411.03884"""
    share = sigmoid(weight)
    return np.asarray(
        share[0] * normed(x**3) + share[1] * normed(x**2) + share[2] * normed(x) + bias
    )


def normed(x: Array) -> Array:
    """Each vector divided by its root mean square, whatever the epsilon of norms is."""
    return np.asarray(x / np.sqrt(np.mean(x**2, axis=-1, keepdims=True) + EPSILON))


def softplus_base_2(x: Array) -> Array:
    """log2(1 + 2^x): a softplus whose slope of 1/2 is ln 2 times as long, 1 at 0."""
    return np.asarray(np.logaddexp2(x, 0))


FUNCTIONS: Mapping[str, Callable[[Array], Array]] = {
    "silu": silu,
    "swish": silu,
    "gelu": gelu,
    "gelu_new": gelu_tanh,
    "gelu_fast": gelu_tanh,
    "gelu_rounded": gelu_rounded,
    "gelu_pytorch_tanh": gelu_tanh,
    "quick_gelu": quick_gelu,
    "relu": relu,
    "relu2": relu2,
    "sigmoid": sigmoid,
    "softplus": softplus,
    "softplus_base_2": softplus_base_2,
    "tanh": np.tanh,
}


def activation(name: str) -> Callable[[Array], Array]:
    """The function of a name. Raises Refusal for one that isn't here."""
    if name not in FUNCTIONS:
        raise unknown("an activation", name)
    return FUNCTIONS[name]
