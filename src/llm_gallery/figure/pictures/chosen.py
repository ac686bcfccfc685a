"""Tokens with the scores by which an indexer chooses those that are read, and the layers that take its choice over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from llm_gallery.figure.kit.blocks import Sheet, Words, centred
from llm_gallery.figure.kit.prose import LEADING, prose
from llm_gallery.figure.kit.shapes import Box, Point
from llm_gallery.figure.kit.text import Span
from llm_gallery.figure.pictures.reach import TOKENS, reach, tokens
from llm_gallery.mechanisms import colour_of
from llm_gallery.plan.block_names import layers
from llm_gallery.plan.place import Variant

SCORES = (
    9, 5, 31, 7, 12, 6, 27, 36, 8, 4, 10, 14, 30, 6, 9,
    5, 11, 33, 7, 13, 4, 8, 28, 10, 6, 35, 12, 9, 29, 38,
)  # fmt: skip
"""Px of scores: an illustration."""
BEST = 26
"""Px from which a score is among the best."""


def chosen(variants: Sequence[Variant], sheet: Sheet, wide: float, y: float) -> float:
    """The scores of all tokens, lit the best, which alone are read; over them rows of layers that read otherwise."""
    choosing = [v for v in variants if "selected" in v.block.facts]
    if others := [v for v in variants if v not in choosing]:
        y = reach(others, sheet, wide, y, some=True) + 4
    block = choosing[0].block
    colour = colour_of(block)
    text = f"{colour}.text"
    where = f" in {layers(sum(v.count for v in choosing))}" if others else ""
    scored = "entries" if "ratio" in block.facts else "tokens"
    said = f"the indexer scores all {scored}{where}"
    under = prose(sheet, 16, y + 12, wide - 32, said, 13)
    y = under - LEADING * 13 - 12  # where the last line stands
    pitch = (wide - 32) / TOKENS
    side, low = pitch * 0.8, y + 62
    for index, high in enumerate(SCORES):
        role = f"{colour}.lit" if high >= BEST else f"{colour}.edge"
        sheet.put(Box(16 + index * pitch, low - high, side, high, radius=1, fill=role, open=True))
    tokens(sheet, low + 5, pitch, (i for i, high in enumerate(SCORES) if high >= BEST), colour)
    y = low + 5 + side
    best = (Span(f"{block.number('selected'):,}", 600, role=text), " best are read")
    sheet.label(16, y + 18, best, size=13, role="ink")
    own = sorted(n for v in choosing if "shared_index" not in v.block.facts for n in v.layers)
    if len(own) < sum(v.count for v in choosing):
        return _taken(sheet, choosing, own, wide, y + 26)
    return y + 26


def _taken(
    sheet: Sheet, choosing: Sequence[Variant], own: Sequence[int], wide: float, y: float
) -> float:
    """One period: the layer that scores, and those after it that read what it chose."""
    colour = colour_of(choosing[0].block)
    apart = Counter(b - a for a, b in pairwise(own))
    period = max(2, min(4, apart.most_common(1)[0][0] if apart else 4))
    each = (wide - 32 - 8 * (period - 1)) / period
    bus, top = y + 10, y + 22
    for index in range(period):
        x = 16 + index * (each + 8)
        makes = not index
        fill, edge = (f"{colour}.solid", None) if makes else ("paper", f"{colour}.text")
        box = Box(x, top, each, 28, fill=fill, edge=edge, line=1.5, labelled=True)
        words = "scores" if makes else "takes over" if each > 70 else "takes"
        role = f"{colour}.on" if makes else f"{colour}.text"
        sheet.put(box, *centred(box, role, Words(4.5, words, 12, 600)))
        middle = x + each / 2
        if index:
            sheet.wire(Point(middle, bus), Point(middle, top))
    first, last = 16 + each / 2, 16 + (period - 1) * (each + 8) + each / 2
    sheet.wire(Point(first, top), Point(first, bus), Point(last, bus), arrow=False)
    return top + 34
