"""What every tower is held to: nothing over another, nothing cut, nothing outside, and letters that its purpose needs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from llm_gallery.figure.kit.painting import overlap
from llm_gallery.figure.kit.shapes import Bounds, Box, Line, Picture, Text, flat
from llm_gallery.figure.tower.rows import Call, Tower, TowerBlock

WORDS = {"card": 75, "paper": 100, "slide": 100}


def faults(picture: Picture, form: str) -> tuple[str, ...]:
    """Every fault in words."""
    return tuple(_faults(picture, form))


def _faults(picture: Picture, form: str) -> Iterator[str]:
    shapes = flat(picture)
    texts = [shape for shape in shapes if isinstance(shape, Text)]
    canvas = Bounds(0, 0, picture.width, picture.height)
    for text in texts:
        words = said(text)
        if "…" in words:
            yield f"cut: {words}"
        for name, area in (("the canvas", canvas), ("its block", text.inside)):
            if area is not None and not within(core(text), area):
                yield f"{words} leaves {name}"
    for a, b in combinations(texts, 2):
        if overlap(core(a), core(b), 0.5):
            yield f"{said(a)} stands on {said(b)}"
    for shape in shapes:
        if isinstance(shape, Box) and not within(shape.bounds, canvas):
            yield f"a box of {shape.fill} leaves the canvas"
        if isinstance(shape, Line) and not all(
            0 <= x <= picture.width and 0 <= y <= picture.height for x, y in shape.points
        ):
            yield f"a {shape.kind} leaves the canvas"
    blocks = [shape for shape in shapes if isinstance(shape, Box) and shape.labelled]
    for one, other in combinations(blocks, 2):
        if overlap(one.bounds, other.bounds):
            yield f"blocks of {one.fill} and {other.fill} overlap"
    if (count := sum(len(said(text).split()) for text in texts)) > WORDS[form]:
        yield f"{count} words"


def of_rows(tower: Tower) -> tuple[str, ...]:
    """Faults of what a tower says: its counts, its news, its call-outs."""
    return tuple(_of_rows(tower))


def _of_rows(tower: Tower) -> Iterator[str]:
    tags = [b.new for s in tower.storeys for r in s.branches for b in r.blocks if b.new]
    tags += [tag for tag in (tower.stream_tag, tower.loop_tag) if tag]
    if len(tags) > 2:
        yield f"{len(tags)} tags"
    if len(tags) != sum(call.new for call in tower.calls):
        yield f"tags {tags}, call-outs {[call.name for call in tower.calls if call.new]}"
    if not tower.calls or len(tower.calls) > 3:
        yield f"{len(tower.calls)} call-outs"
    if tags and not tower.calls[0].new:
        yield "the first call-out isn't what is new"
    for call in tower.calls:
        yield from _of_call(call, tower)
    if len({call.name for call in tower.calls}) < len(tower.calls):
        yield "a call-out comes twice"
    yield from _alike(tower)


def _of_call(call: Call, tower: Tower) -> Iterator[str]:
    """Faults of one call-out: its length, what the header says, and words that its name says already."""
    if len(call.words.split()) > 9:
        yield f"{len(call.words.split())} words of {call.name}"
    if {call.number} & {tower.total, *re.split(" active| context|, ", tower.about)}:
        yield f"{call.number} is in the header"
    if again := [w for w in _stems(call.words) for n in _stems(call.name) if w[:6] == n[:6]]:
        yield f"{call.name} says {again} again: {call.words}"
    if not call.number or not call.words:
        yield f"{call.name} isn't counted"


def _stems(words: str) -> list[str]:
    """Words that mean something, without the plural's ending."""
    return [
        w.removesuffix("s")
        for w in re.findall(r"[a-z]{5,}", words.lower())
        if w not in ("layers", "attention")
    ]


def _alike(tower: Tower) -> Iterator[str]:
    """Storeys that are wired alike and of whose blocks the same is said."""
    said = Counter(
        tuple(
            (r.before, r.after, r.on_stream, r.under, r.series, tuple(map(_words, r.blocks)))
            for r in storey.branches
        )
        for storey in tower.storeys
        if storey.branches
    )
    yield from (f"{count} storeys of {words}" for words, count in said.items() if count > 1)


def _words(block: TowerBlock) -> tuple[object, ...]:
    return block.title, block.field, block.size, block.before, block.after


def said(text: Text) -> str:
    """Its words."""
    return "".join(span.text for span in text.spans)


def core(text: Text) -> Bounds:
    """Its extent, from the height of a capital to the baseline."""
    left, top, right, _ = text.bounds
    return Bounds(left, top, right, text.y)


def within(inner: Bounds, outer: Bounds) -> bool:
    return (
        inner.left >= outer.left - 0.6
        and inner.right <= outer.right + 0.6
        and inner.top >= outer.top - 0.6
        and inner.bottom <= outer.bottom + 0.6
    )
