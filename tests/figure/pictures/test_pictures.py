"""Pictures of what mechanisms do: each is drawn for some model, and what it claims is in that model's tree."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from math import isclose
from typing import Any

import pytest

from llm_gallery import describe
from llm_gallery.architecture.block import Block
from llm_gallery.catalog.load import find, models
from llm_gallery.figure import draw as page_of
from llm_gallery.figure import pictures
from llm_gallery.figure.internals._squares import COUNTABLE
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Box, Inset, Line, Mark, Text, flat
from llm_gallery.figure.kit.stream import MOST as MOST_STREAMS
from llm_gallery.figure.lead.panels import panels_of
from llm_gallery.figure.pictures.activation import activation
from llm_gallery.figure.pictures.branches import norms, parallel
from llm_gallery.figure.pictures.chosen import chosen
from llm_gallery.figure.pictures.depth import depth
from llm_gallery.figure.pictures.entries import entries
from llm_gallery.figure.pictures.experts import experts
from llm_gallery.figure.pictures.heads import heads
from llm_gallery.figure.pictures.loops import MOST as MOST_PASSES
from llm_gallery.figure.pictures.loops import loops
from llm_gallery.figure.pictures.neighbours import neighbours
from llm_gallery.figure.pictures.ngrams import ngrams
from llm_gallery.figure.pictures.noise import noise
from llm_gallery.figure.pictures.pinch import pinch
from llm_gallery.figure.pictures.positions import positions
from llm_gallery.figure.pictures.reach import TOKENS, reach
from llm_gallery.figure.pictures.states import channels, kept_of_each, matrix
from llm_gallery.figure.pictures.streams import streams
from llm_gallery.mechanisms import DRAWN, colour_of
from llm_gallery.mechanisms.lane_drawing import LaneDrawing, State
from llm_gallery.novelty.arrangements import Beside, ideas
from llm_gallery.novelty.leading import Hero, leading
from llm_gallery.plan.block_names import layers
from llm_gallery.plan.place import Variant
from llm_gallery.plan.plan import Plan
from llm_gallery.plan.planning import plan
from tests.figure.gates import deserts, faults
from tests.figure.internals.seen import Seen

Variants = Sequence[Variant]
WIDE = 340.0


@cache
def drawn() -> dict[Callable[..., float], list[partial[float]]]:
    """Every picture that a figure of the catalog may have, by the function that draws it."""
    found: dict[Callable[..., float], list[partial[float]]] = {}
    for model in models():
        for draw in _pictures(plan(model.architecture.root), model.heading):
            found.setdefault(draw.func, []).append(draw)
    return found


def _pictures(shown: Plan, heading: Any) -> Iterator[partial[float]]:
    panels = [panel for hero in leading(shown, heading) for panel in panels_of(hero)]
    panels += [panel for use in shown.uses for panel in pictures.panels(use.variants)]
    panels += [panel for idea in ideas(shown) for panel in panels_of(Hero((), idea))]
    return (panel.draw for panel in panels if isinstance(panel.draw, partial))


def seen(draw: partial[float], wide: float = WIDE) -> Seen:
    """What it draws, without faults."""
    sheet = Sheet()
    high = draw(sheet, wide, 8.0)
    picture = sheet.picture(wide, high)
    assert faults(picture) == ()
    shapes = flat(picture)
    return Seen(
        Inset(title="", note="", mechanism="norm", body=picture),
        tuple(shape for shape in shapes if isinstance(shape, Text)),
        tuple(shape for shape in shapes if isinstance(shape, Box)),
        tuple(shape for shape in shapes if isinstance(shape, Line)),
        tuple(shape for shape in shapes if isinstance(shape, Mark)),
    )


def of_experts(shown: Seen, variants: Variants) -> None:
    """A square an expert, those of groups that aren't chosen grey; lit as many as run, shared ones beside."""
    block = max(variants, key=lambda variant: variant.count).block
    stored, groups = block.number("experts"), int(block.facts.get("groups", _ONE).value or 1)
    assert stored <= COUNTABLE
    chosen = block.number("groups_used") if groups > 1 else 1
    assert sum(shown.squares("moe.edge")) == stored // groups * chosen
    assert sum(shown.squares("hairline")) == stored // groups * (groups - chosen)
    assert shown.lit("moe.lit") + shown.lit("moe.text") == block.number("used")
    assert sum(box.fill == "moe.lit" for box in shown.boxes) == block.number("shared")


