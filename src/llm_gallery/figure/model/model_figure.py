"""The model figure: head, tower, frames under a lens, the insets they open into, footer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Architecture, Block
from llm_gallery.figure import internals
from llm_gallery.figure.heading import Heading
from llm_gallery.figure.kit.shapes import Box, Mark, Picture, Point, Shape
from llm_gallery.figure.kit.stream import Stream
from llm_gallery.figure.model import (
    description,
    footer,
    insets,
    layer,
    measures,
    model_head,
    weights,
)
from llm_gallery.figure.model.connectors import (
    Referred,
    Socket,
    joined,
    lettered,
    referred,
    sideways,
)
from llm_gallery.figure.model.insets import SizedInset, Standing
from llm_gallery.figure.model.layer import Drawn
from llm_gallery.figure.model.measures import Measures, Setting
from llm_gallery.figure.model.outer_blocks import outer_blocks
from llm_gallery.figure.model.plan import Frame, Plan, Use
from llm_gallery.figure.model.tower import tower
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.apart import predicting

WIDTH, MARGIN = 1200.0, 40.0
COLUMNS, GUTTER, ROW = 304.0, 20.0, 40.0
"""Left edge of the frames, and px between columns and between rows."""
COLUMN = 418.0
STACKED = 22.0
"""Px between insets of one column."""

Placed = list[tuple[Point, Picture]]


@dataclass(frozen=True, slots=True)
class Body:
    """Frames and insets as placed, lines between them, and the frames' extent."""

    pictures: Placed
    lines: tuple[Shape, ...]
    top: float
    bottom: float
    right: float
    lens_bottom: float


def figure(architecture: Architecture, heading: Heading, shown: Plan, full: bool) -> Picture:
    """The whole figure of a model."""
    root = architecture.root
    counts, kept = parameters(root), cache(root)
    sentence = heading.summary or description.sentence(architecture, shown)
    above = model_head.head(heading, root, counts, kept, sentence, WIDTH - 2 * MARGIN)
    top = MARGIN - 6 + above.height + 27
    setting = Setting(
        measures=measures.WIDE,
        model_width=root.number("width") if "width" in root.facts else None,
        full=full,
        stream=shown.stream,
        wiring=None if shown.wiring is None else shown.wiring.variants[0],
    )
    # One frame leaves room beside it.
    alone = len(shown.frames) == 1 and shown.frames[0].columns <= 2
    body = (_beside if alone else _above_and_below)(shown, setting, top)
    if full and (module := outer_blocks(root).multi_token_prediction) is not None:
        body = _with_module(body, *module, len(predicting(root)))
    bottom = max(body.bottom, top + 480)
    standing = tower(architecture, shown, bottom - top, full)
    below = footer.footer(
        architecture, counts, kept, description.notes(architecture), WIDTH - 2 * MARGIN
    )
    stored = weights.table(root, WIDTH - 2 * MARGIN) if full else None
    listed, foot = bottom + 30, bottom + 30 + (stored.height + 20 if stored else 0.0)
    lens = _lens(standing.bracket, top, body)
    over = Picture(width=WIDTH, height=foot, shapes=body.lines)
    return Picture(
        width=WIDTH,
        height=round(foot + below.height + MARGIN - 6),
        shapes=lens,
        inside=(
            (Point(MARGIN, MARGIN - 6), above),
            (Point(MARGIN, top), standing.picture),
            *body.pictures,
            (Point(0, 0), over),
            *([(Point(MARGIN, listed), stored)] if stored else []),
            (Point(MARGIN, foot), below),
        ),
    )


def _with_module(body: Body, path: str, block: Block, count: int) -> Body:
    """The body with the first of the modules that predict further tokens drawn under it."""
    wide = WIDTH - MARGIN - COLUMNS
    inset = internals.inset(path, ((block, count),), wide, "not run in plain decoding", True)
    made = SizedInset(Use(False, (), ()), inset, wide)
    module = Standing(made, Point(COLUMNS, body.bottom + ROW), made.height)
    return replace(body, pictures=[*body.pictures, module.placed], bottom=module.bottom)


