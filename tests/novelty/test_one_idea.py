"""Headline, title, picture, first sentence and saving of a figure speak of one idea."""

from __future__ import annotations

import pytest

from llm_gallery import mechanisms
from llm_gallery.catalog.load import Model, find
from llm_gallery.concepts import concepts
from llm_gallery.figure.lead.content import content
from llm_gallery.figure.lead.hero_plate import Told
from llm_gallery.figure.lead.panels import panels_of
from llm_gallery.figure.pictures import BY_NAME
from llm_gallery.novelty.leading import Hero, of_states
from llm_gallery.novelty.saving import saving
from llm_gallery.novelty.topic import known_by
from llm_gallery.plan.planning import plan
from tests.novelty.headlines import spoken_of
from tests.sample import models


def told(model: Model) -> Told:
    """What leads its page."""
    root = model.architecture.root
    page = content(model.architecture, model.heading, plan(root), split=True)
    assert page.leads is not None
    return page.leads


@pytest.mark.parametrize("name", models())
def test_a_figure_speaks_of_one_idea(name: str) -> None:
    """All five carry the topic of what leads; where a headline speaks of no mechanism, the other four."""
    model = find(name)
    leads = told(model)
    hero, root = leads.hero, model.architecture.root
    spoken = spoken_of(model.heading.summary)
    assert not spoken or spoken.get(hero.topic) == min(spoken.values()), (hero.topic, spoken)
    if hero.idea is not None:
        assert hero.title == hero.idea.title
        return
    held = [(variant.block, variant.count) for variant in hero.variants]
    shown = {c for block, _ in held for c in mechanisms.concepts_of(block)} | of_states(root)
    assert hero.topic in shown
    _of_topic(hero)
    if leads.saved is not None and leads.saved.stored:
        states = of_states(root) if any(block.recurs for block, _ in held) else frozenset()
        among = {hero.topic, *states}
        of_mechanism = saving(root, {known_by(hero.variants)}, at_end=True)
        assert leads.saved in (saving(root, among, at_end=True), of_mechanism)


def test_a_headline_of_another_idea_is_found() -> None:
    """That of Inkling, before it began with what leads."""
    spoken = spoken_of(
        "Learns a bias for each distance in place of rotation; 55 of 66 layers read only the last 512 tokens."
    )
    assert min(spoken, key=spoken.__getitem__) == "relative-positions"
    assert told(find("inkling")).hero.topic == "sliding-window-attention"


@pytest.mark.parametrize(
    ("name", "topic"),
    [
        ("gemma-3-27b", "sliding-window-attention"),
        ("qwen3-32b", "qk-norm"),
        ("k2-horizon-mova-36b-a4b", "value-experts"),
        ("zaya1-8b", "convolved-attention"),
        ("nemotron-3-nano-30b-a3b", "mamba-2"),
        ("nemotron-h-56b", "hybrid"),
        ("lfm2-8b-a1b", "short-convolution"),
        ("sarvam-30b", "mixture-of-experts"),
    ],
)
def test_by_hand(name: str, topic: str) -> None:
    """A hybrid leads before its mixture, a mixture before plain attention, a window before a norm of queries."""
    assert told(find(name)).hero.topic == topic


def _of_topic(hero: Hero) -> None:
    """Picture and first sentence: its own, the one beside its picture, or that of the mechanism which it is."""
    known, block = concepts().get(hero.topic), hero.variants[0].block
    if known is None or not block.attends or any("ratio" in v.block.facts for v in hero.variants):
        return
    (panel,) = panels_of(hero)
    picture = None if known.new.picture is None else BY_NAME[known.new.picture]
    assert panel.draw is None or getattr(panel.draw, "func", None) is picture
    if panel.draw is not None and known.new.words:
        assert panel.words.startswith(known.new.words.split("{")[0])
        return
    held = [(variant.block, variant.count) for variant in hero.variants]
    (base, words), *others = mechanisms.sentences(held)
    of = [concept for concept, said in ((base, words), *others) if panel.words.startswith(said)]
    assert hero.topic in of or (hero.topic not in dict(others) and of == [base])
