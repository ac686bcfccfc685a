"""Attention kinds: multi-head, grouped and multi-query in one, and multi-head latent attention."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import Fact
from llm_gallery.architecture.parts.basic import facts, layer_norm, linear, rms_norm, settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Positions:
    """How attention knows where a token stands: kind "rope", "learned" or "none"."""

    kind: str | Fact
    rotated: int | None = None  # dimensions of each head that are rotated
    base: float | None = None
    scaling: str | None = None  # "yarn", "linear", "llama3" ...
    factor: float | None = None
    original_context: int | None = None
    scale: float | None = None  # what the extension multiplies the scores of the rotated part by
    pairs: bool = False  # a channel turns with its neighbour, not with the one half a head on
    stretch: Mapping[str, Any] | None = (
        None  # further numbers of the extension, as configs call them
    )


NO_POSITION = Positions(kind="none")
QUERY_KEY_VALUE = ("query", "key", "value")
"""The roles of a matrix that stores all three, in the order of nearly every checkpoint."""


def attention(
    name: str,
    *,
    heads: int,
    kv_heads: int,
    head_dim: int,
    positions: Positions,
    inside: Sequence[Block],
    window: int | None = None,
    chunk: int | None = None,
    sinks: int | None = None,
    qk_norm: str | Fact | None = None,
    gate: str | None = None,
    softcap: float | None = None,
    scale_dim: int | None = None,
    score_scale: float | None = None,
    value_dim: int | None = None,
    clip: float | None = None,
    value_scale: float | None = None,
    shared_kv: bool = False,
    unified_kv: bool = False,
    value_norm: bool = False,
    bias: bool | Fact | None = None,
    temperature_tuning: bool | Fact | None = None,
    convolved: str | None = None,
    delayed: int | None = None,
    run: Mapping[str, object] | None = None,
) -> Block:
    """softmax(q kT / sqrt(scale_dim)) v over `heads` queries that share `kv_heads` keys and values.

    `inside` holds the projections and norms as stored; everything else is a slot of the figure.
    `window` is the number of tokens seen, itself included; `chunk` the length of the blocks beyond
    which nothing is seen; `qk_norm` is "per head", "all heads" or "without weights", or "l2" where
    that comes after the rotation; `value_dim` is stated where values are not as wide as keys; `clip`
    bounds q, k and v; `score_scale` multiplies the scores beside their root, `value_scale` the values.
    With `shared_kv` keys and values are those of an earlier layer; with `unified_kv` one projection
    gives both, of which the keys alone are rotated; `value_norm` norms values without parameters.
    `convolved` is what passes a short convolution ("queries and keys"), and `delayed` how many
    channels of the values come from the last token. `run` is what running it needs beside that.
    """
    slots = facts(
        heads=heads,
        kv_heads=kv_heads,
        head_dim=head_dim,
        position=positions.kind,
        rotated=positions.rotated,
        rope_base=positions.base,
        rope_scaling=positions.scaling,
        rope_factor=positions.factor,
        original_context=positions.original_context,
        rotated_scale=positions.scale,
        window=window,
        chunk=chunk,
        sinks=True if sinks else None,
        qk_norm=qk_norm,
        gate=gate,
        softcap=softcap,
        scale_dim=head_dim if scale_dim is None else scale_dim,
        score_scale=score_scale,
        value_dim=value_dim,
        clip=clip,
        value_scale=value_scale,
        shared_kv=shared_kv or None,
        unified_kv=unified_kv or None,
        value_norm=value_norm or None,
        bias=bias,
        temperature_tuning=temperature_tuning,
        convolved=convolved,
        delayed=delayed,
    )
    own = (Tensor("sinks", (int(sinks),), role="sinks"),) if sinks else ()
    held = {**turned(positions), **(run or {})}
    return Block("attention", name, slots, own, tuple(inside), settings=held)


def turned(positions: Positions) -> dict[str, Any]:
    """How a rotation pairs channels, and what its extension has beside factor and context."""
    return settings(pairs=positions.pairs or None, stretch=positions.stretch)


def fused(
    attention: Block,
    projection: str,
    output: str,
    *,
    groups: int = 1,
    order: Sequence[int] = (0, 1, 2),
) -> Block:
    """The same attention, its q, k and v stored as the rows of one matrix, under the checkpoint's names.

    The rows stand in `groups`, each with its share of q, k and v, in the `order` that is told.
    """
    queries, keys, values, out, *others = attention.inside
    parts = [(queries, keys, values)[place] for place in order]
    counts = [part.number("outputs") for part in parts]
    one = linear(
        projection,
        queries.number("inputs"),
        sum(counts),
        role=tuple(role for part in parts for role in part.roles),
        bias=queries.value("bias") is True,
        rows=[count // groups for count in counts],
        groups=groups,
    )
    return replace(attention, inside=(one, replace(out, name=output), *others))


def joint_attention(
    name: str,
    *,
    width: int,
    heads: int,
    head_dim: int,
    positions: Positions,
    names: tuple[str, str],
    kv_heads: int | None = None,
    bias: bool | Fact = False,
    transposed: bool = False,
    clip: float | None = None,
    grouped: bool = False,
    run: Mapping[str, object] | None = None,
) -> Block:
    """GPT-2's attention: q, k and v of all heads from one matrix, and the output's; `names` are theirs.

    As many keys and values as queries unless `kv_heads` says otherwise. Where it is `grouped`, the rows of
    each key head follow those of its queries, and those of its values follow them.
    """
    groups = heads if kv_heads is None else kv_heads
    biased = bias.value is True if isinstance(bias, Fact) else bias
    queries, keys = heads * head_dim, groups * head_dim
    parted = groups if grouped else 1
    inside = (
        linear(
            names[0],
            width,
            queries + 2 * keys,
            role=QUERY_KEY_VALUE,
            bias=biased,
            transposed=transposed,
            rows=[queries // parted, keys // parted, keys // parted],
            groups=parted,
        ),
        linear(names[1], queries, width, role="output", bias=biased, transposed=transposed),
    )
    return attention(
        name,
        heads=heads,
        kv_heads=groups,
        head_dim=head_dim,
        positions=positions,
        inside=inside,
        clip=clip,
        bias=bias,
        run=run,
    )


def latent_attention(
    name: str,
    *,
    width: int,
    heads: int,
    query_rank: int | None,
    kv_rank: int,
    nope_dim: int,
    rope_dim: int,
    value_dim: int,
    positions: Positions,
    bias: bool = False,
    gate: Block | None = None,
    indexer: Block | None = None,
    selected: int | None = None,
    score_scale: float | None = None,
    temperature_tuning: bool | Fact | None = None,
    latent_eps: float | None = 1e-6,
    run: Mapping[str, object] | None = None,
) -> Block:
    """Keys and values of all heads rebuilt from one cached latent of `kv_rank`, plus one rotated key.

    Paper: https://arxiv.org/abs/2405.04434 (DeepSeek-V2). Without `query_rank`, queries are not compressed.
    `gate` is the projection whose sigmoid multiplies the output: one number a head, or one a channel.
    `score_scale` multiplies the scores beside their root.
    With `selected`, a query sees only so many tokens: those that its own `indexer` chose, or, without
    one, those that the last layer with an indexer chose. `latent_eps` is the epsilon of the latents'
    norms, where it isn't the model's own; `run` is what running it needs beside that.
    """
    queries = heads * (nope_dim + rope_dim)
    if query_rank is None:
        query = [linear("q_proj", width, queries, role="query")]
    else:
        query = [
            linear("q_a_proj", width, query_rank, role="query_down", bias=bias),
            rms_norm("q_a_layernorm", query_rank, role="query_latent_norm", eps=latent_eps),
            linear("q_b_proj", query_rank, queries, role="query"),
        ]
    both = ("latent_down", "rotated_key")
    inside = [
        *query,
        linear(
            "kv_a_proj_with_mqa",
            width,
            kv_rank + rope_dim,
            role=both,
            bias=bias,
            rows=(kv_rank, rope_dim),
        ),
        rms_norm("kv_a_layernorm", kv_rank, role="latent_norm", eps=latent_eps),
        linear(
            "kv_b_proj",
            kv_rank,
            heads * (nope_dim + value_dim),
            role=("key", "value"),
            rows=(nope_dim, value_dim),
            groups=heads,
        ),
        linear("o_proj", heads * value_dim, width, role="output", bias=bias),
        *(part for part in (gate, indexer) if part is not None),
    ]
    slots = facts(
        heads=heads,
        query_rank=query_rank,
        kv_rank=kv_rank,
        nope_dim=nope_dim,
        rope_dim=rope_dim,
        value_dim=value_dim,
        position=positions.kind,
        rope_base=positions.base,
        rope_scaling=positions.scaling,
        rope_factor=positions.factor,
        original_context=positions.original_context,
        rotated_scale=positions.scale,
        score_scale=score_scale,
        bias=bias,
        gate=None if gate is None else "sigmoid",
        selected=selected,
        shared_index=True if selected is not None and indexer is None else None,
        temperature_tuning=temperature_tuning,
    )
    held = {**turned(positions), **(run or {})}
    return Block("latent_attention", name, slots, (), tuple(inside), settings=held)


def indexer(
    name: str, *, width: int, query_rank: int, heads: int, head_dim: int, rotated: int
) -> Block:
    """A cheap score of every earlier token: sum over heads of w ReLU(q kT), with one cached key for all heads.

    Queries come from the attention's query latent. Paper: https://arxiv.org/abs/2512.02556
    """
    inside = (
        linear("wq_b", query_rank, heads * head_dim, role="query"),
        linear("wk", width, head_dim, role="key"),
        layer_norm("k_norm", head_dim, role="key_norm"),
        linear("weights_proj", width, heads, role="head_weight"),
    )
    slots = facts(heads=heads, head_dim=head_dim, rotated=rotated)
    return Block("indexer", name, slots, (), inside)


def indexer_over_blocks(
    name: str,
    *parts: Block,
    heads: int,
    head_dim: int,
    rotated: int | None,
    block_size: int | None = None,
    pooled: int | None = None,
    kept: int | None = None,
) -> Block:
    """An indexer that chooses blocks of neighbouring tokens, of which `parts` are the projections and norms.

    A block is as good as its best token of `block_size`, or its tokens' keys are `pooled` into one
    before they are scored. `kept` is what the reference caches of a token, where it isn't one key.
    """
    slots = facts(
        heads=heads,
        head_dim=head_dim,
        rotated=rotated,
        block_size=block_size,
        pooled=pooled,
        kept=kept,
    )
    return Block("indexer", name, slots, (), parts)
