"""The ledger under a drawing of level `full`: parameters by matrix, which sum to the block's, and its scalars."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from llm_gallery.analysis.parameters import stored
from llm_gallery.analysis.units import short
from llm_gallery.architecture.block import Block, walk
from llm_gallery.figure.internals._fitting import SMALL
from llm_gallery.figure.internals._use import either
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import About, Box, Line, Point
from llm_gallery.figure.kit.signs import CHIP, chip
from llm_gallery.figure.kit.text import Content, Span, cut, spans, width
from llm_gallery.mechanisms import title
from llm_gallery.mechanisms.colour import Tone
from llm_gallery.mechanisms.scalars import Scalar, scalars

ROW, MARGIN, BAR, GAP = 17.0, 16.0, 56.0, 16.0
"""Px from row to row, at both sides, of the longest bar, and from column to column at least."""
FEW = 0.004
"""Share of a block's parameters under which a weight is said in a line of words, without a bar."""


class Entry(NamedTuple):
    """What a block stores of one sort: what that is, how many parameters, and whether it is a matrix."""

    name: str
    stored: int
    matrix: bool


def entries(block: Block) -> tuple[Entry, ...]:
    """Everything that a block stores, the copies of its experts together; the counts sum to `stored(block)`."""
    alike: dict[str, list[Entry]] = {}
    for entry in _entries(block, "", 1):
        if entry.stored:
            alike.setdefault(entry.name, []).append(entry)
    return tuple(
        Entry(
            f"{len(each)} × {name}" if len(each) > 1 else name,
            sum(entry.stored for entry in each),
            each[0].matrix,
        )
        for name, each in alike.items()
    )


def _entries(block: Block, within: str, copies: int) -> Iterator[Entry]:
    own = [tensor for tensor in block.tensors if tensor.tied_to is None]
    grouped: dict[str, list[int]] = {}
    for tensor in own:
        name = _name(block, within, tensor.role)
        grouped.setdefault(name, []).append(tensor.elements)
    plain = [len(tensor.shape) > 1 for tensor in own]
    for name, counts in grouped.items():
        yield Entry(name, copies * sum(counts), any(plain))
    for part in block.inside:
        if part.is_mlp:
            shared = "" if part is _routed(block) or within else "shared "
            name = f"{part.copies:,} {shared}experts" if part.copies > 1 else f"{shared}expert"
            yield Entry(name, copies * stored(part), matrix=True)
            continue
        inner = part.inside and not part.is_norm
        of_norm = f"{within}norm's " if block.is_norm else within
        below = f"{title(part).lower()}: " if inner else of_norm
        yield from _entries(part, below, copies * part.copies)


def _name(block: Block, within: str, role: str) -> str:
    """A weight in words: after what its part does, else after what the run calls it."""
    bias = " bias" if role == "bias" else ""
    if block.roles:
        return within + ", ".join(SAID.get(r, r.replace("_", " ")) for r in block.roles) + bias
    if role in ("", "weight", "bias"):
        return within + title(block).lower().replace("rmsnorm", "norm") + bias
    return within + role.replace("_", " ")


SAID = {
    "query": "queries",
    "key": "keys",
    "value": "values",
    "output": "out",
    "query_down": "queries, down",
    "latent_down": "latent, down",
    "latent_up": "latent, up",
    "output_down": "groups, down",
    "rotated_key": "rotated key",
    "key_value": "entries",
    "query_norm": "norm of queries",
    "key_norm": "norm of keys",
    "query_latent_norm": "norm of the queries' latent",
    "latent_norm": "norm of the latent",
    "key_value_norm": "norm of entries",
    "output_norm": "norm before out",
    "head_weight": "weights of heads",
}
"""Roles that have another word in a list of weights."""


