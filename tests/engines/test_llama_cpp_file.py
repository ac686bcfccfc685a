"""A GGUF of one's own under llama.cpp: its header wins, and whatever it says is answered or refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import find
from llm_gallery.catalog.quants import conversion_of
from llm_gallery.conversion import skeleton
from llm_gallery.engines import llama_cpp
from llm_gallery.engines.engine import Start
from llm_gallery.engines.llama_weights import loaded, mixes, needs_matrix
from llm_gallery.engines.split import ALONE, Split
from llm_gallery.engines.subject import Subject
from llm_gallery.sources import gguf
from llm_gallery.sources.stored import Stored
from tests.catalog_cache import fresh_model


def stored(model: str, folder: Path) -> Stored:
    """A file of a model's skeleton."""
    file = folder / "my model.gguf"
    skeleton.write(file, conversion_of(find(model)), model, "F16")
    return gguf.read(file)


def own(model: str, file: Stored) -> Subject:
    """A model that nobody has asked anything yet, with a file of one's own."""
    found = fresh_model(model)
    return Subject(found.name, found.architecture, found.config, file)


def test_its_own_header_wins(tmp_path: Path) -> None:
    file = stored("llama-3.1-8b", tmp_path)
    tensors = tuple(
        t._replace(dtype="Q8_0", bytes=t.bytes * 34 // 64) if t.name == "output.weight" else t
        for t in file.tensors
    )
    subject = own("llama-3.1-8b", replace(file, tensors=tensors))
    assert mixes(subject) == ("file",)
    assert not needs_matrix(subject, "file")
    held = {tensor.name: tensor.bytes for tensor in loaded(subject, "file")}
    assert held["output.weight"] == 128_256 * 4_096 * 34 // 32
    assert sum(held.values()) == sum(tensor.bytes for tensor in tensors)
    start = Start(weights="file", context=512, sequences=1, cache="f16", split=ALONE)
    assert llama_cpp.command(subject, start).startswith("llama-server -m 'my model.gguf' -c 512 ")


def test_a_mix_of_it_is_refused(tmp_path: Path) -> None:
    subject = own("llama-3.1-8b", stored("llama-3.1-8b", tmp_path))
    with pytest.raises(Refusal) as refused:
        loaded(subject, "Q4_K_M")
    assert str(refused.value) == (
        'the weights are "Q4_K_M", expected "file": a GGUF of your own has the types that its header says; '
        "leave --quant out"
    )


def test_latents_without_the_keys_to_absorb_them_are_expanded(tmp_path: Path) -> None:
    """As files of DeepSeek before April 2025: 16 heads of 192 and 128 in place of 576 numbers."""
    file = stored("deepseek-v2-lite", tmp_path)
    cells = {}
    for absorbed in (True, False):
        keys = {k: v for k, v in file.metadata.items() if absorbed or not k.endswith("_mla")}
        (term,) = llama_cpp.terms(
            own("deepseek-v2-lite", replace(file, metadata=keys)), "f16", ALONE
        )
        cells[absorbed] = term.unit // term.layers // term.step
    assert cells == {True: 2 * 576, False: 2 * 16 * (192 + 128)}


def test_a_key_that_is_no_number_is_refused(tmp_path: Path) -> None:
    file = stored("gemma-3-270m", tmp_path)
    keys = {**file.metadata, "gemma3.attention.sliding_window": "wide"}
    with pytest.raises(Refusal) as refused:
        llama_cpp.terms(own("gemma-3-270m", replace(file, metadata=keys)), "f16", ALONE)
    assert str(refused.value) == (
        'gemma3.attention.sliding_window is "wide", expected a number; check the file'
    )


ODD = st.none() | st.booleans() | st.integers(-1, 40) | st.integers() | st.text(max_size=3) | st.lists(st.integers(), max_size=2)  # fmt: skip
KEYS = ("general.architecture", *(f"gemma3.{end}" for end in ("block_count", "attention.sliding_window", "num_loops", "nextn_predict_layers")))  # fmt: skip


@pytest.fixture(scope="module")
def said() -> Mapping[str, Any]:
    return conversion_of(find("gemma-3-270m")).keys


@settings(max_examples=40)
@given(keys=st.dictionaries(st.sampled_from(KEYS), ODD))
def test_whatever_it_says_is_answered_or_refused(
    said: Mapping[str, Any], keys: Mapping[str, Any]
) -> None:
    file = Stored(
        place=Path("odd.gguf"),
        format="GGUF",
        tensors=(),
        files={},
        metadata={**said, **keys},
    )
    found = find("gemma-3-270m")
    subject = Subject(found.name, found.architecture, found.config, file)
    found.architecture.root.answers.clear()
    for split in (ALONE, Split(layers=2)):
        try:
            llama_cpp.check(subject, split)
            ranks = llama_cpp.placed(subject, "file", "q8_0", split)
        except Refusal:
            continue
        assert len(ranks) == split.layers
        assert sum(term.layers for rank in ranks for term in rank.terms) == 18
