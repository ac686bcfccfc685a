"""The same layers run several times over, one pass after another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Mark, Point
from llm_gallery.figure.kit.signs import area, stream_line
from llm_gallery.figure.kit.text import Span
from llm_gallery.mechanisms.loops import rerun
from llm_gallery.plan.plan import Plan

FINE = 2.4
"""Px of a layer from which it stands apart from the next."""
MOST = 4
"""Passes that are drawn; of more, the last stands for the rest."""


def loops(plan: Plan, sheet: Sheet, wide: float, y: float) -> float:
    """A small stack a pass, the stream through all of them, and a bracket: these are one set of weights.

    Where a part of the depth runs again, the stack stands once, and brackets are over what has others' weights.
    """
    passes = plan.stream.passes
    shown = min(passes, MOST)
    each = (wide - 32 - 26) / shown
    high, top = 64.0, y + 34
    line = top + high + 12
    runs = rerun(plan.root)
    again = sum(runs)
    weights = (
        f", {plan.depth - again:,} with weights of their own" if again else ", one set of weights"
    )
    sheet.label(16, y + 12, (Span(f"{plan.depth:,} layers", 600, role="ink"), weights), size=13)
    parted, pitch = passes == 1 and again > 0, (each - 18) / len(plan.schedule)
    spans = [(16.0, 16 + each * shown - 18)]
    if parted:
        spans = [(16 + pitch * first, 15 + pitch * end) for first, end in _stretches(runs)]
    for start, end in spans:
        sheet.rule(
            Point(start, top - 6),
            Point(start, top - 12),
            Point(end, top - 12),
            Point(end, top - 6),
            role="ink",
        )
    sheet.put(stream_line(Point(16, line), Point(wide - 14, line), arrow=True))
    colours = [plan.colours[index] for index in plan.schedule]
    for index in range(shown):
        left, room = 16 + index * each, each - 18
        pitch = room / len(colours)
        for layer, tones in enumerate(colours):
            part = (high - 2 * (len(tones) - 1)) / max(1, len(tones))
            for row, tone in enumerate(tones):
                at = top + row * (part + 2)
                if layer == 0 or tones != colours[layer - 1]:
                    run = next(
                        (n for n, c in enumerate(colours[layer:]) if c != tones),
                        len(colours) - layer,
                    )
                    sheet.put(
                        area(left + layer * pitch, at, run * pitch - 1, part, f"{tone}.solid")
                    )
        comb = "".join(f"m{pitch:.2f} {-high:g}v{high:g}" for _ in colours[1:])
        if comb and pitch >= FINE:
            thin = 1.0 if pitch >= 4 else 0.5
            sheet.put(Mark(left - 0.5, top + high, f"m0 0{comb}", stroke="paper", thickness=thin))
        number = (
            f"pass {index + 1:,}" if index < shown - 1 or passes == shown else f"pass {passes:,}"
        )
        if not parted:
            sheet.label(left + room / 2, line + 22, number, size=13, anchor="middle")
    if parted:
        start, end = spans[0]
        sheet.label((start + end) / 2, line + 22, "run again", size=13, anchor="middle")
    return line + 40


def _stretches(runs: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Neighbours that run again: the first, and the one after the last."""
    at = 0
    for again, group in groupby(runs):
        count = len(list(group))
        if again:
            yield at, at + count
        at += count


__all__ = ["loops"]
