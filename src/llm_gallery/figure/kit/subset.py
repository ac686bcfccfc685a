"""The letters that a figure uses as fonts of its own, a few KB each: what an image on a page needs to look as drawn.

Glyphs keep their numbers and unused ones are empty, so that tables that name glyphs can stay; the characters that
are left are those of the figure, and the kerning that of its pairs.
"""

from __future__ import annotations

import zlib
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from itertools import accumulate
from struct import calcsize, pack, unpack_from
from typing import NamedTuple, TypeVar

from llm_gallery.figure.kit.text import steps

FACES: Mapping[str, tuple[str, int, str]] = {
    "400": ("Regular", 400, "normal"),
    "500": ("Medium", 500, "normal"),
    "600": ("SemiBold", 600, "normal"),
    "400i": ("Italic", 400, "italic"),
}
"""The shipped cuts: name of the file, weight and slant."""
KEPT = ("GSUB", "OS/2", "head", "hhea", "maxp", "post")
"""Tables that stay as they are."""
STANDARD = "0123456789o\N{GREEK SMALL LETTER OMICRON}"
"""Characters by which FreeType finds how a font's stems are hinted, whether the figure uses them or not."""
Run = tuple[str, str, bool]
"""A stretch of text, its cut, and whether its figures are tabular."""
_Key = TypeVar("_Key")
Pairs = tuple[tuple[_Key, int], ...]


def font_faces(runs: Iterable[Run]) -> str:
    """Font-face rules for what some texts are set in, with the letters that they have."""
    of_cut: dict[str, set[tuple[str, bool]]] = {}
    for text, cut, tabular in runs:
        of_cut.setdefault(cut, set()).add((text, tabular))
    return "".join(_face(cut, tuple(sorted(of_cut[cut]))) for cut in FACES if cut in of_cut)


def _face(cut: str, texts: tuple[tuple[str, bool], ...]) -> str:
    _, weight, slant = FACES[cut]
    data = b64encode(woff(cut, texts)).decode()
    slanted = "" if slant == "normal" else f"font-style:{slant};"
    return (
        f"@font-face{{font-family:Inter;{slanted}font-weight:{weight};"
        f"src:url(data:font/woff;base64,{data})}}"
    )


