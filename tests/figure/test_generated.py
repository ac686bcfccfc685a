"""Figures of made-up models: the gates hold for them too, and for any size and name those of what overlaps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llm_gallery.architecture.block import Architecture, Block, distinct, layers
from llm_gallery.architecture.parts import (
    Heads,
    Positions,
    attention,
    embedding,
    facts,
    gated_mlp,
    group,
    head,
    layer,
    linear,
    residual,
    rms_norm,
    stack,
)
from llm_gallery.figure import Heading, draw
from llm_gallery.figure.draw import Page
from llm_gallery.figure.kit.shapes import Picture, Text, flat
from llm_gallery.mechanisms.scalars import Scalar, unsaid
from tests.figure import generated
from tests.figure.answering import unanswered, untitled
from tests.figure.crossed import crossed
from tests.figure.gates import (
    faults,
    words,
)
from tests.figure.page_gates import of_any_page
from tests.figure.painted_cells import WIDTHS, left_out, look_alike
from tests.sample import first

SEEDS, SHARE = range(2000), 40
WILD = range(600)
PAGES: tuple[Page, ...] = get_args(Page)
DETAILS: tuple[Page, ...] = ("column", *PAGES)
"""Of five in a row. Towers have gates of their own."""


@pytest.mark.parametrize("first", first(range(0, len(SEEDS), SHARE), (0,), SEEDS[320::SHARE]))
def test_gates(first: int) -> None:
    """Of five in a row each is drawn for another width; a test takes so many that starting it costs nothing."""
    found = {seed: faulty for seed in SEEDS[first : first + SHARE] if (faulty := held(seed))}
    assert found == {}


@pytest.mark.parametrize("seed", [3695, 6123, 7039, 7231, 7293, 7403, 8107, 8571, 70_099])
def test_gates_where_a_search_found_faults(seed: int) -> None:
    """Names listed twice, a lens over signs of memories, a wire through words, words under print's stripe, bars alike."""
    assert held(seed) == ()


@pytest.mark.parametrize(
    "first", first(range(0, len(WILD), SHARE), (0,), {*WILD[40::SHARE]} - {400})
)
def test_wild_ones(first: int) -> None:
    """Whatever a stranger's config says, nothing stands over another thing, is hidden or too small to read."""
    found = {seed: faulty for seed in WILD[first : first + SHARE] if (faulty := wild(seed))}
    assert found == {}


@pytest.mark.whole
@given(st.integers(SEEDS.stop, 2**32))
@settings(max_examples=50, deadline=None)
def test_gates_of_any_other(seed: int) -> None:
    """A search goes on where the fixed seeds end."""
    assert held(seed) == ()


def made_up(seed: int, *, wild: bool = False) -> Architecture:
    """Parts of any size, or those of the catalog, by turns."""
    return crossed(seed, wild=wild) if seed % 2 else generated.architecture(seed, wild=wild)


def held(seed: int) -> tuple[str, ...]:
    """The faults of one figure of a made-up model."""
    detail, architecture = DETAILS[seed % len(DETAILS)], made_up(seed)
    page = draw(architecture, generated.heading(seed), detail=detail).picture
    found = [*of_any_page(page)]
    root = architecture.root
    if detail != "phone":  # one layer with its wiring, and what leads
        found += [*unanswered(root, page), *untitled(root, page)]
    if detail == "full":
        found += [f"{one.written} isn't drawn" for one in _missing(root, page)]
    wide = WIDTHS[seed % len(WIDTHS)]
    found += [f"layers {a} and {b} look alike" for a, b in look_alike(root, wide)]
    found += [f"layer {layer} lacks a mixer's cell" for layer in left_out(root, wide)]
    return tuple(found)


def wild(seed: int) -> tuple[str, ...]:
    """Those of one that nobody would build."""
    detail = DETAILS[seed % len(DETAILS)]
    drawn = made_up(seed, wild=True), generated.heading(seed, wild=True)
    return of_any_page(draw(*drawn, detail=detail).picture)


def _missing(root: Block, page: Picture) -> Iterator[Scalar]:
    """Scalars that are facts: by settings a plan tells no blocks apart."""
    texts = [words(shape) for shape in flat(page) if isinstance(shape, Text)]
    facts = {name for block in distinct(root) for name in block.facts}
    return (one for one in unsaid(root, texts) if one.facts[0] in facts)


@pytest.mark.parametrize("seed", range(0, 200, 20))
def test_any_name_gives_well_formed_svg(seed: int) -> None:
    architecture = generated.architecture(seed, wild=True)
    heading = generated.heading(seed, wild=True)
    root = ElementTree.fromstring(draw(architecture, heading).alone(outlined=False))
    title = root.findtext("{http://www.w3.org/2000/svg}title")
    assert title == f"Architecture of {' '.join(heading.name.split())}"


def _layer(heads: int, inner: int, window: int | None = None, position: str = "rope") -> Block:
    rope = Positions(kind="rope", rotated=64, base=10_000.0)
    inside = [linear(role, 512, heads * 64, role=role) for role in ("query", "key", "value")]
    return layer(
        residual(
            rms_norm("a_norm", 512),
            attention(
                "a",
                heads=Heads(heads, heads, 64),
                positions=rope if position == "rope" else Positions(kind=position),
                window=window,
                inside=[*inside, linear("o", heads * 64, 512, role="output")],
            ),
        ),
        residual(
            rms_norm("m_norm", 512),
            gated_mlp("m", width=512, inner=inner, activation="silu"),
        ),
    )


ODD = {
    "no layers": [],
    "one layer": [_layer(8, 1024)],
    "every layer differs": [_layer(8 + i, 1000 + 10 * i) for i in range(36)],
    "two MLPs": [_layer(8, (1024, 2048)[i % 2]) for i in range(32)],
    "three windows": [_layer(8, 1024, (None, 128, 1024)[i % 3]) for i in range(30)],
    "window and position": [
        _layer(8, 1024, (None, 128)[i % 2], ("rope", "none")[i // 2 % 2]) for i in range(32)
    ],
    "4,096 layers": [_layer(8, 1024), _layer(8, 1024, 128)] * 2048,
}


@pytest.mark.parametrize("name", ODD)
def test_odd_stacks(name: str) -> None:
    stated = facts(width=512, vocabulary=1000, context=4096)
    body = group("model", embedding("e", 1000, 512), stack("layers", ODD[name]))
    root = Block("model", "", stated, (), (body, head("head", 1000, 512)))
    assert len(layers(root)) == len(ODD[name])
    architecture = Architecture("odd", root)
    for detail in PAGES:
        assert faults(draw(architecture, Heading(name=name), detail=detail).picture) == ()
    assert len(draw(architecture, Heading(name=name)).alone(outlined=False)) < 60 * 1024
