"""A described model as a figure: one call from architecture to SVG."""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Architecture
from llm_gallery.figure.heading import Heading
from llm_gallery.figure.kit.drawing import svg
from llm_gallery.figure.kit.shapes import Picture
from llm_gallery.figure.kit.theme import ThemeName
from llm_gallery.figure.model import description, overview
from llm_gallery.figure.model import page as model
from llm_gallery.figure.model.plan import Plan, plan

Detail = Literal["overview", "standard", "full"]


def draw(
    architecture: Architecture,
    heading: Heading,
    *,
    theme: ThemeName = "light",
    detail: Detail = "standard",
    outlined: bool = True,
    width: float = 280,
) -> str:
    """The figure as SVG text; the same input gives the same bytes.

    `overview` is a card's drawing, tower and strip only, `width` px wide, without name and date;
    `full` adds shapes and parameters of each block. With `outlined` the SVG carries its type.
    """
    shown = plan(architecture.root)
    return svg(
        _placed(architecture, heading, shown, detail, width),
        theme=theme,
        title=description.title(heading),
        description=description.description(architecture, shown),
        outlined=outlined,
    )


def picture(
    architecture: Architecture,
    heading: Heading,
    *,
    detail: Detail = "standard",
    width: float = 280,
) -> Picture:
    """The placed figure, before it is written: what the gates look at."""
    return _placed(architecture, heading, plan(architecture.root), detail, width)


def _placed(
    architecture: Architecture, heading: Heading, shown: Plan, detail: Detail, width: float
) -> Picture:
    if detail == "overview":
        return overview.overview(architecture, shown, width)
    return model.figure(architecture, heading, shown, detail == "full")
