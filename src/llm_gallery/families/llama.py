"""Llama: pre-norm RMSNorm, rotary grouped-query attention and a SwiGLU MLP; the parts that most others vary.

Reference: transformers/models/llama/modeling_llama.py
Paper: https://arxiv.org/abs/2302.13971, https://arxiv.org/abs/2407.21783
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import Fact, derived, fact
from llm_gallery.architecture.parts import (
    Head,
    Heads,
    Names,
    Positions,
    Scaling,
    Shared,
    apart,
    attention,
    gated_mlp,
    language_model,
    layer,
    linear,
    plain_mlp,
    residual,
    rms_norm,
    stack,
    with_settings,
)
from llm_gallery.families._config import (
    Declared,
    Depth,
    Length,
    Size,
    computed,
    config,
    multiple,
    stated,
)
from llm_gallery.families._rope import Rotary, rope

OF_LANGUAGE_MODEL = Names("language_model.model", output="language_model.lm_head")
"""The names under which several multimodal checkpoints store it."""


@config("llama")
class Llama(Rotary):
    vocab_size: Size
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    num_key_value_heads: Size | None
    head_dim: Size | None = None
    hidden_act: str
    max_position_embeddings: Length
    tie_word_embeddings: bool
    attention_bias: Declared = False
    mlp_bias: Declared = False


def llama(c: Llama) -> Block:
    return decoder(c, [pre_norm(c, grouped_query(c), swiglu(c))] * c.num_hidden_layers)


def pre_norm(c: Llama, tokens: Block, channels: Block) -> Block:
    """A layer that norms what each branch reads, and adds what it gives."""
    return layer(
        residual(norm(c, "input_layernorm"), tokens),
        residual(norm(c, "post_attention_layernorm"), channels),
    )


class Gate(NamedTuple):
    """What multiplies attention's output, channel by channel or head by head."""

    projection: Block | None = None  # None: q_proj holds it
    activation: str = "sigmoid"


def grouped_query(
    c: Llama,
    *,
    heads: Heads | None = None,
    positions: Positions | None = None,
    qk_norm: str | Fact | None = None,
    norms: Sequence[Block] = (),
    window: int | None = None,
    chunk: int | None = None,
    sinks: bool = False,
    bias: bool | Fact | None = None,
    output_bias: bool | Fact | None = None,
    scaling: Scaling = Scaling(),
    gate: Gate | None = None,
) -> Block:
    """Llama's attention with its variants: q, k, v, o as four projections, optional q and k norms.

    `heads` and `positions` override what the config says of all layers, `bias` its `attention_bias`
    for q, k and v, `output_bias` for o. `norms` are stored in place of the usual two of `qk_norm`.
    """
    heads = Heads(c.num_attention_heads, kv(c), head_dim(c)) if heads is None else heads
    multiple(heads.query, heads.key_value, ("num_attention_heads", "num_key_value_heads"))
    width, dim = c.hidden_size, heads.width
    value_dim = dim if heads.value_width is None else heads.value_width
    biased = stated(c, "attention_bias") if bias is None else fact(bias)
    has_bias = biased.value is True
    out = biased if output_bias is None else fact(output_bias)
    out_bias = out.value is True
    extra = None if gate is None else gate.projection
    query_roles = ("query",) if gate is None or extra else ("query", "gate")
    projections = [
        linear(
            "q_proj",
            width,
            heads.query * dim * len(query_roles),
            role=query_roles,
            bias=has_bias,
            rows=[dim] * len(query_roles) if len(query_roles) > 1 else (),
            groups=heads.query if len(query_roles) > 1 else 1,
        ),
        linear("k_proj", width, heads.key_value * dim, role="key", bias=has_bias),
        linear("v_proj", width, heads.key_value * value_dim, role="value", bias=has_bias),
        linear("o_proj", heads.query * value_dim, width, role="output", bias=out_bias),
    ]
    style = qk_norm.value if isinstance(qk_norm, Fact) else qk_norm
    if style and norms:
        projections += norms
    elif style in ("per head", "all heads"):
        queries, keys = (1, 1) if style == "per head" else (heads.query, heads.key_value)
        projections += [
            rms_norm("q_norm", queries * dim, role="query_norm"),
            rms_norm("k_norm", keys * dim, role="key_norm"),
        ]
    mixer = attention(
        "self_attn",
        heads=heads,
        positions=rope(c, dim) if positions is None else positions,
        inside=[*projections, extra] if extra else projections,
        window=window,
        chunk=chunk,
        sinks=sinks,
        qk_norm=qk_norm,
        gate=None if gate is None else gate.activation,
        scaling=scaling,
        bias=fact(True) if out_bias and not has_bias else biased,
    )
    if has_bias or not out_bias:
        return mixer
    return replace(mixer, facts={**mixer.facts, "output_bias": out})  # `bias` speaks of the others


