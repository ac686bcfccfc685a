"""Learned choices: which experts run for a token, how much the shared one adds, how much a pass counts."""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import Mechanism, Names, keeps_nothing, no_work
from llm_gallery.mechanisms.linear import matrix
from llm_gallery.mechanisms.shapes import of_matrix

CALLED = "router"
"""What it is called wherever it stands."""


def work(block: Block, position: int) -> int:
    """One matrix, or the matrices inside, which count for themselves; experts that attend to one another meet twice."""
    if block.part("query") is not None:
        return 2 * block.number("outputs") ** 2
    return 0 if block.inside else matrix(block, position)


def shared_gate(block: Block) -> tuple[str, ...]:
    """The formula: a factor on what the shared expert adds, or its share beside the others'."""
    if block.number("outputs") == 1:
        return ("_g_ = σ( _w x_ )",)
    return ("( _a_, 1 − _a_ ) = softmax( _W x_ + _b_ )",)


def router_of(mixture: Block) -> Block | None:
    """The router of a mixture of experts, if it has one of its own."""
    return mixture.child("router")


MECHANISMS = (
    Mechanism(
        kind="router",
        names=Names(CALLED, counted="Routers"),
        colour="moe",
        concepts=(),
        does="Scores every expert for a token; those with the highest scores run.",
        kept=keeps_nothing,
        work=work,
        formula=lambda block: (f"_s_ = _W x_, {block.number('outputs'):,} scores",),
        shapes=of_matrix,
        miniature={
            "router_hidden_size": 20,
        },
    ),
    Mechanism(
        kind="shared_gate",
        names=Names("shared gate", counted="Routers"),
        colour="moe",
        concepts=(),
        does="A learned factor between 0 and 1 on what the shared expert adds.",
        kept=keeps_nothing,
        work=matrix,
        formula=shared_gate,
        shapes=of_matrix,
    ),
    Mechanism(
        kind="exit_gate",
        wired="passed_by",
        names=Names("exit gate"),
        colour="mlp",
        concepts=(),
        does="Decides how much each pass over the stack counts in the end.",
        kept=keeps_nothing,
        work=no_work,  # it may end a run early; what all passes give doesn't depend on it
    ),
)
