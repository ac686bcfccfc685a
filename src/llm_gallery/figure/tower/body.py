"""The tower itself: the strip, the lens, frames on the stream between embedding and head; gives where its blocks stand."""

from __future__ import annotations

from itertools import pairwise

from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Box, Line, Point
from llm_gallery.figure.kit.text import fitting, width
from llm_gallery.figure.tower import beside, wiring
from llm_gallery.figure.tower.blocks import draw_tag, sizes
from llm_gallery.figure.tower.formats import Format
from llm_gallery.figure.tower.heights import Heights, heights
from llm_gallery.figure.tower.rows import Named, Spot, Storey, Tower, Where

Places = dict[Where, Box]
"""Where leaders begin."""


def body(
    sheet: Sheet, fmt: Format, tower: Tower, x: float, y: float, wide: float, room: float
) -> tuple[Places, float]:
    """The tower from a corner on; its places and its lower edge."""
    high = heights(fmt, tower, room)
    end = y + (room or high.total(tower))
    track = fmt.strip + 1.5 + fmt.channel
    times = width(f"{tower.repeats} ×", fmt.title, 600) + fmt.title * 1.1 if tower.repeats else 0.0
    left = x + track + max(fmt.gap, times)
    looped = tower.stream.passes > 1
    right = x + wide - (fmt.title * 2.6 if looped else 0.0)
    axis = left + fmt.counts * (0.85 if tower.repeats else 1.0) + fmt.title * 0.55
    start = axis + fmt.wire * (0.85 if tower.repeats else 1.0)
    inner = right - fmt.title * 0.5
    top = y + high.row + high.end + high.norm
    low = end - high.row - high.end - high.under
    low = max(low, top + high.body(tower))
    top = low - high.body(tower)
    head = top - high.norm - high.end
    embedding = low + high.under
    spans = _frames(sheet, fmt, tower, high, left, right, low)
    with sheet.group("lens", "lens", "Which layers are drawn"):
        beside.lens(sheet, fmt, tower, x + track, left, spans, top, low)
    for a, b in spans.values():
        box = Box(left, a, right - left, b - a, radius=fmt.title * 0.5, fill="lens", edge="frame")
        box.open, box.line = True, fmt.stroke * 0.8
        with sheet.group("frame", "frame", "Frame"):
            sheet.put(box)
    across = wiring.lines(fmt, tower.stream, axis)
    over = top - fmt.title * 0.3 if len(across) > 1 else top
    with sheet.group("stream", "stream", "Stream"):
        if tower.ordered:
            wiring.run(sheet, fmt, across, embedding, over)
        else:
            _unordered(sheet, fmt, across, axis, right, [*spans.values()], embedding)
        above, below = _norm_span(fmt, tower, head + high.end)
        wiring.run(sheet, fmt, [axis], over, below)
        wiring.run(sheet, fmt, [axis], above, head + high.end)
    places: Places = {}
    if looped:
        with sheet.group("loop", "loop", "Loop"):
            places["loop"] = _loop(sheet, fmt, tower, axis, right, head + high.end, top, low)
    _end(sheet, fmt, "Head", tower.vocabulary, left, right, start, head, high.end)
    _end(
        sheet,
        fmt,
        "Embedding",
        tower.width and f"{tower.width} wide",
        left,
        right,
        start,
        embedding,
        high.end,
    )
    with sheet.group("stream", "tokens", "Tokens in and out"):
        _outside(sheet, fmt, axis, head, embedding + high.end, high.row)
    if tower.norm:
        with sheet.group("block norm", "norm", tower.norm):
            _norm(sheet, fmt, tower, axis, head + high.end)
    if tower.stream_tag:
        middle = top - fmt.small * 0.8
        places["stream"] = draw_tag(
            sheet, fmt, tower.stream_tag, across[-1] + fmt.title * 0.6, middle, right - axis
        )
    for held in high.frames(tower):
        at = spans[held[0]][1]
        for index in held:
            storey = tower.storeys[index]
            tall = high.storey(storey)
            at -= tall
            with sheet.group("layer", f"layer-{storey.layer}", storey.label):
                _storey(sheet, fmt, high, tower, index, left, axis, start, inner, at, places)
            at -= high.between
    with sheet.group("strip", "strip", "All layers"):
        beside.strip(sheet, fmt, tower, x, top, low)
    return places, embedding + high.end + high.row


