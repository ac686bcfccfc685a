"""What a full drawing says of a block's weights: they sum to its parameters, and none is left out."""

from __future__ import annotations

import pytest

from llm_gallery.analysis.parameters import stored
from llm_gallery.catalog.load import Model, find
from llm_gallery.figure.internals._ledger import entries
from llm_gallery.figure.internals.insets import picture, sized_inset
from llm_gallery.figure.kit.shapes import Picture, Text, flat
from llm_gallery.plan.plan import Plan, Use
from llm_gallery.plan.planning import plan
from tests.figure.gates import words
from tests.figure.weights_said import drawn_uses, unsaid_of
from tests.sample import drawings

WIDTHS = (360.0, 728.0)


@pytest.fixture(scope="module", params=drawings())
def model(request: pytest.FixtureRequest) -> Model:
    return find(request.param)


def drawn(use: Use, shown: Plan, wide: float) -> Picture:
    made = sized_inset(use, shown, wide, full=True)
    return picture(made, made.height)


def test_they_sum_to_the_block(model: Model) -> None:
    for use in drawn_uses(plan(model.architecture.root)):
        for variant in use.variants:
            block = variant.block
            assert sum(entry.stored for entry in entries(block)) == stored(block), block.kind


def test_every_weight_of_a_drawn_block_is_said(model: Model) -> None:
    shown = plan(model.architecture.root)
    for use in drawn_uses(shown):
        block = use.variants[0].block
        for wide in WIDTHS:
            assert unsaid_of(block, drawn(use, shown, wide)) == (), block.kind


def test_every_matrix_says_its_parameters_under_its_shape() -> None:
    shown = plan(find("deepseek-v3").architecture.root)
    (use,) = (use for use in shown.uses if use.variants[0].block.kind == "latent_attention")
    made = drawn(use, shown, 728)
    texts = [shape for shape in flat(made) if isinstance(shape, Text) and shape.weight == 600]
    inside = {words(text) for text in texts if text.inside is not None}
    assert {"11.01M", "37.75M", "458.75K", "3.67M", "16.78M", "117.44M"} <= inside


def test_a_weight_that_is_left_out_is_caught() -> None:
    shown = plan(find("llama-3-8b").architecture.root)
    use = shown.uses[0]
    plain = sized_inset(use, shown, 728.0, full=False)
    missing = unsaid_of(use.variants[0].block, picture(plain, plain.height))
    assert "queries 16,777,216" in missing
