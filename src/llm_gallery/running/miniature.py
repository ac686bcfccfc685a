"""A small config of the same type: the mechanisms of the large one in the same pattern, in a few thousand weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import lcm
from typing import Any

from llm_gallery.architecture.block import layers, tensors
from llm_gallery.families import describe, left_open
from llm_gallery.families.baichuan import SECOND
from llm_gallery.running.miniature_streams import several
from llm_gallery.running.towers import OF_ENCODERS, joined

Json = dict[str, Any]

HEAD = 16
"""Channels of a small head."""
ALONE = 128
"""A width that no heads share; xLSTM's keys and values are some multiples of 64."""
WIDTHS = ("hidden_size", "n_embd", "d_model", "n_embed", "dim")
HEADS = ("num_attention_heads", "n_head", "n_heads", "attention_heads", "encoder_attention_heads")
KEYS = (
    "num_key_value_heads", "num_kv_heads", "multi_query_group_num", "num_attention_groups", "n_kv_heads",
    "n_head_kv", "num_query_groups",
)  # fmt: skip
OF_WINDOWS = "swa_num_attention_heads"
"""The same where a config states the same of both."""
OF_LINEAR = "num_kv_heads_for_linear_attn"
"""As many as all heads, where a config states it."""
OF_NOISE = "num_noise_heads"
"""Heads that others are less, one a key at most."""
CONTEXTS = (
    "max_position_embeddings", "max_position_embedding", "max_sequence_length", "n_positions", "n_ctx",
    "max_seq_len", "seq_length", "model_max_length",
)  # fmt: skip
BEFORE = ("original_max_position_embeddings", "initial_context_length")
WARMED = ("llama_4_scaling_beta", "llama_4_scaling")
"""Where one is stated, beside the context of old or in the config, queries grow after each such context."""
DEPTHS = ("num_hidden_layers", "n_layer", "n_layers", "num_layers", "num_blocks")
INDICES = "hybrid_layer_ids"
"""A list of layers by number, the first of which is 0."""
NUMBERED = ("full_attn_layers", "kda_layers", "ple_layer_ids")
"""Lists of layers by number, the first of which is 1."""
LETTERS = ("hybrid_override_pattern", "index_topk_pattern")
"""A letter a layer."""
RUNS = "attention_types"
"""GPT-Neo's layers: kinds one after another, and how often they come."""
OF_PARTS = ("ssm_multipliers", "mlp_multipliers")
"""Lists of as many numbers as a projection has parts, whatever the number of layers."""
BORROWING = "num_kv_shared_layers"
"""How many of the last layers have another's keys and values."""
MODULES = "num_nextn_predict_layers"
"""How many modules after the last layer predict tokens."""
LEADING = "first_k_dense_replace"
"""How many of the first layers have no experts."""

