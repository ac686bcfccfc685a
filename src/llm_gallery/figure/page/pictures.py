"""What a mechanism reads out of what it keeps, as a picture: one for each way of keeping the past."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from functools import partial
from math import sqrt
from typing import NamedTuple

from llm_gallery import mechanisms
from llm_gallery.architecture.block import Block
from llm_gallery.figure.internals._squares import grid, lit, spread
from llm_gallery.figure.internals._squares import squares as squares_of
from llm_gallery.figure.internals._state import States
from llm_gallery.figure.kit.blocks import Sheet, pill
from llm_gallery.figure.kit.shapes import Box, Mark, Point
from llm_gallery.figure.kit.signs import drum, squares
from llm_gallery.figure.kit.text import Span, width
from llm_gallery.figure.numbers import layers
from llm_gallery.figure.page.prose import prose
from llm_gallery.figure.plan.plan import Variant
from llm_gallery.mechanisms import DRAWN, MOST_TOLD, colour_of
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.mechanisms.lane_drawing import LaneDrawing, State
from llm_gallery.mechanisms.wiring import looped

Draw = Callable[[Sheet, float, float], float]
"""Draws on a sheet, so wide, from the height y down; gives back where it ends."""


class Panel(NamedTuple):
    """One way of keeping and reading the past: its picture, and the sentences under it."""

    draw: Draw
    words: str


READ = frozenset({"sliding-window-attention", "chunked-attention", "shared-kv-cache"})
"""What the rows of a picture say of attention that doesn't read all."""


def panels(
    variants: Sequence[Variant], new: Set[str] = frozenset(), most: int = MOST_TOLD
) -> list[Panel]:
    """The pictures of a mechanism, by what it keeps: mostly one, of compressed attention one for each ratio.

    What is said of `new` concepts comes before what else there is to say, in at most so many sentences.
    """
    block = variants[0].block
    drawing = DRAWN[block.kind].drawing
    shown = READ if _limited(variants) else frozenset[str]()
    held = [(variant.block, variant.count) for variant in variants]
    words = mechanisms.told(held, new, most, shown)
    if not block.mixes:
        return [Panel(_nothing, words)]
    if any("ratio" in variant.block.facts for variant in variants):
        return _entries(variants, new)
    if block.is_mixture:
        picture = _experts
    elif isinstance(drawing, LaneDrawing) and isinstance(drawing.core, State):
        whole = len(drawing.core.sizes) == 2 and drawing.core.states
        picture = _matrix if whole else _channels
    elif _limited(variants):
        picture = _reach
    elif block.kind == "latent_attention":
        picture = _pinch
    else:
        picture = _heads if block.attends else _reach
    return [Panel(partial(picture, variants), words)]


def _nothing(sheet: Sheet, wide: float, y: float) -> float:
    """No picture: the wiring shows it."""
    return y - 14


def _experts(variants: Sequence[Variant], sheet: Sheet, wide: float, y: float) -> float:
    """A square an expert, lit those that run for one token, and beside them what always runs."""
    block = max(variants, key=lambda variant: variant.count).block
    stored, used = block.number("experts"), block.number("used")
    shared = block.number("shared")
    aside = 54.0 if shared else 0.0
    shown = grid(1, stored, wide - 32 - aside, 120, 26)
    high = shown.size[1]
    x, middle = 16 + shown.size[0] / 2, y + 22 + high / 2
    words = (Span(f"{used:,}", 600, role="moe.text"), f" of {stored:,} run")
    sheet.label(16, y + 12, words, size=13, role="ink")
    sheet.put(
        squares_of(shown, x, middle, "moe.edge"),
        lit(shown, x, middle, "moe.solid", spread(used, stored)),
    )
    if shared:
        left = 16 + shown.size[0] + 22
        side = min(26.0, max(12.0, shown.side))
        sheet.put(Box(left, middle - side / 2, side, side, radius=2, fill="moe.solid", open=True))
        sheet.label(left, y + 12, f"{shared:,} always", size=13, role="ink")
    return y + 22 + high + 12


def _limited(variants: Sequence[Variant]) -> bool:
    """Whether some don't read all tokens."""
    facts = {name for variant in variants for name in variant.block.facts}
    return not facts.isdisjoint(("window", "chunk", "selected"))


