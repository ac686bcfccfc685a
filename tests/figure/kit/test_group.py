"""What belongs together is one element: with its type, in its order, under an id that begins with the figure's name."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.drawing import INKSCAPE, Drawing
from llm_gallery.figure.kit.markup import short
from llm_gallery.figure.kit.shapes import Box, Picture, Point, Text
from llm_gallery.figure.kit.theme import ThemeName

SVG = "{http://www.w3.org/2000/svg}"


def _picture() -> Picture:
    """A frame with two blocks in a group, one of which is a group in it, and a rule apart."""
    sheet = Sheet()
    sheet.put(Box(0, 0, 200, 100, fill="lens"))
    with sheet.group("layer", "layer-1", "Layer 1"):
        sheet.put(Box(10, 10, 80, 30, fill="moe.solid", labelled=True))
        with sheet.group("block attention", "attention", "Latent attention"):
            sheet.put(Box(10, 50, 80, 30, fill="latent.solid", labelled=True))
            sheet.label(14, 70, "MLA", role="latent.on")
        with sheet.group("nothing", "nothing", "Nothing"):
            pass
    sheet.rule(Point(0, 90), Point(200, 90))
    with sheet.group("block attention", "attention", "Latent attention"):
        sheet.label(120, 70, "MLA", role="ink")
    with sheet.group("block attention", "attention", "Latent attention"):
        sheet.label(160, 70, "MHA", role="ink")
    return sheet.picture(200, 100)


def _groups(svg: str) -> dict[str, ElementTree.Element]:
    root = ElementTree.fromstring(svg)
    return {e.attrib["id"]: e for e in root.iter(f"{SVG}g") if "id" in e.attrib}


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
@pytest.mark.parametrize("outlined", [True, False])
def test_a_group_holds_what_was_put_meanwhile(theme: ThemeName, outlined: bool) -> None:
    found = _groups(Drawing(_picture(), name="gpt-1").alone(theme, outlined=outlined))
    assert list(found) == [
        "gpt-1-layer-1",
        "gpt-1-layer-1-attention",
        "gpt-1-attention",
        "gpt-1-attention-2",
    ]
    layer, block, other, _ = found.values()
    assert layer.attrib["class"] == "layer"
    assert block.attrib[f"{{{INKSCAPE}}}label"] == "Latent attention"
    assert block in list(layer.iter())
    assert other not in list(layer.iter())
    assert len([*layer.iter(f"{SVG}rect")]) == 2
    assert [text.text for text in layer.iter(f"{SVG}text")] == ["MLA"]
    for each in (block, other):
        assert len([*each.iter(f"{SVG}use")]) == len("MLA") * outlined


def test_ids_begin_with_the_name_of_the_figure() -> None:
    """So two figures on one page have none in common; hatchings, too, and glyphs with what stands for the name."""
    ids = []
    for name in ("gpt-1", "gpt-2"):
        for theme in ("dark", "print"):
            root = ElementTree.fromstring(Drawing(_picture(), name=name).alone(theme))
            own = [e.attrib["id"] for e in root.iter() if "id" in e.attrib]
            assert all(one.startswith((f"{name}-", f"{short(name)}-")) for one in own)
            used = {e.attrib["href"][1:] for e in root.iter(f"{SVG}use")}
            assert used <= set(own)
        ids.append(set(own))
    assert ids[0]
    assert not ids[0] & ids[1]


def test_a_page_has_groups_where_it_asks_for_them() -> None:
    drawing = Drawing(_picture(), name="gpt-1")
    assert "gpt-1-" not in drawing.inline()
    assert "inkscape" not in drawing.inline()
    assert list(_groups(drawing.inline(grouped=True))) == list(_groups(drawing.alone()))


def test_a_picture_may_be_a_group() -> None:
    sheet = Sheet()
    sheet.put(*(Box(x, 0, 8, 8, fill="ink") for x in range(0, 200, 10)))
    with sheet.group("layer", "layer-9", "Layer 9"):
        sheet.label(10, 70, "MLA")
    whole = Sheet()
    part = sheet.picture(200, 100)
    whole.hold(5, 5, part.called("frame", "frame", "One layer"))
    outer = _groups(Drawing(whole.picture(300, 200)).alone())
    assert list(outer) == ["frame", "frame-layer-9"]
    assert outer["frame-layer-9"] in list(outer["frame"].iter())
    assert len([*outer["frame"].iter(f"{SVG}use")]) == len("MLA")


def test_groups_move_with_the_sheet_that_they_are_on() -> None:
    part, whole = Sheet(), Sheet()
    with part.group("block", "block", "A block"):
        part.label(0, 0, "words")
    whole.label(0, 0, "before")
    whole.place(part, 10, 10)
    (group,) = whole.picture(50, 50).groups
    (said,) = whole.shapes[group.start : group.end]
    assert isinstance(said, Text)
    assert (said.x, said.y) == (10, 10)
