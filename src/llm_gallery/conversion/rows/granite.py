"""Granite's models whose layers all attend."""

from __future__ import annotations

from llm_gallery.conversion.changes import split
from llm_gallery.conversion.keys import EXPERTS, PLAIN, RMS, rope
from llm_gallery.conversion.row import Row, Spelled
from llm_gallery.conversion.rows.llama import frequencies, rotated

MULTIPLIERS: Spelled = {
    "attention.scale": "attention_multiplier",
    "embedding_scale": "embedding_multiplier",
    "residual_scale": "residual_multiplier",
    "logit_scale": "logits_scaling",
    "expert_shared_feed_forward_length": "shared_intermediate_size",
}
KEYS: Spelled = {**PLAIN, **RMS, **EXPERTS, **MULTIPLIERS, "vocab_size": "vocab_size"}
ROUTED = {"router.layer": "ffn_gate_inp", "block_sparse_moe.output_linear": "ffn_down_exps"}
PARALLEL = {
    "block_sparse_moe.input_linear.weight": split(
        "ffn_gate_exps.weight", "ffn_up_exps.weight", axis=1
    ),
}


ROWS = (
    Row("granite", ("granite",), KEYS, writes=(rope, rotated), beside=frequencies),
    Row("granitemoe", ("granitemoe",), KEYS, (rope, rotated), names=ROUTED, changes=PARALLEL),
)