def ledger(
    sheet: Sheet,
    variants: Sequence[tuple[Block, int]],
    wide: float,
    colour: Tone,
    wires: Sequence[tuple[int, float]],
    divisor: float,
) -> float:
    """Draws it on an empty sheet from 0 downward; gives back its height.

    `wires` are widths with the thickness at which the drawing has them.
    """
    block = variants[0][0]
    total = either((stored(variant) for variant, _ in variants), short)
    sheet.rule(Point(MARGIN, 2), Point(wide - MARGIN, 2), role=f"{colour}.edge")
    named = sheet.label(
        MARGIN, 22, "Parameters of a layer", size=12, weight=600, role=f"{colour}.text"
    )
    sheet.label(named.bounds.right + 10, 22, total, size=12, weight=600, role="ink")
    y = _weights(sheet, block, wide, colour, 28.0)
    y = _scalars(sheet, variants, wide, y)
    if wires:
        y = _scale(sheet, wires, divisor, wide, colour, y)
    return y + 2


def _weights(sheet: Sheet, block: Block, wide: float, colour: Tone, y: float) -> float:
    """Bars by matrix in columns, the rest in words."""
    every, total = entries(block), stored(block)
    large = [e for e in every if e.matrix and e.stored >= FEW * total]
    large.sort(key=lambda entry: -entry.stored)
    each = max((_broad(entry, large[0].stored) for entry in large), default=BAR) + GAP
    columns = max(1, int((wide - 2 * MARGIN + GAP) // each))
    rows = -(-len(large) // columns)
    if columns > 1:
        each = (wide - 2 * MARGIN) / columns
    for index, (name, count, _) in enumerate(large):
        column, row = divmod(index, rows)
        x, at = MARGIN + column * each, y + row * ROW
        long = _long(count, large[0].stored)
        bar = Box(x, at + 2, long, 9, radius=1, fill=f"{colour}.solid", open=True)
        sheet.put(bar)
        number = sheet.label(
            x + long + 6, at + 10.5, short(count), size=SMALL, weight=600, role=f"{colour}.text"
        )
        left = number.bounds.right + 6
        room = x + each - left if columns > 1 else wide - MARGIN - left
        sheet.label(left, at + 10.5, cut(name, room, SMALL), size=SMALL)
    y += rows * ROW
    few = [e for e in every if e not in large]
    phrases = [(f"{name} ", Span(said(count), 600)) for name, count, _ in few]
    phrases += [
        (f"in each expert: {name} ", Span(said(count), 600)) for name, count in _of_experts(block)
    ]
    return flowing(sheet, phrases, wide, y + 4) if phrases else y


def _long(count: int, most: int) -> float:
    """Px of the bar of a weight."""
    return max(2.0, BAR * count / most)


def _broad(entry: Entry, most: int) -> float:
    """Px that a row takes: bar, number and name."""
    number = width(short(entry.stored), SMALL, 600)
    return _long(entry.stored, most) + 6 + number + 6 + width(entry.name, SMALL)


def _routed(block: Block) -> Block | None:
    """The experts that a router chooses of, if a block has any: what is stored in most copies."""
    mlps = (part for part in block.inside if part.is_mlp)
    return max(mlps, key=lambda part: part.copies, default=None)


def _of_experts(block: Block) -> list[tuple[str, int]]:
    """What one of the routed experts stores, by matrix; those that store as much are said together."""
    expert = _routed(block)
    if expert is None or expert.copies == 1:
        return []
    alike: dict[int, list[str]] = {}
    for entry in _entries(replace(expert, copies=1), "", 1):
        alike.setdefault(entry.stored, []).append(entry.name)
    return [(", ".join(names), count) for count, names in alike.items()]


def said(count: int) -> str:
    """A count with all its digits as long as they are few."""
    return f"{count:,}" if count < 100_000 else short(count)


def flowing(
    sheet: Sheet, phrases: Sequence[tuple[str | Span, ...]], wide: float, y: float
) -> float:
    """Phrases one after another, in as many lines as they need; gives back where the next thing begins."""
    x = MARGIN
    y += 8
    for phrase in phrases:
        long = width(phrase, SMALL)
        if x > MARGIN and x + long > wide - MARGIN:
            x, y = MARGIN, y + 15
        sheet.label(x, y, phrase, size=SMALL)
        x += long + 14
    return y + 5


def _scalars(sheet: Sheet, variants: Sequence[tuple[Block, int]], wide: float, y: float) -> float:
    """A chip each, with where it comes from, and in how many layers where not all have it."""
    found: dict[tuple[str, str], tuple[Scalar, int]] = {}
    for block, count in variants:
        own = _of(block)
        for key, scalar in own.items():
            found[key] = scalar, count + found.get(key, (scalar, 0))[1]
    layers = sum(count for _, count in variants)
    said = [
        s if count == layers else s._replace(source=f"{s.source}: {count} of {layers} layers")
        for s, count in found.values()
    ]
    if not found:
        return y
    x, y = MARGIN, y + 6 + CHIP / 2
    for scalar in said:
        node = chip(0, y, scalar.written, size=SMALL)
        long = node.box.width + 6 + width(scalar.source, SMALL)
        if x > MARGIN and x + long > wide - MARGIN:
            x, y = MARGIN, y + CHIP + 4
        about = About("", f"{scalar.written}: {scalar.source}")
        sheet.add(chip(x + node.box.width / 2, y, scalar.written, size=SMALL, about=about))
        left, low = x + node.box.width + 6, y
        if left + width(scalar.source, SMALL) > wide - MARGIN:  # beside a formula: under it
            left, y = MARGIN, y + CHIP / 2 + 10
            low, long = y, wide
        source = cut(scalar.source, wide - MARGIN - left, SMALL)
        sheet.label(left, low + 4, source, size=SMALL)
        x += long + 18
    return y + CHIP / 2 + 2


def _shown(wires: Sequence[tuple[int, float]], room: float) -> list[tuple[int, float]]:
    """As many of the wires as have room: the thinnest, the thickest, and some between."""
    shown = [*wires]
    while len(shown) > 1 and sum(52 + width(f"{count:,}", SMALL) for count, _ in shown) > room + 18:
        del shown[(len(shown) - 1) // 2]
    return shown


def _of(block: Block) -> dict[tuple[str, str], Scalar]:
    """The scalars of a block and its parts; those that only its shared expert has say so."""
    found: dict[tuple[str, str], Scalar] = {}
    every = sorted((part for _, part in walk(block)), key=lambda part: _always(block, part))
    for part in every:
        for scalar in scalars(part):
            if _always(block, part) and scalar[:2] not in found:
                scalar = scalar._replace(source=f"shared: {scalar.source}")
            found.setdefault(scalar[:2], scalar)
    return found


def _always(block: Block, part: Block) -> bool:
    """Whether a part of a mixture is the expert that every token runs."""
    return block.is_mixture and part.is_mlp and part is not _routed(block)


def _scale(
    sheet: Sheet,
    wires: Sequence[tuple[int, float]],
    divisor: float,
    wide: float,
    colour: Tone,
    y: float,
) -> float:
    """How thick wires are, and some of them with their width."""
    thickest = max(thick for _, thick in wires)
    y += 8 + max(12.0, thickest) / 2
    words: Content = ("Wires: ", Span("√width", 600), f" / {divisor:g} px thick")
    sheet.label(MARGIN, y + 4, words, size=SMALL)
    x = MARGIN + width(spans(words), SMALL) + 16
    for count, thick in _shown(wires, wide - MARGIN - x):
        said = f"{count:,}"
        ends = Point(x, y), Point(x + 28, y)
        line = Line(points=ends, kind="rule", role=f"{colour}.wire", thickness=thick)
        sheet.put(line)
        sheet.label(x + 34, y + 4, said, size=SMALL)
        x += 34 + width(said, SMALL) + 18
    return y + max(12.0, thickest) / 2
