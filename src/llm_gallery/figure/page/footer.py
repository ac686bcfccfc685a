"""The footer: parameters by part as bars to scale, what is kept for each token, and where it all comes from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence, Set
from math import ceil
from operator import attrgetter
from typing import NamedTuple

from llm_gallery import mechanisms
from llm_gallery.analysis.memory import Cache, CacheRow, growing_layers
from llm_gallery.analysis.parameters import Parameters, Part
from llm_gallery.analysis.units import binary, short
from llm_gallery.architecture.block import Architecture, Block, distinct_layers, mixers, model_parts
from llm_gallery.architecture.reach import reads_whole
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.chart import spread
from llm_gallery.figure.kit.shapes import Box, Mark, Picture, Point, Text, flat
from llm_gallery.figure.kit.signs import area, square
from llm_gallery.figure.kit.text import Span, cut, width, wrap
from llm_gallery.mechanisms.colour import AMONG_MIXERS, FAMILIES, Colour
from llm_gallery.mechanisms.embedding import HEAD
from llm_gallery.mechanisms.wording import capital
from llm_gallery.plan.block_names import layers

LEFT = 96.0
BAR = 16.0
TYPE, LEADING = 12.0, 17.0
"""Px of the type, and from line to line."""
LEAST = 440.0
"""Px of a note's lines, for which it stands beside what all was computed from."""
SMALLEST = 0.015
"""Share of the whole under which a part is shown with the others."""


class Share(NamedTuple):
    """A part of a bar under the name that fits there, and its parameters."""

    name: str
    fill: str
    size: int

    @property
    def brief(self) -> str:
        """Its name where there is little room: experts stand for their router, too."""
        return "experts" if self.fill == "moe.solid" else self.name


def footer(
    architecture: Architecture,
    counts: Parameters,
    kept: Cache,
    notes: Sequence[str],
    wide: float,
    said: Set[str] = frozenset(),
) -> Picture:
    """Bars, cache and source, as wide as the figure less its margins; bytes that are `said` above aren't repeated."""
    sheet = Sheet()
    sheet.rule(Point(0, 0), Point(wide, 0))
    y = 20.0
    if not counts.sparse:
        _caption(sheet, y, "Parameters")
        y = _labelled_bar(sheet, _merged(_shares(architecture.root, counts.parts, stored)), y, wide)
    else:
        y = _magnified(sheet, architecture.root, counts, y, wide)
    y, right = _cache(sheet, _cache_phrases(architecture.root, kept, said), y + 28, wide)
    source = _source(architecture.root, counts)
    room = wide - width(source, TYPE) - 24
    beside = room - LEFT >= LEAST
    across = (room if beside else wide) - LEFT
    lines = [line for note in notes for line in wrap(note, across, TYPE, lines=3)]
    if lines or right > room:
        y += 19
    if lines and not beside:
        y = sheet.lines(LEFT, y, lines, LEADING, size=TYPE)
        lines = []
    sheet.label(wide, y, source, size=TYPE, anchor="end")
    low = sheet.lines(LEFT, y, lines, LEADING, size=TYPE)
    return sheet.picture(wide, max(y, low - LEADING) + 6)


def said(sheet: Sheet) -> frozenset[str]:
    """Every number of bytes that stands on a sheet."""
    texts = (shape for shape in flat(sheet.picture(0, 0)) if isinstance(shape, Text))
    spoken = ("".join(span.text for span in text.spans) for text in texts)
    return frozenset(" ".join(found) for words in spoken for found in _BYTES.findall(words))


_BYTES = re.compile(r"([\d.,]+) ?([KMGT]?i?B)\b")


def _number(count: int, whole: int) -> str:
    """A part's count in the unit of the whole, so that the numbers of a bar compare."""
    if whole >= 10**9 and 5 * 10**6 <= count < 10**12:
        return f"{count / 10**9:.2f}B"
    return short(count)


def _caption(sheet: Sheet, y: float, word: str) -> None:
    sheet.label(0, y + 12.5, word, size=12, weight=500, role="ink")


stored, active = attrgetter("stored"), attrgetter("active")


def _shares(root: Block, parts: Sequence[Part], count: Callable[[Part], int]) -> list[Share]:
    """The parts under readers' names: experts with router and shared ones first, plumbing last."""
    found: dict[str, Share] = {}
    limited = any(part.mechanism == "window" for part in parts)
    for part in sorted(parts, key=lambda p: (_place(p.mechanism), -p.active)):
        name = _name(part, limited)
        fill = "norm.solid" if part.share == HEAD else f"{part.mechanism}.solid"
        known = found[name].size if name in found else 0
        found[name] = Share(name, fill, known + count(part))
    if (table := _tied(root)) in found:
        shared = found.pop(table)
        found[table] = shared._replace(name=f"{table}, head")
    return list(found.values())


def _place(colour: Colour) -> int:
    """Among the parts of a bar: a dense MLP and mixers of tokens stand by their size."""
    place = FAMILIES[colour].place
    return max(place, AMONG_MIXERS) if place else 0


