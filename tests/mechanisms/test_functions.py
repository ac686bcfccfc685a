"""Functions between matrices keep their digits where they are nearly 0: a part that gives little may be normed after it."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest

from llm_gallery.mechanisms.forward._array import sigmoid
from llm_gallery.mechanisms.forward.activations import gelu, silu

BELOW = 7.619853024160527e-24
"""The normal distribution's share below -10."""


def test_a_small_sigmoid_keeps_its_digits() -> None:
    x = np.array([-800.0, -30.0, 0.0, 30.0, 800.0])
    assert sigmoid(x) == pytest.approx([0, exp(-30), 0.5, 1, 1], rel=1e-12)
    assert silu(x[1:2]) == pytest.approx([-30 * exp(-30)], rel=1e-12)


def test_a_small_gelu_keeps_its_digits() -> None:
    assert gelu(np.array([-10.0])) == pytest.approx([-10 * BELOW], rel=1e-14)