MOST: Mapping[str, int] = {
    "multiple_of": 8,
    **dict.fromkeys(("head_dim", "swa_head_dim", "kv_channels", "head_size", "lightning_head_dim", "hidden_size_per_head"), HEAD),
    **dict.fromkeys(("v_head_dim", "swa_v_head_dim"), 12),
    **dict.fromkeys(("vocab_size", "padded_vocab_size", "embedding_size", "vocab_size_per_layer_input"), 96),
    **dict.fromkeys(("intermediate_size", "ffn_hidden_size", "intermediate_size_mlp", "mlp_hidden_size", "ffn_dim", "hidden_dim", "dff"), 40),
    **dict.fromkeys(("dense_intermediate_size", "prefix_dense_intermediate_size", "n_inner"), 36),
    **dict.fromkeys(("moe_intermediate_size", "expert_ffn_hidden_size", "share_expert_dim"), 24),
    **dict.fromkeys(("shared_expert_intermediate_size", "shared_intermediate_size"), 28),
    **dict.fromkeys(("num_experts", "mova_num_experts", "n_routed_experts", "num_local_experts", "moe_num_experts"), 16),
    **dict.fromkeys(("n_shared_experts", "num_shared_experts", "moe_num_shared_experts"), 4),
    **dict.fromkeys(("num_experts_per_tok", "mova_num_experts_per_tok", "num_experts_per_token", "experts_top_k", "experts_per_token", "moe_k", "moe_top_k", "moe_topk"), 3),
    **dict.fromkeys(("sliding_window", "sliding_window_size", "attention_chunk_size", "window_size", "attention_window_size", "sliding_windows"), 5),
    "keep_window_size": 4,
    **dict.fromkeys(("floor_scale", "attn_temperature_len"), 4),
    **dict.fromkeys(CONTEXTS, 64),
    **dict.fromkeys(BEFORE, 4096),
    **dict.fromkeys(("blocksparse_block_size", "blocksparse_triton_kernel_block_size"), 2),
    "blocksparse_num_local_blocks": 2,
    "blocksparse_vert_stride": 3,
    "ff_intermediate_size": 40,
    **dict.fromkeys(("output_vocab_size", "unpadded_vocab_size"), 64),
    **dict.fromkeys(("adapter_rank", "decay_low_rank_dim", "a_low_rank_dim"), 6),
    "gate_low_rank_dim": 10,
    **dict.fromkeys(("laurel_rank", "v_low_rank_dim"), 5),
    "local_attention": 10,
    "n_group": 4,
    **dict.fromkeys(("q_lora_rank", "share_q_dim"), 24),
    **dict.fromkeys(("num_hash_layers", "index_init_tokens"), 1),
    "kv_lora_rank": 20,
    **dict.fromkeys(("qk_nope_head_dim", "swa_qk_nope_head_dim"), 16),
    **dict.fromkeys(("swa_q_lora_rank", "swa_kv_lora_rank"), 28),
    "qk_rope_head_dim": 8,
    "rotary_dim": 8,
    **dict.fromkeys(("linear_num_key_heads", "n_groups", "mamba_n_groups", "mamba_ngroups"), 2),
    **dict.fromkeys(("linear_key_head_dim", "ssm_state_size", "mamba_d_state", "state_size"), 8),
    **dict.fromkeys(("mamba_num_heads", "mamba_n_heads", "n_mamba_heads"), 8),
    **dict.fromkeys(("linear_value_head_dim", "mamba_head_dim"), 12),
    **dict.fromkeys(("moe_shared_expert_intermediate_size", "block_ff_dim"), 28),
    "moe_latent_size": 20,
    "router_hidden_size": 20,
    "lru_width": 48,
    "indexer_compress_ratio": 2,
    "hc_lowrank": 20,
    "ple_embed_dim": 48,
    "num_heads": 4,
    **dict.fromkeys(("attention_hidden_size", "embedding_dim"), ALONE),
    "time_step_rank": 5,
    "expand": 2,
    **dict.fromkeys(("conv_kernel", "linear_conv_kernel_dim", "short_conv_kernel_size"), 5),
    **dict.fromkeys(("mamba_d_conv", "conv_L_cache", "conv_kernel_size", "conv_kernel_dim", "conv1d_width"), 5),
    "hidden_size_per_layer_input": 12,
    **dict.fromkeys(("index_kpool", "index_local_tokens"), 2),
    "hc_sinkhorn_iters": 20,
    **dict.fromkeys(("d_rel", "rel_extent", "log_scaling_n_floor"), 4),
    **dict.fromkeys(("index_topk_blocks", "sparse_topk_blocks"), 2),
    **dict.fromkeys(("index_block_size", "sparse_block_size"), 3),
    "sparse_index_dim": 16,
    "sparse_num_index_heads": 2,
    **dict.fromkeys(("o_groups", "n_shared_head"), 2),
    **dict.fromkeys(("linear_head_dim", "linear_num_heads"), 8),
    **dict.fromkeys(("index_head_dim", "index_n_heads"), 16),
    "global_head_dim": 32,
    **dict.fromkeys(("num_global_key_value_heads", "top_k_experts"), 2),
    "block_multiple_of": 8,
    **dict.fromkeys(("attn_res_block_size", "n_layers_per_attn_res_block"), 2),
    "query_pre_attn_scalar": 24,
    MODULES: 1,
    # Tables that n-grams look up: the releases' have hundreds of millions of rows.
    **dict.fromkeys(("engram_num_embeddings", "ngram_vocab_size_base"), 400),
    **dict.fromkeys(("engram_head_dim", "make_ngram_vocab_size_divisible_by"), 8),
    "split_ngram_parts": 4,
    **dict.fromkeys(("emb_neighbor_num", "oe_neighbor_num"), 3),
    **dict.fromkeys(("emb_split_num", "oe_split_num"), 2),
    "ngram_vocab_size_ratio": 4,
    "zero_expert_num": 8,
    **dict.fromkeys(("o_lora_rank", "routed_expert_hidden_size", "moe_hidden_size"), 16),
    **dict.fromkeys(("dspark_n_routed_experts", "dspark_markov_rank"), 8),
    **OF_ENCODERS,
}  # fmt: skip
"""The most that a size may be; a smaller one stays."""

