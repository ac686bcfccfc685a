"""Granite's models whose layers all attend."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llm_gallery.conversion.changes import split
from llm_gallery.conversion.keys import EXPERTS, PLAIN, RMS, rope
from llm_gallery.conversion.rest import heads
from llm_gallery.conversion.row import Row, Spelled
from llm_gallery.conversion.rows.llama import frequencies, rotated

Json = Mapping[str, Any]
MULTIPLIERS: Spelled = {
    "attention.scale": "attention_multiplier",
    "embedding_scale": "embedding_multiplier",
    "residual_scale": "residual_multiplier",
    "logit_scale": "logits_scaling",
    "expert_shared_feed_forward_length": "shared_intermediate_size",
}
KEYS: Spelled = {**PLAIN, **RMS, **EXPERTS, **MULTIPLIERS, "vocab_size": "vocab_size"}
LOCAL: Spelled = {"expert_count": ("num_local_experts", "num_experts")}
ROUTED = {"router.layer": "ffn_gate_inp", "block_sparse_moe.output_linear": "ffn_down_exps"}
PARALLEL = {
    "block_sparse_moe.input_linear.weight": split(
        "ffn_gate_exps.weight", "ffn_up_exps.weight", axis=1
    ),
}
HYBRID: Spelled = {
    **KEYS,
    "ssm.conv_kernel": "mamba_d_conv",
    "ssm.state_size": "mamba_d_state",
    "ssm.time_step_rank": "mamba_n_heads",
    "ssm.group_count": "mamba_n_groups",
}


def attends(config: Json) -> bool:
    """Whether no layer of a hybrid keeps a state, and none has experts."""
    kinds = config.get("layer_types") or ["mamba"]
    return not config.get("num_local_experts") and "mamba" not in "".join(kinds)


def stateless(config: Json) -> Json:
    """What such a hybrid has of states all the same, and that its attention is rotated."""
    heads = config["num_key_value_heads"]
    return {
        "attention.head_count_kv": [heads] * config["num_hidden_layers"],
        "ssm.inner_size": config["mamba_expand"] * config["hidden_size"],
        "rope.scaling.finetuned": True,
    }


ROWS = (
    Row("granite", ("granite",), KEYS, (rope, rotated), beside=frequencies, rest=heads),
    Row(
        "granite",
        ("granitemoehybrid",),
        HYBRID,
        (rope, rotated, stateless),
        names={"shared_mlp.output_linear": "ffn_down"},
        changes={"shared_mlp.input_linear.weight": split("ffn_gate.weight", "ffn_up.weight")},
        where=attends,
    ),
    Row(
        "granitemoe",
        ("granitemoe",),
        {**KEYS, **LOCAL},
        (rope, rotated),
        names=ROUTED,
        changes=PARALLEL,
    ),
)
