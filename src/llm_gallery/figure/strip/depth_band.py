"""The whole depth in one band: from the embedding through every layer to the head, left to right."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from llm_gallery.architecture.block import Architecture, Block
from llm_gallery.figure.kit import stream as streams
from llm_gallery.figure.kit.blocks import Sheet, Words, centred, hero
from llm_gallery.figure.kit.shapes import Bounds, Mark, Point, Text
from llm_gallery.figure.kit.signs import dot, operation, stream_line
from llm_gallery.figure.kit.svg import number
from llm_gallery.figure.kit.text import Content, Span, spans, width, wrap
from llm_gallery.figure.strip import (
    ends,
    legend_line,
    outer_stops,
    shared_tracks,
    strip,
    under_strip,
)
from llm_gallery.figure.strip import lens as lenses
from llm_gallery.figure.tooltip import tooltip
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.loops import pass_ends
from llm_gallery.plan.outer_blocks import Located, outer_blocks
from llm_gallery.plan.outer_stops import head_scalars
from llm_gallery.plan.plan import Plan
from llm_gallery.plan.stream import Stream

UNDER = 17.0
SMALL_UNDER = 13.0
"""Px from the cells to the middle of the stream, and where there is little room."""
OVER = 9.0
"""Px from the legend's last baseline to the cells."""
RAIL = 16.0
"""Px over the cells of the rail that feeds all layers."""
LEAST_NUMBERED = 8
"""Layers from which a narrow strip is numbered: of fewer, the lens is in the way, and one counts them."""
BRIDGE = 3.0
"""Px to each side of a line over which the rail is open."""
SUMS, MOST_SUMS = 3.0, 12
"""Px between the lines of the sums that are kept, and how many are drawn at most."""


def band(
    sheet: Sheet,
    architecture: Architecture,
    plan: Plan,
    left: float,
    right: float,
    y: float,
    *,
    token: float,
    channel: float,
    large: bool = False,
    full: bool = False,
) -> tuple[strip.Strip, float]:
    """Draws the band, its legend's first baseline at y; gives back the strip, and where the band ends.

    `large` is for what layers share as what leads: its tracks are high, and its pieces named; `full` adds
    the parameters of both ends.
    """
    root = architecture.root
    outer = outer_blocks(root)
    first = left + ends.room_before(root, plan.stream)
    last = right - ends.room_behind(root, plan.stream)
    scalars = () if outer.head is None else head_scalars(outer.head[1])
    end = last if len(scalars) > 1 else right
    place = strip.laid(plan.depth, first, last, 0.0, token=token, channel=channel, large=True)
    over = place.left  # where its legend has room there
    # Where the strip leads, the plate's title has the field's names.
    named = replace(plan, naming="plain") if large and plan.naming == "both" else plan
    if legend_line.length(named) > end - over:
        over = left if large else min(over, first)  # over its tracks nothing stands at the left
    low = legend_line.put(sheet, named, over, y, end - over)
    shared = shared_tracks.tracks(architecture)
    fed = RAIL if outer.per_layer_embedding else 0.0
    top = low + OVER + fed + shared_tracks.height(shared, large=large)
    place = replace(place, top=top)
    strip.draw(sheet, root, place)
    sheet.put(strip.pointed_area(root, place, UNDER))
    shared_tracks.draw(sheet, shared, place, left, top - 2 - fed, large=large)
    line = place.bottom + UNDER
    start, low = ends.enter(sheet, root, left, line, full=full)
    if outer.per_layer_embedding:
        made = {link.source for track in shared for link in track.links}
        _rail(sheet, plan.stream, outer.per_layer_embedding, place, left, line, made)
    at, under = _stream(sheet, plan, place, start, line)
    parted = ends.leave(sheet, root, plan.stream, at, right, line, full=full)
    words: Content = ""
    bracket: tuple[float, float] | None = under_strip.bracket(root, place)
    near, least = place.left + 0.7 * place.along, 0.0
    if plan.stream.passes > 1:
        back = parted.normed if plan.stream.norms else at + 5
        sized = _sized(sheet, left, line)
        # The way back ends before the layers, and beside the embedding's size.
        to = max(start + 11, sized + 5, place.left - 11)
        reach = under if to > start + 11 else line  # beyond, there may be several lines
        words = _loop(sheet, plan.stream, back, to, line, under, reach)
        near, least, bracket = (back + to) / 2, sized + 8, None  # it is over the way back
        under += 21
    if plan.stream.saved_every:
        kept = f"sum kept every {plan.stream.saved_every:,} layers"
        words = (*spans(words), f"; {kept}") if words else kept
    signs = list(under_strip.memories(sheet, root, place, under))
    under += 18 + under_strip.numbers(sheet, place, under + 18, bracket, signs)
    if words:
        under += _said(sheet, place, words, near, least, under)
    return place, max(low, parted.bottom, under) + 6