def _unordered(
    sheet: Sheet,
    fmt: Format,
    across: list[float],
    axis: float,
    right: float,
    spans: list[tuple[float, float]],
    embedding: float,
) -> None:
    """Frames without a common stem: dots stand between them, and the strip has the order."""
    reach = fmt.title * 0.3
    wiring.run(sheet, fmt, [axis], embedding, spans[0][1])
    for above, below in spans:
        wiring.run(sheet, fmt, across, below, above)
    for n, ((above, _), (_, below)) in enumerate(pairwise(spans)):
        middle = (above + below) / 2
        for step in (-1, 0, 1):
            r, y = fmt.stroke, middle + step * reach
            sheet.put(Box(axis - r, y - r, 2 * r, 2 * r, form="circle", fill="stream", open=True))
        if not n:
            x = right - fmt.title * 0.3
            sheet.label(
                x, middle + fmt.small * 0.36, "order: strip at left", size=fmt.small, anchor="end"
            )


def _frames(
    sheet: Sheet, fmt: Format, tower: Tower, high: Heights, left: float, right: float, low: float
) -> dict[int, tuple[float, float]]:
    """The upper and lower edge of each frame, by its first storey."""
    found, at = dict[int, tuple[float, float]](), low
    for held in high.frames(tower):
        tall = high.frame(tower, held)
        found[held[0]] = at - tall, at
        at -= tall + high.frame_gap
    return found


def _storey(
    sheet: Sheet,
    fmt: Format,
    high: Heights,
    tower: Tower,
    index: int,
    left: float,
    axis: float,
    start: float,
    inner: float,
    top: float,
    places: Places,
) -> None:
    """A storey: how often it comes, and its branches from below upwards."""
    storey = tower.storeys[index]
    near = wiring.lines(fmt, tower.stream, axis)[0] - fmt.title * 0.55
    if not storey.branches:
        _named(sheet, fmt, tower, storey, left, axis, inner, top, high.line)
        return
    tall = high.storey(storey)
    words = f"{storey.times:,} ×"
    size = fitting(words, near - left - 4, sizes(fmt.count), 600)
    sheet.label(
        (left + near) / 2,
        top + tall / 2 + size * 0.36,
        words,
        size=size,
        weight=600,
        role="ink",
        anchor="middle",
    )
    at = top + tall - high.pad
    for b, told in enumerate(storey.branches):
        at -= high.branch(told)
        drawn = wiring.branch(sheet, fmt, high, tower.stream, told, axis, start, inner, at)
        for k, box in enumerate(drawn):
            places[Spot(index, b, k)] = box
        at -= high.branch_gap


def _named(
    sheet: Sheet,
    fmt: Format,
    tower: Tower,
    storey: Storey,
    left: float,
    axis: float,
    inner: float,
    top: float,
    line: float,
) -> None:
    """Lines of names, the lowest first."""
    across = wiring.lines(fmt, tower.stream, axis)
    near = across[0] - fmt.title * 0.45
    for i, named in enumerate(reversed(storey.names)):
        middle = top + (i + 0.5) * line
        words = f"{named.times:,} ×"
        size = fitting(words, near - left - 4, sizes(fmt.small * 1.1), 600)
        sheet.label(
            (left + near) / 2,
            middle + size * 0.36,
            words,
            size=size,
            weight=600,
            role="ink",
            anchor="middle",
        )
        _line(sheet, fmt, named, across[-1] + fmt.title * 0.7, inner, middle)


def _line(sheet: Sheet, fmt: Format, named: Named, x: float, inner: float, middle: float) -> None:
    parts = list(named.parts)
    if named.more:
        sheet.fitted(
            x,
            middle + fmt.small * 0.36,
            f"of {named.more:,} more kinds",
            inner - x,
            sizes(fmt.small),
            role="ink",
        )
        return

    def wide(size: float) -> float:
        return sum(width(words, size) + size * 1.15 for _, words in parts) + size * 0.6 * (
            len(parts) - 1
        )

    least = fmt.small * 0.82
    if wide(least) > inner - x and len(parts) > 1:
        parts = [(colour, words.removesuffix(" attention")) for colour, words in parts]
    while wide(least) > inner - x and len(parts) > 1:
        parts.pop()
    size = fmt.small
    while wide(size) > inner - x and size > least:
        size = max(least, size * 0.97)
    for colour, words in parts:
        sheet.put(
            Box(
                x,
                middle - size * 0.45,
                size * 0.9,
                size * 0.9,
                radius=1,
                fill=f"{colour}.solid",
                open=True,
            )
        )
        x += size * 1.15
        sheet.label(x, middle + size * 0.36, words, size=size, role="ink")
        x += width(words, size) + size * 0.6


