"""The last panel: what outlives the token, and the scores for the next one."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import NamedTuple

from llm_gallery.analysis.memory import Cache, cache
from llm_gallery.analysis.units import binary
from llm_gallery.architecture.block import Architecture, Block, distinct_layers, mixers, walk
from llm_gallery.figure.kit.blocks import Sheet, hero, pill
from llm_gallery.figure.kit.shapes import About
from llm_gallery.figure.kit.signs import drum_side
from llm_gallery.figure.lead.drums import vessel
from llm_gallery.figure.steps.step import MARGIN, WIDE, Step, run
from llm_gallery.mechanisms import colour_of, full
from llm_gallery.mechanisms.colour import TABLES, Colour
from llm_gallery.plan.outer_blocks import modules, outer_blocks

NEXT = "sea"
"""An illustration."""
LARGEST = 56.0


def what_stays(architecture: Architecture) -> Step:
    """What one more token adds to what is kept, and what the head makes of it."""
    root = architecture.root
    kept = cache(root)
    return Step(
        "What stays, what follows",
        partial(_draw, architecture, kept),
        _words(architecture, kept),
        _head,
    )


class Row(NamedTuple):
    """What is kept: bytes, the number as it is written, what it is, whose colour, and the part that keeps it."""

    size: int
    number: str
    words: str
    colour: Colour
    about: About | None


def _rows(architecture: Architecture, kept: Cache) -> list[Row]:
    blocks = [m for layer in distinct_layers(architecture.root) for m in mixers(layer)]
    growing = next((b for b in blocks if b.attends), None)
    fixed = next((b for b in blocks if b.recurs), None)
    first, later = kept.bytes_per_token, kept.bytes_per_token_long
    rows: list[Row] = []
    tone: Colour = "full" if growing is None else colour_of(growing)
    grows, stays = (_about(architecture.root, block) for block in (growing, fixed))
    if kept.state_bytes:
        colour = tone if fixed is None else colour_of(fixed)
        number = binary(kept.state_bytes)
        rows.append(Row(kept.state_bytes, number, "state, as before", colour, stays))
    if first:
        rows.append(Row(first, f"+ {binary(first)}", "for each token", tone, grows))
    if first and later != first:
        longest = max(row.window for row in kept.rows if row.window is not None)
        words = f"after {longest:,} tokens"
        number = f"+ {binary(later)}" if later else "nothing more"
        rows.append(Row(later, number, words, tone, grows))
    return rows


def _about(root: Block, keeper: Block | None) -> About | None:
    """The first place of what keeps it."""
    found = (path for path, block in walk(root) if block is keeper)
    return None if keeper is None else About(next(found), full(keeper))


def _draw(architecture: Architecture, kept: Cache, sheet: Sheet, y: float) -> float:
    """A drum for each, by the volume of what it holds."""
    rows = _rows(architecture, kept)
    if not rows:
        return y + 20
    most = max(row.size for row in rows)
    for count, number, words, colour, about in rows:
        side = drum_side(count, most, LARGEST)
        high = max(side, 34.0)
        if count:
            low = y + high / 2 + side / 2
            x = MARGIN + (LARGEST - side) / 2
            drum = vessel(x, low, side, f"{colour}.pale", f"{colour}.text")
            sheet.put(replace(drum, about=about))
        middle = y + high / 2
        left = MARGIN + LARGEST + 14
        sheet.label(left, middle - 2, number, size=15, weight=600, role=f"{colour}.text")
        sheet.label(left, middle + 15, words, size=12.5)
        y += high + 18
    return y - 10


def _head(sheet: Sheet, low: float, line: float) -> None:
    """The stream ends at the head, which picks the next token."""
    run(sheet, line, 0.0, 68, 30)
    head = sheet.add(hero(98, line, "Head", TABLES, wide=60, high=34, size=13.5))
    word = sheet.add(pill(WIDE - MARGIN - 26, line, NEXT, TABLES, wide=52, high=26, size=13))
    sheet.wire(head.right, word.left)


def _words(architecture: Architecture, kept: Cache) -> str:
    """What grows and what doesn't; how many scores the head gives."""
    said = []
    if kept.state_bytes:
        said.append(f"The state stays at *{binary(kept.state_bytes)}*")
    if kept.bytes_per_token:
        grows = f"*{binary(kept.bytes_per_token)}* {'more are' if said else 'are'} kept"
        said.append(grows if said else grows.replace("are kept", "are kept of this token"))
    located = outer_blocks(architecture.root).head
    if located is not None and "vocabulary" in located[1].facts:
        rows = located[1].number("vocabulary")
        ends = f"The head scores *{rows:,}* tokens for the next place."
    else:
        ends = "The head scores every token for the next place."
    further = modules(architecture.root)
    more = "" if not further else " A further module guesses the token after it."
    if further > 1:
        more = f" {further:,} further layers guess the tokens after it."
    first = f"{'; '.join(said)}. " if said else "Nothing is kept. "
    return f"{first}{ends}{more}"
