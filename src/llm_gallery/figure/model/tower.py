"""The tower: tokens, embedding, the stack as its schedule strip, final norm, output head, what comes after."""

from __future__ import annotations

from dataclasses import dataclass

from llm_gallery.analysis.parameters import stored
from llm_gallery.analysis.units import short
from llm_gallery.architecture.block import Architecture, Block
from llm_gallery.figure.kit import stream as streams
from llm_gallery.figure.kit.blocks import NORM, Sheet, Words, centred, pill
from llm_gallery.figure.kit.shapes import Bounds, Box, Picture, Point
from llm_gallery.figure.kit.signs import bracket, dot
from llm_gallery.figure.kit.text import Span
from llm_gallery.figure.model import schedule_strip as strips
from llm_gallery.figure.model import stack_input, stack_lines
from llm_gallery.figure.model.outer_blocks import (
    Located,
    after_stack,
    before_stack,
    modules,
    outer_blocks,
    passed,
)
from llm_gallery.figure.model.pattern import first_looks, folded, pattern
from llm_gallery.figure.model.plan import Plan
from llm_gallery.figure.model.schedule_strip import Strip
from llm_gallery.figure.model.stack_input import BLOCK, STREAM, below, table
from llm_gallery.figure.numbers import layers
from llm_gallery.figure.tooltip import tooltip
from llm_gallery.mechanisms.written import times

WIDTH = 232.0
WORDS, NEXT = 18.0, 26.0
"""The baseline of what comes next, and where the stream's arrow ends under it."""
HEAD = Bounds(STREAM - BLOCK[0] / 2, 52.0, STREAM + BLOCK[0] / 2, 52.0 + BLOCK[1])
"""Where the output head stands."""
EXIT, FINAL = HEAD.bottom + 11, HEAD.bottom + 32
"""Where passes end and the exit gate reads, and the middle of the norm after the stack."""
ABOVE, BELOW = 156.0, 91.0
"""Px above and under the stack."""
JOINED = 30.0
"""Px above the stack in which several lines become one."""
TRACKS = 48.0
"""Px of the track of mixers."""
LEAST = 8.0
"""Px of the bracket at least."""
HIGHEST = 24.0
"""Px of a layer at most: few layers beside high frames may be taller than in a strip alone."""


@dataclass(frozen=True, slots=True)
class Tower:
    """The tower, and the bracket on the layers that the frames magnify: its x, top and bottom."""

    picture: Picture
    bracket: tuple[float, float, float]


def tower(architecture: Architecture, shown: Plan, height: float, full: bool) -> Tower:
    """The tower in its column, as high as what stands beside it."""
    sheet = Sheet()
    root, stream = architecture.root, shown.stream
    outer, standing, norm = outer_blocks(root), before_stack(root), after_stack(root)
    several = stream.lines > 1 or stream.saved_every is not None
    aside = stream.across(STREAM)[-1] - STREAM
    place = strips.strip(
        shown.depth,
        left=STREAM + 5 + aside,
        top=ABOVE + (JOINED if several else 0.0),
        bottom=height - BELOW - stack_input.height(outer, standing, stream),
        token=TRACKS - aside,
        highest=HIGHEST,
    )
    start = stack_input.entry(sheet, outer, standing, stream, (height, place.start), full)
    end = FINAL + NORM / 2 if norm else HEAD.bottom
    lines = stack_lines.stream(sheet, shown, place, start, end)
    sheet.put(*strips.cells(shown, place))
    numbers = lines.left - 7.5
    _layer_numbers(sheet, shown, place, numbers)
    if norm:
        node = stack_input.norm(sheet, *norm[0], FINAL)
        streams.line(sheet, STREAM, node.top.y, HEAD.bottom)
    if stream.passes > 1:
        _loop(sheet, stream.passes, place, numbers, bool(norm) and stream.norms)
    if outer.exit_gate and not outer.multi_token_prediction:
        _exit(sheet, outer.exit_gate)
    _head(sheet, outer.head, full)
    if outer.multi_token_prediction:
        _after(sheet, outer.multi_token_prediction, modules(root), lines.across, place.top - 14)
    edge = place.edge + place.across + 4
    combs = passed(architecture, tuple(stack_lines.FLOWS))
    right = stack_lines.links(sheet, combs, place, edge)
    magnify = place.extent(*magnified(shown))
    extent = bracket(sheet, right, right + 4, magnify, LEAST)
    left = 149 + right - edge
    low = pattern(sheet, shown, left, max(place.top, 160.0), 258)
    stack_lines.legend(sheet, combs, left, low, 258)
    return Tower(sheet.picture(WIDTH + 30, height), (right + 4, *extent))


def _loop(sheet: Sheet, passes: int, place: Strip, numbers: float, norms: bool) -> None:
    """The way back from the end of the stack to its start, for as many passes as a token takes."""
    top = EXIT if norms else place.top - 12
    low = place.start + 12
    x = min(2.0 if norms else 18.0, numbers - 30)
    sheet.put(dot(STREAM, top, "stream", 4.25))
    sheet.wire(Point(STREAM, top), Point(x, top), Point(x, low), Point(STREAM - 1.5, low))
    words = (Span(f"{passes:,}", 600, role="ink"), " passes")
    sheet.label(STREAM - 9, low + 17, words, size=12, anchor="end")


