"""The card: the strip laid down between embedding and head, and under it what each bar is, without name and date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from llm_gallery import mechanisms
from llm_gallery.analysis.parameters import stored
from llm_gallery.architecture.block import Architecture, Block
from llm_gallery.figure.kit import stream as streams
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Box, Picture, Point
from llm_gallery.figure.kit.signs import stream_line
from llm_gallery.figure.kit.text import Span, cut, fitting, width
from llm_gallery.figure.strip import legend_line, strip
from llm_gallery.figure.strip.layer_bar import Cell, Look, bars
from llm_gallery.figure.strip.legend_line import GLYPH, TALL
from llm_gallery.mechanisms.moe import of_all
from llm_gallery.mechanisms.written import WITHOUT_POSITIONS
from llm_gallery.plan.block_names import layers
from llm_gallery.plan.naming import DOT, heading
from llm_gallery.plan.outer_blocks import outer_blocks
from llm_gallery.plan.place import Choice
from llm_gallery.plan.plan import Plan
from llm_gallery.plan.stream import Stream

HEIGHT = 208.0
TOP, TOKEN, CHANNEL = 2.0, 40.0, 11.0
UNDER = 8.0
"""Px from the cells to the stream."""
END = 6.0
"""Px of the embedding and of the head."""
TIP = 8.0
"""Px of the stream behind the head."""
TITLE, FIRST, PITCH = 92.0, 114.0, 18.0
"""Baselines of the number of layers and of the first bar's name, and px from one to the next."""
SIZES = (12.0, 11.5, 11.0, 10.5)
"""Px of the type of a name: the largest in which it stands whole."""
SIDE = 10.5
"""Px of the type of what stands beside or under it."""
FEW, CLOSE, MOST = 5, 14.5, 7
"""Bars that leave room for the last line, px from one to the next where there are more, and how many are named."""


def overview(architecture: Architecture, shown: Plan, wide: float) -> Picture:
    """The card, so wide."""
    root = architecture.root
    sheet = Sheet()
    depth_strip(sheet, root, shown, wide)
    sheet.label(0, TITLE, layers(shown.depth), size=13, weight=600, role="ink")
    unit(sheet, shown, wide, TITLE)
    sheet.rule(Point(0, TITLE + 7), Point(wide, TITLE + 7))
    found = entries(shown)
    _names(sheet, found, wide)
    if outer_blocks(root).embedding and len(found) <= FEW:
        _size(sheet, root, wide)
    return sheet.picture(wide, HEIGHT)


def depth_strip(
    sheet: Sheet,
    root: Block,
    shown: Plan,
    wide: float,
    left: float = 0.0,
    top: float = TOP,
    *,
    token: float = TOKEN,
    channel: float = CHANNEL,
    joined: float = strip.SMALL,
) -> None:
    """Embedding, every layer, head, and the stream that joins them; bars have shapes from `joined` px on."""
    end = left + wide - TIP
    place = strip_place(shown.depth, wide, left, top, token=token, channel=channel)
    strip.draw(sheet, root, place, joined)
    line = place.bottom + UNDER
    _stream(sheet, shown.stream, left + END, end - END, end, line)
    for x in (left, end - END):
        high = line + 5 - top
        sheet.put(Box(x, top, END, high, radius=2, fill="embedding.solid", open=True))


def strip_place(
    depth: int,
    wide: float,
    left: float = 0.0,
    top: float = TOP,
    *,
    token: float = TOKEN,
    channel: float = CHANNEL,
) -> strip.Strip:
    """Where the layers of such a strip stand."""
    end = left + wide - TIP
    return strip.laid(depth, left + END + 4, end - END - 4, top, token=token, channel=channel)


def _stream(
    sheet: Sheet, stream: Stream, start: float, head: float, end: float, line: float
) -> None:
    """As many lines as it has, on one of which the next token leaves the head."""
    across = (
        streams.line_places(stream, line, 2.5)
        if streams.line_count(stream) <= 4
        else streams.line_places(stream, line, 1.25)
    )
    thick = 2.5 if len(across) == 1 else 1.0 if len(across) <= 4 else 0.5
    for y in across:
        sheet.put(stream_line(Point(start, y), Point(head, y), thickness=thick))
    ends = Point(end, line), Point(end + TIP, line)
    sheet.put(stream_line(*ends, thickness=2.0, arrow=True))


