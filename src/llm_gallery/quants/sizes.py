"""What a model weighs in every mix of llama-quantize."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.quants.members import Member, Weight, members
from llm_gallery.quants.mixes import MIXES, NEEDING_MATRIX
from llm_gallery.quants.model import ModelFacts, model_facts
from llm_gallery.quants.rule import BLOCKS, types


@dataclass(frozen=True, slots=True)
class Size:
    """A model in one mix."""

    name: str
    bytes: int  # of its tensors, without the file's header and vocabulary
    weights: int
    by_tensor: Mapping[str, str]
    needs_matrix: bool  # whether llama-quantize makes it with an importance matrix alone

    @property
    def bits_per_weight(self) -> float:
        """Bits of the tensors, divided by all weights."""
        return 8 * self.bytes / self.weights

    @property
    def types(self) -> dict[str, int]:
        """How many tensors have a type, the most common first."""
        return dict(Counter(self.by_tensor.values()).most_common())


def sizes(
    weights: Iterable[Weight], keys: Mapping[str, Any], *, matrix: bool = False
) -> tuple[list[Size], dict[str, str]]:
    """The sizes of all mixes, and why llama-quantize stops at the others. Raises Refusal for keys without a model."""
    model = model_facts(keys)
    ordered = members(weights, model)
    made, stopped = [], {}
    for mix in MIXES:
        try:
            made.append(size_in(ordered, model, mix, matrix=matrix))
        except Refusal as refusal:
            stopped[mix] = str(refusal)
    return made, stopped


def size_in(tensors: list[Member], model: ModelFacts, mix: str, *, matrix: bool = False) -> Size:
    """The size in one mix. Raises Refusal where llama-quantize stops."""
    found = types(tensors, model, mix, matrix=matrix)
    return Size(
        mix,
        sum(stored_bytes(tensor.weight.shape, found[tensor.weight.name]) for tensor in tensors),
        sum(prod(tensor.weight.shape) for tensor in tensors),
        found,
        any(_needs_matrix(tensor, found[tensor.weight.name], mix) for tensor in tensors),
    )


def stored_bytes(shape: tuple[int, ...], kind: str) -> int:
    """Bytes of a tensor whose rows are whole blocks of a type."""
    block = BLOCKS[kind]
    return prod(shape) // block.elements * block.bytes


def _needs_matrix(tensor: Member, kind: str, mix: str) -> bool:
    if not tensor.quantized or tensor.group in ("output", "embedding"):
        return False
    return kind in NEEDING_MATRIX or (kind == "Q2_K" and mix == "Q2_K_S")
