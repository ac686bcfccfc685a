"""Every figure by the names of its models: each shows itself in a notebook and saves itself as a file.

    from llm_gallery.catalog import figures
    figures.difference("deepseek-v3", "kimi-k2")

A name is a catalog id, a path to a config.json or to a folder that holds one, or a Hub id; what is
described already is taken as well. `.save("file.pdf")` writes SVG, PNG or PDF.
"""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery import figure, lineage
from llm_gallery.architecture.block import Architecture
from llm_gallery.catalog import kinship
from llm_gallery.catalog.load import Model, entries, find
from llm_gallery.catalog.members import members
from llm_gallery.comparison import compare
from llm_gallery.figure import Detail, Figure, Heading, ThemeName
from llm_gallery.figure import difference as differences

Named = str | Model


def model(name: Named, *, theme: ThemeName = "light", detail: Detail = "standard") -> Figure:
    """One model. Raises Refusal where there is none of that name."""
    return _found(name).figure(theme=theme, detail=detail)


def difference(*names: Named, theme: ThemeName = "light") -> Figure:
    """What changed from the first of two to four models. Raises Refusal for another number."""
    found = [_found(name) for name in names]
    headings = [one.heading for one in found]
    return Figure(differences.difference(compare(found), headings, theme=theme))


def poster(*names: Named, theme: ThemeName = "light") -> Figure:
    """Cards of the models on one sheet: of the whole catalog, the oldest first, where none is named."""
    return Figure(figure.poster(_models(names), theme=theme))


def schedules(*names: Named, theme: ThemeName = "light") -> Figure:
    """The layers of the models under one another; of the whole catalog where none is named."""
    return Figure(figure.schedules(_models(names), theme=theme))


def scale(*names: Named, theme: ThemeName = "light") -> Figure:
    """The models to one scale on a date axis; the whole catalog where none is named."""
    return Figure(figure.scale(_models(names), theme=theme))


def legend(*, theme: ThemeName = "light") -> Figure:
    """What colours, lines and shapes mean."""
    return Figure(figure.legend(theme=theme))


def tree(*, theme: ThemeName = "light") -> Figure:
    """The family tree of the catalog on a date axis."""
    return Figure(kinship.drawn(lineage.lineage(members()), theme=theme))


def _found(name: Named) -> Model:
    return find(name) if isinstance(name, str) else name


def _models(names: Sequence[Named]) -> list[tuple[Architecture, Heading]]:
    chosen = names or [entry.id for entry in reversed(entries())]
    return [(one.architecture, one.heading) for one in map(_found, chosen)]
