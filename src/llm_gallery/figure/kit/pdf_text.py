"""Text of a PDF in stretches: typst writes each glyph of an image as a block of its own, which is half of the file."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

GLYPH = re.compile(
    rb"q (\S+) 0 0 -(\S+) (\S+) (\S+) cm(/\w+ cs [^\n]* scn)\n"
    rb"BT 0 Tr/(\w+) (\S+) Tf 1 0 0 -1 0 0 Tm\(((?:[^\\)]|\\.)*)\)Tj\nET\nQ\n",
    re.DOTALL,
)
"""A glyph's scale, place, paint, font and code."""
ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
CONTROLS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
Advances = Mapping[int, float]
"""Thousandths of an em that a glyph is wide, by its code."""


def in_stretches(pdf: bytes) -> bytes:
    """A PDF of one page, as typst writes it, with neighbouring glyphs of one look in one command."""
    objects = _Objects.read(pdf)
    page = next(body for body in objects.bodies if b"/Contents " in body)
    number = _reference(rb"/Contents", page)
    resources = objects.bodies[_reference(rb"/Resources", page)]
    fonts = {
        font: _advances(objects, int(at))
        for font, at in re.findall(rb"/(f\d+) (\d+) 0 R", resources)
    }
    head, _, rest = objects.bodies[number].partition(b"\nstream\n")
    packed = rest[: _length(head)]
    content = zlib.compress(b"".join(_commands(zlib.decompress(packed), fonts)), 9)
    objects.bodies[number] = (
        b"%d 0 obj\n<</Length %d/Filter/FlateDecode>>\nstream\n%s\nendstream\nendobj\n"
        % (number, len(content), content)
    )
    return objects.written()


def _commands(content: bytes, fonts: Mapping[bytes, Advances]) -> Iterator[bytes]:
    at = 0
    stretch: _Stretch | None = None
    for glyph in GLYPH.finditer(content):
        across, down, x, y, paint, font, size, code = glyph.groups()
        look = across, down, y, paint, font, size
        if stretch is None or glyph.start() != at or stretch.look != look:
            if stretch is not None:
                yield stretch.written()
            yield content[at : glyph.start()]
            stretch = _Stretch(look, x, fonts[font], float(x), float(across) * float(size) / 1000)
        stretch.add(float(x), ESCAPED.sub(_unescaped, code))
        at = glyph.end()
    if stretch is not None:
        yield stretch.written()
    yield content[at:]


def _unescaped(found: re.Match[bytes]) -> bytes:
    said = found[1]
    return bytes((int(said, 8),)) if said.isdigit() else CONTROLS.get(said, said)


@dataclass(slots=True)
class _Stretch:
    """Glyphs of one look beside each other."""

    look: tuple[bytes, ...]
    start: bytes
    advances: Advances
    end: float  # where the next glyph stands by itself
    unit: float  # a thousandth of an em
    said: list[bytes] = field(default_factory=list)

    def add(self, x: float, code: bytes) -> None:
        """A glyph at its place: to a hundredth of a thousandth of an em, so that no device draws another pixel."""
        step = round((self.end - x) / self.unit, 2)
        if step:
            self.said.append(b">%.7g<" % step)
        self.said.append(code.hex().encode())
        self.end += (self.advances[int.from_bytes(code, "big")] - step) * self.unit

    def written(self) -> bytes:
        across, down, y, paint, font, size = self.look
        place = b" ".join((across, b"0 0", down, self.start, y))
        shown = b"".join(self.said)
        return b"q%s\nBT 0 Tr/%s %s Tf %s Tm[<%s>]TJ\nET\nQ\n" % (paint, font, size, place, shown)


def _advances(objects: _Objects, font: int) -> Advances:
    """Of a font, as typst lists them: for each code from and to it, and how wide."""
    inner = objects.bodies[_reference(rb"/DescendantFonts\[", objects.bodies[font])]
    found = re.search(rb"/W\[([^\]]*)\]", inner)
    assert found is not None  # of a font with two-byte codes
    said = found[1].split()
    stretches = zip(said[::3], said[1::3], said[2::3], strict=True)
    return {
        code: float(wide)
        for first, last, wide in stretches
        for code in range(int(first), int(last) + 1)
    }


def _reference(key: bytes, body: bytes) -> int:
    found = re.search(key + rb" ?(\d+) 0 R", body)
    assert found is not None  # of what every page has
    return int(found[1])


def _length(head: bytes) -> int:
    return int(head.rpartition(b"/Length ")[2].partition(b"/")[0])


@dataclass(slots=True)
class _Objects:
    """A PDF taken apart: what stands before its objects, they by their number, and the trailer."""

    bodies: list[bytes]  # the first is the file's head
    trailer: bytes

    @classmethod
    def read(cls, pdf: bytes) -> _Objects:
        """By the table of places at its end."""
        table = int(pdf.rpartition(b"startxref\n")[2].split()[0])
        places, _, trailer = pdf[table:].partition(b"trailer\n")
        starts = [int(row[:10]) for row in places.split(b"\n")[3:] if row.endswith(b"n\r")]
        assert starts == sorted(starts)  # so each ends where the next begins
        parts = zip([0, *starts], [*starts, table], strict=True)
        return cls([pdf[a:b] for a, b in parts], trailer.partition(b"startxref")[0])

    def written(self) -> bytes:
        """The file, with a new table."""
        starts, at = [], 0
        for body in self.bodies:
            starts.append(at)
            at += len(body)
        rows = b"".join(b"%010d 00000 n\r\n" % start for start in starts[1:])
        table = b"xref\n0 %d\n0000000000 65535 f\r\n%s" % (len(self.bodies), rows)
        end = b"trailer\n%sstartxref\n%d\n%%%%EOF" % (self.trailer, at)
        return b"".join((*self.bodies, table, end))
