"""Text of a PDF in stretches: every glyph stands where typst put it, and nothing else changes."""

from __future__ import annotations

import re
import zlib

import pytest

from llm_gallery.catalog.load import find
from llm_gallery.figure import Detail, draw
from llm_gallery.figure.kit import export
from llm_gallery.figure.kit.pdf_text import GLYPH, in_stretches

FIGURES: tuple[tuple[str, Detail], ...] = (
    ("deepseek-v3", "standard"),
    ("gemma-3-27b", "overview"),
    ("mamba-2.8b", "phone"),
)
STRETCH = re.compile(
    rb"q(/[^\n]*)\nBT 0 Tr/(\w+) (\S+) Tf (\S+) 0 0 (\S+) (\S+) (\S+) Tm\[(.*?)\]TJ\nET\nQ\n"
)
Glyph = tuple[bytes, bytes, bytes, int, float, float]
"""Paint, font, size, code and place."""


def content(pdf: bytes) -> bytes:
    """What the page draws."""
    number = re.search(rb"/Contents (\d+) 0 R", pdf)
    assert number
    body = pdf.partition(b"\n%s 0 obj\n" % number[1])[2].partition(b"stream\n")[2]
    return zlib.decompressobj().decompress(body)


def advances(pdf: bytes) -> dict[bytes, dict[int, float]]:
    """Of each font by its name on the page: thousandths of an em."""
    found: dict[bytes, dict[int, float]] = {}
    for font, at in re.findall(rb"/(f\d) (\d+) 0 R", pdf):
        inner = re.search(rb"\n%s 0 obj\n.*?/DescendantFonts\[(\d+) " % at, pdf, re.DOTALL)
        assert inner
        wide = re.search(rb"\n%s 0 obj\n.*?/W\[([^\]]*)\]" % inner[1], pdf, re.DOTALL)
        assert wide
        said = [float(number) for number in wide[1].split()]
        found[font] = {
            code: said[i + 2]
            for i in range(0, len(said), 3)
            for code in range(int(said[i]), int(said[i + 1]) + 1)
        }
    return found


def alone(pdf: bytes) -> list[Glyph]:
    """Where typst puts each glyph; it writes codes as octal numbers or as the characters themselves."""
    escapes = {b"n": 10, b"r": 13, b"t": 9, b"b": 8, b"f": 12}
    found = []
    for _, _, x, y, paint, font, size, code in GLYPH.findall(content(pdf)):
        read = [
            int(one[1:], 8) if one[1:].isdigit() else escapes.get(one[1:], one[-1])
            for one in re.findall(rb"\\[0-7]{3}|\\.|.", code, re.DOTALL)
        ]
        assert len(read) == 2
        found.append((paint, font, size, 256 * read[0] + read[1], float(x), float(y)))
    return found


def together(pdf: bytes) -> list[Glyph]:
    """Where each glyph of a stretch comes to stand."""
    found, wide = [], advances(pdf)
    for paint, font, size, scale, _, x, y, shown in STRETCH.findall(content(pdf)):
        unit, at = float(scale) * float(size) / 1000, float(x)
        for codes, step in re.findall(rb"<(\w+)>|([-\d.e]+)", shown):
            at -= float(step or 0) * unit
            for i in range(0, len(codes), 4):
                code = int(codes[i : i + 4], 16)
                found.append((paint, font, size, code, at, float(y)))
                at += wide[font][code] * unit
    return found


@pytest.mark.parametrize(("name", "detail"), FIGURES)
def test_glyphs_stand_where_they_stood(
    name: str, detail: Detail, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = find(name)
    figure = draw(model.architecture, model.heading, detail=detail)
    made = export.pdf(figure)
    monkeypatch.setattr(export, "in_stretches", lambda pdf: pdf)
    plain = export.pdf(figure)
    assert made == in_stretches(plain)
    before, after = alone(plain), together(made)
    assert len(before) > 100
    assert [glyph[:4] for glyph in after] == [glyph[:4] for glyph in before]
    assert all(abs(a[4] - b[4]) < 2e-4 and a[5] == b[5] for a, b in zip(before, after, strict=True))
    rest = [GLYPH.sub(b"", content(plain)), STRETCH.sub(b"", content(made))]
    assert rest[0] == rest[1]
    assert len(STRETCH.findall(content(made))) * 4 < len(before)
    assert len(made) < len(plain)


def test_a_table_of_places_is_right() -> None:
    model = find("llama-3-8b")
    made = export.pdf(draw(model.architecture, model.heading))
    at = int(made.rpartition(b"startxref\n")[2].split()[0])
    assert made[at:].startswith(b"xref\n0 ")
    starts = [int(row) for row in re.findall(rb"(\d{10}) 00000 n\r\n", made[at:])]
    assert len(starts) > 20
    for number, start in enumerate(starts, 1):
        assert made[start:].startswith(b"%d 0 obj\n" % number)
