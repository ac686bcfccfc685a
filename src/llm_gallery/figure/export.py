"""Figures as PNG and PDF, through typst with the shipped fonts; the text of a PDF stays text."""

from __future__ import annotations

import re
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from llm_gallery.figure.bands import stacked
from llm_gallery.figure.outlines import without

PX = 72 / 96
"""Points of a CSS pixel."""


BAND = 12_000_000
"""Pixels that are drawn at a time: what is larger is drawn in bands, to bound the memory."""


def png(svg: str, scale: float = 1.0) -> bytes:
    """The figure as PNG, `scale` device pixels to one of its own."""
    wide, high = _size(svg)
    rows = round(high * scale)
    if wide * scale * rows <= BAND:
        return _compiled(svg, "png", scale, (0, high))
    each = max(1, int(BAND / (wide * scale)))
    starts = range(0, rows, each)
    bands = (
        _compiled(svg, "png", scale, (start / scale, min(each, rows - start) / scale))
        for start in starts
    )
    return stacked(bands, rows)


def pdf(svg: str) -> bytes:
    """The figure as a PDF of one page."""
    return _compiled(svg, "pdf", None, (0, _size(svg)[1]))


def _compiled(
    svg: str, ending: Literal["png", "pdf"], scale: float | None, part: tuple[float, float]
) -> bytes:
    """The part of the figure that begins at a height and is so high."""
    import typst

    wide, whole = _size(svg)
    start, high = part
    size = f"width: {wide * PX:.4f}pt, height: {whole * PX:.4f}pt"
    image = f'image("figure.svg", {size})'
    page = (
        f"#set page(width: {wide * PX:.4f}pt, height: {high * PX:.6f}pt, margin: 0pt)\n"
        f"#place(top + left, dy: {-start * PX:.6f}pt, {image})\n"
    )
    with TemporaryDirectory() as folder, as_file(files("llm_gallery.figure") / "fonts") as fonts:
        Path(folder, "figure.svg").write_text(without(svg), encoding="utf-8")
        source = Path(folder, "figure.typ")
        source.write_text(page, encoding="utf-8")
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
