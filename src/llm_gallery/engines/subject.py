"""What is run: a described model, its config, and where it comes from a GGUF, that file's tensors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from llm_gallery.architecture.block import Architecture, Block
from llm_gallery.sources.stored import Stored


@dataclass(frozen=True)
class Subject:
    """A model as engines are asked about it."""

    name: str
    architecture: Architecture
    config: Mapping[str, Any] = field(default_factory=dict, repr=False)
    file: Stored | None = field(default=None, repr=False)
    """A GGUF or a checkpoint of one's own: its header wins over every rule."""
    repository: str = ""  # on the Hub, where it is known

    @property
    def root(self) -> Block:
        """The tree."""
        return self.architecture.root

    @property
    def context(self) -> int | None:
        """Tokens that the model states as its longest context; None where it states none."""
        stated = self.root.value("context")
        return stated if isinstance(stated, int) else None
