"""What queries and keys pass between projection and softmax: norms, positions, a temperature."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from llm_gallery.analysis.mechanisms import Mechanism
from llm_gallery.architecture.block import Block
from llm_gallery.figure.internals._lanes import GAP, Lanes, beside, snug
from llm_gallery.figure.internals._use import Use, part

BROADEST = 96.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Pills of one kind: in which blocks they are, what they say, and the facts behind them."""

    name: str
    colour: Mechanism
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


ROWS = (
    Row(
        name="RMSNorm",
        colour="norm",
        holds=lambda block: block.value("qk_norm") in ("per head", "all heads"),
        facts=("qk_norm",),
        remark=lambda block: str(block.value("qk_norm")),
        stored=True,
    ),
    Row(
        name="RMSNorm",
        colour="norm",
        holds=lambda block: block.value("value_norm"),
        facts=("value_norm",),
        streams=("v",),
    ),
    Row(
        name="RMSNorm",
        colour="norm",
        holds=lambda block: block.value("qk_norm") == "without weights",
        facts=("qk_norm",),
        remark=lambda block: "no weights",
    ),
    Row(
        name="RoPE",
        colour="position",
        holds=rotated,
        facts=("position", "rotated", "rope_base", "rope_scaling", "rope_factor"),
        note=_part_of_head,
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
"""From the projections up. Norms come before the rotation, but for Llama 4's, which has no weights."""


def rows(streams: Lanes, use: Use) -> None:
    """The rows that any of the blocks has."""
    for row in ROWS:
        if use.count(row.holds):
            _row(streams, use, row)


def _row(streams: Lanes, use: Use, row: Row) -> None:
    """Dashed, with its share of the layers beside it, where not all have it."""
    first = next(block for block, _ in use.variants if row.holds(block))
    scope = use.scope(row.holds)
    y = min(tip.y for tip in streams.tips.values()) - GAP - 11
    for name in row.streams:
        stored = part(first, f"{name}_norm", f"{name}_layernorm") if row.stored else None
        node = snug(
            streams.at[name],
            y,
            ((row.name, row.note(first)), (row.name, "")),
            row.colour,
            min(streams.box, BROADEST),
            dashed=bool(scope),
            about=use.about(stored) or use.facts(row.name, *row.facts, of=first),
        )
        streams.rise(name, node)
    following = streams.at["k" if row.streams[-1] == "q" else "v"]
    said = (f"{scope} layers", scope) if scope else (row.remark(first),)
    beside(streams.sheet, node, said, following - 2)
