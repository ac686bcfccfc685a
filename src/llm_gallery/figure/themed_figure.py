"""A figure that shows itself in a notebook, and writes itself as SVG, PNG, PDF, TikZ or Excalidraw."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal, NamedTuple

from llm_gallery.architecture.refusal import Refusal, counted, printable
from llm_gallery.figure.kit import export
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.scene import Part, scene
from llm_gallery.figure.kit.svg import text
from llm_gallery.figure.kit.theme import ThemeName
from llm_gallery.figure.steps import Steps

Words = Literal["outlines", "live"]
"""What the words of an SVG are: outlines that look the same everywhere, or text that can be edited and restyled."""
ENDINGS = ".svg, .png, .pdf, .tex or .excalidraw"
"""Of the files that a figure writes: the last two are TikZ and a scene of Excalidraw."""
LARGEST = 50.0
"""Pixels of a PNG to one of the figure at most."""


@dataclass(frozen=True)
class Figure:
    """A figure in a theme, which a notebook shows."""

    drawing: Drawing
    theme: ThemeName = "light"
    text: Words = "outlines"
    walk: Callable[[], Steps] | None = field(default=None, repr=False, compare=False)
    """What gives the steps of the model that it shows; None where it shows none, or several."""

    def __repr__(self) -> str:
        return f'<Figure "{printable(self.drawing.title, 160)}", {self.theme}>'

    @cached_property
    def svg(self) -> str:
        """The SVG; its words as `text` has them."""
        return self.drawing.alone(self.theme, outlined=self.text == "outlines")

    def _repr_svg_(self) -> str:
        return self.svg

    def _repr_html_(self) -> str:
        """An image: its styles and ids can't meet those of the page, nor does it get the page's font."""
        data = b64encode(self.drawing.alone(self.theme).encode()).decode()
        title = text(self.drawing.title).replace('"', "&quot;").replace("'", "&#x27;")
        source = f"data:image/svg+xml;base64,{data}"
        return f'<img alt="{title}" src="{source}" style="max-width:100%;height:auto">'

    def steps(self) -> WalkFigures:
        """A token's way through the model in four to seven panels.

        Raises ValueError for a figure that isn't of one model.
        """
        if self.walk is None:
            raise ValueError(
                "this figure shows no single model: figure(model).steps() walks through one"
            )
        found = self.walk()
        panels = tuple(Figure(drawing, self.theme, self.text) for drawing in found.drawings)
        return WalkFigures(panels, Figure(found.strip, self.theme, self.text))

    def png(self, scale: float = 1.0) -> bytes:
        """As PNG, `scale` device pixels to one of its own. Raises Refusal where that is none, or above 50."""
        if not 0 < scale <= LARGEST:
            raise Refusal(f"scale is {scale:g}, expected more than 0 and at most {LARGEST:g}")
        return export.png(self.drawing, self.theme, scale)

    def pdf(self) -> bytes:
        """As a PDF of one page, its text selectable."""
        return export.pdf(self.drawing, self.theme)

    def tikz(self) -> str:
        """As a TikZ file that pdflatex compiles by itself, a named node for each block."""
        from llm_gallery.figure.kit.tikz import tikz

        drawn = self._scene
        sides = self.drawing.picture.width, self.drawing.picture.height
        return tikz(drawn, sides, self.drawing.title, self.theme)

    def excalidraw(self) -> str:
        """As a scene of Excalidraw, each block a group that moves as one and takes its arrows along."""
        from llm_gallery.figure.kit.excalidraw import excalidraw

        return excalidraw(self._scene, self.drawing.title, self.theme)

    @property
    def _scene(self) -> Part:
        return scene(self.drawing.picture, self.drawing.name, self.theme)

    def save(self, path: str | Path, *, scale: float = 2.0) -> Path:
        """Writes the file that the ending names: .svg, .png (`scale` times the size), .pdf, .tex or .excalidraw."""
        file = Path(path)
        made: dict[str, Callable[[], bytes]] = {
            ".svg": lambda: self.svg.encode(),
            ".png": lambda: self.png(scale),
            ".pdf": self.pdf,
            ".tex": lambda: self.tikz().encode(),
            ".excalidraw": lambda: self.excalidraw().encode(),
        }
        if file.suffix.lower() not in made:
            raise ValueError(f"{file.name} must end in {ENDINGS}")
        file.write_bytes(made[file.suffix.lower()]())
        return file


class WalkFigures(NamedTuple):
    """A walk as figures: each step, and all of them in one strip for print."""

    panels: tuple[Figure, ...]
    strip: Figure

    def __repr__(self) -> str:
        return f"<WalkFigures of {counted(len(self.panels), 'panel')}>"
