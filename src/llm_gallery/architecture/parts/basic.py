"""Linear maps, convolutions, norms, embeddings and the output head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import Fact, Value, fact
from llm_gallery.architecture.kinds import Kinds
from llm_gallery.architecture.roles import roles

KINDS: Kinds = {
    "linear": ("is a part of any",),
    "tensors": ("is a part of any",),
    "rms_norm": ("norms",),
    "layer_norm": ("norms",),
    "l2_norm": ("norms",),
    "convolution": ("serves a mixer",),
    "per_layer_input": ("stands beside", "is about channels"),
    "per_layer_embedding": ("stands beside",),
    "position_bias": ("stands beside", "adds to scores"),
    "decay_floors": ("stands beside",),
    "embedding": ("begins or ends",),
    "position_embedding": ("begins or ends", "may begin the stream"),
    "segment_embedding": ("begins or ends", "may begin the stream"),
    "head_transform": ("begins or ends",),
    "head": ("begins or ends",),
    "key_scale": ("serves a mixer",),
}
"""What is built here, and its place in a model."""


def facts(**values: Value | Fact) -> dict[str, Fact]:
    """Facts by name; a value that is None states nothing and is left out."""
    held = {name: fact(value) for name, value in values.items() if value is not None}
    return {name: known for name, known in held.items() if known.value is not None}


Held = str | tuple[str, ...]
"""The role of a part, or the roles of those that it stores as one, in the order of their rows."""


def linear(
    name: str,
    inputs: int,
    outputs: int,
    *,
    role: Held = (),
    bias: bool = False,
    transposed: bool = False,
    rows: Sequence[int] = (),
    groups: int = 1,
) -> Block:
    """y = W x (+ b), W stored as [outputs, inputs], or [inputs, outputs] where transposed (GPT-2's Conv1D).

    A part that holds several roles says whose its rows are: `groups` times over, `rows` of each role.
    """
    shape = (inputs, outputs) if transposed else (outputs, inputs)
    stored: tuple[Tensor, ...] = (Tensor("weight", tuple(map(int, shape)), role="weight"),)
    if bias:
        stored += (Tensor("bias", (int(outputs),), role="bias"),)
    slots = facts(inputs=int(inputs), outputs=int(outputs), bias=bias)
    whose = settings(transposed=transposed or None, rows=whole(rows), groups=int(groups))
    return Block("linear", name, slots, stored, roles=roles(role), settings=whose)


def adapted(part: Block, rank: int, stored_as: str) -> Block:
    """The same map with one of low rank beside it, W x + B A x, in weights that a checkpoint stores at that path.

    Paper: https://arxiv.org/abs/2106.09685 (LoRA), here a part of the model.
    """
    down = (int(rank), part.number("inputs"))
    up = (part.number("outputs"), int(rank))
    own = (
        Tensor("adapter.0.weight", down, role="adapter_down", stored_as=f"{stored_as}.0.weight"),
        Tensor("adapter.1.weight", up, role="adapter_up", stored_as=f"{stored_as}.1.weight"),
    )
    slots = {**part.facts, **facts(adapter_rank=rank)}
    return replace(part, facts=slots, tensors=(*part.tensors, *own))


def settings(**values: object) -> dict[str, Any]:
    """What a run needs beside the facts, without what is None, empty, or one group."""
    return {
        k: v
        for k, v in values.items()
        if v is not None and v != [] and v != {} and (k, v) != ("groups", 1)
    }


def with_settings(block: Block, **values: object) -> Block:
    """The same block, of which a run needs these values too."""
    return replace(block, settings={**block.settings, **values})


def whole(numbers: Sequence[int]) -> list[int]:
    """Plain numbers, without their origins."""
    return [int(number) for number in numbers]


def rms_norm(
    name: str,
    width: int,
    *,
    role: Held = (),
    learned: bool = True,
    eps: float | None = None,
    offset: float | None = None,
    groups: int = 1,
) -> Block:
    """Root-mean-square norm with one learned scale a channel, or without. Paper: https://arxiv.org/abs/1910.07467

    `eps` is stated where it isn't the model's own, `offset` where it is added to the scale; each of several
    `groups` of channels is normed by itself.
    """
    stored = (Tensor("weight", (int(width),), role="weight"),) if learned else ()
    own = settings(eps=eps, offset=offset)
    slots = facts(width=int(width), norm_groups=groups if groups > 1 else None)
    return Block("rms_norm", name, slots, stored, roles=roles(role), settings=own)


def gated_norm(norm: Block, rank: int, names: tuple[str, str], *, scale: float = 1.0) -> Block:
    """The same norm, channel by channel times `scale` times a sigmoid of what two matrices make of it.

    `names` are those of the matrix to `rank` numbers and of that back, between which a SiLU stands.
    """
    width, (down, up) = norm.number("width"), names
    gate = (
        linear(down, width, rank, role="gate_down"),
        linear(up, rank, width, role="gate"),
    )
    made = replace(norm, facts={**norm.facts, **facts(gate_rank=rank)}, inside=gate)
    return made if scale == 1 else with_settings(made, gate_scale=scale)


def layer_norm(
    name: str,
    width: int,
    *,
    role: Held = (),
    bias: bool = True,
    learned: bool = True,
    eps: float | None = None,
    offset: float | None = None,
) -> Block:
    """Mean and variance norm with scale and shift, or without either where nothing is learned.

    `eps` is stated where it isn't the model's own, `offset` where it is added to the scale.
    Paper: https://arxiv.org/abs/1607.06450
    """
    stored: tuple[Tensor, ...] = ()
    if learned:
        stored = (Tensor("weight", (int(width),), role="weight"),)
    bias = bias and learned
    if bias:
        stored += (Tensor("bias", (int(width),), role="bias"),)
    slots = facts(width=int(width), bias=bias)
    own = settings(eps=eps, offset=offset)
    return Block("layer_norm", name, slots, stored, roles=roles(role), settings=own)


def l2_norm(name: str, width: int, *, role: Held = ()) -> Block:
    """A vector divided by its length, with nothing learned. Paper: https://arxiv.org/abs/2410.01131"""
    return Block("l2_norm", name, facts(width=int(width)), roles=roles(role))


class Convolved(NamedTuple):
    """The short convolution on the way to a state, and the activation after it."""

    taps: int
    activation: str
    bias: bool = True


def convolution(
    name: str, channels: int, taps: int, *, role: Held = (), bias: bool = False
) -> Block:
    """A causal convolution over the last `taps` tokens, each channel by itself."""
    stored: tuple[Tensor, ...] = (Tensor("weight", (channels, 1, int(taps)), role="weight"),)
    if bias:
        stored += (Tensor("bias", (channels,), role="bias"),)
    slots = facts(channels=channels, taps=taps, bias=bias)
    return Block("convolution", name, slots, stored, roles=roles(role))


def shifted(*names: str, width: int) -> tuple[Tensor, ...]:
    """How much of this token each projection reads, channel by channel; the rest is the last token's."""
    return tuple(
        Tensor(f"time_mix_{name}", (1, 1, int(width)), role=f"{name}_mix") for name in names
    )


def embedding(name: str, vocabulary: int, width: int) -> Block:
    """A row of `width` numbers for each token of the vocabulary."""
    shape = (int(vocabulary), int(width))
    return Block(
        "embedding",
        name,
        facts(vocabulary=vocabulary, width=width),
        (Tensor("weight", shape, role="weight"),),
    )


def per_layer_embedding(name: str, vocabulary: int, width: int, layers: int) -> Block:
    """A row of `width` numbers for each token and layer: looked up once, a part of it fed to each layer."""
    shape = (int(vocabulary), int(layers) * int(width))
    slots = facts(vocabulary=vocabulary, width=width, layers=int(layers))
    stored = Tensor("weight", shape, role="weight")
    return Block(
        "per_layer_embedding", name, slots, (stored,), table=stored.elements, read=shape[1]
    )


def per_layer_input(*inside: Block, width: int, activation: str | None = None) -> Block:
    """What brings the per-layer embeddings to the layers, or, gated by an activation, into one's stream."""
    return Block("per_layer_input", facts=facts(width=width, activation=activation), inside=inside)


def learned_positions(name: str, positions: int, width: int, *, first: int = 0) -> Block:
    """A row of `width` numbers for each absolute position, added to the token's, from the `first` row on."""
    stored = Tensor("weight", (int(positions), int(width)), role="weight")
    return Block(
        "position_embedding",
        name,
        facts(positions=positions, width=width),
        (stored,),
        table=stored.elements,
        read=int(width),
        settings=settings(first=first or None),
    )


def segment_embedding(name: str, segments: int, width: int, *, padding: int) -> Block:
    """A row of `width` numbers for each kind of segment, added to the token's: of all tokens of a text the same.

    The token `padding` is of no text.
    """
    stored = Tensor("weight", (int(segments), int(width)), role="weight")
    return Block(
        "segment_embedding",
        name,
        facts(segments=segments, width=width),
        (stored,),
        table=stored.elements,
        read=int(width),
        settings=settings(padding=padding),
    )


def position_bias(name: str, *, buckets: int, farthest: int, segments: int, heads: int) -> Block:
    """What each head adds to a score, the same in all layers: by the bucket of the distance, or by two segments.

    Distances from `farthest` on are in the last bucket. Paper: https://arxiv.org/abs/1910.10683
    """
    rows = int(segments) ** 2 + int(buckets)
    slots = facts(buckets=buckets, farthest=farthest, segments=segments, heads=heads)
    stored = Tensor("relative_attention_bias", (rows, int(heads)))
    return Block("position_bias", name, slots, (stored,))


def decay_floors(name: str, *, layers: int, width: int) -> Block:
    """How much of a state stays at the least, a number for each layer and channel: softmaxed over layers, and summed.

    Paper: https://arxiv.org/abs/2311.04823
    """
    stored = Tensor(name, (int(layers), int(width)), role="floors")
    return Block("decay_floors", "", facts(layers=int(layers), width=width), (stored,))


def sinusoidal_positions(
    name: str, positions: int, width: int, *, steps: int, first: int = 0
) -> Block:
    """Sines, and after them cosines, of each position, added to the token's row; nothing is stored.

    The frequency of a wave is 10,000 to the power of minus its number by `steps`; the first token's
    position is `first`. Paper: https://arxiv.org/abs/1706.03762
    """
    own = settings(first=first or None, steps=int(steps))
    slots = facts(positions=positions, width=width)
    return Block("position_embedding", name, slots, settings=own)


def head_transform(name: str, dense: Block, norm: Block, *, activation: str) -> Block:
    """norm(activation(dense x)): what BERT's heirs do to the stream before they score tokens."""
    return Block("head_transform", name, facts(activation=activation), inside=(dense, norm))


def head(
    name: str,
    vocabulary: int,
    width: int,
    *,
    tied_to: str | None = None,
    tied: Fact | None = None,
    bias: bool = False,
    normed: Fact | None = None,
    scales: float | None = None,
) -> Block:
    """The map from the stream to one score a token; `tied_to` names the embedding it shares.

    Where it is `normed`, each row is divided by its length before it meets the stream. With `scales` each
    score is times a learned number, over that.
    """
    stored: tuple[Tensor, ...] = (
        Tensor("weight", (int(vocabulary), int(width)), tied_to, "weight"),
    )
    if bias:
        stored += (Tensor("bias", (int(vocabulary),), role="bias"),)
    if scales is not None:
        stored += (Tensor("logit_scale", (int(vocabulary),), role="scales"),)
    return Block(
        "head",
        name,
        facts(
            vocabulary=vocabulary,
            width=width,
            tied=tied or tied_to is not None,
            bias=bias or None,
            normed_head=normed,
            scaled_head=True if scales is not None else None,
        ),
        stored,
        settings=settings(scale_unit=None if scales is None else 1 / scales),
    )
