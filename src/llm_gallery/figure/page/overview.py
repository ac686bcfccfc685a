"""The card: tower, strip and legend, drawn at the width at which they are shown."""

from __future__ import annotations

from llm_gallery import mechanisms
from llm_gallery.architecture.block import Architecture, Block
from llm_gallery.architecture.repeats import equal_runs
from llm_gallery.figure import block_names
from llm_gallery.figure.kit import stream as streams
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Box, Picture, Point
from llm_gallery.figure.kit.text import cut, width
from llm_gallery.figure.page import schedule_strip as strips
from llm_gallery.figure.page.pattern import first_looks, folded, units
from llm_gallery.figure.page.schedule_strip import Strip, swatch
from llm_gallery.figure.plan.layer_styles import Cell
from llm_gallery.figure.plan.outer_blocks import outer_blocks
from llm_gallery.figure.plan.plan import Plan
from llm_gallery.mechanisms import colour_of

STACK = 168.0
"""Px for all layers: 48 get 3 each and 84 get 2."""
FIRST = 21.0
"""Px above the last layer."""
HEIGHT = FIRST + STACK + 19
HIGH, LOW = 11.0, HEIGHT - 15
"""Upper edges of the head and of the embedding."""
STREAM, STRIP, TOKEN, CHANNEL = 5.0, 10.0, 28.0, 12.0
BAR = STRIP + TOKEN + 2 + CHANNEL
LEGEND = BAR + 16
PITCH, SECOND = 17.0, 14.0
"""Px from entry to entry, and what a second line adds."""
FEW = 8
"""Stretches of equal layers that need no whole pixels."""
SIZES = (11.5, 11.0, 10.5)
"""Px of the type of an entry: the largest in which its name stands whole."""
MOST = 6
"""Entries that the legend lists."""


def overview(architecture: Architecture, shown: Plan, wide: float) -> Picture:
    """Tower and strip with a legend, without name and date."""
    sheet = Sheet()
    streams.line(sheet, STREAM, HEIGHT, LOW + 6, thickness=2)
    sheet.put(_bar(LOW))
    streams.line(sheet, STREAM, LOW, HIGH + 6, thickness=2)
    sheet.put(_bar(HIGH))
    streams.line(sheet, STREAM, HIGH, 0, thickness=2, arrow=True)
    sheet.put(*strips.cells(shown, _strip(shown), joined=True))
    end = _legend(sheet, shown, wide)
    bottom = (
        _size(sheet, architecture.root, wide)
        if outer_blocks(architecture.root).embedding
        else HEIGHT
    )
    _pattern(sheet, shown, end + 5, bottom - 8, wide)
    return sheet.picture(wide, HEIGHT)


def _strip(shown: Plan) -> Strip:
    """Cells on whole pixels where they alternate: what is finer would blur."""
    depth = shown.depth
    room = STACK / max(depth, 1)
    pitch = min(14.0, room)
    if len(equal_runs(first_looks(shown))) > FEW and room >= 1.5:
        pitch = min(14.0, float(int(room))) if room >= 2 else 1.5
    gap = 1.0 if pitch >= 2.5 else 0.0
    spare = int((STACK - pitch * depth) / 2)
    return Strip(
        edge=STRIP,
        start=FIRST + STACK - spare,
        pitch=pitch,
        gap=gap,
        token=TOKEN,
        channel=CHANNEL,
        depth=depth,
    )


def _bar(y: float) -> Box:
    """Embedding or head, seen from afar."""
    return Box(0, y, BAR, 6, radius=2, fill="embedding.solid")


def _legend(sheet: Sheet, shown: Plan, wide: float) -> float:
    """What the colours are, how large, and in how many layers; gives the height of its end back."""
    sheet.label(LEGEND, 15, "Layers" if shown.depth != 1 else "Layer", size=11)
    depth = f"{shown.depth:,}"
    sheet.label(wide, 15, depth, size=12, weight=600, role="ink", anchor="end", tabular=True)
    sheet.rule(Point(LEGEND, 21.5), Point(wide, 21.5))
    y = 31.0
    entries = _entries(shown)
    twofold = len(entries) <= 3
    for cell, block, name, count in entries[:MOST]:
        sheet.put(swatch(LEGEND, y, cell, 8.5))
        number = f"{count:,}"
        room = wide - LEGEND - 14 - 8 - width(number, 11.5, tabular=True)
        sheet.fitted(LEGEND + 14, y + 8, name, room, SIZES, weight=500, role="ink")
        sheet.label(wide, y + 8, number, anchor="end", tabular=True)
        if twofold and (second := mechanisms.size_of(block)):
            y += SECOND
            sheet.label(LEGEND + 14, y + 8, cut(second, wide - LEGEND - 14, 10.5), size=10.5)
        y += PITCH + (2 if twofold else 0)
    if len(entries) > MOST:
        sheet.label(LEGEND + 14, y + 8, f"and {len(entries) - MOST} more", size=11)
        y += PITCH
    return y


def _entries(shown: Plan) -> list[tuple[Cell, Block, str, int]]:
    """The cells of the strip with what they are called, tokens first."""
    entries: list[tuple[Cell, Block, str, int]] = []
    for use in shown.uses:
        if not use.slots:  # joins the stream before the first layer: no layer's cell shows it
            continue
        blocks = [variant.block for variant in use.variants]
        names = block_names.variants(blocks) if len(blocks) > 1 else (mechanisms.full(blocks[0]),)
        for variant, name in zip(use.variants, block_names.all_sized(names, blocks), strict=True):
            look = shown.looks[shown.schedule[variant.layers[0]]]
            cell = look.cell(colour_of(variant.block))
            entries.append((cell, variant.block, name, variant.count))
    return entries


def _pattern(sheet: Sheet, shown: Plan, top: float, bottom: float, wide: float) -> None:
    """The folded schedule, where there is one and it has room."""
    runs = folded(shown)
    if len(runs) < 2 and all(len(run.unit) < 2 for run in runs):
        return
    folding = Sheet()
    if units(folding, runs, shown, LEGEND, top, wide) <= bottom:
        sheet.place(folding, 0, 0)


def _size(sheet: Sheet, root: Block, wide: float) -> float:
    """Width and vocabulary beside the embedding; gives the upper edge of the line back."""
    if "width" not in root.facts or "vocabulary" not in root.facts:
        return HEIGHT
    text = f"{root.number('width'):,} wide, vocabulary {root.number('vocabulary'):,}"
    sheet.label(LEGEND, HEIGHT - 8.5, cut(text, wide - LEGEND, 11), size=11)
    return HEIGHT - 18
