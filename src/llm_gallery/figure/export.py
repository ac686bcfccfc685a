"""Figures as PNG and PDF, through typst with the shipped fonts; the text of a PDF stays text."""

from __future__ import annotations

import re
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

PX = 72 / 96
"""Points of a CSS pixel."""


def png(svg: str, scale: float = 1.0) -> bytes:
    """The figure as PNG, `scale` device pixels to one of its own."""
    return _compiled(svg, "png", ppi=72 * scale / PX)


def pdf(svg: str) -> bytes:
    """The figure as a PDF of one page."""
    return _compiled(svg, "pdf", ppi=None)


def _compiled(svg: str, ending: Literal["png", "pdf"], ppi: float | None) -> bytes:
    import typst

    wide, high = _size(svg)
    page = (
        f"#set page(width: {wide * PX:.4f}pt, height: {high * PX:.4f}pt, margin: 0pt)\n"
        f'#image("figure.svg", width: {wide * PX:.4f}pt)\n'
    )
    with TemporaryDirectory() as folder, as_file(files("llm_gallery.figure") / "fonts") as fonts:
        Path(folder, "figure.svg").write_text(_without_faces(svg), encoding="utf-8")
        source = Path(folder, "figure.typ")
        source.write_text(page, encoding="utf-8")
        return typst.compile(
            str(source),
            format=ending,
            ppi=ppi,
            font_paths=[str(fonts)],
            ignore_system_fonts=True,
            timestamp=0,
        )


def _size(svg: str) -> tuple[float, float]:
    """Width and height that the SVG states."""
    root = svg[: svg.index(">")]
    found = {name: float(value) for name, value in re.findall(r' (width|height)="([\d.]+)"', root)}
    return found["width"], found["height"]


def _without_faces(svg: str) -> str:
    """The SVG without embedded fonts: typst reads the font files instead."""
    return re.sub(r"@font-face\{[^}]*\}", "", svg)