OF_TOWERS = {"vision_config.hidden_size": 48, "vision_config.out_hidden_size": 64}
"""Widths that a config leaves out, as GLM-5.3 that of its tower; 12 heads share the first, and 16."""


def miniature(config: Mapping[str, Any]) -> Json:
    """A config of the same `model_type`, which describes the same mechanisms in the same pattern of layers.

    Every kind of layer that the config has is among its first few, of which the small one has no more.
    Raises Refusal as `describe` does.
    """
    found = layers(describe(config).root)
    first = [next(i for i, other in enumerate(found) if other == one) for one in found]
    lent = [i for i, one in enumerate(found) if any(part.tied_to for part in tensors(one))]
    depth = max(2, max(first, default=0) + 1, *(i + 1 for i in lent[:1]))
    return joined(whole := _stated(config), shrunk(whole, min(depth, len(found)), len(found)))


def _stated(config: Mapping[str, Any]) -> Json:
    """The config with what it leaves to the reference, each key in one spelling."""
    made = dict(config)
    for path, value in left_open(config).filled.items():
        if isinstance(value, Mapping):  # how it turns; no size
            continue
        held, key = _object(made, path)
        held[key] = OF_TOWERS.get(path, value)
    for path in left_open(made).repeated:
        held, key = _object(made, path)
        del held[key]
    return made


def _object(made: Json, path: str) -> tuple[Json, str]:
    """The object that holds a key, its own copy all the way, and the key in it."""
    *outer, key = path.split(".")
    for part in outer:
        made[part] = dict(made.get(part) or {})
        made = made[part]
    return made, key


