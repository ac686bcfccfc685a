"""Which layers know where a token stands, and which don't."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, sin

from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Mark
from llm_gallery.figure.kit.signs import circle
from llm_gallery.figure.kit.text import Span
from llm_gallery.figure.pictures.panel import fitting
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.written import NO_POSITIONS
from llm_gallery.plan.block_names import layers
from llm_gallery.plan.place import Variant

RADIUS, MOST = 9.0, 16
"""Px of a dial, and how many stand in a row at most."""
TURN = 0.42
"""Radians from one token's dial to the next: an illustration of a rotation that grows with the position."""


def unplaced(variants: Sequence[Variant]) -> bool:
    """Whether layers that read all the past differ in this alone: some have no positions."""
    kinds = {str(variant.block.value("position")) for variant in variants}
    limits = {"window", "chunk", "selected"}
    limited = any(limits & variant.block.facts.keys() for variant in variants)
    return "none" in kinds and len(kinds) > 1 and not limited


def positions(variants: Sequence[Variant], sheet: Sheet, wide: float, y: float) -> float:
    """A dial a token: turned further with each, or not at all."""
    turned = [v for v in variants if v.block.value("position") != "none"]
    plain = [v for v in variants if v.block.value("position") == "none"]
    count = min(MOST, int((wide - 32) / (2 * RADIUS + 6)))
    pitch = (wide - 32) / count
    for group, forms, turn in (
        (turned, ("rotate queries and keys by position", "rotate keys by position"), TURN),
        (plain, (f"leave them as they are: {NO_POSITIONS}", f"carry {NO_POSITIONS}"), 0.0),
    ):
        colour = colour_of(group[0].block)
        held = layers(sum(variant.count for variant in group))
        bold = Span(held, 600, role=f"{colour}.text")
        words = fitting(wide - 32, 13, *((bold, f" {form}") for form in forms))
        sheet.label(16, y + 12, words, size=13)
        middle = y + 24 + RADIUS
        for index in range(count):
            x, angle = 16 + pitch * (index + 0.5), turn * index
            ground, role = (
                ("position.tint", "position.text") if turn else ("paper", f"{colour}.text")
            )
            sheet.put(
                circle(x, middle, RADIUS, ground, "position.edge" if turn else f"{colour}.edge")
            )
            long = RADIUS - 2
            hand = f"l{long * sin(angle):.1f} {-long * cos(angle):.1f}"
            sheet.put(Mark(x, middle, hand, stroke=role, thickness=1.75, round=True))
        y = middle + RADIUS + 16
    return y
