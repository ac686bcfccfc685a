"""The figure for a phone, 400 px wide: strip, one layer with its wiring, what leads, and what is kept."""

from __future__ import annotations

from llm_gallery.architecture.block import Architecture
from llm_gallery.figure.heading import Heading
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Mark, Picture, Point
from llm_gallery.figure.kit.signs import stream_line
from llm_gallery.figure.page import description, hero, kept, legend_line, strip
from llm_gallery.figure.page import head as heads
from llm_gallery.figure.page.hero import leading
from llm_gallery.figure.page.layer_frame import picture as frame
from llm_gallery.figure.page.prose import prose
from llm_gallery.figure.plan.one_layer import layers_as_one
from llm_gallery.figure.plan.plan import Plan

WIDTH, MARGIN = 400.0, 16.0
ROOM = WIDTH - 2 * MARGIN
TOKEN, CHANNEL = 46.0, 13.0
"""Px of the strip's tracks."""
LEAST_NUMBERED = 8
"""Layers from which the first and the last are numbered: of fewer, the lens is in the way, and one counts them."""


def phone(architecture: Architecture, heading: Heading, plan: Plan) -> Picture:
    """The whole figure."""
    root = architecture.root
    sheet = Sheet()
    above = Sheet()
    y = heads.head(above, architecture, heading, plan, (MARGIN, 14), ROOM, heads.PHONE)
    inside: list[tuple[Point, Picture]] = [(Point(0, 0), above.picture(WIDTH, y))]
    y = legend_line.put(sheet, plan, MARGIN, y + 30, ROOM)
    place = strip.laid(
        plan.depth, MARGIN + 6, WIDTH - MARGIN - 18, y + 8, token=TOKEN, channel=CHANNEL
    )
    strip.draw(sheet, root, place)
    under = _stream(sheet, plan, place)
    y = under + 49
    model_width = root.number("width") if "width" in root.facts else None
    lens: list[Mark] = []
    for index, one in enumerate(layers_as_one(plan)):
        shown = frame(one, plan.stream, ROOM, model_width, plan.depth)
        if not index:
            lens = _lens(plan, place, under, y, shown.height)
        inside.append((Point(MARGIN, y), shown))
        y += shown.height + 36
    if (leads := next(iter(leading(plan, heading.inherited)), None)) is not None:
        shown = hero.picture(leads, plan, ROOM)
        inside.append((Point(MARGIN, y - 6), shown))
        y += shown.height + 22
    y = kept.put(sheet, architecture, MARGIN, y + 14, ROOM)
    notes = ["Computed from config.json, 16-bit cache.", *description.notes(architecture)]
    for note in notes:
        y = prose(sheet, MARGIN, y + 22, ROOM, note, 12, "muted") - 20
    shapes = (*lens, *sheet.shapes)
    return Picture(width=WIDTH, height=round(y + 22), shapes=shapes, inside=tuple(inside))


def _stream(sheet: Sheet, plan: Plan, place: strip.Strip) -> float:
    """The stream under the cells, and the numbers of the first and the last layer; gives back where it ends."""
    lines = plan.stream.across(place.bottom + 13, 3.0)
    thick, end = (3.0, WIDTH - MARGIN) if len(lines) == 1 else (1.25, WIDTH - MARGIN - 9)
    for y in lines:
        ends = Point(MARGIN, y), Point(end, y)
        sheet.put(stream_line(*ends, thickness=thick, arrow=len(lines) == 1))
    if len(lines) > 1:
        high = lines[-1] - lines[0] + 8
        tip = f"v{high:g}l9 {-high / 2:g}z"
        sheet.put(Mark(end, lines[0] - 4, tip, width=9, height=high, fill="stream"))
    if plan.depth >= LEAST_NUMBERED:
        sheet.label(place.left, lines[-1] + 18, "1", size=12)
        sheet.label(place.right, lines[-1] + 18, f"{plan.depth:,}", size=12, anchor="end")
    return lines[-1]


def _lens(plan: Plan, place: strip.Strip, under: float, top: float, high: float) -> list[Mark]:
    """From a bracket under the strip to the frame: this is one of those layers, seen larger."""
    x, y = place.middle(min(plan.depth - 1, int(plan.depth * 0.6))), under + 6
    half = max(5.0, place.cell / 2 + 1)
    bracket = f"v5h{2 * half:g}v-5"
    left, right, down = MARGIN - 8, WIDTH - MARGIN + 8, top - y - 16
    ground = (
        f"h{2 * half:.1f}l{right - 6 - x - half:.1f} {down:.1f}q6 0 6 6v{high + 10:.1f}"
        f"q0 6 -6 6h-{right - left - 12:.1f}q-6 0 -6 -6v-{high + 10:.1f}q0 -6 6 -6z"
    )
    return [
        Mark(x - half, y + 8, ground, width=2 * half, height=down + high + 16, fill="lens"),
        Mark(x - half, y, bracket, width=2 * half, height=5, stroke="ink", thickness=1.25),
    ]
