"""Towers with live text: every word is text, ids and classes say what is what, and words keep their room in any font."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser

from llm_gallery.catalog.load import find
from llm_gallery.figure import Detail, draw
from llm_gallery.figure.kit.drawing import INKSCAPE, Drawing, faces
from llm_gallery.figure.kit.shapes import Text, flat
from llm_gallery.figure.tower.build import tower
from llm_gallery.figure.tower.pages import PAGES
from tests import sample

SVG = "{http://www.w3.org/2000/svg}"
FORMATS: tuple[Detail, ...] = ("card", "paper", "slide")
BYTES = {"card": 40 * 1024, "paper": 40 * 1024, "slide": 40 * 1024, "standard": 60 * 1024}
"""Of a file with live text."""
WIDER = 0.01
"""Of a figure's width: how far a word may reach over another or out of its block where Inter isn't there."""


def _drawing(name: str, detail: Detail) -> Drawing:
    model = find(name)
    return draw(model.architecture, model.heading, detail=detail)


@pytest.mark.parametrize("name", sample.sampled())
def test_every_word_is_text_in_a_group_that_says_what_it_is(name: str) -> None:
    model = find(name)
    rows = tower(model.architecture, model.heading)
    for detail in FORMATS:
        drawing = draw(model.architecture, model.heading, detail=detail)
        text = drawing.alone(outlined=False)
        assert len(text.encode()) < BYTES[detail]
        root = ElementTree.fromstring(text)
        drawn = [each for each in flat(drawing.picture) if isinstance(each, Text)]
        words = sorted("".join(span.text for span in each.spans) for each in drawn)
        texts = [*root.iter(f"{SVG}text")]
        assert sorted("".join(each.itertext()) for each in texts) == words
        assert "fill-opacity" not in text
        groups = {each.attrib["id"]: each for each in root.iter(f"{SVG}g") if "id" in each.attrib}
        ids = [each.attrib["id"] for each in root.iter() if "id" in each.attrib]
        assert len(set(ids)) == len(ids)
        assert all(one.startswith(f"{model.id}-") for one in ids)
        assert all(each.attrib[f"{{{INKSCAPE}}}label"] for each in groups.values())
        grouped = {id(each) for group in groups.values() for each in group.iter(f"{SVG}text")}
        assert {id(each) for each in texts} == grouped
        for storey in rows.storeys:
            layer = groups[f"{model.id}-layer-{storey.layer}"]
            assert layer.attrib["class"] == "layer"
            inner = [each for each in layer.iter(f"{SVG}g") if each is not layer]
            held = [each for each in inner if each.attrib["class"].startswith("block ")]
            titled = [block for branch in storey.branches for block in branch.blocks]
            assert len(held) - sum(b.on_stream + b.under for b in storey.branches) == len(titled)
            attends = sum(block.block.attends for block in titled)
            assert sum("attention" in each.attrib["class"].split() for each in held) == attends
            branches = [each for each in inner if each.attrib["class"] == "branch"]
            assert len(branches) >= len(storey.branches)  # a shortcut is one more
            for branch in branches:
                paths = [each.attrib["class"].split()[-1] for each in branch.iter(f"{SVG}path")]
                assert {"wire", "tip"} <= set(paths)


def test_two_towers_on_one_page_have_no_id_in_common() -> None:
    """In any theme, with outlines or without; what an element refers to is its own tower's."""
    seen: set[str] = set()
    for name in ("deepseek-v3", "gemma-3-27b"):
        files = [
            _drawing(name, "card").alone(theme, outlined=outlined)
            for theme in ("light", "print")
            for outlined in (True, False)
        ]
        ids = {found for text in files for found in re.findall(r' id="([^"]*)"', text)}
        used = {found for text in files for found in re.findall(r'(?:href="|url\()#([^")]*)', text)}
        assert used <= ids
        assert any("hatch" in each for each in ids)
        assert not ids & seen
        seen |= ids


def test_no_group_is_called_as_a_look_is() -> None:
    """Looks are digests of four characters: a style sheet's `.wire` must mean no look."""
    kinds, looks = set[str](), set[str]()
    for name in sample.dozen():
        for theme in ("light", "dark", "print"):
            text = _drawing(name, "slide").alone(theme)
            kinds |= {
                k for said in re.findall(r'<g class="([^"]*)" id=', text) for k in said.split()
            }
            kinds |= {*re.findall(r'<path class="[^" ]+ ([^"]+)"', text)}
            looks |= {*re.findall(r"[.]([A-Za-z0-9]{4}){", text)}
    assert {"layer", "block", "attention", "wire", "stream", "tip", "call-out", "strip"} <= kinds
    assert looks
    assert not kinds & looks


def _misplaced(browser: Browser, files: list[str], faces: str) -> list[Any]:
    page = browser.new_page()
    page.set_content(f"<style>{faces}</style>{''.join(files)}")
    page.evaluate("document.fonts.ready")
    found: list[Any] = page.evaluate(MISPLACED)
    page.close()
    return found


@pytest.mark.parametrize("detail", PAGES)
def test_words_keep_their_room_with_the_font_and_without(browser: Browser, detail: Detail) -> None:
    """Inter's place is taken by a font that is hardly wider: so nothing has to be pressed together."""
    files = [
        _drawing(name, detail).alone(outlined=False)
        for name in (sample.catalog()[::5] if detail == "paper" else sample.catalog()[::9])
    ]
    with_font = _misplaced(browser, files, faces())
    assert [(said, far) for said, share, far in with_font if share > 0.002] == []
    without = _misplaced(browser, files, "")
    assert [(said, far) for said, share, far in without if share > WIDER] == []


MISPLACED = """() => [...document.querySelectorAll("svg")].flatMap((svg) => {
  const canvas = svg.getBoundingClientRect(), found = [];
  const words = [...svg.querySelectorAll("text")].map((text) => ({
    said: text.textContent, box: text.getBoundingClientRect(),
    size: parseFloat(getComputedStyle(text).fontSize), y: text.getCTM().f + parseFloat(text.getAttribute("y")),
  }));
  const tell = (said, far) => { if (far > 0) found.push([`${svg.querySelector("title").textContent}: ${said}`, far / canvas.width, far]); };
  for (const { said, box } of words) tell(said, Math.max(canvas.left - box.left, box.right - canvas.right));
  words.forEach((a, at) => words.slice(at + 1).forEach((b) => {
    if (Math.abs(a.y - b.y) < 0.6 * Math.min(a.size, b.size))
      tell(`${a.said} / ${b.said}`, Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left));
  }));
  for (const block of svg.querySelectorAll(".block")) {
    const ground = block.querySelector("rect").getBoundingClientRect();
    for (const text of block.querySelectorAll("text")) {
      const box = text.getBoundingClientRect();
      tell(text.textContent, Math.max(ground.left - box.left, box.right - ground.right));
    }
  }
  return found;
})"""
