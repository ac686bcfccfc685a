"""Figures as PNG and PDF, through typst with the shipped fonts; the text of a PDF stays text."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal

from llm_gallery.extras import need
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.png import stacked
from llm_gallery.figure.kit.theme import ThemeName

if TYPE_CHECKING:
    from typst import Fonts

PX = 72 / 96
"""Points of a CSS pixel."""
LESS, FLATTER = 0.001, 0.0001
"""Points by which an image is smaller than its page, px by which it is flatter than its pixels: where typst
finds one pixel more by rounding, it draws that many and drops a row of them in the middle of a letter."""
WHOLE, BAND = 12_000_000, 3_000_000
"""Pixels that are drawn at once, and of what is larger at a time: typst keeps all that it draws for a while."""


def png(drawing: Drawing, theme: ThemeName = "light", scale: float = 1.0) -> bytes:
    """The figure as PNG, `scale` device pixels to one of its own; a fraction of a pixel is cut off."""
    across, rows = (max(1, int(side * scale)) for side in _sides(drawing))
    each = rows if across * rows <= WHOLE else max(1, BAND // across)
    wide = round(across / scale, 6)

    def band(top: int) -> bytes:
        high = round(min(each, rows - top) / scale - FLATTER, 6)
        return _compiled(drawing.part(theme, top / scale, wide, high), (wide, high), "png", scale)

    bands = map(band, range(0, rows, each))
    return next(bands) if rows <= each else stacked(bands, rows)


def pdf(drawing: Drawing, theme: ThemeName = "light") -> bytes:
    """The figure as a PDF of one page."""
    return _compiled(drawing.alone(theme, outlined=False), _sides(drawing), "pdf")


def _sides(drawing: Drawing) -> tuple[float, float]:
    """Width and height as its file states them."""
    return round(drawing.picture.width, 2), round(drawing.picture.height, 2)


def _compiled(
    svg: str, sides: tuple[float, float], ending: Literal["png", "pdf"], scale: float | None = None
) -> bytes:
    need("export", "A figure as PNG or PDF")
    import typst

    named = tuple(zip(("width", "height"), sides, strict=True))
    page = ", ".join(f"{name}: {side * PX:.6f}pt" for name, side in named)
    image = ", ".join(f"{name}: {side * PX - LESS:.6f}pt" for name, side in named)
    with TemporaryDirectory() as folder:
        Path(folder, "figure.svg").write_text(svg, encoding="utf-8")
        source = Path(folder, "figure.typ")
        source.write_text(f'#set page({page}, margin: 0pt)\n#image("figure.svg", {image})\n')
        compiler = typst.Compiler(
            str(source), root=folder, font_paths=_fonts(), ignore_system_fonts=True
        )
        made = compiler.compile(
            format=ending, ppi=None if scale is None else 72 * scale / PX, timestamp=0
        )
    assert isinstance(made, bytes)  # of one page
    return made


@cache
def _fonts() -> Fonts:
    """The shipped fonts, read once: that takes a third of the time of a figure."""
    import typst

    folder = str(files("llm_gallery.figure.kit") / "fonts")
    return typst.Fonts(include_system_fonts=False, font_paths=[folder])
