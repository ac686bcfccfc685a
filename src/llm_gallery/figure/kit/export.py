"""Figures as PNG and PDF, through typst with the shipped fonts; the text of a PDF stays text."""

from __future__ import annotations

import re
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from llm_gallery.extras import need
from llm_gallery.figure.kit.outlines import without
from llm_gallery.figure.kit.png import stacked

PX = 72 / 96
"""Points of a CSS pixel."""
LESS, FLATTER = 0.001, 0.0001
"""Points by which an image is smaller than its page, px by which it is flatter than its pixels: where typst
finds one pixel more by rounding, it draws that many and drops a row of them in the middle of a letter."""
WHOLE, BAND = 12_000_000, 3_000_000
"""Pixels that are drawn at once, and of what is larger at a time: typst keeps all that it draws for a while."""


def png(svg: str, scale: float = 1.0) -> bytes:
    """The figure as PNG, `scale` device pixels to one of its own; a fraction of a pixel is cut off."""
    wide, high = _size(svg)
    across, rows = max(1, int(wide * scale)), max(1, int(high * scale))
    each = rows if across * rows <= WHOLE else max(1, BAND // across)
    bands = (
        _compiled(
            _part(svg, across / scale, top / scale, min(each, rows - top) / scale), "png", scale
        )
        for top in range(0, rows, each)
    )
    return next(bands) if rows <= each else stacked(bands, rows)


def pdf(svg: str) -> bytes:
    """The figure as a PDF of one page."""
    return _compiled(svg, "pdf")


def _compiled(svg: str, ending: Literal["png", "pdf"], scale: float | None = None) -> bytes:
    need("export", "A figure as PNG or PDF")
    import typst

    sides = tuple(zip(("width", "height"), _size(svg), strict=True))
    page = ", ".join(f"{name}: {side * PX:.6f}pt" for name, side in sides)
    image = ", ".join(f"{name}: {side * PX - LESS:.6f}pt" for name, side in sides)
    with (
        TemporaryDirectory() as folder,
        as_file(files("llm_gallery.figure.kit") / "fonts") as fonts,
    ):
        Path(folder, "figure.svg").write_text(without(svg), encoding="utf-8")
        source = Path(folder, "figure.typ")
        source.write_text(f'#set page({page}, margin: 0pt)\n#image("figure.svg", {image})\n')
        return typst.compile(
            str(source),
            format=ending,
            ppi=None if scale is None else 72 * scale / PX,
            font_paths=[str(fonts)],
            ignore_system_fonts=True,
            timestamp=0,
        )


def _size(svg: str) -> tuple[float, float]:
    """Width and height that the SVG states."""
    root = svg[: svg.index(">")]
    found = {name: float(value) for name, value in re.findall(r' (width|height)="([\d.]+)"', root)}
    return found["width"], found["height"]


def _part(svg: str, wide: float, top: float, high: float) -> str:
    """The figure from a height on, so wide and so high."""
    root, end, rest = svg.partition(">")
    high -= FLATTER
    view = f"0 {top:.6f} {wide:.6f} {high:.6f}"
    for name, value in (("width", f"{wide:.6f}"), ("height", f"{high:.6f}"), ("viewBox", view)):
        root = re.sub(f' {name}="[^"]*"', f' {name}="{value}"', root)
    return f"{root}{end}{rest}"
