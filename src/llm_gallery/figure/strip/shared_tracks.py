"""What layers share, as lines over the strip: one track a shared thing, from where it is made to all that take it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from llm_gallery.architecture.block import Architecture, Block
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import About, Mark
from llm_gallery.figure.kit.svg import number
from llm_gallery.figure.kit.text import Span, fitting, width
from llm_gallery.figure.strip.strip import Strip
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.attended import reached
from llm_gallery.mechanisms.indexer import indexer_of
from llm_gallery.plan.outer_blocks import ENTRIES, Passed, passed

KEPT = (ENTRIES, "keys and values")
"""Flows that are kept for later tokens: a drum; what is chosen anew for each token is a square."""
MOST = 4
"""Tracks that are drawn at most: those that most layers take part in."""


@dataclass(frozen=True, slots=True)
class Size:
    """Px over the first track, of a track's height, of the sign where a thing is made, of its line and of the ticks on it."""

    above: float
    row: float
    sign: float
    line: float
    tick: float


DRUM = 9.0
"""Px of the side of a drum at least, which may be broader than its layer."""
SMALL, LARGE = Size(2.0, 17.0, 9.0, 1.25, 4.0), Size(14.0, 34.0, 14.0, 2.5, 5.0)


@dataclass(frozen=True, slots=True)
class Track:
    """A thing that layers share: what it is called, and each piece of it with those that take it."""

    name: str
    links: tuple[Passed, ...]

    @property
    def block(self) -> Block:
        """What makes it."""
        return self.links[0].block


def tracks(architecture: Architecture) -> tuple[Track, ...]:
    """The shared things, the first made on top; pieces of which one ends before the next begins stand in one."""
    rows: list[tuple[str, list[Passed]]] = []
    for link in sorted(passed(architecture), key=lambda link: link.source):
        row = next(
            (row for flow, row in rows if flow == link.flow and row[-1].targets[-1] < link.source),
            None,
        )
        if row is None:
            rows.append((link.flow, [link]))
        else:
            row.append(link)
    rows.sort(key=lambda row: row[0] != ENTRIES)
    several = {flow for flow, _ in rows if sum(other == flow for other, _ in rows) > 1}
    found = [Track(_called(flow, row[0].block, flow in several), tuple(row)) for flow, row in rows]
    return tuple(found[:MOST])


def _called(flow: str, block: Block, several: bool) -> str:
    """What is passed, and of what reach where several are."""
    chosen = indexer_of(block) is not None and "selected" in block.facts
    if flow == "chosen tokens" and chosen:
        return f"choice of {block.number('selected'):,}"
    kept = "latents" if "kv_rank" in block.facts else "keys, values"
    name = {"keys and values": kept, "weights": "shared weights"}.get(flow, flow)
    if flow == "weights":  # each set is of a turn, whatever the reach
        return name
    return f"{reached(block)} {name}" if several else name


def height(found: Sequence[Track], *, large: bool) -> float:
    """Px that the tracks take over the strip."""
    size = LARGE if large else SMALL
    return len(found) * size.row + (size.above if found else 0.0)


def draw(
    sheet: Sheet, found: Sequence[Track], place: Strip, left: float, bottom: float, *, large: bool
) -> None:
    """The tracks, their names from `left` on, the lowest ending at `bottom`, which is over the cells."""
    size = LARGE if large else SMALL
    for index, track in enumerate(found):
        y = bottom - (len(found) - index - 0.5) * size.row
        role = f"{colour_of(track.block)}.text"
        _name(sheet, found[: index + 1], place, left, y, role)
        last = index == len(found) - 1
        for link in track.links:
            sheet.put(*_comb(link, place, y, size, bottom + 1 if last and large else None))
        if large:
            _named(sheet, track, place, y)


def _comb(link: Passed, place: Strip, y: float, size: Size, reach: float | None) -> Iterator[Mark]:
    """A sign where the thing is made, a line from it, and a tick to each layer that takes it."""
    role = f"{colour_of(link.block)}.line"
    start = place.middle(link.source)
    side = min(size.sign, max(4.0, place.cell))
    names = ", ".join(f"{layer + 1:,}" for layer in link.targets)
    answer = About("", f"{link.flow} of layer {link.source + 1:,}, taken by {names}")
    path, at = "", start + side / 2
    down = size.tick if reach is None else reach - y - 4
    for layer in link.targets:
        x = place.middle(layer)
        path += f"h{number(x - at)}v{number(down)}"
        path += "" if reach is None else "m-2.2 -3.6l2.2 3.6l2.2 -3.6m-2.2 3.6"
        path += f"m0 {number(-down)}"
        at = x
    path = path[: path.rindex("m")]
    begin = start + side / 2
    thick, long = size.line if reach is None else 1.0, place.middle(link.targets[-1]) - begin
    yield Mark(begin, y, path, width=long, height=down, stroke=role, thickness=thick, about=answer)
    stem = place.top - 2 - y - side / 2
    yield Mark(start, y + side / 2, f"v{number(stem)}", height=stem, stroke=role, thickness=1.0)
    if link.flow in KEPT:
        side = max(side, DRUM)
        yield _drum(start - side / 2, y - side / 2, side, role)
    else:
        square = f"h{number(side)}v{number(side)}h-{number(side)}z"
        corner = start - side / 2, y - side / 2
        yield Mark(*corner, square, width=side, height=side, fill=role)


def _drum(x: float, y: float, side: float, role: str) -> Mark:
    """The sign of what is kept."""
    half, low, rest = (number(part * side) for part in (0.5, 0.2, 0.6))
    wide = number(side)
    path = (
        f"m0 {low}a{half} {low} 0 0 1 {wide} 0v{rest}a{half} {low} 0 0 1 -{wide} 0z"
        f"m0 0a{half} {low} 0 0 0 {wide} 0"
    )
    return Mark(x, y, path, width=side, height=side, fill="paper", stroke=role, thickness=1.25)


def _name(
    sheet: Sheet, found: Sequence[Track], place: Strip, left: float, y: float, role: str
) -> None:
    """What the last of some tracks shares: beside its first sign, over the strip or left of that; else left of the strip.

    The stems of the tracks over it go down beside their signs, so that it stands left of all of them.
    """
    name, sizes = found[-1].name, (12.0, 11.5, 11.0, 10.5)
    end = min(place.middle(track.links[0].source) for track in found) - 12
    free = place.left if place.left - left > 60 else left
    size = fitting(name, end - free, sizes[:3], 500)
    if width(name, size, 500) <= end - free:
        sheet.label(end, y + 4, name, size=size, weight=500, role=role, anchor="end")
    elif free > left:
        sheet.fitted(left, y + 4, name, free - left - 10, sizes, weight=500, role=role)


def _named(sheet: Sheet, track: Track, place: Strip, y: float) -> None:
    """Which layers make it, and of how many tokens an entry is, where that has room before the next."""
    if track.links[0].flow not in KEPT:
        return
    starts = [place.middle(link.source) for link in track.links]
    for link, start, after in zip(track.links, starts, [*starts[1:], place.right], strict=True):
        words: list[str | Span] = [Span(f"layer {link.source + 1:,}", 500, role="ink")]
        if "ratio" in link.block.facts:
            words.append(f", {link.block.number('ratio'):,} : 1")
        if width(tuple(words), 12) < after - start - 24:
            sheet.label(start + 12, y - 8, tuple(words), size=12)