def woff(cut: str, texts: Iterable[tuple[str, bool]]) -> bytes:
    """A cut with the glyphs of some texts alone, as WOFF 1.0."""
    font = _font(cut)
    glyphs = {0}
    characters = {ord(one): font.characters[ord(one)] for one in STANDARD}
    pairs: dict[tuple[int, int], int] = {}
    for text, tabular in texts:
        used, own, kerned = _set(text, cut, tabular)
        characters.update(used)
        glyphs.update(own)
        pairs.update(kerned)
    glyphs = font.with_parts(glyphs)
    count = len(font.places) - 1
    sizes, widths, shapes = [0] * count, [bytes(4)] * (len(font.tables["hmtx"]) // 4), []
    for glyph in sorted(glyphs):
        shapes.append(font.outline(glyph))
        sizes[glyph] = len(shapes[-1])
        if glyph < len(widths):
            widths[glyph] = font.tables["hmtx"][4 * glyph : 4 * glyph + 4]
    offsets = [offset // 2 for offset in accumulate(sizes, initial=0)]
    changed = {
        "glyf": b"".join(shapes),
        "loca": pack(f">{count + 1}H", *offsets),
        "hmtx": b"".join(widths),
        "kern": _kern(pairs),
        "cmap": _cmap(characters),
    }
    return _packed(
        {**_unchanged_tables(cut), **{name: _stored(data) for name, data in changed.items()}}
    )


@lru_cache(maxsize=1 << 14)
def _set(
    text: str, cut: str, tabular: bool
) -> tuple[Pairs[int], frozenset[int], Pairs[tuple[int, int]]]:
    """The glyphs of a text's characters, all that it is set from, and the kerning of its pairs.

    Figures have most texts in common.
    """
    font = _font(cut)
    characters, glyphs, pairs = {}, set(), []
    before: int | None = None
    for character, kerned, _ in steps(text, cut, tabular):
        glyph = font.characters.get(ord(character))
        if glyph is not None:
            characters[ord(character)] = glyph
            glyphs.add(glyph)
            if tabular:
                glyphs.add(font.tabular.get(glyph, glyph))
            if kerned and before is not None:
                pairs.append(((before, glyph), round(kerned * font.em / 1000)))
        before = glyph
    return tuple(characters.items()), frozenset(glyphs), tuple(pairs)


def _cmap(characters: Mapping[int, int]) -> bytes:
    """A table of characters, of format 4: stretches in which the glyphs follow one another as the characters do."""
    stretches: list[
        list[int]
    ] = []  # first and last character, and what is added to either for its glyph
    for character, glyph in sorted(characters.items()):
        step = (glyph - character) & 0xFFFF
        if stretches and stretches[-1][1:] == [character - 1, step]:
            stretches[-1][1] = character
        else:
            stretches.append([character, character, step])
    stretches.append([0xFFFF, 0xFFFF, 1])
    starts, ends, added = zip(*stretches, strict=True)
    count = len(stretches)
    power = count.bit_length() - 1
    search = 2 << power
    head = pack(">HHHH", 2 * count, search, power, 2 * count - search)
    words = pack(f">{4 * count + 1}H", *ends, 0, *starts, *added, *[0] * count)
    return pack(">HHHHIHHH", 0, 1, 3, 1, 12, 4, 14 + len(words), 0) + head + words


def _kern(pairs: Mapping[tuple[int, int], int]) -> bytes:
    """A table of pairs, as the first OpenType has it."""
    rows = b"".join(pack(">HHh", *pair, value) for pair, value in sorted(pairs.items()))
    power = max(1, len(pairs)).bit_length() - 1
    search = 6 << power
    head = pack(">HHHH", len(pairs), search, power, max(0, 6 * len(pairs) - search))
    size = 6 + len(head) + len(rows)
    return pack(">HHHHH", 0, 1, 0, size, 1) + head + rows


class _Stored(NamedTuple):
    """A table as WOFF holds it: compressed where that is shorter."""

    data: bytes
    size: int  # bytes of the table itself
    sum: int


def _stored(table: bytes) -> _Stored:
    short = zlib.compress(table, 9)
    return _Stored(min(table, short, key=len), len(table), _sum(table))


@cache
def _unchanged_tables(cut: str) -> Mapping[str, _Stored]:
    """The tables that stay as they are."""
    tables = {**_font(cut).tables, "name": pack(">HHH", 0, 0, 6)}
    return {name: _stored(tables[name]) for name in (*KEPT, "name")}


def _packed(tables: Mapping[str, _Stored]) -> bytes:
    """Tables as WOFF."""
    entries: list[bytes] = []
    bodies: list[bytes] = []
    at = 44 + 20 * len(tables)
    whole = 12 + 16 * len(tables)
    for name, (data, size, checked) in sorted(tables.items()):
        entries.append(pack(">4sIIII", name.encode(), at, len(data), size, checked))
        bodies += data, bytes(-len(data) % 4)
        at += len(data) + -len(data) % 4
        whole += size + -size % 4
    head = pack(">4sIIHHIHHIIIII", b"wOFF", 0x00010000, at, len(tables), 0, whole, 1, 0, *(0,) * 5)
    return b"".join((head, *entries, *bodies))


def _sum(data: bytes) -> int:
    padded = data + bytes(-len(data) % 4)
    words: tuple[int, ...] = unpack_from(f">{len(padded) // 4}I", padded)
    return sum(words) & 0xFFFFFFFF


@dataclass(frozen=True)
class _Font:
    """A shipped cut, taken apart."""

    tables: Mapping[str, bytes]
    characters: Mapping[int, int]  # code point: glyph
    tabular: Mapping[int, int]  # glyph: that of equal width
    places: tuple[int, ...]  # bytes, where each glyph's outline begins

    @cached_property
    def em(self) -> int:
        """Units of an em."""
        units: int = unpack_from(">H", self.tables["head"], 18)[0]
        return units

    def outline(self, glyph: int) -> bytes:
        """Of one glyph."""
        return self.tables["glyf"][self.places[glyph] : self.places[glyph + 1]]

    def with_parts(self, glyphs: set[int]) -> set[int]:
        """Glyphs, and those that they are put together of."""
        found, left = set(glyphs), [*glyphs]
        while left:
            new = set(_parts(self.outline(left.pop()))) - found
            found |= new
            left += new
        return found


def _parts(outline: bytes) -> Iterator[int]:
    """The glyphs that a glyph is put together of."""
    if len(outline) < 10 or unpack_from(">h", outline)[0] >= 0:
        return
    at, flags = 10, 0x20
    while flags & 0x20:  # more follow
        flags, part = unpack_from(">HH", outline, at)
        yield part
        scales = 2 if flags & 8 else 4 if flags & 0x40 else 8 if flags & 0x80 else 0
        at += 4 + (4 if flags & 1 else 2) + scales


@cache
def _font(cut: str) -> _Font:
    name = FACES[cut][0]
    data = files("llm_gallery.figure.kit").joinpath(f"fonts/Inter-{name}.ttf").read_bytes()
    tables: dict[str, bytes] = {}
    for entry in range(unpack_from(">H", data, 4)[0]):
        tag, _, at, size = unpack_from(">4sIII", data, 12 + 16 * entry)
        tables[tag.decode()] = data[at : at + size]
    count = unpack_from(">H", tables["maxp"], 4)[0]
    places = unpack_from(f">{count + 1}H", tables["loca"])
    return _Font(
        tables,
        dict(_characters(tables["cmap"])),
        _substitutes(tables["GSUB"]),
        tuple(2 * place for place in places),
    )


def _characters(table: bytes) -> Iterator[tuple[int, int]]:
    """Code points and their glyphs: a table of format 4."""
    (at,) = unpack_from(">I", table, 8)
    (twice,) = unpack_from(">H", table, at + 6)
    count = twice // 2
    ends = unpack_from(f">{count}H", table, at + 14)
    starts = unpack_from(f">{count}H", table, at + 16 + twice)
    deltas = unpack_from(f">{count}H", table, at + 16 + 2 * twice)
    where = at + 16 + 3 * twice
    ranges = unpack_from(f">{count}H", table, where)
    for index, (start, end, delta, step) in enumerate(
        zip(starts, ends, deltas, ranges, strict=True)
    ):
        for code in range(start, min(end, 0xFFFE) + 1):
            glyph = code
            if step:
                (glyph,) = unpack_from(">H", table, where + 2 * index + step + 2 * (code - start))
            yield code, (glyph + delta) & 0xFFFF


def _substitutes(table: bytes) -> dict[int, int]:
    """The one substitution that the cuts have: tabular figures, a list of glyphs for ranges of others."""
    (lookups,) = unpack_from(">H", table, 8)
    (lookup,) = unpack_from(">H", table, lookups + 2)
    at = lookups + lookup
    kind, _, _, inner = unpack_from(">HHHH", table, at)
    at += inner
    form, covered, count = unpack_from(">HHH", table, at)
    into = unpack_from(f">{count}H", table, at + calcsize(">HHH"))
    ranged, ranges = unpack_from(">HH", table, at + covered)
    if (kind, form, ranged) != (1, 2, 2):
        raise ValueError(f"a substitution of kind {kind}, {form}, {ranged}, expected 1, 2, 2")
    found: list[int] = []
    for index in range(ranges):
        first, last, _ = unpack_from(">HHH", table, at + covered + 4 + 6 * index)
        found += range(first, last + 1)
    return dict(zip(found, into, strict=True))
