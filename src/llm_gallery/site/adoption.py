"""How many of each quarter's models have a concept: bars with their counts, and a small row of bars for tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from llm_gallery.figure.kit.svg import number
from llm_gallery.lineage.trends import Quarter

SHOWN = 12
"""Quarters in a chart: three years."""
FEW = 8
"""Models of a quarter below which its bar is pale: one more model would change it much."""
LEFT, TOP, RIGHT, BOTTOM = 30, 12, 330, 112
EDGE = 6
"""Px right of the last bar: its quarter is wider than it."""


@dataclass(frozen=True, slots=True)
class Share:
    """A quarter: how many of its models have the concept, of how many."""

    quarter: str  # "2025-Q1"
    having: int
    models: int

    @property
    def part(self) -> float:
        """Between 0 and 1."""
        return self.having / self.models

    @property
    def label(self) -> str:
        """ "25 Q1"."""
        return f"{self.quarter[2:4]} {self.quarter[5:]}"


def shares(concept: str, quarters: Sequence[Quarter]) -> tuple[Share, ...]:
    """The last quarters that have models, oldest first."""
    return tuple(Share(q.quarter, q.counts.get(concept, 0), q.models) for q in quarters[-SHOWN:])


def bars(found: Sequence[Share], colour: str, name: str) -> Markup:
    """Height is the share of the quarter's models; the number above it, how many."""
    step = (RIGHT - LEFT) / SHOWN
    start = RIGHT - len(found) * step
    parts = [_line(y, word) for y, word in ((0.0, "0"), (0.5, "50%"), (1.0, "all"))]
    for index, share in enumerate(found):
        x = start + index * step
        middle = round(x + step / 2, 1)
        if share.having:
            parts.append(_bar(share, x + 2, step - 4))
            parts.append(_text("count", middle, _y(share.part) - 4, str(share.having)))
        if (len(found) - 1 - index) % 2 == 0:
            parts.append(_text("tick", middle, BOTTOM + 15, share.label))
    counts = ", ".join(f"{s.having} of {s.models} in {s.quarter}" for s in found if s.having)
    return Markup(
        '<svg class="bars {}" viewBox="0 0 {} {}" role="img" aria-label="{}: {}">{}</svg>'
    ).format(colour, RIGHT + EDGE, BOTTOM + 20, name, counts or "none", Markup("").join(parts))


def spark(found: Sequence[Share], colour: str) -> Markup:
    """Bars alone, each as high as its share of the largest; two paths, since a table has hundreds of them."""
    most = max((share.part for share in found), default=0.0) or 1.0
    solid, hair = "", ""
    for index, share in enumerate(found):
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
        colour, max(1, len(found) * 10 - 2), Markup("").join(paths)
    )


def _y(part: float) -> float:
    return round(BOTTOM - part * (BOTTOM - TOP), 1)


def _line(part: float, word: str) -> Markup:
    y = _y(part)
    text = Markup('<text class="tick end" x="{}" y="{}">{}</text>').format(LEFT - 6, y + 3.5, word)
    return Markup('<path class="hair" d="M{} {}H{}"/>{}').format(LEFT, y, RIGHT, text)


def _bar(share: Share, x: float, width: float) -> Markup:
    y = _y(share.part)
    kind = "solid" if share.models >= FEW else "solid second"
    return Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>').format(
        kind, round(x, 1), y, round(width, 1), round(BOTTOM - y, 1)
    )


def _text(kind: str, x: float, y: float, words: str) -> Markup:
    return Markup('<text class="{}" x="{}" y="{}">{}</text>').format(kind, x, round(y, 1), words)
