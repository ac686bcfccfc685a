"""Both ends of a model: tables of tokens, positions, segments and distances, and the output head."""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import fact
from llm_gallery.mechanisms._mechanism import Before, Mechanism, Names, inert, keeps_nothing
from llm_gallery.mechanisms.shapes import IDS, shape


def scores(block: Block, position: int) -> int:
    """One score for each token of the vocabulary."""
    return block.number("vocabulary") * block.number("width")


HEAD = "head"
"""What the output head is called among all parameters, with what stands before it."""
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
        formula=("_x_ = _E_[ id ]",),
        shapes=lambda block, _: (IDS, ("out", shape(block.number("width")))),
        miniature={
            **dict.fromkeys(("vocab_size", "padded_vocab_size", "embedding_size"), 96),
            **dict.fromkeys(("output_vocab_size", "unpadded_vocab_size"), 64),
        },
    ),
    inert(
        kind="position_embedding",
        names=Names("position embedding", share="positions"),
        colour="position",
        does="A table with a row for each position, added to the token's row.",
        reads=("positions",),
        formula=("_x_ ← _x_ + _P_[ _t_ ]",),
        shapes=lambda block, _: (("in", "T positions"), ("out", f"T × {block.number('width'):,}")),
        before=lambda block: Before("positions", "positions", block.number("positions")),
    ),
    inert(
        kind="segment_embedding",
        names=Names("segment embedding"),
        colour="position",
        does="A table with a row for each kind of segment, added to the token's row: all tokens of a text have the same.",
        reads=("tokens", "positions"),
        formula=("_x_ ← _x_ + _S_[ segment ]",),
        shapes=lambda block, _: (("in", "T segments"), ("out", f"T × {block.number('width'):,}")),
        before=lambda block: Before("segments", "segments", block.number("segments")),
    ),
    inert(
        kind="position_bias",
        wired="biased",
        names=Names("position bias"),
        colour="position",
        does="A number for each head and range of distances, added to its scores; one table serves all layers.",
        concepts=("relative-positions",),
        formula=("_b_ = _B_[ range of _j_ − _i_ ], or _B_[ segments of _i_, _j_ ]",),
        shapes=lambda block, _: (
            ("in", "T × S distances"),
            ("out", f"{block.number('heads'):,} × T × S"),
        ),
    ),
    inert(
        kind="decay_floors",
        wired="floored",
        names=Names("floors of the decay"),
        colour="linear",
        does="How much of a state stays at the least, a number for each layer and channel: later layers forget less.",
        formula=("_floor_ of a layer = Σ softmax over layers, of those up to it",),
        shapes=lambda block, _: (
            ("out", f"{block.number('layers'):,} × {block.number('width'):,}"),
        ),
    ),
    inert(
        kind="head_transform",
        names=Names("head transform", counted="Output head", share=HEAD),
        colour="embedding",
        does="A matrix, an activation and a norm between the end of the stream and the output head.",
    ),
    Mechanism(
        kind="head",
        wired="headed",
        names=Names("output head", share=HEAD),
        colour="embedding",
        concepts=(),
        does="Turns the end of the stream into a score for each token of the vocabulary.",
        kept=keeps_nothing,
        work=scores,
        formula=lambda block: ("_z_ = _E x_" if block.value("tied") else "_z_ = _W x_",),
        shapes=lambda block, width: (
            ("in", shape(width)),
            ("out", shape(block.number("vocabulary"))),
        ),
    ),
)
