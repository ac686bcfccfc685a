"""Qwen's models whose layers all attend to all tokens."""

from __future__ import annotations

from llm_gallery.conversion.changes import split
from llm_gallery.conversion.keys import BASE, EXPERTS, rope
from llm_gallery.conversion.row import Row, Spelled

MIXTURE: Spelled = {**BASE, **EXPERTS, "expert_feed_forward_length": "moe_intermediate_size"}
SHARED: Spelled = {"expert_shared_feed_forward_length": "shared_expert_intermediate_size"}
STACKED = {
    "experts.gate_up_proj": split("ffn_gate_exps.weight", "ffn_up_exps.weight", axis=1),
}

ROWS = (
    Row("qwen2", ("qwen2",), BASE, writes=(rope,)),
    Row("qwen3", ("qwen3",), BASE, writes=(rope,)),
    Row("qwen2moe", ("qwen2_moe",), {**MIXTURE, **SHARED}, writes=(rope,), changes=STACKED),
    Row(
        "qwen3moe",
        ("qwen3_moe",),
        MIXTURE,
        writes=(rope,),
        changes=STACKED,
        implied={"norm_topk_prob": True},
    ),
)
