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


class Family(NamedTuple):
    """What the mechanisms of one colour are called together."""

    name: str
    meaning: str
    counted: str  # where their parameters are
    mixes: Literal["tokens", "channels", ""] = ""


FAMILIES: Mapping[Colour, Family] = {
    "full": Family("Full attention", "every token sees all before it", "attention", "tokens"),
    "window": Family(
        "Windowed attention",
        "a window or a chunk limits what is seen",
        "windowed attention",
        "tokens",
    ),
    "latent": Family(
        "Latent attention", "keys and values come from a small latent", "latent attention", "tokens"
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
    "mlp": Family("Dense MLP", "the same weights for every token", "dense MLP", "channels"),
    "moe": Family(
        "Mixture of experts",
        "a router chooses weights for each token",
        "experts and routers",
        "channels",
    ),
    "norm": Family("Norms, gates, wiring", "few or no parameters", "norms and wiring"),
    "embedding": Family("Embedding, head", "tokens in, tokens out", "embedding and head"),
    "position": Family("Position", "rotations, biases, learned positions", "positions"),
}
