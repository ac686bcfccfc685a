"""Multi-head latent attention: keys and values of all heads out of one latent.

Paper: https://arxiv.org/abs/2405.04434
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import Fact
from llm_gallery.architecture.kinds import Kinds
from llm_gallery.architecture.parts.attention import Positions, rotation_settings
from llm_gallery.architecture.parts.basic import facts, linear, rms_norm

KINDS: Kinds = {
    "latent_attention": ("attends",),
    "position_scale": ("serves a mixer",),
}
"""What is built here, and its place in a model."""

LATENT_EPS = 1e-6
"""The epsilon of the latents' norms, whatever the model's own is."""


@dataclass(frozen=True, slots=True)
class LatentHeads:
    """How many heads there are, and the widths of one: its keys without and with rotation, its values."""

    count: int
    nope_dim: int
    rope_dim: int
    value_dim: int


def latent_attention(
    name: str,
    *,
    width: int,
    heads: LatentHeads,
    query_rank: int | None,
    kv_rank: int,
    positions: Positions,
    bias: bool = False,
    gate: Block | None = None,
    indexer: Block | None = None,
    selected: int | None = None,
    score_scale: float | None = None,
    temperature_tuning: bool | Fact | None = None,
) -> Block:
    """Keys and values of all heads rebuilt from one cached latent of `kv_rank`, plus one rotated key.

    Paper: https://arxiv.org/abs/2405.04434 (DeepSeek-V2). Without `query_rank`, queries are not compressed.
    `gate` is the projection whose sigmoid multiplies the output: one number a head, or one a channel.
    `score_scale` multiplies the scores beside their root.
    With `selected`, a query sees only so many tokens: those that its own `indexer` chose, or, without
    one, those that the last layer with an indexer chose.
    """
    queries = heads.count * (heads.nope_dim + heads.rope_dim)
    if query_rank is None:
        query = [linear("q_proj", width, queries, role="query")]
    else:
        query = [
            linear("q_a_proj", width, query_rank, role="query_down", bias=bias),
            rms_norm("q_a_layernorm", query_rank, role="query_latent_norm", eps=LATENT_EPS),
            linear("q_b_proj", query_rank, queries, role="query"),
        ]
    inside = [
        *query,
        linear(
            "kv_a_proj_with_mqa",
            width,
            kv_rank + heads.rope_dim,
            role=("latent_down", "rotated_key"),
            bias=bias,
            rows=(kv_rank, heads.rope_dim),
        ),
        rms_norm("kv_a_layernorm", kv_rank, role="latent_norm", eps=LATENT_EPS),
        linear(
            "kv_b_proj",
            kv_rank,
            heads.count * (heads.nope_dim + heads.value_dim),
            role=("key", "value"),
            rows=(heads.nope_dim, heads.value_dim),
            groups=heads.count,
        ),
        linear("o_proj", heads.count * heads.value_dim, width, role="output", bias=bias),
        *(part for part in (gate, indexer) if part is not None),
    ]
    slots = facts(
        heads=heads.count,
        query_rank=query_rank,
        kv_rank=kv_rank,
        nope_dim=heads.nope_dim,
        rope_dim=heads.rope_dim,
        value_dim=heads.value_dim,
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
    return Block(
        "latent_attention", name, slots, (), tuple(inside), settings=rotation_settings(positions)
    )


def borrowing(attention: Block) -> Block:
    """The same attention to the latents and the rotated keys that an earlier layer kept: it makes none itself."""
    own = ("latent_down", "latent_norm")
    inside = tuple(part for part in attention.inside if not {*part.roles} & {*own})
    return replace(attention, inside=inside, facts={**attention.facts, **facts(shared_kv=True)})


def position_scale(name: str, heads: int) -> Block:
    """What queries of each head are times: a line in the logarithm of their position, learned.

    Paper: https://arxiv.org/abs/2501.19399
    """
    parts = {"s": "scale", "b": "bias"}
    tensors = tuple(Tensor(name, (int(heads),), role=role) for name, role in parts.items())
    return Block("position_scale", name, {}, tensors)


def learning_positions(block: Block, scale: Block, speeds: Tensor | None) -> Block:
    """The same attention, or indexer, whose queries a `scale` multiplies, and whose pairs turn faster by learned `speeds`."""
    inside: list[Block] = []
    for part in block.inside:
        inside += [part, scale] if part.roles == ("query",) else [part]
    told = facts(learned_temperature=True, learned_speeds=None if speeds is None else True)
    return replace(
        block,
        facts={**block.facts, **told} if block.attends else block.facts,
        tensors=(*block.tensors, *(() if speeds is None else (speeds,))),
        inside=tuple(inside),
    )
