"""Random configs of families that vary a parent by little."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from tests.truth.mutations import ABSENT, Config, Family, _as, _drawn


def _granite_swa(draw: Random, model_type: str = "granite_swa") -> Config:
    held = _drawn(draw, model_type, "layer_rope_theta")
    bases = [draw.choice([0, 10000.0, 50000.0]) for _ in range(held.get("num_hidden_layers", 0))]
    return held | (draw.choice([{}, {"layer_rope_theta": bases}]) if bases else {})


def _doge(draw: Random) -> Config:
    """Windows that a text passes or doesn't; experts in a square, or with some left over."""
    return _drawn(
        draw,
        "doge",
        *("layer_types", "head_dim"),
        is_moe=draw.choice([ABSENT, False, True]),
        keep_window_size=draw.choice([ABSENT, 3, 7, 4096]),
        num_experts=draw.choice([4, 9, 11, 36]),
        num_experts_per_tok=draw.choice([1, 2, 4]),
    )


VARIANTS: Mapping[str, Family] = {
    "doge": _doge,
    "flint": _as("flint", sliding_window=[2, 128]),
    "granite_swa": _granite_swa,
    "granitemoe_swa": lambda draw: _granite_swa(draw, "granitemoe_swa"),
    "hyperclovax": _as("hyperclovax"),
    "iquestcoder": _as("iquestcoder"),
    "jais2": _as("jais2", hidden_act=[ABSENT]),
    "lfm3": _as("lfm3", "rope_parameters"),
}
