"""Fonts of a figure's letters alone: what they draw is what the shipped cut draws, kerning included."""

from __future__ import annotations

import zlib
from importlib.resources import files
from io import BytesIO

import pytest
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont

from llm_gallery.figure.kit.subset import FACES, STANDARD, font_faces, woff
from llm_gallery.figure.kit.text import steps

WORDS = "Grouped-query attention, α ≥ 7,168 × 1.5: AVATAR To"
FIGURES = "0123456789"


def read(cut: str) -> tuple[TTFont, TTFont]:
    """A subset, and the cut that it is of."""
    name = f"fonts/Inter-{FACES[cut][0]}.ttf"
    whole = files("llm_gallery.figure.kit").joinpath(name).read_bytes()
    return TTFont(BytesIO(woff(cut, [(WORDS, False), (FIGURES, True)]))), TTFont(BytesIO(whole))


def drawn(font: TTFont, glyph: str) -> list[tuple[str, tuple[object, ...]]]:
    pen = DecomposingRecordingPen(font.getGlyphSet())
    font.getGlyphSet()[glyph].draw(pen)
    return list(pen.value)


@pytest.mark.parametrize("cut", FACES)
def test_letters_are_those_of_the_cut(cut: str) -> None:
    small, whole = read(cut)
    for character in WORDS + FIGURES:
        one, other = (font.getBestCmap()[ord(character)] for font in (small, whole))
        assert drawn(small, one) == drawn(whole, other), character
        assert small["hmtx"][one] == whole["hmtx"][other], character


@pytest.mark.parametrize("cut", FACES)
def test_figures_of_equal_width_are_there(cut: str) -> None:
    small, whole = read(cut)
    (lookup,) = small["GSUB"].table.LookupList.Lookup
    (tabular,) = (table.mapping for table in lookup.SubTable)
    for digit in FIGURES:
        glyph = tabular[small.getBestCmap()[ord(digit)]]
        at = small.getGlyphID(glyph)
        assert drawn(small, glyph) == drawn(whole, whole.getGlyphName(at)) != []
        assert small["hmtx"][glyph] == whole["hmtx"][whole.getGlyphName(at)]


@pytest.mark.parametrize("cut", FACES)
def test_pairs_are_kerned_as_measured(cut: str) -> None:
    small, _ = read(cut)
    (table,) = small["kern"].kernTables
    names, em = small.getBestCmap(), small["head"].unitsPerEm
    before = ""
    kerned = 0
    for character, kerning, _ in steps(WORDS, cut, False):
        if kerning:
            kerned += 1
            found = table.kernTable[names[ord(before)], names[ord(character)]]
            assert abs(found - kerning * em / 1000) <= 0.5
        before = character
    assert kerned


def test_what_nobody_uses_is_empty() -> None:
    small, whole = read("400")
    unused = whole.getBestCmap()[ord("Q")]
    assert drawn(small, small.getGlyphName(whole.getGlyphID(unused))) == []
    assert small["maxp"].numGlyphs == whole["maxp"].numGlyphs
    assert len(woff("400", [("Q", False)])) < 1_800


@pytest.mark.parametrize("cut", FACES)
def test_characters_are_those_that_are_used(cut: str) -> None:
    """Also two that follow one another where their glyphs don't, and none at all."""
    small, whole = read(cut)
    used = WORDS + FIGURES + STANDARD
    ids = {ord(c): whole.getGlyphID(whole.getBestCmap()[ord(c)]) for c in used}
    assert {code: small.getGlyphID(name) for code, name in small.getBestCmap().items()} == ids
    empty = TTFont(BytesIO(woff(cut, [("", False)])))
    assert set(empty.getBestCmap()) == set(map(ord, STANDARD))


def test_sums_of_tables_hold() -> None:
    """A browser may refuse a font whose tables aren't what their sums say."""
    data = woff("600", [(WORDS, False)])
    count = int.from_bytes(data[12:14], "big")
    for entry in range(count):
        row = data[44 + 20 * entry : 64 + 20 * entry]
        at, packed, size, told = (int.from_bytes(row[i : i + 4], "big") for i in (4, 8, 12, 16))
        table = data[at : at + packed]
        table = table if packed == size else zlib.decompress(table)
        assert len(table) == size
        padded = table + bytes(-size % 4)
        words = (int.from_bytes(padded[i : i + 4], "big") for i in range(0, len(padded), 4))
        assert sum(words) % 2**32 == told
    assert int.from_bytes(data[8:12], "big") == len(data)


def test_a_cut_that_nothing_is_set_in_is_left_out() -> None:
    rules = font_faces([("a", "400", False), ("b", "400i", False), ("c", "400", True)])
    assert rules.count("@font-face") == 2
    assert "font-style:italic;font-weight:400" in rules
    assert "font-weight:600" not in rules
    assert rules == font_faces([("c", "400", True), ("b", "400i", False), ("a", "400", False)])


def test_only_what_letters_change_is_compressed_for_another_figure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Outlines, their places, advances, kerning and characters; the tables that stay are compressed once a cut."""
    first, compress = woff("400", [("Attention", False)]), zlib.compress
    compressed: list[bytes] = []

    def noted(data: bytes, level: int) -> bytes:
        compressed.append(data)
        return compress(data, level)

    monkeypatch.setattr(zlib, "compress", noted)
    assert woff("400", [("Tokens", False)]) != first
    assert len(compressed) == 5
