"""GLM-5: DeepSeek V3.2's sparse attention, in which some layers may reuse the tokens that an earlier one chose.

Reference: transformers/models/glm_moe_dsa/modular_glm_moe_dsa.py
Paper: https://arxiv.org/abs/2602.15763
"""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import group
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import Count, Letters, Size, config, same
from llm_gallery.families._layers import typed
from llm_gallery.families.deepseek_v3 import moe
from llm_gallery.families.deepseek_v32 import DeepseekV32, decoder_layer, layers
from llm_gallery.families.llama import Llama, decoder, next_token_layers, norm

LETTERS = {"F": "full", "S": "shared"}


@config("")
class Choosing(Llama):
    """The keys that say which layers choose the tokens that they see."""

    indexer_types: tuple[str, ...] | None
    index_topk_pattern: Letters | tuple[str, ...] | None = None
    index_topk_freq: Count = 1  # these two as the class falls back
    index_skip_topk_offset: Count = 2


@config(
    "glm_moe_dsa",
    unused=(
        "index_share_for_mtp_iteration",
        "indexer_rope_interleave",
        "moe_router_dtype",
        "qk_head_dim",
    ),
    computes={"index_pairs": True},
)
class GlmMoeDsa(DeepseekV32, Choosing):
    num_experts: Size | None = None  # n_routed_experts again, in files of servers


def glm_moe_dsa(c: GlmMoeDsa) -> Block:
    if c.num_experts is not None:
        same(c.num_experts, c.n_routed_experts, ("num_experts", "n_routed_experts"))
    types = choices(c)
    last = group("shared_head", norm(c, "norm"))
    beside = next_token_layers(
        c, c.num_nextn_predict_layers, decoder_layer(c, "full", moe(c)), last
    )
    return decoder(c, layers(c, types), beside=beside)


def choices(c: Choosing) -> Sequence[str]:
    """Which layers choose for themselves ("full"), and which see what the last of these chose ("shared")."""
    count = c.num_hidden_layers
    types = typed(c.indexer_types, count, index_types(c), tuple(LETTERS.values()), "indexer_types")
    if types[0] == "shared":
        raise Refusal("indexer_types begins with shared, expected full: no layer chose before it")
    return types


def index_types(c: Choosing) -> Sequence[str]:
    """Which layers choose for themselves: as spelled, or each `index_topk_freq`-th after an offset."""
    if c.index_topk_pattern is not None:
        return [LETTERS.get(letter, letter) for letter in c.index_topk_pattern]
    step, first = max(c.index_topk_freq, 1), c.index_skip_topk_offset - 1
    return [
        "full" if max(i - first, 0) % step == 0 else "shared" for i in range(c.num_hidden_layers)
    ]
