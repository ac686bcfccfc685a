"""DeepSeek V4.1: DeepSeek V4 whose compressed past a few layers make for all others, with tables of n-grams at two layers and a draft of three.

It can't run: n-grams are hashed over a vocabulary that no tensor and no key tells.

Reference: mlx_lm/models/deepseek_v41.py
Reference: sglang/srt/models/deepseek_v4.py, deepseek_v4_dspark.py, deepseek_v41_vit.py and layers/engram.py
Model: https://huggingface.co/deepseek-ai/DeepSeek-V4.1-Flash
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Names,
    Stream,
    apart,
    compressor,
    embedding,
    facts,
    group,
    head,
    indexer_over_blocks,
    layer,
    linear,
    lookup_table,
    ngram_memory,
    residual,
    rms_norm,
    stack,
    with_settings,
)
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import Count, Depth, Few, Size, altered, config, multiple
from llm_gallery.families._layers import each
from llm_gallery.families._values import Bounds
from llm_gallery.families._vision import encoder, tensor_block, tower
from llm_gallery.families.deepseek_v4 import DeepseekV4, beside_window, decoder_layer, moe, rotation
from llm_gallery.families.llama import decoder, norm

Rows = Annotated[int, Bounds(1, 2**40)]
"""Rows of the tables of one layer."""
COLOURS = 3


@config(
    "",
    unused=(
        "dspark_block_size", "dspark_noise_token_id", "engram_compressed_vocab_size",
        "engram_pad_token_id", "engram_vocab_size",
    ),
)  # fmt: skip
class DeepseekV41Text(DeepseekV4):
    intermediate_size: Count = 0  # no layer is dense
    num_hash_layers: Literal[0] = 0
    kv_source_layer_ids: tuple[Count, ...]
    index_source_layer_ids: tuple[Count, ...]
    candidate_source_layer_id: Count
    candidate_topk_blocks: Size
    candidate_block_size: Size
    engram_layer_ids: tuple[Count, ...]
    engram_num_embeddings: tuple[Rows, ...]
    engram_max_ngram_size: Annotated[int, Bounds(2, 16)]
    engram_n_heads: Annotated[int, Bounds(1, 64)]
    engram_head_dim: Size
    num_nextn_predict_layers: Few
    dspark_target_layer_ids: tuple[Count, ...]
    dspark_markov_rank: Size
    dspark_n_routed_experts: Size
    dspark_num_experts_per_tok: Size


@config(
    "deepseek_v41_vision", unused=("max_image_tokens", "max_wh_ratio", "min_pixels", "rope_theta")
)
class DeepseekV41Vision:
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    patch_size: Size
    downsample_ratio: Size


@config("deepseek_v41")
class DeepseekV41:
    text_config: DeepseekV41Text
    vision_config: DeepseekV41Vision | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a layer makes itself: the compressed past, the choice of its entries, a lookup of so many rows."""

    ratio: int
    makes: bool
    chooses: bool
    limited: bool  # to the candidates that an earlier layer picked
    rows: int | None


def deepseek_v41(c: DeepseekV41) -> Block:
    text = c.text_config
    places = [place(text, i) for i in range(text.num_hidden_layers)]
    layers = each(places, lambda each: layer_at(text, each))
    return decoder(
        text,
        stack("layers", layers, residual="hyper-connections", streams=text.hc_mult),
        Names("", "embed", "head"),
        beside=(*draft(text), *pictures(c.vision_config, text.hidden_size)),
    )


def place(c: DeepseekV41Text, index: int) -> Place:
    if len(c.compress_ratios) < c.num_hidden_layers:
        raise Refusal(
            f"compress_ratios lists {len(c.compress_ratios)} layers, expected "
            f"{c.num_hidden_layers} (num_hidden_layers); make the two agree"
        )
    if len(c.engram_layer_ids) != len(c.engram_num_embeddings):
        raise Refusal(
            f"engram_num_embeddings lists {len(c.engram_num_embeddings)} tables, expected "
            f"{len(c.engram_layer_ids)} (engram_layer_ids); make the two agree"
        )
    ratio = int(c.compress_ratios[index])
    if ratio and not any(i <= index for i in c.kv_source_layer_ids):
        raise Refusal(
            f"compress_ratios[{index}] is {ratio}, expected 0 before the first of "
            "kv_source_layer_ids; correct one of them"
        )
    rows = dict(zip(c.engram_layer_ids, c.engram_num_embeddings, strict=True))
    return Place(
        ratio=ratio,
        makes=ratio > 0 and index in c.kv_source_layer_ids,
        chooses=ratio > 0 and index in c.index_source_layer_ids,
        limited=index > c.candidate_source_layer_id,
        rows=rows.get(index),
    )


def layer_at(c: DeepseekV41Text, here: Place) -> Block:
    block = decoder_layer(c, attention(c, here), with_picture_bias(c, moe(c, hashed=False)))
    if here.rows is None:
        return block
    return layer(residual(engram(c, here.rows)), *block.inside)


def with_picture_bias(c: DeepseekV41Text, mixture: Block) -> Block:
    """Tokens of pictures have a balancing bias of their own."""
    scores, *others = mixture.inside
    added_tensors = (*scores.tensors, scores.tensors[-1]._replace(name="bias_vl"))
    return replace(mixture, inside=(replace(scores, tensors=added_tensors), *others))


