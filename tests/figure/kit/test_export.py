"""PNG and PDF through typst: the right size, the same bytes each time, text that stays text."""

from __future__ import annotations

import re
import struct
import zlib

import pytest

from llm_gallery.catalog.load import find
from llm_gallery.figure import draw
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.export import pdf, png
from llm_gallery.figure.kit.shapes import Picture
from llm_gallery.figure.kit.signs import dot


@pytest.fixture(scope="module")
def figure() -> Drawing:
    model = find("llama-3-8b")
    return draw(model.architecture, model.heading)


def pixels(image: bytes) -> tuple[int, int]:
    assert image.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", image[16:24])
    return width, height


def test_png_has_the_size_of_the_figure(figure: Drawing) -> None:
    width, height = pixels(png(figure))
    assert width == 1200
    assert height == int(figure.picture.height)
    assert pixels(png(figure, scale=2)) == (2400, 2 * height)


def test_exports_are_reproducible(figure: Drawing) -> None:
    assert png(figure) == png(figure)
    assert pdf(figure) == pdf(figure)


def test_pdf_is_one_page_with_the_shipped_fonts(figure: Drawing) -> None:
    made = pdf(figure)
    assert made.startswith(b"%PDF")
    assert made.count(b"/Type /Page\n") + made.count(b"/Type/Page/") <= 1
    inside = b"".join(_streams(made))
    assert b"Inter" in made + inside


def test_the_text_of_a_pdf_can_be_searched(figure: Drawing) -> None:
    """Its fonts map glyphs to characters: what is hidden under outlines in the SVG is text here."""
    inside = b"".join(_streams(pdf(figure)))
    assert b"beginbfchar" in inside or b"beginbfrange" in inside
    assert inside.count(b"BT") > 60


def test_a_pdf_fills_its_dots() -> None:
    """A line of no length with round ends is no mark in a PDF: weights of streams and forks were lost."""
    one = Picture(width=40, height=40, shapes=(dot(20, 20, "ink"),))
    page = next(part for part in _streams(pdf(Drawing(one))) if b"BDC" in part)
    ground, drawn, *_ = page.split(b"\nf\n")  # what each fill fills
    assert len(re.findall(rb" c\s", ground)) == 0
    assert len(re.findall(rb" c\s", drawn)) == 4  # quarters of a circle


def _streams(document: bytes) -> list[bytes]:
    found = []
    for part in document.split(b"stream\n")[1:]:
        try:
            found.append(zlib.decompress(part.split(b"\nendstream")[0]))
        except zlib.error:
            continue
    return found
