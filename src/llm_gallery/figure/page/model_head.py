"""The head: name, origin and kind on the left, the headline numbers on the right, one sentence below."""

from __future__ import annotations

from llm_gallery.analysis.memory import Cache
from llm_gallery.analysis.parameters import Parameters, sparse
from llm_gallery.analysis.units import binary, short
from llm_gallery.architecture.block import Block, distinct_layers, mixers, walk
from llm_gallery.architecture.kinds import CROSSING
from llm_gallery.figure.heading import Heading
from llm_gallery.figure.kit.blocks import Sheet, Type
from llm_gallery.figure.kit.shapes import About, Picture
from llm_gallery.figure.kit.text import Span, fit, width, wrap

NAME_SIZES = (34.0, 30.0, 26.0, 23.0)
COLUMN_GAP = 30.0
SEPARATOR = "\u00a0 · \u00a0"
"""A dot with room: plain spaces in a row would be one."""


def head(
    heading: Heading, root: Block, counts: Parameters, kept: Cache, sentence: str, wide: float
) -> Picture:
    """The head, as wide as the figure less its margins."""
    sheet = Sheet()
    left = _numbers(sheet, columns(root, counts, kept), wide)
    room = left - 36
    name = heading.line
    fitted = fit((name,), room, NAME_SIZES, 600, tracking=-0.7)
    y = 30.0
    if fitted is not None:
        sheet.label(0, y, name, size=fitted[1], weight=600, role="ink", tracking=-0.7)
    else:
        lines = wrap(name, room, 22, 600, lines=2)
        y = sheet.lines(0, 22, lines, 27, size=22, weight=600, role="ink") - 27
    y += 24
    origin = SEPARATOR.join(filter(None, (heading.maker, heading.month, kind(root))))
    sheet.fitted(0, y, origin, room, (13.0, 12.5, 12.0))
    y += 31
    y = sheet.lines(0, y, wrap(sentence, wide, 14, lines=2), 20, size=14, role="ink")
    return sheet.picture(wide, y - 14)


def kind(root: Block) -> str:
    """ "dense", "sparse mixture of experts", "hybrid", "hybrid mixture of experts"."""
    layers = distinct_layers(root)
    tokens = [block for layer in layers for block in mixers(layer)]
    experts = any(block.is_mixture for layer in layers for _, block in walk(layer))
    if len({block.kind for block in tokens} - {*CROSSING}) > 1:
        return "hybrid mixture of experts" if experts else "hybrid"
    if any(block.recurs for block in tokens):
        return "recurrent mixture of experts" if experts else "recurrent"
    return "sparse mixture of experts" if experts else "dense"


Column = tuple[str, str, str]  # number with its unit, caption, all digits


def columns(root: Block, counts: Parameters, kept: Cache) -> list[Column]:
    """Each headline number with its unit, its caption and its exact value."""
    modal = bool(counts.other_modalities)
    columns = [_parameters(counts.total, "text parameters" if modal else "parameters")]
    if sparse(counts.total, counts.active):
        most = ", at most" if counts.varies else ""
        columns.append(_parameters(counts.active, f"active per token{most}"))
    if counts.beside_lookup is not None:
        columns.append(_parameters(counts.lookup, "of all looked up"))
    first, later = kept.bytes_per_token, kept.bytes_per_token_long
    if first:
        columns.append(_bytes(first, "cache per token"))
        if later != first:
            windows = [row.window for row in kept.rows if row.window is not None]
            longest = max(windows)
            if later:
                columns.append(_bytes(later, f"after {longest:,} tokens"))
            else:
                columns.append(_bytes(kept.at(longest), f"cache at most, from {longest:,}"))
    elif kept.state_bytes:
        columns.append(_bytes(kept.state_bytes, "state, at any length"))
    if "context" in root.facts:
        context = root.number("context")
        fact = root.facts["context"]
        how = ", ".join(filter(None, (fact.source, fact.evidence)))
        columns.append((f"{context:,}", "tokens of context", f"{context:,} ({how})"))
    return columns


def _parameters(count: int, caption: str) -> Column:
    return short(count), caption, f"{count:,} (derived)"


def _bytes(count: int, caption: str) -> Column:
    return binary(count), caption, f"{count:,} bytes (derived)"


def amount(words: str, size: float = 15, apart: float = 5.0) -> tuple[Span, ...]:
    """A number with its unit smaller, and px before one that is a word: "1.03T", "68.6 KiB"."""
    number, _, unit = words.partition(" ")
    digits = number.rstrip("TBMK")
    gap = apart if unit else 0.0
    unit = unit or number[len(digits) :]
    shown = Span(digits, tabular=True)
    return (shown, Span(unit, 500, size, gap=gap)) if unit else (shown,)


def _numbers(sheet: Sheet, columns: list[Column], right: float) -> float:
    """Sets the columns from the right margin leftwards; gives the left edge of the first back."""
    for index, (words, caption, exact) in enumerate(reversed(columns)):
        parts = amount(words)
        wide = max(width(parts, 25, 600, tracking=-0.3), width(caption, 12))
        right -= wide + (COLUMN_GAP if index else 0)
        about = About("", f"{caption}: {exact}")
        style = Type(size=25, weight=600, role="ink", tracking=-0.3, about=about)
        sheet.label(right, 30, parts, **style)
        sheet.label(right, 48, caption, size=12)
    return right