def shown_as(root: Block, parts: Sequence[Part]) -> dict[str, str]:
    """What each part is called in the bars, by its name."""
    limited = any(part.mechanism == "window" for part in parts)
    found = {part.name: _name(part, limited) for part in parts}
    table = _tied(root)
    return {name: f"{table}, head" if shown == table else shown for name, shown in found.items()}


def _tied(root: Block) -> str:
    """What the table is called that the head shares; nothing where it has one of its own."""
    if root.value("tied") is not True:
        return ""
    tables = (block for _, block in model_parts(root) if block.is_embedding)
    return next((mechanisms.counted_as(block).inline for block in tables), "")


def _name(part: Part, limited: bool) -> str:
    if part.share:
        return part.share
    if part.mechanism == "full" and limited:
        return "global attention"
    return FAMILIES[part.mechanism].bar or part.name.inline


def _merged(shares: Sequence[Share]) -> list[Share]:
    """The parts that are large enough to be seen, and the others as one."""
    total = sum(share.size for share in shares) or 1
    large = [share for share in shares if share.size / total >= SMALLEST]
    small = [share for share in shares if 0 < share.size / total < SMALLEST]
    if small:
        main, rest = max(small, key=lambda share: share.size), sum(share.size for share in small)
        if rest / total >= 0.0005:
            large.append(Share(main.name if main.size >= 0.9 * rest else "other", main.fill, rest))
    return large


def _bar(sheet: Sheet, shares: Sequence[Share], y: float, wide: float) -> list[tuple[float, float]]:
    """Draws the segments; gives the edges of each back."""
    total = sum(share.size for share in shares) or 1
    room = wide - LEFT - (len(shares) - 1)
    x, edges = LEFT, []
    for name, fill, size in shares:
        long = min(max(1.0, room * size / total), wide - x)
        sheet.put(area(x, y, long, BAR, fill, f"{name}: {size:,} of {total:,} parameters"))
        edges.append((x, x + long))
        x += long + 1
    return edges


BESIDE = 11.0
"""Px between names under a bar."""
SWATCH, KEYED = 8.0, 13.0
"""Px of the square before a number that says which segment it is of, and what it takes with its gap."""


def _labelled_bar(sheet: Sheet, shares: Sequence[Share], y: float, wide: float) -> float:
    """A bar with number and name under each segment, pushed apart where they would touch.

    A name that was pushed away has a line to its segment, unless that would run into its neighbour's:
    the square in the segment's colour says it then.
    """
    total = sum(share.size for share in shares)

    def taken(share: Share) -> float:
        return max(KEYED + width(_number(share.size, total), 12, 600), width(share.name, TYPE))

    while len(shares) > 2 and sum(map(taken, shares)) + BESIDE * (len(shares) - 1) > wide - LEFT:
        *_, last, least = sorted(shares, key=lambda share: -share.size)
        kept = [share for share in shares if share is not last and share is not least]
        shares = [*kept, Share("other", last.fill, last.size + least.size)]
    edges = _bar(sheet, shares, y, wide)
    places = spread([edge[0] for edge in edges], list(map(taken, shares)), LEFT, wide, 11)
    low = y + BAR
    runs = [_run(x, *edge) for x, edge in zip(places, edges, strict=True)]
    for share, x, run in zip(shares, places, runs, strict=True):
        if run is not None and sum(_meet(run, other) for other in runs) == 1:
            at, to = run
            turns = ((at, low + 1), (at, low + 5), (to, low + 5), (to, low + 9))
            sheet.rule(*(Point(*turn) for turn in turns), role="wire")
        sheet.put(square(x, low + 11.5, share.fill, SWATCH))
        number = _number(share.size, total)
        sheet.label(x + KEYED, low + 20, number, size=12, weight=600, role="ink")
        sheet.label(x, low + 35, share.name, size=TYPE)
    return low + 35


Run = tuple[float, float]


def _run(x: float, start: float, end: float) -> Run | None:
    """From where in a segment to where over a name its line leads; none where the name stands under the segment."""
    if start - 1 <= x <= end - 3:
        return None
    to = x + SWATCH / 2
    return min(max(to, start + 2), (start + end) / 2, end), to


def _meet(one: Run, other: Run | None) -> bool:
    """Whether two lines would touch."""
    return other is not None and min(one) - 3 <= max(other) and min(other) - 3 <= max(one)


