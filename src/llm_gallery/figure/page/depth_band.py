"""The whole depth in one band: from the embedding through every layer to the head, left to right."""

from __future__ import annotations

from llm_gallery import mechanisms
from llm_gallery.architecture.block import Architecture
from llm_gallery.figure.kit.blocks import Node, Sheet, Words, centred, hero, pill
from llm_gallery.figure.kit.shapes import Anchor, Box, Mark, Point
from llm_gallery.figure.kit.signs import dot, stream_line
from llm_gallery.figure.kit.stream import Stream
from llm_gallery.figure.kit.text import width
from llm_gallery.figure.numbers import layers
from llm_gallery.figure.page import legend_line, strip
from llm_gallery.figure.plan.outer_blocks import (
    Located,
    after_stack,
    before_stack,
    modules,
    outer_blocks,
)
from llm_gallery.figure.plan.plan import Plan
from llm_gallery.figure.tooltip import tooltip

END, HIGH = 84.0, 32.0
"""Px of the embedding and the head, across and down."""
MODULES = 92.0
"""Px between the last layer and the head that the modules for further tokens take."""
UNDER = 17.0
"""Px from the cells to the middle of the stream."""


def band(
    sheet: Sheet,
    architecture: Architecture,
    plan: Plan,
    left: float,
    right: float,
    y: float,
    *,
    token: float,
    channel: float,
) -> tuple[strip.Strip, float]:
    """Draws the band, its legend's first baseline at y; gives back the strip, and where the band ends."""
    root = architecture.root
    outer, norm = outer_blocks(root), after_stack(root)
    norm_wide = width(mechanisms.title(norm[0][1]), 12, 500) + 22 if norm else 0.0
    first = left + END + 14
    behind = norm_wide + 14 if norm else 6.0
    if outer.multi_token_prediction:
        behind = max(behind, MODULES)
    last = right - END - behind - 12
    low = legend_line.put(sheet, plan, first, y, right - first)
    place = strip.laid(plan.depth, first, last, low + 9, token=token, channel=channel)
    strip.draw(sheet, root, place)
    line = place.bottom + UNDER
    across = _stream(sheet, plan.stream, left + END, place.right + 10, line)
    low = _embedding(sheet, outer.embedding, architecture, left, line)
    at = place.right + 10
    if len(across) > 1:
        joined = Mark(at, across[0], f"v{across[-1] - across[0]:g}", stroke="stream", thickness=4)
        sheet.put(joined)
    end = right - END
    if norm:
        path, block = norm[0]
        x = end - 7 - norm_wide / 2
        named, about = mechanisms.title(block), tooltip(path, block)
        node = pill(x, line, named, "norm", wide=norm_wide, high=26, size=12, about=about)
        sheet.put(
            stream_line(Point(at, line), node.left), stream_line(node.right, Point(end, line))
        )
        sheet.add(node)
    else:
        sheet.put(stream_line(Point(at, line), Point(end, line)))
    if outer.multi_token_prediction:
        _modules(sheet, outer.multi_token_prediction, modules(root), at, line)
    _head(sheet, outer.head, end, line)
    under = across[-1] + 18
    _numbers(sheet, plan, place, under)
    return place, max(low, under + 6)


def _stream(sheet: Sheet, stream: Stream, start: float, end: float, y: float) -> tuple[float, ...]:
    """The stream under the cells, as many lines as it has; gives their heights back."""
    across = stream.across(y, 4.0)
    thick = 3.0 if len(across) == 1 else 1.5
    for at in across:
        sheet.put(stream_line(Point(start, at), Point(end, at), thickness=thick))
    return across


def _embedding(
    sheet: Sheet,
    located: Located | None,
    architecture: Architecture,
    left: float,
    line: float,
) -> float:
    """Token ids pick their rows; what else joins the stream before the layers is said under it."""
    said = [f"+ {mechanisms.title(block)}" for _, block in before_stack(architecture.root)]
    if located is not None:
        path, block = located
        about = tooltip(path, block)
        node = hero(
            left + END / 2,
            line,
            "Embedding",
            "embedding",
            wide=END,
            high=HIGH,
            size=13,
            about=about,
        )
        sheet.add(node)
        middle = left + END / 2
        sheet.wire(Point(middle, line - HIGH / 2 - 26), node.top)
        sheet.label(middle, line - HIGH / 2 - 32, "token ids", size=12.5, anchor="middle")
        rows, wide = block.value("vocabulary"), block.value("width")
        if isinstance(rows, int) and isinstance(wide, int):
            said.insert(0, f"{rows:,} × {wide:,}")
    y = line + HIGH / 2 + 14
    for words in said:
        sheet.fitted(left, y, words, END + 60, (12.0, 11.5, 11.0, 10.5))
        y += 14
    return y - 6


def _head(sheet: Sheet, located: Located | None, left: float, line: float) -> None:
    """Scores for the next token."""
    middle = left + END / 2
    start = Point(middle, line)
    if located is not None:
        about = tooltip(*located)
        node: Node = hero(
            middle, line, "Head", "embedding", wide=END, high=HIGH, size=13, about=about
        )
        sheet.add(node)
        start = node.top
        if located[1].value("tied"):
            sheet.label(left + END, line + HIGH / 2 + 14, "tied", size=12, anchor="end")
    sheet.wire(start, Point(middle, line - HIGH / 2 - 26))
    sheet.label(left + END, line - HIGH / 2 - 32, "next token", size=12.5, anchor="end")


def _modules(sheet: Sheet, located: Located, depth: int, x: float, line: float) -> None:
    """The modules that predict the tokens after the next: stored, not run in plain decoding."""
    box = Box(
        x + 16,
        line - 78,
        84,
        34,
        fill="embedding.tint",
        edge="embedding.edge",
        dashed=True,
        labelled=True,
        about=tooltip(*located),
    )
    words = Words(-2.5, "MTP", 12, 500), Words(11.5, layers(depth), 11)
    sheet.put(box, *centred(box, "embedding.text", *words))
    at = x + 5
    sheet.put(dot(at, line, "stream", 4))
    sheet.wire(Point(at, line), Point(at, line - 61), Point(x + 16, line - 61))


def _numbers(sheet: Sheet, plan: Plan, place: strip.Strip, y: float) -> None:
    """The first and the last layer's number, and round ones between."""
    depth = plan.depth
    step = min((5, 10, 12, 20, 25, 40, 50, 100), key=lambda n: abs(n - depth / 5))
    wanted = [1, depth, *range(step, depth, step)] if depth > 1 else [1]
    taken: list[float] = []
    for layer in wanted:
        x = place.middle(layer - 1)
        if all(abs(x - other) >= 30 for other in taken):
            taken.append(x)
            last = layer == depth > 1
            anchor: Anchor = "end" if last else "middle"
            sheet.label(place.right if last else x, y, f"{layer:,}", size=12, anchor=anchor)