_KEY = (3, 1, 0, 2, 1, 3, 0, 1, 2, 0, 3, 1)
_VALUE = (2, 3, 1, 0, 3, 1, 2, 0, 1, 3, 0, 2)
_TONES = ("pale", "edge", "edge", "solid")
"""An illustration: the state is the sum of many products of a key and a value."""


def _matrix(variants: Sequence[Variant], sheet: Sheet, wide: float, y: float) -> float:
    """One state as a square of numbers between a key and a value, and how many there are."""
    block, colour = variants[0].block, colour_of(variants[0].block)
    drawing = DRAWN[block.kind].drawing
    assert isinstance(drawing, LaneDrawing)
    assert isinstance(drawing.core, State)
    states = States.of(block, drawing.core)
    count, pitch = 12, 12.0
    side = count * pitch
    left, top = 42.0, y + 22
    sheet.label(left - 22, y + 12, "value", size=13, role=f"{colour}.text")
    _tinted(sheet, left - 20, top, [(0, i, v) for i, v in enumerate(_VALUE)], colour, pitch)
    cells = [
        (c, r, min(3, (_KEY[c] * _VALUE[r] + _KEY[(c + 5) % 12] * _VALUE[(r + 7) % 12]) // 3))
        for r in range(count)
        for c in range(count)
    ]
    _tinted(sheet, left + 4, top + 4, cells, colour, pitch)
    edge = Box(left, top, side + 6, side + 6, radius=5, edge=f"{colour}.text", line=1.25, open=True)
    sheet.put(edge)
    _tinted(
        sheet, left + 4, top + side + 14, [(i, 0, k) for i, k in enumerate(_KEY)], colour, pitch
    )
    sheet.label(
        left + side / 2 + 3, top + side + 42, "key", size=13, role=f"{colour}.text", anchor="middle"
    )
    x, at = left + side + 26, top + 34
    many = f"{states.count:,}" if states.count is not None else "1"
    for words in (f"{many} heads, each", "with one matrix of"):
        sheet.label(x, at, words, size=13, role="ink")
        at += 19
    sheet.label(x, at + 5, states.size, size=17, weight=600, role=f"{colour}.text")
    sheet.put(drum(x, at + 20, f"{colour}.tint", f"{colour}.text"))
    sheet.label(
        x + 16, at + 29.5, (Span(states.taken, 600, role=f"{colour}.text"), " a layer,"), size=13
    )
    sheet.label(x, at + 48, "at any length", size=13)
    return top + side + 54


def _tinted(
    sheet: Sheet,
    x: float,
    y: float,
    cells: Sequence[tuple[int, int, int]],
    colour: Colour,
    pitch: float,
) -> None:
    """Squares of four tones, a path a tone."""
    side = pitch - 2
    for tone in dict.fromkeys(_TONES):
        own = [(c, r) for c, r, of in cells if _TONES[min(of, 3)] == tone]
        path, at = "", (0.0, 0.0)
        for column, row in own:
            here = (column * pitch, row * pitch)
            path += f"m{here[0] - at[0]:g} {here[1] - at[1]:g}h{side:g}v{side:g}h-{side:g}z"
            at = here
        if path:
            role = f"{colour}.{tone}" if tone != "pale" else f"{colour}.pale"
            sheet.put(Mark(x, y, path, width=12 * pitch, height=12 * pitch, fill=role))


def _channels(variants: Sequence[Variant], sheet: Sheet, wide: float, y: float) -> float:
    """A state that is a few numbers for each channel."""
    block, colour = variants[0].block, colour_of(variants[0].block)
    each = "numbers" if "state_dim" in block.facts else "running sums"
    rows = min(8, block.number("state_dim")) if "state_dim" in block.facts else 2
    columns = int((wide - 32) // 11)
    cells = [(c, r, (c * 7 + r * 5 + (c * r) % 3) % 4) for r in range(rows) for c in range(columns)]
    channels = block.number("inner")
    sheet.label(16, y + 12, (Span(f"{channels:,}", 600, role="ink"), " channels"), size=13)
    _tinted(sheet, 16, y + 22, cells, colour, 11)
    low = y + 22 + rows * 11 + 18
    count = f"{block.number('state_dim'):,}" if "state_dim" in block.facts else "2"
    sheet.label(
        16,
        low,
        (Span(count, 600, role=f"{colour}.text"), f" {each} for each, at any length"),
        size=13,
    )
    return low + 12


TOKENS = 30


def _reach(variants: Sequence[Variant], sheet: Sheet, wide: float, y: float) -> float:
    """Rows of tokens, a square lit for each that the last one reads."""
    seen: dict[str, tuple[Block, int]] = {}
    for variant in variants:
        words = _read(variant.block)
        block, count = seen.get(words, (variant.block, 0))
        seen[words] = block, count + variant.count
    pitch = (wide - 32) / TOKENS
    for words, (block, count) in seen.items():
        colour = colour_of(block)
        where = f"*{layers(count)}* " if len(seen) > 1 else ""
        y = prose(sheet, 16, y + 12, wide - 32, f"{where}{words}", 13) - 30
        rows = [(0.0, 0.0, TOKENS * pitch - pitch * 0.2)]
        sheet.put(squares(16, y + 22, rows, "matrix", side=pitch * 0.8, gap=pitch * 0.2))
        lit = [(i * pitch, 0.0, pitch * 0.8) for i in _lit(block)]
        sheet.put(squares(16, y + 22, lit, f"{colour}.solid", side=pitch * 0.8, gap=pitch * 0.2))
        y += 22 + pitch + 20
    return y - 6


def _read(block: Block) -> str:
    """How far it reads, and whose keys and values."""
    read = "read"
    whose = "through an earlier layer's keys" if "shared_kv" in block.facts else ""
    if "selected" in block.facts:
        words = f"{read} the best {block.number('selected'):,} tokens"
    elif "window" in block.facts:
        words = f"{read} the last {block.number('window'):,} tokens"
    elif "chunk" in block.facts:
        words = f"{read} a chunk of {block.number('chunk'):,} tokens"
    elif "taps" in block.facts and not block.attends:
        words = f"{read} the last {block.number('taps'):,} tokens"
    else:
        words = f"{read} all tokens"
    return f"{words} {whose}".strip()


def _lit(block: Block) -> Sequence[int]:
    """Which tokens of the row are read."""
    if "selected" in block.facts:
        return sorted({*spread(8, TOKENS - 1), TOKENS - 1})
    if "window" in block.facts:
        return range(TOKENS - 6, TOKENS)
    if "chunk" in block.facts:
        return range(TOKENS - TOKENS % 8, TOKENS)
    if "taps" in block.facts and not block.attends:
        return range(TOKENS - block.number("taps"), TOKENS)
    return range(TOKENS)


MOST_CLUSTERS = 8


def _heads(variants: Sequence[Variant], sheet: Sheet, wide: float, y: float) -> float:
    """Query heads over the keys and values that they share."""
    block, colour = variants[0].block, colour_of(variants[0].block)
    heads, kept = block.number("heads"), block.number("kv_heads")
    each = max(1, heads // kept)
    shown = min(kept, MOST_CLUSTERS if each > 1 else 16)
    room = (wide - 32) / shown
    across = each if each <= 8 else -(-each // -(-each // 8))
    pitch = min(11.0, (room - 4) / max(across, 2))
    rows = -(-each // across)
    text = f"{colour}.text"
    many = "" if shown == kept else f", {shown} of {kept:,} groups shown"
    sheet.label(16, y + 12, (Span(f"{heads:,}", 600, role=text), f" query heads{many}"), size=13)
    top = y + 22
    low = top + rows * pitch + 26
    asked, keys, values = [], [], []
    for group in range(shown):
        left = 16 + group * room
        middle = left + room / 2 - 2
        for index in range(each):
            row, column = divmod(index, across)
            count = min(across, each - row * across)
            x = middle - count * pitch / 2 + column * pitch
            asked.append((x - 16, row * pitch, pitch * 0.82))
            if row == rows - 1 and each > 1:
                start = Point(x + pitch * 0.41, top + rows * pitch + 1)
                sheet.put(_strand(start, Point(middle, low - 2), text))
        keys.append((middle - pitch - 16, 0.0, pitch * 0.82))
        values.append((middle + pitch * 0.1 - 16, 0.0, pitch * 0.82))
        if each == 1:
            sheet.put(_strand(Point(middle, top + pitch), Point(middle, low - 2), text))
    side, gap = pitch * 0.82, pitch * 0.18
    sheet.put(
        squares(16, top, asked, f"{colour}.solid", side=side, gap=gap),
        squares(16, low, keys, f"{colour}.solid", side=side, gap=gap),
        squares(16, low, values, f"{colour}.edge", side=side, gap=gap),
    )
    words = (
        Span(f"{kept:,}", 600, role=text),
        f" key and value {'head' if kept == 1 else 'heads'}, kept",
    )
    line = sheet.label(16, low + pitch + 17, words, size=13)
    sheet.put(drum(line.bounds.right + 8, low + pitch + 7.5, f"{colour}.tint", text))
    return low + pitch + 30


def _strand(start: Point, end: Point, role: str) -> Mark:
    """A curve from a query to its key."""
    dx, dy = end.x - start.x, end.y - start.y
    path = f"c0 {dy / 2:.1f} {dx:.1f} {dy / 2:.1f} {dx:.1f} {dy:.1f}"
    return Mark(start.x, start.y, path, stroke=role, thickness=1)


def _pinch(variants: Sequence[Variant], sheet: Sheet, wide: float, y: float) -> float:
    """The stream's width pinched to what is kept, and widened to all heads again."""
    block, colour = variants[0].block, colour_of(variants[0].block)
    latent, heads = block.number("kv_rank"), block.number("heads")
    rotated = block.number("rope_dim")
    each = block.number("nope_dim") + block.number("value_dim")
    rebuilt = heads * each
    down = block.part("latent_down")
    stream = down.number("inputs") if down is not None and "inputs" in down.facts else 0
    largest = max(stream, rebuilt, latent + rotated, 1)
    scale = (wide - 32) / sqrt(largest)
    text = f"{colour}.text"

    def bar(count: int, top: float, role: str, high: float = 14) -> tuple[float, float]:
        long = max(4.0, sqrt(count) * scale)
        left = wide / 2 - long / 2
        sheet.put(Box(left, top, long, high, radius=2, fill=role, open=True))
        return left, left + long

    if stream:
        sheet.label(
            16, y + 12, (Span(f"{stream:,}", 600, role="ink"), " numbers of a token"), size=13
        )
        a = bar(stream, y + 20, "stream")
        top = y + 34
    else:
        a, top = (wide / 2, wide / 2), y
    kept = top + 30
    b = bar(latent + rotated, kept, f"{colour}.solid")
    _funnel(sheet, a, b, top, kept, colour)
    both = f"{latent:,} + {rotated:,}" if rotated else f"{latent:,}"
    words = (Span(both, 600, role=text), " kept")
    aside = b[1] + 32 + width(words, 13) < wide
    x, base = (b[1] + 26, kept + 12) if aside else (32.0, kept + 29)
    mark = sheet.label(x, base, words, size=13)
    sheet.put(drum(mark.x - 16, base - 10, f"{colour}.tint", text))
    wide_again = base + 32
    c = bar(rebuilt, wide_again, f"{colour}.edge")
    _funnel(sheet, b, c, kept + 14, wide_again, colour)
    words = (
        Span(f"{heads:,}", 600, role="ink"),
        f" heads with a key and a value of {each:,} together",
    )
    sheet.label(16, wide_again + 31, words, size=13)
    return wide_again + 42


def _funnel(
    sheet: Sheet,
    above: tuple[float, float],
    below: tuple[float, float],
    top: float,
    low: float,
    colour: Colour,
) -> None:
    """What joins two bars."""
    left, right = above
    path = f"h{right - left:.1f}l{below[1] - right:.1f} {low - top:.1f}h{below[0] - below[1]:.1f}z"
    sheet.put(Mark(left, top, path, width=right - left, height=low - top, fill=f"{colour}.pale"))


def _entries(variants: Sequence[Variant], new: Set[str]) -> list[Panel]:
    """A panel for each ratio and way to choose; layers that take over what another made are said with it."""
    alike: dict[tuple[int, bool], list[Variant]] = {}
    for variant in variants:
        if "ratio" in variant.block.facts:
            key = variant.block.number("ratio"), "selected" in variant.block.facts
            alike.setdefault(key, []).append(variant)
    found = []
    for group in alike.values():
        own = [v for v in group if "shared_stream" not in v.block.facts] or group
        words = mechanisms.told([(v.block, v.count) for v in group], new)
        found.append(Panel(partial(_compressed, own[0].block, sum(v.count for v in group)), words))
    return found


def _compressed(block: Block, count: int, sheet: Sheet, wide: float, y: float) -> float:
    """Entries over the tokens that they stand for, and which of them a query reads."""
    colour, ratio = colour_of(block), block.number("ratio")
    chooses, where = "selected" in block.facts, layers(count)
    text = f"{colour}.text"
    size = sheet.label(16, y + 22, f"{ratio:,} : 1", size=24, weight=600, role=text, tabular=True)
    name = (
        "compressed and sparse" if chooses else "heavily compressed" if ratio > 16 else "compressed"
    )
    sheet.label(size.bounds.right + 12, y + 12, name, size=13.5, weight=600, role="ink")
    sheet.label(size.bounds.right + 12, y + 28, where, size=12.5)
    window = block.number("window") if "window" in block.facts else 0
    query = sheet.add(pill(wide - 46, y + 50, "query", colour, wide=60, high=22, size=13))
    right = wide - 96 if window else wide - 20
    tokens, row = y + 126.0, 9.0
    count = 14 if chooses else 5
    room = (right - 16) / count
    lit = {2, 5, 6, 10} if chooses else set(range(count))
    side = 8.0
    high = y + 92.0
    for index in range(count):
        middle = 16 + room * (index + 0.5)
        role = f"{colour}.solid" if index in lit else "paper"
        edge = None if index in lit else f"{colour}.edge"
        if index in lit:
            sheet.wire(
                Point(middle, query.left.y), Point(middle, high), arrow=False, role=f"{colour}.line"
            )
        sheet.put(
            Box(middle - side / 2, high, side, side, radius=1.5, fill=role, edge=edge, open=True)
        )
        path = (
            f"h{side}l{room / 2 - side / 2 - 1:.1f} {tokens - high - side - 1:.1f}h{-room + 2:.1f}z"
        )
        sheet.put(
            Mark(
                middle - side / 2,
                high + side,
                path,
                width=side,
                height=tokens - high - side,
                fill=f"{colour}.pale",
            )
        )
    first = 16 + room * (min(lit) + 0.5)
    sheet.wire(Point(first, query.left.y), query.left, arrow=False, role=f"{colour}.line")
    rows = [(0.0, 0.0, right - 16)]
    sheet.put(squares(16, tokens, rows, f"{colour}.edge", side=row, gap=1.0))
    said = "every entry read" if not chooses else f"the best {block.number('selected'):,} read"
    sheet.label(16, y + 46, said, size=13)
    sheet.label(16, tokens + 26, f"{ratio:,} {'token' if ratio == 1 else 'tokens'} each", size=13)
    if window:
        start = right + 14
        sheet.put(
            squares(
                start, tokens, [(0.0, 0.0, wide - 16 - start)], f"{colour}.solid", side=row, gap=1.0
            )
        )
        sheet.label(wide - 16, tokens + 26, f"the last {window:,}", size=13, anchor="end")
        sheet.wire(
            query.bottom, Point(query.bottom.x, tokens - 3), arrow=False, role=f"{colour}.line"
        )
    return tokens + 44


MOST_PASSES = 6


def passes(depth: int, often: int, colour: Colour) -> Panel:
    """The layers in a row for each pass, and the token's way from row to row."""
    return Panel(partial(_passes, depth, often, colour), looped(depth, often))


def _passes(depth: int, often: int, colour: Colour, sheet: Sheet, wide: float, y: float) -> float:
    left, right, row = 72.0, wide - 32, 30.0
    pitch = (right - left) / depth
    shown = min(often, MOST_PASSES)
    top = y + 14
    for index in range(shown):
        at = top + index * row
        words = f"pass {index + 1:,}" if index < shown - 1 or shown == often else f"pass {often:,}"
        sheet.label(16, at + 10, words, size=12.5)
        cells = [(0.0, 0.0, right - left - pitch * 0.2)]
        sheet.put(squares(left, at, cells, f"{colour}.solid", side=pitch * 0.8, gap=pitch * 0.2))
        if index < shown - 1:
            middle, low = at + pitch * 0.4, at + row + pitch * 0.4
            turn = (
                Point(right + 12, middle),
                Point(right + 12, at + 21),
                Point(left - 10, at + 21),
            )
            sheet.wire(Point(right, middle), *turn, Point(left - 10, low), Point(left - 2, low))
    return top + shown * row
