"""Baichuan: Llama with q, k and v in one matrix; the 13B models have slopes (ALiBi) in place of the rotation.

Baichuan 2's head is normed, row by row.

Both editions state one type; Baichuan 2 is told by its 125,696 tokens, as those who serve both do.

Reference: https://huggingface.co/baichuan-inc/Baichuan2-7B-Base/blob/main/modeling_baichuan.py
Paper: https://arxiv.org/abs/2309.10305
"""

from __future__ import annotations

from typing import Any

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import Fact
from llm_gallery.architecture.parts import Head, Positions, fused
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import Json, Length, Size, config
from llm_gallery.families._rope import rope
from llm_gallery.families.llama import Llama, decoder, grouped_query, head_dim, pre_norm, swiglu

BASE = 10000.0  # of the rotation: the published class has no key for it
SECOND = 125696
"""Tokens of Baichuan 2, by which those who serve both tell it from Baichuan: one type, and copies may lack its one key."""


@config("baichuan", unused=("_from_model_config",))
class Baichuan(Llama):
    max_position_embeddings: Length = 0  # a key of the rotated 7B models only
    model_max_length: Length | None = None
    num_key_value_heads: Size | None = None  # as many as query heads
    z_loss_weight: float | None = None  # of training; Baichuan 2's class alone has it


def baichuan(c: Baichuan) -> Block:
    context = c.max_position_embeddings or c.model_max_length
    if not context:
        raise Refusal(
            "max_position_embeddings is missing, expected it (7B), or model_max_length (13B); add it"
        )
    rotated = c.max_position_embeddings > 0
    positions = rope(c, head_dim(c), base=BASE) if rotated else Positions(kind="alibi")
    attention = grouped_query(c, positions=positions)
    decoder_layer = pre_norm(c, fused(attention, "W_pack", "o_proj"), swiglu(c))
    head = Head(normed=normed_head(c))
    return decoder(c, [decoder_layer] * c.num_hidden_layers, context=context, head=head)


def normed_head(c: Baichuan) -> Fact | None:
    """Baichuan 2 divides each row of its head by its length; Baichuan doesn't."""
    if c.vocab_size == SECOND:
        return Fact(True, "derived", f"vocab_size = {SECOND}")
    return Fact(True, "derived", "z_loss_weight") if c.z_loss_weight is not None else None


def shrink(config: Json, small: dict[str, Any], depth: int) -> None:
    """The second generation is known by its vocabulary, or by a loss that only it has."""
    if config.get("vocab_size") == SECOND:
        small["z_loss_weight"] = 0.0
