"""What is new is outlined in ink and tagged, and never grey beside bright plates."""

from __future__ import annotations

import pytest

from llm_gallery.catalog.load import Model, find
from llm_gallery.figure import Detail, draw
from llm_gallery.figure.kit import accent
from llm_gallery.figure.kit.shapes import Box, Picture, Text
from llm_gallery.figure.kit.theme import THEMES
from llm_gallery.figure.lead.content import content
from llm_gallery.plan.naming import DOT
from llm_gallery.plan.planning import plan
from tests.figure.gates import words
from tests.sample import sampled


def plates(page: Picture) -> list[tuple[Box, Picture]]:
    """The grounds of all plates, each with what stands on it."""
    return [
        (shape, part)
        for _, part in page.inside
        for shape in part.shapes[:1]
        if isinstance(shape, Box) and shape.ground and (shape.fill or "").endswith(".tint")
    ]


def titles(part: Picture) -> list[str]:
    return [words(s) for s in part.shapes if isinstance(s, Text) and s.weight == 600]


def bare(said: list[str]) -> list[str]:
    """Titles without the field's names, which stand behind the plain ones."""
    return [title.split(f" {DOT} ")[0] for title in said]


def told(name: str) -> tuple[Model, Picture]:
    model = find(name)
    return model, draw(model.architecture, model.heading).picture


@pytest.mark.parametrize("name", sampled())
def test_no_plate_is_grey(name: str) -> None:
    """Of streams, earlier sums, loops and norms; Kimi K3, Hy4 and Ouro had grey ones beside bright experts."""
    _, page = told(name)
    assert all(ground.fill != "norm.tint" for ground, _ in plates(page))


@pytest.mark.parametrize("name", sampled())
def test_what_is_new_is_outlined(name: str) -> None:
    """Its plate has the ring and the tag, and no other has; its blocks in the frame have the ring."""
    model, page = told(name)
    shown = plan(model.architecture.root)
    held = content(model.architecture, model.heading, shown, split=True)
    for ground, part in plates(page):
        tagged = accent.NEW in titles(part)
        assert tagged == (ground.edge == "ink" and ground.line == accent.LINE)
    leads = held.leads
    if leads is not None and leads.is_new and not held.shares:
        first = next(part for ground, part in plates(page) if ground.radius == 10)
        assert accent.NEW in titles(first)
        assert leads.hero.title in bare(titles(first))
    rings = [
        shape
        for _, part in page.inside
        for shape in part.shapes
        if isinstance(shape, Box) and shape.open and shape.edge == "ink" and not shape.fill
    ]
    in_frame = {choice.path for one in held.layers for p in one.places for choice in p.choices}
    assert bool(rings) <= bool(held.new & in_frame)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("kimi-k3", "Attention residuals"),
        ("hy4-preview-770b-a49b", "Hyper-connections"),
        ("ouro-2.6b-thinking", "The same 48 layers, 4 times over"),
    ],
)
def test_streams_sums_and_loops_are_in_ink(name: str, title: str) -> None:
    _, page = told(name)
    (ground,) = (ground for ground, part in plates(page) if title in bare(titles(part)))
    assert (ground.fill, ground.edge) == ("wiring.tint", "ink")


def test_ink_is_seen_in_every_theme() -> None:
    for theme in THEMES.values():
        light, dark = sorted(
            sum(bytes.fromhex(theme.colour(role)[1:])) for role in ("wiring.solid", "wiring.tint")
        )
        assert dark - light > 3 * 128


@pytest.mark.parametrize("detail", ["phone", "column", "full"])
def test_other_widths_have_the_accent_too(detail: Detail) -> None:
    model = find("kimi-k3")
    page = draw(model.architecture, model.heading, detail=detail).picture
    assert any(accent.NEW in titles(part) for _, part in plates(page))
