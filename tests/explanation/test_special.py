"""What is told as special is so: new, or what holds most weights, or what few had; and what is said of the ancestor holds for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

import pytest

from llm_gallery.analysis.concepts import concepts
from llm_gallery.architecture.block import Block, layers, mixers, walk
from llm_gallery.catalog.ancestors import ancestors
from llm_gallery.catalog.load import entries, find
from llm_gallery.catalog.rarity import rare
from llm_gallery.comparison.mechanism_words import spelled
from llm_gallery.explanation import Explanation
from llm_gallery.mechanisms import label
from tests.described_catalog import members
from tests.explanation.test_texts import explanation
from tests.sample import models


@cache
def root(model: str) -> Block:
    return find(model).architecture.root


def special(model: str) -> str:
    return paragraph(explanation(model), "What is special")


def paragraph(said: Explanation, title: str) -> str:
    return next(one.text for one in said.paragraphs if one.title == title)


@pytest.mark.parametrize("model", models())
def test_experts_are_told_wherever_they_hold_most_weights(model: str) -> None:
    blocks = [block for _, block in walk(root(model)) if block.kind == "moe"]
    told = re.search(
        r"picks (?:at most )?([\d,]+) of ([\d,]+) experts|picks (?:a few|some)", special(model)
    )
    assert bool(blocks) == bool(told), special(model)
    if told and told[1]:
        pairs = {(f"{b.number('used'):,}", f"{b.number('experts'):,}") for b in blocks}
        assert told.groups() in pairs


@pytest.mark.parametrize("model", models())
def test_where_states_are_new_beside_attention_the_states_lead(model: str) -> None:
    """Ten layers of attention aren't what is special about a model of 54 with Mamba-2."""
    before = ancestors().get(model)
    own = concepts(root(model))
    if before is None or "hybrid" not in own or "hybrid" in concepts(root(before.id)):
        return
    mixing = [block for layer in layers(root(model)) for block in mixers(layer)]
    states = {spelled(label(block)).lower() for block in mixing if block.recurs}
    first = special(model).split(". ")[0].lower()
    assert any(name.removesuffix("s") in first for name in states), first


def attends(block: Block) -> bool:
    return any(one.attends for one in mixers(block))


def every(holds: Callable[[Block], bool]) -> Callable[[Block], bool]:
    """Of the mixers that attend."""
    return lambda tree: all(
        holds(one) for layer in layers(tree) for one in mixers(layer) if one.attends
    )


def mixtures(tree: Block) -> list[Block]:
    return [block for _, block in walk(tree) if block.kind == "moe"]


LIMITS = ("window", "chunk", "selected", "sparse_from", "sparse_stride", "ratio")
DID: tuple[tuple[str, Callable[[Block], bool]], ...] = (
    ("had no attention", lambda tree: not any(map(attends, layers(tree)))),
    ("attended in every layer", lambda tree: all(map(attends, layers(tree)))),
    ("read all tokens in every layer", lambda tree: all(map(attends, layers(tree)))),
    ("read all tokens", every(lambda one: not {*LIMITS} & one.facts.keys())),
    ("kept keys and values in every layer", lambda tree: all(map(attends, layers(tree)))),
    ("kept keys and values", every(lambda one: "shared_kv" not in one.facts)),
    ("had positions in every layer", lambda tree: all(map(attends, layers(tree)))),
    ("had positions", every(lambda one: one.value("position") != "none")),
    ("had no experts", lambda tree: not mixtures(tree)),
    ("had no shared expert", lambda tree: not any(one.value("shared") for one in mixtures(tree))),
    (
        "stored no such bias",
        lambda tree: (
            bool(mixtures(tree)) and not any("correction" in one.facts for one in mixtures(tree))
        ),
    ),
    (
        "chose among all experts at once",
        lambda tree: all((one.value("groups") or 1) == 1 for one in mixtures(tree)),
    ),
    ("had no sinks", every(lambda one: not one.value("sinks"))),
    ("had no gate on attention", every(lambda one: "gate" not in one.facts)),
    ("normed neither queries nor keys", every(lambda one: not one.value("qk_norm"))),
    (
        "gated with SiLU",
        lambda tree: any(
            b.value("activation") == "silu" and b.value("gated") for _, b in walk(tree) if b.is_mlp
        ),
    ),
    ("looked up single tokens only", lambda tree: "ngram-memory" not in concepts(tree)),
    (
        "added every branch to one stream",
        lambda tree: "streams" not in {f for _, b in walk(tree) for f in b.facts},
    ),
    (
        "kept an entry for every token",
        every(lambda one: "ratio" not in one.facts and "window" not in one.facts),
    ),
)


