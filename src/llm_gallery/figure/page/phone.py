"""The figure for a phone, 400 px wide: strip, one layer with its wiring, what leads, and what is kept."""

from __future__ import annotations

from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Architecture, Block
from llm_gallery.figure.heading import Heading
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import About, Mark, Picture, Point
from llm_gallery.figure.kit.text import Span, fit, width, wrap
from llm_gallery.figure.model import description, model_head
from llm_gallery.figure.model.plan import Plan
from llm_gallery.figure.page import kept, legend_line, strip
from llm_gallery.figure.page.hero import hero, leading
from llm_gallery.figure.page.layer_frame import picture as frame
from llm_gallery.figure.page.one_layer import layers_as_one
from llm_gallery.figure.page.prose import prose

WIDTH, MARGIN = 400.0, 16.0
ROOM = WIDTH - 2 * MARGIN
TOKEN, CHANNEL = 46.0, 13.0
"""Px of the strip's tracks."""


def phone(architecture: Architecture, heading: Heading, plan: Plan) -> Picture:
    """The whole figure."""
    root = architecture.root
    sheet = Sheet()
    y = _head(sheet, architecture, heading, plan)
    y = legend_line.put(sheet, plan, MARGIN, y + 30, ROOM)
    place = strip.laid(plan.depth, MARGIN + 6, WIDTH - MARGIN - 18, y + 8, token=TOKEN, channel=CHANNEL)
    strip.draw(sheet, root, place)
    _stream(sheet, plan, place)
    inside: list[tuple[Point, Picture]] = []
    y = place.bottom + 62
    model_width = root.number("width") if "width" in root.facts else None
    lens: list[Mark] = []
    for index, one in enumerate(layers_as_one(plan)):
        shown = frame(one, plan.stream, ROOM, model_width, plan.depth)
        if not index:
            lens = _lens(plan, place, y, shown.height)
        inside.append((Point(MARGIN, y), shown))
        y += shown.height + 36
    use = leading(root, plan)
    if use is not None:
        shown = hero(use, plan, ROOM)
        inside.append((Point(MARGIN, y - 6), shown))
        y += shown.height + 22
    y = kept.put(sheet, architecture, MARGIN, y + 14, ROOM)
    notes = ["Computed from config.json, 16-bit cache.", *description.notes(architecture)]
    for note in notes:
        y = prose(sheet, MARGIN, y + 22, ROOM, note, 12, "muted") - 20
    shapes = (*lens, *sheet.shapes)
    return Picture(width=WIDTH, height=round(y + 22), shapes=shapes, inside=tuple(inside))


def _head(sheet: Sheet, architecture: Architecture, heading: Heading, plan: Plan) -> float:
    """Name, origin, sentence and up to three numbers; gives back the last baseline."""
    root = architecture.root
    fitted = fit((heading.line,), ROOM, (26.0, 24.0, 22.0, 20.0), 600, tracking=-0.5)
    y = 40.0
    if fitted is not None:
        sheet.label(
            MARGIN, y, heading.line, size=fitted[1], weight=600, role="ink", tracking=-0.5
        )
    else:
        lines = wrap(heading.line, ROOM, 20, 600, lines=2)
        y = sheet.lines(MARGIN, 36, lines, 25, size=20, weight=600, role="ink") - 25
    origin = " · ".join(filter(None, (heading.maker, heading.month)))
    if origin:
        y += 22
        sheet.fitted(MARGIN, y, origin, ROOM, (13.0, 12.5, 12.0, 11.5))
    sentence = heading.summary or description.sentence(architecture, plan)
    if sentence:
        y = prose(sheet, MARGIN, y + 28, ROOM, sentence.replace("*", ""), 16) - 22
    counts, held = parameters(root), cache(root)
    columns = model_head.columns(root, counts, held)[:3]
    x, y = MARGIN, y + 46
    gap = (ROOM - sum(map(_broad, columns))) / max(1, len(columns) - 1) if len(columns) > 1 else 0
    for words, caption, exact in columns:
        sheet.label(
            x, y, _amount(words), size=22, weight=600, role="ink",
            about=About("", f"{caption}: {exact}"),
        )
        sheet.label(x, y + 18, _short(caption), size=12.5)
        x += _broad((words, caption, exact)) + min(gap, 40)
    return y + 18


def _amount(words: str) -> tuple[Span, ...]:
    number, _, unit = words.partition(" ")
    digits = number.rstrip("TBMK")
    unit = unit or number[len(digits) :]
    gap = 4.0 if " " in words else 0.0
    return (Span(digits, tabular=True), Span(unit, 500, 14, gap=gap)) if unit else (Span(digits),)


def _short(caption: str) -> str:
    return caption.replace("active per token", "active").replace("cache per token", "cache a token")


def _broad(column: tuple[str, str, str]) -> float:
    words, caption, _ = column
    return max(width(_amount(words), 22, 600), width(_short(caption), 12.5))


def _stream(sheet: Sheet, plan: Plan, place: strip.Strip) -> None:
    """The stream under the cells, and the numbers of the first and the last layer."""
    lines = plan.stream.lines
    y = place.bottom + 10
    for index in range(lines):
        at = y + index * 3.0
        arrow = "h{0:.1f}".format(WIDTH - 2 * MARGIN - 8)
        thick = 3.0 if lines == 1 else 1.25
        sheet.put(Mark(MARGIN, at, arrow, width=ROOM - 8, stroke="stream", thickness=thick))
    low = y + (lines - 1) * 1.5
    tip = Mark(WIDTH - MARGIN - 10, low - 5, "v10l9 -5z", width=9, height=10, fill="stream")
    sheet.put(tip)
    under = y + (lines - 1) * 3 + 18
    sheet.label(place.left, under, "1", size=12)
    if plan.depth > 1:
        sheet.label(place.right, under, f"{plan.depth:,}", size=12, anchor="end")


def _lens(plan: Plan, place: strip.Strip, top: float, high: float) -> list[Mark]:
    """From a bracket under the strip to the frame: this is one of those layers, seen larger."""
    layer = min(plan.depth - 1, int(plan.depth * 0.6))
    x = place.middle(layer)
    y = place.bottom + 16 + (plan.stream.lines - 1) * 3
    half = max(5.0, place.cell / 2 + 1)
    bracket = Mark(
        x - half, y, f"v5h{2 * half:g}v-5", width=2 * half, height=5, stroke="ink", thickness=1.25
    )
    down = top - 9 - (y + 8)
    left, right = MARGIN - 9, WIDTH - MARGIN + 9
    path = (
        f"h{2 * half:g}L{right - 4:g} {top - 9:g}h4v{high + 18:g}h-{right - left:g}"
        f"v-{high + 18:g}h4z"
    )
    del down, path
    ground = (
        f"h{2 * half:.1f}l{right - 6 - x - half:.1f} {top - 8 - y - 8:.1f}q6 0 6 6v{high + 10:.1f}"
        f"q0 6 -6 6h-{right - left - 12:.1f}q-6 0 -6 -6v-{high + 10:.1f}q0 -6 6 -6z"
    )
    return [
        Mark(x - half, y + 8, ground, width=2 * half, height=top - y + high, fill="lens"),
        bracket,
    ]