def lens(
    plan: Plan, root: Block, place: strip.Strip, frame: Bounds, *, small: bool = False
) -> tuple[Mark, ...]:
    """From a bracket under one period of the strip to the frame that shows it: put before the band.

    `small` is for the strip of `narrow`.
    """
    if not place.depth:
        return ()
    left, right = place.extent(*under_strip.magnified(root, place))
    under = _underside(plan.stream, place, small=small) + 11
    half = max(6.0, (right - left) / 2 + 1)
    return lenses.under(Point((left + right) / 2, under), half, frame)


def _underside(stream: Stream, place: strip.Strip, *, small: bool) -> float:
    """The lowest line of the stream."""
    if stream.saved_every and not small:
        return place.bottom + UNDER + 6 + SUMS * len(_summed_layers(stream.saved_every, place))
    gap, under = (3.0, SMALL_UNDER) if small else (4.0, UNDER)
    return streams.line_places(stream, place.bottom + under, gap)[-1]


def _summed_layers(every: int, place: strip.Strip) -> range:
    """The layers before which sums are kept, as many as are drawn."""
    count = -(-place.depth // every)
    return range(0, place.depth, every * max(1, -(-count // MOST_SUMS)))


def _stream(
    sheet: Sheet, plan: Plan, place: strip.Strip, start: float, line: float
) -> tuple[float, float]:
    """The stream under the cells, as many lines as it has; gives back where it goes on as one, and its lower edge."""
    stream, end = plan.stream, place.right + 10
    if stream.saved_every:
        return end, _sums(sheet, plan, place, start, end, line)
    across = streams.line_places(stream, line, 4.0)
    several = len(across) > 1
    begin = start + 12 if several else start
    for at in across:
        ends_at = Point(begin, at), Point(end, at)
        sheet.put(stream_line(*ends_at, thickness=1.5 if several else 3.0))
    if several:
        sheet.put(stream_line(Point(start, line), Point(begin, line)))
        for x in (begin, end):
            path = f"v{across[-1] - across[0] + 2:g}"
            sheet.put(Mark(x, across[0] - 1, path, stroke="stream", thickness=4, round=True))
    return end, across[-1]


def _sums(
    sheet: Sheet, plan: Plan, place: strip.Strip, start: float, end: float, line: float
) -> float:
    """The running sum, which begins anew where it is kept: each that is kept goes on to the end as a thin line.

    Where a pass through a loop ends, its sums end, and the one before the loop is again the running one.
    """
    layers, until = _summed_layers(plan.stream.saved_every or 1, place), pass_ends(plan.root)
    marks = [place.extent(layer)[0] - 1 if layer else start + 16 for layer in layers]
    lanes = [line + 6 + SUMS * (len(marks) - index) for index in range(len(marks))]
    at = start
    for layer, x, y in zip(layers, marks, lanes, strict=True):
        sheet.put(dot(x, line, "stream", 3))
        left, goes_on = until.get(layer, (None, False))
        to = end if left is None else place.extent(left)[0] - 1
        back = (Point(to, line),) if goes_on else ()
        sheet.put(stream_line(Point(x, line), Point(x, y), Point(to, y), *back, thickness=1))
        ended = any(layer == one for one, _ in until.values())
        sheet.put(stream_line(Point(at, line), Point(x - 7 if ended else x, line)))
        at = x + 2
    sheet.put(stream_line(Point(at, line), Point(end, line)))
    path = f"v{lanes[0] - line + 2:g}"
    sheet.put(Mark(end, line - 1, path, stroke="stream", thickness=4, round=True))
    return lanes[0]


def _rail(
    sheet: Sheet,
    stream: Stream,
    table: Located,
    place: strip.Strip,
    left: float,
    line: float,
    under: Collection[int],
) -> None:
    """A table of which each layer takes a part of the token's row, with a map of the embedding.

    Over the layers in `under` something else comes down, for which the rail is open.
    """
    y, x, block = place.top - 9, place.left - 12, table[1]
    colour = colour_of(block)
    wide = min(118.0, x - left - 16)
    second = f"{block.number('layers'):,} × {block.number('width'):,} a token"
    middle, about = left + wide / 2, tooltip(*table)
    node = hero(middle, place.top + 2, "", colour, wide=wide, high=34, about=about)
    words = Words(-2.5, "Per-layer table", 12, 500), Words(12, second, 11)
    sheet.put(node.box, *centred(node.box, f"{colour}.on", *words))
    ids = left + ends.END / 2
    sheet.wire(Point(ids, line - ends.ABOVE - 12), Point(ids, node.bottom.y))
    ring, top = operation(x, y, "+", radius=6), streams.line_places(stream, line, 4.0)[0]
    sheet.put(dot(x, top, "stream", 3.5))
    sheet.wire(Point(x, top), ring.bottom)
    sheet.wire(Point(node.right.x, y), ring.left)
    sheet.add(ring)
    start = at = ring.right.x
    comb = ""
    for layer in range(place.depth):
        to = place.middle(layer)
        if layer in under:
            comb += f"h{number(to - BRIDGE - at)}m{number(2 * BRIDGE)} 0"
            at = to = to + BRIDGE
            comb += "v5m0 -5"
        else:
            comb += f"h{number(to - at)}v5m0 -5"
        at = to
    sheet.put(Mark(start, y, comb, width=at - start, height=5, stroke="flow", thickness=1.25))


def _loop(
    sheet: Sheet,
    stream: Stream,
    back: float,
    to: float,
    line: float,
    under: float,
    reach: float,
) -> Content:
    """The way back from the end of the layers to their beginning; gives back what is said of it."""
    y = under + 20
    sheet.put(dot(back, line, "stream", 4))
    sheet.wire(Point(back, line), Point(back, y), Point(to, y), Point(to, reach + 2))
    after = ", normed after each" if stream.norms else ""
    return Span(f"{stream.passes:,} passes", 600, role="ink"), f" through the same layers{after}"


def _said(
    sheet: Sheet, place: strip.Strip, said: Content, near: float, least: float, y: float
) -> float:
    """Words among the layers' numbers, where a gap has room, else under them; gives back how much lower."""
    wide = width(said, 12)
    middle = under_strip.between(place, wide, near, least)
    lower = 0.0 if middle is not None else under_strip.WORDS
    middle = max(near, least + wide / 2) if middle is None else middle
    sheet.label(middle, y + lower, said, size=12, anchor="middle")
    return lower


def _sized(sheet: Sheet, left: float, line: float) -> float:
    """Where the words under the embedding end, or its edge."""
    under = (s for s in sheet.shapes if isinstance(s, Text) and s.x == left and s.y > line)
    return max((text.bounds.right for text in under), default=left)


def narrow(
    sheet: Sheet,
    architecture: Architecture,
    plan: Plan,
    left: float,
    right: float,
    y: float,
    *,
    token: float,
    channel: float,
) -> tuple[strip.Strip, float]:
    """The band where there is no room for its ends: what stands there is said in a line under the strip.

    Its legend's first baseline is at y; gives back the strip, and where the band ends.
    """
    root, stream = architecture.root, plan.stream
    low = legend_line.put(sheet, plan, left, y, right - left)
    shared = shared_tracks.tracks(architecture)
    top = low + OVER + shared_tracks.height(shared, large=False)
    place = strip.laid(plan.depth, left + 8, right - 18, top, token=token, channel=channel)
    strip.draw(sheet, root, place)
    sheet.put(strip.pointed_area(root, place, SMALL_UNDER))
    shared_tracks.draw(sheet, shared, place, left, top - 2, large=False)
    line = place.bottom + SMALL_UNDER
    lines = streams.line_places(stream, line, 3.0)
    thick, end = (3.0, right) if len(lines) == 1 else (1.25, right - 9)
    alone = len(lines) == 1
    for at in lines:
        ends_at = Point(left, at), Point(end, at)
        sheet.put(stream_line(*ends_at, thickness=thick, arrow=alone))
    if not alone:
        high = lines[-1] - lines[0] + 8
        tip = f"v{high:g}l9 {-high / 2:g}z"
        sheet.put(Mark(end, lines[0] - 4, tip, width=9, height=high, fill="stream"))
    under = lines[-1]
    if stream.passes > 1:
        said = _loop(sheet, stream, place.right + 5, left + 3, under, under, under)
        middle = max((place.right + 8 + left) / 2, left + width(said, 12) / 2)
        sheet.label(middle, under + 39, said, size=12, anchor="middle")
        under += 22
    elif plan.depth >= LEAST_NUMBERED:
        signs = under_strip.memories(sheet, root, place, under)
        bracket_at = under_strip.bracket(root, place)
        under += under_strip.numbers(sheet, place, under + 18, bracket_at, [*signs])
    low = under + 18
    if words := outer_stops.sentences(root, stream):
        lines_said = wrap(words, right - left, 12, lines=4)
        low = sheet.lines(left, low + 20, lines_said, 16, size=12) - 16
    return place, low
