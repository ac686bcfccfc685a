"""A model as llama.cpp's converter writes it: keys and tensors of its GGUF.

Reference: conversion/ of llama.cpp (0c1e570)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from llm_gallery.architecture.block import Architecture
from llm_gallery.architecture.refusal import Refusal, printable, quoted
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

    Raises Refusal where no row has its model_type, where a row lacks one of its tensors, and where the config holds what a
    row can't read.
    """
    return _by(row_of(config), architecture, config)


def conversions(architecture: Architecture, config: Json) -> Iterator[Conversion]:
    """The same, and what older converters made of it. Raises Refusal as `converted` does."""
    yield converted(architecture, config)
    for row in row_of(config).older:
        yield _by(row, architecture, config)


def _by(row: Row, architecture: Architecture, config: Json) -> Conversion:
    """What a row makes of a model. It reads keys as the converter does, which fails for values of other types, too."""
    stated = hyperparameters(config)
    try:
        tensors = gguf_tensors(architecture.root, row, stated)
        return Conversion(row.name, _keys(row, stated), tensors)
    except Refusal:
        raise
    except (TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
        raise Refusal(
            f"a key of the config holds what llama.cpp's converter can't read ({printable(str(error))}), expected values as "
            f"in other configs of model_type {quoted(config.get('model_type'))}; compare it with one"
        ) from error


def _keys(row: Row, config: Json) -> dict[str, Any]:
    """All keys of a row that the config says something of."""
    held = {end: first(config, spellings(spelled)) for end, spelled in row.keys.items()}
    for written in row.writes:
        held |= written(config)
    stated = {f"{row.name}.{end}": value for end, value in held.items() if value is not None}
    return {"general.architecture": row.name, **stated}
