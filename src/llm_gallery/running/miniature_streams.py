"""What is made small otherwise where a model has several streams, each with layers of its own, or parts that must fit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llm_gallery.families._config import defaults
from llm_gallery.families.zamba2 import SCHEDULE

DEEP = "num_hidden_layers"
LEFT_OUT = {"hidden_size": 64, "num_attention_heads": 4, "intermediate_size": 40}
"""Sizes of a transformer that a config leaves out as a whole."""
BYTES = {"encoder_hash_byte_group_vocab": 50, "local_attention_window_len": 4}
"""Sizes of BLT's that no other model has."""

BLOCKS = {
    "kernel_size": 4, "kernel_stride": 2, "block_size": 4, "window_size": 24, "topk": 3, "init_blocks": 1,
    "dense_len": 20,
}  # fmt: skip
"""Of MiniCPM4's choice: nine blocks are read, one of them by its score."""

LAID = ("first_layers_types", "hybrid_layers_types_block", "last_layers_types")
"""Kinds of layers that lie one behind the other; those in the middle come over and over."""

LOOP = {
    "core_start": "loop_layer_index_start",
    "core_end": "loop_layer_index_end",
    "num_passes": "loop_num_passes",
    "gate_rank": "loop_gate_rank",
}
"""Keys of Inkling's loop, in the words of its releases and of the reference."""


