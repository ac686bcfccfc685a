"""The line over the strip counts every layer once, and what it puts in brackets is the order of the layers."""

from __future__ import annotations

import re

import pytest

from llm_gallery.architecture.block import distinct_layers
from llm_gallery.catalog.load import find
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Text
from llm_gallery.figure.strip import legend_line, strip
from llm_gallery.plan.planning import plan
from tests.figure.crossed import with_layers
from tests.figure.gates import words
from tests.sample import drawings


def counted(items: list[legend_line.Item]) -> int:
    """Layers that some items stand for: those in brackets as often as they repeat."""
    total = unit = 0
    for item in items:
        number = 1 if item.name.endswith(" in each") else int(item.number.replace(",", ""))
        if item.before == "(" or unit:
            unit += number
            if item.after:
                total += unit * int(item.after.removeprefix(") × ").replace(",", ""))
                unit = 0
        else:
            total += number
    return total


@pytest.mark.parametrize("name", drawings())
def test_every_layer_is_counted(name: str) -> None:
    root = find(name).architecture.root
    shown = plan(root)
    items = [item for item in legend_line._items(shown) if not item.name.endswith(" in each")]
    tracks = strip.looks(root, 52, 15)
    cells = sum(len(tracks[kind]) for kind in shown.schedule)
    each = sum(
        int(item.number) for item in legend_line._items(shown) if item.name.endswith(" in each")
    )
    assert counted(items) + each * shown.depth == cells


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("qwen3-next-80b-a3b", r"\( 3 Gated DeltaNet · GDN \+ 1 .*attention · .*GQA ?\) × 12"),
        ("gemma-3-27b", r"\( 5 .* \+ 1 .* ?\) × 10 \+ 2 .*"),
        ("motif-3-beta", r"\( 1 .* \+ 3 .* ?\) × 13 \+ 1 .*"),
        ("granite-4.0-h-small", r"\( 5 Mamba-2 \+ 1 attention · NoPE GQA \+ 4 Mamba-2 ?\) × 4"),
        ("llama-4-maverick", r".*\( 1 gated MLP · SwiGLU \+ 1 mixture of experts · MoE ?\) × 24"),
    ],
)
def test_what_repeats_stands_in_brackets(name: str, said: str) -> None:
    assert re.search(said, line(name))


@pytest.mark.parametrize("name", ["deepseek-v4-pro", "kimi-linear-48b-a3b", "gemma-4-e2b"])
def test_an_order_with_a_head_is_left_to_the_strip(name: str) -> None:
    assert "×" not in line(name)


def line(name: str) -> str:
    """All of it, in one line."""
    sheet = Sheet()
    legend_line.put(sheet, plan(find(name).architecture.root), 0, 20, 3000)
    texts = [shape for shape in sheet.shapes if isinstance(shape, Text)]
    return " ".join(words(text) for text in sorted(texts, key=lambda text: text.x))


def test_attention_that_borrows_is_told_from_its_like_beside_other_kinds() -> None:
    """Layers that borrow keys, that have no positions, and that keep a state, in one model."""
    first, *others = (
        find(model).architecture.root for model in ("hunyuan-large-389b", "jamba-v0.1-52b")
    )
    layers = [layer for root in (first, *others) for layer in distinct_layers(root)]
    shown = plan(with_layers(first, layers))
    assert len({place.block.kind for place in legend_line.mixing(shown)}) == 2
    names = [item.name for item in legend_line._items(shown)]
    assert {"global, RoPE", "global shared, RoPE", "global, no RoPE", "Mamba"} <= {*names}
