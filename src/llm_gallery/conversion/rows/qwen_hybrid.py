"""Qwen's models whose layers mostly keep a state: Qwen3-Next and Qwen3.5."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from llm_gallery.conversion.changes import without_ones
from llm_gallery.conversion.hyperparameters import head_width, rotation
from llm_gallery.conversion.keys import BASE, rope
from llm_gallery.conversion.rest import by_layer, in_turn, key, layers, partly, share, undrafted
from llm_gallery.conversion.row import Row, Shape, Spelled
from llm_gallery.conversion.rows.qwen import MIXTURE, SHARED, STACKED
from llm_gallery.sources.stored import Stored

Json = Mapping[str, Any]
STATE: Spelled = {
    "ssm.conv_kernel": "linear_conv_kernel_dim",
    "ssm.state_size": "linear_key_head_dim",
    "ssm.group_count": "linear_num_key_heads",
    "ssm.time_step_rank": "linear_num_value_heads",
}
INTERVAL = 4
"""Every how many layers one attends, where a config doesn't say it."""
NAMES = {
    "post_attention_layernorm": "post_attention_norm",
    "linear_attn.dt": "ssm_dt",
    "linear_attn.in_proj_ba": "ssm_ba",
    "linear_attn.in_proj_qkv": "attn_qkv",
    "linear_attn.in_proj_z": "attn_gate",
    "linear_attn.in_proj_b": "ssm_beta",
    "linear_attn.in_proj_a": "ssm_alpha",
    "linear_attn.norm": "ssm_norm",
    "linear_attn.out_proj": "ssm_out",
}
DRAFT = {
    "mtp.fc.": "eh_proj.",
    "mtp.pre_fc_norm_embedding.": "enorm.",
    "mtp.pre_fc_norm_hidden.": "hnorm.",
    "mtp.norm.": "shared_head.norm.",
}
"""Ours beside the layers of the module that predicts a further token, and as in a layer."""


def drafts(config: Json) -> int:
    """Layers that predict a further token; Qwen3-Next's configs don't say that there is one."""
    return config.get("mtp_num_hidden_layers") or 1


def states(config: Json) -> Json:
    """Which layers keep a state, and how wide it is; a draft's layer attends."""
    layers = config["num_hidden_layers"]
    interval = config.get("full_attention_interval") or INTERVAL
    kinds = config.get("layer_types")
    keeps = (
        [kind == "linear_attention" for kind in kinds]
        if kinds
        else [(layer + 1) % interval > 0 for layer in range(layers)]
    )
    inner = config["linear_value_head_dim"] * config["linear_num_value_heads"]
    return {
        "block_count": layers + drafts(config),
        "nextn_predict_layers": drafts(config),
        "ssm.inner_size": inner,
        "attention.recurrent_layers": [*keeps, *[False] * drafts(config)],
        "full_attention_interval": interval,
    }


def rotated(config: Json) -> Json:
    """How many channels of a head are rotated."""
    part = rotation(config).get("partial_rotary_factor", 0.25)
    return {"rope.dimension_count": int(head_width(config) * part)}


def sections(config: Json) -> Json:
    """Channels of time, height and width; llama.cpp's reader wants them."""
    stated = rotation(config).get("mrope_section")
    return {} if stated else {"rope.dimension_sections": [11, 11, 10, 0]}


def placed(name: str, config: Json) -> str:
    """Layers that predict a further token follow the others."""
    layers = config["num_hidden_layers"]
    inside = re.fullmatch(r"mtp\.layers\.(\d+)\.(.+)", name, re.ASCII)
    if inside is not None:
        return f"model.layers.{layers + int(inside[1])}.{inside[2]}"
    for ours, theirs in DRAFT.items():
        name = name.replace(ours, f"model.layers.{layers}.{theirs}")
    return name


def queries_keys_values(shape: Shape, config: Json) -> list[tuple[str, Shape]]:
    """Qwen3-Next's one projection, in two: queries, keys and values; and what gates the output."""
    gate = config["linear_value_head_dim"] * config["linear_num_value_heads"]
    return [
        ("attn_qkv.weight", (shape[0] - gate, shape[1])),
        ("attn_gate.weight", (gate, shape[1])),
    ]


CHANGES = {
    "linear_attn.A_log": lambda shape, config: [("ssm_a", shape)],
    "linear_attn.dt_bias": lambda shape, config: [("ssm_dt.bias", shape)],
    "linear_attn.conv1d.weight": without_ones("ssm_conv1d.weight"),
    "linear_attn.in_proj_qkvz.weight": queries_keys_values,
    **STACKED,
}
WRITES = (rope, states, rotated)


def rest(stored: Stored, said: Json) -> Json:
    """How wide values are, which layers attend, and how many predict a further token."""
    keeps = by_layer(stored, "attention.recurrent_layers")[: layers(said)]
    kinds = ["linear_attention" if layer else "full_attention" for layer in keeps]
    made = {
        "mtp_num_hidden_layers": said.get("num_nextn_predict_layers"),
        "full_attention_interval": key(stored, "full_attention_interval"),
        "norm_topk_prob": True,
        "linear_value_head_dim": share(stored, said, "linear_num_value_heads"),
    }
    return {**made, "layer_types": kinds} if kinds else made


REST = in_turn(undrafted, partly, rest)
ROWS = (
    Row(
        "qwen3next",
        ("qwen3_next",),
        {**MIXTURE, **SHARED, **STATE},
        writes=WRITES,
        names=NAMES,
        changes=CHANGES,
        drafts=True,
        placed=placed,
        rest=REST,
    ),
    Row(
        "qwen35",
        ("qwen3_5_text", "qwen3_5"),
        {**BASE, **STATE},
        writes=(*WRITES, sections),
        names=NAMES,
        changes=CHANGES,
        drafts=True,
        placed=placed,
        rest=REST,
    ),
    Row(
        "qwen35moe",
        ("qwen3_5_moe_text", "qwen3_5_moe"),
        {**MIXTURE, **SHARED, **STATE},
        writes=(*WRITES, sections),
        names=NAMES,
        changes=CHANGES,
        drafts=True,
        placed=placed,
        rest=REST,
    ),
)
