"""The picture of a lesson in a page; until the pictures come, its colour."""

from __future__ import annotations

from markupsafe import Markup

from llm_gallery.figure.kit.drawing import Looks


def emblem_in_page(concept: str, looks: Looks) -> Markup:
    """The picture of the lesson of a concept, by its id, as SVG for a page whose style sheet has the looks."""
    return Markup(
        '<svg class="drawn" viewBox="0 0 160 88" width="160" height="88" aria-hidden="true">'
        '<rect class="solid" x="40" y="24" width="80" height="40"/></svg>'
    )
