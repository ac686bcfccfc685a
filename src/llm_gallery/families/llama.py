"""Llama: pre-norm RMSNorm, rotary grouped-query attention and a SwiGLU MLP; the parts that most others vary.

Reference: transformers/models/llama/modeling_llama.py
Paper: https://arxiv.org/abs/2302.13971, https://arxiv.org/abs/2407.21783
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import Fact, derived, fact
from llm_gallery.architecture.parts import (
    Positions,
    attention,
    gated_mlp,
    language_model,
    layer,
    linear,
    plain_mlp,
    residual,
    rms_norm,
    stack,
)
from llm_gallery.families._config import Declared, Depth, Length, Size, config, multiple, stated
from llm_gallery.families._rope import Rotary, rope


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


def grouped_query(
    c: Llama,
    *,
    name: str = "self_attn",
    heads: int | None = None,
    kv_heads: int | None = None,
    dim: int | None = None,
    value_dim: int | None = None,
    positions: Positions | None = None,
    qk_norm: str | Fact | None = None,
    window: int | None = None,
    chunk: int | None = None,
    sinks: bool = False,
    bias: bool | Fact | None = None,
    output_bias: bool | None = None,
    scale_dim: int | None = None,
    score_scale: float | None = None,
    softcap: float | None = None,
    clip: float | None = None,
    value_scale: float | None = None,
    gate: bool | Block = False,
    gated_by: str = "sigmoid",
    norms: Sequence[Block] | None = None,
    temperature_tuning: bool | Fact | None = None,
    run: Mapping[str, object] | None = None,
) -> Block:
    """Llama's attention with its variants: q, k, v, o as four projections, optional q and k norms.

    Numbers and sizes of heads override the config's, for layers that differ in them. `bias` overrides `attention_bias` for q, k and v, `output_bias` for o. `gate` is the projection
    that gates the output, or True where q_proj holds it. `norms` are stored in place of the usual
    two of `qk_norm`. `run` is what running it needs beside that.
    """
    heads = c.num_attention_heads if heads is None else heads
    kv_heads = kv(c) if kv_heads is None else kv_heads
    dim = head_dim(c) if dim is None else dim
    wide = dim if value_dim is None else value_dim
    multiple(heads, kv_heads, ("num_attention_heads", "num_key_value_heads"))
    width = c.hidden_size
    biased = stated(c, "attention_bias") if bias is None else fact(bias)
    has_bias = biased.value is True
    out_bias = has_bias if output_bias is None else output_bias
    asked = ("query", "gate") if gate is True else ("query",)
    projections = [
        linear(
            "q_proj",
            width,
            heads * dim * len(asked),
            role=asked,
            bias=has_bias,
            rows=(dim, dim) if gate is True else (),
            groups=heads if gate is True else 1,
        ),
        linear("k_proj", width, kv_heads * dim, role="key", bias=has_bias),
        linear("v_proj", width, kv_heads * wide, role="value", bias=has_bias),
        linear("o_proj", heads * wide, width, role="output", bias=out_bias),
    ]
    style = qk_norm.value if isinstance(qk_norm, Fact) else qk_norm
    if norms is not None:
        projections += norms
    elif style == "per head":
        projections += [
            rms_norm("q_norm", dim, role="query_norm"),
            rms_norm("k_norm", dim, role="key_norm"),
        ]
    elif style == "all heads":
        projections += [
            rms_norm("q_norm", heads * dim, role="query_norm"),
            rms_norm("k_norm", kv_heads * dim, role="key_norm"),
        ]
    if isinstance(gate, Block):
        projections.append(gate)
    return attention(
        name,
        heads=heads,
        kv_heads=kv_heads,
        head_dim=dim,
        positions=rope(c, dim) if positions is None else positions,
        inside=projections,
        window=window,
        chunk=chunk,
        sinks=heads if sinks else None,
        qk_norm=qk_norm,
        gate=gated_by if gate else None,
        softcap=softcap,
        scale_dim=scale_dim,
        score_scale=score_scale,
        value_dim=value_dim,
        clip=clip,
        value_scale=value_scale,
        bias=biased,
        temperature_tuning=temperature_tuning,
        run=run,
    )


def kv(c: Llama) -> int:
    """Key and value heads: as many as query heads where the config doesn't say."""
    if c.num_key_value_heads is not None:
        return c.num_key_value_heads
    return derived(c.num_attention_heads * 1, "num_attention_heads")


def head_dim(c: Llama) -> int:
    """The size of one head: the width shared among the heads where the config doesn't say."""
    if c.head_dim is not None:
        return c.head_dim
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


def plain(c: Llama) -> Block:
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
    layers: Sequence[Block],
    *,
    beside: Sequence[Block] = (),
    prefix: str = "",
    softcap: float | None = None,
    final: Block | None = None,
    head_bias: bool | Fact = False,
    normed_head: Fact | None = None,
    body: str = "model",
    table: str = "embed_tokens",
    tied: Fact | None = None,
    context: int | None = None,
    output: str = "lm_head",
    passes: int = 1,
    pass_norm: bool | Fact | None = None,
    residual: str | None = None,
    streams: int | None = None,
    saved_every: int | None = None,
    before: Sequence[Block] = (),
    after: Sequence[Block] = (),
    embedding_scale: float | None = None,
    stream_scale: float | str | None = None,
    residual_scale: float | str | None = None,
    logit_scale: float | None = None,
    run: Mapping[str, object] | None = None,
) -> Block:
    """Embedding, stack, final norm and head; `beside` is what the checkpoint stores next to them.

    `final` replaces the RMSNorm after the stack; `body`, `table` and `output` name the decoder,
    its embedding and the head, whose rows may be normed (`normed_head`); a token runs `before`, the stack `passes` times, then `after`;
    `pass_norm`, `residual`, `streams` and `saved_every` say how the passes and the residual stream go, as `stack` does;
    `tied` and `context` override their keys; the scales multiply what the embedding gives,
    the stream before a branch is added to it, what each branch adds, and the scores; `run` is what running
    it needs beside that.
    """
    return language_model(
        stack(
            "layers",
            layers,
            passes=passes,
            pass_norm=pass_norm,
            residual=residual,
            streams=streams,
            saved_every=saved_every,
        ),
        body=f"{prefix}{body}",
        table=table,
        vocabulary=c.vocab_size,
        width=c.hidden_size,
        context=c.max_position_embeddings if context is None else context,
        tied=stated(c, "tie_word_embeddings") if tied is None else tied,
        before=before,
        after=(rms_norm("norm", c.hidden_size) if final is None else final, *after),
        output=f"{prefix}{output}",
        head_bias=head_bias,
        normed_head=normed_head,
        beside=beside,
        logit_softcap=softcap,
        passes=passes if passes > 1 else None,
        embedding_scale=embedding_scale,
        stream_scale=stream_scale,
        residual_scale=residual_scale,
        logit_scale=logit_scale,
        run={**whole(c), **(run or {})},
    )


def whole(c: object) -> Mapping[str, object]:
    """What a run of the class needs for the whole model."""
    computes: Mapping[str, object] = getattr(c, "computes", {})
    return {name: value for name, value in computes.items() if name in ("eps", "offset")}


def activation(c: Llama) -> str:
    """The MLP's activation; Gemma spells the key in its own way."""
    spelled: str = getattr(c, "hidden_activation", c.hidden_act)
    return spelled
