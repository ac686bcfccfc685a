"""Figures of architectures far outside what exists: the gates hold for them too."""

from __future__ import annotations

from typing import get_args
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llm_gallery.architecture.block import Architecture, Block, layers
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
from llm_gallery.figure import Detail, Heading, draw
from llm_gallery.figure.kit.gates import faults
from tests.figure import generated
from tests.figure.crossed import crossed
from tests.figure.gates import of_any_page
from tests.sample import first

SEEDS, SHARE = range(5000), 40
DETAILS: tuple[Detail, ...] = get_args(Detail)


@pytest.mark.parametrize("first", first(range(0, len(SEEDS), SHARE), (0, 1200, 2400, 3600)))
def test_gates(first: int) -> None:
    """Of five in a row each is drawn for another width; a test takes so many that starting it costs nothing."""
    found = {seed: faulty for seed in SEEDS[first : first + SHARE] if (faulty := held(seed))}
    assert found == {}


@pytest.mark.whole
@given(st.integers(SEEDS.stop, 2**32))
@settings(max_examples=50, deadline=None)
def test_gates_of_any_other(seed: int) -> None:
    """A search goes on where the fixed seeds end."""
    assert held(seed) == ()


def made_up(seed: int) -> Architecture:
    """Parts of any size, or those of the catalog, by turns."""
    return crossed(seed) if seed % 2 else generated.architecture(seed)


def held(seed: int) -> tuple[str, ...]:
    """The faults of one figure of a made-up model."""
    detail = DETAILS[seed % len(DETAILS)]
    width = 240 if seed % 4 else 280
    page = draw(made_up(seed), generated.heading(seed), detail=detail, width=width).picture
    return faults(page) if detail == "overview" else of_any_page(page, printed=seed % 3 == 0)


@pytest.mark.parametrize("seed", range(0, 200, 20))
def test_any_name_gives_well_formed_svg(seed: int) -> None:
    architecture, heading = generated.architecture(seed), generated.heading(seed)
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
    for detail in DETAILS:
        assert faults(draw(architecture, Heading(name=name), detail=detail).picture) == ()
    assert len(draw(architecture, Heading(name=name)).alone(outlined=False)) < 60 * 1024
