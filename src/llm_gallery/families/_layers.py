"""Which layer is of which kind, as configs state it: a list of types, or "every nth is full"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.families._config import per_layer

K = TypeVar("K")


def each(keys: Sequence[K], make: Callable[[K], Block]) -> list[Block]:
    """The layer of each key; layers of one key are one object, so that they are counted and folded once."""
    kinds = {key: make(key) for key in set(keys)}
    return [kinds[key] for key in keys]


def limit_of(limits: Sequence[float | None] | None, index: int) -> float | None:
    """The limit of one layer where a list has one each, and nothing or 0 is none."""
    return limits[index] or None if limits is not None and index < len(limits) else None


def every_nth(n: int, layers: int) -> list[str]:
    """The default schedule of families with windows: each nth layer sees everything."""
    return ["full_attention" if (i + 1) % n == 0 else "sliding_attention" for i in range(layers)]


def typed(
    layer_types: Sequence[str] | None,
    layers: int,
    default: Sequence[str],
    allowed: Sequence[str],
    key: str = "layer_types",
) -> Sequence[str]:
    """One known type a layer, from the config's list or the family's default schedule."""
    types = per_layer(layer_types, layers, key) or default
    for index, kind in enumerate(types):
        if kind not in allowed:
            raise Refusal(
                f"{key}[{index}] is {quoted(kind)}, expected {' or '.join(allowed)}; "
                "correct it in the config"
            )
    return types


def sliding(layer_types: Sequence[str] | None, layers: int, default: Sequence[str]) -> list[bool]:
    """True for each layer that sees a window, False for each that sees everything."""
    allowed = ("sliding_attention", "full_attention")
    return [t == "sliding_attention" for t in typed(layer_types, layers, default, allowed)]


def flagged(flags: Sequence[int] | None, layers: int, key: str, interval: int) -> list[bool]:
    """True where a layer is rotated: from a list of 1 and 0, or all but each `interval`-th.

    A list may be longer than the stack, as the reference allows; a shorter one is refused.
    """
    if not flags:
        return [(i + 1) % interval != 0 for i in range(layers)]
    if len(flags) < layers:
        raise Refusal(
            f"{key} lists {len(flags)} layers, expected {layers} (num_hidden_layers); "
            "make the two agree"
        )
    return [bool(flag) for flag in flags[:layers]]


def sparse(layers: int, step: int, mlp_only: Sequence[int] | None, experts: int) -> list[bool]:
    """True for each layer with experts: each `step`-th that `mlp_only_layers` doesn't name."""
    dense = set(mlp_only or ())
    return [i not in dense and experts > 0 and (i + 1) % step == 0 for i in range(layers)]
