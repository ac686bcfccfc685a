"""Qwen3.8-Flash-Next, text: Qwen3.5 MoE over four residual streams with gates in place of norms, attention over chosen blocks of tokens, and a table of n-grams read by one layer.

Reference: transformers/models/qwen4_exp/modular_qwen4_exp.py
Reference: sglang/srt/models/qwen4_exp_mtp.py (multi-token prediction)
Paper: https://github.com/QwenLM/Qwen3.8-Flash-Next/blob/main/tech_report.pdf
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import Fact, derived
from llm_gallery.architecture.parts import (
    Names,
    apart,
    connection,
    convolution,
    facts,
    indexer_over_blocks,
    layer,
    linear,
    lookup_table,
    ngram_memory,
    primes_from,
    residual,
    rms_norm,
    stack,
    with_settings,
)
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import (
    Count,
    Few,
    Json,
    Size,
    at_most,
    config,
    multiple,
)
from llm_gallery.families._layers import each, typed
from llm_gallery.families._rope import rope
from llm_gallery.families._values import Bounds
from llm_gallery.families.llama import Gate, decoder, grouped_query, head_dim
from llm_gallery.families.qwen2_moe import moe
from llm_gallery.families.qwen3_5_moe_text import Qwen35MoeText
from llm_gallery.families.qwen3_next import delta

Rows = Annotated[int, Bounds(2, 2**32)]
"""Rows of a table of n-grams, of one hash."""
Order = Annotated[int, Bounds(2, 16)]
"""Tokens of an n-gram."""
KINDS = ("linear_attention", "full_attention", "indexed_attention")


@config("qwen4_exp_text", unused=("mtp", "number_of_conv_states", "seed"))
class Qwen4ExpText(Qwen35MoeText):
    hc_count: Size
    hc_lowrank: Size
    indexer_n_heads: Size | None
    indexer_kv_heads: Literal[1] | None
    indexer_head_dim: Size | None
    indexer_budget: Size | None
    indexer_compress_ratio: Size | None
    ple_layer_ids: tuple[Size, ...] | None
    ple_embed_dim: Size | None
    ple_conv_kernel_size: Size
    ngram_size: Order
    heads_per_ngram: Annotated[int, Bounds(1, 64)]
    ngram_vocab_size_base: Rows
    make_ngram_vocab_size_divisible_by: Size
    split_ngram_parts: Annotated[int, Bounds(1, 4096)]
    output_gate_type: Literal["sigmoid", "silu"] | None
    eos_token_id: Count | tuple[Count, ...] | None = None
    mtp_num_hidden_layers: Few = 0


def qwen4_exp_text(c: Qwen4ExpText) -> Block:
    return text(c)


def text(c: Qwen4ExpText, body: str = "model", tied: Fact | None = None) -> Block:
    """The decoder; `body` is where a multimodal checkpoint stores it."""
    count = c.num_hidden_layers
    default = [KINDS[(i + 1) % c.full_attention_interval == 0] for i in range(count)]
    types = typed(c.layer_types, count, default, KINDS)
    remember = sorted(set(c.ple_layer_ids or ()))
    if remember:
        at_most(remember[-1], count, ("ple_layer_ids", "num_hidden_layers"))
    keys = [
        (kind != "linear_attention", remember.index(i) if i in remember else None)
        for i, kind in enumerate(types, 1)
    ]
    layers = each(keys, lambda key: decoder_layer(c, *key))
    return decoder(
        c,
        stack("layers", layers, residual="gated streams", streams=c.hc_count),
        Names(body),
        after=(gates(c, "hyper_connection_mixer", writes=False),),
        tied=tied,
        beside=next_token_modules(c),
    )


def decoder_layer(c: Qwen4ExpText, attends: bool, memory: int | None) -> Block:
    """A layer; `memory` is which of the tables of n-grams it reads, if any."""
    mixer = attention(c) if attends else delta(c, fused=False, gate=c.output_gate_type)
    return layer(
        *(() if memory is None else (residual(ngrams(c, memory)),)),
        residual(gates(c, "attn_hyper_connection"), mixer),
        residual(gates(c, "mlp_hyper_connection"), moe(c)),
    )


def gates(c: Qwen4ExpText, name: str, *, writes: bool = True) -> Block:
    """A branch's input: the streams, normed each, times sigmoids from a low rank; its output: a sigmoid a stream."""
    wide = c.hc_count * c.hidden_size
    written = (linear("block_inject_weight", wide, c.hc_count, role="write"),) if writes else ()
    return connection(
        name,
        of_streams(c, "hc_norm"),
        linear("input_mix_weight_down", wide, c.hc_lowrank, role="read_down"),
        linear("input_mix_weight_up", c.hc_lowrank, wide, role="read"),
        *written,
    )


def of_streams(c: Qwen4ExpText, name: str, role: str = "") -> Block:
    """A norm of each stream with a scale of its own."""
    norm = rms_norm(name, c.hc_count * c.hidden_size, role=role or ())
    return with_settings(norm, streams=int(c.hc_count))


