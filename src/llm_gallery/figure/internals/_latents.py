"""Lanes that come out of a latent: what is compressed, what the cache keeps, what is rebuilt of it, and what meets in the softmax."""

from __future__ import annotations

from llm_gallery.figure.internals import indexer
from llm_gallery.figure.internals._fitting import (
    ON_HERO,
    SMALL,
    SMALLEST,
    arrow,
    fit_shape,
    on_hero,
    product,
    snug,
)
from llm_gallery.figure.internals._foot import (
    Frame,
    lead_in,
    matrices,
    of_a_head,
    symbol,
    width,
    width_of,
)
from llm_gallery.figure.internals._lanes import NORM
from llm_gallery.figure.internals._savings import said
from llm_gallery.figure.internals._scores import in_steps, sinks
from llm_gallery.figure.kit.blocks import PILL, Node
from llm_gallery.figure.kit.shapes import Point
from llm_gallery.figure.kit.text import Span, fit, formula, spans
from llm_gallery.figure.kit.text import width as extent
from llm_gallery.mechanisms import title
from llm_gallery.mechanisms.lane_drawing import HeadParts, Lane, Latent
from llm_gallery.mechanisms.scalars import temperature
from llm_gallery.mechanisms.wording import words_for
from llm_gallery.mechanisms.written import times_root

ABOVE_NORM = (30.0, 46.0)
"""Px from the latent's norm to the matrices over it, where its drum stands: plain, and where wires are wide."""


def draw_latents(frame: Frame) -> None:
    """The input, which forks to the latents, to what is kept as it is, and to the matrices of other lanes."""
    streams, block, sheet = frame.streams, frame.streams.use.block, frame.streams.sheet
    through = " ".join(latent.across for latent in frame.drawing.latents).split()
    others = [lane for lane in frame.lanes if lane.role and lane.name not in through]
    ends = [end for latent in frame.drawing.latents for end in _latent(frame, latent)]
    for lane in frame.lanes:
        for name in (lane.name,) if lane.name in through else ():
            sheet.carries(streams.tips[name], width_of(lane, block))
    for lane in others:
        if lane.kept:
            ends += _kept_lane(frame, lane)
    beside = [lane for lane in others if not lane.kept]
    matrices(frame, beside, sheet.spacing.first)
    for lane in beside:
        low = streams.blocks[lane.name].bottom
        if words := words_for(lane.reads, block):
            lead_in(streams, low, words)
        else:
            ends.append(low)
    whole = [streams.at[lane.name] for lane in others if lane.kept]
    middle = whole[0] if whole else streams.middle("q", "v")
    sheet.fork(middle, ends)
    frame.remark(middle)


def _is_borrowed(frame: Frame) -> bool:
    """Whether what is kept is an earlier layer's."""
    return frame.drawing.borrowing in frame.streams.use.block.facts


def _borrowed(frame: Frame, *names: str) -> Node:
    """What an earlier layer kept, in place of what a layer makes of its input."""
    streams = frame.streams
    forms = (("from an earlier layer's cache", ""), ("an earlier layer's", ""), ("lent", ""))
    about = streams.use.facts("latents of an earlier layer", frame.drawing.borrowing, "kv_rank")
    x, wide = streams.across(*names)
    y, colour = streams.sheet.spacing.first, streams.colour
    return streams.sheet.add(snug(x, y, forms, colour, wide, dashed=True, about=about))


def _kept_lane(frame: Frame, lane: Lane) -> list[Point]:
    """A pinch that is kept as it is; gives back where it reads the input."""
    streams, use = frame.streams, frame.streams.use
    if _is_borrowed(frame):
        streams.tips[lane.name] = _borrowed(frame, lane.name).top
        return []
    inputs, outputs = width(frame), width_of(lane, use.block)
    y, x, wide, about = (
        streams.sheet.spacing.first,
        *streams.across(lane.name),
        use.about(lane.role),
    )
    node = streams.sheet.slanted(x, y, inputs, outputs, narrowing=True, wide=wide, about=about)
    streams.sheet.carries(streams.rise(lane.name, node).top, outputs)
    return [node.bottom]


def _latent(frame: Frame, latent: Latent) -> list[Point]:
    """From the input to lanes, through their latent; gives back where it reads the input."""
    streams, use = frame.streams, frame.streams.use
    sheet, block = streams.sheet, use.block
    names = [name for name in latent.across.split() if name in streams.at]
    (x, wide), heads = streams.across(*names), _heads(frame, latent)
    down, norm, role = latent.roles.split()
    if latent.rank not in block.facts:
        name, inputs = symbol(latent.symbol), width(frame)
        shape = fit_shape(name, [arrow(inputs, heads), arrow("", heads)], wide)
        y, about = sheet.spacing.first, use.about(role)
        node = streams.through(sheet.matrix(x, y, name, shape, wide=wide, about=about), *names)
        return [node.bottom]
    rank, borrowed = block.number(latent.rank), latent.kept and _is_borrowed(frame)
    below = _borrowed(frame, *names) if borrowed else _down(frame, latent.rank, down, x, wide)
    tip = below.top if borrowed else _norm(frame, latent.rank, norm, below, wide)
    up = _up(frame)
    above = sheet.slanted(x, up, rank, heads, narrowing=False, wide=wide, about=use.about(role))
    streams.through(above, *names)
    sheet.wire(tip, above.bottom)
    if latent.kept and not borrowed:
        words = f"{rank:,} kept"
        if use.full and extent(f"{words}, {said(rank)}", SMALL, 500) + 24 <= wide / 2:
            words += f", {said(rank)}"
        sheet.kept_mark(x, above.bottom.y + (24 if use.full else 19), words, rank)
    return [] if borrowed else [below.bottom]


