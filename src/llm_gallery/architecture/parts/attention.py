"""Attention kinds: multi-head, grouped and multi-query in one, and what others are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import Fact
from llm_gallery.architecture.kinds import Kinds
from llm_gallery.architecture.parts.basic import (
    facts,
    linear,
    rms_norm,
    settings,
    with_settings,
)

KINDS: Kinds = {
    "attention": ("attends",),
    "cross_attention": ("reads beside the text",),
    "patch_attention": ("reads beside the text",),
}
"""What is built here, and its place in a model."""


class Positions(NamedTuple):
    """How attention knows where a token stands: kind "rope", "learned" or "none"."""

    kind: str | Fact
    rotated: int | None = None  # dimensions of each head that are rotated
    base: float | None = None
    scaling: str | None = None  # "yarn", "linear", "llama3" ...
    factor: float | None = None
    original_context: int | None = None
    scale: float | None = None  # what the extension multiplies the scores of the rotated part by
    pairs: bool = False  # a channel turns with its neighbour, not with the one half a head on
    spread: bool = (
        False  # what is rotated are the fastest pairs of the whole head, not a head of its own
    )
    spacing: int | None = (
        None  # over so many channels its angles fall off, where not over all that are rotated
    )
    stretch: Mapping[str, Any] | None = None  # an extension's further numbers, as configs call them


NO_POSITION = Positions(kind="none")
QUERY_KEY_VALUE = ("query", "key", "value")
"""The roles of a matrix that stores all three, in the order of nearly every checkpoint."""


class Heads(NamedTuple):
    """How many queries share how many keys and values, and how wide one of each is."""

    query: int
    key_value: int
    width: int
    value_width: int | None = None  # where values are not as wide as keys
    query_rank: int | None = None  # of the normed latent that queries are made of, where they are


class Scaling(NamedTuple):
    """What divides, multiplies and bounds q, k, v and their scores."""

    scale_dim: int | None = None  # its root divides the scores; a head's width where not stated
    score_scale: float | None = None  # multiplies the scores beside that root
    softcap: float | None = None  # bounds the scores
    temperature_tuning: bool | Fact | None = None  # scores grow with the position
    clip: float | None = None  # bounds q, k and v
    value_scale: float | None = None  # multiplies the values


class KeyValues(NamedTuple):
    """Where keys and values come from, if not each from a projection of its own."""

    shared: bool = False  # both are those of an earlier layer
    unified: bool = False  # one projection gives both, of which the keys alone are rotated
    value_norm: bool = False  # values are normed without parameters


def attention(
    name: str,
    *,
    heads: Heads,
    positions: Positions,
    inside: Sequence[Block],
    window: int | None = None,
    chunk: int | None = None,
    sinks: bool = False,
    qk_norm: str | Fact | None = None,
    gate: str | None = None,
    scaling: Scaling = Scaling(),
    kv: KeyValues = KeyValues(),
    bias: bool | Fact | None = None,
) -> Block:
    """softmax(q kT / sqrt(scale_dim)) v over heads of queries that share heads of keys and values.

    `inside` holds the projections and norms as stored; everything else is a slot of the figure.
    `window` is the number of tokens seen, itself included; `chunk` the length of the blocks beyond
    which nothing is seen; with `sinks` each head has a learned score beside those of the tokens;
    `qk_norm` is "per head", "all heads" or "without weights", or "l2" where that comes after the
    rotation; `gate` the activation of what multiplies the output.
    """
    slots = facts(
        heads=heads.query,
        kv_heads=heads.key_value,
        head_dim=heads.width,
        query_rank=heads.query_rank,
        position=positions.kind,
        rotated=positions.rotated,
        rope_base=positions.base,
        rope_scaling=positions.scaling,
        rope_factor=positions.factor,
        original_context=positions.original_context,
        rotated_scale=positions.scale,
        window=window,
        chunk=chunk,
        sinks=sinks or None,
        qk_norm=qk_norm,
        gate=gate,
        softcap=scaling.softcap,
        scale_dim=heads.width if scaling.scale_dim is None else scaling.scale_dim,
        score_scale=scaling.score_scale,
        value_dim=heads.value_width,
        clip=scaling.clip,
        value_scale=scaling.value_scale,
        shared_kv=kv.shared or None,
        unified_kv=kv.unified or None,
        value_norm=kv.value_norm or None,
        bias=bias,
        temperature_tuning=scaling.temperature_tuning,
    )
    own = (Tensor("sinks", (int(heads.query),), role="sinks"),) if sinks else ()
    return Block(
        "attention", name, slots, own, tuple(inside), settings=rotation_settings(positions)
    )


def cross_attention(
    name: str,
    *,
    width: int,
    heads: Heads,
    source: int | None = None,
    norms: tuple[str, str] | None = ("q_norm", "k_norm"),
) -> Block:
    """Attention whose queries are the text's, and whose keys and values are made of what a tower gave.

    That is as wide as the text's stream, or as `source`. Queries and keys are normed per head by those `norms`,
    if any; nothing says where anything stands.
    """
    queries, keys = heads.query * heads.width, heads.key_value * heads.width
    given = width if source is None else source
    first, second = norms or ("", "")
    inside = (
        linear("q_proj", width, queries, role="query"),
        linear("k_proj", given, keys, role="key"),
        linear("v_proj", given, keys, role="value"),
        linear("o_proj", queries, width, role="output"),
        *((rms_norm(first, heads.width, role="query_norm"),) if norms else ()),
        *((rms_norm(second, heads.width, role="key_norm"),) if norms else ()),
    )
    slots = facts(heads=heads.query, kv_heads=heads.key_value, head_dim=heads.width)
    return Block("cross_attention", name, slots, (), inside)


def patch_attention(
    name: str, *, width: int, heads: Heads, asked: str, vectors: int, eps: float | None = None
) -> Block:
    """Vectors of a patch ask its bytes, or bytes the vectors of a patch; nothing else is seen, nor where it stands.

    What is `asked`, "bytes" or "patches", is normed first; `vectors` are a patch's. Paper: https://arxiv.org/abs/2412.09871
    """
    queries, keys = heads.query * heads.width, heads.key_value * heads.width
    inside = (
        rms_norm("k_norm", width, role="asked_norm", eps=eps),
        linear("q_proj", width, queries, role="query"),
        linear("k_proj", width, keys, role="key"),
        linear("v_proj", width, keys, role="value"),
        linear("o_proj", queries, width, role="output"),
    )
    slots = facts(
        heads=heads.query,
        kv_heads=heads.key_value,
        head_dim=heads.width,
        asked=asked,
        vectors=vectors,
    )
    return Block("patch_attention", name, slots, (), inside)


def bidirectional(attention: Block) -> Block:
    """The same attention without its causal mask: every token sees all others, those after it too."""
    return replace(attention, facts={**attention.facts, **facts(bidirectional=True)})


class ValueExperts(NamedTuple):
    """How values are made of several matrices, of which a router chooses some for each token."""

    router: Block
    name: str  # the checkpoint's, of the matrices
    stored: int
    used: int
    scoring: str  # the router's function
    normalized: bool  # whether the chosen weights sum to 1 before the scale
    scale: float


def with_value_experts(attention: Block, by: ValueExperts) -> Block:
    """The same attention, whose values are a weighted sum of what chosen matrices give, each after a SiLU."""
    inside: list[Block] = []
    for part in attention.inside:
        if part.roles != ("value",):
            inside.append(part)
            continue
        inside.append(by.router)
        inside.append(replace(part, name=by.name, copies=int(by.stored), used=int(by.used)))
    own = facts(value_experts=by.stored, value_experts_used=by.used, scale=by.scale)
    made = replace(attention, facts={**attention.facts, **own}, inside=tuple(inside))
    return with_settings(made, scoring=by.scoring, normalized=by.normalized or None)


def sink_keys(attention: Block) -> Block:
    """The same attention with a learned key for each that it keeps, of which no position tells and whose value is nothing."""
    shape = (attention.number("kv_heads"), attention.number("head_dim"))
    own = Tensor("sink_k", shape, role="sink_keys")
    slots = {**attention.facts, **facts(sinks=True)}
    return replace(attention, facts=slots, tensors=(*attention.tensors, own))


def behind_a_prompt(attention: Block, tokens: int) -> Block:
    """The same attention behind so many learned tokens, whose keys and values are kept beside the text's.

    The text that is given is read both ways, the prompt with it; what is written sees what stands before it.
    """
    own = facts(prompt=tokens or None, given_both_ways=True)
    return replace(attention, facts={**attention.facts, **own})


def block_sparse(attention: Block, *, block: int, local: int, stride: int) -> Block:
    """The same attention of which each head sees the last `local` blocks of tokens, and of those before every `stride`th.

    Which of the others it is goes on by one from head to head: head h sees block j where j + h + 1 is a
    multiple of `stride`, both from 0. Paper: https://arxiv.org/abs/2404.14219
    """
    own = facts(sparse_block=block, sparse_local=local, sparse_stride=stride)
    return replace(attention, facts={**attention.facts, **own})


def fixed_sparse(attention: Block, *, block: int, stretch: int, seen: int, patterns: int) -> Block:
    """The same attention over blocks of tokens in stretches of so many: a head sees its own stretch, and `seen` blocks of each before.

    They are the last of a stretch in the first head, those before them in the next, and so on, in as many
    `patterns`. Paper: https://arxiv.org/abs/1904.10509 (fixed), as GPT-3 has it: https://arxiv.org/abs/2005.14165
    """
    own = facts(
        sparse_block=block, sparse_stride=stretch, sparse_seen=seen, sparse_patterns=patterns
    )
    return replace(attention, facts={**attention.facts, **own})


class ByMeans(NamedTuple):
    """How attention chooses blocks by the means of their keys, with no weights of its own (InfLLM v2)."""

    first: int  # tokens of a text from which on it chooses; shorter ones are read whole
    blocks: int  # that a token reads, those that are always among them included
    always: tuple[int, int]  # the first so many, and beside a token's own so many before it
    size: int  # tokens a block
    means: int  # keys of which one mean is made
    every: int  # tokens from one mean to the next


def choosing_by_means(attention: Block, by: ByMeans) -> Block:
    """The same attention, which in a long text reads the first blocks, the last, and those whose mean keys score best.

    The shares of the scores are summed over the queries of a key, so that these read the same blocks; what
    the scores are divided by is told by means of four times as many keys.
    Paper: https://arxiv.org/abs/2509.24663
    """
    own = facts(
        sparse_from=by.first,
        sparse_blocks=by.blocks,
        sparse_block=by.size,
        sparse_means=by.means,
        sparse_every=by.every,
    )
    made = replace(attention, facts={**attention.facts, **own})
    return with_settings(made, first_blocks=by.always[0], last_blocks=by.always[1])


def rotation_settings(positions: Positions) -> dict[str, Any]:
    """How a rotation pairs channels, and what its extension has beside factor and context."""
    return settings(
        pairs=positions.pairs or None,
        spread=positions.spread or None,
        spacing=positions.spacing,
        stretch=positions.stretch,
    )


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
    heads: Heads,
    positions: Positions,
    names: tuple[str, str],
    bias: bool | Fact = False,
    transposed: bool = False,
    grouped: bool = False,
    scaling: Scaling = Scaling(),
) -> Block:
    """GPT-2's attention: q, k and v of all heads from one matrix, and the output's; `names` are theirs.

    Where it is `grouped`, the rows of each key head follow those of its queries, and those of its values
    follow them.
    """
    biased = bias.value is True if isinstance(bias, Fact) else bias
    queries, keys = heads.query * heads.width, heads.key_value * heads.width
    parted = heads.key_value if grouped else 1
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
        positions=positions,
        inside=inside,
        scaling=scaling,
        bias=bias,
    )


def rotation(positions: Positions) -> dict[str, Any]:
    """All that a run needs to rotate, where the facts are those of the attention around."""
    return settings(
        rope_base=positions.base,
        rope_scaling=positions.scaling,
        rope_factor=positions.factor,
        original_context=positions.original_context,
        rotated_scale=positions.scale,
        **rotation_settings(positions),
    )
