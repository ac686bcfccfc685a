"""Gemma 4: layers that attend to a window, and wider heads in those that attend to all tokens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from llm_gallery.conversion.keys import BASE, EXPERTS, rope
from llm_gallery.conversion.names import SANDWICH
from llm_gallery.conversion.rest import by_layer, key, windows
from llm_gallery.conversion.row import Row
from llm_gallery.conversion.rows.gemma import CAPPED, WINDOW
from llm_gallery.conversion.tensor import GgufTensor
from llm_gallery.sources.stored import Stored

Json = Mapping[str, Any]


def layered(config: Json) -> Json:
    """Heads of both kinds of layers; layers that take keys and values of others may be twice as wide."""
    slides = [kind == "sliding_attention" for kind in config["layer_types"]]
    few, more = config.get("num_global_key_value_heads"), config["num_key_value_heads"]
    shared, width = config.get("num_kv_shared_layers", 0), config["intermediate_size"]
    narrow, wide = config["head_dim"], config["global_head_dim"]
    own = len(slides) - shared
    by_layer = [width] * own + [2 * width] * shared
    return {
        "attention.head_count_kv": more if few is None else [more if s else few for s in slides],
        "attention.sliding_window_pattern": slides,
        "attention.shared_kv_layers": shared,
        "attention.key_length": wide,
        "attention.value_length": wide,
        "attention.key_length_swa": narrow,
        "attention.value_length_swa": narrow,
        "embedding_length_per_layer_input": config.get("hidden_size_per_layer_input") or 0,
        "feed_forward_length": by_layer if config.get("use_double_wide_mlp") else width,
        "rope.dimension_count": wide,
        "rope.dimension_count_swa": narrow,
    }


def frequencies(config: Json) -> Iterator[GgufTensor]:
    """Which pairs of channels are rotated, where a layer attends to all tokens."""
    yield GgufTensor("rope_freqs.weight", (config["global_head_dim"] // 2,), "", True)


def rest(stored: Stored, said: Json) -> Json:
    """What files have by layer and configs by the layers' kinds."""
    made = dict(windows(stored, said))
    widths = by_layer(stored, "feed_forward_length")
    counts = by_layer(stored, "attention.head_count_kv")
    kinds = [*by_layer(stored, "attention.sliding_window_pattern")]
    made["num_kv_shared_layers"] = key(stored, "attention.shared_kv_layers")
    made["head_dim"] = key(stored, "attention.key_length_swa")
    made["global_head_dim"] = key(stored, "attention.key_length")
    made["hidden_size_per_layer_input"] = key(stored, "embedding_length_per_layer_input") or 0
    made["enable_moe_block"] = "num_experts" in said
    made["use_double_wide_mlp"] = bool(widths)
    if widths:
        made["intermediate_size"] = min(widths)
    of = dict(zip(kinds, counts, strict=False))
    if counts and len(of) == 2:
        made["num_key_value_heads"], made["num_global_key_value_heads"] = (
            of.get(True),
            of.get(False),
        )
    made["attention_k_eq_v"] = not all_have_values(stored, said)
    return made


def all_have_values(stored: Stored, said: Json) -> bool:
    """Whether each layer that has keys of its own has values too."""
    held = {tensor.name for tensor in stored.tensors}
    keyed = [name for name in held if name.endswith(".attn_k.weight")]
    return all(name.replace("attn_k", "attn_v") in held for name in keyed)


ROWS = (
    Row(
        "gemma4",
        ("gemma4_text", "gemma4", "gemma4_unified", "gemma4_unified_text"),
        {
            **BASE,
            **EXPERTS,
            **WINDOW,
            **CAPPED,
            "expert_used_count": ("top_k_experts", "num_experts_per_tok"),
            "expert_feed_forward_length": ("moe_intermediate_size", "expert_intermediate_size"),
        },
        (rope, layered),
        names={
            **SANDWICH,
            "post_feedforward_layernorm_1": "post_ffw_norm_1",
            "post_feedforward_layernorm_2": "post_ffw_norm_2",
            "pre_feedforward_layernorm_2": "pre_ffw_norm_2",
            "layer_scalar": "layer_output_scale",
        },
        changes={
            "router.scale": lambda shape, config: [("ffn_gate_inp.scale", shape)],
            "router.per_expert_scale": lambda shape, config: [("ffn_down_exps.scale", shape)],
        },
        beside=frequencies,
        rest=rest,
    ),
)
