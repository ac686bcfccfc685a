"""One layer of each model in a frame of its own, beside one another: what answers to each other stands at one height."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from llm_gallery import mechanisms
from llm_gallery.comparison.change import Kind
from llm_gallery.figure.difference import bands as sides
from llm_gallery.figure.difference.bands import Band, Step
from llm_gallery.figure.difference.change_signs import seal
from llm_gallery.figure.kit import stream as streams
from llm_gallery.figure.kit.blocks import HERO, NORM, Node, Sheet, Words, centred, pill
from llm_gallery.figure.kit.shapes import Box, Picture, Point
from llm_gallery.figure.kit.signs import dot, operation, stream_sum
from llm_gallery.figure.kit.text import cut, fitting, width
from llm_gallery.figure.page.layer_bar import Cell, Look, bars
from llm_gallery.figure.plan.one_layer import Choice, Columns, OneLayer, Place, Reading
from llm_gallery.figure.plan.plan import Plan
from llm_gallery.figure.tooltip import tooltip

HEAD, FOOT = 62.0, 18.0
"""Px over the last sum and under the first branch."""
FIRST, GAP, LAST, BETWEEN = 16.0, 16.0, 20.0, 26.0
"""Px to a branch's first block, between blocks, from the last one to where it is added, and to the next branch."""
MIXED = 84.0
"""Px of a branch beside which the streams mix, or which has a pill on the stream, at least."""
PAD = 8.0
"""Px from blocks side by side to the dashed border round them."""
APART = 10.0
LINE = 20.0
"""Px between blocks side by side, and of a line in a list of blocks."""
MOST_BESIDE = 2
BROADEST = 212.0
NAMES = (14.0, 13.0, 12.5, 12.0, 11.5, 11.0, 10.5)
SMALL = (12.5, 12.0, 11.5, 11.0, 10.5)


@dataclass(frozen=True, slots=True)
class Framed:
    """One model's layer: what is drawn, what became of its blocks, and what the frame is called."""

    plan: Plan
    layers: OneLayer | None
    kinds: Mapping[int, Kind]  # by the identity of choices, and of places that don't mix
    title: str
    name: str
    new: bool = True
    counted: Callable[[Choice], str] | None = None  # how many layers have a block, in words


@dataclass(slots=True)
class Frame:
    """A frame that is being drawn, upward from 0."""

    model: Framed
    wide: float
    sheet: Sheet = field(default_factory=Sheet)
    stops: list[tuple[float, float]] = field(default_factory=list)
    source: Point | None = None
    left_edge: float | None = None
    right_edge: float | None = None

    @property
    def line(self) -> float:
        """Where the stream runs."""
        stream = self.model.plan.stream
        return 33.0 if stream.lines > 1 or stream.saved_every or self.scaled else 24.0

    @property
    def scaled(self) -> bool:
        """Whether something stands on the stream beside its branches."""
        stream = self.model.plan.stream
        return bool(stream.kept) or stream.kind == "learned scales"

    @property
    def left(self) -> float:
        """The left edge of the blocks."""
        own = self.line + (38.0 if self.scaled else 30.0)
        return own if self.left_edge is None else self.left_edge

    @property
    def right(self) -> float:
        """Their right edge."""
        return self.wide - 14 if self.right_edge is None else self.right_edge

    @property
    def middle(self) -> float:
        """Between both."""
        return (self.left + self.right) / 2

    def kind(self, what: Choice | Place) -> Kind:
        """What became of a block."""
        return self.model.kinds.get(id(what), "kept")

    def seal(self, x: float, y: float, what: Choice | Place) -> None:
        """The sign of what became of a block; that it changed is told in the newer model."""
        kind = self.kind(what)
        if self.model.new or kind != "changed":
            seal(self.sheet, x, y, kind)

    def column(self, left: float, wide: float) -> Frame:
        """The frame as one of its columns sees it."""
        return replace(self, left_edge=left, right_edge=left + wide)


