"""Both ends of a model: tables of tokens, positions, segments and distances, and the output head."""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import fact
from llm_gallery.mechanisms._mechanism import Mechanism, Names, inert, keeps_nothing


def scores(block: Block, position: int) -> int:
    """One score for each token of the vocabulary."""
    return block.number("vocabulary") * block.number("width")


_STATED = {"embedding": ("embedding_scale",), "head": ("logit_scale", "logit_softcap")}


def with_stated(block: Block, root: Block) -> Block:
    """An embedding or a head with the facts of the whole that happen there."""
    facts = {name: root.facts[name] for name in _STATED.get(block.kind, ()) if name in root.facts}
    if block.kind == "head" and root.child("head_transform") is not None:
        facts["transform"] = fact(True)
    return replace(block, facts={**block.facts, **facts}) if facts else block


MECHANISMS = (
    inert(
        kind="embedding",
        wired="embedded",
        names=Names("embedding"),
        colour="embedding",
        does="A table with a row for each token of the vocabulary; the row of a token is where its stream begins.",
    ),
    inert(
        kind="position_embedding",
        names=Names("position embedding"),
        colour="position",
        does="A table with a row for each position, added to the token's row.",
        reads=("positions",),
    ),
    inert(
        kind="segment_embedding",
        names=Names("segment embedding"),
        colour="position",
        does="A table with a row for each kind of segment, added to the token's row: all tokens of a text have the same.",
        reads=("tokens", "positions"),
    ),
    inert(
        kind="position_bias",
        wired="biased",
        names=Names("position bias"),
        colour="position",
        does="A number for each head and range of distances, added to its scores; one table serves all layers.",
        concepts=("relative-positions",),
    ),
    inert(
        kind="decay_floors",
        wired="floored",
        names=Names("floors of the decay"),
        colour="linear",
        does="How much of a state stays at the least, a number for each layer and channel: later layers forget less.",
    ),
    inert(
        kind="head_transform",
        names=Names("head transform", counted="Output head"),
        colour="embedding",
        does="A matrix, an activation and a norm between the end of the stream and the output head.",
    ),
    Mechanism(
        kind="head",
        wired="headed",
        names=Names("output head"),
        colour="embedding",
        concepts=(),
        does="Turns the end of the stream into a score for each token of the vocabulary.",
        kept=keeps_nothing,
        work=scores,
    ),
)
