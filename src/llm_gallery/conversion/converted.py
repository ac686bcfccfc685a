"""A model as llama.cpp's converter writes it: keys and tensors of its GGUF.

Reference: conversion/ of llama.cpp (0c1e570)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from llm_gallery.architecture.block import Architecture
from llm_gallery.conversion.hyperparameters import first, hyperparameters
from llm_gallery.conversion.registry import row_of
from llm_gallery.conversion.renamed import gguf_tensors
from llm_gallery.conversion.row import Row, spellings
from llm_gallery.conversion.tensor import GgufTensor

Json = Mapping[str, Any]


class Conversion(NamedTuple):
    """A model as a GGUF has it, without its vocabulary."""

    name: str  # of the architecture
    keys: Mapping[str, Any]
    tensors: tuple[GgufTensor, ...]


def converted(architecture: Architecture, config: Json) -> Conversion:
    """What llama.cpp's converter makes of a model; towers beside a language model go to another file.

    Raises Refusal where no row has its model_type, and where a row lacks one of its tensors.
    """
    row = row_of(config)
    stated = hyperparameters(config)
    return Conversion(row.name, _keys(row, stated), gguf_tensors(architecture.root, row, stated))


def _keys(row: Row, config: Json) -> dict[str, Any]:
    """All keys of a row that the config says something of."""
    held = {end: first(config, spellings(spelled)) for end, spelled in row.keys.items()}
    for written in row.writes:
        held |= written(config)
    stated = {f"{row.name}.{end}": value for end, value in held.items() if value is not None}
    return {"general.architecture": row.name, **stated}
