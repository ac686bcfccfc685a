"""Modules that a checkpoint stores beside the language model: predictions of later tokens, and other modalities."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from llm_gallery.architecture.block import (
    Block,
    channel_mixer,
    children,
    main_stack,
    mixer,
    model_parts,
)
from llm_gallery.mechanisms._mechanism import Drawn, Names, inert, keeps_nothing, no_work
from llm_gallery.mechanisms.lane_drawing import BY_CODE
from llm_gallery.mechanisms.legend import Term

JOINED = "token_first"
"""The setting of a module whose matrix is known to take the token before the stream, as published code does."""
COPIED = "copied_ends"
"""The setting of a module whose makers say that embedding and head, stored once more, are the model's in value."""
SENSES = {"vision_tower": "images", "audio_tower": "sound", "speech_decoder": "speech"}
"""What towers make tokens of, and what is made of what the model gives."""
JOINING = ("token_norm", "stream_norm", "join")
"""Roles of the parts that join what a module reads."""


def predicting(root: Block) -> tuple[Block, ...]:
    """The modules of a model that predict the tokens after the next."""
    return tuple(part for part in root.inside if part.kind == "multi_token_prediction")


def drafting(root: Block) -> tuple[str, Block] | None:
    """The module that guesses the token after the next, with its path; None where nothing says how it joins what it reads."""
    stack = main_stack(root)
    for path, part in model_parts(root):
        if stack is not None and part.settings.get(JOINED):
            layers = [inner for inner in part.inside if inner.kind == "layer"]
            return (path, part) if all(layer in stack.inside for layer in layers) else None
    return None


def joining(module: Block) -> Block:
    """What of a module puts side by side the two things that it reads."""
    inside = tuple(part for part in module.inside if {*part.roles} & {*JOINING})
    return replace(module, inside=inside, settings={})


def table(module: Block) -> Block:
    """The embedding that a module reads the next token's row of."""
    return next(part for part in module.inside if part.is_embedding)


def behind(path: str, module: Block) -> list[tuple[str, Block]]:
    """What of a module comes after that, with its path: layers, norm and head."""
    found = (at for at in model_parts(module, path) if not {*at[1].roles} & {*JOINING})
    return [(at, part) for at, part in found if not part.is_embedding]


Parts = dict[str, tuple[str, Block]]


def parts(path: str, module: Block) -> Parts:
    """What a prediction module holds besides the inside of its layers, by the part that it plays, with its path.

    A table that is narrower than what the module norms is no end of it: DeepSeek V4.1's leans a guess on the last.
    """
    played: Parts = {}
    for below, part in outside(path, module):
        if part.is_norm:
            played[next(iter(part.roles), "last_norm")] = (below, part)
        elif "join" in part.roles:
            played["join"] = (below, part)
        elif part.kind in ("embedding", "head"):
            played[part.kind] = (below, part)
    normed = {
        tensor.shape[-1] for _, part in played.values() if part.is_norm for tensor in part.tensors
    }
    return {
        name: (below, part)
        for name, (below, part) in played.items()
        if not normed or part.kind not in ("embedding", "head") or part.value("width") in normed
    }


class Ends(NamedTuple):
    """Whose embedding and head the modules use: those that they store, and whether these are copies of the model's."""

    stored: tuple[str, ...]
    copied: bool

    @property
    def short(self) -> str:
        """In two or three words: "ends shared", "ends are copies"."""
        if self.copied:
            return "ends are copies"
        named = "a table" if self.stored == ("embedding",) else "a head"
        return ("ends shared", f"stores {named}", "stores both ends")[len(self.stored)]

    @property
    def long(self) -> str:
        """In a clause that has the modules as its subject."""
        if not self.stored:
            return "use the model's embedding and head"
        if self.copied:
            return f"store {' and '.join(self.stored)} once more, with the model's values"
        named = " and ".join(
            {"embedding": "an embedding", "head": "a head"}[e] for e in self.stored
        )
        return f"store {named}; whether with the model's values isn't stated"


def ends(root: Block) -> Ends:
    """Whose embedding and head the prediction modules of a model use."""
    modules = predicting(root)
    held = {name for module in modules for name in parts("", module)}
    stored = tuple(name for name in ("embedding", "head") if name in held)
    return Ends(stored, bool(stored) and all(m.settings.get(COPIED) for m in modules))


def mixers(module: Block) -> list[list[Block]]:
    """The mixers of each of its layers."""
    layers = [part for _, part in outside("", module) if part.kind == "layer"]
    return [[m for m in (mixer(part), channel_mixer(part)) if m is not None] for part in layers]


def outside(path: str, block: Block) -> Iterator[tuple[str, Block]]:
    """Its parts at any depth, but for what is in the layers' branches."""
    for below, part in children(path, block):
        if part.kind not in ("residual", "connection"):
            yield below, part
            yield from outside(below, part)


MECHANISMS = (
    Drawn(
        kind="multi_token_prediction",
        names=Names("multi-token prediction", field="MTP"),
        colour="embedding",
        concepts=("multi-token-prediction",),
        does="A module that predicts the tokens after the next. Stored beside the model.",
        tells="A small module predicts the token *after the next one*; plain decoding leaves it out.",
        numbers=(),
        drawing=BY_CODE,
        kept=keeps_nothing,
        work=no_work,
        legend=(
            Term("MTP", "A module beside the model that predicts the token after the next one."),
            Term(
                "Ends",
                "The embedding and the head that such a module uses: the model's, copies of them, or some that it stores.",
            ),
        ),
        miniature={
            **dict.fromkeys(("dspark_n_routed_experts", "dspark_markov_rank"), 8),
        },
    ),
    inert(
        kind="vision_tower",
        names=Names("vision tower"),
        colour="embedding",
        concepts=("vision-tower",),
        does="Encodes images into vectors that stand among the tokens. Stored beside the model.",
    ),
    inert(
        kind="audio_tower",
        names=Names("audio tower"),
        colour="embedding",
        does="Encodes sound into vectors that stand among the tokens. Stored beside the model.",
    ),
    inert(
        kind="speech_decoder",
        names=Names("speech decoder"),
        colour="embedding",
        does="Makes sound of what the model writes. Stored beside the model.",
    ),
    inert(
        kind="projector",
        names=Names("projector"),
        colour="embedding",
        does="Brings what a tower gives to the width of the stream.",
    ),
)
