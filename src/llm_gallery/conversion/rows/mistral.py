"""Mistral's models with an image tower: their language models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llm_gallery.conversion.hyperparameters import rotation
from llm_gallery.conversion.keys import rope, scores
from llm_gallery.conversion.row import Row
from llm_gallery.conversion.rows import deepseek, llama

Json = Mapping[str, Any]


def tempered(config: Json) -> Json:
    """How queries grow with their position, in Ministral 3."""
    if config["model_type"] != "ministral3":
        return {}
    parameters = rotation(config)
    return {
        "rope.scaling.yarn_log_multiplier": parameters["mscale_all_dim"],
        "attention.temperature_scale": parameters["llama_4_scaling_beta"],
    }


ROWS = (
    Row(
        "mistral3",
        ("mistral3/mistral", "mistral3/ministral3"),
        llama.KEYS,
        (rope, llama.rotated, tempered),
    ),
    Row(
        "mistral4",
        ("mistral3/mistral4",),
        deepseek.KEYS,
        (rope, scores, deepseek.latent, deepseek.mscale),
        changes=deepseek.LATENT,
    ),
)