def frames(
    models: Sequence[Framed], wide: float, least: float = 0.0
) -> tuple[list[Picture], float]:
    """A picture a model, so wide each, and how high all are: `least` where the gaps can take it."""
    drawn = [Frame(model, wide) for model in models]
    aligned = sides.bands([model.layers for model in models])
    tall = _lay(drawn, aligned, 0.0)
    spare = least - tall
    if spare > 0:
        gaps = sum(_gaps(band) for band in aligned)
        drawn = [Frame(model, wide) for model in models]
        tall = _lay(drawn, aligned, min(28.0, spare / max(1, gaps)))
    return [_framed(frame, tall) for frame in drawn], tall


def _gaps(band: Band) -> int:
    return 2 + max(len(one.steps) for one in band if one is not None)


def _lay(frames: Sequence[Frame], aligned: Sequence[Band], more: float) -> float:
    """Draws every branch; gives the height of the frames back."""
    y = -FOOT - more / 2
    for band in aligned:
        y = _band(frames, band, y, more) - BETWEEN - more
    return HEAD - y - BETWEEN - more


def _framed(frame: Frame, high: float) -> Picture:
    """The frame's border, its stream and its title, under what was drawn."""
    sheet, model = Sheet(), frame.model
    if model.new:
        sheet.put(Box(-7, -7, frame.wide + 14, high + 14, radius=16, fill="lens", open=True))
    border = Box(0, 0, frame.wide, high, radius=10, fill="paper", edge="frame", open=True)
    sheet.put(replace(border, ground=True))
    if model.layers is None:
        sheet.label(frame.wide / 2, high / 2, "no such layers", size=12.5, anchor="middle")
    else:
        stream = model.plan.stream
        stops = [(low + high, up + high) for low, up in sorted(frame.stops, reverse=True)]
        streams.run(sheet, stream.earlier(frame.line), 1.25, high + 14, -6)
        across = stream.across(frame.line)
        streams.run(sheet, across, stream.thickness, high + 14, -14, stops, arrow=True)
    role = "ink" if model.new else "muted"
    left, right = frame.left, frame.right
    sheet.label(left, 30, model.title, size=15, weight=600, role=role)
    at = left + (width(model.title, 15, 600) + 14 if model.title else 0)
    room, sizes = right - at, (13.0, 12.5, 12.0, 11.5, 11.0, 10.5)
    if model.title:
        sheet.fitted(right, 30, model.name, room, sizes, anchor="end")
    else:
        sheet.fitted(left, 30, model.name, room, (14.0, *sizes), weight=600, role=role)
    words = _stream_words(model)
    if words:
        sheet.fitted(left, 48, words, right - left, SMALL)
    sheet.place(frame.sheet, 0, high)
    return sheet.picture(frame.wide, high)


def _stream_words(model: Framed) -> str:
    """What the stream is where it isn't one line that runs once."""
    stream = model.plan.stream
    said = []
    if stream.lines > 1:
        said.append(f"{stream.count:,} streams")
    if stream.saved_every:
        said.append("earlier sums are read too")
    if stream.passes > 1:
        said.append(f"run {stream.passes:,} times over")
    return ", ".join(said)


def _band(frames: Sequence[Frame], band: Band, y: float, more: float) -> float:
    """A branch of each model between the same heights; gives back where they end."""
    pairs = [(f, b) for f, b in zip(frames, band, strict=True) if b is not None]
    if not pairs[0][1].added:
        tall = max(_stacked(frame, branch.steps, more) for frame, branch in pairs) - GAP - more
        for frame, branch in pairs:
            _on_stream(frame, branch, y, more)
        return y - tall
    parts = [(frame, branch, sides.parted(branch)) for frame, branch in pairs]
    gap = GAP + more
    before = max(_stacked(frame, steps, more) for frame, _, (steps, _, _) in parts)
    after = max(_stacked(frame, steps, more) for frame, _, (_, _, steps) in parts)
    main = max(_high(frame, step, more) for frame, _, (_, step, _) in parts)
    least = max(MIXED if _beside(frame, branch) else 0.0 for frame, branch in pairs)
    first, last = FIRST + more / 2, LAST + more / 2
    spare = max(0.0, least - first - before - main - after - last)
    low = y - first - before - spare / 2
    top = low - main - after - last - spare / 2
    for frame, branch, (steps, step, behind) in parts:
        way: list[tuple[Step, float]] = []
        own = _high(frame, step, more)
        at = low - (main - own) / 2
        under = at
        for one in reversed(steps):
            under += gap
            way.insert(0, (one, under + _high(frame, one, more)))
            under += _high(frame, one, more)
        if step is not None:
            way.append((step, at))
        at -= own + gap
        for one in behind:
            way.append((one, at))
            at -= _high(frame, one, more) + gap
        _branch(frame, branch, way, (y, top), more)
    return top


