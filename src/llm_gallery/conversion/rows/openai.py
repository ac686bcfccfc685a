"""OpenAI's open models."""

from __future__ import annotations

from llm_gallery.conversion.changes import split, turned
from llm_gallery.conversion.keys import BASE, EXPERTS, rope
from llm_gallery.conversion.row import Row

ROWS = (
    Row(
        "gpt-oss",
        ("gpt_oss",),
        {
            **BASE,
            **EXPERTS,
            "attention.sliding_window": "sliding_window",
            "expert_feed_forward_length": "intermediate_size",
        },
        writes=(rope,),
        names={"post_attention_layernorm": "post_attention_norm"},
        changes={
            "experts.gate_up_proj": split(
                "ffn_gate_exps.weight", "ffn_up_exps.weight", axis=1, turned=True
            ),
            "experts.gate_up_proj_bias": split("ffn_gate_exps.bias", "ffn_up_exps.bias", axis=1),
            "experts.down_proj": turned("ffn_down_exps.weight"),
            "experts.down_proj_bias": lambda shape, config: [("ffn_down_exps.bias", shape)],
        },
    ),
)
