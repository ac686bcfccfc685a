"""LongCat-Flash-Lite: layers of two latent attentions and two MLPs with experts on a shortcut across the second half, some of which compute nothing, and tables of n-grams beside the embedding.

Reference: mlx_lm/models/longcat_flash_ngram.py and longcat_flash.py
Reference: modeling_longcat_ngram.py of the release (no n-gram reaches behind a token that ends a text; mlx_lm has no such end)
Reference: sglang/srt/models/longcat_flash_nextn.py (multi-token prediction)
Paper: https://arxiv.org/abs/2601.21204
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Names,
    apart,
    embedding,
    experts,
    facts,
    layer,
    linear,
    lookup_table,
    mixture_of_experts,
    ngram_memory,
    residual,
    rms_norm,
    router,
    with_settings,
)
from llm_gallery.families._config import Count, Size, at_most, config, multiple
from llm_gallery.families._values import Bounds
from llm_gallery.families.deepseek_v3 import Latent, latent
from llm_gallery.families.llama import decoder, norm, pre_norm, swiglu

Few = Annotated[int, Bounds(1, 64)]
"""Tokens of the longest n-gram, hashes of one length."""


@config("longcat_flash")
class LongcatFlashNgram(Latent):
    moe_intermediate_size: Size
    n_routed_experts: Size
    moe_topk: Size
    routed_scaling_factor: float
    zero_expert_num: Count
    zero_expert_type: Literal["identity"]
    mla_scale_q_lora: bool
    mla_scale_kv_lora: bool
    ngram_vocab_size_ratio: Size
    emb_neighbor_num: Annotated[int, Bounds(2, 16)]
    emb_split_num: Few
    eos_token_id: Count | tuple[Count, ...] | None = None


def longcat_flash_ngram(c: LongcatFlashNgram) -> Block:
    return decoder(
        c,
        [one(c)] * c.num_hidden_layers,
        Names(table="ngram_embeddings.word_embeddings"),
        before=(ngrams(c),),
        beside=(next_token_module(c),),
    )


def one(c: LongcatFlashNgram) -> Block:
    """The experts read what the first MLP reads, and are added after the second."""
    first = rms_norm("post_attention_layernorm.0", c.hidden_size, role="source")
    return layer(
        residual(norm(c, "input_layernorm.0"), attention(c, "self_attn.0")),
        residual(first, swiglu(c, "mlps.0")),
        residual(norm(c, "input_layernorm.1"), attention(c, "self_attn.1")),
        residual(norm(c, "post_attention_layernorm.1"), swiglu(c, "mlps.1")),
        residual(moe(c)),
    )


def attention(c: LongcatFlashNgram, name: str) -> Block:
    """Both latents are scaled by the root of how much wider the stream is."""
    made = latent(c)
    scaled = c.mla_scale_q_lora or c.mla_scale_kv_lora
    wider = {
        "query_latent_scale": c.mla_scale_q_lora and c.q_lora_rank,
        "latent_scale": c.mla_scale_kv_lora and c.kv_lora_rank,
    }
    factors = {key: (c.hidden_size / rank) ** 0.5 for key, rank in wider.items() if rank}
    made = replace(made, name=name, facts={**made.facts, **facts(scaled_latents=scaled or None)})
    return with_settings(made, **factors)


def moe(c: LongcatFlashNgram) -> Block:
    stored, used, idle = c.n_routed_experts, c.moe_topk, c.zero_expert_num
    choices = int(stored) + int(idle)
    at_most(used, choices, ("moe_topk", "n_routed_experts + zero_expert_num"))
    at_most(used, stored, ("moe_topk", "n_routed_experts"))
    made = mixture_of_experts(
        "mlp",
        router=router(
            "router.classifier",
            width=c.hidden_size,
            experts=choices,
            beside="router.e_score_correction_bias",
        ),
        experts=experts(swiglu(c, "experts", c.moe_intermediate_size), stored=stored, used=used),
        scoring="softmax",
        scale=c.routed_scaling_factor,
        normalized=False,
        identity_experts=idle or None,
    )
    shortcut = facts(shortcut="the norm before the first MLP")
    return with_settings(
        replace(made, facts={**made.facts, **shortcut}), passes_input=True if idle else None
    )


def ngrams(c: LongcatFlashNgram) -> Block:
    """Each table has a hash, a length of n-gram and a map to the stream of its own; all are averaged with the token's row."""
    count = (c.emb_neighbor_num - 1) * c.emb_split_num
    width = multiple(
        c.hidden_size, count, ("hidden_size", "(emb_neighbor_num - 1) x emb_split_num")
    )
    sizes = [c.ngram_vocab_size_ratio * c.vocab_size + 2 * i + 1 for i in range(count)]
    table = lookup_table(
        "embedders",
        rows=derived(sum(sizes), "ngram_vocab_size_ratio x vocab_size, for each table"),
        width=derived(width * 1, "hidden_size / tables"),
        read=count,
        own=[
            Tensor(f"{i}.weight", (int(size), width), role="tables") for i, size in enumerate(sizes)
        ],
    )
    hashing = {
        "hash": "digits",
        "hashes": int(c.emb_split_num),
        "first_rows": int(sizes[0]),
        "vocabulary": int(c.vocab_size),
    }
    ends = c.eos_token_id
    made = ngram_memory(
        "ngram_embeddings",
        with_settings(table, **hashing),
        *(linear(f"post_projs.{i}", width, c.hidden_size, role="of_row") for i in range(count)),
        longest=c.emb_neighbor_num,
        read=derived(count, "(emb_neighbor_num - 1) x emb_split_num"),
    )
    return with_settings(
        made, end=next(iter(ends), None) if isinstance(ends, tuple) else ends, filler=0
    )


def next_token_module(c: LongcatFlashNgram) -> Block:
    """One dense layer with an embedding of its own; no key says so, the released checkpoint stores it."""
    width = c.hidden_size
    return apart(
        "multi_token_prediction",
        "model.mtp",
        (
            embedding("embed_tokens", c.vocab_size, width),
            rms_norm("layers.0.enorm", width, role="token_norm"),
            rms_norm("layers.0.hnorm", width, role="stream_norm"),
            linear("layers.0.eh_proj", 2 * width, width, role="join"),
            replace(
                pre_norm(c, attention(c, "self_attn"), swiglu(c)),
                name="layers.0",
            ),
            rms_norm("norm", width),
        ),
    )