def _stacked(frame: Frame, steps: Sequence[Step], more: float) -> float:
    """Px of steps above one another, each with the gap behind it."""
    return sum(_high(frame, step, more) + GAP + more for step in steps)


def _high(frame: Frame, step: Step | None, more: float) -> float:
    """Px that a step takes."""
    if step is None:
        return 0.0
    if isinstance(step, Columns):
        columns = list(_columns(frame, step))
        tall = max(_stacked(inner, column, more) - GAP - more for inner, column in columns)
        return tall + 34 + 12
    if not step.mixes:
        return NORM
    if len(step.choices) == 1:
        return HERO
    return HERO + 2 * PAD if _side_by_side(frame, step) else len(step.choices) * LINE + 14


def _columns(frame: Frame, step: Columns) -> list[tuple[Frame, tuple[Place, ...]]]:
    """Each column as a frame of its own."""
    count = len(step.columns)
    each = (frame.right - frame.left - APART * (count - 1)) / count
    lefts = (frame.left + index * (each + APART) for index in range(count))
    return [(frame.column(x, each), column) for x, column in zip(lefts, step.columns, strict=True)]


def _side_by_side(frame: Frame, place: Place) -> bool:
    """Whether few blocks have room for their names beside each other."""
    count = len(place.choices)
    each = (frame.right - frame.left - APART * (count - 1)) / count
    return count <= MOST_BESIDE and all(
        width(choice.name, 12, 600) <= each - 12 for choice in place.choices
    )


def _on_stream(frame: Frame, branch: Reading, y: float, more: float) -> None:
    """What all that flows passes."""
    for place in branch.places:
        name = mechanisms.title(place.block)
        wide = max(60.0, width(name, 12, 500) + 22)
        node = _pill(frame, place, max(frame.line, wide / 2 + 6), y - NORM / 2, name, wide)
        frame.stops.append((node.bottom.y, node.top.y))
        y -= NORM + GAP + more


def _branch(
    frame: Frame,
    branch: Reading,
    way: Sequence[tuple[Step, float]],
    ends: tuple[float, float],
    more: float,
) -> None:
    """A branch from where it reads over its steps, each with its lower edge, to where it is added."""
    sheet, (low, top) = frame.sheet, ends
    before = _reads(frame, branch, low)
    for step, edge in way:
        if isinstance(step, Columns):
            before = _forked(frame, step, before, edge, more)
            continue
        node = _place(frame, step, edge)
        turn = () if before[-1].x == node.bottom.x else (Point(node.bottom.x, before[-1].y),)
        sheet.wire(*before, *turn, node.bottom)
        if "source" in step.block.roles:
            frame.source = Point(node.top.x, node.top.y - GAP / 2)
        before = (node.top,)
    ring = _adds(frame, branch, low, top)
    if way:
        sheet.wire(*before, Point(before[-1].x, top), ring.right)


def _beside(frame: Frame, branch: Reading) -> bool:
    """Whether something stands on the stream beside the branch."""
    stream = frame.model.plan.stream
    scaled = stream.kind == "learned scales" and branch.connection is not None
    return scaled or bool(stream.kept) or (stream.mixes and branch.connection is not None)


def _reads(frame: Frame, branch: Reading, y: float) -> tuple[Point, ...]:
    """Where it leaves the stream: a dot, a bar across several lines, or another block's output."""
    sheet, stream = frame.sheet, frame.model.plan.stream
    if branch.apart and frame.source is not None:
        sheet.put(dot(*frame.source))
        lane = frame.wide - 7
        return frame.source, Point(lane, frame.source.y), Point(lane, y)
    if stream.lines == 1 and not stream.saved_every:
        sheet.put(dot(frame.line, y, "stream", 4.25))
        return (Point(frame.line, y),)
    across = (*stream.earlier(frame.line), *stream.across(frame.line))
    connection = branch.connection
    about = None if connection is None else tooltip(connection.path, connection.block)
    return (streams.bar(sheet, across, y, "", about).right,)


