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
    ("used full attention in every layer", lambda tree: all(map(attends, layers(tree)))),
    ("used full attention", every(lambda one: not {*LIMITS} & one.facts.keys())),
    ("cached keys and values in every layer", lambda tree: all(map(attends, layers(tree)))),
    ("cached keys and values", every(lambda one: "shared_kv" not in one.facts)),
    ("encoded positions in every layer", lambda tree: all(map(attends, layers(tree)))),
    ("encoded positions", every(lambda one: one.value("position") != "none")),
    ("had no experts", lambda tree: not mixtures(tree)),
    ("had no shared expert", lambda tree: not any(one.value("shared") for one in mixtures(tree))),
    (
        "had no routing bias",
        lambda tree: (
            bool(mixtures(tree)) and not any("correction" in one.facts for one in mixtures(tree))
        ),
    ),
    (
        "routed without groups",
        lambda tree: all((one.value("groups") or 1) == 1 for one in mixtures(tree)),
    ),
    ("had no sinks", every(lambda one: not one.value("sinks"))),
    ("had no gate on attention", every(lambda one: "gate" not in one.facts)),
    (
        "limited β to 1",
        lambda tree: (
            not {"gated-deltanet", "kimi-delta-attention"}.isdisjoint(concepts(tree))
            and "negative-eigenvalues" not in concepts(tree)
        ),
    ),
    ("had no QK norm", every(lambda one: not one.value("qk_norm"))),
    (
        "used SwiGLU",
        lambda tree: any(
            b.value("activation") == "silu" and b.value("gated") for _, b in walk(tree) if b.is_mlp
        ),
    ),
    ("had no n-gram tables", lambda tree: "ngram-memory" not in concepts(tree)),
    (
        "had a single residual stream",
        lambda tree: "streams" not in {f for _, b in walk(tree) for f in b.facts},
    ),
    (
        "cached every token",
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
        rf"(?:design, )?{name},? ((?:had|attended|used|cached|encoded|routed|limited)[^.]*)\.",
        special(model),
    ):
        for words, holds in DID:
            if did.startswith(words):
                assert holds(root(before.id)), did


@pytest.mark.parametrize("model", models())
def test_every_layer_is_every_layer(model: str) -> None:
    if "Every layer attends" in special(model):
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
    ("deepseek-v3", "A routing bias per expert balances their load."),
    ("deepseek-v4.1-flash", "rows of large n-gram tables"),
    ("gpt-oss-20b", "A learned attention sink lets every head attend to nothing."),
    ("gpt-oss-120b", "A learned attention sink lets every head attend to nothing."),
    ("llada-8b", "masked diffusion"),
    ("kimi-k3", "Kimi Delta Attention, in 69 of 93 layers"),
    ("olmo-hybrid-7b", "The factor β may reach 2, so that a state can change sign."),
    ("diffusiongemma-26b-a4b", "denoises a canvas of tokens at once"),
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
        r"(?:context of|position|and|at|past) ([\d,]+)(?: tokens|,| costs|;)", text
    ):
        if f"past {at} tokens" not in text:
            assert int(at.replace(",", "")) <= context, at
    assert f"a context of {context:,} tokens" in text


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
