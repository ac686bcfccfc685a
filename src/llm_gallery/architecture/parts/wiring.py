"""Combinators: how parts are joined. Argument order is the order of computation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from llm_gallery.architecture.block import Block, Tensor, join
from llm_gallery.architecture.fact import Fact, Value, fact
from llm_gallery.architecture.kinds import Kinds
from llm_gallery.architecture.parts.basic import (
    Held,
    embedding,
    facts,
    linear,
    rms_norm,
    settings,
    whole,
)
from llm_gallery.architecture.parts.basic import head as output_head
from llm_gallery.architecture.reach import opened
from llm_gallery.architecture.roles import roles

KINDS: Kinds = {
    "layer_scale": ("stands beside",),
    "delay_scale": ("stands beside",),
    "low_rank_residual": ("stands beside",),
    "joined_embedding": ("stands beside",),
    "identity": ("stands beside",),
    "state_sum": ("stands beside",),
    "patching": ("stands beside",),
    "language_model": ("joins",),
    "group": ("joins",),
    "stack": ("joins",),
    "layer": ("joins",),
    "residual": ("joins",),
    "sum": ("joins",),
    "connection": ("connects",),
    "multi_token_prediction": ("drafts",),
    "vision_tower": ("is another modality",),
    "audio_tower": ("is another modality",),
    "speech_decoder": ("is another modality",),
    "projector": ("is another modality",),
    "patcher": ("stands beside", "may begin the stream"),
    "exit_gate": ("stands beside",),
}
"""What is built here, and its place in a model."""


def residual(*parts: Block) -> Block:
    """x + last(... first(x)): `residual(norm, attention)` is pre-norm, `residual(attention, norm)` post-norm."""
    return Block("residual", inside=parts)


def added(*parts: Block) -> Block:
    """The sum of parts that read the same input: parallel layers, attention beside a state-space mixer."""
    return Block("sum", inside=parts)


def layer(*parts: Block) -> Block:
    """One layer: its residual branches in order."""
    return Block("layer", inside=parts)


def layer_scale(name: str) -> Block:
    """One learned number that multiplies all that leaves a layer, the stream with what was added; its last part."""
    return Block("layer_scale", "", {}, (Tensor(name, (1,), role="weight"),))


def tanh_gate(name: str, width: int | None = None) -> Block:
    """One learned number, or one a channel, whose tanh multiplies what a branch adds; the branch's last part."""
    shape = (1,) if width is None else (1, 1, int(width))
    slots = facts(activation="tanh", channels=width)
    return Block("layer_scale", "", slots, (Tensor(name, shape, role="weight"),))


def delay_scale(name: str, width: int, rank: int, delay: int) -> Block:
    """x (1 + up(gelu(down t))), t the waves of a delay in tokens: an adaptive norm's scale, the same for every token.

    Paper: https://arxiv.org/abs/2602.11298
    """
    inside = (
        linear("linear1", width, rank, role="latent_down"),
        linear("linear2", rank, width, role="latent_up"),
    )
    slots = facts(width=width, rank=rank, delay=int(delay), activation="gelu")
    return Block("delay_scale", name, slots, inside=inside)


def passed_by(one: Block) -> Block:
    """A layer, or a branch of one, that no token runs through while nothing but text is read: stored, and not active."""
    return replace(one, used=0)


def connection(
    name: str,
    *parts: Block,
    own: Sequence[Tensor] = (),
    mixing: str | None = None,
    rounds: int | None = None,
) -> Block:
    """How a branch reads the residual stream and writes to it, where it doesn't just add.

    It stands in its `residual` beside what the branch computes; the stack states which kind it is.
    `mixing` is what the square matrix is by which streams mix beside the branch, where they do, and
    `rounds` how often its rows and columns are brought to sum to 1.
    """
    return Block("connection", name, facts(mixing=mixing, rounds=rounds), tuple(own), parts)


def alternating_updates(name: str, width: int, streams: int, *, scaled: bool) -> Block:
    """AltUp: all streams are guessed, a layer works on the first, and the others take a share of what it changed.

    Maps from stream to stream are mixed for each token, by what one matrix reads of the first stream;
    `scaled` says that what the layer's row joins is multiplied by a learned scale.
    Paper: https://arxiv.org/abs/2301.13310
    """
    made = connection(
        name,
        rms_norm("router_norm", width),
        linear("modality_router", width, streams, role="modality"),
        linear("prediction_coefs", streams, streams * streams, role="predict"),
        linear("correction_coefs", streams, streams, role="correct"),
        own=(Tensor("correct_output_scale", (int(width),), role="output_scale"),),
    )
    return replace(made, settings=settings(scaled_output=scaled or None))


