"""MiniMax-M2: Mixtral with sigmoid-routed narrow experts, q and k normed over all heads, half of each head rotated.

Reference: transformers/models/minimax_m2/modular_minimax_m2.py
Paper: https://arxiv.org/abs/2605.26494
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import Positions
from llm_gallery.families._config import Length, Size, config, stated
from llm_gallery.families._rope import rope
from llm_gallery.families.llama import decoder, grouped_query, head_dim, pre_norm
from llm_gallery.families.mixtral import Mixtral, moe

OF_THE_PUBLISHED_CODE = (
    "attn_type_list", "layernorm_full_attention_beta", "layernorm_linear_attention_beta",
    "layernorm_mlp_beta", "mlp_intermediate_size", "mtp_transformer_layers", "num_mtp_modules",
    "qk_norm_type", "scoring_func", "shared_intermediate_size", "shared_moe_mode", "use_mtp",
    "use_qk_norm", "use_routing_bias",
)  # fmt: skip
"""Keys of MiniMax-01 and of modules that the released checkpoints don't store."""


@config("minimax_m2", unused=OF_THE_PUBLISHED_CODE)
class MiniMaxM2(Mixtral):
    sliding_window: Length | None = None  # no layer has a window
    rotary_dim: Size | None = None


def minimax_m2(c: MiniMaxM2) -> Block:
    attention = grouped_query(c, qk_norm="all heads", bias=False, positions=positions(c))
    experts = moe(c, scoring="sigmoid", correction="e_score_correction_bias")
    decoder_layer = pre_norm(c, attention, experts)
    return decoder(c, [decoder_layer] * c.num_hidden_layers)


def positions(c: MiniMaxM2) -> Positions:
    """`rotary_dim` states what other configs state as a part of the head."""
    whole = rope(c, head_dim(c))
    if c.rotary_dim is None or stated(c, "partial_rotary_factor").evidence == "stated":
        return whole  # a null there turns whole heads, too
    return whole._replace(rotated=c.rotary_dim)
