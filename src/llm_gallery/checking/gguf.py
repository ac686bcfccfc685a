"""A GGUF beside what its own keys describe: the tensors that llama.cpp's converter would write, against the stored ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from llm_gallery.architecture.block import Architecture
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.checking.compare import report
from llm_gallery.checking.described import DescribedTensor, described
from llm_gallery.checking.matrix import Matrix
from llm_gallery.checking.report import Report
from llm_gallery.conversion.config import EMBEDDING
from llm_gallery.conversion.converted import conversions
from llm_gallery.conversion.tensor import GgufTensor
from llm_gallery.sources.gguf import Many
from llm_gallery.sources.stored import Stored, StoredTensor

FACTORS = re.compile(r"rope_(freqs|factors_(long|short))\.weight", re.ASCII)
"""What extends a context: factors, and no parameters of the model."""
OF_LAYERS = "blk"
OF_ANOTHER_MODALITY = re.compile(r"[^.]+\.(vision|audio)\.", re.ASCII)
"""Keys of a tower that some programs write into the language model's own file; nothing here describes it."""


def compare(architecture: Architecture, config: Mapping[str, Any], stored: Stored) -> Report:
    """The report on a GGUF. Raises Refusal where it has no tensors, or where what is described has no name in a GGUF."""
    if not stored.tensors:
        raise Refusal(
            f"{stored.place} holds keys and a vocabulary, and no tensors, expected weights; give the model's own .gguf"
        )
    parts = {name: tensor.part for name, tensor in described(architecture.root).items()}
    held = {tensor.name: tensor for tensor in stored.tensors}
    forms = (_wanted(conversion.tensors, parts) for conversion in conversions(architecture, config))
    wanted = max(forms, key=lambda form: sum(name in held for name in form))
    extra = [tensor for name, tensor in held.items() if FACTORS.fullmatch(name)]
    matrices = {
        name: Matrix(name, (tensor,), "", tensor.shape)
        for name, tensor in held.items()
        if not FACTORS.fullmatch(name)
    }
    faults = (*stored.faults, *_of_vocabulary(stored, held))
    return report(
        architecture,
        replace(stored, faults=faults),
        wanted,
        matrices,
        extra,
        OF_LAYERS,
        partial=any(map(OF_ANOTHER_MODALITY.match, stored.metadata)),
    )


def _wanted(
    tensors: tuple[GgufTensor, ...], parts: Mapping[str, str]
) -> dict[str, DescribedTensor]:
    """The tensors of a conversion that hold parameters."""
    return {
        tensor.name: DescribedTensor(tensor.shape, parts[tensor.of])
        for tensor in tensors
        if not FACTORS.fullmatch(tensor.name)
    }


def _of_vocabulary(stored: Stored, held: Mapping[str, StoredTensor]) -> Iterator[str]:
    """What is wrong where the embedding has other rows than the list of tokens, which no engine loads."""
    tokens, embedding = stored.metadata.get("tokenizer.ggml.tokens"), held.get(EMBEDDING)
    if not isinstance(tokens, Many) or embedding is None or not embedding.shape:
        return
    if embedding.shape[0] != tokens.count:
        yield (
            f"{EMBEDDING} has {embedding.shape[0]:,} rows, expected {tokens.count:,}, as many as tokens are listed; "
            "download it again"
        )
