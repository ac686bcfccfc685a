"""The whole depth of a shallow model of one kind, upright: from the embedding up to the head, beside its layer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from llm_gallery import mechanisms
from llm_gallery.analysis.parameters import stored
from llm_gallery.analysis.units import short
from llm_gallery.architecture.block import Architecture, Block
from llm_gallery.figure.kit import stream as streams
from llm_gallery.figure.kit.blocks import NORM, Node, Sheet, Words, centred, hero, pill
from llm_gallery.figure.kit.shapes import Bounds, Box, Mark, Point
from llm_gallery.figure.kit.signs import CHIP, chip, dot, stream_sum
from llm_gallery.figure.kit.text import Span
from llm_gallery.figure.page import lens as lenses
from llm_gallery.figure.page import outer_stops as outside
from llm_gallery.figure.page import strip
from llm_gallery.figure.page.outer_stops import Stop
from llm_gallery.figure.plan.outer_blocks import Located, after_stack, outer_blocks, passed
from llm_gallery.figure.plan.plan import Plan
from llm_gallery.figure.tooltip import tooltip

DEEPEST = 36
"""Layers up to which the strip stands upright, where all are of one kind."""
WIDTH = 222.0
STREAM, WIDE, HIGH = 44.0, 126.0, 36.0
"""Px from the left edge to the stream; of embedding and head, across and down."""
TOKEN, CHANNEL, BROADEST = 50.0, 16.0, 24.0
"""Px of the strip's tracks, and from layer to layer at most."""
STOPS = {"scalar": CHIP, "norm": NORM, "scaling": NORM, "positions": NORM, "tables": 34.0}
GAP = 12.0
LOOP = 30.0
"""Px that the way back of a stack that runs again takes under the strip."""


def serves(architecture: Architecture, plan: Plan) -> bool:
    """Whether the band of a model stands upright: few layers of one kind, of which none feeds another."""
    return (
        0 < plan.depth <= DEEPEST
        and len(set(plan.schedule)) == 1
        and plan.stream.saved_every is None
        and outer_blocks(architecture.root).per_layer_embedding is None
        and not passed(architecture)
    )


class Band(NamedTuple):
    """The band on its sheet: the model, its edges, and where the stream, the strip and the two ends stand."""

    sheet: Sheet
    root: Block
    plan: Plan
    left: float
    top: float
    bottom: float
    full: bool
    stream: float
    place: strip.Strip
    embedding: float  # upper edge
    head: float  # lower edge


def _placed(
    sheet: Sheet,
    root: Block,
    plan: Plan,
    left: float,
    top: float,
    bottom: float,
    full: bool = False,
) -> Band:
    """From both ends inward: the strip takes what they leave, in the middle of it where that is too much."""
    stream = plan.stream
    embedding = bottom - 34 - HIGH
    low = embedding - GAP - sum(STOPS[stop.sort] + GAP for stop in outside.before(root))
    low -= LOOP if stream.passes > 1 else 0.0
    low -= 16 if stream.lines > 1 else 0.0
    outer = outer_blocks(root)
    scalars = () if outer.head is None else outside.head_scalars(outer.head[1])
    head = top + 34 + len(scalars) * (CHIP + 8) + HIGH
    high = head + GAP + (NORM + GAP if after_stack(root) else 0.0)
    high += 22 if stream.passes > 1 or outer.multi_token_prediction else 0.0
    high += 16 if stream.lines > 1 else 0.0
    pitch = min(BROADEST, (low - high) / plan.depth)
    spare = (low - high - pitch * plan.depth) / 2
    aside = stream.across(0.0)[-1]
    x = left + STREAM
    place = strip.Strip(
        left=x + 6 + aside,
        top=low - spare - pitch * plan.depth,
        pitch=pitch,
        token=TOKEN - aside,
        channel=CHANNEL,
        depth=plan.depth,
        upright=True,
    )
    return Band(sheet, root, plan, left, top, bottom, full, x, place, embedding, head)


