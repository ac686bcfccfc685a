"""Attention residuals as a drawing: a branch reads a mix of the sums of earlier layers, weighted by learned scores.

Report: https://github.com/MoonshotAI/Kimi-K3/blob/main/k3_tech_report.pdf
"""

from __future__ import annotations

from llm_gallery.figure.internals._fitting import arrow
from llm_gallery.figure.internals._streams import WIDE, headline, left_edge, panel_title, paragraph
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.kit import stream as streams
from llm_gallery.figure.kit.blocks import Node, Sheet, hero, matrix, pill
from llm_gallery.figure.kit.shapes import Inset, Point
from llm_gallery.figure.kit.signs import stream_sum
from llm_gallery.mechanisms.loops import left_behind
from llm_gallery.mechanisms.norms import norm_of

HIGH, CORE = 306.0, 392.0
ADD, READ, TAP = 40.0, 138.0, 238.0
SUMS = ("embedding", "first sum", "last sum")


def inset(use: Use) -> Inset:
    """The kept sums and the running one, with one branch."""
    sheet = Sheet()
    left = left_edge(use)
    near = min(1.0, (use.width - 2 * left) / CORE)
    kept = tuple(left + near * (26 + 60 * i) for i in range(len(SUMS)))
    running = left + near * 206
    across = (*kept, running)
    streams.run(sheet, kept, 1.25, HIGH - 28, 6)
    streams.run(sheet, (running,), 3, HIGH - 28, 6, [(ADD + 8.5, ADD - 8.5)], arrow=True)
    read, tap = (streams.bar(sheet, across, y, "") for y in (READ, TAP))
    ring = sheet.add(stream_sum(running, ADD))
    for index, (x, name) in enumerate(zip(across, (*SUMS, "running sum"), strict=True)):
        low = HIGH - 3 if near < 1 and index % 2 else HIGH - 15
        sheet.label(x, low, name, anchor="middle", size=11)
    sheet.label((kept[1] + kept[2]) / 2, READ + 54, "…", anchor="middle", size=14)
    _weighed(sheet, use, left + near * 318, tap, read, ring)
    if use.width >= WIDE:
        _panel(sheet, use)
    note = f"kept every {use.block.number('saved_every'):,} layers"
    return use.inset("Attention residuals", "wiring", sheet.picture(use.width, HIGH), note)


def _weighed(sheet: Sheet, use: Use, x: float, tap: Node, read: Node, ring: Node) -> None:
    """A score for each sum, softmax over them, the weighted sum, and the branch that reads it."""
    norm = norm_of(use.block)
    scores = next((part for part in use.block.inside if "outputs" in part.facts), None)
    first = sheet.add(pill(x, TAP - 28, "RMSNorm", wide=88, about=use.about(norm)))
    shape = "" if scores is None else arrow(scores.number("inputs"), scores.number("outputs"))
    score = sheet.add(matrix(x, TAP - 64, "score", shape, "norm", about=use.about(scores)))
    weighed = sheet.add(hero(x, READ, "softmax, sum", "wiring", wide=116, high=30, size=12.5))
    branch = sheet.add(matrix(x, (READ + ADD) / 2 - 2, "branch", "", "norm", wide=92, high=28))
    sheet.wire(tap.right, Point(x, TAP), first.bottom)
    sheet.wire(first.top, score.bottom)
    sheet.wire(score.top, weighed.bottom)
    sheet.wire(read.right, weighed.left)
    sheet.wire(weighed.top, branch.bottom)
    sheet.wire(branch.top, Point(x, ADD), ring.right)


def _panel(sheet: Sheet, use: Use) -> None:
    """What is kept when, in words, and how many sums the last branch reads."""
    every = use.block.number("saved_every")
    words = (
        f"The embedding is the first sum. After every {every:,} layers the running sum is kept, "
        "and begins anew at nothing. Each branch weighs all of them by a score of its own."
    )
    x = panel_title(sheet, use, HIGH, "What is kept")
    y = paragraph(sheet, x, 20, words, 17)
    headline(
        sheet,
        x,
        y + 36,
        f"{1 + -(-use.layers // every) - left_behind(use.block):,}",
        "sums at the end",
    )