def _lens(bracket: tuple[float, float, float], top: float, body: Body) -> tuple[Shape, ...]:
    """The pale ground that says: these frames are those layers, seen larger."""
    x, first, last = bracket
    x, first, last = x + MARGIN, first + top, last + top
    high, low = body.top - 10, body.lens_bottom + 10
    path = f"L{COLUMNS:g} {high:.2f}V{low:.2f}L{x:g} {last:.2f}z"
    wide = body.right - COLUMNS + 20
    ground = Box(COLUMNS - 10, high, wide, low - high, radius=14, fill="lens", open=True)
    return Mark(x, first, path, fill="lens"), ground


def _beside(shown: Plan, setting: Setting, top: float) -> Body:
    """One frame; the insets stand right of it, what mixes channels above."""
    only = shown.frames[0]
    uses = [use for use in shown.uses if not use.token] + [u for u in shown.uses if u.token]
    uses += [] if shown.wiring is None else [shown.wiring]
    made = [insets.sized_inset(use, shown, COLUMN, setting.full) for use in uses]
    branches = measures.extents([only], setting)[0]
    needed = measures.needed(branches)
    column = sum(h.height for h in made) + STACKED * (len(made) - 1)
    high = max(needed, column, 360)
    extra = (high - column) / len(made) if made else 0.0
    drawn = layer.frame(only, setting, branches, high, Point(COLUMNS, top))
    pictures: Placed = [drawn.placed]
    x, y = COLUMNS + COLUMN + GUTTER, top
    lines: list[Shape] = []
    explained: list[tuple[Standing, list[Socket]]] = []
    for each in made:
        inset = Standing(each, Point(x, y), each.height + extra)
        pictures.append(inset.placed)
        sockets = _sockets(inset, [drawn], (x, y, inset.bottom))
        if (first := next((s for s in sockets if not s.hero.enclosed), None)) is not None:
            lines += sideways(first)
        explained.append((inset, [s for s in sockets if s is not first]))
        y = inset.bottom + STACKED
    lines += _letters(explained, shown.wiring, [drawn])
    return Body(pictures, tuple(lines), top, top + high, COLUMNS + COLUMN, top + high)


def _letters(
    explained: Sequence[tuple[Standing, Sequence[Socket]]],
    wiring: Use | None,
    drawn: Sequence[Drawn],
) -> Iterator[Shape]:
    """Letters on insets and by the blocks to which no line leads, and by each frame's stream."""
    found = []
    for inset, sockets in explained:
        if inset.sized.use is wiring:
            junctions = [f.junction for f in drawn if f.junction is not None]
            found.append(Referred(inset.corner, "stream", junctions))
        found.append(referred(inset.corner, sockets))
    yield from lettered(found)


def _above_and_below(shown: Plan, setting: Setting, top: float) -> Body:
    """Frames side by side; what mixes channels is explained above them, what mixes tokens below."""
    channels = [use for use in shown.uses if not use.token]
    tokens = [use for use in shown.uses if use.token]
    if shown.wiring is not None:
        # Where one inset would stand alone in its row.
        (channels if len(channels) % 2 and not len(tokens) % 2 else tokens).append(shown.wiring)
    upper = _inset_rows(channels, shown, setting.full, top)
    first = y = upper[-1][0].bottom + ROW if upper else top
    if len(shown.frames) > 2:
        setting = measures.without_repeats(shown.frames, setting)
    rows: list[list[Drawn]] = []
    for row in _in_rows(shown.frames):
        rows.append(_frame_row(row, setting, y))
        y += rows[-1][0].picture.height + ROW
    last = max(y - ROW, first)
    lower = _inset_rows(tokens, shown, setting.full, y)
    bottom = lower[-1][0].bottom if lower else last
    places = [place for row in rows for place in row]
    explained = {id(inset): _joining(inset, places) for row in upper + lower for inset in row}
    lines: list[Shape] = []
    linked: list[Socket] = []
    # Of several rows of frames only the outer ones face insets.
    for facing, edge, up in ((upper[-1:], first - ROW, True), (lower[:1], last + ROW, False)):
        frames = rows[0 if up else -1] if rows else []
        for insets_of in facing:
            outer = [_open(explained[id(inset)], frames, up) for inset in insets_of]
            shapes, found = joined(outer, edge, up=up)
            lines += shapes
            linked += found
    left = [
        (inset, [s for s in explained[id(inset)] if not any(s is other for other in linked)])
        for row in upper + lower
        for inset in row
    ]
    lines += _letters(left, shown.wiring, places)
    pictures = [
        *(inset.placed for row in upper for inset in row),
        *(made.placed for made in places),
        *(inset.placed for row in lower for inset in row),
    ]
    return Body(pictures, tuple(lines), first, bottom, WIDTH - MARGIN, last)


