"""Mistral's models with an image tower: their language models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llm_gallery.conversion.hyperparameters import rotation
from llm_gallery.conversion.keys import rope, scores
from llm_gallery.conversion.rest import key
from llm_gallery.conversion.row import Row
from llm_gallery.conversion.rows import deepseek, llama
from llm_gallery.sources.stored import Stored

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


def rest(stored: Stored, said: Json) -> Json:
    """Ministral 3 rather than Mistral, whose queries don't grow; neither has a window."""
    scale = key(stored, "attention.temperature_scale")
    if scale is None:
        return {"sliding_window": None}
    multiplied = key(stored, "rope.scaling.yarn_log_multiplier")
    more = {"llama_4_scaling_beta": scale, "mscale": 1.0, "mscale_all_dim": multiplied}
    theta = {"rope_theta": said.get("rope_theta")}
    parameters = {**said.get("rope_scaling", {}), **more, **theta}
    return {"model_type": "ministral3", "sliding_window": None, "rope_parameters": parameters}


ROWS = (
    Row(
        "mistral3",
        ("mistral3/mistral", "mistral3/ministral3"),
        llama.KEYS,
        (rope, llama.rotated, tempered),
        rest=rest,
    ),
    Row(
        "mistral4",
        ("mistral3/mistral4",),
        deepseek.KEYS,
        (rope, scores, deepseek.latent, deepseek.mscale),
        changes=deepseek.LATENT,
        lost="how its queries grow with their position",
    ),
)
