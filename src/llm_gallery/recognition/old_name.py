"""A model type whose files mean the family of another type, and how its keys differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from llm_gallery.architecture.fact import Evidence
from llm_gallery.families._config import Json

Told = tuple[str, object, str, Evidence]
"""A family's key, its value, and where in the file it comes from."""


class OldName(NamedTuple):
    """A type, the family that it is, and how its keys differ."""

    family: str
    keys: Mapping[str, str]
    needed: tuple[str, ...]
    only: Mapping[str, tuple[object, ...]]
    implied: tuple[tuple[str, object], ...] = ()
    dropped: tuple[str, ...] = ()
    told: Callable[[Json], list[Told]] | None = None
    stored: str = ""
    """How its checkpoints name or join tensors otherwise than the family's."""
    noted: tuple[str, str] = ("", "")
    """A key, and what is said where it is true: what its code computes and no fact tells."""
    names: Mapping[str, str] = {}
    """Its own names of parts, by the family's; empty where tensors are listed as the family stores them."""
    classes: tuple[str, ...] = ()
    """Classes of its own code, of which somebody has looked up that they compute what the family's does."""
    pairs: bool = False
    """Whether its code rotates neighbouring channels, which the family's doesn't."""


DEPTH_AND_HEADS = {"n_layer": "num_hidden_layers", "n_head": "num_attention_heads"}
OF_LLAMA = (
    "vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads",
    "max_position_embeddings",
)  # fmt: skip
