"""Everything outside the layers stands on the band: scalars, positions, tables, loops, modules for further tokens."""

from __future__ import annotations

from dataclasses import replace

import pytest

from llm_gallery.analysis.parameters import stored
from llm_gallery.analysis.units import short
from llm_gallery.architecture.block import Architecture, Block
from llm_gallery.catalog.load import find
from llm_gallery.figure.kit.painting import extent
from llm_gallery.figure.kit.shapes import Line, Mark
from llm_gallery.mechanisms.apart import predicting
from llm_gallery.plan import outer_stops
from llm_gallery.plan.outer_blocks import modules, outer_blocks
from llm_gallery.plan.planning import plan
from tests.figure import generated
from tests.figure.gates import faults, words
from tests.figure.strip.band import WIDTHS, band, chips, texts, wide
from tests.sample import catalog, drawings, first


@pytest.mark.parametrize("name", drawings())
def test_gates(name: str) -> None:
    gated(find(name).architecture)


@pytest.mark.parametrize(
    "seed", first(range(300), range(0, 300, 30), {*range(300)} - {*range(0, 300, 5)})
)
def test_gates_of_made_up_models(seed: int) -> None:
    gated(generated.architecture(seed, wild=True))


def gated(architecture: Architecture) -> None:
    for width in WIDTHS:
        assert faults(band(architecture, width)[2]) == ()
    assert faults(band(architecture, 1200, large=True)[2]) == ()
    assert faults(band(architecture, 800, full=True)[2]) == ()


@pytest.mark.parametrize("name", drawings())
def test_scalars_are_chips(name: str) -> None:
    root = find(name).architecture.root
    said = " ".join(chips(wide(name)[1]))
    for fact in ("embedding_scale", "logit_scale", "logit_softcap"):
        value = root.value(fact)
        if not isinstance(value, int | float) or value == 1:
            continue
        square = f"√{root.number('width'):,}"
        rooted = fact == "embedding_scale" and abs(value * value - root.number("width")) < 0.1
        assert f"{value:.4g}" in said or (rooted and square in said)


def test_no_other_model_has_chips() -> None:
    facts = ("embedding_scale", "logit_scale", "logit_softcap")
    for name in catalog():
        root = find(name).architecture.root
        if all(root.value(fact) in (None, 1, 1.0) for fact in facts):
            block = outer_blocks(root).head
            assert [stop for stop in outer_stops.before(root) if stop.sort == "scalar"] == []
            assert block is None or outer_stops.head_scalars(block[1]) == ()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("gpt2-xl", ("positions1,024", "tied")),
        ("rwkv-4-7b", ("LayerNorm",)),
        ("muse-glimmer-30b", ("RMSNorm", "× 0.1961", "softcap 20")),
        ("longcat-flash-lite-68.5b-a3b", ("N-gram tables", "122.68M rows", "stores a table")),
        ("zaya1-8b", ("shift, scale",)),
        ("gemma-4-e2b", ("Per-layer table", "35 × 256 a token")),
        (
            "ouro-2.6b-thinking",
            ("exit gate", "4 passes through the same layers, normed after each"),
        ),
        ("kimi-k3", ("sum kept every 12 layers",)),
        ("baichuan2-7b", ("rows normed",)),
        ("phi-3.5-moe", ("with bias",)),
        ("step-3.5-flash", ("MTP", "3 layers")),
        ("deepseek-v4.1-flash", ("n-grams", "ends shared")),
        ("hy4-preview-770b-a49b", ("ends shared",)),
    ],
)
def test_what_stands_outside_the_layers_is_said(name: str, told: tuple[str, ...]) -> None:
    said = [words(text) for text in texts(wide(name)[1])]
    assert [one for one in told if one not in said] == []


def test_modules_are_counted() -> None:
    for name in ("deepseek-v3", "inkling", "step-3.5-flash"):
        count = modules(find(name).architecture.root)
        said = [words(text) for text in texts(wide(name)[1])]
        assert ("1 layer" if count == 1 else f"{count:,} layers") in said


@pytest.mark.parametrize("name", ["deepseek-v3", "longcat-flash-lite-68.5b-a3b"])
def test_a_full_band_counts_the_modules(name: str) -> None:
    architecture = find(name).architecture
    count = short(sum(map(stored, predicting(architecture.root))))
    assert count in [words(text) for text in texts(band(architecture, 1200, full=True)[1])]


@pytest.mark.parametrize("name", ["deepseek-v3", "gpt2-xl"])
def test_a_full_band_counts_both_ends(name: str) -> None:
    """A tied head has no parameters of its own."""
    architecture = find(name).architecture
    outer = outer_blocks(architecture.root)
    assert outer.embedding is not None
    assert outer.head is not None
    _, shapes, _ = band(architecture, 1200, full=True)
    count = short(stored(outer.embedding[1]))
    said = [words(text) for text in texts(shapes)]
    assert said.count(count) == (1 if outer.head[1].value("tied") else 2)
    assert count not in [words(text) for text in texts(wide(name)[1])]


def test_a_rail_feeds_every_layer() -> None:
    place, shapes, _ = wide("gemma-4-e2b")
    combs = [m for m in shapes if isinstance(m, Mark) and m.stroke == "flow" and "v5" in m.path]
    (comb,) = combs
    assert comb.path.count("v5") == place.depth
    assert comb.x + comb.width == pytest.approx(place.middle(place.depth - 1))


@pytest.mark.parametrize(
    ("name", "layers"),
    [("qwen3-next-80b-a3b", 4), ("granite-4.0-h-small", 10), ("llama-3.1-405b", 1)],
)
def test_the_lens_shows_one_period(name: str, layers: int) -> None:
    """From a bracket as broad as the layers of a unit, down to both ends of the frame."""
    place, _, picture = wide(name)
    ground, bracket = (shape for shape in picture.shapes[:2] if isinstance(shape, Mark))
    assert (ground.fill, bracket.stroke) == ("lens", "ink")
    assert bracket.width == pytest.approx(max(12, layers * place.pitch - 2 + 2), abs=2)
    assert extent(ground).left == pytest.approx(40 - 8, abs=0.2)
    assert extent(ground).bottom == pytest.approx(picture.height - 20 + 8, abs=0.2)


LOOPED = ("nanbeige-4.2-3b", "ouro-2.6b-thinking")


@pytest.mark.parametrize("name", LOOPED)
def test_the_way_back_begins_where_a_pass_ends(name: str) -> None:
    """Behind the norm where that ends each pass; before it where it doesn't."""
    architecture = find(name).architecture

    def without(block: Block) -> Block:
        facts = {key: fact for key, fact in block.facts.items() if key != "pass_norm"}
        return replace(block, facts=facts, inside=tuple(map(without, block.inside)))

    for root, normed in ((architecture.root, True), (without(architecture.root), False)):
        place, shapes, _ = band(replace(architecture, root=root), 1200)
        (norm,) = (text for text in texts(shapes) if words(text) == "RMSNorm")
        (way,) = (s for s in shapes if isinstance(s, Line) and s.arrow and len(s.points) == 4)
        assert (way.points[0].x > norm.x) == normed
        assert way.points[-1].x < place.left
        (said,) = (text for text in texts(shapes) if "passes" in words(text))
        assert words(said).startswith(f"{plan(root).stream.passes:,} passes")
        assert ("normed" in words(said)) == normed


def test_only_these_run_again() -> None:
    looped = {n for n in catalog() if plan(find(n).architecture.root).stream.passes > 1}
    assert looped == {*LOOPED}
