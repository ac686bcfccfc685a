"""What is made small otherwise where a model has several streams, each with layers of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

DEEP = "num_hidden_layers"
LEFT_OUT = {"hidden_size": 64, "num_attention_heads": 4, "intermediate_size": 40}
"""Sizes of a transformer that a config leaves out as a whole."""
BYTES = {"encoder_hash_byte_group_vocab": 50, "local_attention_window_len": 4}
"""Sizes of BLT's that no other model has."""


def several(config: Mapping[str, Any], small: dict[str, Any], depth: int) -> None:
    """Sizes of parts that must fit one another, and depths that are those of one part."""
    if config.get("model_type") == "hrm_text":  # of one module, or of all runs
        small[DEEP] = min(depth, 2)
        small.pop("num_layers_per_stack", None)
    if config.get("model_type") == "blt":
        for key in ("encoder_config", "decoder_config", "global_config", "patcher_config"):
            small[key] = part = LEFT_OUT | dict(small.get(key) or {})
            part[DEEP] = min(part.get(DEEP, 2), 2)
        small["decoder_config"]["hidden_size_global"] = small["global_config"]["hidden_size"]
        small["decoder_config"]["hidden_size"] = small["encoder_config"]["hidden_size"]
        for key in BYTES:
            if isinstance(small.get(key), int):
                small[key] = min(small[key], BYTES[key])
