"""A concept's emblem inside a page: a drawing that decorates what its name says."""

from __future__ import annotations

from markupsafe import Markup

from llm_gallery.figure.emblems import emblem
from llm_gallery.figure.kit.drawing import Drawing, Looks


def emblem_in_page(concept_id: str, looks: Looks) -> Markup:
    """The emblem as SVG without a name, hidden from screen readers; its classes are explained in `looks`.

    It is 160 × 90 px, and scales with its width. Empty for a concept that has none.
    """
    picture = emblem(concept_id)
    if picture is None:
        return Markup()
    drawing = Drawing(picture)
    looks.update(drawing.looks(looks))
    return Markup('<span class="emblem" aria-hidden="true">{}</span>').format(
        Markup(drawing.inline(named=False))
    )