def shrunk(config: Mapping[str, Any], depth: int, deep: int) -> Json:
    """Each size at most what a small model has, each list of layers cut to its depth; what is null stays so."""
    nulls = {key: value for key, value in config.items() if value is None}
    config = {key: value for key, value in config.items() if value is not None}
    after = config.get(MODULES) or 0
    small = {key: _cut(key, value, depth, deep, after) for key, value in config.items()}
    for key, most in MOST.items():
        if key in small:
            small[key] = _at_most(small[key], most)
    for key in (key for key in LETTERS if config.get(key)):
        small[key] = config[key][:depth]
    if config.get(RUNS):
        spelled = [kind for kinds, times in config[RUNS] for kind in [*kinds] * times]
        small[RUNS] = [[spelled[:depth], 1]]
    for key in (key for key in NUMBERED if config.get(key)):
        small[key] = [number for number in config[key] if number <= depth]
    if config.get(INDICES):
        small[INDICES] = [number for number in config[INDICES] if number < depth]
    for key in (key for key in DEPTHS if config.get(key) == deep):
        small[key] = depth
    if config.get("num_layers") == deep and config.get("num_hidden_layers") == 2 * deep:
        del small["num_hidden_layers"]  # LongCat's attentions, which say the same
    if config.get(BORROWING):
        small[BORROWING] = max(0, config[BORROWING] - deep + depth)
    if isinstance(small.get(LEADING), int):
        small[LEADING] = min(small[LEADING], depth)
    if "index_topk" in config:  # whole pools of tokens
        small["index_topk"] = 6 if "index_kpool" in config else 5
    if "indexer_budget" in config:  # two blocks of tokens; of so many heads one always matches
        small["indexer_budget"] = 2 * small["indexer_compress_ratio"]
        small["indexer_n_heads"] = 16
        share = config.get("partial_rotary_factor") or 1
        small["indexer_head_dim"] = int(small["head_dim"] * share)  # all of it turns
    if "oe_vocab_size_ratio" in config:  # times as many rows as words, a part of one left over
        small["oe_vocab_size_ratio"] = min(config["oe_vocab_size_ratio"], 4.3)
    looks_up = config.get("ple_layer_ids") or {"emb_split_num", "oe_split_num"} & config.keys()
    if looks_up and config.get("eos_token_id") is not None:
        most = _first(small, "vocab_size") or 1
        small["eos_token_id"] = _each(config["eos_token_id"], lambda token: token % most)
    if config.get("output_vocab_size") == config.get("vocab_size") and "vocab_size" in small:
        small["output_vocab_size"] = small["vocab_size"]
    if config.get("model_type") == "baichuan" and config.get("vocab_size") == SECOND:
        small["z_loss_weight"] = 0.0  # by which Baichuan 2 is known with fewer tokens, too
    attending = config.get("attn_config")
    if isinstance(attending, Mapping) and "kv_n_heads" in attending:  # DBRX's, beside its queries
        each = config["n_heads"] // attending["kv_n_heads"]
        small["attn_config"]["kv_n_heads"] = keys = min(attending["kv_n_heads"], 2)
        small["n_heads"] = keys * min(each, 4)
        small["d_model"] = small["n_heads"] * HEAD
    several(config, small, depth)
    if "o_groups" in config:  # as wide as the largest group is long
        small["head_dim"] = config["head_dim"]
    if "swa_qk_nope_head_dim" in config:  # of which the rest of a head turns
        turned = config["swa_head_dim"] - config["swa_qk_nope_head_dim"]
        small["swa_head_dim"] = small["swa_qk_nope_head_dim"] + min(turned, 12)
    trained, longest = config.get("seq_length"), config.get("max_position_embeddings")
    if isinstance(trained, int) and isinstance(longest, int) and trained < longest:
        small["seq_length"] = MOST["seq_length"] // 2  # Qwen's is stretched beyond it
    _heads(config, small)
    if "lightning_nh" in config:  # heads as attention has them
        small["lightning_nh"] = small["lightning_nkv"] = small["num_attention_heads"]
        small["lightning_head_dim"] = small["head_dim"]
    _shared_by(config, small)
    if "patch_sizes" in (config.get("audio_config") or {}):  # a waveform's tower ends in the stream
        small["audio_config"]["out_hidden_size"] = small["text_config"]["hidden_size"]
    _states(config, small)
    _experts(config, small)
    _context(config, small)
    return nulls | small


def _cut(key: str, value: Any, depth: int, deep: int, after: int) -> Any:
    """A list of one value a layer, of which `after` more may be for modules after the last, cut to its depth."""
    if isinstance(value, Mapping):
        return shrunk(value, depth, deep)
    if key in OF_PARTS:
        return value
    if isinstance(value, list | tuple) and len(value) in (deep, deep + after):
        return [*value[:depth], *value[deep:][: MOST[MODULES]]]
    return value


