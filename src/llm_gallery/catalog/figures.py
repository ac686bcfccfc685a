"""Every figure by the names of its models: each shows itself in a notebook and saves itself as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, get_args

from llm_gallery.architecture.refusal import Refusal, expect, quoted
from llm_gallery.catalog import design_map, family_tree, load
from llm_gallery.catalog.family_members import members
from llm_gallery.catalog.glossary import texts
from llm_gallery.catalog.load import Given, model
from llm_gallery.comparison import compare
from llm_gallery.figure import (
    Detail,
    Figure,
    Naming,
    ThemeName,
    Words,
    legend,
    poster,
    scale,
    schedules,
)
from llm_gallery.figure import difference as differences
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.marks.given import marks
from llm_gallery.figure.sheets.glossary import rows
from llm_gallery.lineage import lineage
from llm_gallery.lineage.designs import designs
from llm_gallery.plan.heading import Models

Sheet = Literal["poster", "scale", "schedules", "tree", "map", "legend"]


def figure(
    given: Given,
    *,
    theme: ThemeName = "light",
    detail: Detail = "standard",
    text: Words = "outlines",
    names: Naming = "both",
    highlight: Sequence[str] | str = (),
    notes: Mapping[str, str] | None = None,
    title: str = "",
    guess: bool = False,
) -> Figure:
    """The figure of one model.

    `detail` is phone (400 px wide), column (800), standard or full (both 1,200), layer (the wiring of a layer alone),
    or a compact tower: card (320 × 400), paper (85 mm wide) or slide (1,280 × 720); overview is another name of card,
    and title of slide. `text` is outlines, or live: words of its SVG that can be edited.
    `names` is what blocks are called: plain words, the field's names where there are any, or both.
    `highlight` names parts that stay lit while the rest fades, `notes` says a sentence of each part beside the figure,
    `title` stands above it. A part is a path (`model.layers.0.self_attn`), its end, or a name ("attention", "MLA").

    Returns: a figure, which a notebook shows; `.save("figure.pdf")` writes SVG, PNG, PDF, TikZ or Excalidraw, `.steps()`
    its walk.
    Raises: Refusal as `describe` does, for an unknown choice, and for a mark of what isn't in the figure.
    """
    found = model(given, guess=guess)
    own = marks(highlight, notes, title)
    return found.figure(theme=theme, detail=detail, text=text, names=names, marks=own)


def difference(
    *models: Given,
    theme: ThemeName = "light",
    detail: differences.DifferenceDetail = "standard",
    guess: bool = False,
) -> Figure:
    """The figure of what changed from the first of two to four models.

    `detail` is standard (1,200 px wide), or for two models column (800) or phone (400).

    Returns: a figure, as `figure` does.
    Raises: Refusal as `describe` does, and for another number of models, an unknown theme or detail.
    """
    expect("detail", detail, get_args(differences.DifferenceDetail))
    expect("theme", theme, get_args(ThemeName))
    described = [model(place, guess=guess) for place in models]
    headings = [model.heading for model in described]
    return Figure(differences.difference(compare(described), headings, detail=detail), theme)


_OF_MODELS: Mapping[Sheet, Callable[[Models], Drawing]] = {
    "poster": poster,
    "scale": scale,
    "schedules": schedules,
}


def sheet(kind: Sheet, *models: Given, theme: ThemeName = "light", guess: bool = False) -> Figure:
    """Many models on one sheet: the whole catalog, the oldest first, where none is named.

    `kind` is poster (the wiring of each, in families along the tree), scale (towers at their day and size),
    schedules (layers under one another), tree (the catalog's descent), map (designs by their distance) or legend.

    Returns: a figure, as `figure` does.
    Raises: Refusal for an unknown kind or theme, and where the tree, the map or the legend is given models.
    """
    if kind not in get_args(Sheet):
        raise Refusal(f"{quoted(kind)} is no sheet, expected {', '.join(get_args(Sheet))}")
    expect("theme", theme, get_args(ThemeName))
    if kind in _OF_MODELS:
        described = [model(place, guess=guess) for place in models or reversed(load.models())]
        cards = [(model.architecture, model.heading) for model in described]
        return Figure(_OF_MODELS[kind](cards), theme)
    if models:
        raise Refusal(f"the {kind} takes no models, found {len(models)}; leave them out")
    if kind == "tree":
        return Figure(family_tree.drawn(lineage(members())), theme)
    if kind == "map":
        return Figure(design_map.drawn(designs(members())), theme)
    return Figure(legend(rows(texts())), theme)
