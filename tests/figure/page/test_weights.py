"""The full figure lists every weight: its shape, its parameters, and how many there are, to the last one."""

from __future__ import annotations

from math import prod

import pytest

from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Block
from llm_gallery.catalog.load import Model, find
from llm_gallery.figure import draw
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Picture
from llm_gallery.figure.page import weights as listed
from llm_gallery.figure.page.weights import Part, Weight, unsaid, weights
from tests.sample import models


@pytest.fixture(scope="module", params=models())
def model(request: pytest.FixtureRequest) -> Model:
    return find(request.param)


def test_every_shape_is_said(model: Model) -> None:
    full = draw(model.architecture, model.heading, detail="full").picture
    assert unsaid(model.architecture.root, full) == ()


def test_the_weights_come_to_the_whole(model: Model) -> None:
    root = model.architecture.root
    counted = parameters(root)
    rows = [row for held in weights(root).values() for row in held.items()]
    found = sum(prod(weight.shape) * count for weight, count in rows if not weight.tied)
    assert found == counted.total + counted.multi_token_prediction + counted.other_modalities


def test_a_weight_that_is_left_out_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    model = find("deepseek-v3")
    root = model.architecture.root

    def nothing(root: Block, wide: float) -> Picture:
        return Sheet().picture(wide, 0)

    monkeypatch.setattr(listed, "table", nothing)
    missing = unsaid(root, draw(model.architecture, model.heading, detail="full").picture)
    assert "model.layers.0.self_attn.q_a_proj.weight 1,536 × 7,168 isn't said" in missing


def test_names_shapes_and_counts() -> None:
    found = weights(find("deepseek-v3").architecture.root)
    experts = found[Part("Mixture of experts", "moe")]
    assert experts[Weight("experts.*.gate_proj", (2048, 7168), False)] == 58 * 256
    assert experts[Weight("gate", (256, 7168), False)] == 58
    apart = found[Part("Multi-token prediction, not in the total", "embedding")]
    assert apart[Weight("eh_proj", (7168, 14336), False)] == 1
    tied = weights(find("qwen3-0.6b").architecture.root)[Part("Around the layers", "embedding")]
    assert tied[Weight("lm_head", (151936, 1024), True)] == 1


def test_experts_in_one_tensor_and_pieces_of_a_table() -> None:
    gpt = weights(find("gpt-oss-20b").architecture.root)[Part("Mixture of experts", "moe")]
    assert {w.shape[0] for w in gpt if w.name.startswith("experts.")} == {32}
    memory = weights(find("qwen3.8-flash-next-125b-a6b").architecture.root)
    rows = memory[Part("N-gram memory", "embedding")]
    assert rows[Weight("ple_embedding.ngram_embedding.shard_*", (2500012, 160), False)] == 128
