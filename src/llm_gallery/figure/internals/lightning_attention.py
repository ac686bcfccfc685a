"""Lightning attention as a drawing: a state that decays at one constant speed in each head, and no softmax.

Paper: https://arxiv.org/abs/2401.04658
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.figure.internals._lanes import (
    FIRST,
    GAP,
    MARGIN,
    Lanes,
    arrow,
    beside,
    body,
    fitting,
    fork,
    lanes,
    leave,
)
from llm_gallery.figure.internals._state import (
    PANEL,
    WIDE,
    aside,
    back,
    formulas,
    gated,
    keeping,
    over,
)
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.kit.blocks import Node, Sheet, matrix, pill
from llm_gallery.figure.kit.shapes import Inset, Point
from llm_gallery.figure.kit.text import Content, italic, superscript
from llm_gallery.mechanisms.activation import activation
from llm_gallery.mechanisms.colour import Colour

NAMES = ("q", "k", "v", "gate")
BROADEST = 132


def inset(use: Use) -> Inset:
    """The drawing, with the state's update and reading as formulas."""
    panel = PANEL if use.width >= WIDE else 0
    streams = lanes(Sheet(), NAMES, MARGIN, use.width - max(MARGIN, panel), BROADEST)
    _projections(streams, use)
    _before_the_state(streams, use)
    high = _output(streams, use, _state(streams, use))
    if panel:
        dtype = str(use.block.value("state_dtype"))
        high = keeping(streams.sheet, use.width, high, _sizes(use.block), dtype)
    position = "" if use.block.value("position") == "rope" else "no positions"
    return Inset(
        title="Lightning attention",
        note=use.note("a state, not a cache", position),
        mechanism="linear",
        body=body(streams.sheet, use.width, high),
    )


def _sizes(block: Block) -> tuple[int, int, int]:
    """How many states, and the rows and columns of each."""
    size = block.number("head_dim")
    return block.number("heads"), size, size


def _projections(streams: Lanes, use: Use) -> None:
    """q, k and v are stored as one matrix, the gate as another."""
    heads, size, _ = _sizes(use.block)
    names: list[Content] = [italic("q"), italic("k"), italic("v"), "gate"]
    forms = [[arrow("", heads * size)] * 4, [f"{heads * size:,}"] * 4]
    for name, symbol, shape in zip(NAMES, names, fitting(names, forms, streams.box), strict=True):
        about = use.about(use.block.part("gate" if name == "gate" else "query"))
        x, wide = streams.at[name], streams.box
        streams.rise(name, matrix(x, FIRST, symbol, shape, "linear", wide=wide, about=about))
    middle = streams.middle("q", "gate")
    fork(streams.sheet, middle, [Point(x, FIRST + 13) for x in streams.at.values()])


def _before_the_state(streams: Lanes, use: Use) -> None:
    """Whatever of activation, norm and rotation the model has, in that order."""
    block = use.block
    dim, rotated = block.number("head_dim"), block.value("rotated")
    if "activation" in block.facts:
        spoken = activation(str(block.value("activation")))
        _row(streams, use, spoken, ("q", "k", "v"), "linear", ("activation",))
    if "qk_norm" in block.facts:
        _row(streams, use, "RMSNorm", ("q", "k"), "norm", ("qk_norm",), beside_it="per head")
    if block.value("position") == "rope":
        partly = "" if rotated in (None, dim) else f"{rotated} / {dim}"
        _row(streams, use, "RoPE", ("q", "k"), "position", ("position", "rotated"), partly)


def _row(
    streams: Lanes,
    use: Use,
    said: str,
    names: tuple[str, ...],
    colour: Colour,
    keys: tuple[str, ...],
    note: str = "",
    beside_it: str = "",
) -> None:
    y = min(streams.tips[name].y for name in names) - GAP - 11
    for name in names:
        x, about, wide = streams.at[name], use.facts(said, *keys), min(streams.box, 96)
        node = streams.rise(name, pill(x, y, said, colour, note=note, wide=wide, about=about))
    if beside_it:
        beside(streams.sheet, node, (beside_it,), streams.at["v"] - 2)


def _state(streams: Lanes, use: Use) -> Node:
    node = over(streams, "q", "v", use.facts("state", "heads", "head_dim", "state_dtype"))
    update: Content = (italic("S"), " ← ", italic("λ S"), " + ", italic("v k"), superscript("T"))
    reading: Content = (italic("o"), " = ", italic("S q"))
    formulas(streams.sheet, node, (update, reading), _sizes(use.block))
    said: Content = (italic("λ"), " constant in each head")
    aside(streams.sheet, node, said)
    return node


def _output(streams: Lanes, use: Use, read: Node) -> float:
    """All heads are normed together, or in groups, then the gate decides channel by channel."""
    block, sheet, x = use.block, streams.sheet, read.centre.x
    inner = block.number("heads") * block.number("head_dim")
    groups = block.number("norm_groups") if "norm_groups" in block.facts else 1
    note = f"of each {inner // groups:,}" if groups > 1 else "all heads"
    about = use.about(block.part("output_norm"))
    norm = sheet.add(pill(x, read.top.y - GAP - 11, "RMSNorm", note=note, about=about))
    sheet.wire(read.top, norm.bottom)
    y, meaning = read.centre.y, use.facts("gate", "gate")
    gate = pill(streams.at["gate"], y, str(block.value("gate")), "linear", about=meaning)
    times = gated(streams, norm, "gate", gate)
    return leave(sheet, back(streams, use, times, inner))