class _One:
    value = 1


_ONE: Any = _One()


def of_heads(shown: Seen, variants: Variants) -> None:
    """As many queries to a key as share it."""
    block = variants[0].block
    asking, kept = block.number("heads"), block.number("kv_heads")
    asked, keys = shown.squares(f"{colour_of(block)}.solid")
    assert asked == keys * (asking // kept)
    assert keys == kept or f"{keys} " in shown.words[0]
    assert shown.words[0].startswith(f"{asking:,} query heads")
    assert shown.words[-1].startswith(f"{kept:,} key and value head")


def of_reach(shown: Seen, variants: Variants) -> None:
    """All squares are lit where all tokens are read, and some where it says how many."""
    words = " ".join(shown.words)
    lit = [n for v in variants for n in shown.squares(f"{colour_of(v.block)}.solid")]
    if any("chunk" in v.block.facts for v in variants):
        # Of twelve tokens in chunks of four: a triangle each; where all is read, one triangle.
        assert {*lit} == {3 * 10 if "chunk" in v.block.facts else 78 for v in variants}
        assert all(
            f"{v.block.number('chunk'):,} tokens" in words
            for v in variants
            if "chunk" in v.block.facts
        )
        return
    limited = [v.block for v in variants if {"window", "chunk", "taps"} & v.block.facts.keys()]
    limited = [b for b in limited if "taps" not in b.facts or not b.attends]
    assert (TOKENS in lit) == (len(limited) < len(variants))
    assert any(number < TOKENS for number in lit) == bool(limited)
    for block in limited:
        fact = next(name for name in ("window", "chunk", "taps") if name in block.facts)
        assert f"{block.number(fact):,} tokens" in words


def of_chosen(shown: Seen, variants: Variants) -> None:
    """How many are the best."""
    block = next(v.block for v in variants if "selected" in v.block.facts)
    assert f"{block.number('selected'):,} best are read" in shown.words


def of_pinch(shown: Seen, variants: Variants) -> None:
    """Bars as wide as the roots of what they stand for."""
    block = variants[0].block
    kept = block.number("kv_rank") + block.number("rope_dim")
    rebuilt = block.number("heads") * (block.number("nope_dim") + block.number("value_dim"))
    *_, pinched, widened = (box.width for box in shown.boxes)
    assert isclose((pinched / widened) ** 2, kept / rebuilt)


def of_positions(shown: Seen, variants: Variants) -> None:
    """In how many layers positions count, and in how many they don't."""
    plain = sum(v.count for v in variants if v.block.value("position") == "none")
    turned = sum(v.count for v in variants) - plain
    assert [words.split()[0] for words in shown.words] == [f"{turned:,}", f"{plain:,}"]


def of_matrix(shown: Seen, variants: Variants) -> None:
    """How large a head's state is."""
    block = variants[0].block
    drawing = DRAWN[block.kind].drawing
    assert isinstance(drawing, LaneDrawing)
    assert isinstance(drawing.core, State)
    size = " × ".join(f"{block.number(name):,}" for name in drawing.core.sizes)
    assert any(words.endswith(size) for words in shown.words)


def of_channels(shown: Seen, variants: Variants) -> None:
    """How many channels there are, each with a square for each number that it keeps, where they have room."""
    block = variants[0].block
    assert shown.words[0] == f"{block.number('inner'):,} channels"
    rows = min(8, kept_of_each(block)[0])
    assert max(mark.height for mark in shown.marks) == 11 * rows - 2


def of_activation(shown: Seen, variants: Variants) -> None:
    """Bars as wide as the vectors that they stand for; two at the foot where the token before is read too."""
    block = variants[0].block
    bars = [box.width for box in shown.boxes if box.height == 14]
    assert len(bars) == 3 + (block.kind == "receptance_mlp")
    assert isclose(min(bars) / max(bars), min(_widths(block)) / max(_widths(block)))


def _widths(block: Block) -> tuple[int, int]:
    first = block.part("up") or block.part("key")
    assert first is not None
    return first.number("inputs"), block.number("inner")


def of_streams(shown: Seen, variants: Variants) -> None:
    """A line a stream."""
    lines = {line.points[0].y for line in shown.lines if line.kind == "stream"}
    assert len(lines) == min(MOST_STREAMS, variants[0].block.number("streams"))


def of_depth(shown: Seen, variants: Variants) -> None:
    """How many sums the last branch reads beside the embedding and the latest."""
    every = variants[0].block.number("saved_every")
    last = max(layer for variant in variants for layer in variant.layers)
    assert f"{last // every:,} sums, one every {every:,} layers" in shown.words


def of_ngrams(shown: Seen, variants: Variants) -> None:
    """A table for each length, and how many rows are read."""
    block = variants[0].block
    longest = block.number("longest")
    assert len(shown.squares(f"{colour_of(block)}.edge")) == longest - 1
    assert f"{block.number('read'):,} rows" in shown.words


def of_noise(shown: Seen, variants: Variants) -> None:
    """Heads less noise is what is left, bar for bar."""
    block = variants[0].block
    apart = block.number("noise_heads")
    bars = [box.height for box in shown.boxes if box.form != "circle"]
    third = len(bars) // 3
    for both, less, left in zip(bars[:third], bars[third : 2 * third], bars[-third:], strict=True):
        assert both - less == left or (both == less and left == 1)
    assert f"{block.number('heads') - apart:,} heads" in shown.words
    assert f"{apart:,} noise heads" in shown.words


def of_neighbours(shown: Seen, variants: Variants) -> None:
    """As many tokens as convolutions after one another reach."""
    block = variants[0].block
    chain = [part.number("taps") for part in block.inside if part.kind == "convolution"]
    reached = 1 + sum(taps - 1 for taps in chain)
    assert f"{reached} tokens go in" in shown.words
    lowest = max(box.y for box in shown.boxes)
    row = [box for box in shown.boxes if box.y == lowest]
    assert sum(box.fill == "convolution.solid" for box in row) == reached


OF_BLOCKS: dict[Callable[..., float], Callable[[Seen, Variants], None]] = {
    experts: of_experts,
    heads: of_heads,
    reach: of_reach,
    chosen: of_chosen,
    pinch: of_pinch,
    positions: of_positions,
    matrix: of_matrix,
    channels: of_channels,
    activation: of_activation,
    streams: of_streams,
    depth: of_depth,
    ngrams: of_ngrams,
    noise: of_noise,
    neighbours: of_neighbours,
}
OTHERS = {entries, loops, norms, parallel}


def test_each_is_drawn_for_some_model() -> None:
    assert set(drawn()) == {*OF_BLOCKS, *OTHERS}


@pytest.mark.parametrize("picture", OF_BLOCKS, ids=lambda picture: picture.__name__)
def test_it_claims_what_the_tree_says(picture: Callable[..., float]) -> None:
    for draw in drawn()[picture]:
        OF_BLOCKS[picture](seen(draw), draw.args[0])


def test_entries() -> None:
    """A filled entry for each that is read: all of them, or those that are chosen."""
    for draw in drawn()[entries]:
        block, count = draw.args
        shown = seen(draw)
        lit = sum(box.fill == f"{colour_of(block)}.solid" for box in shown.boxes)
        empty = sum(box.fill == "paper" and box.width == 10 for box in shown.boxes)
        assert (empty > 0) == ("selected" in block.facts)
        assert lit > 0
        assert f"{block.number('ratio'):,} : 1" in shown.words
        assert layers(count) in shown.words


def test_loops() -> None:
    for draw in drawn()[loops]:
        passes = draw.args[0].stream.passes
        shown = seen(draw, 700)
        parted = passes == 1  # a part of the depth runs again
        assert ("run again" in shown.words) is parted
        assert sum(words.startswith("pass ") for words in shown.words) == (
            0 if parted else min(passes, MOST_PASSES)
        )
        assert parted or f"pass {passes:,}" in shown.words


def test_loops_of_a_part_of_the_depth() -> None:
    """Of Dory's 28 layers 20 run twice: the bracket is over the 29th to the 48th of 56, and no pass is numbered."""
    loop = seen(partial(loops, plan(describe({"model_type": "dory"}).root)), 700)
    bracket = [line for line in loop.lines if line.role == "ink" and line.kind == "rule"]
    across = [point.x for line in bracket for point in line.points]
    pitch = (700 - 32 - 26 - 18) / 56
    assert (min(across), max(across)) == pytest.approx((16 + 28 * pitch, 15 + 48 * pitch))
    assert "run again" in loop.words
    assert not any(words.startswith("pass ") for words in loop.words)


@pytest.mark.parametrize("before", [False, True])
def test_norms(before: bool) -> None:
    """One in front elsewhere; here one behind, and one in front where the model has both."""
    shown = seen(partial(norms, before), 700)
    assert shown.count("norm") == 2 + before


@pytest.mark.parametrize(("normed", "own"), [(True, False), (False, True), (False, False)])
@pytest.mark.parametrize("wide", [334.0, 728.0])
def test_blocks_side_by_side(normed: bool, own: bool, wide: float) -> None:
    """Elsewhere each block is added by itself; here both are added up, then to the stream."""
    blocks = [Beside("attention", "full", own), Beside("MLP", "mlp", own)]
    shown = seen(partial(parallel, blocks, normed), wide)
    assert shown.count("attention") == shown.count("MLP") == 2
    assert len(shown.operations()) == 2 + 1 + 1
    norms_here = 2 if own else int(normed)
    assert shown.count("norm") == (2 if normed or own else 0) + norms_here
    here = shown.box("attention", 1), shown.box("MLP", 1)
    assert here[0].x == here[1].x
    assert not shown.feeds(*here)
    assert not shown.feeds(*here[::-1])


@pytest.mark.parametrize(
    ("name", "concept", "title"),
    [
        ("falcon-7b", "parallel-block", "Attention and MLP side by side"),
        ("north-mini-code-30b-a3b", "parallel-block", "Attention and MLP or experts side by side"),
        ("falcon-h1-7b", "parallel-mixers", "Mamba-2 and attention side by side"),
    ],
)
def test_what_stands_side_by_side(name: str, concept: str, title: str) -> None:
    shown = plan(find(name).architecture.root)
    idea = next(idea for idea in ideas(shown) if idea.concept == concept)
    assert idea.title == title
    assert idea.layers == tuple(range(shown.depth))


def test_one_after_the_other_is_nothing_new() -> None:
    for name in ("llama-3-8b", "qwen3-next-80b-a3b", "gemma-4-26b-a4b", "grok-2.5-270b"):
        found = {idea.concept for idea in ideas(plan(find(name).architecture.root))}
        assert not found & {"parallel-block", "parallel-mixers"}


@pytest.mark.parametrize(("wide", "rows"), [(340, 8), (515, 16)])
def test_a_channel_shows_all_its_numbers_where_there_is_room(wide: float, rows: int) -> None:
    """Mamba keeps 16 numbers a channel; a narrow column has height for half of them."""
    variants = next(use.variants for use in plan(find("jamba2-3b").architecture.root).uses)
    sheet = Sheet()
    channels(variants, sheet, wide, 0)
    assert max(s.height for s in sheet.shapes if isinstance(s, Mark)) == 11 * rows - 2


def test_a_broad_inset_leaves_no_desert_beside_high_wiring() -> None:
    """Jamba2 3B has its states across the page, and no experts that would stand beside them."""
    model = find("jamba2-3b")
    assert deserts(page_of(model.architecture, model.heading).picture) == ()
