"""LongCat-2.0: LongCat-Flash with tables of n-grams beside the embedding, and an indexer in the first attention of a layer, whose choice the second takes over.

Where readings differ, Meituan's own engine (SGLang-FluentLLM) decides: the token's row and its n-grams are averaged
all together.

Reference: sglang/srt/models/longcat_flash.py, sglang/srt/layers/attention/dsa/dsa_indexer.py (the release has no code of its own)
Reference: mlx_lm/models/longcat2.py
Paper: https://arxiv.org/abs/2608.01662 (LongCat Sparse Attention)
"""

from __future__ import annotations

from typing import Annotated, Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import LATENT_EPS, indexer, rms_norm
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import Count, Size, config
from llm_gallery.families._layers import each
from llm_gallery.families._rope import rope
from llm_gallery.families._values import Bounds
from llm_gallery.families.deepseek_v3 import latent, with_model_epsilon
from llm_gallery.families.llama import decoder
from llm_gallery.families.longcat_flash import (
    LongcatFlash,
    attention,
    decoder_layer,
    next_token_module,
)
from llm_gallery.families.longcat_flash_ngram import Ends, Few, Ngrams, Stored, ngrams

FLAT = Stored("", "", "oe_embed_tokens{}.weight", "oe_embed_proj{}")


@config(
    "longcat_flash",
    unused=("dsa_mtp_cli", "moe_impl", "moe_switch_token_num", "mtp_disable_over_tokenizer", "mtp_num_layers", "use_mla"),
)  # fmt: skip
class Longcat(LongcatFlash):
    """`oe_*` are keys of the n-grams ("over-encoding"), `cli_factor` says how many attentions share one choice."""

    attention_method: Literal["MLA", "LSA"] = "MLA"  # SGLang reads the same from both
    index_topk: Size
    index_head_dim: Size
    index_n_heads: Size
    index_init_tokens: Count
    index_local_tokens: Count
    index_k_norm_type: Literal["rms"]
    cli_factor: Size
    oe_vocab_size_ratio: Annotated[float, Bounds(1, 10_000)]
    oe_neighbor_num: Annotated[int, Bounds(2, 16)]
    oe_split_num: Few
    eos_token_id: Ends = None
    mtp_replicate_modules: Literal[True] = (
        True  # one module, for each of the tokens that it predicts
    )


def longcat(c: Longcat) -> Block:
    keys = ("oe_neighbor_num", "oe_split_num", "oe_vocab_size_ratio")
    hashed = Ngrams(c.oe_neighbor_num, c.oe_split_num, c.oe_vocab_size_ratio, keys)
    if (forced := c.index_init_tokens + c.index_local_tokens) > c.index_topk:
        raise Refusal(
            f"index_init_tokens + index_local_tokens is {forced:,}, expected at most index_topk, "
            f"{c.index_topk:,}: they are among the tokens that are chosen; correct one of them"
        )
    choosing = [
        (2 * i % c.cli_factor == 0, (2 * i + 1) % c.cli_factor == 0)
        for i in range(c.num_hidden_layers)
    ]
    return decoder(
        c,
        each(choosing, lambda chooses: decoder_layer(c, *attentions(c, chooses))),
        before=(ngrams(c, hashed, FLAT, c.eos_token_id),),
        beside=(next_token_module(c, sparse(c, "self_attn", chooses=True)),),
    )


def attentions(c: Longcat, chooses: tuple[bool, bool]) -> list[Block]:
    """Both of a layer, of which each has an indexer of its own or sees what the last one chose."""
    return [sparse(c, f"self_attn.{i}", chooses=own_index) for i, own_index in enumerate(chooses)]


def sparse(c: Longcat, name: str, *, chooses: bool) -> Block:
    """Sparse attention whose first and last tokens are always among those chosen; its latents have the model's epsilon."""
    positions = rope(c, c.qk_rope_head_dim)
    chooser = indexer(
        "indexer",
        width=c.hidden_size,
        query_rank=query_rank(c),
        heads=c.index_n_heads,
        head_dim=c.index_head_dim,
        positions=positions,
        key_norm=rms_norm("k_norm", c.index_head_dim, role="key_norm", eps=LATENT_EPS),
        always=(c.index_init_tokens, c.index_local_tokens),
    )
    mixer = latent(c, indexer=chooser if chooses else None, selected=c.index_topk)
    return attention(c, with_model_epsilon(mixer), name)


def query_rank(c: Longcat) -> int:
    """The width of the latent that the indexer's queries are made of."""
    if c.q_lora_rank is None:
        raise Refusal(
            "q_lora_rank is null, expected a width: the indexer reads the latent of queries; correct it"
        )
    return c.q_lora_rank