@pytest.mark.parametrize("model", models())
def test_what_the_ancestor_is_said_to_have_done_it_did(model: str) -> None:
    before = ancestors().get(model)
    if before is None:
        return
    name = re.escape(find(before.id).name)
    for did in re.findall(
        rf"(?:design, )?{name},? ((?:had|attended|read|kept|gated|normed|stored|chose|looked|added)[^.]*)\.",
        special(model),
    ):
        for words, holds in DID:
            if did.startswith(words):
                assert holds(root(before.id)), did


@pytest.mark.parametrize("model", models())
def test_every_layer_is_every_layer(model: str) -> None:
    if "Every layer reads" in special(model):
        assert all(map(attends, layers(root(model))))


def test_what_is_rare_is_asked_of_earlier_models() -> None:
    for entry in entries():
        earlier = [one for one in members() if one.released < entry.released]
        found = rare(concepts(root(entry.id)), [frozenset(one.concepts) for one in earlier])
        for concept in concepts(root(entry.id)):
            having = sum(concept in one.concepts for one in earlier)
            few = len(earlier) >= 10 and 10 * having <= len(earlier)
            assert (concept in found) == few, (entry.id, concept)


SAID = (
    ("deepseek-v3", "picks 8 of 256 experts"),
    ("deepseek-v3", "A stored bias for each expert keeps their load even."),
    ("deepseek-v4.1-flash", "rows of large tables"),
    ("gpt-oss-20b", "A learned sink lets every head look at nothing."),
    ("gpt-oss-120b", "A learned sink lets every head look at nothing."),
    ("llada-8b", "masked diffusion"),
    ("kimi-k3", "Kimi Delta Attention, in 69 of 93 layers"),
    ("olmo-hybrid-7b", "It may correct twice the error."),
    ("diffusiongemma-26b-a4b", "writes a canvas of tokens at once, out of noise"),
)


@pytest.mark.parametrize(("model", "words"), SAID)
def test_the_point_of_a_model_is_told(model: str, words: str) -> None:
    assert words in special(model)


@pytest.mark.whole
def test_models_that_fill_masked_places_are_diffusion_models() -> None:
    """By every attention that looks ahead, or by what their config says of how they write; no other is one."""
    for entry in entries():
        said = explanation(entry.id)
        mixing = [block for layer in layers(root(entry.id)) for block in mixers(layer)]
        ahead = bool(mixing) and all("bidirectional" in block.facts for block in mixing)
        diffuses = ahead or find(entry.id).architecture.canvas
        assert diffuses == ("diffusion Transformer" in said.paragraphs[0].text), entry.id
        flow = paragraph(said, "How a token flows")
        assert not (diffuses and "next token" in flow), entry.id


@pytest.mark.parametrize("model", models())
def test_one_context_is_told_everywhere(model: str) -> None:
    """As docs/definitions.md has it: no sentence speaks of a place in the text beyond the longest one."""
    context = root(model).value("context")
    if not isinstance(context, int):
        return
    text = " ".join(one.text for one in explanation(model).paragraphs)
    for at in re.findall(
        r"(?:For|up to|token at|and|at|from) ([\d,]+)(?: tokens|,| on| takes)", text
    ):
        if f"{at} tokens are read" not in text:
            assert int(at.replace(",", "")) <= context, at
    assert f"made for up to {context:,} tokens" in text


def test_a_part_that_nobody_describes_is_not_said_to_be_missing() -> None:
    """Step3 has a vision tower, which isn't described: that doesn't make it a change."""
    undescribed = [e.id for e in entries() if find(e.id).architecture.uncounted]
    assert "step-3" in undescribed
    for model in undescribed:
        text = " ".join(one.text for one in explanation(model).paragraphs)
        assert not re.search(r"\bno (?:vision|audio) tower|no projector", text), model


def test_attention_of_scores_is_told_from_states_that_are_called_attention() -> None:
    """ "A gated linear attention model without attention" contradicts itself."""
    for entry in entries():
        first = explanation(entry.id).paragraphs[0].sentences[0].text.lower()
        assert not re.search(r"attention (?:model without|and) attention", first), first