def _open(sockets: Sequence[Socket], row: Sequence[Drawn], up: bool) -> list[Socket]:
    """Those in a row of frames whose connector gets out, past no other block."""
    own = [hero for made in row for _, hero in made.heroes]
    return [s for s in sockets if s.hero in own and not s.hero.enclosed and s.faces(up=up)]


def _inset_rows(uses: list[Use], shown: Plan, full: bool, y: float) -> list[list[Standing]]:
    """Insets in rows from y down, those of a row as high as one another."""
    found = []
    for row in insets.rows(uses, shown, WIDTH - MARGIN - COLUMNS, GUTTER, full):
        high, x = max(each.height for each in row), COLUMNS
        placed = []
        for each in row:
            placed.append(Standing(each, Point(x, y), high))
            x += each.width + GUTTER
        found.append(placed)
        y += high + STACKED
    return found


def _in_rows(frames: Sequence[Frame]) -> list[Sequence[Frame]]:
    """Up to three side by side, two where layers have columns; four stand two by two."""
    widest = max((shown.columns for shown in frames), default=1)
    most = 1 if widest > 2 else 2 if widest == 2 or len(frames) == 4 else 3
    count = max(1, -(-len(frames) // most))
    each = max(1, -(-len(frames) // count))
    return [frames[start : start + each] for start in range(0, len(frames), each)]


def _frame_row(row: Sequence[Frame], setting: Setting, y: float) -> list[Drawn]:
    """Frames side by side, as high as one another."""
    wide = (WIDTH - MARGIN - COLUMNS - GUTTER * (len(row) - 1)) / len(row)
    setting = replace(setting, measures=_measures(len(row), wide, setting.stream))
    branches = measures.extents(row, setting)
    high = max(measures.needed(each) for each in branches)
    return [
        layer.frame(shown, setting, each, high, Point(COLUMNS + index * (wide + GUTTER), y))
        for index, (shown, each) in enumerate(zip(row, branches, strict=True))
    ]


def _measures(count: int, wide: float, stream: Stream) -> Measures:
    if count <= 2:
        return replace(measures.WIDE, width=wide)
    slim = measures.narrow(wide)
    if not stream.kind:
        return slim
    # Blocks leave room for what stands on the stream.
    return replace(slim, left=slim.left + 8, wide=slim.wide - 8, norm=slim.norm - 8)


def _joining(inset: Standing, drawn: Sequence[Drawn]) -> list[Socket]:
    """The heroes that an inset above or below them explains."""
    x = inset.corner.x
    return _sockets(inset, drawn, (x, x + 12, x + inset.sized.width - 12))


def _sockets(
    inset: Standing, drawn: Sequence[Drawn], edge: tuple[float, float, float]
) -> list[Socket]:
    """The heroes that an inset explains, and its edge that they lead to."""
    found, role = [], f"{colour_of(inset.sized.use.variants[-1].block)}.line"
    for index, slot in inset.sized.use.slots:
        heroes = drawn[index].heroes
        if (hero := next((h for s, h in heroes if s is slot), None)) is not None:
            others = [other for _, other in heroes if other is not hero]
            found.append(Socket(hero, role, edge, others))
    return found
