"""Mamba-2 as a drawing: a state that decays by one number a head, fed and read by the token.

Paper: https://arxiv.org/abs/2405.21060
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.figure.internals._lanes import (
    FIRST,
    FOOT,
    GAP,
    MARGIN,
    SMALL,
    Lanes,
    arrow,
    body,
    fitting,
    fork,
    lanes,
    leave,
    scaled,
    snug,
)
from llm_gallery.figure.internals._state import (
    PANEL,
    WIDE,
    aside,
    back,
    formulas,
    gated,
    gating,
    keeping,
    mixing,
    over,
)
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.kit.blocks import Node, Sheet, matrix, pill
from llm_gallery.figure.kit.shapes import Inset, Point
from llm_gallery.figure.kit.text import Content, Span, italic, superscript, width
from llm_gallery.mechanisms.written import times

NAMES = ("x", "B", "C", "Δ", "z")
BROADEST = 130


def inset(use: Use) -> Inset:
    """The drawing, with the state's update and reading as formulas."""
    panel = PANEL if use.width >= WIDE else 0
    streams = lanes(Sheet(), NAMES, MARGIN, use.width - max(MARGIN, panel), BROADEST)
    _projections(streams, use)
    _before_the_state(streams, use)
    state = _state(streams, use)
    high = _after_the_state(streams, use, state)
    if panel:
        dtype = str(use.block.value("state_dtype"))
        high = keeping(streams.sheet, use.width, high, _sizes(use.block), dtype)
    picture = body(streams.sheet, use.width, high)
    note = use.note("a state, not a cache")
    return Inset(title="Mamba-2", note=note, mechanism="linear", body=picture)


def _projections(streams: Lanes, use: Use) -> None:
    block = use.block
    inner = block.number("heads") * block.number("head_dim")
    shared = block.number("groups") * block.number("state_dim")
    counts = [inner, shared, shared, block.number("heads"), inner]
    names: list[Content] = [italic(name) for name in NAMES]
    forms = [[arrow("", count) for count in counts], [f"{count:,}" for count in counts]]
    stored = block.part("x")
    for name, symbol, shape in zip(NAMES, names, fitting(names, forms, streams.box), strict=True):
        node = matrix(
            streams.at[name],
            FIRST,
            symbol,
            shape,
            "linear",
            wide=streams.box,
            about=use.about(stored),
        )
        streams.rise(name, node)
    middle = streams.middle("x", "z")
    fork(streams.sheet, middle, [Point(x, FIRST + 13) for x in streams.at.values()])
    said = ["with bias"] if stored is not None and stored.value("bias") else []
    if scale := times(block.value("input_scale")):
        said.append(scale)
    if said:
        streams.sheet.label(middle + 8, FOOT - 1, ", ".join(said), size=SMALL)
    _constants(streams, use)


def _constants(streams: Lanes, use: Use) -> None:
    """Falcon-H1 multiplies what each projection gives by a constant of its own."""
    spoken = use.block.value("projection_scales")
    if not isinstance(spoken, str):
        return
    given = dict(words.rsplit(" ", 1) for words in spoken.split(", "))
    y = FIRST - 13 - GAP - 10
    for name in NAMES:
        said = ((f"× {given.get('dt' if name == 'Δ' else name, '1')}", ""),)
        about = use.facts("constants after the projection", "projection_scales")
        x, box = streams.at[name], streams.box
        streams.rise(name, snug(x, y, said, "norm", box, size=11, high=20, about=about))


def _before_the_state(streams: Lanes, use: Use) -> None:
    """Convolution over x, B and C; the step of each head is positive."""
    y = streams.tips["x"].y - GAP - 11
    mixed = streams.sheet.add(mixing(use, streams.middle("x", "C"), y, streams.span("x", "C")))
    for name in ("x", "B", "C"):
        x = streams.at[name]
        streams.sheet.wire(streams.tips[name], Point(x, mixed.bottom.y))
        streams.tips[name] = Point(x, mixed.top.y)
    node = pill(
        streams.at["Δ"],
        y,
        "softplus",
        "linear",
        wide=streams.box,
        size=11,
        about=use.facts("Δ = softplus(dt + bias)", "heads"),
    )
    streams.rise("Δ", node)


def _state(streams: Lanes, use: Use) -> Node:
    block = use.block
    held = ("heads", "head_dim", "state_dim", "groups", "state_dtype")
    node = over(streams, "x", "Δ", use.facts("state", *held))
    update: Content = (
        italic("S"),
        " ← ",
        italic("e"),
        superscript("−AΔ"),
        italic(" S"),
        " + ",
        italic("Δ x B"),
        superscript("T"),
    )
    reading: Content = (italic("y"), " = ", italic("S C"), " + ", italic("D x"))
    formulas(
        streams.sheet,
        node,
        (update, reading),
        _sizes(block),
    )
    groups = block.number("groups")
    if groups < block.number("heads"):
        said: Content = (
            Span(f"{groups:,}", 600),
            " group shares " if groups == 1 else " groups share ",
            italic("B"),
            " and ",
            italic("C"),
        )
        if width(said, 11) + 160 <= node.box.width:
            aside(streams.sheet, node, said)
    return node


def _after_the_state(streams: Lanes, use: Use, read: Node) -> float:
    """z's gate comes first, then the norm; Gated DeltaNet has them the other way round."""
    block, sheet, x = use.block, streams.sheet, read.centre.x
    last = gated(streams, read, "z", gating(use, streams.at["z"], read.centre.y, streams.box))
    groups = block.number("groups")
    inner = block.number("heads") * block.number("head_dim")
    held = block.part("output_norm")
    if held is not None:  # Falcon-H1 has the gate alone
        note, about = f"of each {inner // groups:,}" if groups > 1 else "", use.about(held)
        norm = sheet.add(pill(x, last.top.y - GAP - 11, "RMSNorm", note=note, about=about))
        sheet.wire(last.top, norm.bottom)
        last = norm
    node = back(streams, use, last, inner)
    scaled(sheet, node.top, block.value("output_scale"))
    return leave(sheet, node)


def _sizes(block: Block) -> tuple[int, int, int]:
    """How many states, and the rows and columns of each."""
    return (block.number("heads"), block.number("head_dim"), block.number("state_dim"))
