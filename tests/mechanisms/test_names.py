"""A title's capital is the type's affair: however a mechanism is named, a head begins with one and a line has none.

What is written as it is everywhere (GQA, DeltaNet, mLSTM) stays, and a proper name keeps its capitals.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from llm_gallery import mechanisms
from llm_gallery.architecture.block import distinct
from llm_gallery.catalog.load import find
from llm_gallery.explanation.identity import kind as kind_of_model
from llm_gallery.explanation.layer_names import within
from llm_gallery.mechanisms import MECHANISMS
from llm_gallery.mechanisms._mechanism import Names
from llm_gallery.mechanisms.wording import Name, capital, small
from tests.sample import models

MODEL = "nemotron-3-nano-30b-a3b"


def titled(words: str) -> bool:
    """Whether a word has a capital that only a title gives it."""
    return any(word[:1].isupper() and word[1:].islower() for word in words.split())


@pytest.mark.parametrize("model", models())
def test_names_of_all_mechanisms_know_themselves_within_a_line(model: str) -> None:
    told = (part for part in find(model).architecture.root.inside if not part.sees)
    for block in (block for part in told for block in distinct(part)):
        names, said = mechanisms.names(block), mechanisms.title(block)
        inline = (said.inline, mechanisms.full(block).inline, mechanisms.within(block))
        counted = mechanisms.counted_as(block)
        if not names.proper:
            assert not any(map(titled, (*inline, counted.inline, mechanisms.label(block)))), block
        if block.mixes:
            assert said == capital(said)
        assert counted == capital(counted)


@pytest.mark.parametrize(
    "title", ["Decayed slot attention", "decayed slot attention", "Decayed Slot Attention"]
)
def test_an_invented_title_is_said_right_however_it_is_written(
    title: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found when a mixer was invented: "a hybrid of Decayed slot attention and attention"."""
    invented = replace(MECHANISMS["mamba2"], names=Names(title))
    monkeypatch.setitem(MECHANISMS, "mamba2", invented)
    root = find(MODEL).architecture.root
    block = next(one for one in distinct(root) if one.kind == "mamba2")
    words = "decayed slot attention"
    assert mechanisms.title(block)[:1] == "D"
    assert mechanisms.title(block).inline == mechanisms.label(block) == within(block) == words
    assert mechanisms.counted_as(block) == "Decayed slot attention"
    assert mechanisms.counted_as(block).inline == words
    assert kind_of_model(root) == (f"a mixture-of-experts hybrid of {words} and softmax attention")


def test_a_proper_name_keeps_its_capitals(monkeypatch: pytest.MonkeyPatch) -> None:
    invented = replace(MECHANISMS["mamba2"], names=Names("Titans memory", proper=True))
    monkeypatch.setitem(MECHANISMS, "mamba2", invented)
    root = find(MODEL).architecture.root
    block = next(one for one in distinct(root) if one.kind == "mamba2")
    names = mechanisms.title(block), mechanisms.title(block).inline, mechanisms.label(block)
    assert {*names, within(block)} == {"Titans memory"}
    assert kind_of_model(root) == "a mixture-of-experts hybrid of Titans memory and attention"


@pytest.mark.parametrize(
    ("title", "inline"),
    [
        ("Sliding window", "sliding window"),
        ("N-gram memory", "n-gram memory"),
        ("Sparse, 4 : 1", "sparse, 4 : 1"),
        ("GQA", "GQA"),
        ("LayerNorm", "LayerNorm"),
        ("mLSTM", "mLSTM"),
    ],
)
def test_small_letters_and_capitals(title: str, inline: str) -> None:
    assert Name(title).inline == small(title) == inline
    assert capital(inline) == title
