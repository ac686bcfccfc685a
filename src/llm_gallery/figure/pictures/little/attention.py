"""Little pictures of attention: which tokens each one reads, what is kept of them, who shares it."""

from __future__ import annotations

from collections.abc import Container
from math import cos, pi, sin

from llm_gallery.architecture.block import Block
from llm_gallery.figure.kit.traces import At
from llm_gallery.figure.pictures.little.pen import TONES, Pen

SIDE = 6
"""Tokens of a mask."""
CHOSEN = frozenset({(2, 0), (3, 0), (4, 1), (4, 2), (5, 1), (5, 3)})
"""An illustration: what a choice lights of a mask, beside a token itself."""
MOST = 8
"""Query heads that are drawn at most."""


def mask(pen: Pen, block: Block | None) -> None:
    """A row a token, a square for each that it reads."""
    held = pen.within(1)
    pitch = held.wide / SIDE
    facts: Container[str] = () if block is None else block.facts
    both = "bidirectional" in facts
    cells = [(i, j) for i in range(SIDE) for j in range(SIDE if both else i + 1)]
    read = {(i, j): _reads(facts, i, j) for i, j in cells}
    side = pitch * 0.84
    for tone in TONES:
        some = (at for at, lit in read.items() if lit == (tone == "strong"))
        held.bars(((j * pitch, i * pitch) for i, j in some), side, side, tone)


def _reads(facts: Container[str], i: int, j: int) -> bool:
    if "selected" in facts:
        return i == j or (i, j) in CHOSEN
    if "window" in facts:
        return i - j < 2
    return i // 2 == j // 2 if "chunk" in facts else True


def pinch(pen: Pen, _: Block | None) -> None:
    """A width pinched to what is kept, and widened again."""
    held = pen.within(1.25) if pen.wide < pen.high * 1.25 else pen.within(1.5)
    w, h, m = held.wide, held.high, held.wide / 2
    bar, kept, slim = h * 0.15, w * 0.1, w * 0.34
    up, low = h / 2 - bar * 0.6, h / 2 + bar * 0.6
    held.areas(
        ((m - slim, bar), (m + slim, bar), (m + kept, up), (m - kept, up)),
        ((m - kept, low), (m + kept, low), (w, h - bar), (0, h - bar)),
        tone="faint",
    )
    held.areas(
        *(
            _bar(m - half, top, 2 * half, tall)
            for half, top, tall in (
                (slim, 0.0, bar),
                (kept, up, low - up),
                (w / 2, h - bar, bar),
            )
        )
    )


def _bar(x: float, y: float, wide: float, high: float) -> tuple[At, ...]:
    return (x, y), (x + wide, y), (x + wide, y + high), (x, y + high)


def entries(pen: Pen, block: Block | None) -> None:
    """Entries over the tokens that they stand for; some of them read, or all, and the last tokens one by one."""
    held = pen.within(1.5) if pen.wide < 1.9 * pen.high else pen.within(1.9)
    w, h = held.wide, held.high
    chooses = block is not None and "selected" in block.facts
    groups, each, tail = (4, 3, 2) if chooses else (2, 6, 2)
    pitch = w / (groups * each + tail)
    tall, side = h * 0.24, min(h * 0.3, each * pitch * 0.7)
    low = h - tall
    middles = [(i * each + each / 2) * pitch - pitch * 0.12 for i in range(groups)]
    held.areas(
        *(
            (
                (m - side / 2, side),
                (m + side / 2, side),
                (m + each * pitch / 2 - pitch * 0.2, low - h * 0.04),
                (m - each * pitch / 2 + pitch * 0.2, low - h * 0.04),
            )
            for m in middles
        ),
        *(_bar(i * pitch, low, pitch * 0.72, tall) for i in range(groups * each)),
        *(_bar(m - side / 2, 0, side, side) for m in middles[1::2] if chooses),
        tone="faint",
    )
    lit = middles[::2] if chooses else middles
    held.areas(
        *(_bar(m - side / 2, 0, side, side) for m in lit),
        *(_bar((groups * each + i) * pitch, low, pitch * 0.72, tall) for i in range(tail)),
    )


