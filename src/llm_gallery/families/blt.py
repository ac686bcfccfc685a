"""BLT: no tokens but bytes. A small encoder and a small decoder read each, a large transformer in between each patch of them.

What few bytes before it say of a byte is looked up by hashes. Where a patch begins says the patcher, a small model of
bytes of its own: where the next byte is hard to guess. Vectors of a patch ask its bytes, and its bytes ask the vectors
of the last whole patch.

How many bytes a patch has is in no config, so that all of it is counted where each byte is a patch, the most that it
can be.

Reference: transformers/models/blt/modular_blt.py
Paper: https://arxiv.org/abs/2412.09871
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Literal

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import derived, fact
from llm_gallery.architecture.parts import (
    Heads,
    Names,
    attention,
    embedding,
    facts,
    gated_mlp,
    group,
    head,
    language_model,
    layer,
    linear,
    lookup_table,
    ngram_memory,
    patch_attention,
    patching,
    residual,
    rms_norm,
    stack,
    stored_at,
    with_settings,
)
from llm_gallery.families._config import Depth, Json, Length, Pieces, Size, config, multiple, same
from llm_gallery.families._rope import Rotary, rope

LENGTHS = (3, 4, 5, 6, 7, 8)
"""Bytes of the n-grams, where a config names none."""
UNREAD = ("dropout", "head_dim", "max_position_embeddings", "model_type", "tie_word_embeddings")
"""Keys of each part that the reference sets itself, or that say nothing of its shapes."""


@config(
    "blt_global_transformer",
    unused=(*UNREAD, "encoder_cross_output_size"),
    computes={"pairs": True},
)
class Part(Rotary):
    """The keys of a transformer, as all four have them."""

    hidden_size: Size
    intermediate_size: Size | None
    num_hidden_layers: Depth
    num_attention_heads: Size
    num_key_value_heads: Size | None
    hidden_act: str
    rms_norm_eps: float


@config("blt_local_encoder", unused=(*UNREAD, "hidden_size_global", "sliding_window"))
class Encoder(Part):
    vocab_size: Size
    cross_attn_k: Pieces
    cross_attn_all_layers: bool


@config("blt_local_decoder", unused=(*UNREAD, "sliding_window", "vocab_size"))
class Decoder(Part):
    hidden_size_global: Size
    cross_attn_k: Pieces
    cross_attn_all_layers: bool


@config("blt_patcher", unused=(*UNREAD, "hidden_act"))
class Patcher(Part):
    hidden_act: str = "silu"
    vocab_size: Size
    sliding_window: Length | None


@config("blt", unused=("patching_batch_size", "rope_parameters"))
class Blt:
    vocab_size: Size
    max_position_embeddings: Length
    patch_in_forward: bool
    patch_size: Size | None
    patching_mode: str | None
    patching_threshold: float | None
    max_patch_length: Size | None
    local_attention_window_len: Length | None
    cross_attn_k: Pieces
    encoder_hash_byte_group_size: tuple[Pieces, ...] | None
    encoder_hash_byte_group_vocab: Size
    encoder_hash_byte_group_nb_functions: Pieces
    patcher_config: Patcher
    encoder_config: Encoder
    decoder_config: Decoder
    global_config: Part
    tie_word_embeddings: Literal[False]  # true in no release


def blt(c: Blt) -> Block:
    encoder, middle, decoder = c.encoder_config, c.global_config, c.decoder_config
    same(
        decoder.hidden_size,
        encoder.hidden_size,
        ("decoder_config.hidden_size", "encoder_config.hidden_size"),
    )
    same(
        decoder.hidden_size_global,
        middle.hidden_size,
        ("decoder_config.hidden_size_global", "global_config.hidden_size"),
    )
    for name, part in (("encoder_config", encoder), ("decoder_config", decoder)):
        same(part.cross_attn_k, c.cross_attn_k, (f"{name}.cross_attn_k", "cross_attn_k"))
    model = language_model(
        stack("layers", [*encoding(c), *over_patches(c), *decoding(c)]),
        Names(table="local_encoder.embed_tokens"),
        vocabulary=c.vocab_size,
        width=middle.hidden_size,
        table_width=encoder.hidden_size,
        tied=fact(False),
        context=c.max_position_embeddings,
        before=(ngrams(c), *([patcher(c)] if c.patch_in_forward else [])),
        after=(rms_norm("local_decoder.norm", decoder.hidden_size, eps=decoder.rms_norm_eps),),
    )
    model = with_settings(model, eps=encoder.rms_norm_eps)
    body, *others = model.inside
    table = embedding("local_encoder.embed_tokens", encoder.vocab_size, encoder.hidden_size)
    return replace(model, inside=(replace(body, inside=(table, *body.inside[1:])), *others))


def ngrams(c: Blt) -> Block:
    """One table holds those of all lengths and hashes, each with rows of its own; what a byte reads is added to its row."""
    lengths = c.encoder_hash_byte_group_size or LENGTHS
    read, width = (
        len(lengths) * c.encoder_hash_byte_group_nb_functions,
        c.encoder_config.hidden_size,
    )
    rows = derived(
        read * c.encoder_hash_byte_group_vocab,
        "encoder_hash_byte_group_vocab x lengths x encoder_hash_byte_group_nb_functions",
    )
    table = lookup_table(
        "encoder_hash_tok_embedding",
        rows=rows,
        width=width,
        read=read,
        own=[Tensor("weight", (int(rows), int(width)), role="tables")],
    )
    longest = derived(max(lengths), "max(encoder_hash_byte_group_size)")
    table = with_settings(
        table,
        hash="polynomial",
        hashes=int(c.encoder_hash_byte_group_nb_functions),
        first_rows=int(c.encoder_hash_byte_group_vocab),
        lengths=[int(length) for length in lengths],
    )
    memory = ngram_memory("", table, longest=longest, read=read)
    shortest = derived(min(lengths), "min(encoder_hash_byte_group_size)")
    memory = replace(memory, facts={**memory.facts, **facts(shortest=shortest)})
    return with_settings(memory, lengths=[int(length) for length in lengths], summed=True)


def encoding(c: Blt) -> Iterator[Block]:
    """Layers over bytes; after the last, vectors of each patch ask its bytes.

    Where the vectors ask after each layer, nothing reads what earlier ones give.
    """
    part, place = c.encoder_config, "model.local_encoder"
    last = part.num_hidden_layers - 1
    for index in range(part.num_hidden_layers):
        block = llama_layer(part, f"{place}.layers.{index}", window=c.local_attention_window_len)
        if index < last and not part.cross_attn_all_layers:
            yield block
            continue
        attention_index = index if part.cross_attn_all_layers else 0
        vectors = patches(c, f"{place}.cross_attn_layers.{attention_index}")
        if index < last:
            vectors = replace(vectors, inside=(replace(vectors.inside[-1], used=0),))
        yield replace(block, inside=(*block.inside, *vectors.inside))


def patches(c: Blt, place: str) -> Block:
    """The greatest of a patch's bytes in each channel, as several vectors, which then ask the bytes themselves."""
    part, many = c.encoder_config, c.cross_attn_k
    width = part.hidden_size
    projection = linear("patch_embedding_projection", width, many * width)
    pool = patching(
        "to patches",
        stored_at(projection, "model.local_encoder.patch_embedding_projection"),
        vectors=many,
    )
    return layer(pool, cross_attention(part, place, "bytes", many))


