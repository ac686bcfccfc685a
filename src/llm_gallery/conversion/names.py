"""The names of a GGUF's tensors: the general table, by the last segments of a release's names."""

from __future__ import annotations

import re
from collections.abc import Mapping

NAMES = {
    # ends of the model
    "embed_tokens": "token_embd",
    "lm_head": "output",
    "norm": "output_norm",
    "final_layernorm": "output_norm",
    "embed_tokens_per_layer": "per_layer_token_embd",
    "per_layer_model_projection": "per_layer_model_proj",
    "per_layer_projection_norm": "per_layer_proj_norm",
}
"""Of tensors outside the layers, by what follows `model.`."""

IN_LAYER = {
    # norms of a layer
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
    # attention
    "q_proj": "attn_q",
    "k_proj": "attn_k",
    "v_proj": "attn_v",
    "qkv_proj": "attn_qkv",
    "o_proj": "attn_output",
    "self_attn.dense": "attn_output",
    "self_attn.sinks": "attn_sinks",
    "q_norm": "attn_q_norm",
    "k_norm": "attn_k_norm",
    "q_layernorm": "attn_q_norm",
    "k_layernorm": "attn_k_norm",
    # latent attention
    "q_a_proj": "attn_q_a",
    "q_a_layernorm": "attn_q_a_norm",
    "q_b_proj": "attn_q_b",
    "kv_a_proj_with_mqa": "attn_kv_a_mqa",
    "kv_a_layernorm": "attn_kv_a_norm",
    "kv_b_proj": "attn_kv_b",
    # an indexer of keys
    "indexer.wq_b": "indexer.attn_q_b",
    "indexer.wk": "indexer.attn_k",
    "indexer.k_norm": "indexer.k_norm",
    "indexer.weights_proj": "indexer.proj",
    # feed-forward
    "gate_proj": "ffn_gate",
    "up_proj": "ffn_up",
    "down_proj": "ffn_down",
    "gate_up_proj": "ffn_up",
    "mlp.fc1": "ffn_up",
    "mlp.fc2": "ffn_down",
    "mlp.c_fc": "ffn_up",
    "mlp.c_proj": "ffn_down",
    # experts: those of a layer are one tensor
    "mlp.gate": "ffn_gate_inp",
    "mlp.router": "ffn_gate_inp",
    "block_sparse_moe.gate": "ffn_gate_inp",
    "feed_forward.router": "ffn_gate_inp",
    "router.proj": "ffn_gate_inp",
    "gate.e_score_correction": "exp_probs_b",
    "experts.gate_proj": "ffn_gate_exps",
    "experts.up_proj": "ffn_up_exps",
    "experts.down_proj": "ffn_down_exps",
    "experts.gate_up_proj": "ffn_gate_up_exps",
    "experts.w1": "ffn_gate_exps",
    "experts.w2": "ffn_down_exps",
    "experts.w3": "ffn_up_exps",
    "shared_expert_gate": "ffn_gate_inp_shexp",
    "shared_expert.gate_proj": "ffn_gate_shexp",
    "shared_expert.up_proj": "ffn_up_shexp",
    "shared_expert.down_proj": "ffn_down_shexp",
    "shared_experts.gate_proj": "ffn_gate_shexp",
    "shared_experts.up_proj": "ffn_up_shexp",
    "shared_experts.down_proj": "ffn_down_shexp",
    # a module that predicts a further token
    "enorm": "nextn.enorm",
    "hnorm": "nextn.hnorm",
    "eh_proj": "nextn.eh_proj",
    "embed_tokens": "nextn.embed_tokens",
    "shared_head.norm": "nextn.shared_head_norm",
    "shared_head.head": "nextn.shared_head_head",
    # inputs of each layer
    "per_layer_input_gate": "inp_gate",
    "per_layer_projection": "proj",
    "post_per_layer_input_norm": "post_norm",
}
"""Of tensors inside a layer, by the last segments of their paths without `weight` and `bias`."""

SANDWICH = {
    "post_attention_layernorm": "post_attention_norm",
    "pre_feedforward_layernorm": "ffn_norm",
    "post_feedforward_layernorm": "post_ffw_norm",
}
"""Norms of layers that have one before and one after each branch."""

SINGLE = re.compile(
    r".*_norm\.weight"
    r"|(.*\.)?(ffn_gate_inp|ffn_gate_inp_shexp|position_embd|token_types|ssm_conv1d(_[qkv])?|shortconv\.conv"
    r"|time_mix_(first|w1|w2|decay_w1|decay_w2|lerp_fused)|altup_(correct|predict)_coef|indexer\.proj)\.weight",
    re.ASCII,
)
"""Matrices that stay in 32 bits; what isn't called `weight` does, and what has one dimension."""


def gguf_name(path: str, names: Mapping[str, str]) -> str | None:
    """The name of a tensor or module inside its layer, or outside of all, by the longest end that a table has."""
    while path:
        if path in names:
            return names[path]
        path = path.partition(".")[2]
    return None


def is_single(name: str, shape: tuple[int, ...]) -> bool:
    """Whether the converter writes a tensor in 32 bits, whatever the type of the file is."""
    return len(shape) < 2 or not name.endswith(".weight") or bool(SINGLE.fullmatch(name))
