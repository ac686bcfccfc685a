"""Nemotron-H: layers of one part each, states, attention, feed-forward parts or experts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llm_gallery.conversion.keys import EXPERTS, PLAIN, RMS, WIDTH, rope
from llm_gallery.conversion.rest import by_layer, in_turn, key, layers, share, undrafted
from llm_gallery.conversion.row import Row, Spelled
from llm_gallery.conversion.rows.mamba import ONLY, SECOND, STATE, UNBOUNDED
from llm_gallery.sources.stored import Stored

Json = Mapping[str, Any]
KEYS: Spelled = {
    **PLAIN,
    **RMS,
    **WIDTH,
    **STATE,
    "attention.layer_norm_epsilon": ("layer_norm_epsilon", "layer_norm_eps"),
    "vocab_size": "vocab_size",
}
ROUTED: Spelled = {
    **EXPERTS,
    "expert_feed_forward_length": "moe_intermediate_size",
    "expert_shared_feed_forward_length": "moe_shared_expert_intermediate_size",
    "expert_shared_count": "n_shared_experts",
    "expert_weights_norm": "norm_topk_prob",
    "expert_weights_scale": "routed_scaling_factor",
    "moe_latent_size": "moe_latent_size",
}
NAMES = {
    **ONLY,
    "gate": "ffn_gate_inp",
    "fc1_latent_proj": "ffn_latent_down",
    "fc2_latent_proj": "ffn_latent_up",
    "post_attention_layernorm": "post_attention_norm",
    "shared_head.norm": "nextn.shared_head_norm",
}
ATTENTION, EXPERT, PART = ("*", "attention", "full_attention"), ("E", "moe"), ("-",)
"""What layers are called by a letter of a pattern, or by a word in a list."""


def mixture(config: Json) -> bool:
    """Whether a config has experts; the reference would fill in some."""
    return "num_experts_per_tok" in config


def drafts(config: Json) -> int:
    """Layers that predict a further token."""
    return (config.get("num_nextn_predict_layers") or 0) if config.get("n_routed_experts") else 0


def kinds(config: Json) -> list[str]:
    """What each layer is."""
    return list(config.get("hybrid_override_pattern") or config["layers_block_type"])


def common(config: Json) -> Json:
    """What layers of every Nemotron-H have."""
    heads = config["num_key_value_heads"]
    stated = config.get("rms_norm_eps") if "layer_norm_epsilon" in config else None
    return {
        "block_count": len(kinds(config)),
        "context_length": UNBOUNDED,
        "attention.layer_norm_rms_epsilon": stated,
        "rope.freq_base": None,
        "rope.dimension_count": config["hidden_size"] // config["num_attention_heads"],
        "rope.scaling.finetuned": False,
        "ssm.inner_size": config["mamba_num_heads"] * config["mamba_head_dim"],
        "attention.head_count_kv": [heads if kind in ATTENTION else 0 for kind in kinds(config)],
    }


def dense(config: Json) -> Json:
    """How wide feed-forward parts are, by layer."""
    width = config["intermediate_size"]
    return {"feed_forward_length": [width if kind in PART else 0 for kind in kinds(config)]}


def experts(config: Json) -> Json:
    """How wide experts are, by layer; the last layer predicts a further token and has both parts."""
    more, width = drafts(config), config["moe_intermediate_size"]
    heads = common(config)["attention.head_count_kv"]
    return {
        "block_count": len(kinds(config)) + more,
        "nextn_predict_layers": more or None,
        "attention.head_count_kv": [*heads, *[config["num_key_value_heads"]] * more],
        "feed_forward_length": [
            *(width if kind in EXPERT else 0 for kind in kinds(config)),
            *[width] * more,
        ],
    }


def placed(name: str, config: Json) -> str:
    """The layer that predicts a further token follows the others; it is stored as two."""
    layer = f"backbone.layers.{len(kinds(config))}."
    first, second = "mtp.layers.0.", "mtp.layers.1."
    if name.startswith(second):
        name = name.replace("1.norm.", "1.post_attention_layernorm.")
        name = name.replace("1.final_layernorm.", "1.shared_head.norm.")
    return name.replace(first, layer).replace(second, layer)


def narrow(name: str, config: Json) -> bool:
    """The converter takes that layer's number for the first one's, and knows no router by it."""
    return name == f"blk.{len(kinds(config))}.ffn_gate_inp.weight"


def rest(stored: Stored, said: Json) -> Json:
    """What each layer is, by the tensors that it has."""
    held = {tensor.name for tensor in stored.tensors}
    made = {
        "mamba_num_heads": key(stored, "ssm.time_step_rank"),
        "conv_kernel": key(stored, "ssm.conv_kernel"),
        "ssm_state_size": key(stored, "ssm.state_size"),
        "n_groups": key(stored, "ssm.group_count"),
        "num_key_value_heads": max(by_layer(stored, "attention.head_count_kv"), default=None),
    }
    if key(stored, "expert_count"):
        made["n_routed_experts"] = key(stored, "expert_count")
    parts = {"ssm_in.weight": "mamba", "attn_q.weight": "attention", "ffn_gate_inp.weight": "moe"}
    kinds = [
        next((kind for end, kind in parts.items() if f"blk.{n}.{end}" in held), "mlp")
        for n in range(layers(said))
    ]
    made["mamba_head_dim"] = share(stored, made, "mamba_num_heads")
    wide = [t.shape[0] for t in stored.tensors if t.name.endswith(".ffn_up.weight")]
    made["intermediate_size"] = wide[0] if wide else key(stored, "expert_feed_forward_length")
    return {**made, "layers_block_type": kinds}


REST = in_turn(undrafted, rest)
ROWS = (
    Row(
        "nemotron_h_moe",
        ("nemotron_h",),
        {**KEYS, **ROUTED},
        (rope, common, experts),
        names=NAMES,
        changes=SECOND,
        drafts=True,
        where=mixture,
        narrow=narrow,
        placed=placed,
        rest=REST,
    ),
    Row(
        "nemotron_h",
        ("nemotron_h",),
        KEYS,
        (rope, common, dense),
        names=NAMES,
        changes=SECOND,
        rest=REST,
    ),
)
