"""What leads a figure, and what is said of it: by what is new, unless an entry names another thing."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import Model, find
from llm_gallery.figure import draw
from llm_gallery.figure.lead.panels import panels_of
from llm_gallery.mechanisms import particulars, sentences
from llm_gallery.novelty.leading import Hero, leading
from llm_gallery.novelty.replaced import note
from llm_gallery.plan.planning import plan
from tests.sample import drawings


def first(model: Model, **changed: object) -> Hero:
    """What leads a model's figure."""
    heading = replace(model.heading, **changed)  # type: ignore[arg-type]
    return leading(plan(model.architecture.root), heading)[0]


def words(hero: Hero) -> str:
    """What is said of it."""
    return " ".join(panel.words for panel in panels_of(hero))


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("deepseek-v4-pro", "Compressed attention"),
        ("deepseek-v4.1-flash", "Compressed attention"),
        ("deepseek-v3.2", "Sparse attention"),
        ("hy4-preview-770b-a49b", "Hyper-connections"),
        ("kimi-k3", "Attention residuals"),
        ("longcat-flash-lite-68.5b-a3b", "N-gram memory"),
        ("ouro-2.6b-thinking", "The same 48 layers, 4 times over"),
        ("nanbeige-4.2-3b", "The same 22 layers, twice over"),
        ("qwen3-next-80b-a3b", "Gated DeltaNet"),
        ("command-a-111b", "Local and global attention"),
        ("apertus-70b", "MLP"),
        ("llama-3-8b", "Grouped-query attention"),
    ],
)
def test_what_is_new_leads(name: str, title: str) -> None:
    assert first(find(name)).title == title


@pytest.mark.parametrize("hero", ["mixture-of-experts", "moe"])
def test_an_entry_may_name_another(hero: str) -> None:
    model = find("deepseek-v3")
    assert first(model).title == "Latent attention"
    assert first(model, hero=hero).title == "Mixture of experts"


def test_an_entry_names_nothing_that_the_model_lacks() -> None:
    said = (
        'hero is "mamba", which the model lacks, expected one of .*attention.*; correct the entry'
    )
    with pytest.raises(Refusal, match=said):
        first(find("llama-3-8b"), hero="mamba")
    model = find("llama-3-8b")
    heading = replace(model.heading, hero="mamba")
    with pytest.raises(Refusal, match=said):
        draw(model.architecture, heading)


@pytest.mark.parametrize("name", drawings())
def test_sentences_are_whole(name: str) -> None:
    for panel in panels_of(first(find(name))):
        said = panel.words
        assert said.endswith(".")
        assert said.count("*") % 2 == 0
        assert 1 <= said.count("*") // 2 <= 6
        assert "{" not in said
        assert "  " not in said
        assert not re.search(r"\b1 (?:layers|tokens|heads)\b", said)


def test_one_and_many() -> None:
    assert "*6 or 8 query heads* share each key-value head" in _said_of_attention("laguna-xs.2")
    assert "All 71 query heads share *one* key-value head" in _said_of_attention("falcon-7b")
    assert "*twice* as large" in _said_of_attention("qwen3-0.6b")
    assert "Each of *32 query heads* has" in _said_of_attention("olmo-2-7b")
    assert "*9 of 36 layers* use *no positional encoding* (NoPE)" in words(
        first(find("smollm3-3b"))
    )


def _said_of_attention(name: str) -> str:
    """All that there is to say."""
    model = find(name)
    every = leading(plan(model.architecture.root), model.heading)
    attention = next(hero for hero in every if "attention" in hero.kinds)
    held = [(variant.block, variant.count) for variant in attention.variants]
    return " ".join(words for _, words in sentences(held))


def test_what_is_new_is_said_before_the_rest() -> None:
    model = find("gemma-3-27b")
    held = [(variant.block, variant.count) for variant in first(model).variants]
    assert "*QK norm*" in particulars(held, frozenset({"qk-norm"})).split(". ")[1]
    assert "*QK norm*" not in particulars(held).split(". ")[1]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("deepseek-v4-pro", "new here: DeepSeek V3.2-Exp cached every token"),
        ("qwen3-next-80b-a3b", "new here: Qwen3-Coder 30B-A3B attended in every layer"),
        ("ling-3.0-flash", "new here: Ling 2.6 1T used lightning attention"),
        ("qwen3-32b", "new here: Qwen2.5 72B had no QK norm"),
        ("deepseek-v3.1", "also in DeepSeek V3"),
        ("mamba-2.8b", ""),
    ],
)
def test_the_note_says_what_the_ancestor_did(name: str, said: str) -> None:
    model = find(name)
    assert note(first(model), model.heading) == said


def test_a_note_claims_nothing_that_the_ancestor_contradicts() -> None:
    """A window or a choice in the ancestor: it didn't read all tokens."""
    model = find("deepseek-v3.2-exp")
    assert model.heading.inherited is not None
    windowed = model.heading.inherited | {"sliding-window-attention"}
    heading = replace(model.heading, inherited=frozenset(windowed))
    assert "full attention" in note(first(model), model.heading)
    assert "full attention" not in note(leading(plan(model.architecture.root), heading)[0], heading)