def band(
    sheet: Sheet,
    architecture: Architecture,
    plan: Plan,
    left: float,
    top: float,
    bottom: float,
    *,
    full: bool = False,
) -> None:
    """Draws the band between top and bottom, its left edge at `left`; `full` adds the parameters of both ends."""
    root, stream = architecture.root, plan.stream
    band = _placed(sheet, root, plan, left, top, bottom, full)
    x, place = band.stream, band.place
    at = _entry(band)
    across = stream.across(x)
    if stream.lines > 1:
        at = _joined(sheet, across, x, at)
    end = place.top - (14 if stream.lines > 1 else 0)
    for lane in across:
        streams.line(sheet, lane, at, end, thickness=stream.thickness)
    at = end
    if stream.lines > 1:
        at = _joined(sheet, across, x, end)
    strip.draw(sheet, root, place)
    sheet.put(strip.asked(place, place.left - x))
    _numbers(band, across[0] - 9)
    _leave(band, at)
    words = (
        Span(f"{plan.depth:,}", 600, 25, role="ink"),
        f" {'layer' if plan.depth == 1 else 'layers'}",
    )
    sheet.label(left + WIDE + 12, place.top + 20, words, size=14)
    if plan.depth > 1:
        sheet.label(left + WIDE + 12, place.top + 38, "all alike", size=14)


def lens(
    architecture: Architecture, plan: Plan, left: float, top: float, bottom: float, frame: Bounds
) -> tuple[Mark, ...]:
    """From a bracket beside one layer of that band to the frame that shows it larger: put before the band."""
    place = _placed(Sheet(), architecture.root, plan, left, top, bottom).place
    first, last = place.extent(int(plan.depth * 0.42))
    return lenses.beside(Point(left + WIDE + 2, (first + last) / 2), (last - first) / 2 + 1, frame)


def _joined(sheet: Sheet, across: tuple[float, ...], x: float, y: float) -> float:
    """Where one line becomes several, or several one; gives back where the stream goes on."""
    wide = across[-1] - across[0] + 8
    sheet.put(Box(x - wide / 2, y - 6, wide, 6, radius=3, fill="stream", open=True))
    return y - 6


def _entry(band: Band) -> float:
    """Token ids, the embedding, and what joins before the layers; gives back where the stream goes on."""
    sheet, x, top = band.sheet, band.stream, band.embedding
    embedding = outer_blocks(band.root).embedding
    sheet.label(x, band.bottom - 4, "token ids", size=12.5, anchor="middle")
    at = band.bottom - 18
    if embedding is not None:
        block = embedding[1]
        remarks = (short(stored(block)),) if band.full else ()
        node = _end(band, top + HIGH / 2, "Embedding", embedding, remarks)
        streams.line(sheet, x, at, node.bottom.y)
        at = node.top.y
        for y, fact, unit in ((top + 14, "width", " wide"), (top + 30, "vocabulary", " ids")):
            number = Span(f"{block.number(fact):,}", 600, role="ink")
            sheet.label(band.left + WIDE + 10, y, (number, unit), size=12)
    for stop in outside.before(band.root):
        at = _stop(band, stop, at)
    return at


def _end(band: Band, y: float, words: str, located: Located, remarks: Sequence[str]) -> Node:
    """The embedding or the head, with what is said of it in a smaller line."""
    sheet, about, x = band.sheet, tooltip(*located), band.left + WIDE / 2
    if not remarks:
        return sheet.add(
            hero(x, y, words, "embedding", wide=WIDE, high=HIGH, size=13.5, about=about)
        )
    node = sheet.add(hero(x, y, "", "embedding", wide=WIDE, high=HIGH, about=about))
    lines = Words(-2, words, 13, 600), Words(12.5, ", ".join(remarks), 11)
    sheet.put(*centred(node.box, "embedding.on", *lines))
    return node


def _stop(band: Band, stop: Stop, at: float) -> float:
    """One thing that the stream passes, over `at`; gives back where the stream goes on."""
    sheet, x, high = band.sheet, band.stream, STOPS[stop.sort]
    y = at - GAP - high / 2
    if stop.sort == "scalar":
        node = chip(x, y, stop.words, about=stop.about)
    elif not stop.joins:
        node = pill(x, y, stop.words, "norm", wide=84, high=NORM, size=12, about=stop.about)
    else:
        node = stream_sum(x, y)
        wide = 106 if stop.sort == "tables" else None
        beside = stop.beside(band.left + WIDTH - 76, y, wide)
        sheet.wire(beside.left, node.right)
        sheet.add(beside)
        if stop.sort == "tables":
            rail, low = band.left + WIDTH - 4, band.bottom - 25
            sheet.put(dot(x, low, "stream", 4))
            sheet.wire(Point(x, low), Point(rail, low), Point(rail, y), beside.right)
    streams.line(sheet, x, at, node.bottom.y)
    sheet.add(node)
    return node.top.y


