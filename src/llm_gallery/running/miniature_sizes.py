"""How large a small config's sizes are at most, and which keys of configs say sizes, depths and lists of layers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from llm_gallery.mechanisms import MECHANISMS
from llm_gallery.running.towers import OF_ENCODERS

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
SINGLE = "per_layer_config"
"""Sizes of single layers by number, the first of which is 0."""
OF_SINGLE = {"head_dim": "global_head_dim", "num_key_value_heads": "num_global_key_value_heads"}
"""Sizes of those that the config states of all such layers, too."""
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

_GENERAL: Mapping[str, int] = {
    **dict.fromkeys(CONTEXTS, 64),
    **dict.fromkeys(BEFORE, 4096),
    MODULES: 1,
    **OF_ENCODERS,
}
"""The most that sizes may be that are no mechanism's; a smaller one stays."""


@cache
def largest() -> Mapping[str, int]:
    """The most that a size may be, by the key of a config, as the mechanisms state it of theirs."""
    sizes = dict(_GENERAL)
    for mechanism in MECHANISMS.values():
        sizes |= mechanism.miniature
    return sizes
