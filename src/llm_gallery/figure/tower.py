"""The tower: tokens, embedding, the stack as its schedule strip, final norm, output head, what comes after."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from llm_gallery.analysis.parameters import stored
from llm_gallery.analysis.units import short
from llm_gallery.architecture.block import Architecture, Block, children, walk
from llm_gallery.figure import strip as strips
from llm_gallery.figure import words
from llm_gallery.figure.about import about
from llm_gallery.figure.blocks import Node, Sheet, dot, hero, label, operation, pill
from llm_gallery.figure.pattern import first_looks, pattern
from llm_gallery.figure.plan import Plan, folded
from llm_gallery.figure.shapes import Box, Line, Picture, Point
from llm_gallery.figure.strip import Strip
from llm_gallery.figure.text import Span, cut

WIDTH = 232.0
STREAM = 62.0
ABOVE, BELOW = 156.0, 91.0
"""Px above and under the stack."""


@dataclass(frozen=True, slots=True)
class Tower:
    """The tower, and the bracket on the layers that the frames magnify: its x, top and bottom."""

    picture: Picture
    bracket: tuple[float, float, float]


def around(root: Block) -> dict[str, tuple[str, Block]]:
    """The blocks round the stack by kind, with their paths."""
    found: dict[str, tuple[str, Block]] = {}

    def look(path: str, block: Block) -> None:
        for below, part in children(path, block):
            if part.kind in _ROUND:
                found.setdefault(part.kind, (below, part))
            elif part.kind == "group":
                look(below, part)

    look(root.name, root)
    return found


_ROUND = ("embedding", "position_embedding", "head", "multi_token_prediction")


def final_norm(root: Block) -> tuple[str, Block] | None:
    """The norm between the stack and the head."""
    for path, block in walk(root):
        if block.kind in ("group", "model") or block is root:
            kinds = [part.kind for part in block.inside]
            if "stack" in kinds:
                after = block.inside[kinds.index("stack") + 1 :]
                norm = next((part for part in after if part.kind in words.NORMS), None)
                if norm is not None:
                    return (f"{path}.{norm.name}" if path else norm.name, norm)
    return None


def tower(architecture: Architecture, shown: Plan, height: float, full: bool) -> Tower:
    """The tower in its column, as high as what stands beside it."""
    sheet = Sheet()
    parts = around(architecture.root)
    positions = parts.get("position_embedding")
    below = BELOW + (46 if positions is not None else 0)
    place = strips.strip(shown.depth, left=STREAM + 5, top=ABOVE, bottom=height - below)
    _input(sheet, parts, height, full)
    start = height - 14
    _stream(sheet, start, height - 36)
    start = height - 70
    if positions is not None:
        start = _positions(sheet, positions, start)
    norm = final_norm(architecture.root)
    norm_bottom = 130.0 if norm is not None else 86.0
    _stream(sheet, start, norm_bottom)
    sheet.put(*strips.cells(shown, place))
    _layer_numbers(sheet, shown, place)
    if norm is not None:
        node = pill(
            STREAM,
            118,
            words.NORMS[norm[1].kind],
            "norm",
            wide=96,
            high=24,
            size=12,
            about=about(*norm),
        )
        sheet.add(node)
        _stream(sheet, 106, 86)
    _head(sheet, parts, full)
    if "multi_token_prediction" in parts:
        _after(sheet, parts["multi_token_prediction"], place.top - 14)
    bracket = _bracket(sheet, shown, place)
    pattern(sheet, shown, 149, max(place.top, 160.0), 258)
    return Tower(sheet.picture(WIDTH + 30, height), bracket)


def _stream(sheet: Sheet, start: float, end: float, arrow: bool = False) -> None:
    sheet.put(
        Line(
            points=(Point(STREAM, start), Point(STREAM, end)),
            kind="stream",
            role="stream",
            thickness=3,
            arrow=arrow,
        )
    )


def _two_lines(sheet: Sheet, node: Node, first: str, second: str) -> None:
    x, y = node.centre
    inside = node.box.bounds
    role = "embedding.on"
    if not second:
        sheet.put(
            label(
                x, y + 4.7, first, size=12.5, weight=500, role=role, anchor="middle", inside=inside
            )
        )
        return
    sheet.put(
        label(x, y - 2.5, first, size=12.5, weight=500, role=role, anchor="middle", inside=inside),
        label(x, y + 11.5, second, size=10.5, role=role, anchor="middle", inside=inside),
    )


def _input(sheet: Sheet, parts: dict[str, tuple[str, Block]], height: float, full: bool) -> None:
    sheet.label(STREAM, height, "token ids", size=12, anchor="middle")
    if "embedding" not in parts:
        return
    path, block = parts["embedding"]
    y = height - 53
    node = hero(STREAM, y, "", "embedding", wide=124, high=34, about=about(path, block))
    sheet.add(node)
    _two_lines(sheet, node, "Token embedding", f"{short(stored(block))} parameters" if full else "")
    sheet.label(
        134, y - 3, (Span(f"{block.number('width'):,}", 600, role="ink", tabular=True), " wide")
    )
    sheet.label(
        134,
        y + 12,
        (Span(f"{block.number('vocabulary'):,}", 600, role="ink", tabular=True), " tokens"),
    )


def _positions(sheet: Sheet, positions: tuple[str, Block], start: float) -> float:
    """Learned positions, added to the tokens' rows; gives back where the stream goes on."""
    path, block = positions
    y = start - 26
    _stream(sheet, start, y + 8.5)
    node = pill(
        188,
        y,
        "positions",
        "position",
        note=cut(f"{block.number('positions'):,}", 60, 10.5),
        high=24,
        about=about(path, block),
    )
    ring = operation(STREAM, y, "+", radius=8.5, role="stream", thickness=1.75)
    sheet.wire(node.left, ring.right)
    sheet.add(node)
    sheet.add(ring)
    return y - 8.5