def _numbers(band: Band, right: float) -> None:
    """The first and the last layer, and every eighth."""
    depth = band.plan.depth
    step = 4 if depth < 16 else 8
    wanted = sorted({1, depth, *range(step, depth, step)})
    taken: list[float] = []
    for layer in (1, depth, *wanted[1:-1]):
        y = band.place.middle(layer - 1)
        if all(abs(y - other) >= 14 for other in taken):
            taken.append(y)
            band.sheet.label(right, y + 4, f"{layer:,}", size=11.5, anchor="end", tabular=True)


def _leave(band: Band, at: float) -> None:
    """From the last layer up: the norm, the head with what its scores are multiplied with, the next token."""
    sheet, x = band.sheet, band.stream
    outer, norm = outer_blocks(band.root), after_stack(band.root)
    aside = at - 12
    if norm:
        path, block = norm[0]
        y, name, about = band.head + GAP + NORM / 2, mechanisms.title(block), tooltip(path, block)
        node = pill(x, y, name, "norm", wide=84, high=NORM, size=12, about=about)
        streams.line(sheet, x, at, node.bottom.y)
        sheet.add(node)
        at = node.top.y
    if band.plan.stream.passes > 1:
        _loop(band, aside, at)
    if outer.exit_gate is not None and outer.multi_token_prediction is None:
        y, about = at - GAP / 2, tooltip(*outer.exit_gate)
        right = band.left + WIDTH - 50
        gate = pill(right, y, "exit gate", "embedding", high=22, size=12, about=about)
        sheet.wire(Point(x, y), gate.left)
        sheet.put(dot(x, y, "stream", 4))
        sheet.add(gate)
    _further(band, aside)
    if outer.head is not None:
        at = _head(band, outer.head, at)
    streams.line(sheet, x, at, band.top + 18, arrow=True)
    sheet.label(x, band.top + 9, "next token", size=12.5, anchor="middle")


def _head(band: Band, located: Located, at: float) -> float:
    """The output head and the scalars over it; gives back where the scores leave."""
    sheet, x, block, about = band.sheet, band.stream, located[1], tooltip(*located)
    counted = (short(stored(block)),) if band.full and not block.value("tied") else ()
    remarks = (*outside.head_remarks(block), *counted)
    node = _end(band, band.head - HIGH / 2, "Output head", located, remarks)
    streams.line(sheet, x, at, node.bottom.y)
    at = node.top.y
    for words in outside.head_scalars(block):
        scalar = chip(x, at - 8 - CHIP / 2, words, about=about)
        streams.line(sheet, x, at, scalar.bottom.y)
        sheet.add(scalar)
        at = scalar.top.y
    return at


def _loop(band: Band, aside: float, normed: float) -> None:
    """The way back from the end of the layers to their beginning, for as many passes as a token takes."""
    sheet, stream, x = band.sheet, band.plan.stream, band.stream
    left, low = band.left - 10, band.place.bottom + 14
    high = normed - GAP / 2 if stream.norms else aside
    sheet.wire(Point(x, high), Point(left, high), Point(left, low), Point(x - 2, low))
    sheet.put(dot(x, high, "stream", 4))
    said = (Span(f"{stream.passes:,}", 600, role="ink"), " passes")
    sheet.label(x + 12, low + 5, said, size=12.5)


def _further(band: Band, aside: float) -> None:
    """The modules that predict the tokens after the next: stored, not run in plain decoding."""
    found = outside.further(band.root)
    if found is None:
        return
    sheet, x = band.sheet, band.stream
    node = found.block(band.left + WIDE + 5, band.head, WIDTH - WIDE - 5, full=band.full)
    middle = node.bottom.x
    sheet.put(dot(x, aside, "stream", 4))
    sheet.wire(Point(x, aside), Point(middle, aside), Point(middle, band.head))
    sheet.add(node)