def over_patches(c: Blt) -> Iterator[Block]:
    """The transformer that runs once a patch, of which the vectors stand one behind the other."""
    part, wide = c.global_config, c.cross_attn_k * c.encoder_config.hidden_size
    for index in range(part.num_hidden_layers):
        block = llama_layer(part, f"model.global_transformer.layers.{index}")
        if index == 0:
            projection = linear("token_embedding_projection", wide, part.hidden_size)
            place = "model.global_transformer.token_embedding_projection"
            mapped = stored_at(projection, place) if wide != part.hidden_size else None
            block = replace(block, inside=(patching("joined", mapped), *block.inside))
        yield block


def decoding(c: Blt) -> Iterator[Block]:
    """Layers over the encoder's bytes, each of which first asks the vectors of a patch."""
    part, place, many = c.decoder_config, "model.local_decoder", c.cross_attn_k
    projection = linear(
        "patch_embedding_projection", part.hidden_size_global, many * part.hidden_size
    )
    back = patching(
        "to bytes", stored_at(projection, f"{place}.patch_embedding_projection"), vectors=many
    )
    for index in range(part.num_hidden_layers):
        block = llama_layer(part, f"{place}.layers.{index}", window=c.local_attention_window_len)
        if index == 0 or part.cross_attn_all_layers:
            asks = cross_attention(part, f"{place}.cross_attn_layers.{index}", "patches", many)
            block = replace(block, inside=(asks, *block.inside))
        yield replace(block, inside=(back, *block.inside)) if index == 0 else block


