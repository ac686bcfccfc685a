"""How parts are joined: residual branches, layers, stacks, and connections to several streams."""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.architecture.block import Block, branch
from llm_gallery.architecture.kinds import NORMS
from llm_gallery.mechanisms._mechanism import Drawn, Mechanism, Names, keeps_nothing, no_work
from llm_gallery.mechanisms.lane_drawing import BY_CODE


def placement(block: Block) -> str | None:
    """ "pre", "post" or "sandwich", by where the norms of a residual branch stand; None without norms."""
    if block.kind != "residual" or block.child("per_layer_input"):
        return None
    norms = [_normed(part) for part in branch(block)]
    if not any(norms):
        return None
    if norms[0] and norms[-1]:
        return "sandwich"
    return "pre" if norms[0] else "post"


def _normed(part: Block) -> bool:
    """Whether a part begins with a norm, as all of several parallel ones do."""
    if part.kind == "sum":
        return all(map(_normed, part.inside))
    first = part.inside[0] if part.kind == "group" else part
    return first.kind in NORMS


def _norms(block: Block) -> Iterator[str]:
    if any(part.kind == "layer_norm" for part in block.inside):
        yield "layer-norm"
    if placed := placement(block):
        yield f"{placed}-norm"


MECHANISMS = (
    Mechanism(
        kind="residual",
        names=Names("residual"),
        colour="norm",
        concepts=_norms,
        does="",
        kept=keeps_nothing,
        work=no_work,
    ),
    Mechanism(
        kind="sum",
        names=Names("sum"),
        colour="norm",
        concepts=(),
        does="",
        kept=keeps_nothing,
        work=no_work,
    ),
    Mechanism(
        kind="layer",
        names=Names("layer"),
        colour="norm",
        concepts=_norms,
        does="One layer of the stack.",
        kept=keeps_nothing,
        work=no_work,
    ),
    Mechanism(
        kind="stack",
        names=Names("stack"),
        colour="norm",
        concepts=(),
        does="",
        kept=keeps_nothing,
        work=no_work,
    ),
    Mechanism(
        kind="group",
        names=Names("group", label="norms, one a head"),
        colour="norm",
        concepts=(),
        does="Several parts under one name.",
        kept=keeps_nothing,
        work=no_work,
    ),
    Mechanism(
        kind="language_model",
        names=Names("language model"),
        colour="norm",
        concepts=(),
        does="",
        kept=keeps_nothing,
        work=no_work,
    ),
    Drawn(
        kind="connection",
        names=Names("connection", label="residual connection", counted="Residual connections"),
        colour="norm",
        concepts=(),
        does="How a branch reads the residual streams and writes back to them.",
        numbers=(),
        drawing=BY_CODE,
        kept=keeps_nothing,
        work=no_work,
    ),
)
