"""A figure that shows itself in a notebook, and writes itself as SVG, PNG or PDF."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from llm_gallery.figure.kit import export
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.svg import text
from llm_gallery.figure.kit.theme import ThemeName


@dataclass(frozen=True)
class Figure:
    """A drawing in a theme."""

    drawing: Drawing
    theme: ThemeName = "light"

    @cached_property
    def svg(self) -> str:
        """The SVG with its font in it."""
        return self.drawing.alone(self.theme)

    def _repr_svg_(self) -> str:
        return self.svg

    def _repr_html_(self) -> str:
        """An image: its styles and ids can't meet those of the page or of another figure."""
        data = b64encode(self.svg.encode()).decode()
        title = text(self.drawing.title).replace('"', "&quot;").replace("'", "&#x27;")
        source = f"data:image/svg+xml;base64,{data}"
        return f'<img alt="{title}" src="{source}" style="max-width:100%;height:auto">'

    def png(self, scale: float = 1.0) -> bytes:
        """As PNG, `scale` device pixels to one of its own."""
        return export.png(self.drawing, self.theme, scale)

    def pdf(self) -> bytes:
        """As a PDF of one page, its text selectable."""
        return export.pdf(self.drawing, self.theme)

    def save(self, path: str | Path, *, scale: float = 2.0) -> Path:
        """Writes the file that the ending names: .svg, .png (`scale` times the size) or .pdf."""
        file = Path(path)
        made = {
            ".svg": lambda: self.svg.encode(),
            ".png": lambda: self.png(scale),
            ".pdf": self.pdf,
        }
        if file.suffix.lower() not in made:
            raise ValueError(f"{file.name} must end in .svg, .png or .pdf")
        file.write_bytes(made[file.suffix.lower()]())
        return file
