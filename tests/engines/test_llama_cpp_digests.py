"""Caches and weights of every model, against what llama-fit-params says of its skeleton."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import find
from llm_gallery.conversion import Conversion, converted
from llm_gallery.engines import llama_cpp
from llm_gallery.engines.llama_weights import EMBEDDING, loaded
from llm_gallery.engines.split import ALONE
from llm_gallery.engines.subject import Subject
from llm_gallery.engines.term import Term, reserved
from llm_gallery.quants.sizes import stored_bytes
from llm_gallery.sources.stored import Stored, StoredTensor
from tools.llama_fit import FILE, NOT_LOADED, REFUSED, SETTINGS

MIB = 2**20
TWICE = ("gemma4",)
"""Architectures whose embedding is loaded twice where there is no device: as input, and as output before."""


@cache
def digests() -> dict[str, tuple[str, str]]:
    """The architecture of each model, and what is said of it."""
    lines = FILE.read_text("utf-8").splitlines()[2:]
    rows = (line.split(maxsplit=2) for line in lines)
    return {model: (architecture, said) for model, architecture, said in rows}


def first_of_each() -> frozenset[str]:
    """A model of each architecture."""
    found = {architecture: model for model, (architecture, _) in reversed(digests().items())}
    return frozenset(found.values())


def loads() -> Iterator[str]:
    """Those that llama.cpp loads."""
    return (model for model, (_, said) in digests().items() if said != NOT_LOADED)


@pytest.mark.parametrize(
    "model",
    [m if m in first_of_each() else pytest.param(m, marks=pytest.mark.whole) for m in loads()],
)
def test_caches_and_weights_are_those_of_llama_cpp(model: str) -> None:
    architecture, said = digests()[model]
    weights, *caches = said.split("; ")
    subject = described(model)
    sizes = {tensor.name: tensor.bytes for tensor in loaded(subject, "file")}
    again = sizes[EMBEDDING] if architecture in TWICE else 0
    assert (sum(sizes.values()) + again) // MIB == int(weights)
    assert [printed(subject, *setting) for setting in SETTINGS] == caches


def test_nearly_all_models_are_loaded() -> None:
    """What isn't is compared with nothing: a skeleton lacks a key or a tensor."""
    loaded_ones = len([*loads()])
    assert (loaded_ones, len(digests()) - loaded_ones) == (192, 4)


def described(model: str) -> Subject:
    """A model with its skeleton as a file of one's own."""
    found = find(model)
    made = converted(found.architecture, dict(found.config))
    return Subject(found.name, found.architecture, found.config, skeleton(made))


def skeleton(made: Conversion) -> Stored:
    """A file of 16 bits."""
    tensors = []
    for tensor in made.tensors:
        kind = "F32" if tensor.single else "BF16"
        size = stored_bytes(tensor.shape, kind)
        tensors.append(StoredTensor(tensor.name, kind, tensor.shape, size, "skeleton.gguf"))
    place = Path("skeleton.gguf")
    return Stored(
        place=place, format="GGUF", tensors=tuple(tensors), files={}, metadata=dict(made.keys)
    )


def printed(subject: Subject, kind: str, tokens: int, slots: int) -> str:
    """Our caches as llama.cpp prints its own: of all tokens, of windows, of indexers, then the states."""
    try:
        terms = llama_cpp.terms(subject, kind, ALONE)
    except Refusal:
        return REFUSED
    sizes = (slots * reserved(rows, tokens // slots) for rows in caches(terms))
    return " ".join(_mebibytes(size) for size in sizes if size)


def caches(terms: tuple[Term, ...]) -> Iterator[tuple[Term, ...]]:
    """The rows of each cache."""
    growing = [term for term in terms if term.step]
    indexed = [term for term in growing if term.label == "indexer"]
    own = [term for term in growing if term not in indexed]
    yield _those(term for term in own if term.limit is None)
    yield _those(term for term in own if term.limit is not None)
    yield _those(indexed)
    yield _those(term for term in terms if not term.step)


def _those(terms: Iterable[Term]) -> tuple[Term, ...]:
    return tuple(terms)


def _mebibytes(size: int) -> str:
    """With two decimals, of a float of 32 bits."""
    (single,) = struct.unpack("<f", struct.pack("<f", size))
    return f"{single / MIB:.2f}"