def switched_norm(c: Llama, switch: str, style: str) -> Fact:
    """How q and k are normed, where the config's switch says that they are."""
    said = stated(c, switch)
    return replace(said, value=style if said.value else None)


def kv(c: Llama) -> int:
    """Key and value heads: as many as query heads where the config doesn't say."""
    if c.num_key_value_heads is not None:
        return c.num_key_value_heads
    return derived(c.num_attention_heads * 1, "num_attention_heads")


def head_dim(c: Llama) -> int:
    """The size of one head: the width shared among the heads where the config doesn't say.

    Where a class has heads of any size, `uneven`, what the division leaves over is no head's.
    """
    if c.head_dim is not None:
        return c.head_dim
    if computed(c, "uneven") and c.hidden_size % c.num_attention_heads:
        floored = max(c.hidden_size // c.num_attention_heads, 1)
        return derived(floored, "hidden_size / num_attention_heads, rounded down")
    even = multiple(c.hidden_size, c.num_attention_heads, ("hidden_size", "num_attention_heads"))
    return derived(even, "hidden_size / num_attention_heads")


def swiglu(
    c: Llama, name: str = "mlp", inner: int | None = None, *, bias: bool | None = None
) -> Block:
    """down(act(gate x) * up x); `bias` overrides `mlp_bias`, which experts don't heed."""
    return gated_mlp(
        name,
        width=c.hidden_size,
        inner=c.intermediate_size if inner is None else inner,
        activation=activation(c),
        bias=c.mlp_bias if bias is None else bias,
    )


def shared_experts(
    c: Llama,
    count: int,
    inner: int,
    key: str,
    name: str = "shared_experts",
    each: str = "moe_intermediate_size",
) -> Shared:
    """The SwiGLU that every token runs, as wide as `count` experts; `key` says how many, `each` how wide one is."""
    wide = derived(count * inner, f"{key} x {each}")
    return Shared(swiglu(c, name, wide), count)


def ungated_mlp(c: Llama) -> Block:
    """down(act(up x)), for those that have no gate."""
    return plain_mlp(
        "mlp",
        width=c.hidden_size,
        inner=c.intermediate_size,
        activation=c.hidden_act,
        bias=c.mlp_bias,
    )


def norm(c: Llama, name: str) -> Block:
    """RMSNorm over the width of the stream."""
    return rms_norm(name, c.hidden_size)


def decoder(
    c: Llama,
    layers: Sequence[Block] | Block,
    names: Names = Names(),
    *,
    tied: Fact | None = None,
    context: int | None = None,
    head: Head = Head(),
    before: Sequence[Block] = (),
    after: Sequence[Block] | None = None,
    beside: Sequence[Block] = (),
    embedding_scale: float | None = None,
    stream_scale: float | str | None = None,
    residual_scale: float | str | None = None,
) -> Block:
    """Embedding, stack, final norm and head; `beside` is what the checkpoint stores next to them.

    `layers` may be the stack itself, where it states how its passes or its residual stream go.
    `tied` and `context` override their keys, `after` the RMSNorm after the stack; the scales multiply
    what the embedding gives, the stream before a branch is added to it, and what each branch adds.
    """
    whole = language_model(
        layers if isinstance(layers, Block) else stack("layers", layers),
        names,
        vocabulary=c.vocab_size,
        width=c.hidden_size,
        tied=stated(c, "tie_word_embeddings") if tied is None else tied,
        context=c.max_position_embeddings if context is None else context,
        head=head,
        before=before,
        after=(rms_norm("norm", c.hidden_size),) if after is None else after,
        beside=beside,
        embedding_scale=embedding_scale,
        stream_scale=stream_scale,
        residual_scale=residual_scale,
    )
    return with_settings(whole, **norm_settings(c))


def norm_settings(c: object) -> Mapping[str, object]:
    """What a run of the class needs for all its norms, and no key says."""
    computes: Mapping[str, object] = getattr(c, "computes", {})
    return {name: value for name, value in computes.items() if name in ("eps", "offset")}


def activation(c: Llama) -> str:
    """The MLP's activation; Gemma spells the key in its own way."""
    spelled: str = getattr(c, "hidden_activation", c.hidden_act)
    return spelled


def next_token_layers(
    c: Llama,
    count: int | None,
    *parts: Block,
    path: str = "model.layers",
    table: Sequence[Block] = (),
) -> Sequence[Block]:
    """`count` layers numbered on from the last, each fed eh_proj(norm(next embedding), norm(stream)).

    They share embedding and head, unless `table` and a head among the `parts` are their own.
    """
    width, last = c.hidden_size, c.num_hidden_layers
    joined = (
        rms_norm("enorm", width, role="token_norm"),
        rms_norm("hnorm", width, role="stream_norm"),
        linear("eh_proj", 2 * width, width, role="join"),
    )
    inside = (*table, *joined, *parts)
    return [
        apart("multi_token_prediction", f"{path}.{last + i}", inside) for i in range(count or 0)
    ]
