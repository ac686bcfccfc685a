"""The tensors of a model in the rule's order, each with its class and its place in that."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from llm_gallery.quants.model import ModelFacts
from llm_gallery.quants.tensor_class import Class, class_of, quantized

_LAYER = re.compile(r"blk\.(\d{1,9})\.", re.ASCII)


class Weight(NamedTuple):
    """A tensor that is to be quantized, with the type that it has."""

    name: str
    shape: tuple[int, ...]  # rows first
    type: str


class Member(NamedTuple):
    """A tensor among those of its class."""

    weight: Weight
    group: Class
    quantized: bool  # whether a mix changes its type
    number: int  # of its class, how many went before
    layer: int | None


def members(weights: Iterable[Weight], model: ModelFacts) -> list[Member]:
    """The tensors in the order of layers and names, as llama-quantize goes through them.

    An embedding that is the output too, for there is no other, has the output's class.
    """
    ordered = sorted(weights, key=_order)
    tied = not any(weight.name == "output.weight" for weight in ordered)
    seen: Counter[Class] = Counter()
    found = []
    for weight in ordered:
        group = class_of(weight.name)
        if tied and group == "embedding":
            group = "output"
        changed = quantized(weight.name, weight.shape, model.architecture)
        found.append(Member(weight, group, changed, seen[group], _layer(weight.name)))
        seen[group] += changed
    return found


def _order(weight: Weight) -> tuple[int, bytes]:
    layer = _layer(weight.name)
    return -1 if layer is None else layer, weight.name.encode()


def _layer(name: str) -> int | None:
    found = _LAYER.match(name)
    return int(found[1]) if found else None
