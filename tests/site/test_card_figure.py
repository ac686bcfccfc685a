"""A card's strip as dashed lines: what is painted is what the figure paints, cell by cell."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from llm_gallery.analysis.layers import schedule
from llm_gallery.catalog.load import find
from llm_gallery.figure.kit.drawing import Drawing, Looks
from llm_gallery.figure.kit.segments import stretches
from llm_gallery.figure.kit.shapes import Mark
from llm_gallery.figure.page.overview import overview, strip_place
from llm_gallery.figure.strip.strip import Strip
from llm_gallery.plan.planning import plan
from llm_gallery.site.card_figure import card_figure
from llm_gallery.site.plates import CARD

Painted = tuple[str, float, float, float, float]
"""A rectangle: its colour with its tone, left, right, top, bottom."""
SVG = "{http://www.w3.org/2000/svg}"


def made(name: str) -> tuple[Drawing, Strip, ElementTree.Element]:
    architecture = find(name).architecture
    drawn = Drawing(overview(architecture, plan(architecture.root), CARD))
    place = strip_place(len(schedule(architecture.root)), CARD)
    looks: Looks = {}
    return drawn, place, ElementTree.fromstring(card_figure(drawn, place, looks))


def wanted(drawn: Drawing, place: Strip) -> set[Painted]:
    """What lines can say of the strip: whole rectangles of a plain colour."""
    found = set()
    for mark in drawn.picture.shapes:
        if not isinstance(mark, Mark) or not (mark.fill or "").endswith((".solid", ".pale")):
            continue
        half = mark.thickness / 2 if mark.stroke == mark.fill else 0
        for points in (stretch.points for stretch in stretches(mark.path)):
            across = {round(mark.x + x, 2) for x, _ in points}
            down = {round(mark.y + y, 2) for _, y in points}
            if len(across) == len(down) == 2 and max(down) < place.bottom + 0.1:
                edges = min(across) - half, max(across) + half, min(down) - half, max(down) + half
                found.add((mark.fill or "", *edges))
    return found


def dashed(whole: ElementTree.Element) -> set[Painted]:
    """The dashes of the lines, in px of the card."""
    found = set()
    for sheet in whole.iter(f"{SVG}svg"):
        if sheet.get("class") != "cells":
            continue
        left, top, along = (float(sheet.get(name, "")) for name in ("x", "y", "width"))
        each = along / float(sheet.get("viewBox", "").split()[2])
        usual = sheet.get("stroke-dasharray", ".8333 .1667")
        for line in sheet:
            colour, _, tone = line.get("class", "").partition(" ")
            on, off = map(float, line.get("stroke-dasharray", usual).split())
            half = float(line.get("stroke-width", "")) / 2
            x = y = 0.0
            for command, said in re.findall("([Mmh])([^Mmh]+)", line.get("d", "")):
                numbers = [float(one) for one in said.split()]
                if command == "h":
                    for dash in range(round(numbers[0] / (on + off))):
                        start = left + each * (x + dash * (on + off))
                        edges = start, start + each * on, top + y - half, top + y + half
                        found.add((f"{colour}.{tone or 'solid'}", *edges))
                    x += numbers[0]
                elif command == "M":
                    x, y = numbers
                else:
                    x, y = x + numbers[0], y + numbers[1]
    return found


NAMES = (
    "llama-3-8b", "gpt-oss-20b", "gemma-3-27b", "deepseek-v3", "deepseek-v4-pro", "nemotron-h-56b",
    "minimax-m3-428b", "gemma-4-e2b", "llama-4-maverick", "falcon-h1-7b", "gpt2-xl",
)  # fmt: skip
"""Of several runs, pale grounds, thin and broken bars, runs of deep models, wide cells, two bars in a track."""


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_is_where_the_figure_has_it(name: str) -> None:
    drawn, place, whole = made(name)
    found, there = sorted(wanted(drawn, place)), sorted(dashed(whole))
    assert len(found) == len(there)
    for one, other in zip(found, there, strict=True):
        assert one[0] == other[0]
        # One line stands for cells whose edges differ by less: the figure rounds each to hundredths.
        assert one[1:] == pytest.approx(other[1:], abs=0.1)


def test_what_lines_can_t_say_stays() -> None:
    """Hollow cells and slanted ends are paths as before, and the words are all there."""
    for name in ("gemma-4-e2b", "llama-4-maverick", "hy4-preview-770b-a49b"):
        drawn, _, whole = made(name)
        text = ElementTree.tostring(whole, encoding="unicode")
        paths = [p for p in whole.findall(f"{SVG}path") if p.get("d", "").count("z") > 5]
        assert paths, name
        before = ElementTree.fromstring(drawn.inline())
        assert "".join(whole.itertext()) in "".join(before.itertext())
        assert len(text) < len(drawn.inline())


def test_a_schedule_is_the_same_text_in_models_of_another_depth() -> None:
    """What compression finds again: of full and windowed layers by turns only the length differs."""
    lines = {
        name: [line.get("d", "") for line in made(name)[2].iter(f"{SVG}path")][:1]
        for name in ("gpt-oss-20b", "gpt-oss-120b")
    }
    short, long = (lines[name][0] for name in lines)
    assert long.startswith(short)
