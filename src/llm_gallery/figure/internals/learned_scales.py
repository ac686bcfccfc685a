"""Scales on the residual stream as a drawing: at each sum, the stream is scaled, or both sides and shifted, by learned numbers or by depth.

Paper: https://arxiv.org/abs/2605.05365
"""

from __future__ import annotations

from llm_gallery.analysis.parameters import stored
from llm_gallery.analysis.units import short
from llm_gallery.architecture.block import Block
from llm_gallery.architecture.kinds import DEPTH_SHARES, LEARNED_RATES, LEARNED_SCALES
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
BY_RATE = ("× (1 − a)", "× a")
"""Dory's, by a part of the way for each channel."""
TITLES = {
    DEPTH_SHARES: "Shares by depth",
    LEARNED_RATES: "Learned rates",
    LEARNED_SCALES: "Learned scales",
}


def inset(use: Use) -> Inset:
    """One sum, with what is learned of each side."""
    sheet = Sheet()
    x = use.width / 2 - 84
    side = x + 168
    ring = sheet.add(stream_sum(x, ADD))
    way = str(use.block.value("residual"))
    answer = tooltip(use.path, use.block, TITLES[way].lower())
    left, right, note = _sides(use.block)
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
    if use.block.tensors and isinstance(width := use.block.value("width"), int):
        said = f"{width:,} + {width:,}" if right.startswith("shift") else f"{width:,}"
        sheet.label(x + 10, own.bottom.y + 17, said)
    return use.inset(TITLES[way], "wiring", sheet.picture(use.width, HIGH), note)


def _sides(block: Block) -> tuple[str, str, str]:
    """What is done with the stream, what with the branch, and what remains to be said."""
    stores = f"{short(stored(block))} a branch"
    if (heat := block.settings.get("temperature")) is not None:
        return *GATED, f"b = σ( g ÷ {heat:g} ), {stores}"
    if (unit := block.settings.get("rate_unit")) is not None:
        return *BY_RATE, f"a = | λ · {unit:.4g} |, {stores}"
    if "summand" in block.settings:
        return *BY_COUNT, "n: summands so far, the embedding the first"
    return *SIDES[any(tensor.role == "shift" for tensor in block.tensors)], stores