def cross_attention(c: Part, place: str, read_first: str, many: int) -> Block:
    """Attention to a patch's bytes, or to its vectors, added twice over to what asks: once by itself."""
    heads, width = heads_of(c), c.hidden_size
    normed = rms_norm("q_norm", width, eps=c.rms_norm_eps)
    block = stored_at(
        patch_attention(
            "", width=width, heads=heads, asked=read_first, vectors=many, eps=c.rms_norm_eps
        ),
        place,
    )
    branch = residual(stored_at(normed, f"{place}.q_norm"), block)
    return with_settings(branch, stream_scale=2.0)


def llama_layer(c: Part, place: str, *, window: int | None = None) -> Block:
    """Llama's layer."""
    width, wide = (
        c.hidden_size,
        c.intermediate_size or derived(8 * c.hidden_size // 3, "8 / 3 x hidden_size"),
    )
    heads = heads_of(c)
    queries, keys = heads.query * heads.width, heads.key_value * heads.width
    tokens = attention(
        "self_attn",
        heads=heads,
        positions=rope(c, heads.width),
        inside=[
            linear("q_proj", width, queries, role="query"),
            linear("k_proj", width, keys, role="key"),
            linear("v_proj", width, keys, role="value"),
            linear("o_proj", queries, width, role="output"),
        ],
        window=window,
        bias=False,
    )
    channels = gated_mlp("mlp", width=width, inner=wide, activation=c.hidden_act)
    block = layer(
        residual(rms_norm("input_layernorm", width, eps=c.rms_norm_eps), tokens),
        residual(rms_norm("post_attention_layernorm", width, eps=c.rms_norm_eps), channels),
    )
    return stored_at(block, place) if place else block


def heads_of(c: Part) -> Heads:
    """As many keys as queries where a part doesn't say; together as wide as its stream."""
    width = multiple(c.hidden_size, c.num_attention_heads, ("hidden_size", "num_attention_heads"))
    keys = c.num_key_value_heads or derived(c.num_attention_heads * 1, "num_attention_heads")
    multiple(c.num_attention_heads, keys, ("num_attention_heads", "num_key_value_heads"))
    return Heads(c.num_attention_heads, keys, derived(width, "hidden_size / num_attention_heads"))


def patcher(c: Blt) -> Block:
    """A small model of bytes: a patch begins where it can't guess the next one. By another mode each byte is one."""
    part, by_entropy = c.patcher_config, c.patching_mode == "entropy"
    block = llama_layer(part, "", window=part.sliding_window)
    parts = (
        embedding("embed_tokens", part.vocab_size, part.hidden_size),
        *(group(f"layers.{index}", block) for index in range(part.num_hidden_layers)),
        rms_norm("norm", part.hidden_size, eps=part.rms_norm_eps),
        head("lm_head", part.vocab_size, part.hidden_size),
    )
    patcher_block = Block("patcher", "patcher", inside=parts, used=int(by_entropy))
    if not by_entropy:
        return patcher_block
    if c.patch_size is None or c.patching_threshold is None or c.max_patch_length is not None:
        why = "patches are cut by more than how hard the next byte is to guess, which nothing computes"
        return with_settings(patcher_block, unknown=why)
    return with_settings(patcher_block, threshold=float(c.patching_threshold))


LEFT_OUT = {"hidden_size": 64, "num_attention_heads": 4, "intermediate_size": 40}
"""Sizes of a small transformer that a config leaves out as a whole."""


def shrink(config: Json, small: dict[str, Any], depth: int) -> None:
    """Two layers in each transformer, as wide where one gives to another; what is left out is made as well."""
    for key in ("encoder_config", "decoder_config", "global_config", "patcher_config"):
        small[key] = part = LEFT_OUT | dict(small.get(key) or {})
        part["num_hidden_layers"] = min(part.get("num_hidden_layers", 2), 2)
    small["decoder_config"]["hidden_size_global"] = small["global_config"]["hidden_size"]
    small["decoder_config"]["hidden_size"] = small["encoder_config"]["hidden_size"]
    for key, most in {"encoder_hash_byte_group_vocab": 50, "local_attention_window_len": 4}.items():
        if isinstance(small.get(key), int):
            small[key] = min(small[key], most)
