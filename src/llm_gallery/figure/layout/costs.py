"""The cost of a page's layout, in square px: empty ground, height, and parts left out or too low."""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery.figure.layout.drawn import SCREEN
from llm_gallery.figure.layout.items import Item
from llm_gallery.figure.layout.packing import Arrangement, Column
from llm_gallery.figure.lead.content import Content
from llm_gallery.figure.lead.hero_plate import Plate

HIGHEST = 1.244 * 1200
"""Px of a figure's height at most: 1.25 times its width, less what rounding takes."""
NARROWEST, LARGEST = 130.0, 50e3
"""Px of the shorter side of an area, and square px, from which it looks empty."""

GAPES = 60.0
"""Px under what stands over insets, beyond those that it may grow, from which a hole is worse: gaps can't share it."""


def amiss(plate: Plate, right: Column) -> float:
    """What it costs that what leads ends below the first screen, or that an area beside its wiring is empty."""
    low = 2e4 * max(0.0, plate.told - SCREEN + right.top)
    wide, high = plate.empty
    return low + (4.0 * wide * high if looks_empty(wide, high) else 0.0)


def looks_empty(wide: float, high: float) -> bool:
    """Whether so large an area does."""
    return min(wide, high) > NARROWEST and wide * high > LARGEST


def missed(page: Content, others: Sequence[Item], shown: Sequence[Item]) -> float:
    """What it costs to leave insets or sentences out: an MLP that is all that works on each token must be seen."""
    plain = any(item.plain for item in others) and not any(item.plain for item in shown)
    told_elsewhere = page.says_widths and any(item.mixes_experts for item in others)
    only = plain and not told_elsewhere
    told = sum(item.told is not None for item in others) - sum(i.told is not None for i in shown)
    kept = {item.key for item in shown}
    lost = [item for item in others if item.key not in kept and item.told is None]
    cost = sum(9e3 if item.plain else 6e4 if item.streams else 3e5 for item in lost)
    gone = max(0, len(others) - len(shown) - len(lost))
    return cost + 15e3 * told + 3e5 * gone + (1e6 if only else 0.0)


def cost(one: Arrangement, rest: float, ends: tuple[Column, Column]) -> float:
    """Empty ground, height, and above all height beyond the format."""
    bottom = one.bottom
    holes = [(end.width, max(0.0, one.over(end) - end.top - end.gives)) for end in ends]
    hole = sum(wide * (2 * high + 4 * max(0.0, high - GAPES)) for wide, high in holes)
    return cost_of_height(one.empty + hole, bottom, rest)


def cost_of_height(ground: float, bottom: float, rest: float) -> float:
    """What ground that stays empty costs, and the height."""
    over = max(0.0, bottom + rest - HIGHEST)
    return ground + 320 * bottom + 1e5 * over
