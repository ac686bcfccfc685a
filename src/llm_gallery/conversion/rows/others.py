"""Models with a row of their own in llama.cpp, whose trees aren't read back from a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from llm_gallery.conversion.changes import split, turned
from llm_gallery.conversion.hyperparameters import head_width, rotation
from llm_gallery.conversion.keys import BASE, EXPERTS, PLAIN, RMS, rope, scores
from llm_gallery.conversion.names import SANDWICH
from llm_gallery.conversion.row import Row
from llm_gallery.conversion.rows import llama
from llm_gallery.conversion.rows.qwen import MIXTURE
from llm_gallery.conversion.rows.windowed import slides
from llm_gallery.conversion.tensor import GgufTensor

Json = Mapping[str, Any]
TURNED = {
    "experts.gate_up_proj": split(
        "ffn_gate_exps.weight", "ffn_up_exps.weight", axis=1, turned=True
    ),
    "experts.down_proj": turned("ffn_down_exps.weight"),
}
"""Experts that are stored with the inputs first."""


def llama4(config: Json) -> Json:
    """Widths of experts, and of the layers without."""
    return {
        "feed_forward_length": config["intermediate_size_mlp"],
        "expert_feed_forward_length": config["intermediate_size"],
    }


def first_mixture(config: Json) -> Json:
    """DeepSeek's first mixture, whose experts' sum isn't scaled."""
    return {"rope.scaling.type": "none", "expert_weights_scale": 1.0}


def stacked(config: Json) -> Json:
    """How many layers add what the image tower's layers give."""
    tower = config.get("vision_config") or {}
    return {"n_deepstack_layers": len(tower.get("deepstack_visual_indexes") or [])}


def spark(config: Json) -> Json:
    """How many channels of a head are rotated, in all tokens and in a window."""
    parameters, width = rotation(config), head_width(config)
    parts = (parameters[kind]["partial_rotary_factor"] for kind in ("full_attention", "sliding_attention"))  # fmt: skip
    full, sliding = (int(width * part) for part in parts)
    return {"rope.dimension_count": full, "rope.dimension_count_swa": sliding}


def muse(config: Json) -> Json:
    """The base of the layers that are rotated."""
    return {"rope.freq_base": next(theta for theta in config["layer_rope_theta"] if theta)}


def norms_without_weights(config: Json) -> Iterator[GgufTensor]:
    """Norms of Muse's queries and keys, which have no weights: llama.cpp's are ones."""
    for layer in range(config["num_hidden_layers"]):
        for kind in ("q", "k"):
            name = f"blk.{layer}.attn_{kind}_norm.weight"
            yield GgufTensor(name, (config["head_dim"],), "", True)


ROWS = (
    Row(
        "llama",
        ("internlm3",),
        llama.KEYS,
        (rope, llama.rotated),
    ),
    Row(
        "llama4",
        ("llama4", "llama4_text"),
        {**llama.KEYS, "interleave_moe_layer_step": "interleave_moe_layer_step"},
        (rope, llama.rotated, llama4),
        changes=TURNED,
        beside=llama.frequencies,
        lost="in which chunks its layers attend",
    ),
    Row(
        "deepseek",
        ("deepseek",),
        {
            **PLAIN,
            **RMS,
            **EXPERTS,
            "vocab_size": "vocab_size",
            "leading_dense_block_count": "first_k_dense_replace",
            "expert_feed_forward_length": "moe_intermediate_size",
            "expert_shared_count": "n_shared_experts",
        },
        (rope, scores, llama.rotated, first_mixture),
        lost="whether its experts' shares are normed",
    ),
    Row(
        "qwen3vlmoe",
        ("qwen3_vl_moe", "qwen3_vl_moe_text"),
        MIXTURE,
        (rope, stacked),
        changes=TURNED,
        lost="which layers of its image tower it takes",
    ),
    Row(
        "nanbeige",
        ("nanbeige",),
        {
            **BASE,
            "vocab_size": "vocab_size",
            "num_loops": "num_loops",
            "skip_loop_final_norm": "skip_loop_final_norm",
        },
        (rope, llama.rotated),
    ),
    Row(
        "spark2_5",
        ("spark2_5",),
        {**BASE, "vocab_size": "vocab_size", "attention.sliding_window": "sliding_window"},
        (rope, slides, spark),
        names={
            "embedding": "token_embd",
            "q_k_v_proj": "attn_qkv",
            "self_attn.out_proj": "attn_output",
            "g_proj": "attn_gate",
        },
        lost="how its values are gated",
    ),
    Row(
        "muse-glimmer",
        ("muse_glimmer", "muse_glimmer_text"),
        {
            **BASE,
            "final_logit_softcapping": "final_logit_softcapping",
            "logit_scale": "output_multiplier",
            "attention.sliding_window": "sliding_window",
        },
        (rope, slides, muse),
        names={**SANDWICH, "self_attn.gate_proj": "attn_gate"},
        beside=norms_without_weights,
        lost="which layers are rotated",
    ),
)