def _each(value: Any, make: Callable[[int], int]) -> Any:
    """A number made small, or each of a list; what is no number stays."""
    if isinstance(value, list | tuple):
        return [_each(one, make) for one in value]
    return value if isinstance(value, bool) or not isinstance(value, int) else make(value)


def _at_most(value: Any, most: int) -> Any:
    """A number, or each of a list, no larger."""
    return _each(value, lambda size: min(size, most))


def _heads(config: Mapping[str, Any], small: Json) -> None:
    """As many queries a key as before, up to four, and a width that heads share where they shared it."""
    if "num_heads" in small and KEYS[0] in small and _first(config, *HEADS) is None:  # a tower's
        small[KEYS[0]] = min(small[KEYS[0]], small["num_heads"])
    for prefix in ("", "swa_"):
        heads = _first(config, *(prefix + key for key in HEADS))
        if heads is None:
            continue
        keys = _first(config, *(prefix + key for key in KEYS)) or heads
        most = min(keys, 4 if keys == heads else 2)

        def few(count: int, keys: int = keys, most: int = most) -> int:
            each = max(count // keys, 1)
            return most * (each if each <= 4 else max(each // 2, 4) if each <= 8 else 4)

        for key in (*HEADS, "num_attention_heads_per_layer"):
            if prefix + key in config:
                small[prefix + key] = _each(small[prefix + key], few)
        for key in KEYS:
            if prefix + key in config:
                small[prefix + key] = _at_most(small[prefix + key], most)
    if "index_block_size" in config and config.get("index_n_heads") == config.get(KEYS[0]):
        small["index_n_heads"] = small[KEYS[0]]  # each key head has an indexer
    if isinstance(small.get(OF_NOISE), int):
        small[OF_NOISE] = min(small[OF_NOISE], small[KEYS[0]])
    if config.get(OF_LINEAR) == _first(config, *HEADS) is not None:
        small[OF_LINEAR] = _first(small, *HEADS)
    windowed, plain = (config.get(key) for key in ("swa_num_key_value_heads", KEYS[0]))
    if isinstance(windowed, int) and isinstance(plain, int) and windowed > plain:
        several = small[KEYS[0]] * (windowed // plain)
        small["swa_num_key_value_heads"] = several
        if OF_WINDOWS in small:
            small[OF_WINDOWS] = -(-small[OF_WINDOWS] // several) * several
    if config.get(OF_WINDOWS) == config.get(HEADS[0]) is not None:
        keys = lcm(small.get(KEYS[0]) or 1, small.get("swa_num_key_value_heads") or 1)
        most = max(small[OF_WINDOWS], small[HEADS[0]])
        small[OF_WINDOWS] = small[HEADS[0]] = -(-most // keys) * keys
    # What latent attention may call the size of a head: its rotated part, or both.
    for parts in (("qk_rope_head_dim",), ("qk_nope_head_dim", "qk_rope_head_dim")):
        if config.get("head_dim") == sum(config.get(part) or 0 for part in parts):
            small["head_dim"] = sum(small[part] for part in parts)
    share = config.get("partial_rotary_factor") or 1
    for key in ("head_dim", "swa_head_dim"):
        while (
            isinstance(small.get(key), int)
            and small[key] < config[key]
            and int(small[key] * share) % 2
        ):
            small[key] += 1
    heads, width = _first(small, *HEADS), _first(config, *WIDTHS)
    if heads is None or width is None:
        return
    stated = _first(config, "head_dim", "kv_channels")
    even = stated is None or stated * (_first(config, *HEADS) or 0) == width
    each = _first(small, "head_dim", "kv_channels") or HEAD
    for key in (key for key in WIDTHS if key in config):
        small[key] = heads * each if even else 56 // heads * heads


def _shared_by(config: Mapping[str, Any], small: Json) -> None:
    """As many heads as share one key at most, where each layer says how many do."""
    blocks = config.get("block_configs") or ()
    shared = [block["attention"].get("n_heads_in_group") or 0 for block in blocks]
    if most := max(shared, default=0):
        small["num_attention_heads"] = min(most, config["num_attention_heads"])
        small["hidden_size"] = small["num_attention_heads"] * HEAD


def _states(config: Mapping[str, Any], small: Json) -> None:
    """As many values a key as before; heads of a state space that are as wide together as they were."""
    keys, values = config.get("linear_num_key_heads"), config.get("linear_num_value_heads")
    if isinstance(keys, int) and isinstance(values, int):
        small["linear_num_value_heads"] = small["linear_num_key_heads"] * (values // keys)
    if _first(config, *HEADS) is None and "hidden_size" in config:
        small["hidden_size"] = min(config["hidden_size"], ALONE)
    if config.get("attention_hidden_size") == config.get("hidden_size") is not None:
        small["attention_hidden_size"] = small["hidden_size"]
    if {"num_heads", "head_dim", "expand"} <= config.keys():  # Mamba-2's heads are all its width
        small["hidden_size"] = small["num_heads"] * small["head_dim"] // small["expand"]
    if "num_mem_blocks" in config:  # Zamba's attention is over twice the width
        wide = small["hidden_size"] * 2
        for key, size in (
            ("attention_hidden_size", wide),
            ("attention_head_dim", wide // (_first(small, *HEADS) or 1)),
            ("head_dim", wide // (_first(small, *HEADS) or 1)),
            (
                "mamba_headdim",
                small["mamba_expand"] * small["hidden_size"] // small["n_mamba_heads"],
            ),
        ):
            if isinstance(config.get(key), int):
                small[key] = size
    if isinstance(config.get("mamba_d_head"), int) and "mamba_expand" in config:
        wide = int(config["mamba_expand"] * small["hidden_size"])
        small["mamba_d_head"] = wide // small["mamba_n_heads"]
        if isinstance(config.get("mamba_d_ssm"), int):
            small["mamba_d_ssm"] = wide


def _experts(config: Mapping[str, Any], small: Json) -> None:
    """Groups of several experts each, of which some stay out; few where a token may run none."""
    groups, chosen = config.get("n_group"), config.get("topk_group")
    if isinstance(groups, int) and isinstance(chosen, int) and groups > 1:
        small["topk_group"] = max(1, small["n_group"] * chosen // groups)
    if "router_hidden_size" in config:  # ZAYA1's: of so few, some tokens choose none
        small["num_experts"] = min(config["num_experts"], 4)
    deep = (
        _first(small, *DEPTHS) or 0
    ) > 32  # Mistral Large 4's 40th layer is the first that borrows
    if deep and "n_routed_experts" in small:
        small["n_routed_experts"] = min(small["n_routed_experts"], 8)


def _context(config: Mapping[str, Any], small: Json) -> None:
    """A context as many times the one before its extension as it was."""
    for name in (WARMED[1], "yarn", "rope_scaling", "rope_parameters", ""):
        inner, made = (config.get(name), small.get(name)) if name else (config, small)
        if not isinstance(inner, Mapping) or not isinstance(made, dict):
            continue
        before = _first(inner, *BEFORE)
        if before is not None:
            most = MOST[BEFORE[0]]
            if WARMED[0] in inner or WARMED[1] in config:
                most = made[BEFORE[0]] = 8
            for key in (key for key in CONTEXTS if isinstance(config.get(key), int)):
                small[key] = most * max(1, round(config[key] / before))
        for factors in ("short_factor", "long_factor"):
            if name and isinstance(inner.get(factors), list | tuple):
                share = config.get("partial_rotary_factor") or 1
                rotated = small.get("qk_rope_head_dim") or int(HEAD * share)
                made[factors] = list(inner[factors][: rotated // 2])


def _first(config: Mapping[str, Any], *keys: str) -> int | None:
    """The first of several keys that states a number."""
    values = (config.get(key) for key in keys)
    return next((value for value in values if isinstance(value, int)), None)