def unit(sheet: Sheet, shown: Plan, right: float, y: float) -> None:
    """The unit that repeats, in bars and counts, where there is one: it ends at the right."""
    x = right
    for item in reversed(legend_line.repeated_unit(shown)):
        if item.after:
            sheet.label(x, y, item.after, size=12, weight=600, role="ink", anchor="end")
            x -= width(item.after, 12, 600) + 4
        sheet.label(x, y, item.number, size=12, role="ink", anchor="end")
        x -= width(item.number, 12) + 4 + GLYPH
        sheet.put(*bars(item.look, [Cell(x, y - TALL + 2.5, GLYPH, TALL)], row=None))
        x -= 5
        sheet.label(x, y, item.before, size=12, weight=600, role="ink", anchor="end")
        x -= width(item.before, 12, 600) + 5


@dataclass(frozen=True, slots=True)
class Entry:
    """A bar of the strip: what it is called, how large, in how many layers."""

    look: Look
    name: str
    beside: str
    layers: int
    field: str = ""


def entries(shown: Plan) -> list[Entry]:
    """The token mixers, then the channel mixers; two that are alike are one."""
    found: dict[tuple[str, Look], list[Choice]] = {}
    places = list(legend_line.mixing(shown))
    for token in (True, False):
        for place in places:
            if place.block.mixes_tokens == token:
                for choice in place.choices:
                    look = Look(choice.colour, choice.bar)
                    found.setdefault((choice.name, look), []).append(choice)
    names = [name for name, _ in found]
    return [
        Entry(
            look,
            name,
            f"{len(choices)} a layer"
            if len(choices) > 1
            else _beside(look, name, choices[0], names),
            len({layer for choice in choices for layer in choice.all_layers}),
            heading(name, [choice.block for choice in choices], shown.naming)[1].removeprefix(
                f"{DOT} "
            ),
        )
        for (name, look), choices in found.items()
    ]


def sized(choice: Choice) -> str:
    """How large a block is; of several that look alike, how large at most."""
    blocks = (choice.block, *(block for _, block in choice.others))
    said = {size(block): stored(block) for block in blocks}
    most = max(said, key=lambda words: said[words])
    return f"≤ {most}" if len(said) > 1 else most


def _beside(look: Look, name: str, choice: Choice, names: Sequence[str]) -> str:
    """Its size; of two of one name that of positions, where one has none."""
    alone = names.count(name) == 1
    return sized(choice) if alone or not look.bar.unplaced else WITHOUT_POSITIONS


def size(block: Block) -> str:
    """How large a mixer is, in a few words: of experts how many, of an MLP not what bends its numbers."""
    if not block.mixes:
        return ""
    if block.is_mixture:
        return of_all(block)
    whole = mechanisms.size_of(block)
    return whole.split(", ")[0] if block.on_channels else whole


def _names(sheet: Sheet, found: Sequence[Entry], wide: float) -> None:
    """Every bar with its name, its size, and in how many layers it is."""
    named = found if len(found) <= MOST else found[: MOST - 1]
    y, pitch = FIRST, PITCH if len(found) <= FEW else CLOSE
    left = GLYPH + 8
    for entry in named:
        sheet.put(
            *bars(entry.look, [Cell(0, y - TALL + 2.5, GLYPH, min(TALL, pitch - 2))], row=None)
        )
        count = f"{entry.layers:,}"
        sheet.label(wide, y, count, size=12, anchor="end", tabular=True)
        room = wide - left - width(count, 12, tabular=True) - 10
        type_size = fitting(entry.name, room, SIZES, 500)
        name = cut(entry.name, room, type_size, 500)
        free = room - width(name, type_size, 500) - 8
        both = ", ".join(filter(None, (entry.field, entry.beside)))
        fits = (
            one for one in (both, entry.beside, entry.field) if one and width(one, SIDE) <= free
        )
        beside = next(fits, "")
        said = (name, Span(beside, 400, SIDE, role="muted", gap=8)) if beside else name
        sheet.label(left, y, said, size=type_size, weight=500, role="ink")
        y += pitch
    if len(found) > len(named):
        sheet.label(left, y, f"and {len(found) - len(named)} more", size=SIDE)


def _size(sheet: Sheet, root: Block, wide: float) -> None:
    """Width and vocabulary."""
    if "width" not in root.facts or "vocabulary" not in root.facts:
        return
    text = f"{root.number('width'):,} wide, vocabulary {root.number('vocabulary'):,}"
    sheet.label(0, HEIGHT - 3, cut(text, wide, 11), size=11)