def attention(c: DeepseekV41Text, here: Place) -> Block:
    if not here.ratio:
        return beside_window(c, Stream(), query_norm=False)
    block = compressor(
        "compressor",
        width=c.hidden_size,
        head_dim=c.head_dim,
        ratio=here.ratio,
        positions=rotation(c, here.ratio),
        gated=here.ratio > 1,
        placed=False,
    )
    stream = Stream(
        ratio=here.ratio,
        selected=c.index_topk,
        compressor=block if here.makes else None,
        indexer=lightning_indexer(c, here) if here.chooses else None,
    )
    return beside_window(c, stream, query_norm=False)


def lightning_indexer(c: DeepseekV41Text, here: Place) -> Block:
    """Its keys come from the compressed entries, where those are made; other layers score the same keys."""
    heads, dim = c.index_n_heads, c.index_head_dim
    keys = (
        (linear("wk", c.head_dim, dim, role="key"), rms_norm("k_norm", dim, role="key_norm"))
        if here.makes
        else ()
    )
    per_token = (
        multiple(dim, here.ratio, ("index_head_dim", "compress_ratios")) if here.makes else 0
    )
    chooser = indexer_over_blocks(
        "indexer",
        linear("wq_b", c.q_lora_rank, heads * dim, role="query"),
        linear("weights_proj", c.hidden_size, heads, role="head_weight"),
        *keys,
        heads=heads,
        head_dim=dim,
        positions=rotation(c, here.ratio),
        rotated_last=True,
        pooled=here.ratio if here.ratio > 1 else None,
        kept=per_token,
    )
    if not here.limited:
        return chooser
    most = derived(
        c.candidate_topk_blocks * c.candidate_block_size,
        "candidate_topk_blocks x candidate_block_size",
    )
    return replace(chooser, facts={**chooser.facts, **facts(candidates=most)})


def engram(c: DeepseekV41Text, rows: int) -> Block:
    """Rows of 2- to n-grams give a key for each stream and one value, added as far as key and stream agree.

    The n-grams are of a smaller vocabulary, in which tokens are one whose texts differ in case, accents or spaces.
    """
    read = (c.engram_max_ngram_size - 1) * c.engram_n_heads
    wide, streams, width = read * c.engram_head_dim, int(c.hc_mult), int(c.hidden_size)
    table = lookup_table(
        "embed",
        rows=rows,
        width=c.engram_head_dim,
        read=read,
        own=(Tensor("weight", (int(rows), int(c.engram_head_dim))),),
    )
    scales = (Tensor("q_weight", (streams, width)), Tensor("k_weight", (streams, width)))
    return ngram_memory(
        "engram",
        with_settings(
            table,
            unknown="its tokenizer's texts say which tokens are one to the hashes of its n-grams, "
            "and no tensor holds them",
        ),
        linear("wkv", wide, (streams + 1) * width, role=("key", "value")),
        Block("key_scale", "", {}, scales),
        longest=c.engram_max_ngram_size,
        read=derived(read, "(engram_max_ngram_size - 1) x engram_n_heads"),
    )


def draft(c: DeepseekV41Text) -> Sequence[Block]:
    """Window-only layers that guess several tokens at once, fed by some of the last layers' streams.

    Each guess leans on the token before it by a low-rank table, and a score says how far to trust it.
    """
    width, count = c.hidden_size, c.num_nextn_predict_layers
    fewer = altered(
        c,
        n_routed_experts=c.dspark_n_routed_experts,
        num_experts_per_tok=c.dspark_num_experts_per_tok,
    )
    alone = Place(ratio=0, makes=False, chooses=False, limited=False, rows=None)
    one_layer = decoder_layer(
        c, attention(c, alone), with_picture_bias(c, moe(fewer, hashed=False))
    )
    fed = len(c.dspark_target_layer_ids)
    first = (
        linear("main_proj", fed * width, width, role="join"),
        rms_norm("main_norm", width, role="stream_norm"),
    )
    last = (
        norm(c, "norm"),
        group(
            "markov_head",
            embedding("embed", c.vocab_size, c.dspark_markov_rank),
            head("head", c.vocab_size, c.dspark_markov_rank),
        ),
        linear("confidence_head.proj", width + c.dspark_markov_rank, 1),
    )
    return [
        apart(
            "multi_token_prediction",
            f"mtp.{i}",
            (*(first if i == 0 else ()), one_layer, *(last if i == count - 1 else ())),
        )
        for i in range(count)
    ]


def pictures(c: DeepseekV41Vision | None, stream: int) -> Iterator[Block]:
    """The vision tower, the aligner that joins neighbouring patches, and the vectors that mark a picture's ends and lines."""
    if c is None:
        return
    width, inner = c.hidden_size, c.intermediate_size
    names = ("vision_config.hidden_size", "vision_config.num_attention_heads")
    multiple(width, c.num_attention_heads, names)
    one_layer = layer(
        rms_norm("norm1", width),
        linear("attn.wqkv", width, 3 * width, bias=True),
        linear("attn.wo", width, width, bias=True),
        rms_norm("norm2", width),
        linear("mlp.w1", width, 2 * inner),
        linear("mlp.w2", inner, width),
    )
    patch, joined = COLOURS * c.patch_size**2, width * c.downsample_ratio**2
    yield tower(
        "vision",
        (
            linear("patch_embed.proj", patch, width, bias=True),
            encoder("", one_layer, c.num_hidden_layers, "blocks"),
            rms_norm("norm", width),
        ),
    )
    marks = ("image_start", "image_end", "image_newline")
    aligner = (
        linear("aligner.w1", joined, stream, bias=True),
        linear("aligner.w2", stream, stream, bias=True),
        tensor_block("", *(Tensor(mark, (int(stream),)) for mark in marks)),
    )
    yield apart("projector", "", aligner)
