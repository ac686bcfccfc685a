"""The lens: a pale wedge from a few layers of the strip to the frame that shows them larger."""

from __future__ import annotations

from llm_gallery.figure.kit.shapes import Bounds, Mark, Point

HALO, CORNER, TICK = 8.0, 6.0, 5.0
"""Px around the frame, of its corners, and of the bracket's ends."""


def under(at: Point, half: float, frame: Bounds) -> tuple[Mark, ...]:
    """From a bracket open upward, its spine's middle at `at` and so wide to each side, down to the frame."""
    left, top = frame.left - HALO, frame.top - HALO
    right, bottom = frame.right + HALO, frame.bottom + HALO
    down, high = top - at.y - 3, bottom - top
    x = at.x - half
    path = (
        f"h{2 * half:.1f}l{right - CORNER - x - 2 * half:.1f} {down:.1f}q{CORNER:g} 0 {CORNER:g} {CORNER:g}"
        f"v{high - 2 * CORNER:.1f}q0 {CORNER:g} -{CORNER:g} {CORNER:g}h-{right - left - 2 * CORNER:.1f}"
        f"q-{CORNER:g} 0 -{CORNER:g} -{CORNER:g}v-{high - 2 * CORNER:.1f}q0 -{CORNER:g} {CORNER:g} -{CORNER:g}z"
    )
    wide = max(right - x, 2 * half)
    bracket = f"v{TICK:g}h{2 * half:.1f}v-{TICK:g}"
    return (
        Mark(x, at.y + 3, path, width=wide, height=down + high, fill="lens"),
        Mark(x, at.y - TICK, bracket, width=2 * half, height=TICK, stroke="ink", thickness=1.25),
    )
