"""The map of designs as drawn: each design once, in its look, nothing over a name, at three widths."""

from __future__ import annotations

from functools import cache
from itertools import combinations
from math import hypot
from xml.etree import ElementTree

import pytest

from llm_gallery.catalog.design_map import TITLE, dots, drawn
from llm_gallery.catalog.family_tree import commonest
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.shapes import Box, Text
from llm_gallery.figure.sheets.design_map import PAGE, PHONE, Room, in_page
from llm_gallery.lineage.design_map import DesignMap, design_map
from llm_gallery.lineage.designs import designs
from tests.described_catalog import members
from tests.figure.gates import faults, over_edges

pytestmark = pytest.mark.whole
SVG = "{http://www.w3.org/2000/svg}"


@cache
def placed() -> DesignMap:
    return design_map(designs(members()))


@cache
def whole() -> Drawing:
    return drawn(designs(members()))


@cache
def page(room: Room) -> Drawing:
    return in_page(dots(placed()), room, title=TITLE, link="../models/{}/index.html")


def test_every_design_has_a_dot_that_tells() -> None:
    root = ElementTree.fromstring(whole().alone())
    found = [one.get("data-model") for one in root.iter() if one.get("data-model")]
    assert sorted(map(str, found)) == sorted(one.design.first.id for one in placed().places)
    said = {"".join(one.itertext()) for one in root.iter(f"{SVG}circle")}
    assert any(
        one.startswith("DeepSeek V3 and 2 more of its design, DeepSeek, 2024-12-26") for one in said
    )


@pytest.mark.parametrize("room", [None, PAGE, PHONE], ids=["sheet", "page", "phone"])
def test_nothing_covers_a_name(room: Room | None) -> None:
    picture = (whole() if room is None else page(room)).picture
    assert faults(picture) == ()
    assert over_edges(picture) == ()
    names = {dot.name for dot in dots(placed())}
    texts = [
        shape
        for shape in picture.shapes
        if isinstance(shape, Text) and shape.spans[0].text in names
    ]
    assert len(texts) > 10
    boxes = [shape.bounds for shape in picture.shapes if isinstance(shape, Box)]
    for text in texts:
        own = text.bounds
        for box in boxes:
            apart = own.right <= box.left or box.right <= own.left
            assert apart or own.bottom <= box.top or box.bottom <= own.top, text
    for a, b in combinations([text.bounds for text in texts], 2):
        assert a.right <= b.left or b.right <= a.left or a.bottom <= b.top or b.bottom <= a.top


@pytest.mark.parametrize("room", [None, PAGE], ids=["sheet", "page"])
def test_a_region_is_named_among_its_own(room: Room | None) -> None:
    """Each mechanism at most once, over dots of its colour; the key's signs have no mechanism's colour."""
    picture = (whole() if room is None else page(room)).picture
    regions = [s for s in picture.shapes if isinstance(s, Text) and s.role.endswith(".text")]
    names = [text.spans[0].text for text in regions]
    assert len(names) == len({*names}) >= 3
    dots = [s for s in picture.shapes if isinstance(s, Box) and s.about is not None]
    for text in regions:
        colour = text.role.partition(".")[0]
        near = sorted(dots, key=lambda box: hypot(box.x - text.x, box.y - text.y))[:7]
        assert sum(colour in f"{box.fill} {box.edge}" for box in near) >= 4
    keys = [s for s in picture.shapes if isinstance(s, Box) and s.about is None]
    assert {"embedding.solid", "embedding.tint"} <= {box.fill for box in keys}


def test_the_title_says_what_is_found() -> None:
    pairs = [(one.design, one.nearest) for one in placed().places]
    alike = [
        commonest(a.first.architecture.root) == commonest(b.first.architecture.root)
        for a, b in pairs
    ]
    assert (
        whole().title
        == f"{TITLE}: {sum(alike) / len(alike):.0%} have a nearest design that mixes tokens alike"
    )


def test_distances_in_the_drawing_are_those_of_the_plane() -> None:
    """One scale across and up."""
    where = {dot.id: (dot.x, dot.y) for dot in dots(placed())}
    at = {
        dict(shape.about.data)["model"]: (shape.x + shape.width / 2, shape.y + shape.height / 2)
        for shape in page(PAGE).picture.shapes
        if isinstance(shape, Box) and shape.about is not None
    }
    (a, b, c), scales = list(where)[:3], []
    for one, other in ((a, b), (b, c), (a, c)):
        plane = sum((p - q) ** 2 for p, q in zip(where[one], where[other], strict=True))
        paper = sum((p - q) ** 2 for p, q in zip(at[one], at[other], strict=True))
        scales.append((paper / plane) ** 0.5)
    assert scales == pytest.approx([scales[0]] * 3, rel=0.01)
    assert at[a][1] > at[b][1] or where[a][1] >= where[b][1], "up is up"


def test_looks() -> None:
    by = {dot.id: dot for dot in dots(placed())}
    assert (by["gpt2-xl"].colour, by["gpt2-xl"].sparse) == ("full", False)
    assert (by["deepseek-v3"].colour, by["deepseek-v3"].sparse) == ("latent", True)
    assert by["mamba-2.8b"].colour == "linear"
    last = max(one.design.quarter for one in placed().places)
    newest = {one.design.first.id for one in placed().places if one.design.quarter == last}
    assert {name for name, dot in by.items() if dot.newest} == newest


def test_a_phone_names_few_and_the_page_links_every_dot() -> None:
    for room in (PAGE, PHONE):
        drawing = page(room)
        assert drawing.picture.width == room.wide
        links = ElementTree.fromstring(drawing.alone()).iter(f"{SVG}a")
        assert len(list(links)) == len(placed().places)
