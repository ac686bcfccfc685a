"""Colour is mechanism: the families of colour, in the order of the legend, and what each is called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

Colour = Literal[
    "full",
    "window",
    "latent",
    "linear",
    "convolution",
    "mlp",
    "moe",
    "norm",
    "embedding",
    "position",
]

Tone = Colour | Literal["wiring"]
"""What a plate or a leader is painted in: a mechanism's colour, or ink for how branches read and write the stream."""
MIXING: Colour = "convolution"
"""That of what makes one of several tokens by weights of their places, whichever part does it."""
TABLES: Colour = "embedding"
"""That of what is looked up for a token, and of what is told of a table without asking it."""


AMONG_MIXERS = 2
"""The place of what mixes tokens, in a bar of parameters."""


PLAIN: tuple[Colour, ...] = ("norm", TABLES)
"""Greys, beside which what is generic is bright."""


def tone(colour: Colour) -> Tone:
    """That of a plate: what has no colour of its own is wiring, in the stream's ink and never in grey."""
    return "wiring" if colour == "norm" else colour


class Family(NamedTuple):
    """What the mechanisms of one colour are called together."""

    name: str
    meaning: str
    counted: str  # where their parameters are
    mixes: Literal["tokens", "channels", ""] = ""
    bar: str = ""  # in a bar of parameters, where all of them are one part
    place: int = AMONG_MIXERS  # among the parts of such a bar


FAMILIES: Mapping[Colour, Family] = {
    "full": Family(
        "Full attention", "every token sees all before it", "attention", "tokens", bar="attention"
    ),
    "window": Family(
        "Windowed attention",
        "a window or a chunk limits what is seen",
        "windowed attention",
        "tokens",
        bar="sliding window",
    ),
    "latent": Family(
        "Latent attention",
        "keys and values come from a small latent",
        "latent attention",
        "tokens",
        bar="latent attention",
    ),
    "linear": Family(
        "Linear and state space",
        "a state of fixed size instead of a cache",
        "linear and state space",
        "tokens",
    ),
    "convolution": Family(
        "Convolution", "a weight for each of the last few tokens", "convolutions", "tokens"
    ),
    "mlp": Family(
        "Dense MLP", "the same weights for every token", "dense MLP", "channels", place=1
    ),
    "moe": Family(
        "Mixture of experts",
        "a router chooses weights for each token",
        "experts and routers",
        "channels",
        bar="experts, router",
        place=0,
    ),
    "norm": Family("Norms, gates, wiring", "few or no parameters", "norms and wiring", place=5),
    "embedding": Family("Embedding, head", "tokens in, tokens out", "embedding and head", place=3),
    "position": Family("Position", "rotations, biases, learned positions", "positions", place=4),
}
