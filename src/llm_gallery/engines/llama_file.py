"""A model's GGUF as llama.cpp loads it: its keys, its tensors in every mix, and on which device each layer is.

Reference: src/llama-model.cpp (0c1e570)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from llm_gallery.conversion import converted
from llm_gallery.engines.subject import Subject
from llm_gallery.quants.members import Weight
from llm_gallery.quants.sizes import Size, sizes, stored_bytes
from llm_gallery.sources.stored import Stored

FILE = "file"
"""What the weights of a file of one's own are called: it has the types that its header says."""
_LAYER = re.compile(r"blk\.(\d{1,9})\.", re.ASCII)


@dataclass(frozen=True)
class Gguf:
    """The file that llama.cpp loads."""

    architecture: str  # by llama.cpp's name
    keys: Mapping[str, Any] = field(repr=False)
    shapes: Mapping[str, tuple[int, ...]] = field(repr=False)
    mixes: Mapping[str, Size] = field(repr=False)
    """What llama-quantize makes of it, from many bytes to few; of a file of one's own nothing."""
    stopped: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Why llama-quantize stops at a mix, by its name."""
    held: Mapping[str, int] = field(default_factory=dict, repr=False)
    """Bytes of each tensor of a file of one's own."""

    def key(self, end: str) -> Any:
        """The value of a key after the architecture's name; None where the file has none."""
        return self.keys.get(f"{self.architecture}.{end}")

    @property
    def blocks(self) -> int:
        """Layers, drafts among them."""
        return int(self.key("block_count") or 0)

    @property
    def layers(self) -> int:
        """Layers that a token runs through; those after them draft, and aren't loaded."""
        return self.blocks - int(self.key("nextn_predict_layers") or 0)

    def bytes(self, weights: str) -> dict[str, int]:
        """Bytes of each tensor that is loaded, by its name."""
        if self.held:
            found: Mapping[str, int] = self.held
        else:
            types = self.mixes[weights].by_tensor
            found = {name: stored_bytes(shape, types[name]) for name, shape in self.shapes.items()}
        return {name: size for name, size in found.items() if self._is_loaded(name)}

    def _is_loaded(self, name: str) -> bool:
        layer = layer_of(name)
        return layer is None or layer < self.layers


def layer_of(name: str) -> int | None:
    """The layer of a tensor by its name; None where it is outside of all."""
    found = _LAYER.match(name)
    return int(found[1]) if found else None


def gguf(subject: Subject) -> Gguf:
    """The file of a model: one's own where that is a GGUF, else what llama.cpp's converter makes.

    Raises Refusal where no conversion is known.
    """
    own = subject.file if subject.file is not None and subject.file.format == "GGUF" else None
    known = subject.root.answers
    asked = gguf, "" if own is None else own.place
    if asked not in known:
        known[asked] = _converted(subject) if own is None else _own(own)
    return cast(Gguf, known[asked])


def _converted(subject: Subject) -> Gguf:
    made = converted(subject.architecture, dict(subject.config))
    weights = [
        Weight(tensor.name, tensor.shape, "F32" if tensor.single else "BF16")
        for tensor in made.tensors
    ]
    found, stopped = sizes(weights, made.keys)
    found.sort(key=lambda size: -size.bytes)
    shapes = {tensor.name: tensor.shape for tensor in made.tensors}
    return Gguf(made.name, made.keys, shapes, {size.name: size for size in found}, stopped)


def _own(stored: Stored) -> Gguf:
    return Gguf(
        str(stored.metadata.get("general.architecture")),
        stored.metadata,
        {tensor.name: tensor.shape for tensor in stored.tensors},
        {},
        held={tensor.name: tensor.bytes for tensor in stored.tensors},
    )
