"""Scales on the residual stream as a drawing: at each sum, the stream is scaled, or both sides and shifted, by learned numbers or by depth.

Paper: https://arxiv.org/abs/2605.05365
"""

from __future__ import annotations

from llm_gallery.analysis.parameters import stored
from llm_gallery.analysis.units import short
from llm_gallery.architecture.kinds import DEPTH_SHARES
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.kit import stream as streams
from llm_gallery.figure.kit.blocks import Sheet, matrix
from llm_gallery.figure.kit.shapes import Inset, Point
from llm_gallery.figure.kit.signs import dot, stream_sum
from llm_gallery.figure.tooltip import tooltip

HIGH = 156.0
ADD, READ = 40.0, 124.0
SIDES = {True: ("shift, scale", "shift, scale"), False: ("scale", "")}
"""What is done with the stream, and with the branch."""
GATED = ("× √(1 − b²)", "× b")
"""Muse Spark's, by one gate for both."""
BY_COUNT = ("× √((n − 1)/n)", "× √(1/n)")
"""Beam's, where the branch is the n-th summand."""


def inset(use: Use) -> Inset:
    """One sum, with what is learned of each side."""
    sheet = Sheet()
    x = use.width / 2 - 84
    side = x + 168
    ring = sheet.add(stream_sum(x, ADD))
    by_depth = use.block.value("residual") == DEPTH_SHARES
    answer = tooltip(use.path, use.block, "shares by depth" if by_depth else "learned scales")
    heat = use.block.settings.get("temperature")
    left, right = GATED if heat else SIDES[any(t.role == "shift" for t in use.block.tensors)]
    if by_depth:
        left, right = BY_COUNT
    own = sheet.add(matrix(x, 82, left, "", "norm", about=answer))
    other = sheet.add(matrix(side, 70, right, "", "norm", about=answer)) if right else None
    branch = sheet.add(matrix(side, 110, "branch", "", "norm", wide=92))
    stops = [(own.bottom.y, own.top.y), (ring.bottom.y, ring.top.y)]
    streams.run(sheet, (x,), 3, HIGH - 4, 6, stops, arrow=True)
    sheet.put(dot(x, READ + 18, "stream", 4.25))
    sheet.wire(Point(x, READ + 18), Point(side, READ + 18), branch.bottom)
    if other is not None:
        sheet.wire(branch.top, other.bottom)
        sheet.wire(other.top, Point(side, ADD), ring.right)
    else:
        sheet.wire(branch.top, Point(side, ADD), ring.right)
    if isinstance(width := use.block.value("width"), int):
        said = f"{width:,} + {width:,}" if right and not heat and not by_depth else f"{width:,}"
        sheet.label(x + 10, own.bottom.y + 17, said)
    note = f"{short(stored(use.block))} a branch"
    if heat:
        note = f"b = σ( g ÷ {heat:g} ), {note}"
    if by_depth:
        note = "n: summands so far, the embedding the first"
    title = "Shares by depth" if by_depth else "Learned scales"
    return use.inset(title, "norm", sheet.picture(use.width, HIGH), note)
