"""How many of the designs of a quarter have a concept: bars with their counts, and a small row of bars for tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.shapes import Bounds
from llm_gallery.figure.kit.svg import number
from llm_gallery.figure.sheets.trend_charts import QUARTERS, Bars, adoption
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.trends.trends import Quarter

FRAME = Bounds(34, 12, 334, 112)
EDGE = 6
"""Px round the frame."""


@dataclass(frozen=True, slots=True)
class Share:
    """A quarter: how many of the designs that came in it have the concept, of how many; and of its models."""

    quarter: str  # "2025-Q1"
    having: int
    designs: int
    models_having: int
    models: int

    @property
    def part(self) -> float:
        """Between 0 and 1."""
        return self.having / self.designs if self.designs else 0.0

    @property
    def label(self) -> str:
        """ "25 Q1"."""
        return f"{self.quarter[2:4]} {self.quarter[5:]}"


def shares(concept: str, quarters: Sequence[Quarter]) -> tuple[Share, ...]:
    """The last quarters that have models, oldest first."""
    return tuple(
        Share(
            q.quarter,
            q.design_counts.get(concept, 0),
            q.designs,
            q.counts.get(concept, 0),
            q.models,
        )
        for q in quarters[-QUARTERS:]
    )


def bars(shares: Sequence[Share], colour: Colour, name: str) -> Drawing:
    """A column a quarter, with its count."""
    sheet = Sheet()
    quarters = [(share.quarter, share.having, share.designs) for share in shares]
    also = [f"{share.models_having} of {share.models} models" for share in shares]
    adoption(sheet, Bars(name, quarters, colour, also), FRAME)
    counts = ", ".join(f"{s.having} of {s.designs} in {s.quarter}" for s in shares if s.having)
    return Drawing(
        sheet.picture(FRAME.right + EDGE, FRAME.bottom + EDGE + 18), name, counts or "none"
    )


def spark(shares: Sequence[Share], colour: str) -> Markup:
    """Bars alone, each as high as its share of the largest; two paths, since a table has hundreds of them."""
    most = max((share.part for share in shares), default=0.0) or 1.0
    solid, hair = "", ""
    for index, share in enumerate(shares):
        if share.having:
            solid += f"M{index * 10} 20v-{number(max(1.5, round(20 * share.part / most, 1)))}h8V20z"
        else:
            hair += f"M{index * 10} 20v-1h8v1z"
    paths = [
        Markup('<path class="{}" d="{}"/>').format(kind, path)
        for kind, path in (("solid", solid), ("hair", hair))
        if path
    ]
    return Markup('<svg class="spark {}" viewBox="0 0 {} 20" aria-hidden="true">{}</svg>').format(
        colour, max(1, len(shares) * 10 - 2), Markup("").join(paths)
    )