def _all_or_none(c: Qwen4ExpText) -> None:
    """Refuses an indexer of which some keys are null: the class takes all five, or none."""
    keys = ("indexer_n_heads", "indexer_kv_heads", "indexer_head_dim", "indexer_budget", "indexer_compress_ratio")  # fmt: skip
    null = [key for key in keys if getattr(c, key) is None]
    if 0 < len(null) < len(keys):
        raise Refusal(
            f"{null[0]} is null, expected a number where other keys of the indexer are stated; add it, or leave "
            "all five out"
        )


def attention(c: Qwen4ExpText) -> Block:
    """Qwen3-Next's gated attention, over the blocks of tokens whose pooled keys score highest."""
    _all_or_none(c)
    whole = grouped_query(c, qk_norm="per head", gate=Gate())
    heads, dim = c.indexer_n_heads, c.indexer_head_dim
    budget, pooled = c.indexer_budget, c.indexer_compress_ratio
    if heads is None or dim is None or budget is None or pooled is None:
        return whole
    multiple(budget, pooled, ("indexer_budget", "indexer_compress_ratio"))
    chooser = indexer_over_blocks(
        "indexer",
        linear(
            "index_qk_proj",
            c.hidden_size,
            (heads + 1) * dim,
            role=("query", "key"),
            rows=(heads * dim, dim),
        ),
        rms_norm("q_layernorm", dim, role="query_norm"),
        rms_norm("k_layernorm", dim, role="key_norm"),
        heads=heads,
        head_dim=dim,
        positions=rope(c, head_dim(c)),
        pooled=pooled,
    )
    return replace(
        whole,
        facts={**whole.facts, **facts(selected=budget)},
        inside=(*whole.inside, chooser),
    )


def ngrams(c: Qwen4ExpText, which: int) -> Block:
    """Rows of 2- to n-grams give a key for each stream and a value; the key's match gates what each stream gets."""
    heads = (c.ngram_size - 1) * c.heads_per_ngram
    whole = c.hidden_size if c.ple_embed_dim is None else c.ple_embed_dim
    width = multiple(whole, heads, ("ple_embed_dim", "(ngram_size - 1) x heads_per_ngram"))
    sizes = primes_from(c.ngram_vocab_size_base, (which + 1) * heads)[-heads:]
    unit = int(c.make_ngram_vocab_size_divisible_by)
    rows, parts = -(-sum(sizes) // unit) * unit, int(c.split_ngram_parts)
    shard = multiple(rows, parts, ("rows of the n-gram table", "split_ngram_parts"))
    table = lookup_table(
        "ple_embedding",
        rows=derived(rows, "primes from ngram_vocab_size_base"),
        width=derived(width, "ple_embed_dim / hashes"),
        read=heads,
        own=(
            *(
                Tensor(f"ngram_embedding.shard_{i}.weight", (shard, width), role="tables")
                for i in range(parts)
            ),
            Tensor("layer_multipliers", (int(c.ngram_size),), role="multipliers"),
            Tensor("ngram_heads_offsets", (heads,), role="offsets"),
            Tensor("ngram_heads_vocab_sizes", (heads,), role="sizes"),
        ),
    )
    hashing = {"hash": "multiples", "hashes": int(c.heads_per_ngram), "shard_rows": shard}
    streams = c.hc_count * c.hidden_size
    dilated = convolution("conv1d", streams, c.ple_conv_kernel_size)
    added_facts = facts(kept=(c.ple_conv_kernel_size - 1) * c.ngram_size)
    dilated = replace(dilated, facts={**dilated.facts, **added_facts})
    ends = c.eos_token_id
    memory = ngram_memory(
        "ple",
        with_settings(table, **hashing),
        linear("key_proj", whole, streams, role="key"),
        linear("value_proj", whole, c.hidden_size, role="value"),
        of_streams(c, "norm_key", "key_norm"),
        of_streams(c, "norm_query", "query_norm"),
        of_streams(c, "norm_conv", "convolution_norm"),
        with_settings(dilated, apart=int(c.ngram_size)),
        longest=c.ngram_size,
        read=derived(heads, "(ngram_size - 1) x heads_per_ngram"),
    )
    return with_settings(memory, end=next(iter(ends), None) if isinstance(ends, tuple) else ends)


def next_token_modules(c: Qwen4ExpText) -> Sequence[Block]:
    """Attention layers over streams of their own, fed from the streams' last state and the next embedding."""
    if not c.mtp_num_hidden_layers:
        return ()
    width = c.hidden_size
    module = apart(
        "multi_token_prediction",
        "mtp",
        (
            rms_norm("pre_fc_norm_embedding", width, role="token_norm"),
            rms_norm("pre_fc_norm_hidden", c.hc_count * width, role="stream_norm"),
            linear("fc_embedding", width, width, role="join"),
            linear("fc_hidden", width, width, role="join"),
            stack("layers", [decoder_layer(c, True, None)] * c.mtp_num_hidden_layers),
            gates(c, "hyper_connection_mixer", writes=False),
        ),
    )
    return (module,)


def shrink(config: Json, small: dict[str, Any], depth: int) -> None:
    """Two blocks of tokens; of so many heads one always matches, and all of one turns."""
    if "indexer_budget" in config:
        small["indexer_budget"] = 2 * small["indexer_compress_ratio"]
        small["indexer_n_heads"] = 16
        share = config.get("partial_rotary_factor") or 1
        small["indexer_head_dim"] = int(small["head_dim"] * share)
