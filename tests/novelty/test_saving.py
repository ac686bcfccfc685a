"""What a mechanism saves is counted on the model itself, with and without it, and is the same at every width."""

from __future__ import annotations

from typing import get_args

import pytest

from llm_gallery.analysis.counterfactual import without
from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.units import binary
from llm_gallery.catalog.family_members import members
from llm_gallery.catalog.load import Model, find
from llm_gallery.concepts import concepts
from llm_gallery.figure import Detail, draw
from llm_gallery.figure.draw import Page
from llm_gallery.figure.kit.shapes import Text, flat
from llm_gallery.figure.lead.content import content
from llm_gallery.novelty.saving import Saving, drawn_savings, saving
from llm_gallery.plan.planning import plan
from tests.figure.gates import words
from tests.sample import drawings, sampled

DETAILS: tuple[Detail, ...] = get_args(Page)
SAVINGS = drawn_savings(concepts())
CALLED = {words for _, words in SAVINGS}


def of(model: Model) -> Saving | None:
    """What its figure says."""
    page = content(model.architecture, model.heading, plan(model.architecture.root), split=True)
    return None if page.leads is None else page.leads.saved


@pytest.mark.parametrize("model", drawings())
def test_the_baseline_is_the_model_without_the_mechanism(model: str) -> None:
    """Not its ancestor, which is of another size: Maverick stood beside Llama 3.1 8B."""
    known = find(model)
    saved, root = of(known), known.architecture.root
    if saved is None or saved.form is not binary:
        return
    meant = [concept for concept, words in SAVINGS if words == saved.words]
    trees = [root, *filter(None, (without(root, concept) for concept in meant))]
    if saved.caption == "Kept for a token":
        counted = [cache(tree).bytes_per_token for tree in trees]
    else:
        length = int(saved.caption.removeprefix("Kept for ").split()[0].replace(",", ""))
        assert length == (root.number("context") if "context" in root.facts else 32768)
        counted = [cache(tree).at(length) for tree in trees]
    assert saved.built == counted[0]
    assert saved.whole in counted[1:]


@pytest.mark.parametrize("model", sampled())
def test_it_is_the_same_at_every_width(model: str) -> None:
    """Wherever two drums stand, they hold the same, and are called the same; none is called as another model."""
    known = find(model)
    saved = of(known)
    names = {member.name for member in members()} - {known.heading.name}
    for detail in DETAILS:
        picture = draw(known.architecture, known.heading, detail=detail).picture
        said = [words(shape) for shape in flat(picture) if isinstance(shape, Text)]
        assert not names & {*said}
        called = [text for text in said if text in CALLED]
        if called:
            assert saved is not None
            assert {*called} == {saved.words}
            assert {saved.form(saved.built), saved.form(saved.whole)} <= {*said}


def test_a_phone_shows_what_a_page_shows() -> None:
    for model in ("llama-4-maverick", "gpt-oss-120b", "deepseek-v4-pro", "qwen3-next-80b-a3b"):
        known = find(model)
        saved = of(known)
        assert saved is not None
        for detail in ("phone", "standard"):
            picture = draw(known.architecture, known.heading, detail=detail).picture
            said = {words(shape) for shape in flat(picture) if isinstance(shape, Text)}
            assert {saved.words, saved.form(saved.built), saved.form(saved.whole)} <= said


def test_by_hand() -> None:
    """Of Maverick 36 of 48 layers keep 8,192 tokens: 8 heads of 128, keys and values, two bytes each."""
    token, context = 2 * 8 * 128 * 2, 1048576
    saved = of(find("llama-4-maverick"))
    assert saved is not None
    assert saved.words == "without chunks"
    assert saved.whole == 48 * context * token
    assert saved.built == (12 * context + 36 * 8192) * token


def test_latents_stand_beside_the_key_heads_that_there_are() -> None:
    """Motif 3's 80 query heads share 16 keys (192) and values (128): 8.9 times the 576 that are kept, not 44."""
    model = find("motif-3-beta")
    other = without(model.architecture.root, "multi-head-latent-attention")
    assert other is not None
    assert cache(other).bytes_per_token == 53 * 16 * (192 + 128) * 2
    saved = saving(model.architecture.root, {"multi-head-latent-attention"})
    assert saved is not None
    assert saved.times == "8.89 ×"
    picture = draw(model.architecture, model.heading).picture
    said = " ".join(words(shape) for shape in flat(picture) if isinstance(shape, Text))
    assert "44 times" not in said
    assert "q: 80 heads" in said
    assert "k, v: 16 heads" in said


def test_nothing_is_said_where_nothing_is_saved() -> None:
    assert saving(find("gpt2-xl").architecture.root) is None
