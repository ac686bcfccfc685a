"""A model's GGUF as llama.cpp loads it: its keys, its tensors in every mix, and on which device each layer is.

Reference: src/llama-model.cpp (0c1e570)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from llm_gallery.architecture.refusal import Refusal, printable, quoted
from llm_gallery.conversion import converted
from llm_gallery.engines.subject import Subject, once_a_subject
from llm_gallery.quants.members import Member, Weight, members
from llm_gallery.quants.model import ModelFacts, model_facts
from llm_gallery.quants.sizes import Size, size_in, stored_bytes
from llm_gallery.sources.stored import Stored

_HEADS = ("nextn.embed_tokens.", "nextn.shared_head_")
_FEED_FORWARD = ("ffn_gate", "ffn_up", "ffn_down", "exp_probs_b")
DRAFTS_LOADED = {
    "hy_v3": (*_FEED_FORWARD, *_HEADS),
    "step35": (*_FEED_FORWARD, "attn_gate.", *_HEADS),
}
"""Of architectures that load a part of the layers that draft, also where nothing is drafted: how those tensors begin."""
_LAYER = re.compile(r"blk\.(\d{1,9})\.", re.ASCII)


@dataclass(frozen=True)
class Gguf:
    """The file that llama.cpp loads."""

    architecture: str  # by llama.cpp's name
    keys: Mapping[str, Any] = field(repr=False)
    weights: tuple[Weight, ...] = field(repr=False)
    held: Mapping[str, int] | None = field(default=None, repr=False)
    """Bytes of each tensor, where it is a file of one's own."""
    _sizes: dict[str, Size] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def shapes(self) -> Mapping[str, tuple[int, ...]]:
        """The shape of each tensor, by its name."""
        return {weight.name: weight.shape for weight in self.weights}

    @cached_property
    def _model(self) -> ModelFacts:
        return model_facts(self.keys)

    @cached_property
    def _members(self) -> list[Member]:
        return members(self.weights, self._model)

    def mix(self, name: str) -> Size:
        """What llama-quantize makes of it in a mix. Raises Refusal where it stops."""
        if name not in self._sizes:
            self._sizes[name] = size_in(self._members, self._model, name)
        return self._sizes[name]

    def holds(self, end: str) -> bool:
        """Whether it has a key that ends so after the architecture's name."""
        return f"{self.architecture}.{end}" in self.keys

    def number(self, end: str) -> int:
        """The value of such a key, 0 where there is none. Raises Refusal for what is no number."""
        name = f"{self.architecture}.{end}"
        held = self.keys.get(name, 0)
        if type(held) is not int or held < 0:
            raise Refusal(f"{printable(name)} is {quoted(held)}, expected a number; check the file")
        return held

    @cached_property
    def blocks(self) -> int:
        """Layers, those of a loop in every pass, drafts among them."""
        return self.number("block_count") * max(1, self.number("num_loops"))

    @cached_property
    def layers(self) -> int:
        """Layers that a token runs through; those after them draft."""
        return self.blocks - self.number("nextn_predict_layers")

    def bytes(self, weights: str) -> dict[str, int]:
        """Bytes of each tensor that is loaded, by its name."""
        held = self.held
        if held is not None:
            return {name: held[name] for name in self._loaded}
        types = self.mix(weights).by_tensor
        return {name: stored_bytes(shape, types[name]) for name, shape in self._loaded.items()}

    @cached_property
    def _loaded(self) -> Mapping[str, tuple[int, ...]]:
        """The shape of each tensor that is loaded, in any mix."""
        return {name: shape for name, shape in self.shapes.items() if self._is_loaded(name)}

    def _is_loaded(self, name: str) -> bool:
        return not self.drafts(name) or _inside(name).startswith(
            DRAFTS_LOADED.get(self.architecture, ())
        )

    def drafts(self, name: str) -> bool:
        """Whether a tensor is of a layer that drafts."""
        layer = layer_of(name)
        return layer is not None and layer >= self.layers


def _inside(name: str) -> str:
    """The name of a tensor within its layer."""
    return _LAYER.sub("", name)


@lru_cache(maxsize=4096)
def layer_of(name: str) -> int | None:
    """The layer of a tensor by its name; None where it is outside of all."""
    found = _LAYER.match(name)
    return int(found[1]) if found else None


@once_a_subject
def gguf(subject: Subject) -> Gguf:
    """The file of a model: one's own where that is a GGUF, else what llama.cpp's converter makes.

    Raises Refusal where no conversion is known.
    """
    own = subject.file if subject.file is not None and subject.file.format == "GGUF" else None
    return _converted(subject) if own is None else _own(own)


def _converted(subject: Subject) -> Gguf:
    try:
        made = converted(subject.architecture, dict(subject.config))
    except Refusal as refusal:
        raise Refusal(f"{refusal}, or use --with ideal") from None
    weights = (
        Weight(tensor.name, tensor.shape, "F32" if tensor.single else "BF16")
        for tensor in made.tensors
    )
    return Gguf(made.name, made.keys, tuple(weights))


def _own(stored: Stored) -> Gguf:
    return Gguf(
        str(stored.metadata.get("general.architecture")),
        stored.metadata,
        tuple(Weight(tensor.name, tensor.shape, tensor.dtype) for tensor in stored.tensors),
        {tensor.name: tensor.bytes for tensor in stored.tensors},
    )
