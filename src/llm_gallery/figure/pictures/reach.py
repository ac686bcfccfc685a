"""Rows of tokens, a square lit for each that the last one reads; of chunks, a row for each token that reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from llm_gallery.architecture.block import Block
from llm_gallery.figure.internals._masks import mask
from llm_gallery.figure.internals._squares import spread
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.prose import lines, prose
from llm_gallery.figure.kit.signs import squares
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.plan.block_names import layers
from llm_gallery.plan.place import Variant

TOKENS, MANY = 30, 4
"""Tokens of a row, and rows from which they stand closer."""
SQUARE = 8.0
"""Px of a square of a mask."""
SIZE = 13.0
"""Px of the words over a row."""
BORROWED = "through an earlier layer's keys"
"""Whose keys are read, which is said in fewer words where that takes two lines."""


def reach(
    variants: Sequence[Variant], sheet: Sheet, wide: float, y: float, *, some: bool = False
) -> float:
    """Rows of tokens, a square lit for each that the last one reads; `some` says that other layers read otherwise."""
    seen: dict[str, tuple[Block, int]] = {}
    for variant in variants:
        words = _read(variant.block)
        block, count = seen.get(words, (variant.block, 0))
        seen[words] = block, count + variant.count
    pitch = (wide - 32) / TOKENS
    under, after = (22, 20) if len(seen) < MANY else (20, 10)
    said = [
        f"*{layers(count)}* {_of(count, words)}" if some or len(seen) > 1 else words
        for words, (_, count) in seen.items()
    ]
    if any("chunk" in block.facts for block, _ in seen.values()):
        return _masks(sheet, wide, y, list(zip(said, (b for b, _ in seen.values()), strict=True)))
    if any(len(lines(words, wide - 32, SIZE)) > 1 for words in said):
        said = [words.replace(f" {BORROWED}", ", keys shared") for words in said]
    for words, (block, _) in zip(said, seen.values(), strict=True):
        colour = colour_of(block)
        y = prose(sheet, 16, y + 12, wide - 32, words, SIZE) - 30
        tokens(sheet, y + under, pitch, _lit(block), colour)
        y += under + pitch + after
    return y - 6


def _masks(sheet: Sheet, wide: float, y: float, seen: Sequence[tuple[str, Block]]) -> float:
    """Whole masks side by side: how many of its chunk a token reads is another number for each."""
    apart = (wide - 32) / len(seen)
    top = y
    for index, (words, _) in enumerate(seen):
        top = max(top, prose(sheet, 16 + index * apart, y + 12, apart - 16, words, SIZE) - 8)
    for index, (_, block) in enumerate(seen):
        low = top + mask(sheet, 16 + index * apart, top, block, SQUARE)
    return low + 8


def tokens(sheet: Sheet, y: float, pitch: float, lit: Iterable[int], colour: Colour) -> None:
    """A row of tokens from y down, some of them lit."""
    side, gap = 0.8 * pitch, 0.2 * pitch
    every, shown = [(0.0, 0.0, TOKENS * pitch - gap)], [(i * pitch, 0.0, side) for i in lit]
    for held, tone in ((every, "40"), (shown, "solid")):
        sheet.put(squares(16, y, held, f"{colour}.{tone}", side=side, gap=gap))


def _of(count: int, words: str) -> str:
    """What layers do, or what the only one does."""
    return words if count > 1 else words.replace("read", "reads", 1).replace("their own", "its own")


def _read(block: Block) -> str:
    """How far it reads, and whose keys and values."""
    read = "read"
    whose = BORROWED if "shared_kv" in block.facts else ""
    if "selected" in block.facts:
        words = f"{read} the best {block.number('selected'):,} tokens"
    elif "window" in block.facts:
        words = f"{read} the last {block.number('window'):,} tokens"
    elif "chunk" in block.facts:
        words = f"{read} their own chunk of {block.number('chunk'):,} tokens"
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
    if "taps" in block.facts and not block.attends:
        return range(TOKENS - block.number("taps"), TOKENS)
    return range(TOKENS)
