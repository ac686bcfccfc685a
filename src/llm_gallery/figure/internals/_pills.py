"""What queries, keys and values pass between projection and softmax: convolutions, norms, constants, positions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from llm_gallery.architecture.block import Block
from llm_gallery.figure.block_names import NORMS
from llm_gallery.figure.internals._lanes import Lanes, beside, snug
from llm_gallery.figure.internals._projections import ROLES
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.kit.shapes import About, Point
from llm_gallery.figure.kit.signs import drum
from llm_gallery.mechanisms.colour import Colour

BROADEST, ROOMY = 96.0, 112.0
"""Px of a pill, and of one that must say more."""
BEFORE = ("per head", "all heads", "each head its own")
"""Norms with weights that come before the rotation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Pills of one kind: in which blocks they are, what they say, and the facts behind them."""

    name: str
    colour: Colour
    holds: Callable[[Block], object]
    facts: tuple[str, ...]
    streams: tuple[str, ...] = ("q", "k")
    note: Callable[[Block], str] = lambda block: ""
    remark: Callable[[Block], str] = lambda block: ""
    stored: bool = False


def rotated(block: Block) -> bool:
    """Whether positions are told by rotation."""
    return block.value("position") == "rope"


def _part_of_head(block: Block) -> str:
    dim, turned = block.number("head_dim"), block.value("rotated")
    return "" if turned in (None, dim) else f"{turned:,} / {dim:,}"


def _times(fact: str) -> Callable[[Block], str]:
    return lambda block: f"× {block.value(fact):.4g}"


def _delayed(block: Block) -> str:
    whole = block.number("kv_heads") * block.number("head_dim")
    return f"{block.number('delayed'):,} / {whole:,}"


ROWS = (
    Row(
        name="delayed",
        colour="convolution",
        holds=lambda block: block.value("delayed"),
        facts=("delayed",),
        streams=("v",),
        note=_delayed,
    ),
    Row(
        name="RMSNorm",
        colour="norm",
        holds=lambda block: block.value("value_norm"),
        facts=("value_norm",),
        streams=("v",),
    ),
    Row(
        name="",
        colour="norm",
        holds=lambda block: block.value("value_scale") not in (None, 1),
        facts=("value_scale",),
        streams=("v",),
        note=_times("value_scale"),
    ),
    Row(
        name="RMSNorm",
        colour="norm",
        holds=lambda block: block.value("qk_norm") in BEFORE,
        facts=("qk_norm",),
        remark=lambda block: str(block.value("qk_norm")),
        stored=True,
    ),
    Row(
        name="clip",
        colour="norm",
        holds=lambda block: block.value("clip"),
        facts=("clip",),
        streams=("q", "k", "v"),
        note=lambda block: f"± {block.value('clip'):g}",
    ),
    Row(
        name="RMSNorm",
        colour="norm",
        holds=lambda block: block.value("qk_norm") == "without weights",
        facts=("qk_norm",),
        remark=lambda block: "no weights",
    ),
    Row(
        name="",
        colour="norm",
        holds=lambda block: block.value("query_scale") not in (None, 1),
        facts=("query_scale",),
        streams=("q",),
        note=_times("query_scale"),
    ),
    Row(
        name="× learned",
        colour="norm",
        holds=lambda block: block.child("key_scale"),
        facts=(),
        streams=("k",),
    ),
    Row(
        name="RoPE",
        colour="position",
        holds=rotated,
        facts=("rotated", "rope_base", "rope_scaling", "rope_factor"),
        note=_part_of_head,
    ),
    Row(
        name="RMSNorm",
        colour="norm",
        holds=lambda block: block.value("qk_norm") == "per head, after rotation",
        facts=("qk_norm",),
        remark=lambda block: "per head",
        stored=True,
    ),
    Row(
        name="L2 norm",
        colour="norm",
        holds=lambda block: block.value("qk_norm") == "l2",
        facts=("qk_norm",),
        remark=lambda block: "no weights",
    ),
    Row(
        name="temperature",
        colour="position",
        holds=lambda block: block.value("temperature_tuning"),
        facts=("temperature_tuning",),
        streams=("q",),
    ),
)
"""From the projections up, those of values alone first. Norms come before the rotation, but for a few."""


def rows(streams: Lanes, use: Use) -> None:
    """The rows that any of the blocks has."""
    _convolved(streams, use)
    for row in ROWS:
        if use.count(row.holds):
            _row(streams, use, row)


def _convolved(streams: Lanes, use: Use) -> None:
    """Short convolutions: one for each stream beside its plain input, or two over queries and keys as one."""
    block = use.block
    if "convolved" not in block.facts:
        return
    found = {name: held for name in "qkv" if (held := block.part(f"{ROLES[name]}_convolution"))}
    for name, held in found.items():
        taps, x, y = f"{held.number('taps')}", streams.at[name], streams.above(name)
        said = [("x + convolution", taps), ("x + conv", taps), (f"+ conv {taps}", "")]
        about = use.about(held, "short convolution, added to its own input")
        streams.rise(name, snug(x, y, said, "convolution", min(streams.box, 150.0), about=about))
    if found:
        return
    joint = [child for child in block.inside if child.kind == "convolution"]
    counted = " + ".join(f"{child.number('taps')}" for child in joint)
    words = "convolution" if len(joint) == 1 else f"{len(joint)} convolutions"
    said = [(f"{words}, {counted} taps", note) for note in ("by channel, by head", "")]
    about = use.about(joint[0], "short convolutions over queries and keys") if joint else None
    _across(streams, said, "convolution", about)
    streams.sheet.put(drum(streams.at["q"] + 8, streams.tips["q"].y + 24))
    mean = use.facts("mean of each query and its key", "convolved")
    _across(streams, (("+ mean of q and k before it", ""), ("+ mean", "")), "norm", mean)


def _across(
    streams: Lanes, said: Sequence[tuple[str, str]], colour: Colour, about: About | None
) -> None:
    """A pill over queries and keys together."""
    y = streams.above("q", "k")
    wide = streams.span("q", "k")
    node = snug(streams.middle("q", "k"), y, said, colour, wide, about=about)
    streams.sheet.add(node)
    for name in ("q", "k"):
        streams.lead(name, Point(streams.at[name], node.bottom.y))
        streams.tips[name] = Point(streams.at[name], node.top.y)


def _row(streams: Lanes, use: Use, row: Row) -> None:
    """Dashed, with its share of the layers beside it, where not all have it."""
    first = next(block for block, _ in use.variants if row.holds(block))
    scope = use.scope(row.holds)
    y = streams.above(*row.streams)
    last = row.streams[-1]
    above = streams.tips["v"].y < y + 11
    end = streams.at["k" if last == "q" else "v"] - (streams.box / 2 + 4 if above else 2)
    remark = row.remark(first)
    room = ROOMY if last == "v" or (above and remark) else BROADEST
    for name in row.streams:
        stored = first.part(f"{ROLES[name]}_norm") if row.stored else None
        said = row.name if stored is None else NORMS.get(stored.kind, row.name)
        notes = [row.note(first)]
        if above and remark and not scope:
            notes = [remark, ""]
        node = snug(
            streams.at[name],
            y,
            [(said, note) if said else (note, "") for note in (*notes, "")],
            row.colour,
            min(streams.box, room),
            dashed=bool(scope),
            about=use.about(stored) or use.facts(row.name or row.note(first), *row.facts, of=first),
        )
        streams.rise(name, node)
    if last != "v":
        held = (f"{scope} layers", scope) if scope else ("" if above else remark,)
        beside(streams.sheet, node, held, end)