def heads(pen: Pen, block: Block | None) -> None:
    """Query heads above the keys that they share."""
    asking = max(1, block.number("heads")) if block is not None and "heads" in block.facts else MOST
    keys = block.number("kv_heads") if block is not None and "kv_heads" in block.facts else 2
    each = max(1, asking // max(1, keys))
    held = pen.within(1.6)
    w, h = held.wide, held.high
    shown = min(asking, MOST)
    groups = 1 if keys == 1 else min(max(2, shown // each), max(1, keys), 4)
    per = max(1, shown // groups)
    count = groups * per
    pitch = w / count
    side = min(pitch * 0.78, h * 0.26)
    middles = [(g + 0.5) * per * pitch for g in range(groups)]
    held.strokes(
        *((((i + 0.5) * pitch, side), (middles[i // per], h - side)) for i in range(count)),
        thick=max(0.7, side * 0.14),
        tone="faint",
    )
    held.bars((((i + 0.5) * pitch - side / 2, 0) for i in range(count)), side, side, "faint")
    held.bars(((m - side / 2, h - side) for m in middles), side, side)


def sink(pen: Pen, _: Block | None) -> None:
    """Shares of attention over a row of tokens: the largest goes to a place that is no token."""
    held = pen.within(1.6)
    w, h = held.wide, held.high
    pitch = w / 7
    shares = (0.16, 0.1, 0.22, 0.14, 0.3, 0.4)
    held.areas(
        *(
            _bar((i + 1) * pitch + pitch * 0.14, h * (1 - share), pitch * 0.72, h * share)
            for i, share in enumerate(shares)
        ),
        tone="faint",
    )
    held.areas(_bar(pitch * 0.14, 0, pitch * 0.72, h))


def takeover(pen: Pen, _: Block | None) -> None:
    """A layer makes, and those above read the same."""
    held = pen.within(1.3)
    w, h = held.wide, held.high
    tall, thick = h * 0.2, max(1.0, h * 0.035)
    bars = [_bar(thick, h * at, w * 0.62, tall) for at in (0.03, 0.4)]
    held.strokes(*bars, thick=thick, tone="faint", closed=True)
    source = h * 0.78
    held.areas(_bar(0, source, w * 0.65, tall))
    lane, right = w * 0.9, w * 0.65
    middles = [h * at + tall / 2 for at in (0.03, 0.4)]
    held.strokes(
        (
            (right, source + tall / 2),
            (lane, source + tall / 2),
            (lane, middles[0]),
            (right + h * 0.1, middles[0]),
        ),
        ((lane, middles[1]), (right + h * 0.1, middles[1])),
        thick=thick,
    )
    tip = h * 0.07
    held.areas(
        *(
            (
                (right + thick, m),
                (right + thick + tip * 1.5, m - tip),
                (right + thick + tip * 1.5, m + tip),
            )
            for m in middles
        )
    )


def unified(pen: Pen, _: Block | None) -> None:
    """One vector read as key and as value."""
    held = pen.within(1.3)
    w, h = held.wide, held.high
    side = h * 0.34
    left, right = w * 0.22, w * 0.78
    thick = max(1.0, h * 0.035)
    held.strokes(
        ((left, side), (w / 2, h - side)),
        ((right, side), (w / 2, h - side)),
        thick=thick,
        tone="faint",
    )
    held.bars(((x - side / 2, 0) for x in (left, right)), side, side, "faint")
    held.bars([(w / 2 - side / 2, h - side)], side, side)


def minus(pen: Pen, _: Block | None) -> None:
    """The shares of one attention less those of another."""
    held = pen.within(2)
    w, h = held.wide, held.high
    pitch = w * 0.42 / 5
    both = ((w * 0.58, (0.28, 0.25, 0.35, 0.42, 0.3)), (0.0, (0.3, 1.0, 0.42, 0.55, 0.36)))
    for tone, (start, shares) in zip(TONES, both, strict=True):
        held.areas(
            *(
                _bar(start + i * pitch, h * (1 - share), pitch * 0.76, h * share)
                for i, share in enumerate(shares)
            ),
            tone=tone,
        )
    held.areas(_bar(w * 0.46, h * 0.62, w * 0.08, max(1.0, h * 0.06)))


def unit(pen: Pen, _: Block | None) -> None:
    """Queries and keys of one length."""
    held = pen.within(1)
    r = held.wide / 2
    thick = max(0.9, r * 0.09)
    held.discs([(r, r)], r - thick, "faint", ring=thick)
    reach = r - thick
    ends = [(r + reach * cos(a), r - reach * sin(a)) for a in (pi * 0.16, pi * 0.42, pi * 0.78)]
    held.strokes(*(((r, r), end) for end in ends), thick=thick)
    held.discs(ends, r * 0.13)


def dials(pen: Pen, block: Block | None) -> None:
    """Pairs of numbers turned by a token's place, each slower than the last; some aren't, where some aren't."""
    held = pen.within(1)
    w, h = held.wide, held.high
    middles = [(w * (0.25 + 0.5 * (i % 2)), h * (0.25 + 0.5 * (i // 2))) for i in range(4)]
    r = w * 0.22
    thick = max(0.8, r * 0.14)
    held.discs(middles, r - thick / 2, "faint", ring=thick)
    facts: Container[str] = () if block is None else block.facts
    none = block is not None and block.value("position") == "none"
    turned = 0 if none else 2 if "rotated" in facts else 4
    hands = [
        ((x, y), (x + (r - thick) * sin(a), y - (r - thick) * cos(a)))
        for (x, y), a in zip(middles, (1.9, 1.1, 0.6, 0.25), strict=True)
    ][:turned]
    if hands:
        held.strokes(*hands, thick=thick * 1.3)
    held.discs(middles, r * 0.16)


def falling(pen: Pen, _: Block | None) -> None:
    """What is further away counts less."""
    held = pen.within(1.6)
    w, h = held.wide, held.high
    shares = (0.06, 0.16, 0.3, 0.46, 0.64, 0.82, 1.0)
    pitch = w / len(shares)
    held.areas(*(_bar(i * pitch, h * (1 - s), pitch * 0.74, h * s) for i, s in enumerate(shares)))


def rows(pen: Pen, _: Block | None) -> None:
    """How far back each layer reads: one all tokens, those before it the last few."""
    held = pen.within(1.5)
    pitch, tall = held.wide / 10, held.high / 6
    side, high = pitch * 0.8, tall * 0.68
    cells = [(column, row) for row in range(6) for column in range(10)]
    lit = [(column, row) for column, row in cells if row == 0 or column >= 7]
    for tone in TONES:
        some = (at for at in cells if (at in lit) == (tone == "strong"))
        corners = ((column * pitch, row * tall + tall * 0.16) for column, row in some)
        held.bars(corners, side, high, tone)


def values(pen: Pen, _: Block | None) -> None:
    """A key and several values, of which each token takes some."""
    held = pen.within(1.6)
    w, h = held.wide, held.high
    pitch, side = w / 6, min(w / 6 * 0.72, h * 0.3)
    middles = [(i + 0.5) * pitch for i in range(6)]
    ways = [((w / 2, side), (x, h - side)) for x in middles]
    chosen = {1, 4}
    held.strokes(
        *(ways[i] for i in range(6) if i not in chosen), thick=max(0.7, h * 0.02), tone="faint"
    )
    held.strokes(*(ways[i] for i in sorted(chosen)), thick=max(0.9, h * 0.035))
    for tone in TONES:
        some = (x for i, x in enumerate(middles) if (i in chosen) == (tone == "strong"))
        held.bars(((x - side / 2, h - side) for x in some), side, side, tone)
    held.bars([(w / 2 - side / 2, 0)], side, side)


def across(pen: Pen, _: Block | None) -> None:
    """Tokens that read what isn't text: each looks at all patches of a picture."""
    held = pen.within(1.6)
    w, h = held.wide, held.high
    side, pitch = h * 0.17, h / 4
    patch = h / 3
    left = w - 3 * patch
    heights = [i * pitch + pitch / 2 for i in range(4)]
    held.strokes(
        *(((side, y), (left, (j + 0.5) * patch)) for y in heights for j in range(3)),
        thick=max(0.7, h * 0.02),
        tone="faint",
    )
    held.bars(((0, y - side / 2) for y in heights), side, side)
    corners = [(left + i % 3 * patch, i // 3 * patch + patch * 0.1) for i in range(9)]
    held.bars(corners, patch * 0.8, patch * 0.8)