def _magnified(sheet: Sheet, root: Block, counts: Parameters, y: float, wide: float) -> float:
    """Stored parameters, and under them the active part at the full width."""
    _caption(sheet, y, "Stored")
    shares = _shares(root, counts.parts, stored)
    main = max(shares, key=lambda share: share.size)
    others = [s for s in shares if s is not main and s.size / counts.total > 0.0008]
    shown = [main, *others]
    for share, (start, end) in zip(shown, _bar(sheet, shown, y, wide), strict=True):
        name = capital(share.brief)
        size = f"{short(share.size)}, {share.size / counts.total:.0%}"
        taken = ceil(width(f"{name} {size}", TYPE, 500)) + 16.0
        if taken > end - start:
            continue
        # On a ground of its own, which print leaves white.
        ground = Box(start, y, taken, BAR, radius=0, fill=share.fill, labelled=True)
        sheet.put(ground)
        role, inside = share.fill.replace(".solid", ".on"), ground.bounds
        words = (Span(f"{name} ", 500), size)
        sheet.label(start + 8, y + 12.3, words, size=TYPE, role=role, inside=inside)
    rest = Span(short(counts.total - main.size), 600, role="ink", tabular=True)
    under, low = y + BAR, y + 2 * BAR + 12
    large = main.brief
    run, high = max(2.0, (wide - LEFT) * counts.active / counts.total), low - under - 7
    path = f"h{run:.1f}l{wide - LEFT - run:.1f} {high:g}h{LEFT - wide:.1f}z"
    sheet.put(
        Mark(LEFT, under + 5, path, width=wide - LEFT, height=high, fill="lens"),
        area(LEFT, under + 2, run, 2.5, "ink"),
    )
    sheet.label(wide, under + 15, (f"without {large} ", rest), size=TYPE, anchor="end")
    _caption(sheet, low, "Active, at most" if counts.varies else "Active")
    return _labelled_bar(sheet, _merged(_shares(root, counts.parts, active)), low, wide)


def source(root: Block) -> str:
    """Where all numbers come from, and how much a number of the cache takes, where there is one."""
    return "Computed from config.json" + ("" if reads_whole(root) else ", 16-bit cache")


def _source(root: Block, counts: Parameters) -> str:
    phrases = [source(root)]
    if counts.multi_token_prediction:
        phrases.append("MTP not counted")
    if counts.other_modalities:
        seen = any(block.sees for block in root.inside)
        phrases.append(f"without {'vision' if seen else 'audio'} tower")
    return "; ".join(phrases)


def _cache(
    sheet: Sheet, phrases: Sequence[tuple[str, str]], y: float, wide: float
) -> tuple[float, float]:
    """Writes what is kept; gives the last baseline and the end of its text back."""
    if phrases:
        _caption(sheet, y - 12.5, "Cache")
    x, end = LEFT, LEFT
    for number, words in phrases:
        amount = Span(number, 600, role="ink")
        long = width((amount, f" {words}"), TYPE)
        if x > LEFT and x + long > wide:
            x, y = LEFT, y + 19
        room = wide - x - width(amount, TYPE)
        sheet.label(x, y, (amount, cut(f" {words}", room, TYPE)), size=TYPE)
        end = x + long
        x = end + 24
    return y, end


def _cache_phrases(root: Block, kept: Cache, said: Set[str]) -> list[tuple[str, str]]:
    """What is kept, in phrases: a number and its words; of bytes that are `said` what they are made of, at most."""
    found: list[tuple[str, str]] = []
    first, later = kept.bytes_per_token, kept.bytes_per_token_long
    growing = [row for row in kept.rows if row.elements_per_token]
    windows = [row.window for row in growing if row.window is not None]
    if first and first == later:
        count = growing_layers(root)
        if (made := _made_of(growing, count)) and binary(first) in said:
            found.append(made)
        else:
            found.append((binary(first), _where(growing, count)))
    elif first:
        found.append((binary(first), f"a token up to {min(windows):,} tokens"))
        if later:
            unlimited = growing_layers(root, windows_full=True)
            same = len(set(windows)) == 1 and binary(first) not in said
            when = "that" if same else f"{max(windows):,} tokens"
            found.append((binary(later), f"after {when}, in {layers(unlimited)}"))
        else:
            found.append(("nothing", f"more after {max(windows):,}"))
    if kept.state_bytes:
        spelled = {mechanisms.label(b): mechanisms.full(b).inline for b in _mixers(root)}
        names = {spelled.get(r.label, r.label) for r in kept.rows if r.state_bytes}
        name = f"{names.pop()} " if len(names) == 1 else ""
        where = layers(sum(row.layers for row in kept.rows if row.state_bytes), name)
        found.append((binary(kept.state_bytes), f"of state in {where}, at any length"))
    if "context" in root.facts and first:
        context = root.number("context")
        found.append((binary(kept.at(context)), f"at {context:,} tokens"))
    if not found:
        return [("nothing", "is kept between tokens")]
    return [phrase for phrase in found if phrase[0] not in said]


def _mixers(root: Block) -> Iterator[Block]:
    """What keeps something of the past, in the layers or before them."""
    for layer in distinct_layers(root):
        yield from mixers(layer)
    yield from (block for _, block in model_parts(root) if block.on_tokens)


def _where(rows: Sequence[CacheRow], count: int) -> str:
    made = _made_of(rows, count)
    return (
        f"a token: {made[0]} in each of {layers(count)}" if made else f"a token in {layers(count)}"
    )


def _made_of(rows: Sequence[CacheRow], count: int) -> tuple[str, str] | None:
    """How many numbers each layer keeps of a token, where it is as many in several."""
    each = {row.elements_per_token for row in rows}
    if len(each) == 1 and count == sum(row.layers for row in rows) > 1:
        return f"{each.pop():,} numbers", f"of a token in each of {layers(count)}"
    return None
