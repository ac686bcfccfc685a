"""Gemma 3n: several streams, and inputs of each layer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import inf
from statistics import NormalDist
from struct import pack, unpack
from typing import Any

from llm_gallery.conversion.keys import BASE, rope
from llm_gallery.conversion.names import SANDWICH
from llm_gallery.conversion.row import Row, Shape
from llm_gallery.conversion.rows.gemma import CAPPED, WINDOW
from llm_gallery.conversion.rows.windowed import slides

Json = Mapping[str, Any]


def layered(config: Json) -> Json:
    """Widths of feed-forward parts, and how many deviations from the mean a channel must be to count."""
    width, layers = config["intermediate_size"], config["num_hidden_layers"]
    sparse = config["activation_sparsity_pattern"]
    return {
        "feed_forward_length": width if isinstance(width, list) else [width] * layers,
        "activation_sparsity_scale": [deviations(share) for share in sparse],
    }


def deviations(share: float) -> float:
    """Below how many deviations a share of the normal distribution is, in 32 bits."""
    if share <= 0:
        return -inf
    (single,) = unpack("<f", pack("<f", NormalDist().inv_cdf(share)))
    return float(single)


def placed(name: str, config: Json) -> str:
    """Projections of the further streams are stacked, as experts are."""
    return re.sub(r"(altup\w*_projections)\.(\d+)\.", r"\1.experts.\2.", name)


def padded(shape: Shape, config: Json) -> list[tuple[str, Shape]]:
    """Each layer's inputs, also of the tokens of images and sounds."""
    return [("per_layer_token_embd.weight", (config["vocab_size"], *shape[1:]))]


ROWS = (
    Row(
        "gemma3n",
        ("gemma3n_text", "gemma3n"),
        {
            **BASE,
            **WINDOW,
            **CAPPED,
            "altup.active_idx": "altup_active_idx",
            "altup.num_inputs": "altup_num_inputs",
            "embedding_length_per_layer_input": "hidden_size_per_layer_input",
            "attention.shared_kv_layers": "num_kv_shared_layers",
        },
        (rope, slides, layered),
        names={
            **SANDWICH,
            "altup_projections.experts": "altup_proj",
            "altup_unembed_projections.experts": "altup_unembd_proj",
            "altup.router_norm": "altup_router_norm",
            "altup.modality_router": "altup_router",
            "altup.prediction_coefs": "altup_predict_coef",
            "altup.correction_coefs": "altup_correct_coef",
            "altup.correct_output_scale": "altup_correct_scale",
            "laurel.linear_left": "laurel_l",
            "laurel.linear_right": "laurel_r",
            "post_laurel_norm": "laurel_post_norm",
        },
        changes={"embed_tokens_per_layer.weight": padded},
        placed=placed,
        lost="how many tokens have inputs of each layer",
    ),
)