def _exit(sheet: Sheet, located: Located) -> None:
    """The gate that says after which pass the output is read."""
    node = pill(176, EXIT, "exit gate", "embedding", high=22, about=tooltip(*located))
    sheet.put(dot(STREAM, EXIT, "stream", 4.25))
    sheet.wire(Point(STREAM, EXIT), node.left)
    sheet.add(node)


def _head(sheet: Sheet, head: Located | None, full: bool) -> None:
    sheet.label(STREAM, WORDS, "next token", size=12, anchor="middle")
    if head is None:
        streams.line(sheet, STREAM, HEAD.bottom, NEXT, arrow=True)
        return
    _, block = head
    second = below(block, full, _of_head(block))
    at = Point(STREAM, (HEAD.top + HEAD.bottom) / 2)
    node = table(sheet, at, head, BLOCK[0], "Output head", second)
    streams.line(sheet, STREAM, node.top.y, NEXT, arrow=True)


def _of_head(block: Block) -> tuple[str, ...]:
    """Whose matrix it is, and what is done to its rows and its scores."""
    scale, cap = times(block.value("logit_scale")), block.value("logit_softcap")
    possible = (
        "rows normed" if block.value("normed_head") else "",
        "with bias" if block.value("bias") else "",
        scale,
        f"within ± {cap:g}" if isinstance(cap, int | float) else "",
    )
    remarks = tuple(filter(None, possible))
    if not block.value("tied"):
        return remarks
    return ("tied", *remarks) if remarks else ("tied to embedding",)


def _after(sheet: Sheet, module: Located, depth: int, across: tuple[float, ...], y: float) -> None:
    """The modules that predict the tokens after the next: stored, not run in plain decoding."""
    path, block = module
    title = f"multi-token prediction, {short(stored(block))} parameters, not in the total"
    box = Box(
        142,
        HEAD.top,
        84,
        BLOCK[1],
        fill="embedding.tint",
        edge="embedding.edge",
        dashed=True,
        labelled=True,
        about=tooltip(path, block, title),
    )
    middle = box.x + box.width / 2
    sheet.put(*(dot(x, y, "stream", 4.25 if len(across) == 1 else 2.5) for x in across))
    sheet.wire(Point(across[-1], y), Point(middle, y), Point(middle, HEAD.bottom))
    sheet.wire(Point(middle, HEAD.top), Point(middle, NEXT))
    lines = Words(-2.5, "MTP", 12, 500), Words(11, layers(depth), 10.5)
    sheet.put(box, *centred(box, "embedding.text", *lines))
    predicted = "the one after" if depth <= 1 else "those after"
    sheet.label(middle, WORDS, predicted, size=12, anchor="middle")


def _layer_numbers(sheet: Sheet, shown: Plan, place: Strip, right: float) -> None:
    """First and last, where the pattern changes, and some between, none nearer than 14 px."""
    depth = shown.depth
    runs = folded(shown)
    changes = []
    at = 0
    for run in runs[:-1]:
        at += run.layers
        changes.append(at + 1)
    wanted = [1, depth, *(changes if len(changes) < 4 else [])]
    period = max((len(run.unit) for run in runs if run.times > 1), default=1)
    step = _step(depth, period)
    wanted += list(range(step, depth + 1, step))
    taken: list[float] = []
    for layer in wanted:
        y = place.middle(layer - 1)
        if depth and all(abs(y - other) >= 14 for other in taken):
            taken.append(y)
            sheet.label(right, y + 3.7, f"{layer:,}", size=10.5, anchor="end", tabular=True)


def _step(depth: int, period: int) -> int:
    """A round number of layers, or of whole periods, that gives about four marks."""
    about_right = depth / 4.5
    if period > 1:
        return max(1, round(about_right / period)) * period
    nice = [1, 2, 4, 5, 8, 10, 20, 25, 40, 50, 100, 200]
    return min(nice, key=lambda n: abs(n - about_right))


def magnified(shown: Plan) -> tuple[int, int]:
    """First and last of the layers that the frames magnify: one period, or where kinds meet."""
    schedule = first_looks(shown)
    kinds = set(schedule)
    at = 0
    periods = []
    for run in folded(shown):
        if run.times > 1 and len(run.unit) > 1 and set(run.unit) == kinds:
            periods += [(at + t * len(run.unit), len(run.unit)) for t in range(run.times)]
        at += run.layers
    middle = shown.depth * 0.42
    if periods and periods[0][1] <= shown.depth / 2:
        first, length = min(periods, key=lambda p: abs(p[0] + p[1] / 2 - middle))
        return first, first + length - 1
    return _shortest(schedule, len(kinds), middle)


def _shortest(schedule: tuple[int, ...], kinds: int, middle: float) -> tuple[int, int]:
    """The shortest stretch that holds every kind, nearest to the middle where several are."""
    counts: dict[int, int] = {}
    best = (len(schedule), 0.0, 0, max(0, len(schedule) - 1))
    start = 0
    for end, kind in enumerate(schedule):
        counts[kind] = counts.get(kind, 0) + 1
        while counts[schedule[start]] > 1:
            counts[schedule[start]] -= 1
            start += 1
        if len(counts) == kinds:
            best = min(best, (end - start, abs((start + end) / 2 - middle), start, end))
    return best[2], best[3]
