"""The difference figure: two models as before and after, or up to four in columns; for a page, a column or a phone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.comparison.compare import Comparison
from llm_gallery.figure.difference import narrow, pair, several
from llm_gallery.figure.difference.compared import Compared, compared
from llm_gallery.figure.difference.difference_head import SAME
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.plan.heading import Heading

MOST = 4
"""Models that stand beside each other."""
DifferenceDetail = Literal["phone", "column", "standard"]


def difference(
    comparison: Comparison, headings: Sequence[Heading], *, detail: DifferenceDetail = "standard"
) -> Drawing:
    """The figure as a drawing; a heading a model.

    `standard` is 1,200 px wide; `column` and `phone` set two models under one another for 800 and 400 px.
    Raises Refusal for more than four models, and for more than two where it is narrow.
    """
    count = len(headings)
    if detail not in get_args(DifferenceDetail):
        expected = ", ".join(get_args(DifferenceDetail))
        raise Refusal(f"{quoted(detail)} is no detail of a difference figure, expected {expected}")
    if count > MOST:
        raise Refusal(
            f"found {count} models for a difference figure, expected 2 to {MOST}; "
            "more of them fit in a table: --format text"
        )
    if count > 2 and detail != "standard":
        raise Refusal(f"found {count} models for a {detail}'s difference figure, expected 2")
    return drawn(compared(comparison, headings), detail)


def drawn(shown: Compared, detail: DifferenceDetail) -> Drawing:
    """The figure of models that are compared already: they are so once for all widths."""
    comparison, headings = shown.comparison, shown.headings
    if len(headings) > 2:
        picture = several.several(shown)
    elif detail == "standard":
        picture = pair.pair(shown)
    else:
        picture = narrow.narrow(shown, detail == "phone")
    first, *others = (heading.line for heading in headings)
    sentences = [" ".join(one.sentences) or SAME for one in comparison.differences]
    return Drawing(picture, f"Difference of {first} and {', '.join(others)}", " ".join(sentences))