def _adds(frame: Frame, branch: Reading, low: float, top: float) -> Node:
    """Where it is added, and what happens to the stream beside it."""
    sheet, stream, line = frame.sheet, frame.model.plan.stream, frame.line
    connection = branch.connection
    if stream.mixes and connection is not None:
        streams.crossing(sheet, stream.across(line), (low + top) / 2)
    if connection is not None and stream.kind == "learned scales":
        about = tooltip(connection.path, connection.block)
        node = streams.scaling(sheet, line, (low + top) / 2 + 4, about)
        frame.stops.append((node.bottom.y, node.top.y))
    if stream.lines > 1:
        return streams.bar(sheet, stream.across(line), top, "+")
    if stream.kept:
        at = (low + top) / 2
        node = sheet.add(pill(line, at, stream.kept, "norm", wide=46, high=20, size=11))
        frame.stops.append((node.bottom.y, node.top.y))
    if stream.added:
        sheet.label(line + 14, top - 6, stream.added, size=12)
    ring = sheet.add(stream_sum(line, top))
    frame.stops.append((ring.bottom.y, ring.top.y))
    return ring


def _place(frame: Frame, place: Place, low: float) -> Node:
    """What stands at a place, its lower edge at `low`."""
    if not place.mixes:
        name = mechanisms.title(place.block)
        wide = min(max(108.0, width(name, 12.5, 500) + 24), frame.right - frame.left)
        return _pill(frame, place, frame.middle, low - NORM / 2, name, wide)
    if len(place.choices) == 1:
        choice = place.choices[0]
        wide = min(BROADEST, frame.right - frame.left)
        box = Box(frame.middle - wide / 2, low - HERO, wide, HERO)
        _block(frame, choice, box)
        return Node(box, ())
    if _side_by_side(frame, place):
        return _beside_each_other(frame, place, low)
    return _listed(frame, place, low)


def _pill(frame: Frame, place: Place, x: float, y: float, name: str, wide: float) -> Node:
    kind, choice = frame.kind(place), place.choices[0]
    about = tooltip(choice.path, choice.block)
    tone = mechanisms.colour_of(choice.block) if "taps" in choice.block.facts else "norm"
    size = fitting(name, wide - 14, SMALL, 500)
    shown = cut(name, wide - 10, size, 500)
    node = pill(
        x, y, shown, tone, wide=wide, high=NORM, size=size, about=about, dashed=kind == "removed"
    )
    frame.sheet.add(node)
    frame.seal(node.box.x, node.box.y + 3, place)
    return node


def _block(frame: Frame, choice: Choice, box: Box) -> None:
    """A block: full where something is new, pale where nothing is, a dashed border where it left."""
    kind, colour = frame.kind(choice), choice.colour
    hollow = choice.bar.borrowed == "all"
    about = tooltip(choice.path, choice.block, choice.name)
    if kind == "removed":
        fill, edge, role = f"{colour}.tint", f"{colour}.text", f"{colour}.text"
    elif hollow:
        fill, edge, role = "paper", f"{colour}.text", f"{colour}.text"
    elif kind == "kept":
        fill, edge, role = f"{colour}.tint", f"{colour}.edge", f"{colour}.text"
    else:
        fill, edge, role = f"{colour}.solid", None, f"{colour}.on"
    line = 1.5 if kind == "removed" or hollow else 1.0
    shown = replace(
        box,
        fill=fill,
        edge=edge,
        line=line,
        dashed=kind == "removed",
        labelled=True,
        about=about,
    )
    below = _counted(frame, choice, box.width)
    size = fitting(choice.name, box.width - 12, NAMES, 600)
    name = cut(choice.name, box.width - 10, size, 600)
    first = Words(-1.5, name, size, 600)
    frame.sheet.put(shown, *centred(shown, role, first, Words(13.5, below, 11.5)))
    frame.seal(box.x + 1, box.y + 1, choice)


def _counted(frame: Frame, choice: Choice, wide: float) -> str:
    """How many layers have the block, as far as there is room."""
    if frame.model.counted is not None:
        return frame.model.counted(choice)
    whole = choice.layers == frame.model.plan.depth
    words = f"in {'all ' if whole and choice.layers > 1 else ''}{choice.layers:,} layers"
    if choice.layers == 1:
        words = "in one layer"
    return words if width(words, 11.5) <= wide - 12 else f"in {choice.layers:,}"


