"""Cuts the figures' four cuts of Inter from npm's `inter-ui` and writes their widths and outlines.

Needs npm and the extra `fonts`; the results are committed. Run: python -m tools.generate_font [--check]
"""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path

import uharfbuzz
from fontTools import subset
from fontTools.misc.transform import Scale
from fontTools.pens.basePen import decomposeQuadraticSegment
from fontTools.pens.recordingPen import DecomposingRecordingPen, RecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

from tools.generated import ROOT, settled

PACKAGE = "inter-ui@4.1.1"
FONTS = ROOT / "src/llm_gallery/figure/kit/fonts"
CUTS = {"400": "Regular", "500": "Medium", "600": "SemiBold", "400i": "Italic"}
LETTERS = "U+20-7E,U+A0-FF,U+131,U+141,U+142,U+152,U+153,U+160,U+161,U+17D,U+17E,U+2010-2015"
SIGNS = (
    "U+2018-201E,U+2022,U+2026,U+2190-2193,U+2211,U+2212,U+221A,U+221E,U+2248,U+2260,U+2264,U+2265"
)
GREEK = "U+394,U+3A3,U+3B1-3C9"


def sources() -> dict[str, bytes]:
    """The fonts and the licence of the npm package."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", PACKAGE, "--silent", "--pack-destination", folder]
        name = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
        with tarfile.open(Path(folder) / name.splitlines()[-1]) as archive:
            held = {m.name: archive.extractfile(m) for m in archive.getmembers() if m.isfile()}
            return {path: stream.read() for path, stream in held.items() if stream is not None}


def cut(data: bytes, characters: str) -> TTFont:
    """A font with only these characters, kerning and tabular figures."""
    font = TTFont(BytesIO(data), recalcTimestamp=False)
    options = subset.Options(layout_features=["kern", "tnum"], hinting=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=subset.parse_unicodes(characters))
    cutter.subset(font)
    return font


def saved(font: TTFont, flavor: str | None) -> bytes:
    """The bytes of a font as woff2 or, without flavor, as TrueType."""
    font.flavor = flavor
    out = BytesIO()
    font.save(out)
    return out.getvalue()


def table(truetype: bytes, characters: list[str]) -> dict[str, object]:
    """Advances, tabular advance of a figure, and kerning as a matrix of classes; in thousandths of an em."""
    font = uharfbuzz.Font(uharfbuzz.Face(truetype))
    scale = 1000 / font.face.upem

    def width(text: str, features: dict[str, bool]) -> float:
        buffer = uharfbuzz.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        uharfbuzz.shape(font, buffer, features)
        return float(sum(p.x_advance for p in buffer.glyph_positions) * scale)

    alone = {c: width(c, {}) for c in characters}
    pairs = {
        a: tuple(round(width(a + b, {}) - alone[a] - alone[b], 2) for b in characters)
        for a in characters
    }
    columns = {b: tuple(row[i] for row in pairs.values()) for i, b in enumerate(characters)}
    right = {column: k for k, column in enumerate(dict.fromkeys(columns.values()))}
    first = {
        k: characters.index(next(c for c in characters if right[columns[c]] == k))
        for k in right.values()
    }
    rows = {a: tuple(row[first[k]] for k in range(len(right))) for a, row in pairs.items()}
    left = {row: k for k, row in enumerate(dict.fromkeys(rows.values()))}
    return {
        "characters": "".join(characters),
        "advances": [round(alone[c], 2) for c in characters],
        "tabular": round(width("0", {"tnum": True}), 2),
        "left": [left[rows[c]] for c in characters],
        "right": [right[columns[c]] for c in characters],
        "kerning": [{str(k): v for k, v in enumerate(row) if v} for row in left],
    }


Point = tuple[float, float]


def course(glyph: RecordingPen) -> str:
    """A glyph as SVG path data: relative steps in whole numbers, those along an axis by their one number."""
    path, at, start = "", (0, 0), (0, 0)
    for command, points in glyph.value:
        if command == "closePath":
            path, at = f"{path}z", start
            continue
        segments: list[tuple[Point, ...]] = (
            decomposeQuadraticSegment(points) if command == "qCurveTo" else [points]
        )
        for segment in segments:
            ends = [(round(x) - at[0], round(y) - at[1]) for x, y in segment]
            path += _step("m" if command == "moveTo" else "l", ends)
            at = (at[0] + ends[-1][0], at[1] + ends[-1][1])
        start = at if command == "moveTo" else start
    return path


def _step(letter: str, ends: list[tuple[int, int]]) -> str:
    if len(ends) > 1:
        letter = "q"
    elif letter == "l" and 0 in ends[0]:
        return f"v{ends[0][1]}" if ends[0][0] == 0 else f"h{ends[0][0]}"
    return letter + " ".join(str(n) for end in ends for n in end).replace(" -", "-")


def outlines(truetype: bytes) -> dict[str, object]:
    """The path of each character, and of the ten tabular figures; 1,000 to an em, y downwards."""
    font = TTFont(BytesIO(truetype))
    glyphs, names = font.getGlyphSet(), font.getBestCmap()
    scale = 1000 / font["head"].unitsPerEm
    tabular: dict[str, str] = {}
    for record in font["GSUB"].table.FeatureList.FeatureRecord:
        if record.FeatureTag == "tnum":
            for index in record.Feature.LookupListIndex:
                for part in font["GSUB"].table.LookupList.Lookup[index].SubTable:
                    tabular |= getattr(part, "ExtSubTable", part).mapping

    def drawn(name: str) -> str:
        pen = DecomposingRecordingPen(glyphs)
        glyphs[name].draw(TransformPen(pen, Scale(scale, -scale)))
        return course(pen)

    return {
        "characters": {chr(code): drawn(name) for code, name in sorted(names.items())},
        "tabular": {digit: drawn(tabular[names[ord(digit)]]) for digit in "0123456789"},
    }


def written(held: dict[str, dict[str, object]]) -> bytes:
    """A table of each cut as JSON, a line a cut."""
    head = f'{{"GENERATED": "by tools/generate_font.py from {PACKAGE}",\n'
    rows = ",\n".join(
        f'"{key}": {json.dumps(value, ensure_ascii=False, separators=(",", ":"))}'
        for key, value in held.items()
    )
    return f"{head}{rows}}}\n".encode()


def files(held: dict[str, bytes]) -> dict[Path, bytes]:
    """The fonts, their licence, the tables of widths and of outlines, by path."""
    made = {FONTS / "Inter-LICENSE.txt": held["package/LICENSE.txt"]}
    tables, courses = {}, {}
    for key, name in CUTS.items():
        # All cuts hold the same characters: typst leaves a font for a whole text where it lacks one.
        font = cut(held[f"package/web/Inter-{name}.woff2"], f"{LETTERS},{SIGNS},{GREEK}")
        kept = sorted(chr(code) for code in font.getBestCmap())
        truetype = saved(font, None)
        made[FONTS / f"Inter-{name}.ttf"] = truetype
        made[FONTS / f"Inter-{name}.woff2"] = saved(font, "woff2")
        tables[key], courses[key] = table(truetype, kept), outlines(truetype)
    made[FONTS / "widths.json"] = written(tables)
    made[FONTS / "outlines.json"] = written(courses)
    return made


if __name__ == "__main__":
    sys.exit(settled(__doc__ or "", "tools.generate_font", files(sources())))
