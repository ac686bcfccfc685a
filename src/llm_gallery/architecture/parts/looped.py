"""Between passes through a loop of layers: messages of one pass, and the gates by which the next takes them; what was before all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.kinds import Kinds
from llm_gallery.architecture.parts.basic import facts, rms_norm
from llm_gallery.architecture.parts.wiring import matrix
from llm_gallery.architecture.roles import roles

KINDS: Kinds = {
    "loop_messages": ("stands beside",),
    "loop_input": ("stands beside",),
    "message_gate": ("stands beside",),
}
"""What is built here, and its place in a model."""


def loop_messages(
    width: int, layers: int, *, sums: int, names: tuple[str, str], eps: float
) -> Block:
    """A pass through `layers` ends: the stream loses the `sums` that it made, and each layer's queries ask them.

    Each layer of the next pass has four messages, means of those sums normed: for its queries and its MLP, by
    the queries of the first of both `names`, and for its keys and values, by those of the second.
    """
    rows = 2 * int(layers)
    return Block(
        "loop_messages",
        "",
        facts(pass_sums=sums),
        inside=(
            rms_norm("", width, learned=False, eps=eps),
            matrix(names[0], width, rows, role="message_query"),
            matrix(names[1], width, rows, role="message_key_value"),
        ),
    )


def loop_input() -> Block:
    """A pass begins: what was before the loop is added to the stream, which the first pass is told to remember."""
    return Block("loop_input")


def message_gate(name: str, width: int, rank: int) -> Block:
    """(1 - tanh f) x + (tanh g) m: how much of a message m joins x, and of x is left, by maps of low rank of both."""
    inside = (
        rms_norm("", width, learned=False),
        matrix("down_weight", 2 * int(width), rank, role="gate_down"),
        matrix("forget_weight", rank, width, role="forget_gate"),
        matrix("gain_weight", rank, width, role="gate"),
    )
    return Block("message_gate", name, facts(rank=rank), inside=inside)


def message_gates(name: str, names: Sequence[str], width: int, rank: int) -> Block:
    """Three of them, for what queries, keys and values are made of; each has its name."""
    each = zip(names, ("query", "key", "value"), strict=True)
    inside = (replace(message_gate(one, width, rank), roles=roles(role)) for one, role in each)
    return Block("message_gate", name, facts(rank=rank), inside=tuple(inside))