def _loop(
    sheet: Sheet,
    fmt: Format,
    tower: Tower,
    axis: float,
    right: float,
    head: float,
    top: float,
    low: float,
) -> Box:
    """From above the last layer back below the first; above the final norm where that ends each pass."""
    above = head + fmt.title * 0.4 if tower.stream.norms else top - fmt.title * 0.35
    below, lane = low + fmt.title * 0.3, right + fmt.title * 1.3
    points = tuple(
        Point(*p)
        for p in ((axis, above), (lane, above), (lane, below), (axis + fmt.stroke * 2, below))
    )
    sheet.put(
        Line(points=points, kind="stream", role="stream", thickness=fmt.stroke * 1.8, arrow=True)
    )
    words, middle = f"{tower.stream.passes:,} ×", (top + low) / 2
    wide = width(words, fmt.count, 600) + 4
    sheet.put(
        Box(
            lane - wide / 2,
            middle - fmt.count * 0.7,
            wide,
            fmt.count * 1.4,
            radius=2,
            fill="paper",
            open=True,
        )
    )
    sheet.label(
        lane,
        middle + fmt.count * 0.36,
        words,
        size=fmt.count,
        weight=600,
        role="ink",
        anchor="middle",
    )
    if tower.loop_tag:
        size = width(tower.loop_tag, fmt.small * 0.86, 600) + fmt.small * 0.86
        draw_tag(
            sheet,
            fmt,
            tower.loop_tag,
            lane - fmt.title * 0.5 - size,
            above + fmt.small * 0.95,
            size + 1,
        )
    return Box(lane, above + (below - above) * 0.2, 0, 8)


def _end(
    sheet: Sheet,
    fmt: Format,
    name: str,
    fact: str,
    left: float,
    right: float,
    start: float,
    y: float,
    tall: float,
) -> None:
    """Embedding or head: a bar, its name, and its width where that fits."""
    with sheet.group("block embedding", name.lower(), name):
        box = Box(left, y, right - left, tall, radius=fmt.title * 0.35, fill="embedding.solid")
        box.labelled = True
        sheet.put(box)
        base, x = y + tall / 2, start + max(9.0, fmt.title * 0.7)
        sheet.label(
            x, base + fmt.title * 0.34, name, size=fmt.title * 0.96, weight=600, role="embedding.on"
        )
        room = right - fmt.title - x - width(name, fmt.title * 0.96, 600) - fmt.small
        if fact and width(fact, fmt.small) <= room:
            sheet.label(
                right - fmt.title,
                base + fmt.small * 0.36,
                fact,
                size=fmt.small,
                role="embedding.on",
                anchor="end",
            )


def _outside(sheet: Sheet, fmt: Format, axis: float, head: float, low: float, row: float) -> None:
    for start, end, words, base in (
        (head, head - row + 2, "next token", head - row * 0.3),
        (low + row - 1, low, "token ids", low + row * 0.72),
    ):
        ends = Point(axis, start), Point(axis, end)
        sheet.put(
            Line(points=ends, kind="stream", role="stream", thickness=fmt.stroke * 1.8, arrow=True)
        )
        sheet.label(axis + fmt.small * 0.9, base, words, size=fmt.small)


def _norm_span(fmt: Format, tower: Tower, head: float) -> tuple[float, float]:
    """The upper and lower edge of the final norm, under the head; of none, one place."""
    loop = fmt.title * 0.75 if tower.stream.passes > 1 and tower.stream.norms else 0.0
    y = head + loop + fmt.title * 0.25
    return y, y + (fmt.small * 1.45 if tower.norm else 0.0)


def _norm(sheet: Sheet, fmt: Format, tower: Tower, axis: float, head: float) -> None:
    """The final norm, which names what the small pills are."""
    wide = width(tower.norm, fmt.small) + fmt.small * 1.3
    y, low = _norm_span(fmt, tower, head)
    tall = low - y
    box = Box(axis - wide / 2, y, wide, tall, radius=tall / 2, fill="norm.tint", edge="norm.solid")
    box.open = True
    sheet.put(box)
    sheet.label(
        axis,
        y + tall / 2 + fmt.small * 0.36,
        tower.norm,
        size=fmt.small,
        role="norm.text",
        anchor="middle",
    )