def several(config: Mapping[str, Any], small: dict[str, Any], depth: int) -> None:
    """Sizes of parts that must fit one another, and depths that are those of one part."""
    if "kernel_stride" in config:
        small |= BLOCKS
    if config.get("hybrid_layers_types_block"):  # IQuest-Q1's layers in one list, none over again
        first, block, last = (config.get(key) or () for key in LAID)
        spelled = [*first, *[*block] * config["num_hybrid_layers_block"], *last]
        small |= dict(zip(LAID, (spelled[:depth], [], []), strict=True))
    if "rope_head_dim" in config:  # all of a head, or a half
        small["rope_head_dim"] = small["head_dim"]
        if config["rope_head_dim"] not in (None, config["head_dim"]):
            small["rope_head_dim"] //= 2
    if isinstance(config.get("attn"), Mapping) and "layers" in config["attn"]:  # of RWKV-6
        small["attn"]["layers"] = [i for i in config["attn"]["layers"] if i < depth]
        small["attn"] |= {key: 4 for key in ("num_heads", "num_kv_heads") if key in config["attn"]}
    if (
        config.get("model_type") == "zamba2"
        and not {"layers_block_type", "layer_types"} & config.keys()
    ):
        small["layers_block_type"] = [*SCHEDULE[:depth]]
    if config.get("model_type") == "hrm_text":  # of one module, or of all runs
        small[DEEP] = min(depth, 2)
        small.pop("num_layers_per_stack", None)
    if {"n_layers_per_attn_res_block", "moe_intermediate_size"} <= small.keys():
        small.pop("intermediate_size", None)  # Inkling 2's other name of the same
    if config.get("model_type") == "inkling2_loop_text":
        _looped(config, small)
    if config.get("model_type") == "inkling2_loop":
        _looped(config["text_config"], small["text_config"])
    if config.get("model_type") == "idefics":
        every = config.get("cross_layer_interval", 1)
        small["cross_layer_interval"] = min(every, 3)
        small[DEEP] = min(every, 3) * min(config.get(DEEP, 2 * every) // every, 2)
    if config.get("model_type") == "dory":
        _recurrent(config, small)
    if "sparse_num_different_global_patterns" in config:  # ruGPT-3 XL's stretches, in 64 tokens
        small |= {"sparse_block_size": 2, "sparse_num_local_blocks": 4}
        small["sparse_num_different_global_patterns"] = 3
    if config.get("model_type") == "openelm":
        _widening(config, small)
    if config.get("model_type") == "blt":
        for key in ("encoder_config", "decoder_config", "global_config", "patcher_config"):
            small[key] = part = LEFT_OUT | dict(small.get(key) or {})
            part[DEEP] = min(part.get(DEEP, 2), 2)
        small["decoder_config"]["hidden_size_global"] = small["global_config"]["hidden_size"]
        small["decoder_config"]["hidden_size"] = small["encoder_config"]["hidden_size"]
        for key in BYTES:
            if isinstance(small.get(key), int):
                small[key] = min(small[key], BYTES[key])


def _widening(config: Mapping[str, Any], small: dict[str, Any]) -> None:
    """A few layers from OpenELM's narrowest to its widest: no two of a release are alike."""
    small |= {"model_dim": 128, "ffn_dim_divisor": 8, "max_context_length": 64}
    small["num_transformer_layers"] = min(config["num_transformer_layers"], 5)
    small["num_gqa_groups"] = min(config.get("num_gqa_groups", 1), 2)
    widths = config.get("ffn_multipliers")
    if isinstance(widths, list | tuple):
        small["ffn_multipliers"] = [widths[0], widths[-1]]
    for key in ("num_query_heads", "num_kv_heads"):  # which the multipliers give
        small.pop(key, None)


def _recurrent(config: Mapping[str, Any], small: dict[str, Any]) -> None:
    """Two layers at most before the loop, in it and after it, the last of each; three passes at most.

    Learned scales are drawn about 1, so that they are over 1, too: over what a release begins them with, they'd
    make scores of which rounding leaves few digits.
    """
    small["initializer_range"] = 1.0
    known = defaults("dory")["defaults"]
    keys = (DEEP, "n_input_layers", "n_recurrent_layers", "n_output_layers", "layer_types")
    deep, first, again, last, kinds = (config.get(key, known[key]) for key in keys)
    each = 2 if kinds and "mlp" in kinds else 1
    deep, first, last = deep // each, first // each, last // each
    again = deep - first - last if again is None else again // each
    if kinds is None:
        kinds = ["sliding_attention" if (i + 1) % 4 else "full_attention" for i in range(deep)]
    ends = (first, first + again, deep)
    counts = [min(count, 2) for count in (first, again, last)]
    small["layer_types"] = [
        kind
        for end, count in zip(ends, counts, strict=True)
        for kind in kinds[::each][end - count : end]
    ]
    small |= dict(zip(keys[1:4], counts, strict=True)) | {DEEP: sum(counts)}
    passes = config.get("n_recurrent_loops", known["n_recurrent_loops"])
    small["n_recurrent_loops"] = min(passes, 3)


def _looped(config: Mapping[str, Any], small: dict[str, Any]) -> None:
    """One sum of layers before the loop, two at most in it and one after it, each of two layers at most."""
    known = defaults("inkling2_loop_text")["defaults"]
    whole = {key: config.get(key, known.get(key)) for key in (*LOOP.values(), DEEP, "layer_types")}
    stated = config.get("loop_config") or {}
    start, end, passes, rank = (stated.get(one) or whole[other] for one, other in LOOP.items())
    every = config.get("n_layers_per_attn_res_block") or known["n_layers_per_attn_res_block"]
    each, deep, kinds = min(every, 2), whole[DEEP], whole["layer_types"]
    if kinds is None:
        kinds = ["hybrid" if (i + 1) % 6 == 0 else "hybrid_sliding" for i in range(deep)]
    ends = [start, *range(start + every, end + 1, every)[:2], *([deep] if deep > end else [])]
    inside = len(ends) - 1 - (deep > end)
    small["layer_types"] = [kind for at in ends for kind in kinds[at - each : at]]
    small[DEEP] = len(small["layer_types"])
    small["n_layers_per_attn_res_block"] = each
    sizes = (each, each * (1 + inside), min(passes, 3), min(rank, 6))
    small.pop("loop_config", None)
    words = LOOP.keys() if stated else LOOP.values()
    said = dict(zip(words, sizes, strict=True))
    small.update({"loop_config": said} if stated else said)