def _beside_each_other(frame: Frame, place: Place, low: float) -> Node:
    """Blocks that layers have by turns: the input parts to them, one line leaves."""
    sheet, count = frame.sheet, len(place.choices)
    left, right = frame.left, frame.right
    each = (right - left - APART * (count - 1)) / count
    whole = Box(left - 7, low - HERO - 2 * PAD, right - left + 14, HERO + 2 * PAD)
    tone = place.choices[0].colour
    sheet.put(replace(whole, dashed=True, edge=f"{tone}.text", open=True, radius=9))
    fork = low - 2
    middle = (left + right) / 2
    for index, choice in enumerate(place.choices):
        x = left + index * (each + APART) + each / 2
        box = Box(x - each / 2, low - PAD - HERO, each, HERO)
        ends = (Point(middle, fork), Point(x, fork), Point(x, low - PAD))
        sheet.wire(*(ends if x != middle else ends[::2]), arrow=False)
        _block(frame, choice, box)
    return Node(whole, ())


def _listed(frame: Frame, place: Place, low: float) -> Node:
    """Blocks that layers have by turns as lines: sign, glyph, count, name."""
    sheet, count = frame.sheet, len(place.choices)
    high = count * LINE + 14
    left, right = frame.left - 2, frame.right + 2
    tone = max(place.choices, key=lambda choice: choice.layers).colour
    gone = all(frame.kind(choice) == "removed" for choice in place.choices)
    box = Box(left, low - high, right - left, high, fill="paper", edge=f"{tone}.text", line=1.5)
    box = replace(box, dashed=gone)
    sheet.put(box)
    numbered = max(width(f"{c.layers:,}", 12, 600) for c in place.choices)
    y = low - high + 7
    for choice in place.choices:
        cell = Cell(left + 12, y + 2, 11, LINE - 4)
        sheet.put(*bars(Look(choice.colour, choice.bar), [cell]))
        kind = frame.kind(choice)
        base, at, ink = y + LINE / 2 + 4.5, left + 32 + numbered, f"{choice.colour}.text"
        frame.seal(left, y + LINE / 2, choice)
        about = tooltip(choice.path, choice.block, choice.name)
        sheet.label(
            at,
            base,
            f"{choice.layers:,}",
            size=12,
            weight=600,
            role=ink,
            anchor="end",
            inside=box.bounds,
        )
        room = right - at - 12
        size = fitting(choice.name, room, SMALL, 500)
        name = cut(choice.name, room, size, 500)
        role = "ink" if kind != "kept" else "muted"
        inside = box.bounds
        sheet.label(
            at + 6, base, name, size=size, weight=500, role=role, inside=inside, about=about
        )
        y += LINE
    return Node(box, ())


def _forked(
    frame: Frame, step: Columns, before: Sequence[Point], low: float, more: float
) -> tuple[Point, ...]:
    """Columns that read the same input and are added; gives back where the sum leaves."""
    sheet, start = frame.sheet, before[-1]
    rail = low - 4
    fork = Point(frame.middle, rail)
    turn = () if start.x == fork.x else (Point(fork.x, start.y),)
    sheet.wire(*before, *turn, fork, arrow=False)
    sheet.put(dot(*fork))
    tops: list[Point] = []
    for inner, column in _columns(frame, step):
        x, at = inner.middle, low - 12
        x = fork.x if abs(x - fork.x) < 1 else x
        last: tuple[Point, ...] = (fork, Point(x, rail)) if x != fork.x else (fork,)
        for place in column:
            node = _place(inner, place, at)
            sheet.wire(*last, node.bottom)
            last, at = (node.top,), node.top.y - GAP - more
        tops.append(last[-1])
    level = low - _high(frame, step, more) + 10
    ring = operation(frame.middle, level, "+")
    for top in tops:
        end = ring.right if top.x > frame.middle else ring.left
        if abs(top.x - frame.middle) < 1:
            sheet.wire(Point(frame.middle, top.y), ring.bottom)
        else:
            sheet.wire(top, Point(top.x, level), end)
    sheet.add(ring)
    return (ring.top,)
