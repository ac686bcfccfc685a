"""The difference figure: two to four models, their stacks layer by layer and their parts by role."""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.comparison.compare import Comparison
from llm_gallery.figure.difference.difference_figure import page
from llm_gallery.figure.difference.difference_head import SAME
from llm_gallery.figure.heading import Heading
from llm_gallery.figure.kit.drawing import Drawing

MOST = 4


def difference(comparison: Comparison, headings: Sequence[Heading]) -> Drawing:
    """The figure as a drawing; a heading a model. Raises Refusal for more than four models."""
    if len(comparison.models) > MOST:
        raise Refusal(
            f"found {len(comparison.models)} models for a difference figure, expected 2 to {MOST}; "
            "more of them fit in a table: --format text"
        )
    first, *others = (heading.line for heading in headings)
    sentences = [" ".join(one.sentences) or SAME for one in comparison.differences]
    title = f"Difference of {first} and {', '.join(others)}"
    return Drawing(page(comparison, headings), title, " ".join(sentences))