def _head(sheet: Sheet, parts: dict[str, tuple[str, Block]], full: bool) -> None:
    sheet.label(STREAM, 18, "next token", size=12, anchor="middle")
    if "head" not in parts:
        _stream(sheet, 86, 26, arrow=True)
        return
    path, block = parts["head"]
    node = hero(STREAM, 69, "", "embedding", wide=124, high=34, about=about(path, block))
    sheet.add(node)
    tied = bool(block.value("tied"))
    below = "tied to embedding" if tied else ""
    if full and not tied:
        below = f"{short(stored(block))} parameters"
    _two_lines(sheet, node, "Output head", below)
    _stream(sheet, 52, 26, arrow=True)


def _after(sheet: Sheet, module: tuple[str, Block], y: float) -> None:
    """The module that predicts the token after the next: stored, not run in plain decoding."""
    path, block = module
    depth = sum(1 for _, part in walk(block) if part.kind == "layer")
    title = f"multi-token prediction, {short(stored(block))} parameters, not in the total"
    box = Box(
        x=142,
        y=52,
        width=84,
        height=34,
        fill="embedding.tint",
        edge="embedding.edge",
        dashed=True,
        labelled=True,
        about=about(path, block, title),
    )
    middle = box.x + box.width / 2
    sheet.put(dot(STREAM, y, "stream", 4.25))
    sheet.wire(Point(STREAM, y), Point(middle, y), Point(middle, 86))
    sheet.wire(Point(middle, 52), Point(middle, 26))
    note = "1 layer" if depth <= 1 else f"{depth} layers"
    role, inside = "embedding.text", box.bounds
    sheet.put(
        box,
        label(middle, 66.5, "MTP", size=12, weight=500, role=role, anchor="middle", inside=inside),
        label(middle, 80, note, size=10.5, role=role, anchor="middle", inside=inside),
    )
    sheet.label(middle, 18, "the one after", size=12, anchor="middle")


def _layer_numbers(sheet: Sheet, shown: Plan, place: Strip) -> None:
    """First and last, where the pattern changes, and some between, none nearer than 14 px."""
    depth = shown.depth
    runs = folded(first_looks(shown))
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
            sheet.label(STREAM - 9, y + 3.7, f"{layer:,}", size=10.5, anchor="end", tabular=True)


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
    for run in folded(schedule):
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
    held: dict[int, int] = {}
    best = (len(schedule), 0.0, 0, max(0, len(schedule) - 1))
    start = 0
    for end, kind in enumerate(schedule):
        held[kind] = held.get(kind, 0) + 1
        while held[schedule[start]] > 1:
            held[schedule[start]] -= 1
            start += 1
        if len(held) == kinds:
            best = min(best, (end - start, abs((start + end) / 2 - middle), start, end))
    return best[2], best[3]


def _bracket(sheet: Sheet, shown: Plan, place: Strip) -> tuple[float, float, float]:
    first, last = magnified(shown)
    top, bottom = place.extent(first, last)
    if bottom - top < 8:
        spare = (8 - bottom + top) / 2
        top, bottom = top - spare, bottom + spare
    x = place.left + place.token + 2 + place.channel + 4
    points = (Point(x, top), Point(x + 4, top), Point(x + 4, bottom), Point(x, bottom))
    for a, b in pairwise(points):
        sheet.put(Line(points=(a, b), kind="rule", role="ink", thickness=1))
    return x + 4, top, bottom