def spread(name: str, width: int, further: int) -> Block:
    """A map for each further stream, from the embedding, to vectors as long as that is."""
    parts = (linear(f"{name}.{i}", width, width, role="spread") for i in range(further))
    return replace(connection("", *parts), settings={"streams": int(further) + 1})


def gathered(name: str, width: int, further: int) -> Block:
    """A map back from each further stream; what all give is averaged, each as long as the first."""
    parts = (linear(f"{name}.{i}", width, width, role="gathered") for i in range(further))
    return replace(connection("", *parts), settings={"streams": int(further) + 1, "gathers": True})


def low_rank_residual(name: str, width: int, rank: int) -> Block:
    """x + norm(up(down x)): what LAuReL adds beside a branch. Paper: https://arxiv.org/abs/2411.07501"""
    inside = (
        linear("linear_left", width, rank, role="latent_down"),
        linear("linear_right", rank, width, role="latent_up"),
        rms_norm("post_laurel_norm", width),
    )
    return Block("low_rank_residual", name, facts(rank=rank), inside=inside)


def matrix(
    name: str, inputs: int, outputs: int, *, role: Held = (), rows: Sequence[int] = ()
) -> Block:
    """A linear map whose matrix the checkpoint stores under the map's own name."""
    shape = (int(outputs), int(inputs))
    slots = facts(inputs=shape[1], outputs=shape[0])
    own = settings(rows=whole(rows))
    stored = (Tensor(name, shape, role="weight"),)
    return Block("linear", "", slots, stored, roles=roles(role), settings=own)


def hyper_connection(name: str, width: int, streams: int, rounds: int) -> Block:
    """What a branch reads of each stream, what it writes to each, and how the streams mix, from one matrix.

    The mixing matrix is made doubly stochastic, in rounds. Paper: https://arxiv.org/abs/2512.24880
    """
    outputs = streams * (2 + streams)
    return connection(
        "",
        matrix(
            f"{name}_fn",
            streams * width,
            outputs,
            role=("read", "write", "mix"),
            rows=(streams, streams, streams * streams),
        ),
        own=scaled_and_shifted(f"{name}_base", f"{name}_scale", outputs, 3),
        mixing="doubly stochastic",
        rounds=rounds,
    )


def scaled_and_shifted(base: str, scale: str, outputs: int, maps: int) -> tuple[Tensor, Tensor]:
    """What is added to all outputs of a connection's maps, and what each map's are multiplied by."""
    return Tensor(base, (outputs,), role="base"), Tensor(scale, (maps,), role="scale")


def stack(
    name: str,
    layers: Sequence[Block],
    *,
    passes: int = 1,
    pass_norm: bool | Fact | None = None,
    residual: str | None = None,
    streams: int | None = None,
    saved_every: int | None = None,
) -> Block:
    """Layers one after another, numbered from 0 in the checkpoint; `passes` is how often a token runs them.

    `pass_norm` says that the norm after the stack ends each pass, so that the next one reads what it gives.
    `residual` names how branches connect to the residual stream, where they don't just add to it:
    "hyper-connections", "gated streams", "attention over depth", "learned scales", "shares by depth",
    "learned rates", "alternating updates". `streams` is how
    many copies of the stream run side by side, `saved_every` after how many layers its sum is kept for
    later layers to read, and begins anew.
    """
    if saved_every is not None:
        fresh = {id(layer): _beginning(layer) for layer in layers[::saved_every]}
        layers = [fresh[id(one)] if i % saved_every == 0 else one for i, one in enumerate(layers)]
    slots = facts(
        passes=passes if passes > 1 else None,
        pass_norm=pass_norm if passes > 1 else None,
        residual=residual,
        streams=streams,
        saved_every=saved_every,
        layer_scale=any(layer.child("layer_scale") for layer in layers) or None,
    )
    return Block("stack", name, slots, inside=tuple(layers))


def _beginning(layer: Block) -> Block:
    """A layer whose first branch begins a new sum."""
    first, *others = layer.inside
    own = {**first.settings, "begins": True}
    return replace(layer, inside=(replace(first, settings=own), *others))


def group(name: str, *parts: Block) -> Block:
    """Parts in sequence under one name in the checkpoint ("model", "transformer", "language_model")."""
    return Block("group", name, inside=parts)


def renamed(block: Block, names: Mapping[str, str]) -> Block:
    """The same block under another checkpoint's names; a name that `names` doesn't list stays."""
    if not names:  # equal layers stay one object
        return block
    return replace(
        block,
        name=names.get(block.name, block.name),
        inside=tuple(renamed(part, names) for part in block.inside),
    )