def _up(frame: Frame) -> float:
    """The middle of the matrices over the latents, at one height."""
    sheet, facts = frame.streams.sheet, frame.streams.use.block.facts
    normed = any(
        latent.rank in facts and not (latent.kept and _is_borrowed(frame))
        for latent in frame.drawing.latents
    )
    norm = (sheet.spacing.gap + PILL) * normed
    return sheet.spacing.first - sheet.spacing.matrix - norm - ABOVE_NORM[sheet.use.full]


def _heads(frame: Frame, latent: Latent) -> str:
    """How many heads its lanes have, and how many numbers one has of all of them."""
    block, names = frame.streams.use.block, latent.across.split()
    lanes = [lane for lane in frame.drawing.lanes if lane.name in names]
    each = sum(of_a_head(lane, block) for lane in lanes)
    return product(width_of(lanes[0], block) // of_a_head(lanes[0], block), each)


def _down(frame: Frame, rank: str, role: str, x: float, wide: float) -> Node:
    sheet, use, slim = frame.streams.sheet, frame.streams.use, min(158.0, wide * 0.92)
    ends, about = (width(frame), use.block.number(rank)), use.about(role)
    y = sheet.spacing.first
    return sheet.add(sheet.slanted(x, y, *ends, narrowing=True, wide=slim, about=about))


def _norm(frame: Frame, fact: str, role: str, below: Node, wide: float) -> Point:
    """The norm of a latent, with what it is times; gives back its top."""
    sheet, use = frame.streams.sheet, frame.streams.use
    block, inputs, rank = use.block, width(frame), use.block.number(fact)
    part = block.part(role)
    named, gated = ("RMSNorm", False) if part is None else (title(part), bool(part.inside))
    scaled = bool(block.value("scaled_latents")) and inputs != rank
    note = times_root((inputs / rank) ** 0.5) if scaled else ""
    forms = ((named, note), (named.replace("RMSNorm", "norm"), note))
    y, slim = below.top.y - sheet.spacing.gap - PILL / 2, min(wide, NORM + 32.0 * (scaled + gated))
    node = sheet.add(snug(below.top.x, y, forms, "norm", slim, about=use.about(role)))
    sheet.wire(below.top, node.bottom)
    return node.top


def head_parts(frame: Frame, core: HeadParts) -> Node:
    """The softmax over all lanes but those that pass it by; where all is said, in two blocks."""
    streams, use, block = frame.streams, frame.streams.use, frame.streams.use.block
    joined = [name for name in streams.at if name not in core.without.split()]
    asks = tuple(name for name in core.asks.split() if name in streams.at)
    about, choice = use.facts(core.means, *core.facts), indexer.chosen(use)
    gap = 34.0 if use.full else 44.0
    bottom = min(tip.y for tip in streams.tips.values()) - gap
    if "sinks" in streams.at:
        sinks(streams, bottom + 36)
    _named(frame, core, bottom + 17)
    if use.full:
        summed = ("softmax( scores ) _v_", *([choice] * bool(choice)))
        product = f"scores = {core.sums(block)}"
        return in_steps(streams, asks, joined, product, summed, about)
    grown = temperature(block)
    choice = choice or ("" if grown is None else f"{grown.written} at position p")
    high, below = 54.0 if choice else 38.0, [name for name in joined if name in streams.tips]
    node = streams.over(joined, high=high, gap=gap, about=about, below=below)
    room = node.box.width - ON_HERO
    forms = tuple(map(formula, core.formulas(use.variants)))
    words, _ = fit(forms, room, (SMALLEST,), 500) or (forms[-1], SMALLEST)
    on_hero(streams.sheet, node, -8 if choice else 0, words, streams.colour, size=14.5)
    if extent(choice, SMALLEST) > room:
        choice = choice.replace("layer's indexer", "indexer")
    if choice:
        on_hero(streams.sheet, node, 14, choice, streams.colour, size=SMALL)
    return node


def _named(frame: Frame, core: HeadParts, y: float) -> None:
    """The lanes' names where they enter the softmax, with the size of a head; the drum of one that is kept."""
    streams, block = frame.streams, frame.streams.use.block
    kept = {lane.name for lane in frame.lanes if lane.kept and not _is_borrowed(frame)}
    tight, last = streams.box < 60, max(streams.at.values()) + streams.box / 2 + 12
    # Left of a lane that is kept stands its drum.
    wires = 14 if streams.use.full else 2
    places = sorted(x - (24 if name in kept else wires) for name, x in streams.at.items())
    for lane in frame.lanes:
        if lane.name in core.without or lane.name == "sinks":
            continue
        name, count = lane.name, of_a_head(lane, block)
        mark = spans(formula(f"_{name[0]}_{name[1:]}"))
        x, size = streams.at[name] + (5 if tight else 8), 12.0 if tight else 13.0
        following = next((other for other in places if other > streams.at[name]), last)
        sizes = [_size(count, also, tight=tight) for also in (", one head", "")]
        forms = [(*mark, each) for each in sizes[name not in kept :]]
        shown = next((form for form in forms if x + extent(form, size) < following), mark)
        streams.sheet.label(x, y, shown, size=size, role="ink")
        if name in kept:
            streams.sheet.drum(streams.at[name] - 1, y - 1, count)


def _size(size: int, also: str = "", *, tight: bool = False) -> Span:
    """A head's size beside its name; one that wouldn't fit is said by the matrix alone."""
    shown = f"{size:,}{also}" if size < (1_000 if tight else 100_000) else ""
    return Span(shown, 400, 11.0 if tight else SMALL, gap=3 if tight else 6)
