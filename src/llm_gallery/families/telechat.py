"""TeleChat: Llama with each head's key beside its value in one matrix, biases on what attention and the MLP give back.

The base of its rotation grows by how much longer the texts of its training became than they were at first. TeleChat
2, of the same type, shares keys among heads.

The base is 10,000 times (2^⌈log2(n / m) + 1⌉ − 1)^(d / (d − 2)), with n the training length. m is 4,096 in the 7B,
known by its 160,256 tokens, else 8,192, or TeleChat 2's `base_seqlen`.

Reference: modeling_telechat.py of the releases (transformers has no such type)
Model: https://huggingface.co/Tele-AI/telechat-7B, https://huggingface.co/Tele-AI/TeleChat2-115B
Paper: https://arxiv.org/abs/2401.03804
"""

from __future__ import annotations

from dataclasses import replace
from math import ceil, log2
from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Heads,
    Names,
    Positions,
    attention,
    biased_at_last,
    facts,
    gated_mlp,
    language_model,
    layer,
    linear,
    residual,
    rms_norm,
    stack,
    with_settings,
)
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import (
    Depth,
    Length,
    Size,
    config,
    multiple,
    shared_among,
    stated,
)
from llm_gallery.families.llama import norm_settings

OF_THE_PUBLISHED_CODE = (
    "attention_softmax_in_fp32", "bias_dropout_fusion", "flash_attn", "logn", "masked_softmax_fusion",
    "n_inner", "offset_alibi", "semi_causal", "skip_bias_add", "skip_bias_add_qkv", "slow_but_exact",
    "unk_token_id",
)  # fmt: skip
"""Megatron's and BLOOM's: the classes read none of them but `flash_attn`, which says how they compute."""
BASE = 10000.0
"""Of the rotation, before it grows: no key says it."""
SEVEN = 160256
"""Tokens of the 7B, by which it is told: its class counts from another length than all later ones, and no key says so."""
AT_FIRST = {True: 4096, False: 8192}
"""The length that the base is meant for: the 7B's, and that of the others."""


@config("telechat", unused=OF_THE_PUBLISHED_CODE, classes=("TelechatForCausalLM",))
class Telechat:
    """Defaults are those of configuration_telechat.py beside the reference."""

    vocab_size: Size
    hidden_size: Size
    ffn_hidden_size: Size
    n_layer: Depth
    n_head: Size
    num_key_value_heads: Size | None = None
    training_seqlen: Length = 8192
    base_seqlen: Length | None = None
    seq_length: Length | None = None
    embed_layernorm: bool = False
    apply_residual_connection_post_layernorm: Literal[False] = False
    hidden_act: Literal["silu"] = "silu"
    tie_word_embeddings: bool = True


def telechat(c: Telechat) -> Block:
    width = c.hidden_size
    decoder_layer = layer(
        residual(rms_norm("input_layernorm", width), grouped_query(c)),
        residual(rms_norm("post_attention_layernorm", width), mlp(c)),
    )
    whole = language_model(
        stack("h", [decoder_layer] * c.n_layer),
        Names("transformer", "word_embeddings"),
        vocabulary=c.vocab_size,
        width=width,
        context=c.training_seqlen if c.seq_length is None else c.seq_length,
        tied=stated(c, "tie_word_embeddings"),
        before=(rms_norm("word_embeddings_layernorm", width),) if c.embed_layernorm else (),
        after=(rms_norm("ln_f", width),),
    )
    return with_settings(whole, **norm_settings(c))


def grouped_query(c: Telechat) -> Block:
    width, heads = c.hidden_size, c.n_head
    dim = shared_among(width, heads, ("hidden_size", "n_head"))
    shared = (
        derived(heads * 1, "n_head") if c.num_key_value_heads is None else c.num_key_value_heads
    )
    multiple(heads, shared, ("n_head", "num_key_value_heads"))
    pair = linear(
        "key_value",
        width,
        2 * shared * dim,
        role=("key", "value"),
        rows=[dim, dim],
        groups=int(shared),
    )
    mixer = attention(
        "self_attention",
        heads=Heads(heads, shared, dim),
        positions=positions(c, dim),
        inside=(
            linear("query", width, width, role="query"),
            pair,
            linear("dense", width, width, role="output", bias=True),
        ),
        bias=True,
    )
    added_facts = facts(output_bias=True)  # of the matrices it alone
    return replace(mixer, facts={**mixer.facts, **added_facts})


def positions(c: Telechat, dim: int) -> Positions:
    """Texts longer than those of training turn by other angles, and so do those before them."""
    beyond = c.seq_length is not None and c.seq_length > c.training_seqlen
    return Positions(
        kind="rope",
        rotated=dim,
        base=base(c, dim),
        scaling="dynamic" if beyond else None,
        original_context=c.training_seqlen if beyond else None,
    )


def base(c: Telechat, dim: int) -> float:
    """Grown by one less than twice the next power of two of how much longer the texts became."""
    first, why = c.base_seqlen, "base_seqlen"
    if first is None:
        seven = c.vocab_size == SEVEN
        first, why = AT_FIRST[seven], f"{AT_FIRST[seven]:,}"
    times = max(2.0 ** ceil(log2(c.training_seqlen / first) + 1) - 1, 1.0)
    if times == 1:
        return BASE
    if dim <= 2:
        raise Refusal(
            f"heads have {dim} channels, expected more: the base of their rotation grows to the power of "
            "head_dim / (head_dim - 2); check hidden_size and n_head"
        )
    said = f"10,000 x {times:g} ^ (head_dim / (head_dim - 2)), as training_seqlen / {why} has it"
    grown: float = derived(BASE * times ** (dim / (dim - 2)), said)
    return grown


def mlp(c: Telechat) -> Block:
    """down(SiLU(gate x) * up x) + bias."""
    inner = c.ffn_hidden_size
    return biased_at_last(gated_mlp("mlp", width=c.hidden_size, inner=inner, activation="silu"))