def shared(block: Block, source: str) -> Block:
    """The same block in the weights of the one at `source`: what several layers share is stored, and counted, once."""
    return _elsewhere(block, source, "tied_to")


def run_again(block: Block, source: str) -> Block:
    """The same block as another run of the one at `source`: a checkpoint has no names for it."""
    return _elsewhere(block, source, "tied_to", "stored_as")


def stored_at(block: Block, source: str) -> Block:
    """The same block, whose tensors a checkpoint stores at another path than where it runs."""
    return _elsewhere(block, source, "stored_as")


def _elsewhere(block: Block, source: str, *said: str) -> Block:
    """The same block with every tensor's name at `source` said; one that has such a name already keeps it.

    It is that of the earlier run, too, where the block runs again.
    """

    def at(tensor: Tensor) -> Tensor:
        if tensor.stored_as and "stored_as" not in said:
            return tensor
        return tensor._replace(**_names(said, tensor.stored_as or join(source, tensor.name)))

    return replace(
        block,
        tensors=tuple(map(at, block.tensors)),
        inside=tuple(_elsewhere(part, join(source, part.name), *said) for part in block.inside),
    )


def patching(way: str, mapped: Block | None, vectors: int | None = None) -> Block:
    """Between bytes and patches: "to patches" takes the greatest of a patch's bytes in each channel.

    "joined" puts the vectors of a patch one behind the other, "to bytes" gives the vectors that bytes ask.
    `mapped` is the matrix, if there is one. Paper: https://arxiv.org/abs/2412.09871
    """
    return Block(
        "patching", "", facts(way=way, vectors=vectors), inside=() if mapped is None else (mapped,)
    )


def _names(said: Iterable[str], name: str) -> dict[str, Any]:
    return dict.fromkeys(said, name)


def state_sum(state: str, start: Tensor | None = None) -> Block:
    """The stream becomes one of two states, "high" or "low", and is the sum of both from there on.

    `start` is the low state before a first run wrote it. Paper: https://arxiv.org/abs/2506.21734
    """
    return Block("state_sum", "", facts(state=state), () if start is None else (start,))


def identity() -> Block:
    """What a sum reads, as it is: a side of the sum that computes nothing."""
    return Block("identity")


def joined_embedding(width: int) -> Block:
    """The stream with the token's embedding beside it, one after the other: twice as wide."""
    return Block("joined_embedding", "", facts(width=width))


def apart(kind: str, name: str, parts: Iterable[Block]) -> Block:
    """What a checkpoint stores beside the language model; `kind` is one of `kinds.APART`."""
    return Block(kind, name, inside=tuple(parts))


class Names(NamedTuple):
    """The checkpoint's names for the decoder, its embedding and the head."""

    body: str = "model"
    table: str = "embed_tokens"
    output: str = "lm_head"


class Head(NamedTuple):
    """How the head turns the stream into scores, beside its matrix."""

    bias: bool | Fact = False
    normed: Fact | None = None  # its rows are divided by their lengths
    softcap: float | None = None  # bounds the scores
    scale: float | None = None  # multiplies them
    scales: float | None = None  # divides learned numbers, one a token, that multiply them


def language_model(
    layers: Block,
    names: Names = Names(),
    *,
    vocabulary: int,
    width: int,
    tied: Fact,
    table_width: int | None = None,
    context: int | None = None,
    head: Head = Head(),
    before: Sequence[Block] = (),
    after: Sequence[Block] = (),
    beside: Sequence[Block] = (),
    **scales: Value | Fact,
) -> Block:
    """Embedding, stack of layers and head: `before` and `after` surround the stack, `beside` is stored apart.

    `table_width` is that of embedding and head where the stream has another; `scales` multiply what
    flows outside the layers. A window as long as the context is none.
    """
    biased = fact(head.bias)
    slots = facts(
        width=width,
        vocabulary=vocabulary,
        context=context,
        tied=tied,
        head_bias=biased if biased.value else None,
        normed_head=head.normed,
        logit_softcap=head.softcap,
        passes=layers.facts.get("passes"),
        **scales,
        logit_scale=head.scale,
    )
    table = ".".join(filter(None, (names.body, names.table, "weight")))
    wide = width if table_width is None else table_width
    scores = output_head(
        names.output,
        vocabulary,
        wide,
        tied_to=table if tied.value else None,
        tied=tied,
        bias=biased.value is True,
        normed=head.normed,
        scales=head.scales,
    )
    inner = group(names.body, embedding(names.table, vocabulary, wide), *before, layers, *after)
    whole = Block("language_model", "", slots, (), (inner, scores, *beside))
    return opened(whole, None if context is None else int(context))
